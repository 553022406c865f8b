"""The tags and filters every template has, and the pieces they fill."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import django_tables2
import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django_tables2.paginators import LazyPaginator

from smartkirana.templatetags import kirana

ROOT = Path(__file__).resolve().parents[2]
SPRITE = (ROOT / "static" / "img" / "icons.svg").read_text(encoding="utf-8")


def rendered(source, address="/", **context):
    return Template(source).render(Context({"request": RequestFactory().get(address), **context}))


# --- figures and dates
@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (kirana.inr(Decimal("123456.5")), "1,23,456.50"),
        (kirana.inr(Decimal("-0.5")), "−0.50"),
        (kirana.rupees(Decimal("1284")), "₹\xa01,284.00"),
        (kirana.rupees(Decimal("-140")), "−₹\xa0140.00"),
        (kirana.whole_rupees(Decimal("18459.50")), "₹\xa018,460"),
        (kirana.whole_rupees(Decimal("-140.20")), "−₹\xa0140"),
        (kirana.qty(Decimal("2.000")), "2"),
        (kirana.qty(Decimal("1.500")), "1.5"),
        (kirana.qty(Decimal("1200.125")), "1,200.125"),
        (kirana.qty(Decimal("100")), "100"),
        (kirana.percent(Decimal("2.50")), "2.5\xa0%"),
    ],
)
def test_figures_are_written_the_indian_way(shown, words):
    assert shown == words


@pytest.mark.parametrize("name", ["inr", "rupees", "whole_rupees", "qty", "percent", "shop_date", "shop_datetime", "shop_time"])
def test_nothing_is_a_dash(name):
    assert getattr(kirana, name)(None) == "–"


@pytest.mark.parametrize("name", ["inr", "rupees", "qty", "percent"])
def test_zero_is_not_nothing(name):
    assert "0" in getattr(kirana, name)(Decimal(0))


def test_times_are_told_by_the_shops_clock():
    late = datetime(2026, 11, 22, 20, 12, tzinfo=UTC)
    assert kirana.shop_datetime(late) == "23 Nov 2026, 01:42"
    assert kirana.shop_date(late) == "23 Nov 2026"
    assert kirana.shop_time(late) == "01:42"
    assert kirana.shop_date(date(2026, 11, 22)) == "22 Nov 2026"


# --- icons
def test_an_icon_points_into_the_sprite_and_is_hidden_from_readers():
    assert re.fullmatch(
        r'<svg class="icon small" aria-hidden="true"><use href="/static/img/icons\.svg#i-home"/></svg>',
        rendered("{% icon 'home' 'small' %}"),
    )


def test_every_icon_a_template_names_is_in_the_sprite():
    named = set()
    for path in (ROOT / "templates").rglob("*.html"):
        named |= set(re.findall(r"{% icon ['\"]([\w-]+)['\"]", path.read_text(encoding="utf-8")))
    assert named
    assert {name for name in named if f'id="i-{name}"' not in SPRITE} == set()


# --- form fields
class GoodsForm(forms.Form):
    price = forms.DecimalField(help_text="With GST.", widget=forms.TextInput(attrs={"class": "num"}))
    unit = forms.ChoiceField(choices=[("pc", "Piece")], required=False)
    loose = forms.BooleanField(required=False, help_text="By weight.")
    scheme = forms.ChoiceField(choices=[("r", "Regular")], widget=forms.RadioSelect, help_text="As registered.")


def test_a_field_ties_label_hint_and_error_to_its_box():
    page = rendered("{% field form.price before='₹' %}", form=GoodsForm({"price": "<b>", "scheme": "r"}))
    assert '<label for="id_price">' in page
    assert 'class="input num"' in page
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="id_price_helptext id_price_error"' in page
    assert 'id="id_price_helptext"' in page
    assert 'id="id_price_error"' in page
    assert "data-bad" in page
    assert '<span class="unit">₹</span>' in page
    assert "<b>" not in page


def test_a_good_field_says_nothing_of_errors():
    page = rendered("{% field form.price %}", form=GoodsForm())
    assert "data-bad" not in page
    assert "_error" not in page


def test_a_field_hands_on_attributes_and_says_when_it_is_optional():
    page = rendered("{% field form.unit hx_get='/more' autofocus=True %}", form=GoodsForm())
    assert 'class="select"' in page
    assert 'hx-get="/more"' in page
    assert "autofocus" in page
    assert "optional" in page


def test_ticks_and_choices_are_grouped_with_their_words():
    page = rendered("{% field form.loose %}{% field form.scheme %}", form=GoodsForm())
    assert 'class="check"' in page
    assert 'aria-describedby="id_loose_helptext"' in page
    assert re.search(r"<fieldset class=\"field choices\"[^>]*>\s*<legend>Scheme</legend>", page)


def test_errors_of_the_whole_form_are_told_once_and_hidden_fields_go_along():
    form = GoodsForm({"price": "1", "scheme": "r"})
    form.add_error(None, "Two prices for one thing.")
    page = rendered("{% include '_fields.html' %}", form=form)
    assert page.count("Two prices for one thing.") == 1
    assert page.count("<input") == 3


# --- lists
class BillTable(django_tables2.Table):
    number = django_tables2.Column()
    customer = django_tables2.Column(orderable=False)
    total = django_tables2.Column(attrs={"td": {"class": "num", "data-lead": ""}})

    empty_title = "No bills yet"
    empty_text = "Open the counter."
    empty_url = "/counter"
    empty_action = "Open the counter now"

    class Meta:
        attrs = {"data-target": "#bills"}


def table(rows, address, paginator=Paginator):
    request = RequestFactory().get(address)
    made = BillTable([{"number": n, "customer": "<i>", "total": n} for n in range(rows)])
    django_tables2.RequestConfig(request, paginate={"per_page": 10, "paginator_class": paginator}).configure(made)
    return made.as_html(request)


def test_a_heading_sorts_and_says_how_the_list_stands():
    page = table(3, "/bills?sort=total&page=1&q=a")
    assert '<th scope="col" class="num" aria-sort="ascending"><a href="/bills?q=a&amp;sort=-total"' in page
    assert 'hx-get="/bills?q=a&amp;sort=-total"' in page
    assert 'hx-target="#bills" hx-swap="outerHTML" hx-push-url="true"' in page
    assert '<th scope="col">Customer</th>' in page
    assert page.count("aria-sort") == 1


def test_cells_carry_what_a_phone_needs_and_nothing_unescaped():
    page = table(1, "/bills")
    assert '<td class="num" data-lead="">0</td>' in page
    assert '<td data-label="customer">&lt;i&gt;</td>' in page
    assert "<td >0</td>" in page


def test_pages_are_counted_where_the_paginator_counts():
    page = table(25, "/bills?page=2&q=a")
    assert "11–20 of 25" in page
    assert 'rel="prev" href="/bills?page=1&amp;q=a"' in page or 'rel="prev" href="/bills?q=a&amp;page=1"' in page
    assert 'rel="next"' in page


def test_a_lazy_list_counts_nothing_and_still_goes_on():
    page = table(25, "/bills", LazyPaginator)
    assert "1–10" in page
    assert " of " not in page
    assert 'rel="next"' in page
    assert 'rel="prev"' not in page


def test_an_empty_list_says_what_to_do_first():
    page = table(0, "/bills")
    assert "No bills yet" in page
    assert 'href="/counter"' in page
    assert "pager" not in page


def test_a_search_that_finds_nothing_offers_everything():
    page = table(0, "/bills?q=zz")
    assert "Nothing matches" in page
    assert 'href="/bills"' in page
    assert "No bills yet" not in page
