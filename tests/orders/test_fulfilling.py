"""An order from elsewhere is confirmed, packed and handed over; a bill of the counter is done at once."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from inventory.errors import StockError
from ledger.checks import run
from ledger.models import JournalEntry
from orders.bill import Tender
from orders.errors import OrderError
from orders.fulfilling import move_order, standing
from orders.models import Order, OrderEvent
from orders.services import REFUSE
from shops.models import Shop
from smartkirana.db_rules import broken_rule
from tests import factories

D = Decimal
STEPS = ["confirmed", "packed", "completed"]


@pytest.fixture
def order(shop):
    return factories.make_order(shop, [(factories.make_product(shop, stock=10), 2)], fulfilment="pending", note="Ring twice")


def move(order, to, **extra):
    return move_order(shop=order.shop, order=order, to=to, by=order.shop.owner, **extra)


def found(shop) -> list:
    """What check_books finds wrong with the shop."""
    return [breach for _rule, breaches in run([shop.pk]) for breach in breaches]


def refused(act) -> str:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        act()
    return broken_rule(error.value)


def test_a_bill_of_the_counter_is_handed_over_at_once(shop):
    order = factories.make_order(shop, [(factories.make_product(shop, stock=10), 2)])
    assert (Order.objects.get(pk=order.pk).fulfilment, order.is_waiting) == ("completed", False)


def test_an_order_goes_one_step_at_a_time_and_the_books_stay_as_they_are(order):
    entries = JournalEntry.objects.count()
    assert [standing(order), order.is_waiting, order.note] == ["pending", True, "Ring twice"]
    for step in STEPS:
        order = move(order, step)
        assert standing(order) == standing(Order.objects.get(pk=order.pk)) == step
    assert list(order.events.values_list("kind", flat=True)) == ["placed", "confirmed", "packed", "handed_over"]
    assert JournalEntry.objects.count() == entries
    assert found(order.shop) == []


@pytest.mark.parametrize(("to", "allowed"), [("packed", "confirmed or cancelled"), ("completed", "confirmed"), ("pending", "confirmed")])
def test_a_step_left_out_is_refused_naming_those_allowed(order, to, allowed):
    with pytest.raises(OrderError, match=allowed) as error:
        move(order, to)
    assert error.value.code == "bad_step"


def test_an_order_is_cancelled_until_it_is_handed_over(order):
    move(order, "confirmed")
    cancelled = move(order, "cancelled", reason="Not at home")
    assert (standing(cancelled), cancelled.fulfilment) == ("cancelled", "confirmed")
    with pytest.raises(OrderError, match="nothing more"):
        move(cancelled, "packed")
    assert found(order.shop) == []


def test_what_is_handed_over_is_not_cancelled_that_way(order):
    for step in STEPS:
        moved = move(order, step)
    with pytest.raises(OrderError, match="nothing more"):
        move(moved, "cancelled", reason="Too late")
    with pytest.raises(OrderError) as error:  # it was handed over since it was looked at
        move(order, "cancelled", reason="Too late")
    assert error.value.code == "handed_over"


def test_the_database_keeps_the_steps(order):
    step = {"shop": order.shop, "order": order, "day": order.day, "by": order.shop.owner}
    assert refused(lambda: Order.objects.filter(pk=order.pk).update(fulfilment="packed")) == "orders_order_fulfilment"
    assert refused(lambda: OrderEvent.objects.create(kind="packed", **step)) == "orders_orderevent_step"
    move(order, "confirmed")
    assert refused(lambda: OrderEvent.objects.create(kind="confirmed", **step)) in ("orders_orderevent_step", "orders_orderevent_once")
    move(order, "cancelled", reason="Gone")
    assert refused(lambda: OrderEvent.objects.create(kind="packed", **step)) == "orders_orderevent_step"


def test_refuses_what_is_not_in_stock_whatever_the_policy_when_asked(shop):
    assert shop.stock_policy == Shop.StockPolicy.WARN
    soap = factories.make_product(shop, stock=3)
    with pytest.raises(StockError, match="Only 3 pc of Soap"):
        factories.make_order(shop, [(soap, 4)], short=REFUSE)
    assert not shop.orders.exists()
    assert soap.lots.get().on_hand == 3
    factories.make_order(shop, [(soap, 4)])


def test_days_agreed_on_for_one_bill_go_before_the_customers_own(shop):
    asha, soap = factories.make_customer(shop, due_days=30), factories.make_product(shop, stock=10)
    for days, due in ((None, 30), (0, 0), (7, 7)):
        order = factories.make_order(shop, [(soap, 1)], customer=asha, payments=[Tender("khata", None)], due_days=days)
        assert (order.khata_entries.get().due - order.day).days == due
