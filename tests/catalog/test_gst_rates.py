"""The GST rate of goods on a date: three periods, loose against packed, the longest prefix."""

from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from catalog.gst import all_goods, fitting, goods_for, load_gst_rates, named, nearest, only_one, other_goods, with_rates
from catalog.models import GstGoods, GstRate
from tests import factories

D = Decimal
BEFORE, AFTER, LATEST = date(2025, 9, 21), date(2025, 9, 22), date(2026, 2, 1)
pytestmark = pytest.mark.django_db


def rate(slug: str, day: date) -> tuple[Decimal, Decimal]:
    goods = next(g for g in all_goods(day) if g.slug == slug)
    return goods.gst_rate, goods.cess_rate


@pytest.mark.parametrize(
    ("slug", "day", "percent", "cess"),
    [
        ("04059020-ghee", BEFORE, 12, 0),
        ("04059020-ghee", AFTER, 5, 0),
        ("220210-aerated-drinks", BEFORE, 28, 12),
        ("220210-aerated-drinks", AFTER, 40, 0),
        ("220210-aerated-drinks", LATEST, 40, 0),
        ("24031929-bidi-other", BEFORE, 28, 0),
        ("24031929-bidi-other", date(2026, 1, 31), 28, 0),
        ("24031929-bidi-other", LATEST, 18, 0),
        ("1008-millet-loose", date(2017, 7, 1), 0, 0),
        ("1008-millet-packed", LATEST, 5, 0),
    ],
)
def test_the_rate_is_that_of_the_day(slug, day, percent, cess):
    assert rate(slug, day) == (percent, cess)


def test_no_rate_before_gst_began():
    assert rate("04059020-ghee", date(2017, 6, 30)) == (None, None)


def test_products_carry_the_rate_of_the_day(shop):
    factories.make_product(shop, gst="04059020-ghee")
    assert with_rates(shop.products.all(), BEFORE).get().gst_rate == 12
    assert with_rates(shop.products.all(), AFTER).get().gst_rate == 5


def test_loose_and_packed_are_told_apart():
    loose = [g.slug for g in goods_for("1008", LATEST, loose=True)]
    packed = [g.slug for g in goods_for("1008", LATEST, loose=False)]
    assert loose == ["1008-millet-loose"]
    assert packed == ["1008-millet-packed"]
    assert {*loose, *packed} <= {g.slug for g in goods_for("1008", LATEST)}


def test_packing_is_not_asked_where_only_one_kind_exists():
    only = GstGoods.objects.create(slug="9998-thing", hsn="9998", goods="Thing", packing="loose")
    assert goods_for("9998", LATEST, loose=False) == [only]


def test_the_longest_prefix_comes_first():
    goods = [GstGoods(slug=h, hsn=h, goods=h) for h in ("22", "2202", "220299", "22029930", "220210", "2203")]
    assert [g.hsn for g in fitting(goods, "22029930")] == ["22029930", "220299", "2202", "22"]
    assert [g.hsn for g in fitting(goods, "220299")] == ["220299", "2202", "22", "22029930"]
    assert [g.hsn for g in nearest(fitting(goods, "22029991"), "22029991")] == ["220299"]
    assert only_one(fitting(goods, "22029930"), "22029930").hsn == "22029930"


def test_one_is_chosen_only_when_no_other_can_be_meant():
    goods = [
        GstGoods(slug="a", hsn="1905", goods="a"),
        GstGoods(slug="b", hsn="1905", goods="b"),
        GstGoods(slug="c", hsn="2105", goods="c"),
    ]
    assert only_one(fitting(goods, "19053100"), "19053100") is None
    assert only_one(fitting(goods, "21"), "21").slug == "c"
    assert only_one(fitting(goods, "9999"), "9999") is None
    assert fitting(goods, "1") == fitting(goods, "") == []


def test_words_name_goods():
    assert [g.slug for g in named(all_goods(LATEST), "GHE")] == ["04059020-ghee"]
    assert named(all_goods(LATEST), "") == []


def test_other_goods_have_no_hsn():
    assert {g.slug for g in other_goods(all_goods(LATEST))} >= {"other-0", "other-5", "other-18", "other-40", "other-non-gst"}


def test_loading_again_changes_nothing_and_keeps_a_rate_set_by_hand():
    ghee = GstGoods.objects.get(slug="04059020-ghee")
    GstRate.objects.create(goods=ghee, valid_from=date(2027, 4, 1), rate=D(3))
    before = (GstGoods.objects.count(), GstRate.objects.count())
    load_gst_rates()
    assert (GstGoods.objects.count(), GstRate.objects.count()) == before
    assert rate("04059020-ghee", date(2027, 4, 1)) == (3, 0)


def test_the_command_loads_what_is_missing():
    GstRate.objects.filter(goods__slug="04059020-ghee").delete()
    out = StringIO()
    call_command("load_gst_rates", stdout=out)
    assert "goods of the GST schedules are loaded" in out.getvalue()
    assert rate("04059020-ghee", AFTER) == (5, 0)
