"""Reading what was packed, and how it is usually done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import F, Prefetch, QuerySet

from inventory.models import Recipe, RecipePart, Repack, StockLot, StockMovement
from shops.models import Shop
from smartkirana.money import ZERO

MOST_RECIPES = 200


@dataclass
class Goods:
    """What a line of a repack moved: quantity (product's unit) and value in rupees, both above zero; out of, or into, these lots."""

    product: object
    quantity: Decimal = ZERO
    value: Decimal = ZERO
    lots: list[StockLot] = field(default_factory=list)

    @property
    def piece(self) -> Decimal:
        """What one unit is worth, rupees with 4 places."""
        return round(self.value / self.quantity, 4)


def repacks(shop: Shop) -> QuerySet[Repack]:
    """Newest first, with paper and recipe at hand."""
    return shop.repacks.select_related("document__by", "recipe").order_by("-pk")


def repack_of(shop: Shop, repack_id: int) -> Repack | None:
    """One repack, or None when the shop has no such one."""
    return repacks(shop).filter(pk=repack_id).first()


def put_goods(shop: Shop, page: Iterable[Repack]) -> None:
    """Give each repack `taken` and `made`: lists of Goods in the order of its lines. One query, however many."""
    at_hand = {repack.document_id: repack for repack in page}
    rows = shop.movements.filter(document=StockMovement.Document.STOCK_DOCUMENT, document_id__in=at_hand)
    lines: dict[tuple[int, int], Goods] = {}
    for repack in at_hand.values():
        repack.taken, repack.made = [], []
    for m in rows.select_related("lot", "product").order_by("document_id", "document_line", "pk"):
        key = (m.document_id, m.document_line)
        if key not in lines:
            lines[key] = Goods(m.product)
            repack = at_hand[m.document_id]
            (repack.taken if m.quantity < 0 else repack.made).append(lines[key])
        lines[key].quantity += abs(m.quantity)
        lines[key].value += abs(m.value)
        lines[key].lots.append(m.lot)


def recipes(shop: Shop, *, put_away: bool = False) -> QuerySet[Recipe]:
    """Recipes in use by name, with their parts; or those put away."""
    parts = Prefetch("parts", RecipePart.objects.select_related("product"))
    return shop.recipes.filter(is_active=not put_away).prefetch_related(parts).order_by("name", "pk")[:MOST_RECIPES]


def lots_to_pack(shop: Shop, products: Sequence[int]) -> dict[int, list[StockLot]]:
    """Lots that something is in, by product, in the order they are used; not locked: to show, not to write."""
    lots: dict[int, list[StockLot]] = {}
    for lot in shop.lots.filter(product__in=products).exclude(on_hand=0).order_by(F("expiry").asc(nulls_last=True), "pk"):
        lots.setdefault(lot.product_id, []).append(lot)
    return lots
