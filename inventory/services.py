"""The acts that change stock. Each is one transaction; its last write is a StockEvent, from which the ledger posts.

`issue_goods` and `return_goods` are for the floor above: they run inside a bill's own transaction and write no event.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from catalog.models import Product
from inventory.allocation import move, sellable, take, value_in
from inventory.errors import StockError
from inventory.locks import lock_lots
from inventory.models import StockDocument, StockEvent, StockLot, StockMovement
from shops.models import Shop, User
from smartkirana.dates import shop_today
from smartkirana.money import ZERO, quantity, unit_cost
from smartkirana.text import clean_name

LARGEST_QUANTITY = Decimal("99999999.999")
LARGEST_COST = Decimal("9999999.9999")
Reason = StockDocument.Reason


@dataclass(frozen=True)
class Opening:
    """A lot that was in the shop when the books began: quantity in the product's unit, cost and MRP in rupees a unit.

    credit_rate  percent of input GST that was claimed on it (goes back if the goods are lost); 0 when none was.
    """

    product: Product
    quantity: Decimal
    unit_cost: Decimal
    mrp: Decimal | None = None
    price: Decimal | None = None
    batch: str = ""
    expiry: date | None = None
    credit_rate: Decimal = ZERO
    credit_igst: bool = False


def checked_quantity(product: Product, value: Decimal, *, field: str = "quantity") -> Decimal:
    """`value` as a quantity of `product` (its unit, above zero, no more decimals than the unit has). Raises StockError."""
    if value is None or not value.is_finite() or value <= 0 or value > LARGEST_QUANTITY:
        raise StockError("bad_quantity", f"Give a quantity of {product.name} above zero.", field)
    if value != round(value, product.decimals):
        places = f"at most {product.decimals} decimals" if product.decimals else "whole numbers only"
        raise StockError("bad_quantity", f"{product.name} is counted in {product.get_unit_display()}s: {places}.", field)
    return quantity(value)


@transaction.atomic
def enter_opening_stock(
    *, shop: Shop, by: User, openings: Sequence[Opening], day: date | None = None, note: str = "", at: datetime | None = None
) -> StockDocument:
    """Enter goods that were there before the books began: a lot and a movement each, one event, one journal entry.

    Raises StockError "empty", "bad_quantity", "bad_cost", "above_mrp". Afterwards everything is written, or nothing.
    """
    if not openings:
        raise StockError("empty", "Enter at least one product with a quantity.")
    checked = [_checked_opening(o) for o in openings]
    document = StockDocument.objects.create(
        shop=shop, kind=StockDocument.Kind.OPENING, reason=Reason.OPENING, note=clean_name(note), day=day or shop_today(), by=by
    )
    lots = StockLot.objects.bulk_create(
        StockLot(
            shop=shop,
            product=o.product,
            batch=clean_name(o.batch),
            mrp=o.mrp,
            price=o.price,
            expiry=o.expiry,
            unit_cost=cost,
            credit_rate=o.credit_rate,
            credit_igst=o.credit_igst,
        )
        for o, _, cost in checked
    )
    moves = [(lot, q, value_in(lot, q)) for lot, (_, q, _) in zip(lots, checked, strict=True)]
    _write_movements(shop, moves, reason=StockMovement.Reason.OPENING, document=document, by=by, at=at)
    StockEvent.objects.create(shop=shop, kind=StockEvent.Kind.OPENED, stock_document=document, by=by)
    return document


def _checked_opening(o: Opening) -> tuple[Opening, Decimal, Decimal]:
    count = checked_quantity(o.product, o.quantity)
    if o.unit_cost is None or not o.unit_cost.is_finite() or not 0 <= o.unit_cost <= LARGEST_COST:
        raise StockError("bad_cost", f"Give what one {o.product.get_unit_display()} of {o.product.name} cost, in rupees.", "unit_cost")
    if o.mrp is not None and (o.price or ZERO) > o.mrp:
        raise StockError("above_mrp", f"₹{o.price} is above MRP ₹{o.mrp}. Nobody may sell above MRP.", "price")
    if o.mrp is not None and o.mrp <= 0:
        raise StockError("bad_mrp", "The MRP must be above zero.", "mrp")
    return o, count, unit_cost(o.unit_cost)


@transaction.atomic
def adjust_stock(
    *,
    shop: Shop,
    by: User,
    product: Product,
    change: Decimal,
    reason: str,
    note: str = "",
    lot: StockLot | None = None,
    day: date | None = None,
) -> StockDocument:
    """Put the stock right: `change` in the product's unit, minus for what is gone, plus for what was found.

    Damage, loss and own use take away; found adds; a correction may do either. Units leave the lot named, else the
    first-expiring ones. Raises StockError "bad_reason", "bad_quantity", "not_enough_stock", "no_lot". One event, one entry.
    """
    if reason not in Reason.values or reason == Reason.OPENING:
        raise StockError("bad_reason", "Choose why the stock changes.", "reason")
    if change is None or not change.is_finite() or not change:
        raise StockError("bad_quantity", "Give how much the stock changes; it cannot be zero.", "change")
    if (change > 0 and reason in (Reason.DAMAGE, Reason.LOSS, Reason.OWN_USE)) or (change < 0 and reason == Reason.FOUND):
        word = "take away" if change > 0 else "add"
        raise StockError("bad_reason", f"{Reason(reason).label} can only {word} stock.", "reason")
    count = checked_quantity(product, abs(change), field="change")
    lots = lock_lots(shop, [product.pk]).get(product.pk, [])
    if lot is not None:
        lots = [one for one in lots if one.pk == lot.pk]
    document = StockDocument.objects.create(
        shop=shop, kind=StockDocument.Kind.ADJUSTMENT, reason=reason, note=clean_name(note), day=day or shop_today(), by=by
    )
    moves = _gone(product, lots, count) if change < 0 else _found(shop, product, lots, count)
    _write_movements(shop, moves, reason=StockMovement.Reason(reason), document=document, by=by)
    StockEvent.objects.create(shop=shop, kind=StockEvent.Kind.ADJUSTED, stock_document=document, by=by)
    return document


def _gone(product: Product, lots: Sequence[StockLot], count: Decimal) -> list[tuple[StockLot, Decimal, Decimal]]:
    """Goods cannot be damaged or lost that are not there, whatever the shop's policy on sales is."""
    takes, missing = take(lots, count, below_zero=False)
    if missing:
        there = count - missing
        raise StockError("not_enough_stock", f"Only {there.normalize():f} {product.unit} of {product.name} in stock.", "change")
    return [(t.lot, -t.quantity, -t.value) for t in takes]


def _found(shop: Shop, product: Product, lots: Sequence[StockLot], count: Decimal) -> list[tuple[StockLot, Decimal, Decimal]]:
    """Found goods join the newest lot (first one that is short), at its cost; a product without a lot gets one at the product's cost."""
    lot = next((one for one in lots if one.on_hand < 0), lots[-1] if lots else None)
    lot = lot or StockLot.objects.create(shop=shop, product=product, mrp=product.mrp, unit_cost=product.cost)
    return [(lot, count, value_in(lot, count))]


@dataclass(frozen=True)
class Issue:
    """A bill line's goods: `quantity` (> 0, product's unit) of `product`, of the lots with this MRP (None: goods without one)."""

    line_no: int
    product: Product
    quantity: Decimal
    mrp: Decimal | None


@dataclass(frozen=True)
class IssuePlan:
    """What a bill takes out of which lots, decided and not yet written; `costs` are rupees by line number."""

    moves: list[tuple[StockLot, Decimal, Decimal, int]]
    costs: dict[int, Decimal]


def plan_issue(*, shop: Shop, issues: Sequence[Issue], lots: dict[int, list[StockLot]], day: date) -> IssuePlan:
    """Choose the lots of a bill's goods among locked ones, first-expiring first, by the shop's policy.

    Raises StockError "not_enough_stock" or "expired" naming the goods. Runs inside the caller's transaction.
    """
    warn = shop.stock_policy == Shop.StockPolicy.WARN
    plan = IssuePlan([], {})
    for issue in issues:
        ours = lots.setdefault(issue.product.pk, [])
        fit = sellable(ours, mrp=issue.mrp, day=day)
        if not fit and warn:
            fit = [StockLot.objects.create(shop=shop, product=issue.product, mrp=issue.mrp, unit_cost=issue.product.cost)]
            ours += fit
        takes, missing = take(fit, issue.quantity, below_zero=warn)
        if missing:
            raise _short(issue, ours, issue.quantity - missing, day)
        plan.moves.extend((t.lot, -t.quantity, -t.value, issue.line_no) for t in takes)
        plan.costs[issue.line_no] = sum((t.value for t in takes), ZERO)
    return plan


def issue_goods(*, shop: Shop, plan: IssuePlan, order_id: int, by: User, at: datetime) -> None:
    """Write a bill's planned issue as movements: one INSERT, and the database lowers the lots."""
    _bulk_move(
        shop, plan.moves, reason=StockMovement.Reason.SALE, document=StockMovement.Document.ORDER, document_id=order_id, by=by, at=at
    )


def _short(issue: Issue, lots: Sequence[StockLot], there: Decimal, day: date) -> StockError:
    expired = next((lot for lot in lots if lot.expiry and lot.expiry < day and lot.on_hand > 0), None)
    if expired and not there:
        return StockError("expired", f"{issue.product.name} expired on {expired.expiry:%-d %b %Y}. Put it aside.")
    return StockError("not_enough_stock", f"Only {there.normalize():f} {issue.product.unit} of {issue.product.name} in stock.")


def return_goods(*, shop: Shop, order_id: int, by: User, at: datetime) -> Decimal:
    """Put a cancelled bill's goods back into the lots they came from, at the value they left with; returns that value in rupees.

    Runs inside the caller's transaction, once for a bill (the bill's lock and its single cancel event see to that).
    """
    out = list(
        shop.movements.filter(document=StockMovement.Document.ORDER, document_id=order_id, reason=StockMovement.Reason.SALE).order_by("id")
    )
    lots = {lot.pk: lot for rows in lock_lots(shop, {m.product_id for m in out}).values() for lot in rows}
    moves = []
    for m in out:
        lot = lots[m.lot_id]
        value = value_in(lot, -m.quantity, -m.value)
        move(lot, -m.quantity, value)
        moves.append((lot, -m.quantity, value, m.document_line))
    reason = StockMovement.Reason.SALE_CANCELLED
    _bulk_move(shop, moves, reason=reason, document=StockMovement.Document.ORDER, document_id=order_id, by=by, at=at)
    return sum((value for _, _, value, _ in moves), ZERO)


def _write_movements(shop, moves, *, reason, document: StockDocument, by: User, at: datetime | None = None) -> None:
    _bulk_move(
        shop,
        [(lot, q, v, n) for n, (lot, q, v) in enumerate(moves, 1)],
        reason=reason,
        document=StockMovement.Document.STOCK_DOCUMENT,
        document_id=document.pk,
        by=by,
        at=at or timezone.now(),
    )


def _bulk_move(shop, moves, *, reason, document, document_id, by, at) -> None:
    """One INSERT for all movements; the database adds them to the lots."""
    StockMovement.objects.bulk_create(
        StockMovement(
            shop=shop,
            lot=lot,
            product_id=lot.product_id,
            quantity=q,
            value=v,
            unit_cost=lot.unit_cost,
            reason=reason,
            document=document,
            document_id=document_id,
            document_line=line,
            by=by,
            at=at,
        )
        for lot, q, v, line in moves
    )
