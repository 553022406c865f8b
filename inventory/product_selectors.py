"""Reading one product's purchases: what was paid for it, to whom, and how that changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Max, QuerySet

from catalog.models import Product
from inventory.models import LotPriceChange, ReceiptLine

MOST_POINTS = 60
MOST_SELLERS = 12


@dataclass(frozen=True)
class Seller:
    """A supplier who brought the product: how often, when last, and what a piece cost then after all of it (rupees)."""

    supplier_id: int
    name: str
    times: int
    last_day: date
    last_cost: Decimal
    cheapest: bool = False


def purchases_of(product: Product) -> QuerySet[ReceiptLine]:
    """The product's lines on suppliers' bills, the one entered last first, with bill and supplier at hand."""
    lines = ReceiptLine.objects.filter(shop=product.shop_id, product=product).select_related("receipt__supplier")
    return lines.only(
        "shop", "receipt", "packs", "pack_size", "free", "quantity", "price", "unit_cost", "mrp", "batch",
        "receipt__shop", "receipt__bill_number", "receipt__bill_date", "receipt__supplier", "receipt__supplier__name",
    ).order_by("-pk")  # fmt: skip


def prices_paid(product: Product, most: int = MOST_POINTS) -> list[tuple[date, Decimal]]:
    """Day of the bill and rupees a piece after all of it, for the newest `most` lines, the oldest bill first; of one day as entered."""
    lines = ReceiptLine.objects.filter(shop=product.shop_id, product=product).order_by("-pk")
    newest = lines.values_list("receipt__bill_date", "pk", "unit_cost")[:most]
    return [(day, cost) for day, _, cost in sorted(newest)]


def sellers_of(product: Product) -> list[Seller]:
    """Who brought the product, the one who did last first, twelve at most. The cheapest by their last price is marked. Two queries."""
    lines = ReceiptLine.objects.filter(shop=product.shop_id, product=product).order_by()
    sums = lines.values("receipt__supplier").annotate(times=Count("receipt", distinct=True), newest=Max("pk")).order_by("-newest")
    times = {row["newest"]: row["times"] for row in sums[:MOST_SELLERS]}
    newest = purchases_of(product).filter(pk__in=times)
    least = min((line.unit_cost for line in newest), default=None)
    return [_seller(line, times[line.pk], cheapest=len(times) > 1 and line.unit_cost == least) for line in newest]


def _seller(line: ReceiptLine, times: int, *, cheapest: bool) -> Seller:
    bill = line.receipt
    return Seller(bill.supplier_id, bill.supplier.name, times, bill.bill_date, line.unit_cost, cheapest)


def lot_prices(product: Product, lots: Iterable[int]) -> dict[int, LotPriceChange]:
    """Lot id → the newest change of its own price, of the lots given. One query."""
    changes = LotPriceChange.objects.filter(shop=product.shop_id, lot__in=list(lots)).select_related("by").order_by("lot", "-pk")
    return {change.lot_id: change for change in changes.distinct("lot")}
