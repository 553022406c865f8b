"""What is done in a khata itself: money comes in or is given, an opening balance, something let off or written off, a mistake reversed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import errors as pg

from orders import locks
from orders.bill import LARGEST_TOTAL
from orders.errors import OrderError
from orders.khata.entries import Fact, Share, due_day, write_entry
from orders.models import Customer, KhataEntry, Payment
from shops.books_days import books_day
from shops.models import Counter, Shop, User
from shops.numbers import next_numbers
from smartkirana.dates import FIRST_DAY, financial_year, shop_today
from smartkirana.db_rules import broken_rule
from smartkirana.money import ZERO, money, rupees
from smartkirana.text import clean_name

Kind = KhataEntry.Kind
MONEY = (Payment.Method.CASH, Payment.Method.UPI, Payment.Method.CARD, Payment.Method.BANK)
GIVING = (Payment.Method.CASH, Payment.Method.UPI, Payment.Method.BANK)


@dataclass(frozen=True)
class Act:
    """Who writes into whose khata, when and where. `key`: a second press of the same form does nothing."""

    shop: Shop
    customer: Customer
    by: User
    counter: Counter | None = None
    at: datetime | None = None
    key: UUID | None = None
    note: str = ""


def take_payment(
    act: Act,
    *,
    amount: Decimal,
    method: str,
    discount: Decimal = ZERO,
    reference: str = "",
    shares: Sequence[Share] | None = None,
) -> KhataEntry:
    """A customer pays: `amount` rupees by cash, UPI, card or bank, and `discount` rupees are let off on top.

    shares  which entries it pays; the rest, and all of it without any, goes to the oldest first; what is left over is an advance
    UPI and card money is claimed until somebody has seen it; if it never comes, the customer owes it again.
    Runs in its own durable transaction; locks the customer. Answers the payment's entry, which carries the receipt's number.
    Raises OrderError "unknown_customer", "bad_amount", "bad_discount", "bad_method", "bad_share", "bad_counter", "busy".
    """
    _check_amount(amount, _("Write how much you got, in rupees and paise, above zero."))
    if method not in MONEY:
        raise OrderError("bad_method", _("Choose how it was paid: cash, UPI, card or bank."), "method")
    if discount is None or not discount.is_finite() or not 0 <= discount <= LARGEST_TOTAL or discount != money(discount):
        raise OrderError("bad_discount", _("What you let off cannot be below zero."), "discount")

    def write(customer: Customer, at: datetime) -> KhataEntry:
        if discount and amount + discount > customer.outstanding:
            raise OrderError(
                "bad_discount", _("Only what is owed can be let off: {owes}.").format(owes=rupees(customer.outstanding)), "discount"
            )
        payment = _money(act, customer, amount, method, reference, at)
        receipt = _receipt_number(act.shop, timezone.localtime(at).date())
        fact = Fact(Kind.PAYMENT, -amount, act.by, at, payment=payment, receipt=receipt, note=_note(act), request_key=act.key)
        entry = write_entry(customer, replace(fact, shares=shares))
        if discount:
            write_entry(customer, Fact(Kind.DISCOUNT, -discount, act.by, at, note=_("With receipt {number}").format(number=receipt)))
        return entry

    return _once(act, Kind.PAYMENT, write)


def give(act: Act, *, amount: Decimal, method: str, reference: str = "") -> KhataEntry:
    """The shop gives money on the khata ("You gave"): cash from a drawer, by UPI or from the bank. Goods are given with a bill.

    The customer's limit is asked. Raises OrderError as `take_payment` does, and "credit_limit".
    """
    _check_amount(amount, _("Write how much you gave, in rupees and paise, above zero."))
    if method not in GIVING:
        raise OrderError("bad_method", _("Choose how you gave it: cash, UPI or bank."), "method")

    def write(customer: Customer, at: datetime) -> KhataEntry:
        would = customer.outstanding + amount
        if customer.credit_limit is not None and would > customer.credit_limit:
            words = _("{customer} would owe {would}, the limit is {limit}. Give less, or raise the limit first.")
            sentence = words.format(customer=customer, would=rupees(would), limit=rupees(customer.credit_limit))
            raise OrderError("credit_limit", sentence, "amount")
        payment = _money(act, customer, -amount, method, reference, at)
        due = due_day(customer, timezone.localtime(at).date())
        fact = Fact(Kind.GAVE, amount, act.by, at, payment=payment, due=due, note=_note(act), request_key=act.key)
        return write_entry(customer, fact)

    return _once(act, Kind.GAVE, write)


def enter_opening_balance(act: Act, *, amount: Decimal, day: date | None = None) -> KhataEntry:
    """What a customer owed (rupees; below zero: had paid ahead) when the books began. Once for each customer.

    Raises OrderError "unknown_customer", "bad_amount", "bad_day", "day_closed", "balance_there", "busy".
    """
    if amount is None or not amount.is_finite() or not amount or abs(amount) > LARGEST_TOTAL or amount != money(amount):
        raise OrderError("bad_amount", _("Write what was owed, in rupees and paise; with a minus, what was paid ahead."), "amount")
    if day is not None and not FIRST_DAY <= day <= shop_today():
        raise OrderError("bad_day", _("Give a day up to today."), "day")

    def write(customer: Customer, at: datetime) -> KhataEntry:
        if customer.entries.filter(kind=Kind.OPENING, reversed_by=None).exists():
            sentence = _("The opening balance of {customer} is written already. If it is wrong, take it back, then write it anew.")
            raise OrderError("balance_there", sentence.format(customer=customer), "amount")
        if day is not None and books_day(act.shop, day) != day:
            raise OrderError("day_closed", _("The books of that day are closed. Give a later day."), "day")
        on = day or books_day(act.shop, timezone.localtime(at).date())
        due = due_day(customer, on) if amount > 0 else None
        return write_entry(customer, Fact(Kind.OPENING, amount, act.by, at, day=on, due=due, note=_note(act), request_key=act.key))

    return _once(act, Kind.OPENING, write)


def write_off(act: Act, *, amount: Decimal) -> KhataEntry:
    """Give up rupees that will not be paid: a bad debt (no GST relief). The note says why and is needed.

    Raises OrderError "unknown_customer", "bad_amount", "no_reason", "busy".
    """
    _check_amount(amount, _("Write how much you give up, above zero."))
    if not _note(act):
        raise OrderError("no_reason", _("Write why it will not be paid."), "note")

    def write(customer: Customer, at: datetime) -> KhataEntry:
        if amount > customer.outstanding:
            sentence = _("{customer} owes {owes}.").format(customer=customer, owes=rupees(customer.outstanding))
            raise OrderError("bad_amount", sentence, "amount")
        return write_entry(customer, Fact(Kind.WRITTEN_OFF, -amount, act.by, at, note=_note(act), request_key=act.key))

    return _once(act, Kind.WRITTEN_OFF, write)


def reverse_entry(act: Act, *, number: int) -> KhataEntry:
    """Take back an entry that was wrong: a new entry of the opposite amount, linked; the note says why and is needed.

    Only the khata's own acts are reversed so: a bill is cancelled, and goods come back, on the bill. Reversing twice does it once.
    Money that was got goes back from where it is by now: the drawer, its clearing account or the bank.
    Raises OrderError "unknown_customer", "unknown_entry", "not_reversible", "no_reason", "busy".
    """
    if not _note(act):
        raise OrderError("no_reason", _("Write what was wrong."), "note")

    def write(customer: Customer, at: datetime) -> KhataEntry:
        entry = customer.entries.filter(number=number).select_related("payment").first()
        if entry is None:
            raise OrderError("unknown_entry", _("There is no entry {number} in this khata.").format(number=number))
        if (known := KhataEntry.objects.filter(reverses=entry).first()) is not None:
            return known
        if entry.kind not in KhataEntry.OWN_ACTS:
            raise OrderError("not_reversible", _("This entry belongs to a bill or a payment there. Change it on the bill."))
        if entry.payment is not None and entry.payment.state == Payment.State.FAILED:
            raise OrderError("not_reversible", _("This money never came: an entry says so already."))
        back = entry.payment and _money_back(entry.payment, act, at)
        fact = Fact(Kind.REVERSAL, -entry.amount, act.by, at, payment=back, reverses=entry, note=_note(act), against=[entry])
        return write_entry(customer, fact)

    return _once(act, Kind.REVERSAL, write)


# --- the frame ------------------------------------------------------------------------------------------------
def _once(act: Act, kind: str, write: Callable[[Customer, datetime], KhataEntry]) -> KhataEntry:
    """Do it in one durable transaction, with the customer's row locked; a key that wrote an entry answers with that entry."""
    if act.counter is not None and (act.counter.shop_id != act.shop.pk or not act.counter.is_active):
        raise OrderError("bad_counter", _("This counter is not in use. Choose another one."), "counter")
    known = act.shop.khata_entries.filter(request_key=act.key, kind=kind, customer=act.customer)
    try:
        with transaction.atomic(durable=True):
            locks.do_not_wait_long()
            customer = locks.lock_customer(act.shop, act.customer.pk)
            if customer is None:
                raise OrderError("unknown_customer", _("This customer is not in the shop's list."), "customer")
            customer.shop = act.shop
            if act.key and (done := known.first()) is not None:
                return done
            return write(customer, act.at or timezone.now())
    except IntegrityError as error:
        if broken_rule(error) == "orders_khataentry_request_key" and (done := known.first()) is not None:
            return done
        raise
    except OperationalError as error:
        if isinstance(error.__cause__, pg.LockNotAvailable | pg.DeadlockDetected):
            raise OrderError("busy", _("Somebody else is writing into this khata just now. Press again.")) from error
        raise


def _check_amount(amount: Decimal, sentence: str) -> None:
    if amount is None or not amount.is_finite() or not 0 < amount <= LARGEST_TOTAL or amount != money(amount):
        raise OrderError("bad_amount", sentence, "amount")


def _note(act: Act) -> str:
    return clean_name(act.note)[:200]


def _money(act: Act, customer: Customer, amount: Decimal, method: str, reference: str, at: datetime) -> Payment:
    """Money that comes (+) or goes (−) for a khata; what comes by UPI, card or bank waits to be seen."""
    waits = amount > 0 and method in Payment.WAITS
    return Payment.objects.create(
        shop=act.shop,
        customer=customer,
        counter=act.counter,
        method=method,
        amount=amount,
        reference=clean_name(reference)[:40],
        state=Payment.State.CLAIMED if waits else Payment.State.SEEN,
        by=act.by,
        at=at,
    )


def _money_back(payment: Payment, act: Act, at: datetime) -> Payment:
    return Payment.objects.create(
        shop=act.shop,
        customer_id=payment.customer_id,
        counter_id=payment.counter_id,
        method=payment.method,
        amount=-payment.amount,
        state=payment.state,
        reverses=payment,
        by=act.by,
        at=at,
    )


def _receipt_number(shop: Shop, day: date) -> str:
    series = f"KR/{financial_year(day)}"
    return f"{series}/{next_numbers(shop, [f'khata:{series}'])[0]:06d}"
