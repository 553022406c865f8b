"""The acts on purchase orders: wishes gathered into drafts, a draft written, sent, closed, cancelled. Bills fulfil them (`receiving`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, OuterRef, Subquery, Sum
from django.utils import timezone

from catalog.models import Barcode, Product
from inventory.errors import StockError
from inventory.models import PurchaseOrder, PurchaseOrderLine, ReceiptLine, Supplier
from inventory.order_models import OPEN
from inventory.services import LARGEST_PRICE, checked_quantity
from shops.models import Shop, User
from shops.numbers import next_numbers
from smartkirana.dates import FIRST_DAY, LAST_DAY, financial_year, shop_today
from smartkirana.db_rules import broken_rule, made_with_key
from smartkirana.money import money, quantity, unit_cost
from smartkirana.text import clean_name

MOST_LINES = 500
ONE = Decimal(1)
Status = PurchaseOrder.Status


@dataclass(frozen=True)
class Wish:
    """Goods wanted, in the product's unit. `supplier` is asked when nobody is known to bring the product."""

    product: Product
    quantity: Decimal
    supplier: Supplier | None = None


@dataclass(frozen=True)
class Drafted:
    """What became of wishes: the draft orders they stand in, and those for which no supplier is known."""

    orders: list[PurchaseOrder] = field(default_factory=list)
    left_over: list[Wish] = field(default_factory=list)


@dataclass(frozen=True)
class Usual:
    """How a product came last: from whom, in packs of how many pieces, at how many rupees a pack without tax (None: unknown)."""

    supplier: Supplier
    pack_size: Decimal
    cost: Decimal | None


@dataclass(frozen=True)
class OrderedLine:
    """`packs` of `pack_size` pieces wanted; `cost` is what a pack is expected to cost without tax, rupees, None: unknown."""

    product: Product
    packs: Decimal
    pack_size: Decimal = ONE
    cost: Decimal | None = None

    @property
    def quantity(self) -> Decimal:
        """In the product's unit."""
        return quantity(self.packs * self.pack_size)

    @property
    def worth(self) -> Decimal | None:
        """Rupees expected without tax."""
        return None if self.cost is None else money(self.packs * self.cost)


# --- what is known --------------------------------------------------------------------------------------------
def usual_suppliers(shop: Shop, product_ids: Iterable[int]) -> dict[int, Usual]:
    """Product id → how it came on the supplier's bill entered last, in one query. Suppliers no longer in use bring nothing."""
    newest = ReceiptLine.objects.filter(shop=shop, product=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    lines = ReceiptLine.objects.filter(shop=shop, pk__in=shop.products.filter(pk__in=set(product_ids)).values(last=Subquery(newest)))
    found = lines.filter(receipt__supplier__is_active=True).select_related("receipt__supplier")
    return {
        line.product_id: Usual(line.receipt.supplier, line.pack_size, unit_cost(line.taxable / line.packs) if line.packs else None)
        for line in found
    }


def on_order(shop: Shop, product_ids: Iterable[int]) -> dict[int, Decimal]:
    """Product id → what open orders, drafts too, still bring of it, in its unit; products with none are left out. One query."""
    lines = PurchaseOrderLine.objects.filter(shop=shop, product__in=set(product_ids), order__status__in=OPEN, received__lt=F("quantity"))
    sums = lines.values("product").annotate(missing=Sum(F("quantity") - F("received"))).order_by()
    return {row["product"]: row["missing"] for row in sums}


def in_packs(product: Product, wanted: Decimal, pack_size: Decimal) -> OrderedLine:
    """`wanted` units of a product rounded up to whole packs; a pack the unit cannot be counted in is taken as one unit."""
    pack = pack_size if pack_size > 0 and pack_size == round(pack_size, product.decimals) else ONE
    return OrderedLine(product, (wanted / pack).to_integral_value(ROUND_CEILING), pack)


# --- wishes ---------------------------------------------------------------------------------------------------
def draft_orders(*, shop: Shop, by: User, wishes: Sequence[Wish], request_key: UUID | None = None) -> Drafted:
    """Put wishes into draft orders, one for each supplier: the one who brought the product last, else the wish's own.

    Quantities go up to whole packs: as the product came last, else of its carton's code, else of what is ordered at a time.
    A draft the supplier has already is extended; what stands in it of a product is added to.
    request_key  one per opened form: a second call with it adds nothing and answers the same orders
    Raises StockError "no_lines", "too_many", "bad_quantity", "unknown_product", "unknown_supplier"; field "wishes-2-quantity".
    """
    wanted = _checked_wishes(shop, wishes)
    usual = usual_suppliers(shop, wanted)
    drafted = Drafted(left_over=[wish for pk, wish in wanted.items() if pk not in usual and wish.supplier is None])
    lines = _in_packs(shop, wanted, usual)
    by_supplier: dict[int, tuple[Supplier, list[OrderedLine]]] = {}
    for pk, wish in wanted.items():
        supplier = usual[pk].supplier if pk in usual else wish.supplier
        if supplier is not None:
            by_supplier.setdefault(supplier.pk, (supplier, []))[1].append(lines[pk])
    with transaction.atomic():
        # One act at a time for each supplier, in one order for everybody: two presses cannot make two drafts.
        list(Supplier.objects.select_for_update(no_key=True).filter(pk__in=by_supplier).order_by("pk").values_list("pk"))
        done = done_with(shop, request_key)
        for pk in sorted(by_supplier):
            supplier, its = by_supplier[pk]
            if fresh := [one for one in its if one.product.pk not in done]:
                drafted.orders.append(_extended(shop, by, supplier, fresh, request_key))
        known = {order.pk for order in drafted.orders}
        drafted.orders.extend({o.pk: o for o in done.values() if o.pk not in known}.values())
    return drafted


def _checked_wishes(shop: Shop, wishes: Sequence[Wish]) -> dict[int, Wish]:
    """Product id → its wish, checked; several of one product are added up."""
    if not wishes:
        raise StockError("no_lines", "Choose at least one product to order.")
    if len(wishes) > MOST_LINES:
        raise StockError("too_many", f"At most {MOST_LINES} products at once. Order the rest after that.")
    known = shop.products.in_bulk({wish.product.pk for wish in wishes})
    suppliers = set(
        shop.suppliers.filter(pk__in={w.supplier.pk for w in wishes if w.supplier}, is_active=True).values_list("pk", flat=True)
    )
    wanted: dict[int, Wish] = {}
    for n, wish in enumerate(wishes):
        if wish.product.pk not in known:
            raise StockError("unknown_product", "Choose a product of this shop.", f"wishes-{n}-product")
        if wish.supplier and wish.supplier.pk not in suppliers:
            raise StockError("unknown_supplier", "Choose a supplier of this shop that is in use.", f"wishes-{n}-supplier")
        product = known[wish.product.pk]
        count = checked_quantity(product, wish.quantity, field=f"wishes-{n}-quantity")
        before = wanted.get(product.pk)
        total = checked_quantity(product, count + before.quantity, field=f"wishes-{n}-quantity") if before else count
        wanted[product.pk] = Wish(product, total, wish.supplier or (before and before.supplier))
    return wanted


def _in_packs(shop: Shop, wanted: Mapping[int, Wish], usual: Mapping[int, Usual]) -> dict[int, OrderedLine]:
    unknown = [pk for pk in wanted if pk not in usual]
    codes = Barcode.objects.filter(shop=shop, product__in=unknown, pack_quantity__gt=1) if unknown else Barcode.objects.none()
    cartons = dict(codes.order_by("-pack_quantity").values_list("product_id", "pack_quantity"))  # the smallest stays
    lines = {}
    for pk, wish in wanted.items():
        pack = usual[pk].pack_size if pk in usual else cartons.get(pk) or wish.product.reorder_quantity
        line = in_packs(wish.product, wish.quantity, pack)
        cost = usual[pk].cost if pk in usual and line.pack_size == usual[pk].pack_size else None
        lines[pk] = OrderedLine(line.product, line.packs, line.pack_size, cost)
        checked_quantity(wish.product, lines[pk].quantity)
    return lines


def done_with(shop: Shop, key: UUID | None) -> dict[int, PurchaseOrder]:
    """Product id → the order it was put into with this form's key; nothing for a form not sent before. One query."""
    lines = PurchaseOrderLine.objects.filter(shop=shop, request_key=key).select_related("order__supplier") if key else []
    return {line.product_id: line.order for line in lines}


def _extended(shop: Shop, by: User, supplier: Supplier, lines: Sequence[OrderedLine], key: UUID | None) -> PurchaseOrder:
    """The supplier's newest draft, or a new one, with the lines in it."""
    drafts = PurchaseOrder.objects.select_for_update(no_key=True).filter(shop=shop, supplier=supplier, status=Status.DRAFT)
    order = drafts.order_by("-pk").first()
    there = {line.product_id: line for line in order.lines.all()} if order else {}
    if order is None or len(there) + len(lines) > MOST_LINES:
        order, there = _new_order(shop, by, supplier), {}
    added = []
    for one in lines:
        if line := there.get(one.product.pk):
            line.packs += (one.quantity / line.pack_size).to_integral_value(ROUND_CEILING)
            line.quantity = checked_quantity(one.product, line.packs * line.pack_size)
            line.request_key = key
            line.save(update_fields=["packs", "quantity", "request_key"])
        else:
            added.append(_line(order, one, key))
    PurchaseOrderLine.objects.bulk_create(added)
    order.revision += 1
    order.save(update_fields=["revision"])
    order.supplier = supplier
    return order


def _new_order(shop: Shop, by: User, supplier: Supplier, **more) -> PurchaseOrder:
    series = f"PO/{financial_year(shop_today())}"
    more.setdefault("expected", shop_today() + timedelta(days=supplier.lead_days))
    number = f"{series}/{next_numbers(shop, [series])[0]:04d}"
    return PurchaseOrder.objects.create(shop=shop, supplier=supplier, by=by, number=number, **more)


def _line(order: PurchaseOrder, one: OrderedLine, key: UUID | None = None) -> PurchaseOrderLine:
    return PurchaseOrderLine(
        shop=order.shop, order=order, product=one.product, name=one.product.name, packs=quantity(one.packs),
        pack_size=quantity(one.pack_size), quantity=one.quantity, cost=one.cost, request_key=key,
    )  # fmt: skip


# --- one order ------------------------------------------------------------------------------------------------
def save_order(
    *,
    shop: Shop,
    by: User,
    lines: Sequence[OrderedLine],
    supplier: Supplier | None = None,
    order: PurchaseOrder | None = None,
    note: str = "",
    expected: date | None = None,
    seen: int | None = None,
    request_key: UUID | None = None,
) -> PurchaseOrder:
    """Write a draft for `supplier`, or the lines, note and day of the draft `order` anew; whose it is stays.

    seen  the draft's revision on the form: one changed since is not written over
    Raises StockError "unknown_supplier", "no_lines", "too_many", "unknown_product", "twice", "bad_quantity", "bad_price", "bad_day",
    "changed", "not_draft"; its field names the line, from 0: "lines-2-packs".
    """
    lines = _checked_lines(shop, lines)
    if expected is not None and not FIRST_DAY <= expected <= LAST_DAY:
        raise StockError("bad_day", "Write a date between 2000 and 2099.", "expected")
    head = {"note": clean_name(note)[:200], "expected": expected}
    if order is None:
        if supplier is None or supplier.shop_id != shop.pk or not supplier.is_active:
            raise StockError("unknown_supplier", "Choose a supplier of this shop that is in use.", "supplier")
        return _write_new(shop, by, supplier, lines, head, request_key)
    with transaction.atomic():
        order = _locked(order)
        if order.shop_id != shop.pk or order.status != Status.DRAFT:
            raise StockError("not_draft", f"Order {order.number} is not a draft any more. Copy it to order otherwise.")
        if _is_written_so(order, lines, head):
            return order
        if seen is not None and seen != order.revision:
            raise StockError("changed", f"Somebody changed order {order.number} meanwhile. Open it again and write your changes there.")
        order.lines.all().delete()
        PurchaseOrderLine.objects.bulk_create(_line(order, one) for one in lines)
        order.note, order.expected, order.revision = head["note"], expected, order.revision + 1
        order.save(update_fields=["note", "expected", "revision"])
    return order


def _write_new(
    shop: Shop, by: User, supplier: Supplier, lines: Sequence[OrderedLine], head: dict, request_key: UUID | None
) -> PurchaseOrder:
    known, key = made_with_key(shop.purchase_orders.all(), request_key, supplier_id=supplier.pk)
    if known and _is_written_so(known, lines, head):
        return known
    try:
        with transaction.atomic():
            order = _new_order(shop, by, supplier, request_key=None if known else key, **head)
            PurchaseOrderLine.objects.bulk_create(_line(order, one) for one in lines)
    except IntegrityError as error:
        if broken_rule(error) == "inventory_purchaseorder_request_key":
            return shop.purchase_orders.get(request_key=request_key)
        raise
    return order


def _is_written_so(order: PurchaseOrder, lines: Sequence[OrderedLine], head: dict) -> bool:
    """Whether the order says exactly this already: the form was sent twice."""
    written = [(line.product_id, line.packs, line.pack_size, line.cost) for line in order.lines.all()]
    asked = [(one.product.pk, one.packs, one.pack_size, one.cost) for one in lines]
    return written == asked and (order.note, order.expected) == (head["note"], head["expected"])


def _checked_lines(shop: Shop, lines: Sequence[OrderedLine]) -> list[OrderedLine]:
    if not lines:
        raise StockError("no_lines", "Enter at least one product to order.")
    if len(lines) > MOST_LINES:
        raise StockError("too_many", f"At most {MOST_LINES} products in one order. Order the rest with a second one.")
    known = shop.products.in_bulk({one.product.pk for one in lines})
    checked: dict[int, OrderedLine] = {}
    for n, one in enumerate(lines):
        if one.product.pk not in known:
            raise StockError("unknown_product", "Choose a product of this shop.", f"lines-{n}-product")
        if one.product.pk in checked:
            raise StockError("twice", f"{one.product.name} stands twice. Write one line for it.", f"lines-{n}-packs")
        checked[one.product.pk] = _checked_line(known[one.product.pk], one, n)
    return list(checked.values())


def _checked_line(product: Product, one: OrderedLine, n: int) -> OrderedLine:
    for name, figure in (("packs", one.packs), ("pack_size", one.pack_size)):
        if figure is None or not figure.is_finite() or not 0 < figure <= LARGEST_PRICE or figure != round(figure, 3):
            raise StockError("bad_quantity", f"Check this figure of {product.name}: above zero, at most 3 decimals.", f"lines-{n}-{name}")
    checked_quantity(product, one.packs * one.pack_size, field=f"lines-{n}-packs")
    cost = one.cost
    if cost is not None and (not cost.is_finite() or not 0 <= cost <= LARGEST_PRICE or cost != round(cost, 4)):
        raise StockError("bad_price", "Write rupees, not below zero, or leave the price open.", f"lines-{n}-cost")
    return OrderedLine(product, one.packs, one.pack_size, cost)


# --- its way --------------------------------------------------------------------------------------------------
def send_order(*, order: PurchaseOrder) -> PurchaseOrder:
    """A draft is now with the supplier: its lines stand. Sent twice, it is sent once. Raises StockError "bad_move", "no_lines"."""
    with transaction.atomic():
        order = _locked(order)
        if order.status in (Status.SENT, Status.PART_RECEIVED, Status.RECEIVED):
            return order
        if order.status != Status.DRAFT:
            raise StockError("bad_move", f"Order {order.number} is {order.get_status_display().lower()}. Copy it to order again.")
        if not order.lines.exists():
            raise StockError("no_lines", f"Order {order.number} has no goods. Write what you want first.")
        order.status, order.sent_at = Status.SENT, timezone.now()
        order.save(update_fields=["status", "sent_at"])
    return order


def close_order(*, order: PurchaseOrder, reason: str) -> PurchaseOrder:
    """Nothing more is expected of an order. Raises StockError "no_reason", "bad_move"."""
    words = clean_name(reason)[:200]
    if not words:
        raise StockError("no_reason", "Say why nothing more will come.", "reason")
    return _end(order, Status.CLOSED, words, (Status.DRAFT, Status.SENT, Status.PART_RECEIVED))


def cancel_order(*, order: PurchaseOrder, reason: str = "") -> PurchaseOrder:
    """Take back an order of which nothing came. Raises StockError "bad_move"."""
    return _end(order, Status.CANCELLED, clean_name(reason)[:200], (Status.DRAFT, Status.SENT))


def _end(order: PurchaseOrder, status: str, reason: str, may: tuple[str, ...]) -> PurchaseOrder:
    with transaction.atomic():
        order = _locked(order)
        if order.status == status:
            return order
        if order.status == Status.PART_RECEIVED and status == Status.CANCELLED:
            raise StockError("bad_move", f"Goods of order {order.number} came already. Close it instead.")
        if order.status not in may:
            raise StockError("bad_move", f"Order {order.number} is {order.get_status_display().lower()} already. Nothing was changed.")
        order.status, order.reason, order.closed_at = status, reason, timezone.now()
        order.save(update_fields=["status", "reason", "closed_at"])
    return order


def _locked(order: PurchaseOrder) -> PurchaseOrder:
    rows = PurchaseOrder.objects.select_for_update(no_key=True, of=("self",)).select_related("supplier", "shop")
    return rows.get(pk=order.pk)
