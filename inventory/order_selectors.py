"""Reading purchase orders: the list, one order with what came of it, what a form begins with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum

from catalog.models import Product
from inventory.models import GoodsReceipt, PurchaseOrder, PurchaseOrderLine, ReceiptLine, Supplier
from inventory.order_models import OPEN
from inventory.ordering import ONE, OrderedLine, usual_suppliers
from shops.models import Shop
from smartkirana.money import ZERO, money, unit_cost

MOST_SHOWN = 20  # open orders on a supplier's page


@dataclass(frozen=True)
class OrderChoice:
    """What a list of orders is narrowed to: words of supplier or number, a status ("open": all that wait for something), a supplier."""

    q: str = ""
    status: str = ""
    supplier: Supplier | None = None


def orders(shop: Shop, choice: OrderChoice) -> QuerySet[PurchaseOrder]:
    """The shop's orders, the newest first, with their supplier."""
    found = shop.purchase_orders.select_related("supplier").order_by("-pk")
    if choice.q:
        found = found.filter(Q(number__icontains=choice.q) | Q(supplier__name__icontains=choice.q))
    if choice.status:
        found = found.filter(status__in=OPEN if choice.status == "open" else [choice.status])
    if choice.supplier:
        found = found.filter(supplier=choice.supplier)
    return found


def put_progress(shop: Shop, shown: Sequence[PurchaseOrder]) -> None:
    """Give orders on a page `goods` (lines), `whole` (lines of which all came) and `worth` (rupees expected), in one query."""
    lines = PurchaseOrderLine.objects.filter(shop=shop, order__in=[order.pk for order in shown]).values("order").order_by()
    sums = lines.annotate(
        goods=Count("pk"), whole=Count("pk", filter=Q(received__gte=F("quantity"))), worth=Sum(F("packs") * F("cost"), default=ZERO)
    )
    by_order = {row["order"]: row for row in sums}
    for order in shown:
        row = by_order.get(order.pk, {})
        order.goods, order.whole, order.worth = row.get("goods", 0), row.get("whole", 0), money(row.get("worth", ZERO))
        order.shop = shop  # for its address: not a query a row


def order_of(shop: Shop, order_id: int) -> PurchaseOrder | None:
    """One order with its supplier and who wrote it; None when the shop has no such order."""
    return shop.purchase_orders.select_related("supplier", "by").filter(pk=order_id).first()


def lines_of(order: PurchaseOrder) -> list[PurchaseOrderLine]:
    """The order's lines with their products."""
    return list(order.lines.select_related("product").defer("product__search_text", "product__search_vector"))


def expected_worth(lines: Iterable[PurchaseOrderLine | OrderedLine]) -> Decimal:
    """What the lines with an expected price come to without tax, rupees."""
    return sum((money(line.packs * line.cost) for line in lines if line.cost is not None), ZERO)


def bills_of(order: PurchaseOrder) -> list[GoodsReceipt]:
    """The bills that name the order, in the order they came."""
    return list(order.receipts.select_related("document").order_by("pk"))


def unasked(order: PurchaseOrder) -> list[dict]:
    """Goods that came with the order's bills and do not stand on it: name, unit and quantity."""
    lines = ReceiptLine.objects.filter(shop_id=order.shop_id, receipt__order=order).exclude(product__in=order.lines.values("product"))
    rows = lines.values("product__name", "product__unit").annotate(came=Sum("quantity")).order_by("product__name")
    return [{"name": row["product__name"], "unit": row["product__unit"], "came": row["came"]} for row in rows]


def open_orders_of(supplier: Supplier) -> list[PurchaseOrder]:
    """A supplier's orders that still wait for something, the newest first."""
    return list(supplier.orders.filter(shop_id=supplier.shop_id, status__in=OPEN).order_by("-pk")[:MOST_SHOWN])


def missing_lines(order: PurchaseOrder) -> list[OrderedLine]:
    """What is still to come: in the order's packs where whole ones are missing, else by the piece."""
    found = []
    for line in lines_of(order):
        if line.missing and not line.missing % line.pack_size:
            found.append(OrderedLine(line.product, line.missing / line.pack_size, line.pack_size, line.cost))
        elif line.missing:
            found.append(OrderedLine(line.product, line.missing, ONE, line.cost and unit_cost(line.cost / line.pack_size)))
    return found


def as_ordered(shop: Shop, products: Sequence[Product], packs: Decimal = ONE) -> list[OrderedLine]:
    """Lines for goods just chosen: as they came last."""
    usual = usual_suppliers(shop, [product.pk for product in products])
    known = [(product, usual.get(product.pk)) for product in products]
    return [OrderedLine(product, packs, one.pack_size if one else ONE, one and one.cost) for product, one in known]
