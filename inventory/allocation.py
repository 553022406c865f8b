"""Which lots a quantity comes from, and what it is worth. Pure: works on lots already locked; keeps their figures up to date in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from inventory.models import StockLot
from smartkirana.money import money


@dataclass(frozen=True)
class Take:
    """`quantity` (product's unit) out of `lot`, worth `value` rupees; both positive."""

    lot: StockLot
    quantity: Decimal
    value: Decimal


def value_out(lot: StockLot, quantity: Decimal) -> Decimal:
    """Rupees that leave with `quantity` (> 0): the lot's value in proportion, all of it for the last units.

    At and below zero a lot is worth its quantity at unit cost, whatever way it came there: paise never pile up.
    """
    left = lot.on_hand - quantity
    return money(lot.value * quantity / lot.on_hand) if left > 0 else lot.value - money(left * lot.unit_cost)


def value_in(lot: StockLot, quantity: Decimal, value: Decimal | None = None) -> Decimal:
    """Rupees that come with `quantity` (> 0), at `value` or the lot's unit cost.

    What a lot lacks is filled first, at the value it lacks; only what then lies above zero brings its own.
    """
    there = lot.on_hand + quantity
    if there <= 0:
        return money(there * lot.unit_cost) - lot.value
    worth = quantity * lot.unit_cost if value is None else value
    return money(worth * there / quantity) - lot.value if lot.on_hand < 0 else money(worth)


def move(lot: StockLot, quantity: Decimal, value: Decimal) -> None:
    """Keep the locked lot's figures in step with a movement to be written (signed)."""
    lot.on_hand += quantity
    lot.value += value


def moves_in(lots: Sequence[StockLot], new: StockLot, count: Decimal, cost: Decimal) -> list[tuple[StockLot, Decimal, Decimal]]:
    """`count` units that cost `cost` rupees come in: the movements, as lot, quantity and value.

    What was sold below zero is filled first, in the lots that lack it, at the value they lack; the rest is the `new` lot's.
    """
    moves: list[tuple[StockLot, Decimal, Decimal]] = []
    left, worth = count, cost
    for lot in lots:
        if lot.on_hand < 0 < left:
            part = min(-lot.on_hand, left)
            share = money(worth * part / left)
            moves.append((lot, part, value_in(lot, part, share)))
            move(*moves[-1])
            left, worth = left - part, worth - share
    if left:
        moves.append((new, left, worth))
    return moves


def sellable(lots: Iterable[StockLot], *, mrp: Decimal | None, day: date) -> list[StockLot]:
    """Lots of that MRP not past their date on `day`, in the order given."""
    return [lot for lot in lots if lot.mrp == mrp and (lot.expiry is None or lot.expiry >= day)]


def chosen_first(lots: Sequence[StockLot], lot_id: int | None) -> list[StockLot]:
    """The same lots, the one with this id before the others."""
    return sorted(lots, key=lambda lot: lot.pk != lot_id) if lot_id is not None else list(lots)


def take(lots: Sequence[StockLot], quantity: Decimal, *, below_zero: bool) -> tuple[list[Take], Decimal]:
    """Take `quantity` from the lots in order; returns the takes and what is missing.

    With `below_zero` the last lot gives what is missing and goes under zero; without any lot all of it is missing.
    """
    takes: list[Take] = []
    left = quantity
    for lot in lots:
        part = left if below_zero and lot is lots[-1] else min(left, lot.on_hand)
        if part > 0:
            takes.append(_take(lot, part))
            left -= part
    return takes, left


def _take(lot: StockLot, quantity: Decimal) -> Take:
    taken = Take(lot, quantity, value_out(lot, quantity))
    move(lot, -quantity, -taken.value)
    return taken
