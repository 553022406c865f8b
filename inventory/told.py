"""What the stock room tells programs: goods that fell to their minimum."""

from __future__ import annotations

from typing import Any

from django.db.models import DecimalField, F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from catalog.models import Product
from inventory.models import StockEvent, StockLot, StockMovement
from shops.models import Shop
from shops.webhook_models import Happening
from shops.webhooks import tell_each
from smartkirana.money import quantity

STOCK = DecimalField(max_digits=13, decimal_places=3)


def fallen_low(shop: Shop, document: str, document_id: int) -> QuerySet[Product]:
    """Goods that this paper took from above their minimum to it or below, with `stock` (their unit). One query."""
    moves = StockMovement.objects.filter(shop=shop, document=document, document_id=document_id)
    lots = StockLot.objects.filter(shop=shop, product=OuterRef("pk")).order_by().values("product")
    moved = moves.filter(product=OuterRef("pk")).order_by().values("product")
    zero = Value(quantity(0), output_field=STOCK)
    goods = shop.products.filter(pk__in=moves.order_by().values("product"), is_active=True).annotate(
        stock=Coalesce(Subquery(lots.annotate(n=Sum("on_hand")).values("n")), zero, output_field=STOCK),
        moved=Coalesce(Subquery(moved.annotate(n=Sum("quantity")).values("n")), zero, output_field=STOCK),
    )
    return goods.filter(stock__lte=F("min_stock"), stock__gt=F("min_stock") + F("moved")).order_by("name", "pk")


def tell_low(shop: Shop, document: str, document_id: int) -> None:
    """A message for each of the goods that fell to their minimum; nothing is asked where no program hears it."""
    tell_each(shop=shop, kind=Happening.STOCK_LOW, facts=lambda: map(_facts, fallen_low(shop, document, document_id)))


def _facts(product: Any) -> dict[str, Any]:
    levels = {"current_stock": product.stock, "min_stock_level": product.min_stock, "reorder_quantity": product.reorder_quantity}
    said = {"product_id": product.pk, "product_name": product.name, "sku": product.sku, "unit": product.unit}
    return said | {name: quantity(level) for name, level in levels.items()}


def stock_event_written(sender: type, instance: StockEvent, created: bool, raw: bool = False, **kwargs: object) -> None:
    """In the same transaction as the act itself."""
    if created and not raw:
        tell_low(instance.shop, StockMovement.Document.STOCK_DOCUMENT, instance.stock_document_id)
