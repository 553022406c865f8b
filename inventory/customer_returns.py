"""Goods that a customer brings back: into the lots they came from, at the cost they left with. For the floor above, inside its own act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from inventory.allocation import move, value_in
from inventory.models import StockLot, StockMovement
from inventory.papers import movement_rows
from shops.models import Shop, User
from smartkirana.bulk import insert_rows
from smartkirana.money import ZERO

type Move = tuple[StockLot, Decimal, Decimal, int]


@dataclass(frozen=True)
class Back:
    """`quantity` (> 0) into a lot, that left it at `cost` rupees, for a line of the credit note; damaged units leave it again at once."""

    line_no: int
    lot_id: int
    quantity: Decimal
    cost: Decimal
    damaged: bool = False


@dataclass
class BackPlan:
    """What comes back into which lots, decided and not yet written; `costs` are rupees by the note's line."""

    came: list[Move] = field(default_factory=list)
    damaged: list[Move] = field(default_factory=list)
    costs: dict[int, Decimal] = field(default_factory=dict)

    @property
    def cost(self) -> Decimal:
        """All of it, rupees."""
        return sum(self.costs.values(), ZERO)


def sold_lots(shop: Shop, order_id: int) -> dict[int, list[tuple[int, Decimal, Decimal]]]:
    """By line of the bill, the lots that gave it: (lot's id, quantity, cost in rupees), in the order they gave."""
    gave: dict[int, list[tuple[int, Decimal, Decimal]]] = {}
    out = shop.movements.filter(document=StockMovement.Document.ORDER, document_id=order_id, reason=StockMovement.Reason.SALE)
    for line, lot_id, quantity, value in out.order_by("id").values_list("document_line", "lot_id", "quantity", "value"):
        gave.setdefault(line, []).append((lot_id, -quantity, -value))
    return gave


def plan_back(backs: Sequence[Back], lots: Mapping[int, StockLot]) -> BackPlan:
    """What these units are worth to their lots, which are locked. What a lot lacks is filled first, at the value it lacks.

    Damaged units leave at exactly the value they came in with, so that the lot is as it was.
    """
    plan = BackPlan()
    for back in backs:
        lot = lots[back.lot_id]
        value = value_in(lot, back.quantity, back.cost)
        plan.came.append((lot, back.quantity, value, back.line_no))
        plan.costs[back.line_no] = plan.costs.get(back.line_no, ZERO) + value
        if back.damaged:
            plan.damaged.append((lot, -back.quantity, -value, back.line_no))
        else:
            move(lot, back.quantity, value)
    return plan


def write_back(*, shop: Shop, plan: BackPlan, credit_note_id: int, by: User, at: datetime) -> None:
    """The plan as movements of the credit note: what came back, and what of it was thrown away. One INSERT, so no lot dips between."""
    rows = [
        row
        for reason, moves in ((StockMovement.Reason.SALE_RETURNED, plan.came), (StockMovement.Reason.DAMAGE, plan.damaged))
        for row in movement_rows(
            shop, moves, reason=reason, document=StockMovement.Document.CREDIT_NOTE, document_id=credit_note_id, by=by, at=at
        )
    ]
    insert_rows(rows)
