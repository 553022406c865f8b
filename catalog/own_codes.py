"""The shop's own barcodes for goods that came without one: EAN-13 of the in-store range, away from what the scales print."""

from __future__ import annotations

from collections.abc import Iterable

from catalog.barcodes import in_store_ean
from catalog.errors import CatalogError
from catalog.models import Barcode, Product
from shops.models import Shop

SECOND_TRY = 5_000_000_000  # half of the ten digits: for the rare number that somebody used for other goods


def own_prefix(shop: Shop) -> str:
    """The highest of 29 to 20 that no label format of the shop begins with. Raises CatalogError "no_prefix"."""
    taken = {prefix[:2] for prefix in shop.label_formats.values_list("prefix", flat=True)}
    for prefix in map(str, range(29, 19, -1)):
        if prefix not in taken:
            return prefix
    raise CatalogError("no_prefix", "The scales use all codes from 20 to 29. Give these goods a barcode by hand.")


def own_code(prefix: str, product: Product) -> str:
    """The code that a product would get: of its number, so that it is always the same."""
    return in_store_ean(prefix, product.pk)


def give_own_codes(*, shop: Shop, products: Iterable[Product]) -> dict[int, str]:
    """Write down an own code for each product (none of which has a code), and give them by product id.

    A product that got one meanwhile keeps it. Raises CatalogError "no_prefix".
    """
    goods = sorted(products, key=lambda product: product.pk)
    if not goods:
        return {}
    prefix = own_prefix(shop)
    return {product.pk: _given(shop, product, prefix) for product in goods}


def _given(shop: Shop, product: Product, prefix: str) -> str:
    code = own_code(prefix, product)
    row, _ = Barcode.objects.get_or_create(shop=shop, code=code, defaults={"product": product})
    if row.product_id != product.pk:
        code = in_store_ean(prefix, product.pk + SECOND_TRY)
        Barcode.objects.get_or_create(shop=shop, code=code, defaults={"product": product})
    return code
