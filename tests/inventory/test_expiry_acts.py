"""Goods near and past their date: listed by days left, marked down within MRP, written off in one paper, never sold."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from inventory.errors import StockError
from inventory.expiry import ExpiryChoice, NewPrice, at_risk, expiring, mark_down, suggested_markdown, write_off
from inventory.models import LotPriceChange
from orders.errors import OrderError
from smartkirana.dates import shop_today
from tests import factories
from tests.inventory.buying import books_agree, buy, make_supplier, postings, received
from tests.inventory.test_lots_and_movements import refused

D = Decimal


def days(number):
    return shop_today() + timedelta(days=number)


@pytest.fixture
def milk(shop):
    return factories.make_product(shop, "Milk powder", price="100", mrp="110", cost="80", gst="other-5")


def lot_for(product, left, count=10):
    """A lot of the product with so many days left, cost ₹80 a piece."""
    factories.stock_up(product, count, expiry=days(left), mrp=product.mrp, unit_cost=D(80), credit_rate=D(5))
    return product.lots.latest("pk")


def dated(shop, **choice):
    return [(lot.expiry - shop_today()).days for lot in expiring(shop, ExpiryChoice(**choice))]


def test_lots_are_listed_by_the_days_they_have_left(shop, milk):
    for left in (40, -3, 6, 0):
        lot_for(milk, left)
    factories.stock_up(milk, 5)  # without a date
    assert dated(shop) == [-3, 0, 6]
    assert dated(shop, within=None) == [-3, 0, 6, 40]
    assert dated(shop, within=-1) == [-3]
    assert dated(shop, within=7) == [-3, 0, 6]


def test_an_empty_lot_is_at_no_risk(shop, milk):
    lot_for(milk, 3, count=2)
    factories.make_order(shop, [(milk, 2)])
    assert dated(shop) == []


def test_value_at_risk_is_at_cost_and_by_band(shop, milk):
    lot_for(milk, -1, count=2)
    lot_for(milk, 10, count=3)
    lot_for(milk, 200, count=1)
    assert [(band.within, band.count, band.value) for band in at_risk(shop, ExpiryChoice())] == [
        (-1, 1, D("160.00")),
        (7, 1, D("160.00")),
        (15, 2, D("400.00")),
        (30, 2, D("400.00")),
        (60, 2, D("400.00")),
        (None, 3, D("480.00")),
    ]


def test_the_list_is_narrowed_by_words_category_and_supplier(shop, milk):
    soap = factories.make_product(shop, "Soap", category=shop.categories.create(name="Wash"))
    lot_for(milk, 5)
    lot_for(soap, 8)
    gupta = make_supplier(shop)
    buy(gupta, received(milk, 1, 80, expiry=days(12), mrp=D(110)))
    assert dated(shop, q="soap") == [8]
    assert dated(shop, category=soap.category_id) == [8]
    assert dated(shop, supplier=gupta) == [12]


def test_each_lot_knows_the_bill_it_came_with(shop, milk):
    receipt = buy(make_supplier(shop), received(milk, 1, 80, expiry=days(12), mrp=D(110)))
    lot_for(milk, 20)
    assert [lot.receipt_id for lot in expiring(shop, ExpiryChoice())] == [receipt.pk, None]


def test_the_list_takes_one_query(shop, milk, django_assert_num_queries):
    for left in range(5):
        lot_for(milk, left)
    with django_assert_num_queries(1):
        assert [lot.product.name for lot in expiring(shop, ExpiryChoice())] == ["Milk powder"] * 5
    with django_assert_num_queries(1):
        at_risk(shop, ExpiryChoice())


@pytest.mark.parametrize(("left", "price"), [(0, "50"), (7, "50"), (8, "70"), (15, "70"), (30, "80"), (31, "90")])
def test_the_fewer_days_are_left_the_more_comes_off(shop, milk, left, price):
    assert suggested_markdown(lot_for(milk, left), shop_today()) == D(price)


def test_nothing_is_suggested_for_what_may_not_be_sold(shop, milk):
    assert suggested_markdown(lot_for(milk, -1), shop_today()) is None


def test_a_markdown_is_the_price_at_the_counter_and_is_remembered(shop, milk):
    lot = lot_for(milk, 5)
    mark_down(shop=shop, by=shop.owner, prices=[NewPrice(lot.pk, D("50"))])
    lot.refresh_from_db()
    assert lot.price == D("50.00")
    bill = factories.make_order(shop, [(milk, 1)])
    assert bill.total == D("50.00")
    change = LotPriceChange.objects.get()
    assert (change.old_price, change.price, change.by) == (None, D("50.00"), shop.owner)
    mark_down(shop=shop, by=shop.owner, prices=[NewPrice(lot.pk, None)])
    lot.refresh_from_db()
    assert lot.price is None
    assert LotPriceChange.objects.count() == 2


def test_the_same_markdown_twice_is_one_change(shop, milk):
    lot = lot_for(milk, 5)
    for _ in range(2):
        mark_down(shop=shop, by=shop.owner, prices=[NewPrice(lot.pk, D("50"))])
    assert LotPriceChange.objects.count() == 1


@pytest.mark.parametrize(
    ("left", "price", "code"),
    [(5, "110.01", "above_mrp"), (5, "0", "bad_price"), (5, "1.005", "bad_price"), (5, "NaN", "bad_price"), (-1, "50", "expired")],
)
def test_a_wrong_markdown_is_refused_and_none_of_the_others_happens(shop, milk, left, price, code):
    good, bad = lot_for(milk, 9), lot_for(milk, left)
    with pytest.raises(StockError) as refusal:
        mark_down(shop=shop, by=shop.owner, prices=[NewPrice(good.pk, D(50)), NewPrice(bad.pk, D(price))])
    assert refusal.value.code == code
    assert not LotPriceChange.objects.exists()


def test_a_strangers_lot_is_not_marked_down_nor_written_off(shop, other_shop, milk):
    lot = lot_for(milk, -1)
    for act in (
        lambda: mark_down(shop=other_shop, by=other_shop.owner, prices=[NewPrice(lot.pk, D(50))]),
        lambda: write_off(shop=other_shop, by=other_shop.owner, lot_ids=[lot.pk]),
    ):
        with pytest.raises(StockError) as refusal:
            act()
        assert refusal.value.code == "no_lot"


def test_nothing_chosen_is_said(shop):
    for act in (lambda: mark_down(shop=shop, by=shop.owner, prices=[]), lambda: write_off(shop=shop, by=shop.owner, lot_ids=[])):
        with pytest.raises(StockError) as refusal:
            act()
        assert refusal.value.code == "empty"


def test_goods_past_their_date_are_written_off_with_their_input_credit(shop, milk):
    old, older = lot_for(milk, -1, count=2), lot_for(milk, -30, count=3)
    document = write_off(shop=shop, by=shop.owner, lot_ids=[old.pk, older.pk], note="monsoon")
    for lot in (old, older):
        lot.refresh_from_db()
        assert (lot.on_hand, lot.value) == (0, 0)
    assert postings(document) == {"5020": D("400.00"), "1003": D("-400.00"), "5025": D("20.00"), "1301": D("-10.00"), "1302": D("-10.00")}
    assert (document.reason, document.note) == ("expired", "monsoon")
    books_agree(shop)


def test_pressed_twice_it_is_written_off_once(shop, milk):
    lot, key = lot_for(milk, -1), uuid4()
    first, second = (write_off(shop=shop, by=shop.owner, lot_ids=[lot.pk], request_key=key) for _ in range(2))
    assert first == second
    with pytest.raises(StockError) as refusal:
        write_off(shop=shop, by=shop.owner, lot_ids=[lot.pk], request_key=uuid4())
    assert refusal.value.code == "nothing_changes"


@pytest.mark.parametrize("left", [0, 5])
def test_goods_that_are_still_good_are_not_written_off_as_expired(shop, milk, left):
    good, old = lot_for(milk, left), lot_for(milk, -1)
    with pytest.raises(StockError) as refusal:
        write_off(shop=shop, by=shop.owner, lot_ids=[old.pk, good.pk])
    assert refusal.value.code == "not_expired"
    old.refresh_from_db()
    assert old.on_hand == 10


@pytest.mark.parametrize("policy", ["warn", "block"])
def test_expired_goods_are_never_sold(shop, milk, policy):
    shop.stock_policy = policy
    shop.save(update_fields=["stock_policy"])
    lot_for(milk, -1)
    with pytest.raises((OrderError, StockError)) as refusal:
        factories.make_order(shop, [(milk, 1)])
    assert refusal.value.code == "expired"
    lot_for(milk, 0)
    assert factories.make_order(shop, [(milk, 1)]).total == D("100.00")  # its last day is a day


def test_a_lots_price_is_set_by_a_change_and_by_nothing_else(shop, milk):
    lot = lot_for(milk, 5)
    lot.price = D(60)
    with refused("inventory_stocklot_priced_only_by_a_change"):
        lot.save(update_fields=["price"])


def test_a_change_of_price_is_written_once_and_changes_something(shop, milk):
    lot = lot_for(milk, 5)
    same = LotPriceChange(shop=shop, lot=lot, old_price=D(50), price=D(50), by=shop.owner)
    with refused("inventory_lotpricechange_changes"):
        same.save()
    mark_down(shop=shop, by=shop.owner, prices=[NewPrice(lot.pk, D(50))])
    with refused("inventory_lotpricechange_append_only"):
        LotPriceChange.objects.update(price=D(40))
