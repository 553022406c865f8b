"""The day book: every entry of a day or period, with its postings and a way to its bill."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inventory.models import StockDocument
from inventory.services import adjust_stock
from ledger import chart
from ledger.posting_rules import credit, debit
from ledger.services import record_entry
from orders.bill import Tender
from orders.services import cancel_order
from smartkirana.dates import shop_today
from tests import factories

D = Decimal


def url(shop, name="day_book", **query):
    return reverse(f"ledger:{name}", args=[shop.slug], query=query)


@pytest.fixture
def owner(client, shop):
    client.force_login(shop.owner)
    return client


@pytest.fixture
def story(shop):
    """An opening stock, two bills (one on khata), one of them cancelled, one damage: five entries."""
    soap = factories.make_product(shop, stock=100)
    asha = factories.make_customer(shop, "Asha Patil")
    shop.kept = factories.make_order(shop, [(soap, 2)], customer=asha, payments=[Tender("khata", D("105.00"))])
    shop.undone = factories.make_order(shop, [(soap, 1)])
    cancel_order(shop=shop, bill_number=shop.undone.bill_number, by=shop.owner, reason="Wrong goods")
    adjust_stock(shop=shop, by=shop.owner, product=soap, change=D(-1), reason=StockDocument.Reason.DAMAGE, note="Wet")
    return shop


def narrations(response) -> list[str]:
    return [entry.narration for entry, _ in response.context["entries"]]


def test_shows_todays_entries_newest_first(owner, story):
    assert narrations(owner.get(url(story))) == [
        "Stock: damaged, Wet",
        f"Bill {story.undone.bill_number} cancelled: Wrong goods",
        f"Bill {story.undone.bill_number}",
        f"Bill {story.kept.bill_number}",
        "Opening stock",
    ]


def test_oldest_first_turns_it_round(owner, story):
    newest = narrations(owner.get(url(story)))
    assert narrations(owner.get(url(story, order="oldest"))) == newest[::-1]


def test_entry_shows_its_postings_customer_and_bill(owner, story):
    text = owner.get(url(story, kind="bills")).text
    assert f'href="{story.kept.get_absolute_url()}"' in text
    assert "Asha Patil" in text
    assert "Accounts Receivable" in text
    assert "105.00" in text


@pytest.mark.parametrize(("kind", "count"), [("bills", 2), ("cancelled", 1), ("stock", 2), ("", 5)])
def test_filters_by_kind(owner, story, kind, count):
    assert len(narrations(owner.get(url(story, kind=kind)))) == count


def test_filters_by_account(owner, story):
    assert narrations(owner.get(url(story, account="1004"))) == [f"Bill {story.kept.bill_number}"]


def test_other_days_are_left_out(owner, story):
    yesterday = shop_today() - timedelta(days=1)
    lines = [debit(chart.CASH, D(1)), credit(chart.CAPITAL, D(1))]
    record_entry(shop=story, day=yesterday, narration="Capital", source_kind="stock", source_id=9_000_001, lines=lines)
    assert narrations(owner.get(url(story, period="today", on=yesterday))) == ["Capital"]
    assert "Capital" not in narrations(owner.get(url(story)))


def test_account_of_another_shop_is_refused(owner, shop, other_shop):
    other_shop.accounts.filter(code="4200").update(code="4201")
    response = owner.get(url(shop, account="4201"))
    assert response.status_code == 422
    assert "Choose one from the list" in response.text


@pytest.mark.parametrize("query", [{"kind": "x"}, {"order": "x"}, {"account": "'; --"}, {"start": "2026-02-30", "end": "2026-03-01"}])
@pytest.mark.parametrize("name", ["day_book", "day_book_csv"])
def test_nonsense_is_told_with_422(owner, shop, name, query):
    assert owner.get(url(shop, name, **query)).status_code == 422


def test_more_than_a_year_is_refused(owner, shop):
    response = owner.get(url(shop, start="2024-01-01", end="2026-01-01"))
    assert response.status_code == 422
    assert "at most 366 days" in response.text


def test_htmx_gets_the_part_only(owner, story):
    response = owner.get(url(story), headers={"HX-Request": "true"})
    assert "<html" not in response.text
    assert response.text.strip().startswith('<div class="stack" id="day-book">')


def test_going_back_gets_the_whole_page(owner, story):
    response = owner.get(url(story), headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in response.text


def test_empty_day_says_so(owner, shop):
    assert "No entries in this period" in owner.get(url(shop)).text
    assert "Nothing matches" in owner.get(url(shop, kind="stock")).text


def test_entries_of_another_shop_never_show(owner, shop, other_shop):
    factories.make_product(other_shop, stock=5)
    assert narrations(owner.get(url(shop))) == []


@pytest.mark.parametrize("page", ["0", "-1", "abc", "1e3", "٣", "99999999999999"])
def test_odd_page_numbers_do_not_break(owner, story, page):
    assert owner.get(url(story, page=page)).status_code in (200, 404)


def test_second_page_goes_on_where_the_first_ends(owner, shop):
    day = shop_today()
    for n in range(55):
        lines = [debit(chart.CASH, D(1)), credit(chart.CAPITAL, D(1))]
        record_entry(shop=shop, day=day, narration=f"No. {n}", source_kind="stock", source_id=9_000_000 + n, lines=lines)
    first, second = narrations(owner.get(url(shop))), narrations(owner.get(url(shop, page=2)))
    assert (len(first), len(second)) == (50, 5)
    assert first[-1] == "No. 5"
    assert second[0] == "No. 4"
    assert narrations(owner.get(url(shop, page=3))) == first  # no such page: the first


def test_query_count_is_flat(owner, shop):
    soap = factories.make_product(shop, stock=100)
    counts = []
    for bills in (1, 19):
        for _ in range(bills):
            factories.make_order(shop, [(soap, 1)])
        with CaptureQueriesContext(connection) as queries:
            owner.get(url(shop))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10


def test_csv_has_a_line_for_each_posting(owner, story):
    text = owner.get(url(story, "day_book_csv")).getvalue().decode("utf-8-sig")
    lines = text.splitlines()
    assert lines[0] == "Date,Entry,Particulars,Code,Account,Customer,Debit,Credit"
    assert len(lines) - 1 == story.postings.count()
    assert ",1004,Accounts Receivable,Asha Patil,105.00,0.00" in text


def test_csv_keeps_a_formula_as_text(owner, shop):
    asha = factories.make_customer(shop, "=HYPERLINK(1)")
    factories.make_order(shop, [(factories.make_product(shop, stock=5), 2)], customer=asha, payments=[Tender("khata", D("105.00"))])
    assert ",'=HYPERLINK(1)," in owner.get(url(shop, "day_book_csv")).getvalue().decode("utf-8-sig")


def test_script_in_a_name_is_shown_as_text(owner, shop):
    asha = factories.make_customer(shop, "<script>alert(1)</script>")
    factories.make_order(shop, [(factories.make_product(shop, stock=5), 2)], customer=asha, payments=[Tender("khata", D("105.00"))])
    text = owner.get(url(shop)).text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text
