"""Reading a shop's label formats and the goods its labels name."""

from __future__ import annotations

from catalog.counter_models import LabelFormat
from catalog.labels.reading import Label
from catalog.models import Product
from catalog.rules import LARGEST_PLU
from shops.models import Shop

NOT_NEEDED = ("search_text", "search_vector")


def formats_of(shop: Shop) -> list[LabelFormat]:
    """The shop's formats in the order they are tried."""
    return list(shop.label_formats.all())


def product_of(shop: Shop, label: Label) -> Product | None:
    """The product whose label it is: its PLU is the item number; else its barcode or SKU is the item as printed.

    A barcode may also hold the leading digits, as some programs write them: "2100123".
    """
    goods = shop.products.defer(*NOT_NEEDED)
    number = label.number
    if 1 <= number <= LARGEST_PLU and (found := goods.filter(plu=number).first()):
        return found
    codes = [label.item, label.format.prefix + label.item]
    return (
        goods.filter(barcodes__shop=shop, barcodes__code__in=codes).order_by("pk").first() or goods.filter(sku__iexact=label.item).first()
    )


def hidden_by(formats: list[LabelFormat], one: LabelFormat) -> LabelFormat | None:
    """The format tried earlier that takes every label meant for `one`, so that it never gets its turn."""
    earlier = (other for other in formats if other.is_active and other.position < one.position)
    return next((other for other in earlier if one.prefix.startswith(other.prefix)), None) if one.is_active else None
