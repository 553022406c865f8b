"""Which accounts an act of the khata moves. Pure: facts in, posting lines out; amounts in rupees."""

from __future__ import annotations

from ledger import chart
from ledger.posting_rules import Line, debit, place
from orders.models import KhataEntry, Payment

Kind = KhataEntry.Kind
OTHER_SIDE = {Kind.OPENING: chart.OPENING_DIFFERENCE, Kind.DISCOUNT: chart.DISCOUNT_ALLOWED, Kind.WRITTEN_OFF: chart.BAD_DEBTS}


def khata_act(entry: KhataEntry) -> list[Line]:
    """The customer's account by the entry's amount, and against it the money, or what stands for an opening, a discount, a bad debt.

    A reversal moves the same accounts back; money from where it is by now.
    """
    owed = debit(chart.KHATA, entry.amount, entry.customer_id)
    if entry.payment is not None:
        return [owed, debit(_money_at(entry.payment), -entry.amount)]
    kind = entry.reverses.kind if entry.reverses is not None else entry.kind
    return [owed, debit(OTHER_SIDE[Kind(kind)], -entry.amount)]


def _money_at(payment: Payment) -> str:
    return place(payment, payment.state, None)[0]
