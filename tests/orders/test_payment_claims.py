"""Claimed money is seen, or never comes: each is said once, by an event, and the payment's state follows."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from orders.bill import Tender
from orders.errors import OrderError
from orders.khata.selectors import owing_since
from orders.models import Payment, PaymentEvent
from orders.payments import mark_failed, mark_seen, see_as_marked
from orders.services import cancel_order
from smartkirana.db_rules import broken_rule
from smartkirana.text import clean_name
from tests import factories

D = Decimal
WAYS = ("upi", "card", "bank")


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, price="100", mrp="100", stock=500)


def paid(shop, soap, method="upi", **extra) -> Payment:
    """The one payment of a fresh bill of ₹100."""
    return factories.make_order(shop, [(soap, 1)], payments=[Tender(method, None)], **extra).payments.get()


def seen(payment, **extra) -> Payment:
    return mark_seen(shop=payment.shop, payment_id=payment.pk, by=payment.by, how=extra.pop("how", "cashier"), **extra)


def failed(payment, reason="Not in the statement", **extra) -> Payment:
    return mark_failed(shop=payment.shop, payment_id=payment.pk, by=payment.by, how="statement", reason=reason, **extra)


def refused(code, act, *args, **kwargs) -> str:
    with pytest.raises(OrderError) as error:
        act(*args, **kwargs)
    assert error.value.code == code
    return error.value.message


def state(payment) -> str:
    return Payment.objects.get(pk=payment.pk).state


# --- what is said -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("method", WAYS)
def test_claimed_money_that_is_seen_is_seen_by_one_event(shop, soap, method):
    payment = paid(shop, soap, method)
    assert payment.state == "claimed"
    clerk = factories.make_member(shop)
    at = timezone.now() + timedelta(days=1)
    told = mark_seen(shop=shop, payment_id=payment.pk, by=clerk, how="soundbox", at=at)
    assert (told.state, state(payment)) == ("seen", "seen")
    event = payment.events.get()
    assert (event.kind, event.was, event.how, event.by, event.at) == ("seen", "claimed", "soundbox", clerk, at)
    assert event.day == timezone.localtime(at).date()


@pytest.mark.parametrize("method", WAYS)
def test_money_that_never_came_fails_with_its_reason(shop, soap, method):
    payment = paid(shop, soap, method)
    failed(payment, reason="  Fake   screenshot ")
    assert state(payment) == "failed"
    assert [(e.kind, e.was, e.note) for e in payment.events.all()] == [("failed", "claimed", clean_name("Fake screenshot"))]


def test_saying_it_twice_does_it_once(shop, soap):
    payment = paid(shop, soap)
    assert {seen(payment).state for _ in range(2)} == {"seen"}
    other = paid(shop, soap)
    assert {failed(other).state for _ in range(2)} == {"failed"}
    assert [p.events.count() for p in (payment, other)] == [1, 1]


def test_money_that_was_given_up_may_come_after_all(shop, soap):
    payment = paid(shop, soap)
    failed(payment)
    seen(payment)
    assert state(payment) == "seen"
    assert [(e.was, e.kind) for e in payment.events.all()] == [("claimed", "failed"), ("failed", "seen")]


def test_a_seen_mark_that_was_a_mistake_is_put_right_by_failing(shop, soap):
    payment = paid(shop, soap)
    seen(payment)
    failed(payment)
    assert state(payment) == "failed"
    assert [(e.was, e.kind) for e in payment.events.all()] == [("claimed", "seen"), ("seen", "failed")]


def test_the_last_word_stands(shop, soap):
    lost, found = paid(shop, soap), paid(shop, soap)
    seen(lost)
    failed(lost)
    assert "seen once and then found missing" in refused("said_before", seen, lost)
    failed(found)
    seen(found)
    assert "missing once and then came" in refused("said_before", failed, found)
    assert (state(lost), state(found)) == ("failed", "seen")


# --- what is refused --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("reason", ["", "   ", "\x00", "\u200b"])
def test_failing_needs_a_reason(shop, soap, reason):
    payment = paid(shop, soap)
    refused("no_reason", failed, payment, reason=reason)
    assert not payment.events.exists()


def test_a_long_reason_is_cut(shop, soap):
    payment = paid(shop, soap)
    failed(payment, reason="x" * 500)
    assert payment.events.get().note == "x" * 200


@pytest.mark.parametrize("how", ["", "dream", "Cashier"])
def test_where_it_was_seen_is_one_of_four(shop, soap, how):
    payment = paid(shop, soap)
    refused("bad_how", seen, payment, how=how)
    assert state(payment) == "claimed"


def test_cash_and_khata_are_not_waited_for(shop, soap):
    asha = factories.make_customer(shop)
    for payment in (paid(shop, soap, "cash"), paid(shop, soap, "khata", customer=asha)):
        assert payment.state == "seen"
        refused("nothing_claimed", seen, payment)
        refused("nothing_claimed", failed, payment)


def test_a_cancelled_bills_money_is_past(shop, soap):
    payment = paid(shop, soap)
    cancel_order(shop=shop, bill_number=payment.order.bill_number, by=shop.owner, reason="Left")
    refused("cancelled", seen, payment)
    refused("cancelled", failed, payment)
    back = payment.reversed_by
    refused("nothing_claimed", seen, back)
    assert not PaymentEvent.objects.exists()


def test_another_shops_payment_is_not_there(shop, other_shop, soap):
    payment = paid(shop, soap)
    with pytest.raises(OrderError) as error:
        mark_seen(shop=other_shop, payment_id=payment.pk, by=other_shop.owner, how="owner")
    assert error.value.code == "unknown_payment"
    assert state(payment) == "claimed"


@pytest.mark.parametrize(("moves", "left"), [((), "claimed"), ((seen,), "seen"), ((failed,), "failed"), ((failed, seen), "seen")])
def test_what_a_cancelled_bill_gives_back_keeps_the_state_it_had(shop, soap, moves, left):
    payment = paid(shop, soap)
    for act in moves:
        act(payment)
    cancel_order(shop=shop, bill_number=payment.order.bill_number, by=shop.owner, reason="Left")
    back = Payment.objects.get(reverses=payment)
    assert (back.amount, back.method, back.state) == (D("-100.00"), "upi", left)
    assert state(payment) == left


# --- marked at the counter --------------------------------------------------------------------------------------
@pytest.mark.parametrize(("mark", "then"), [("", "claimed"), ("shown", "claimed"), ("claimed", "claimed"), ("seen", "seen")])
def test_what_the_cashier_marked_is_kept_and_seen_money_is_seen(shop, soap, mark, then):
    order = factories.make_order(shop, [(soap, 1)], payments=[Tender("upi", None, mark=mark)])
    for _ in range(2):
        payments = see_as_marked(order=order, by=shop.owner)
        assert [(p.mark, p.state) for p in payments] == [(mark, then)]
    assert order.payments.get().state == then
    assert PaymentEvent.objects.count() == (then == "seen")
    assert set(PaymentEvent.objects.values_list("how", flat=True)) <= {"cashier"}


def test_a_bill_without_marks_costs_one_question(shop, soap, django_assert_num_queries):
    order = factories.make_order(
        shop, [(soap, 1)], payments=[Tender("cash", D(40)), Tender("upi", D(30), mark="shown"), Tender("card", D(30))]
    )
    with django_assert_num_queries(1):
        assert [p.state for p in see_as_marked(order=order, by=shop.owner)] == ["seen", "claimed", "claimed"]


def test_a_marked_payment_of_a_cancelled_bill_stays(shop, soap):
    order = factories.make_order(shop, [(soap, 1)], payments=[Tender("upi", None, mark="seen")])
    order = cancel_order(shop=shop, bill_number=order.bill_number, by=shop.owner, reason="Left")
    assert [p.state for p in see_as_marked(order=order, by=shop.owner)] == ["claimed"]


# --- who owes ---------------------------------------------------------------------------------------------------
def test_money_that_never_came_is_owed_since_its_bill(shop, soap):
    asha = factories.make_customer(shop)
    old = timezone.now() - timedelta(days=9)
    payment = paid(shop, soap, customer=asha, at=old)
    paid(shop, soap, "khata", customer=asha)
    asha.refresh_from_db()
    assert owing_since(shop, [asha]) == {asha.pk: timezone.localdate()}
    failed(payment)
    asha.refresh_from_db()
    assert asha.outstanding == D("200.00")
    assert owing_since(shop, [asha]) == {asha.pk: timezone.localtime(old).date()}


# --- what the database keeps ------------------------------------------------------------------------------------
def broken_by(act) -> str:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        act()
    return broken_rule(error.value)


def event(payment, **fields):
    given = {"kind": "seen", "was": "claimed", "how": "owner", "day": payment.order.day, "by": payment.by} | fields
    return lambda: PaymentEvent.objects.create(shop=payment.shop, payment=payment, **given)


def test_a_payment_is_frozen_but_for_its_state_and_never_deleted(shop, soap):
    rows = Payment.objects.filter(pk=paid(shop, soap).pk)
    assert broken_by(lambda: rows.update(amount=D(1))) == "orders_payment_frozen"
    assert broken_by(lambda: rows.update(method="card")) == "orders_payment_frozen"
    assert broken_by(lambda: rows.update(mark="seen")) == "orders_payment_frozen"
    assert broken_by(lambda: rows._raw_delete("default")) == "orders_payment_never_deleted"


def test_only_an_event_moves_the_state(shop, soap):
    rows = Payment.objects.filter(pk=paid(shop, soap).pk)
    assert broken_by(lambda: rows.update(state="seen")) == "orders_payment_state_by_events"


def test_money_that_waits_starts_as_a_claim_and_cash_as_a_fact(shop, soap):
    order = factories.make_order(shop, [(soap, 1)])

    def add(method, state):
        return lambda: Payment.objects.create(shop=shop, order=order, method=method, amount=D(1), state=state, by=shop.owner)

    assert broken_by(add("upi", "seen")) == "orders_payment_starts_claimed"
    assert broken_by(add("bank", "failed")) == "orders_payment_starts_claimed"
    assert broken_by(add("cash", "claimed")) == "orders_payment_cash_is_seen"


@pytest.mark.parametrize("method", ["cash", "khata"])
def test_no_event_for_what_is_not_waited_for(shop, soap, method):
    payment = paid(shop, soap, method, customer=factories.make_customer(shop))
    assert broken_by(event(payment, kind="failed", was="seen", note="x")) == "orders_paymentevent_fits"


def test_an_event_must_fit_the_state_the_payment_is_in(shop, soap):
    payment = paid(shop, soap)
    assert broken_by(event(payment, was="failed")) == "orders_paymentevent_fits"
    assert broken_by(event(payment, was="seen")) == "orders_paymentevent_changes"
    assert broken_by(event(payment, kind="failed")) == "orders_paymentevent_note"
    event(payment)()
    assert broken_by(event(payment, was="failed")) in ("orders_paymentevent_once", "orders_paymentevent_fits")


def test_no_event_for_a_payment_that_was_given_back(shop, soap):
    payment = paid(shop, soap)
    cancel_order(shop=shop, bill_number=payment.order.bill_number, by=shop.owner, reason="Left")
    assert broken_by(event(payment)) == "orders_paymentevent_fits"
    assert broken_by(event(payment.reversed_by)) == "orders_paymentevent_fits"


def test_events_are_facts(shop, soap):
    payment = paid(shop, soap)
    seen(payment)
    rows = PaymentEvent.objects.filter(payment=payment)
    assert broken_by(lambda: rows.update(how="owner")) == "orders_paymentevent_append_only"
    assert broken_by(lambda: rows._raw_delete("default")) == "orders_paymentevent_append_only"
    with pytest.raises(TypeError):
        PaymentEvent.objects.bulk_create([PaymentEvent()])


def test_an_event_of_another_shop_is_refused(shop, other_shop, soap):
    payment = paid(shop, soap)

    def write():
        PaymentEvent.objects.create(
            shop=other_shop, payment=payment, kind="seen", was="claimed", how="owner", day=payment.order.day, by=shop.owner
        )
        connection.check_constraints()

    assert broken_by(write) == "orders_paymentevent_payment_same_shop"
