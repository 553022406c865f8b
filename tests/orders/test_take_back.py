"""Goods that come back: what the act writes, and what it refuses."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.management import call_command

from inventory.errors import StockError
from ledger.models import JournalEntry
from orders.allowance import Allowance
from orders.bill import BillLine, Tender
from orders.errors import OrderError
from orders.khata.acts import Act, take_payment
from orders.models import CreditNote, Order, OrderEvent
from orders.payments import mark_failed
from orders.refunds import Permit
from orders.returning import BackLine, Exchange, take_back
from orders.services import cancel_order
from smartkirana.errors import Refusal
from tests import factories
from tests.ledger.books import balance, moved

D = Decimal
pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return factories.make_shop()


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, stock=20)


def returns(order: Order, *lines, how="cash", key=None, **extra) -> CreditNote:
    shop = order.shop
    back = [line if isinstance(line, BackLine) else BackLine(line[0], D(str(line[1]))) for line in lines]
    return take_back(
        shop=shop, counter=shop.counters.first(), by=shop.owner, bill_number=order.bill_number, lines=back, how=how,
        request_key=key or uuid4(), **extra,
    )  # fmt: skip


def books_hold(shop) -> None:
    call_command("check_books", shop=shop.slug)


def test_two_of_ten_soaps_come_back_as_the_worked_example_says(shop, soap):
    bill = factories.make_order(shop, [(soap, 10)])
    note = returns(bill, (1, 2), reason="Wrong size")
    assert (note.number, note.total, note.taxable, note.cgst, note.cost) == (
        "CNS1/" + bill.bill_number[3:8].replace("-", "") + "/00001", D("105.00"), D("100.00"), D("2.50"), D("80.00"),
    )  # fmt: skip
    event = OrderEvent.objects.get(credit_note=note)
    entry = JournalEntry.objects.get(source_kind="order", source_id=event.pk)
    assert moved(entry) == {
        "4002": D("100"), "2101": D("2.50"), "2102": D("2.50"), "1001": D("-105"), "1003": D("80"), "5001": D("-80"),
    }  # fmt: skip
    assert soap.lots.get().on_hand == 12
    books_hold(shop)


# --- what is given back -----------------------------------------------------------------------------------------
def test_all_of_a_bill_with_discount_and_round_off_gives_back_its_total(shop, soap):
    dal = factories.make_product(shop, "Dal", price="99.99", mrp=None, cost="71.43", unit="kg", gst="other-0", stock=9)
    bill = factories.make_order(shop, [(soap, 3), (dal, "1.337")], bill_discount=D("7.77"))
    assert bill.round_off
    first = returns(bill, (2, "0.337"))
    second = returns(bill, (1, 1), (2, 1))
    third = returns(bill, (1, 2))
    assert first.total + second.total + third.total == bill.total
    assert first.cost + second.cost + third.cost == bill.cost
    for name in ("subtotal", "discount", "taxable", "exempt", "cgst", "sgst", "round_off"):
        assert sum(getattr(note, name) for note in (first, second, third)) == getattr(bill, name)
    assert balance(shop, "1001") == 0 == balance(shop, "2101") == balance(shop, "5001") == balance(shop, "6900")
    books_hold(shop)


def test_it_goes_back_into_the_lots_it_came_from_at_their_cost(shop):
    soap = factories.make_product(shop)
    factories.stock_up(soap, 2, unit_cost=D("30"), batch="A")
    factories.stock_up(soap, 5, unit_cost=D("41.3333"), batch="B")
    bill = factories.make_order(shop, [(soap, 4)])
    one = returns(bill, (1, 1))
    assert one.cost == D("30")
    factories.stock_up(soap, 7, unit_cost=D("99"), batch="C")
    two = returns(bill, (1, 3))
    assert one.cost + two.cost == bill.cost
    assert [(lot.batch, lot.on_hand, lot.value) for lot in soap.lots.order_by("id")] == [
        ("A", 2, D("60.00")), ("B", 5, D("206.67")), ("C", 7, D("693.00")),
    ]  # fmt: skip
    books_hold(shop)


def test_damaged_goods_are_a_loss_and_their_credit_goes_back(shop):
    soap = factories.make_product(shop, cost="40")
    factories.stock_up(soap, 10, credit_rate=D(5))
    bill = factories.make_order(shop, [(soap, 3)])
    note = returns(bill, BackLine(1, D(1)), BackLine(1, D(2), "damaged"))
    assert note.cost == D("120.00")
    entry = JournalEntry.objects.get(source_kind="order", source_id=note.event.pk)
    moves = moved(entry)
    assert (moves["1003"], moves["5001"], moves["5020"], moves["5025"], moves["1301"], moves["1302"]) == (
        D("40"), D("-120"), D("80"), D("4"), D("-2"), D("-2"),
    )  # fmt: skip
    assert soap.lots.get().on_hand == 8
    books_hold(shop)


def test_goods_for_the_supplier_lie_in_their_lot(shop, soap):
    note = returns(factories.make_order(shop, [(soap, 3)]), BackLine(1, D(1), "supplier"))
    assert note.lines.get().where == "supplier"
    assert soap.lots.get().on_hand == 18
    books_hold(shop)


def test_a_refund_by_upi_leaves_the_bank_at_once(shop, soap):
    returns(factories.make_order(shop, [(soap, 3)]), (1, 1), how="upi", reference="R1")
    assert (balance(shop, "1001"), balance(shop, "1002"), balance(shop, "1030")) == (D("157.50") + D("0.50"), D("-52.50") - D("0.17"), 0)
    books_hold(shop)


# --- khata ------------------------------------------------------------------------------------------------------
def test_what_is_still_owed_for_the_bill_goes_down_before_money_is_given(shop, soap):
    asha = factories.make_customer(shop)
    bill = factories.make_order(shop, [(soap, 4)], customer=asha, payments=[Tender("cash", D(60)), Tender("khata", None)])
    note = returns(bill, (1, 3))
    assert [(p.method, p.amount) for p in note.refunds.order_by("id")] == [("khata", D("-150.00")), ("cash", D("-7.50"))]
    asha.refresh_from_db()
    assert asha.outstanding == 0
    entry = asha.entries.get(kind="returned")
    assert (entry.amount, entry.order, entry.open) == (D("-150.00"), bill, 0)
    books_hold(shop)


def test_money_for_a_bill_on_khata_needs_approval(shop, soap):
    asha = factories.make_customer(shop)
    bill = factories.make_order(shop, [(soap, 4)], customer=asha, payments=[Tender("khata", None)])
    with pytest.raises(OrderError) as refused:
        returns(bill, (1, 1), khata_first=False)
    assert refused.value.code == "more_than_paid"
    note = returns(bill, (1, 1), khata_first=False, permit=Permit(unpaid=True))
    assert [p.method for p in note.refunds.all()] == ["cash"]
    books_hold(shop)


def test_goods_paid_on_khata_later_are_given_back_in_money(shop, soap):
    asha = factories.make_customer(shop)
    bill = factories.make_order(shop, [(soap, 2)], customer=asha, payments=[Tender("khata", None)])
    take_payment(Act(shop, asha, shop.owner), amount=D(105), method="cash")
    note = returns(bill, (1, 1))
    assert [(p.method, p.amount) for p in note.refunds.all()] == [("cash", D("-52.50"))]
    books_hold(shop)


def test_it_is_kept_as_credit_on_the_khata_of_a_customer_found_by_phone(shop, soap):
    bill = factories.make_order(shop, [(soap, 2)])
    with pytest.raises(OrderError) as refused:
        returns(bill, (1, 1), how="khata")
    assert refused.value.code == "no_customer"
    asha = factories.make_customer(shop)
    note = returns(bill, (1, 1), how="khata", customer=asha)
    asha.refresh_from_db()
    assert (note.customer, asha.outstanding) == (asha, D("-52.50"))
    books_hold(shop)


def test_a_claim_that_never_came_is_not_given_out_in_cash(shop, soap):
    bill = factories.make_order(shop, [(soap, 2)], payments=[Tender("upi", None)])
    mark_failed(shop=shop, payment_id=bill.payments.get().pk, by=shop.owner, how="owner", reason="not in the bank")
    with pytest.raises(OrderError) as refused:
        returns(bill, (1, 1))
    assert refused.value.code == "more_than_paid"


def test_a_claim_that_fails_after_the_goods_came_back_is_lost(shop, soap):
    bill = factories.make_order(shop, [(soap, 2)], payments=[Tender("upi", None)])
    returns(bill, (1, 2))
    mark_failed(shop=shop, payment_id=bill.payments.get(amount__gt=0).pk, by=shop.owner, how="owner", reason="not in the bank")
    books_hold(shop)


# --- exchange ---------------------------------------------------------------------------------------------------
def exchange_for(product, count=1, rest=None) -> Exchange:
    return Exchange([BillLine(product.pk, D(count))], rest or Tender("cash", None))


def test_an_exchange_is_a_credit_note_and_a_bill_and_the_difference_is_paid(shop, soap):
    ghee = factories.make_product(shop, "Ghee", price="80", mrp="85", stock=3)
    bill = factories.make_order(shop, [(soap, 2)])
    note = returns(bill, (1, 1), exchange=exchange_for(ghee, rest=Tender("cash", None, tendered=D(100))), shown_balance=D("27.50"))
    new = note.exchange
    assert [(p.method, p.amount, p.tendered) for p in new.payments.order_by("id")] == [
        ("credit", D("52.50"), None),
        ("cash", D("27.50"), D(100)),
    ]
    assert [(p.method, p.amount) for p in note.refunds.all()] == [("credit", D("-52.50"))]
    assert (balance(shop, "1001"), balance(shop, "2200")) == (D("132.50"), 0)
    books_hold(shop)


def test_what_is_left_of_an_exchange_is_given_back(shop, soap):
    salt = factories.make_product(shop, "Salt", price="20", mrp="20", cost="15", stock=3)
    note = returns(factories.make_order(shop, [(soap, 2)]), (1, 2), exchange=exchange_for(salt), shown_balance=D("-85"))
    assert [(p.method, p.amount) for p in note.refunds.order_by("id")] == [("credit", D("-20.00")), ("cash", D("-85.00"))]
    assert [(p.method, p.amount) for p in note.exchange.payments.all()] == [("credit", D("20.00"))]
    books_hold(shop)


def test_an_exchange_of_goods_on_khata_leaves_the_khata_and_takes_the_difference(shop, soap):
    ghee = factories.make_product(shop, "Ghee", price="80", mrp="85", stock=3)
    asha = factories.make_customer(shop, credit_limit=D(50))
    bill = factories.make_order(shop, [(soap, 2)], customer=asha, payments=[Tender("khata", None)], allowance=Allowance(khata=D(200)))
    note = returns(bill, (1, 1), exchange=exchange_for(ghee))
    assert [(p.method, p.amount) for p in note.exchange.payments.order_by("id")] == [("khata", D("52.50")), ("cash", D("27.50"))]
    asha.refresh_from_db()
    assert asha.outstanding == D("105")
    books_hold(shop)


def test_the_last_piece_may_be_taken_back_and_sold_again_at_once(shop):
    shop.stock_policy = "block"
    shop.save()
    soap = factories.make_product(shop, stock=1)
    note = returns(factories.make_order(shop, [(soap, 1)]), (1, 1), exchange=exchange_for(soap))
    assert note.exchange.total == D("53")
    books_hold(shop)


def test_an_exchange_that_cannot_be_sold_takes_nothing_back(shop, soap):
    shop.stock_policy = "block"
    shop.save()
    ghee = factories.make_product(shop, "Ghee", price="80", mrp="85", stock=1)
    bill = factories.make_order(shop, [(soap, 2)])
    with pytest.raises(StockError):
        returns(bill, (1, 1), exchange=exchange_for(ghee, 2))
    assert not CreditNote.objects.exists()
    assert soap.lots.get().on_hand == 18
    books_hold(shop)


def test_nobody_pays_an_ordinary_bill_with_a_credit_note(shop, soap):
    with pytest.raises(OrderError) as refused:
        factories.make_order(shop, [(soap, 1)], payments=[Tender("credit", None)])
    assert refused.value.code == "bad_method"


# --- refusals ---------------------------------------------------------------------------------------------------
def test_a_second_press_answers_the_first_note(shop, soap):
    bill, key = factories.make_order(shop, [(soap, 2)]), uuid4()
    assert returns(bill, (1, 1), key=key) == returns(bill, (1, 1), key=key)
    assert CreditNote.objects.count() == 1


def test_never_more_than_was_sold_less_what_came_back(shop, soap):
    bill = factories.make_order(shop, [(soap, 2)])
    returns(bill, (1, 1))
    with pytest.raises(OrderError) as refused:
        returns(bill, (1, 2))
    assert (refused.value.code, refused.value.message) == ("too_many", "Only 1 pc of Soap can still come back.")
    with pytest.raises(OrderError):
        returns(bill, BackLine(1, D(1)), BackLine(1, D(1), "damaged"))


@pytest.mark.parametrize(
    ("lines", "extra", "code"),
    [
        ([], {}, "empty"),
        ([(9, 1)], {}, "no_line"),
        ([(1, "0.5")], {}, "bad_quantity"),
        ([(1, 0)], {}, "bad_quantity"),
        ([(1, 1)], {"how": "card"}, "bad_method"),
        ([BackLine(1, D(1), "bin")], {}, "bad_where"),
        ([(1, 1)], {"shown_balance": D("-50")}, "total_changed"),
        ([(1, 1)], {"permit": Permit(take_back=D(0))}, "return_needs_approval"),
    ],
)
def test_refusals_have_a_sentence_and_write_nothing(shop, soap, lines, extra, code):
    bill = factories.make_order(shop, [(soap, 2)])
    with pytest.raises(Refusal) as refused:
        returns(bill, *lines, **extra)
    assert refused.value.code == code
    assert not CreditNote.objects.exists()


def test_a_cancelled_bill_takes_nothing_back_and_a_bill_with_returns_is_not_cancelled(shop, soap):
    gone, kept = factories.make_order(shop, [(soap, 2)]), factories.make_order(shop, [(soap, 2)])
    cancel_order(shop=shop, bill_number=gone.bill_number, by=shop.owner, reason="wrong")
    with pytest.raises(OrderError) as refused:
        returns(gone, (1, 1))
    assert refused.value.code == "cancelled"
    note = returns(kept, (1, 1), exchange=exchange_for(soap))
    for bill, code in ((kept, "has_returns"), (note.exchange, "is_exchange")):
        with pytest.raises(OrderError) as refused:
            cancel_order(shop=shop, bill_number=bill.bill_number, by=shop.owner, reason="wrong")
        assert refused.value.code == code
    books_hold(shop)


def test_a_bill_of_another_shop_is_unknown(shop, soap):
    other = factories.make_shop("Other")
    theirs = factories.make_order(other, [(factories.make_product(other, stock=2), 1)])
    with pytest.raises(OrderError) as refused:
        take_back(shop=shop, counter=shop.counters.get(), by=shop.owner, bill_number="S1/26-27/000099", lines=[BackLine(1, D(1))],
                  how="cash", request_key=uuid4())  # fmt: skip
    assert refused.value.code == "unknown_bill"
    assert not theirs.credit_notes.exists()


# --- section 34 -------------------------------------------------------------------------------------------------
def test_after_the_last_day_of_section_34_the_tax_stays_paid(shop, soap):
    bill = factories.make_order(shop, [(soap, 2)], at=datetime(2025, 3, 31, 6, tzinfo=UTC))
    late = returns(bill, (1, 1), at=datetime(2025, 12, 1, 6, tzinfo=UTC))
    assert (late.title, late.commercial, late.taxable, late.cgst, late.total) == (
        "Commercial Credit Note (no GST)", True, D("52.50"), 0, D("52.50"),
    )  # fmt: skip
    in_time = returns(bill, (1, 1), at=datetime(2025, 11, 30, 6, tzinfo=UTC))
    assert (in_time.title, in_time.cgst) == ("Credit Note", D("1.25"))
    books_hold(shop)


def test_a_shop_that_charges_no_gst_writes_a_plain_note(db):
    shop = factories.make_shop(scheme="unregistered")
    soap = factories.make_product(shop, stock=3)
    bill = factories.make_order(shop, [(soap, 2)], at=datetime(2025, 3, 31, 6, tzinfo=UTC))
    note = returns(bill, (1, 1))
    assert (note.title, note.taxable, note.tax) == ("Credit Note", D("52.50"), 0)
    books_hold(shop)
