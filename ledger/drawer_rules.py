"""Which accounts a fact about a drawer moves. Pure: the event in, posting lines out; rupees."""

from __future__ import annotations

from ledger import chart
from ledger.posting_rules import Line, credit, debit, moved
from orders.models import DrawerEvent

Reason = DrawerEvent.Reason
# The other side of cash that is put in or taken out.
OTHER_SIDE = {
    Reason.MILK: chart.RUNNING_COSTS,
    Reason.TEA: chart.RUNNING_COSTS,
    Reason.OTHER_OUT: chart.RUNNING_COSTS,
    Reason.OWNER_TOOK: chart.DRAWINGS,
    Reason.OWNER_GAVE: chart.CAPITAL,
    Reason.TO_SAFE: chart.SAFE,
    Reason.FROM_SAFE: chart.SAFE,
    Reason.TO_BANK: chart.BANK,
    Reason.FROM_BANK: chart.BANK,
    Reason.OTHER_IN: chart.OTHER_INCOME,
}


def drawer_event(event: DrawerEvent) -> list[Line]:
    """A count: the drawer, the safe, and what was short or over. A move: the drawer, or the safe, and the other side."""
    if event.kind != DrawerEvent.Kind.MOVED:
        return moved([debit(chart.CASH, event.amount), debit(chart.SAFE, event.safe), credit(chart.SHORT_OVER, event.difference)])
    if event.reason == Reason.SUPPLIER:
        return []
    held = chart.CASH if event.counter_id else chart.SAFE
    return [debit(held, event.amount), credit(OTHER_SIDE[Reason(event.reason)], event.amount)]


def narration(event: DrawerEvent) -> str:
    """What stands in the day book."""
    place = event.counter.name if event.counter else "Safe"
    if event.kind == DrawerEvent.Kind.MOVED:
        return f"{place}: {event.get_reason_display().lower()}" + (f", {event.words}" if event.words else "")
    words = f"{place}: {event.get_kind_display().lower()}"
    if event.difference:
        words += f", {abs(event.difference)} {'over' if event.difference > 0 else 'short'}"
    return words + (f" ({event.words})" if event.words else "")
