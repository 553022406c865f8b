"""Cancelling: the number stays, everything else goes back, once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Sum

from ledger.models import JournalEntry, Posting
from orders.bill import Tender
from orders.errors import OrderError
from orders.models import OrderEvent
from orders.services import cancel_order
from smartkirana.dates import shop_today
from tests import factories

D = Decimal


def cancel(order, reason="Customer left"):
    return cancel_order(shop=order.shop, bill_number=order.bill_number, by=order.shop.owner, reason=reason)


def balance(shop, code) -> Decimal:
    sums = Posting.objects.filter(shop=shop, account__code=code).aggregate(d=Sum("debit", default=D(0)), c=Sum("credit", default=D(0)))
    return sums["d"] - sums["c"]


def test_goods_money_and_books_go_back(shop):
    soap = factories.make_product(shop)
    factories.stock_up(soap, 3, expiry=shop_today() + timedelta(days=9), unit_cost=D("33.3333"))
    factories.stock_up(soap, 5)
    before = list(soap.lots.order_by("pk").values_list("on_hand", "value"))
    order = factories.make_order(shop, [(soap, 4)])
    cancelled = cancel(order)
    assert cancelled.is_cancelled
    assert list(soap.lots.order_by("pk").values_list("on_hand", "value")) == before
    assert order.payments.aggregate(s=Sum("amount"))["s"] == 0
    for code in ("1001", "4010", "2101", "2102", "5001", "6900"):
        assert balance(shop, code) == 0
    connection.check_constraints()


def test_the_reversing_entry_points_at_the_first(shop):
    order = factories.make_order(shop, [(factories.make_product(shop, stock=5), 1)])
    cancel(order)
    placed, reversed_ = JournalEntry.objects.filter(shop=shop, source_kind="order").order_by("pk")
    assert reversed_.reverses == placed
    assert "Customer left" in reversed_.narration


def test_a_khata_bill_cancelled_owes_nothing(shop):
    asha = factories.make_customer(shop)
    order = factories.make_order(shop, [(factories.make_product(shop, stock=5), 1)], payments=[Tender("khata", None)], customer=asha)
    asha.refresh_from_db()
    assert asha.outstanding == order.total
    cancel(order)
    asha.refresh_from_db()
    assert asha.outstanding == 0


def test_cancelling_twice_does_it_once(shop):
    soap = factories.make_product(shop, stock=5)
    order = factories.make_order(shop, [(soap, 2)])
    cancel(order)
    cancel(order, "again")
    assert OrderEvent.objects.filter(order=order, kind="cancelled").get().reason == "Customer left"
    assert soap.lots.get().on_hand == 5


def test_its_number_is_not_given_again(shop):
    soap = factories.make_product(shop, stock=5)
    cancel(factories.make_order(shop, [(soap, 1)]))
    assert factories.make_order(shop, [(soap, 1)]).bill_number.endswith("000002")


@pytest.mark.parametrize("reason", ["", "   ", "\u202e\u200b"])
def test_a_reason_is_needed(shop, reason):
    order = factories.make_order(shop, [(factories.make_product(shop, stock=5), 1)])
    with pytest.raises(OrderError) as refused:
        cancel(order, reason)
    assert refused.value.code == "no_reason"
    order.refresh_from_db()
    assert not order.is_cancelled


def test_another_shops_bill_is_unknown(shop, other_shop):
    order = factories.make_order(other_shop, [(factories.make_product(other_shop, stock=5), 1)])
    with pytest.raises(OrderError) as refused:
        cancel_order(shop=shop, bill_number=order.bill_number, by=shop.owner, reason="x")
    assert refused.value.code == "unknown_bill"


def test_goods_sold_below_zero_come_back_to_nothing(shop):
    soap = factories.make_product(shop, stock=1)
    order = factories.make_order(shop, [(soap, 4)])
    cancel(order)
    lot = soap.lots.get()
    assert (lot.on_hand, lot.value) == (D(1), D(40))


def test_a_full_return_after_the_lot_was_emptied_keeps_value_and_books_equal(shop):
    soap = factories.make_product(shop, cost="33.3333")
    factories.stock_up(soap, 3)
    first = factories.make_order(shop, [(soap, 1)])
    factories.make_order(shop, [(soap, 2)])
    cancel(first)
    assert soap.lots.aggregate(v=Sum("value"))["v"] == balance(shop, "1003")


def test_a_bill_cancelled_later_is_reversed_on_that_day(shop):
    order = factories.make_order(shop, [(factories.make_product(shop, stock=5), 1)])
    tomorrow = order.placed_at + timedelta(days=1)
    cancel_order(shop=shop, bill_number=order.bill_number, by=shop.owner, reason="Brought back", at=tomorrow)
    days = JournalEntry.objects.filter(shop=shop, source_kind="order").order_by("pk").values_list("date", flat=True)
    assert list(days) == [order.day, order.day + timedelta(days=1)]
