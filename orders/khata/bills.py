"""What bills and their payments say in a khata: taken on khata, cancelled, a claim that never came, and one that came after all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.allowance import Allowance, NeedsApproval
from orders.bill import Tender
from orders.errors import OrderError
from orders.khata.entries import Fact, due_day, write_entry
from orders.models import Customer, KhataEntry, KhataMember, Order, Payment
from shops.models import User
from smartkirana.money import ZERO, rupees

Kind = KhataEntry.Kind


def on_khata(payments: Iterable[Tender]) -> Decimal:
    """Rupees of the payments that go to the khata."""
    return sum((t.amount for t in payments if t.method == Payment.Method.KHATA and t.amount), ZERO)


def member_of(customer: Customer | None, member: KhataMember | None, khata: Decimal, allowance: Allowance) -> KhataMember | None:
    """Who of the household takes goods for `khata` rupees; None when nothing goes to the khata.

    The customer's row is locked, so that two counters cannot both use up a small limit. Raises OrderError "bad_member" and
    NeedsApproval "member_limit".
    """
    if member is None or not khata:
        return None
    known = customer.members.filter(pk=member.pk, is_active=True).first() if customer else None
    if known is None:
        raise OrderError("bad_member", _("This person does not take goods on this khata any more. Choose again."), "member")
    if known.limit is not None:
        open_now = known.entries.filter(open__gt=0).aggregate(rupees=Sum("open", default=ZERO))["rupees"]
        would = open_now + khata
        if would > known.limit and customer.outstanding + khata > allowance.khata:
            words = _("{name} would have taken {would}, the limit is {limit}. Take a part in cash or UPI, or let the owner approve.")
            sentence = words.format(name=known.name, would=rupees(would), limit=rupees(known.limit))
            raise NeedsApproval("member_limit", sentence, khata=customer.outstanding + khata)
    return known


def sold(order: Order, member: KhataMember | None, amount: Decimal, *, day: date, due_days: int | None = None) -> KhataEntry | None:
    """The entry of a bill of which `amount` rupees went to the khata; None when nothing did.

    `day` is the bill's day of the books; `due_days` the days agreed on for it, None for the customer's own.
    """
    if not amount:
        return None
    due = due_day(order.customer, order.day) if due_days is None else order.day + timedelta(days=due_days)
    fact = Fact(Kind.SALE, amount, order.cashier, order.placed_at, day=day, since=order.day, order=order, member=member, due=due)
    return write_entry(order.customer, fact)


def cancelled(order: Order, payments: Sequence[Payment], *, by: User, at: datetime, day: date, reason: str) -> KhataEntry | None:
    """The entry that takes a cancelled bill out of the khata: what went there, and what of it was claimed and never came."""
    back = [p for p in payments if p.method == Payment.Method.KHATA or p.state == Payment.State.FAILED]
    amount = sum((p.amount for p in back), ZERO)
    if not amount or order.customer_id is None:
        return None
    failed = Q(kind=Kind.CLAIM_FAILED, payment__state=Payment.State.FAILED)
    against = list(order.khata_entries.filter(Q(kind=Kind.SALE) | failed))
    return write_entry(order.customer, Fact(Kind.CANCELLED, -amount, by, at, day=day, order=order, note=reason, against=against))


def claim_moved(payment: Payment, kind: str, was: str, *, by: User, at: datetime, day: date, note: str) -> KhataEntry | None:
    """The entry of money that never came (the customer owes it), or that came after it was given up. None where nobody is named."""
    if payment.owed_by is None:
        return None
    customer = payment.customer or payment.order.customer
    both = {"day": day, "order": payment.order, "payment": payment, "note": note}
    if kind == Payment.State.FAILED:
        since = payment.order.day if payment.order else timezone.localtime(payment.at).date()
        return write_entry(customer, Fact(Kind.CLAIM_FAILED, payment.amount, by, at, since=since, due=due_day(customer, since), **both))
    if was != Payment.State.FAILED:
        return None
    against = list(payment.khata_entries.filter(kind=Kind.CLAIM_FAILED))
    return write_entry(customer, Fact(Kind.CLAIM_CAME, -payment.amount, by, at, against=against, **both))
