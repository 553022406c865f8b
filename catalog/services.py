"""The acts on goods: one product saved with its codes, one taken off sale."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db import IntegrityError, transaction

from catalog.barcodes import parse_barcode
from catalog.errors import CatalogError
from catalog.models import Barcode, GstGoods, Product
from shops.models import Shop, User
from smartkirana.db_rules import broken_rule
from smartkirana.money import money, unit_cost
from smartkirana.text import clean_name, normalise

SENTENCES = {
    "catalog_product_sku": ("sku_taken", "A product with this SKU already exists.", "sku"),
    "catalog_product_plu": ("plu_taken", "Another product already has this PLU.", "plu"),
    "catalog_barcode_code": ("barcode_taken", "Another product already has this barcode.", "barcodes"),
    "catalog_product_price_above_zero": ("bad_price", "The selling price must be above zero.", "price"),
    "catalog_product_price_within_mrp": ("above_mrp", "The selling price is above the MRP. Nobody may sell above MRP.", "price"),
    "catalog_product_cost_within_price": ("below_cost", "The cost is above the selling price: every piece would lose money.", "cost"),
    "catalog_product_plu_digits": ("bad_plu", "A PLU is a number from 1 to 99999.", "plu"),
    "catalog_product_stock_levels": ("bad_levels", "Stock levels cannot be negative, nor the maximum under the minimum.", "max_stock"),
    "catalog_product_category_same_shop": ("bad_category", "Choose a category of this shop.", "category"),
}


def save_product(
    *,
    shop: Shop,
    by: User,
    name: str,
    price: Decimal,
    gst_goods: GstGoods,
    product: Product | None = None,
    barcodes: Sequence[tuple[str, Decimal]] | None = None,
    **fields,
) -> Product:
    """Make a product, or change `product`; prices in rupees a unit with GST in them, cost in rupees a unit.

    barcodes  all its codes as (code, pieces it stands for); None leaves them as they are
    fields    any other field of Product; an empty `sku` gets the next free one

    Raises CatalogError with the sentence of the rule that was broken. The database keeps the price history.
    """
    product = product or Product(shop=shop)
    product.name, product.price, product.gst_goods, product.changed_by = clean_name(name), money(price), gst_goods, by
    for field, value in fields.items():
        setattr(product, field, clean_name(value) if isinstance(value, str) else value)
    if not product.name:
        raise CatalogError("no_name", "Give the product a name.", "name")
    product.mrp = None if product.mrp is None else money(product.mrp)
    product.cost = unit_cost(product.cost)
    product.hsn = product.hsn or (gst_goods.hsn if len(gst_goods.hsn) in (4, 6, 8) else "")
    try:
        with transaction.atomic():
            product.sku = product.sku or next_sku(shop)
            product.search_text = search_text(product, [c for c, _ in barcodes] if barcodes is not None else _codes(product))
            product.save()
            if barcodes is not None:
                _set_barcodes(product, barcodes)
    except IntegrityError as error:
        sentence = SENTENCES.get(broken_rule(error))
        raise (CatalogError(*sentence) if sentence else error) from error
    return product


def search_text(product: Product, codes: Iterable[str]) -> str:
    """The words a product is found by, normalised: its names, other words, SKU, PLU and barcodes."""
    parts = [product.name, product.local_name, product.search_words, product.sku, str(product.plu or ""), *codes]
    return normalise(" ".join(parts))


def next_sku(shop: Shop) -> str:
    """The next free SKU of the form P00042."""
    last = shop.products.filter(sku__regex=r"^P[0-9]{5,}$").order_by("-sku").values_list("sku", flat=True).first()
    return f"P{int(last[1:]) + 1 if last else 1:05d}"


def _codes(product: Product) -> list[str]:
    return list(product.barcodes.values_list("code", flat=True)) if product.pk else []


def _set_barcodes(product: Product, barcodes: Sequence[tuple[str, Decimal]]) -> None:
    wanted = {parse_barcode(code): pack for code, pack in barcodes}
    product.barcodes.exclude(code__in=wanted).delete()
    have = {b.code: b for b in product.barcodes.all()}
    for code, pack in wanted.items():
        if code not in have:
            Barcode.objects.create(shop=product.shop, product=product, code=code, pack_quantity=pack)
        elif have[code].pack_quantity != pack:
            have[code].pack_quantity = pack
            have[code].save(update_fields=["pack_quantity"])


def set_on_sale(*, product: Product, by: User, on_sale: bool) -> None:
    """Take a product off the counter and the lists, or put it back. Its history stays either way."""
    product.is_active, product.changed_by = on_sale, by
    product.save(update_fields=["is_active", "changed_by", "updated_at"])
