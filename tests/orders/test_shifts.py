"""Shifts: opened and ended with a count, cash put in and taken out; the drawer, the safe and the books agree."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from inventory.errors import StockError
from ledger.checks import run
from orders.bill import Tender
from orders.errors import OrderError
from orders.models import DrawerEvent, Shift
from orders.services import cancel_order
from orders.shifts import Count, close_shift, count_of, move_cash, open_shift
from tests import factories
from tests.at_once import at_once
from tests.inventory.buying import buy, make_supplier, received

D = Decimal


def till_of(shop):
    return shop.counters.get(code="S1")


def opened(shop, amount="2000", **more):
    return open_shift(shop=shop, counter=till_of(shop), cashier=shop.owner, count=Count(D(amount)), **more)


def booked(shop, code):
    postings = shop.postings.filter(account__code=code).values_list("debit", "credit")
    return sum((debit - credit for debit, credit in postings), D(0))


def entry_of(shop, event):
    rows = shop.journal.get(source_kind="drawer", source_id=event.pk).postings.select_related("account").order_by("id")
    return [(p.account.code, p.debit - p.credit, p.counter_id) for p in rows]


def books_agree(shop):
    broken = {rule.name: [b.what for b in breaches] for rule, breaches in run([shop.pk]) if breaches}
    assert broken == {}


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, stock=100)


# --- counting -----------------------------------------------------------------------------------------------------
def test_notes_and_coins_come_to_their_sum():
    assert count_of({500: 3, 10: 2, 1: 5}).total == D("1525.00")


def test_a_plain_sum_needs_no_notes():
    assert count_of({}, D("812.50")) == Count(D("812.50"), {})


@pytest.mark.parametrize("notes", [{500: -1}, {3: 1}, {500: 100_000}])
def test_notes_that_cannot_be_are_refused(notes):
    with pytest.raises(OrderError, match="how many of each"):
        count_of(notes)


def test_notes_and_sum_that_differ_are_refused():
    with pytest.raises(OrderError) as refused:
        count_of({500: 1}, D("600"))
    assert refused.value.code == "count_differs"


def test_an_empty_drawer_can_be_counted():
    assert count_of({500: 0, 100: 0}).total == 0
    with pytest.raises(OrderError, match="Count the drawer"):
        count_of({})


# --- opening ------------------------------------------------------------------------------------------------------
def test_the_first_shift_takes_its_float_from_the_safe(shop):
    shift = opened(shop, "2000")
    event = shift.events.get()
    assert (event.kind, event.amount, event.safe, event.difference) == ("opened", D(2000), D(-2000), D(0))
    assert entry_of(shop, event) == [("1001", D(2000), till_of(shop).pk), ("1015", D(-2000), None)]
    assert till_of(shop).cash == D(2000)
    books_agree(shop)


def test_what_the_books_knew_before_the_first_count_lies_in_the_safe(shop, soap):
    factories.make_order(shop, [(soap, 10)])
    opened(shop, "25")
    assert (till_of(shop).cash, booked(shop, "1015"), booked(shop, "6800")) == (D(25), D(500), D(0))
    books_agree(shop)


def test_the_next_shift_is_compared_with_what_was_left(shop):
    close_shift(shop=shop, shift=opened(shop, "2000"), by=shop.owner, count=Count(D(2000)), to_safe=D(1500))
    shift = opened(shop, "1493", from_safe=D(1000), reason="a coin is missing")
    event = shift.events.get()
    assert (event.expected, event.counted, event.difference, event.amount) == (D(1500), D(1493), D(-7), D(993))
    assert booked(shop, "6800") == D(7)
    books_agree(shop)


def test_a_difference_from_ten_rupees_on_needs_a_reason(shop):
    close_shift(shop=shop, shift=opened(shop), by=shop.owner, count=Count(D(2000)))
    with pytest.raises(OrderError) as refused:
        opened(shop, "1990")
    assert (refused.value.code, refused.value.message) == ("no_reason", "₹ 10.00 short. Count once more, or write why.")
    assert shop.shifts.filter(closed_at=None).count() == 0
    assert opened(shop, "1990.50").events.get().difference == D("-9.50")


def test_one_shift_at_a_counter(shop):
    opened(shop)
    with pytest.raises(OrderError) as refused:
        opened(shop)
    assert refused.value.code == "shift_open"
    assert shop.drawer_events.count() == 1


def test_pressing_twice_opens_once(shop):
    key = uuid4()
    assert opened(shop, request_key=key) == opened(shop, request_key=key)
    assert shop.shifts.count() == 1


def test_another_shops_counter_is_refused(shop, other_shop):
    with pytest.raises(OrderError) as refused:
        open_shift(shop=shop, counter=till_of(other_shop), cashier=shop.owner, count=Count(D(0)))
    assert refused.value.code == "bad_counter"


@pytest.mark.django_db(transaction=True)
def test_two_who_open_at_once_make_one_shift(shop):
    told = at_once([lambda: opened(shop)] * 2)
    assert [one.code for one in told if isinstance(one, OrderError)] == ["shift_open"]
    assert shop.shifts.count() == 1


# --- in and out ---------------------------------------------------------------------------------------------------
OUT = [("milk", "5005"), ("tea", "5005"), ("owner_took", "3020"), ("to_safe", "1015"), ("to_bank", "1002"), ("other_out", "5005")]
IN = [("from_safe", "1015"), ("from_bank", "1002"), ("owner_gave", "3001"), ("other_in", "4200")]


@pytest.mark.parametrize(("reason", "account", "sign"), [*((*one, -1) for one in OUT), *((*one, 1) for one in IN)])
def test_each_reason_has_its_account(shop, reason, account, sign):
    shift = opened(shop)
    event = move_cash(shop=shop, by=shop.owner, counter=till_of(shop), reason=reason, amount=D("120.50"), words="for the shop")
    assert entry_of(shop, event) == [("1001", sign * D("120.50"), till_of(shop).pk), (account, -sign * D("120.50"), None)]
    assert (event.shift, till_of(shop).cash) == (shift, D(2000) + sign * D("120.50"))
    books_agree(shop)


def test_a_supplier_is_paid_out_of_the_drawer_and_their_account_settled(shop, soap):
    supplier = make_supplier(shop)
    buy(supplier, received(soap, 10, 40))
    supplier.refresh_from_db()
    owed = supplier.balance
    opened(shop)
    event = move_cash(shop=shop, by=shop.owner, counter=till_of(shop), reason="supplier", amount=D(100), supplier=supplier)
    supplier.refresh_from_db()
    assert (supplier.balance, till_of(shop).cash) == (owed - 100, D(1900))
    assert not shop.journal.filter(source_kind="drawer", source_id=event.pk).exists()
    assert event.paper.supplier_payment.counter == till_of(shop)
    books_agree(shop)


def test_the_safe_and_the_bank_change_money_without_a_drawer(shop):
    event = move_cash(shop=shop, by=shop.owner, reason="owner_gave", amount=D(9000))
    assert entry_of(shop, event) == [("1015", D(9000), None), ("3001", D(-9000), None)]
    move_cash(shop=shop, by=shop.owner, reason="to_bank", amount=D(5000))
    assert (booked(shop, "1015"), booked(shop, "1002")) == (D(4000), D(5000))
    books_agree(shop)


@pytest.mark.parametrize("reason", ["supplier", "to_safe", "from_safe", "gift", ""])
def test_what_the_safe_cannot_do_is_refused(shop, reason):
    with pytest.raises(OrderError) as refused:
        move_cash(shop=shop, by=shop.owner, reason=reason, amount=D(5), supplier=make_supplier(shop))
    assert refused.value.code == "bad_reason"


@pytest.mark.parametrize("amount", ["0", "-5", "0.001", "NaN", "Infinity", "100000000"])
def test_an_amount_that_is_none_is_refused(shop, amount):
    with pytest.raises(OrderError) as refused:
        move_cash(shop=shop, by=shop.owner, counter=till_of(shop), reason="milk", amount=D(amount))
    assert refused.value.code == "bad_amount"


def test_other_needs_words_and_a_supplier_a_name(shop, other_shop):
    for more, code in (({"reason": "other_out"}, "no_words"), ({"reason": "supplier"}, "no_supplier"),
                       ({"reason": "supplier", "supplier": make_supplier(other_shop)}, "no_supplier")):  # fmt: skip
        with pytest.raises(OrderError) as refused:
            move_cash(shop=shop, by=shop.owner, counter=till_of(shop), amount=D(5), **more)
        assert refused.value.code == code
    assert not shop.drawer_events.exists()


def test_pressing_twice_takes_out_once(shop):
    opened(shop)
    key = uuid4()
    for _ in "ab":
        move_cash(shop=shop, by=shop.owner, counter=till_of(shop), reason="tea", amount=D(20), request_key=key)
    assert till_of(shop).cash == D(1980)


# --- the end ------------------------------------------------------------------------------------------------------
def test_the_count_books_what_is_short_and_leaves_the_rest(shop, soap):
    shift = opened(shop)
    factories.make_order(shop, [(soap, 2)])
    ended = close_shift(
        shop=shop, shift=shift, by=shop.owner, count=count_of({500: 4, 50: 1}), to_safe=D(1500), reason="gave too much change"
    )
    event = ended.events.get(kind="closed")
    assert (event.expected, event.counted, event.difference, event.notes) == (D(2105), D(2050), D(-55), {"500": 4, "50": 1})
    assert entry_of(shop, event) == [
        ("1001", D(-1555), till_of(shop).pk), ("1015", D(1500), None), ("6800", D(55), None),
    ]  # fmt: skip
    assert (till_of(shop).cash, ended.is_open) == (D(550), False)
    books_agree(shop)


def test_more_than_expected_is_over(shop):
    shift = opened(shop)
    close_shift(shop=shop, shift=shift, by=shop.owner, count=Count(D(2009)))
    assert (booked(shop, "6800"), till_of(shop).cash) == (D(-9), D(2009))
    books_agree(shop)


def test_a_sale_after_the_count_asks_to_count_again(shop, soap):
    shift = opened(shop)
    factories.make_order(shop, [(soap, 2)])
    with pytest.raises(OrderError) as refused:
        close_shift(shop=shop, shift=shift, by=shop.owner, count=Count(D(2000)), seen=D(2000))
    assert refused.value.code == "drawer_moved"
    assert close_shift(shop=shop, shift=shift, by=shop.owner, count=Count(D(2105)), seen=D(2105)).closed_at


def test_ending_twice_ends_once(shop):
    shift = opened(shop)
    for _ in "ab":
        close_shift(shop=shop, shift=shift, by=shop.owner, count=Count(D(1995)))
    assert booked(shop, "6800") == D(5)


def test_a_shift_nobody_counted_can_be_ended(shop):
    ended = close_shift(shop=shop, shift=opened(shop), by=shop.owner, count=None, reason="went home")
    assert (ended.events.get(kind="closed").counted, till_of(shop).cash) == (None, D(2000))
    books_agree(shop)


@pytest.mark.parametrize("to_safe", ["-1", "2000.01", "NaN"])
def test_no_more_than_the_count_goes_into_the_safe(shop, to_safe):
    shift = opened(shop)
    with pytest.raises(OrderError) as refused:
        close_shift(shop=shop, shift=shift, by=shop.owner, count=Count(D(2000)), to_safe=D(to_safe))
    assert refused.value.code == "bad_amount"


def test_another_shops_shift_is_refused(shop, other_shop):
    with pytest.raises(OrderError) as refused:
        close_shift(shop=shop, shift=opened(other_shop), by=shop.owner, count=Count(D(0)))
    assert refused.value.code == "no_shift"


# --- selling ------------------------------------------------------------------------------------------------------
def test_a_bill_needs_no_shift_unless_the_counter_says_so(shop, soap):
    factories.make_order(shop, [(soap, 1)])
    shop.counters.update(needs_shift=True)
    with pytest.raises(OrderError) as refused:
        factories.make_order(shop, [(soap, 1)])
    assert refused.value.code == "no_shift"
    opened(shop)
    factories.make_order(shop, [(soap, 1)])


def test_upi_and_khata_are_in_no_drawer_and_a_cancelled_bill_takes_its_cash_back(shop, soap):
    shift = opened(shop)
    asha = factories.make_customer(shop)
    factories.make_order(shop, [(soap, 2)], customer=asha, payments=[Tender("upi", D(50)), Tender("khata", D(30)), Tender("cash", None)])
    assert till_of(shop).cash == D(2025)
    spoilt = factories.make_order(shop, [(soap, 2)])
    cancel_order(shop=shop, bill_number=spoilt.bill_number, by=shop.owner, reason="wrong")
    assert till_of(shop).cash == D(2025)
    close_shift(shop=shop, shift=shift, by=shop.owner, count=Count(D(2025)))
    books_agree(shop)


# --- what the database keeps --------------------------------------------------------------------------------------
def refused_by(rule, act):
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        act()


def test_the_database_keeps_shifts_and_events(shop):
    shift = opened(shop)
    event = shift.events.get()
    refused_by("append_only|never changed", lambda: DrawerEvent.objects.filter(pk=event.pk).update(amount=1))
    refused_by("a shift ends only by an event", lambda: Shift.objects.filter(pk=shift.pk).update(closed_at=timezone.now()))
    refused_by("never deleted", lambda: Shift.objects.filter(pk=shift.pk)._raw_delete("default"))
    refused_by("changes only by a posting", lambda: shop.counters.update(cash=5))
    refused_by("a shift starts open", lambda: Shift.objects.create(
        shop=shop, counter=till_of(shop), cashier=shop.owner, closed_at=timezone.now()))  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "fields"),
    [
        ("orders_drawerevent_way", {"reason": "milk", "amount": D(5)}),
        ("orders_drawerevent_way", {"reason": "from_safe", "amount": D(-5)}),
        ("orders_drawerevent_of_its_kind", {"reason": "", "amount": D(5)}),
        ("orders_drawerevent_of_its_kind", {"reason": "milk", "amount": D(0)}),
        ("orders_drawerevent_place", {"reason": "to_safe", "amount": D(-5), "counter": None}),
        ("orders_drawerevent_words", {"reason": "other_out", "amount": D(-5)}),
        ("orders_drawerevent_paper_pays", {"reason": "supplier", "amount": D(-5)}),
        ("orders_drawerevent_notes", {"reason": "milk", "amount": D(-5), "notes": [1]}),
        ("orders_drawerevent_of_its_kind", {"kind": "opened", "amount": D(5), "expected": D(5), "counted": D(5)}),
        ("orders_drawerevent_of_its_kind", {"kind": "closed", "amount": D(1), "expected": D(5), "counted": D(7), "difference": D(2)}),
    ],
)
def test_the_database_keeps_each_event_in_shape(shop, rule, fields):
    shift = opened(shop)
    more = {"kind": "moved", "counter": till_of(shop), "day": timezone.localdate(), "by": shop.owner, "shift": shift} | fields
    refused_by(rule, lambda: DrawerEvent.objects.create(shop=shop, **more))


def test_a_day_given_for_a_supplier_cannot_be_closed(shop):
    """Cash paid out of a drawer is of its own moment; a moment of a closed day is refused by the supplier's paper."""
    from ledger.closing import close_day

    yesterday = timezone.localdate() - timedelta(days=1)
    close_day(shop=shop, day=yesterday, by=shop.owner)
    with pytest.raises(StockError) as refused:
        move_cash(
            shop=shop, by=shop.owner, counter=till_of(shop), reason="supplier", amount=D(5), supplier=make_supplier(shop),
            at=timezone.now() - timedelta(days=1),
        )  # fmt: skip
    assert refused.value.code == "day_closed"
