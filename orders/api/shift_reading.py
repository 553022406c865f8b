"""Shifts as the API shows them."""

from __future__ import annotations

from typing import Any

from orders import shift_selectors as selectors
from orders.api.payment_views import payment_out
from orders.api.reading import METHODS
from orders.models import DrawerEvent, Shift
from shops.access import Can
from shops.api.caller import Caller


def shift_row(shift: Shift, ended: DrawerEvent | None = None) -> dict[str, Any]:
    return {
        "id": shift.pk,
        "counter_id": shift.counter_id,
        "counter": shift.counter.name,
        "cashier_id": shift.cashier_id,
        "cashier": shift.cashier.name,
        "opened_at": shift.opened_at,
        "closed_at": shift.closed_at,
        "counted": ended.counted if ended else None,
        "difference": ended.difference if ended and ended.counted is not None else None,
    }


def past_row(shift: Shift) -> dict[str, Any]:
    """A shift of `past_shifts`."""
    return shift_row(shift, next((event for event in shift.counts if event.kind == DrawerEvent.Kind.CLOSED), None))


def shift_out(caller: Caller, shift: Shift) -> dict[str, Any]:
    """A shift of `shift_with_id`, with what happened in it."""
    told = selectors.story(shift)
    sums = selectors.shift_tenders(shift) if told.ended or Can.CLOSE_DAY in caller.can else []
    return shift_row(shift, told.ended) | {
        "began_with": told.began,
        "opening_difference": told.opened.difference,
        "moves": [move_out(move) for move in told.moves],
        "moved": told.moved,
        "cash_sold": told.sold,
        "expected": told.ended.expected if told.ended else None,
        "to_safe": told.ended.safe if told.ended else None,
        "stays": told.stays,
        "taken": [{"method": METHODS.get(one["method"], one["method"]), "count": one["count"], "amount": one["amount"]} for one in sums],
        "claims": [payment_out(claim) for claim in selectors.shift_claims(shift)],
    }


def move_out(move: DrawerEvent) -> dict[str, Any]:
    same = ("reason", "amount", "words", "day", "at")
    return {name: getattr(move, name) for name in same} | {"id": move.pk, "by": move.by.name}
