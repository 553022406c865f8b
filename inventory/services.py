"""The acts that change stock. Each is one transaction; its last write is a StockEvent, from which the ledger posts.

`issue_goods` and `return_goods` are for the floor above: they run inside a bill's own transaction and write no event.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from catalog.models import Product
from inventory.allocation import chosen_first, move, sellable, take, value_in
from inventory.errors import StockError
from inventory.locks import lock_lots
from inventory.models import StockDocument, StockEvent, StockLot, StockMovement
from inventory.papers import Moves, bulk_move, enter_paper, numbered, write_movements
from shops.models import Shop, User
from smartkirana.dates import shop_today
from smartkirana.money import ZERO, money, plain, quantity, unit_cost
from smartkirana.text import clean_name

LARGEST_QUANTITY = Decimal("99999999.999")
LARGEST_COST = Decimal("9999999.9999")
LARGEST_PRICE = Decimal("99999999.99")
LARGEST_VALUE = Decimal("999999999.99")
Reason = StockDocument.Reason
TAKES_AWAY = (Reason.DAMAGE, Reason.LOSS, Reason.EXPIRED, Reason.OWN_USE, Reason.SAMPLE)
ADJUSTS = (Reason.DAMAGE, Reason.LOSS, Reason.EXPIRED, Reason.OWN_USE, Reason.SAMPLE, Reason.CORRECTION, Reason.FOUND)


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
    if value is None or not value.is_finite() or value <= 0:
        raise StockError("bad_quantity", f"Give a quantity of {product.name} above zero.", field)
    if value > LARGEST_QUANTITY:
        raise StockError("bad_quantity", f"That is too much {product.name}. Check the quantity.", field)
    if value != round(value, product.decimals):
        places = f"at most {product.decimals} decimals" if product.decimals else "whole numbers only"
        raise StockError("bad_quantity", f"{product.name} is counted by the {product.get_unit_display()}: {places}.", field)
    return quantity(value)


def enter_opening_stock(
    *,
    shop: Shop,
    by: User,
    openings: Sequence[Opening],
    day: date | None = None,
    note: str = "",
    at: datetime | None = None,
    request_key: UUID | None = None,
) -> StockDocument:
    """Enter goods that were there before the books began: a lot and a movement each, one event, one journal entry.

    request_key  one per opened form; a second call with it answers the first document and enters nothing
    Raises StockError "empty", "unknown_product", "bad_quantity", "bad_cost", "above_mrp", "bad_mrp", "bad_batch",
    "no_credit", "bad_day", "too_much". Afterwards everything is written, or nothing.
    """
    if not openings:
        raise StockError("empty", "Enter at least one product with a quantity.")
    checked = [checked_opening(shop, o) for o in openings]
    if sum((money(count * cost) for _, count, cost in checked), ZERO) > LARGEST_VALUE:
        raise StockError("too_much", "This stock would be worth more than ₹ 99,99,99,999. Check the quantities and costs.")

    def write(document: StockDocument) -> None:
        lots = StockLot.objects.bulk_create(_new_lot(shop, *one) for one in checked)
        moves = [(lot, count, value_in(lot, count)) for lot, (_, count, _) in zip(lots, checked, strict=True)]
        write_movements(numbered(moves), reason=StockMovement.Reason.OPENING, document=document, at=at)

    document = StockDocument(shop=shop, kind=StockDocument.Kind.OPENING, reason=Reason.OPENING, by=by, request_key=request_key)
    document.note, document.day = clean_name(note)[:200], day or shop_today()
    return enter_paper(document, StockEvent.Kind.OPENED, write)


def checked_opening(shop: Shop, o: Opening) -> tuple[Opening, Decimal, Decimal]:
    """The opening with its quantity (3 places) and unit cost (4 places, rupees). Raises StockError with the field it is about."""
    name = o.product.name
    if o.product.shop_id != shop.pk:
        raise StockError("unknown_product", "Choose a product of this shop.", "product")
    count = checked_quantity(o.product, o.quantity)
    if o.unit_cost is None or not o.unit_cost.is_finite() or not 0 <= o.unit_cost <= LARGEST_COST:
        raise StockError("bad_cost", f"Give what one {o.product.get_unit_display()} of {name} cost, in rupees.", "unit_cost")
    cost = unit_cost(o.unit_cost)
    if money(count * cost) > LARGEST_VALUE:
        raise StockError("too_much", f"{name} would be worth more than ₹ 99,99,99,999. Check quantity and cost.", "quantity")
    for field, word in (("mrp", "MRP"), ("price", "price")):
        rupees = getattr(o, field)
        if rupees is not None and (not rupees.is_finite() or not 0 < rupees <= LARGEST_PRICE or rupees != money(rupees)):
            raise StockError(f"bad_{field}", f"The {word} of {name} must be above zero, in rupees and paise.", field)
    if o.mrp is not None and (o.price or ZERO) > o.mrp:
        raise StockError("above_mrp", f"₹{o.price} is above MRP ₹{o.mrp}. Nobody may sell above MRP.", "price")
    if len(clean_name(o.batch)) > 40:
        raise StockError("bad_batch", "A batch number has at most 40 characters.", "batch")
    if o.credit_rate and not shop.charges_gst:
        raise StockError("no_credit", "Only a regular GST shop takes input credit.", "credit")
    return o, count, cost


def _new_lot(shop: Shop, o: Opening, _: Decimal, cost: Decimal) -> StockLot:
    return StockLot(
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


def adjust_stock(
    *,
    shop: Shop,
    by: User,
    product: Product,
    reason: str,
    change: Decimal | None = None,
    counted: Decimal | None = None,
    note: str = "",
    lot: StockLot | None = None,
    day: date | None = None,
    seen: Decimal | None = None,
    request_key: UUID | None = None,
) -> StockDocument:
    """Put the stock right: `change` in the product's unit, minus for what is gone, plus for what was found.

    Damage, loss, expiry, own use and samples take away; found adds; a correction may do either. Units leave the lot named, else the
    first-expiring ones; found units first fill lots below zero, then join the lot named, else the last-expiring one.
    counted      instead of `change`, for a correction: what is really there, of the lot named, else of the product
    seen         the product's stock that the person saw; another one now refuses, since the count was of that moment
    request_key  one per opened form; a second call with it answers the first document and changes nothing
    Raises StockError "unknown_product", "bad_reason", "bad_quantity", "no_lot", "stock_changed", "nothing_changes",
    "not_enough_stock", "bad_day", "too_much". One event, one journal entry; or nothing at all.
    """
    _check_reason(shop, product, reason, change, counted)

    def write(document: StockDocument) -> None:
        lots = _lots_of(shop, product, lot, seen)
        by_how_much = change if counted is None else counted - sum((one.on_hand for one in lots), ZERO)
        if not by_how_much:
            raise StockError("nothing_changes", f"The stock of {product.name} is that already. Nothing to put right.", "counted")
        count = checked_quantity(product, abs(by_how_much), field="quantity" if counted is None else "counted")
        moves = _gone(product, lots, count) if by_how_much < 0 else put_found(shop, product, lots, count)
        write_movements(numbered(moves), reason=StockMovement.Reason(reason), document=document)

    document = StockDocument(shop=shop, kind=StockDocument.Kind.ADJUSTMENT, reason=reason, by=by, request_key=request_key)
    document.note, document.day = clean_name(note)[:200], day or shop_today()
    return enter_paper(document, StockEvent.Kind.ADJUSTED, write)


def _check_reason(shop: Shop, product: Product, reason: str, change: Decimal | None, counted: Decimal | None) -> None:
    """Reason, direction and size fit together, before anything is locked."""
    if product.shop_id != shop.pk:
        raise StockError("unknown_product", "Choose a product of this shop.", "product")
    if reason not in ADJUSTS:
        raise StockError("bad_reason", "Choose why the stock changes.", "reason")
    if reason == Reason.CORRECTION and counted is not None:
        if not counted.is_finite() or not 0 <= counted <= LARGEST_QUANTITY:
            raise StockError("bad_quantity", f"Give how much {product.name} you counted; zero when there is none.", "counted")
        return
    if change is None or not change.is_finite() or not change:
        raise StockError("bad_quantity", "Give how much the stock changes; it cannot be zero.", "quantity")
    if (change > 0 and reason in TAKES_AWAY) or (change < 0 and reason == Reason.FOUND):
        word = "take away" if change > 0 else "add"
        raise StockError("bad_reason", f"{Reason(reason).label} can only {word} stock.", "reason")
    checked_quantity(product, abs(change))


def _lots_of(shop: Shop, product: Product, lot: StockLot | None, seen: Decimal | None) -> list[StockLot]:
    """The product's lots locked, or the named one of them alone."""
    lots = lock_lots(shop, [product.pk]).get(product.pk, [])
    if seen is not None and (now := sum((one.on_hand for one in lots), ZERO)) != seen:
        raise StockError("stock_changed", f"The stock changed meanwhile: it is {plain(now)} now. Look again.")
    if lot is None:
        return lots
    lots = [one for one in lots if one.pk == lot.pk]
    if not lots:
        raise StockError("no_lot", f"Choose a lot of {product.name}.", "lot")
    return lots


def _gone(product: Product, lots: Sequence[StockLot], count: Decimal) -> Moves:
    """Goods cannot be damaged or lost that are not there, whatever the shop's policy on sales is."""
    takes, missing = take(lots, count, below_zero=False)
    if missing:
        there = count - missing
        raise StockError("not_enough_stock", f"Only {plain(there)} {product.unit} of {product.name} in stock.", "quantity")
    return [(t.lot, -t.quantity, -t.value) for t in takes]


def put_found(shop: Shop, product: Product, lots: Sequence[StockLot], count: Decimal) -> Moves:
    """What is short is filled first; the rest joins the last-expiring lot, at its cost. A product without a lot gets one at its cost."""
    parts: dict[StockLot, Decimal] = {}
    for lot in lots:
        if count > 0 > lot.on_hand:
            parts[lot] = min(-lot.on_hand, count)
            count -= parts[lot]
    if count:
        lot = lots[-1] if lots else StockLot.objects.create(shop=shop, product=product, mrp=product.mrp, unit_cost=product.cost)
        parts[lot] = parts.get(lot, ZERO) + count
    moves: Moves = []
    for lot, part in parts.items():
        moves.append((lot, part, value_in(lot, part)))
        move(*moves[-1])
    if any(lot.on_hand > LARGEST_QUANTITY or lot.value > LARGEST_VALUE for lot in parts):
        raise StockError("too_much", f"That is too much {product.name}. Check the quantity.", "quantity")
    return moves


def set_minimum(*, shop: Shop, by: User, product: Product, minimum: Decimal) -> None:
    """From how much on (in the product's unit) a product counts as low; zero: never. Raises StockError "bad_minimum"."""
    _check_level(shop, product, minimum, "min_stock", "bad_minimum", "Give a minimum of zero or more.")
    if product.max_stock is not None and minimum > product.max_stock:
        raise StockError("bad_minimum", f"The maximum is {plain(product.max_stock)}. Raise that first.", "min_stock")
    product.min_stock, product.changed_by = quantity(minimum), by
    product.save(update_fields=["min_stock", "changed_by", "updated_at"])


def set_maximum(*, shop: Shop, by: User, product: Product, maximum: Decimal | None) -> None:
    """Up to how much (in the product's unit) a product is ordered; None: no maximum. Raises StockError "bad_maximum"."""
    if maximum is not None:
        _check_level(shop, product, maximum, "max_stock", "bad_maximum", "Give a maximum of zero or more, or none.")
        if maximum < product.min_stock:
            raise StockError("bad_maximum", f"The minimum is {plain(product.min_stock)}. Lower that first.", "max_stock")
    elif product.shop_id != shop.pk:
        raise StockError("unknown_product", "Choose a product of this shop.", "product")
    product.max_stock, product.changed_by = None if maximum is None else quantity(maximum), by
    product.save(update_fields=["max_stock", "changed_by", "updated_at"])


def _check_level(shop: Shop, product: Product, level: Decimal | None, field: str, code: str, sentence: str) -> None:
    if product.shop_id != shop.pk:
        raise StockError("unknown_product", "Choose a product of this shop.", "product")
    if level is None or not level.is_finite() or not 0 <= level <= LARGEST_QUANTITY:
        raise StockError(code, sentence, field)
    if level != round(level, product.decimals):
        raise StockError(code, f"{product.name} is counted by the {product.get_unit_display()}.", field)


@dataclass(frozen=True)
class Issue:
    """A bill line's goods: `quantity` (> 0, product's unit) of `product`, of the lots with this MRP (None: goods without one).

    lot_id  a batch chosen by hand: it gives first
    """

    line_no: int
    product: Product
    quantity: Decimal
    mrp: Decimal | None
    lot_id: int | None = None


@dataclass(frozen=True)
class IssuePlan:
    """What a bill takes out of which lots, decided and not yet written; `costs` are rupees by line number."""

    moves: list[tuple[StockLot, Decimal, Decimal, int]]
    costs: dict[int, Decimal]


def plan_issue(*, shop: Shop, issues: Sequence[Issue], lots: dict[int, list[StockLot]], day: date, refuse: bool = False) -> IssuePlan:
    """Choose the lots of a bill's goods among locked ones, first-expiring first, by the shop's policy; or `refuse` what is not there.

    Raises StockError "not_enough_stock" naming the goods, and "expired", whatever the policy, when nothing but goods past
    their date is there. Runs inside the caller's transaction.
    """
    warn = shop.stock_policy == Shop.StockPolicy.WARN and not refuse
    plan = IssuePlan([], {})
    for issue in issues:
        ours = lots.setdefault(issue.product.pk, [])
        fit = chosen_first(sellable(ours, mrp=issue.mrp, day=day), issue.lot_id)
        if not fit and warn and not _expired(ours, day):
            fit = [StockLot.objects.create(shop=shop, product=issue.product, mrp=issue.mrp, unit_cost=issue.product.cost)]
            ours += fit
        takes, missing = take(fit, issue.quantity, below_zero=warn)
        if missing:
            raise _short(issue, _expired(ours, day), issue.quantity - missing)
        plan.moves.extend((t.lot, -t.quantity, -t.value, issue.line_no) for t in takes)
        plan.costs[issue.line_no] = sum((t.value for t in takes), ZERO)
    return plan


def issue_goods(*, shop: Shop, plan: IssuePlan, order_id: int, by: User, at: datetime) -> None:
    """Write a bill's planned issue as movements: one INSERT, and the database lowers the lots."""
    bulk_move(shop, plan.moves, reason=StockMovement.Reason.SALE, document=StockMovement.Document.ORDER, document_id=order_id, by=by, at=at)


def _expired(lots: Sequence[StockLot], day: date) -> StockLot | None:
    """A lot with goods past their date on `day`."""
    return next((lot for lot in lots if lot.expiry and lot.expiry < day and lot.on_hand > 0), None)


def _short(issue: Issue, expired: StockLot | None, there: Decimal) -> StockError:
    if expired and expired.expiry and not there:
        return StockError("expired", f"{issue.product.name} expired on {expired.expiry:%-d %b %Y}. Put it aside.")
    return StockError("not_enough_stock", f"Only {plain(there)} {issue.product.unit} of {issue.product.name} in stock.")


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
    bulk_move(shop, moves, reason=reason, document=StockMovement.Document.ORDER, document_id=order_id, by=by, at=at)
    return sum((value for _, _, value, _ in moves), ZERO)
