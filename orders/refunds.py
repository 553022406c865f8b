"""How the worth of goods that come back is given back: off the khata first, then against new goods, then in money. No writes here.

The careful shopkeeper's rules. What the customer has not paid yet is not given out: the open rest of the bill's khata goes down first.
What goes against new goods was paid already, so it pays them. No more money leaves the drawer for a bill than came in for it, unless
somebody who may let a khata pass its limit says so; money that was claimed and not yet seen counts, with a warning.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from orders.allowance import EVERYTHING, Allowance, NeedsApproval
from orders.bill import LARGEST_TOTAL, Tender
from orders.errors import OrderError
from orders.models import KhataEntry, Order, Payment
from smartkirana.money import ZERO, rupees

GIVEN_BY = (Payment.Method.CASH, Payment.Method.UPI, Payment.Method.KHATA)


@dataclass(frozen=True)
class Standing:
    """How the payment of a bill stands, rupees.

    lost        claimed once and never came, with nobody to owe it
    given_back  for goods that came back before
    khata_open  still owed for it on the khata
    unseen      claimed and not yet seen
    """

    total: Decimal
    lost: Decimal = ZERO
    given_back: Decimal = ZERO
    khata_open: Decimal = ZERO
    unseen: Decimal = ZERO

    @property
    def in_money(self) -> Decimal:
        """What was paid for the goods that the customer still has, claims included."""
        return max(self.total - self.lost - self.given_back - self.khata_open, ZERO)


@dataclass(frozen=True)
class RefundPlan:
    """Where the worth of the goods goes, rupees: `khata` + `credit` (to new goods) + `out` (money given) is all of it.

    khata_again  of the new bill: what the khata was let down by is owed for the new goods as it was for the old
    due          of the new bill: what is still to be paid
    """

    how: str
    khata: Decimal = ZERO
    credit: Decimal = ZERO
    out: Decimal = ZERO
    khata_again: Decimal = ZERO
    due: Decimal = ZERO
    unpaid: bool = False
    unseen: bool = False

    @property
    def balance(self) -> Decimal:
        """What the customer pays (+) or gets (−) in the end, in money or on the khata."""
        return self.due - self.out

    @property
    def khata_less(self) -> Decimal:
        """By how much less is owed in the end."""
        return self.khata - self.khata_again

    @property
    def refunds(self) -> list[tuple[str, Decimal]]:
        """What is given back, by method of payment."""
        rows = [(Payment.Method.KHATA, self.khata), (Payment.Method.CREDIT, self.credit), (self.how, self.out)]
        return [(method, amount) for method, amount in rows if amount]


@dataclass(frozen=True)
class Permit:
    """What may be given without asking: goods for up to `take_back` rupees; `unpaid`: more money than came in; a `khata` past its limit.

    gift  what may be given away by hand on new goods, as on any bill
    """

    take_back: Decimal = LARGEST_TOTAL
    unpaid: bool = False
    khata: Decimal = ZERO
    gift: Allowance = EVERYTHING


ALONE = Permit()


class NeedsReturnApproval(NeedsApproval):
    """More than this cashier may give back alone."""

    def __init__(self, code: str, message: str, *, take_back: Decimal, unpaid: bool) -> None:
        super().__init__(code, message)
        self.take_back, self.unpaid = take_back, unpaid


def standing_of(order: Order) -> Standing:
    """How the payment of a bill stands now; 2 queries. Its row should be locked."""
    sums = order.payments.aggregate(
        lost=Sum("amount", filter=Q(state=Payment.State.FAILED, amount__gt=0), default=ZERO),
        unseen=Sum("amount", filter=Q(state=Payment.State.CLAIMED, amount__gt=0), default=ZERO),
        given_back=Sum("amount", filter=Q(credit_note__isnull=False), default=ZERO),
    )
    return Standing(
        total=order.total,
        lost=ZERO if order.customer_id else sums["lost"],
        given_back=-sums["given_back"],
        khata_open=sum((entry.open for entry in owed_for(order)), ZERO) if order.customer_id else ZERO,
        unseen=sums["unseen"],
    )


def owed_for(order: Order) -> list[KhataEntry]:
    """The khata entries by which the bill is owed: what was taken on khata, and claims that never came."""
    kinds = (KhataEntry.Kind.SALE, KhataEntry.Kind.CLAIM_FAILED)
    return list(order.khata_entries.filter(kind__in=kinds, customer_id=order.customer_id).order_by("number"))


def plan_refund(worth: Decimal, standing: Standing, *, how: str, new_total: Decimal = ZERO, khata_first: bool = True) -> RefundPlan:
    """Where `worth` rupees go. `how` the rest is given: cash, UPI or khata; `new_total` of the bill made in exchange.

    Raises OrderError "bad_method".
    """
    if how not in GIVEN_BY:
        raise OrderError("bad_method", _("Choose how it is given back: cash, UPI or to the khata."), "how")
    off_khata = min(worth, standing.khata_open) if khata_first or how == Payment.Method.KHATA else ZERO
    credit = min(worth - off_khata, new_total)
    out = worth - off_khata - credit
    khata_again = min(new_total - credit, off_khata)
    money = credit if how == Payment.Method.KHATA else credit + out
    return RefundPlan(
        how=how,
        khata=off_khata + out if how == Payment.Method.KHATA else off_khata,
        credit=credit,
        out=ZERO if how == Payment.Method.KHATA else out,
        khata_again=khata_again,
        due=new_total - credit - khata_again,
        unpaid=money > standing.in_money,
        unseen=money > max(standing.in_money - standing.unseen, ZERO),
    )


def check_permit(worth: Decimal, plan: RefundPlan, standing: Standing, permit: Permit) -> None:
    """Raises NeedsReturnApproval "return_needs_approval", "more_than_paid"."""
    if worth > permit.take_back:
        sentence = _("Taking back goods for {worth} needs approval. Ask for a PIN.").format(worth=rupees(worth))
        raise NeedsReturnApproval("return_needs_approval", sentence, take_back=worth, unpaid=plan.unpaid)
    if plan.unpaid and not permit.unpaid:
        words = _("Only {paid} was paid in money for this bill. Put the rest on the khata, or let the owner approve.")
        raise NeedsReturnApproval("more_than_paid", words.format(paid=rupees(standing.in_money)), take_back=worth, unpaid=True)


def exchange_tenders(plan: RefundPlan, rest: Tender) -> list[Tender]:
    """How the bill made in exchange is paid: by the credit note, on the khata as before, and what is left by `rest`."""
    tenders = [Tender(Payment.Method.CREDIT, plan.credit), Tender(Payment.Method.KHATA, plan.khata_again)]
    paid = [tender for tender in tenders if tender.amount]
    if not plan.due:
        return paid
    if rest.method == Payment.Method.KHATA and plan.khata_again:
        return [*(tender for tender in paid if tender.method != Payment.Method.KHATA), Tender(rest.method, plan.khata_again + plan.due)]
    return [*paid, Tender(rest.method, plan.due, rest.tendered, rest.reference, rest.mark)]
