"""The acts on goods: one product saved with its codes, one taken off sale."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import IntegerField, Max
from django.db.models.functions import Cast, Substr

from catalog.barcodes import parse_barcode
from catalog.errors import CatalogError
from catalog.models import Barcode, Category, GstGoods, Product
from catalog.rules import LARGEST_QUANTITY, LONGEST, level_problems, plu_problem, price_problems
from catalog.search import find_text
from catalog.units import name_of
from shops.models import Shop, User
from smartkirana.db_rules import broken_rule, made_with_key
from smartkirana.money import money, quantity, unit_cost
from smartkirana.text import clean_name

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
    "catalog_category_name": ("category_taken", "This category exists already.", "category"),
}
CODES = {"price": "bad_price", "mrp": "bad_mrp", "cost": "below_cost", "plu": "bad_plu"}
TRIES = 3


def save_product(
    *,
    shop: Shop,
    by: User,
    name: str,
    price: Decimal,
    gst_goods: GstGoods,
    product: Product | None = None,
    barcodes: Sequence[tuple[str, Decimal]] | None = None,
    request_key: UUID | None = None,
    **fields: Any,
) -> Product:
    """Make a product, or change `product`; prices in rupees a unit with GST in them, cost in rupees a unit.

    barcodes     all its codes as (code, pieces it stands for); None leaves them as they are
    fields       any other field of Product; an empty `sku` gets the next free one
    request_key  one per opened form of a new product; the same goods again with it are the product made before

    Raises CatalogError with the sentence of the rule that was broken. The database keeps the price history.
    """
    if product is None:
        known, key = made_with_key(shop.products.all(), request_key, name=clean_name(name), price=money(price))
        if known:
            return known
        product = Product(shop=shop, request_key=key)
    unit_before = product.unit if product.pk else ""
    product.name, product.price, product.gst_goods, product.changed_by = clean_name(name), money(price), gst_goods, by
    for field, value in fields.items():
        setattr(product, field, clean_name(value) if isinstance(value, str) else value)
    product.mrp = None if product.mrp is None else money(product.mrp)
    product.cost = unit_cost(product.cost)
    product.hsn = product.hsn or (gst_goods.hsn if len(gst_goods.hsn) in (4, 6, 8) else "")
    _check(shop, product, unit_before)
    wanted = None if barcodes is None else checked_codes(shop, product, barcodes)
    return _write(shop, product, wanted)


def _check(shop: Shop, product: Product, unit_before: str) -> None:
    """The rules that can be told before the database is asked. Raises CatalogError."""
    if product.shop_id != shop.pk or (product.category and product.category.shop_id != shop.pk):
        raise CatalogError(*SENTENCES["catalog_product_category_same_shop"])
    if not product.name:
        raise CatalogError("no_name", "Give the product a name.", "name")
    for name in ("name", "local_name", "subcategory", "search_words", "shelf", "sku"):
        if len(getattr(product, name)) > LONGEST[name]:
            raise CatalogError("too_long", f"At most {LONGEST[name]} letters.", name)
    problems = price_problems(mrp=product.mrp, price=product.price, cost=product.cost)
    problems += level_problems(
        unit=product.unit, min_stock=product.min_stock, max_stock=product.max_stock, reorder_quantity=product.reorder_quantity
    )
    if sentence := plu_problem(product.plu):
        problems.append(("plu", sentence))
    for field, sentence in problems:
        raise CatalogError(_code(field, sentence), sentence, field)
    if unit_before and unit_before != product.unit and product.lots.exclude(on_hand=0).exists():
        raise CatalogError(
            "unit_in_use", f"There is stock of it counted by the {name_of(unit_before)}. Bring the stock to zero first.", "unit"
        )


def _code(field: str, sentence: str) -> str:
    if field == "price" and "MRP" in sentence:
        return "above_mrp"
    return CODES.get(field, "bad_levels")


def _write(shop: Shop, product: Product, codes: dict[str, Decimal] | None) -> Product:
    """One product and its codes; a SKU made here that another act took meanwhile is made again.

    Gives the product: the one of the same form where two presses came at once.
    """
    own_sku = bool(product.sku)
    for tries_left in range(TRIES, 0, -1):
        try:
            with transaction.atomic():
                product.sku = product.sku or next_sku(shop)
                product.save()
                if codes is not None and _set_barcodes(product, codes):
                    refresh_search_text(product.pk)
            return product
        except IntegrityError as error:
            rule = broken_rule(error)
            if rule == "catalog_product_sku" and not own_sku and tries_left > 1:
                product.sku = ""
                continue
            if rule == "catalog_product_request_key":
                return shop.products.get(request_key=product.request_key)
            if rule in SENTENCES:
                raise CatalogError(*SENTENCES[rule]) from error
            raise
    raise AssertionError("the last try returns or raises")


def refresh_search_text(product_id: int) -> None:
    """Write anew the words a product is found by. Nothing happens for a product that is gone."""
    for product in Product.objects.filter(pk=product_id):
        text = find_text(product, product.barcodes.values_list("code", flat=True))
        Product.objects.filter(pk=product_id).update(search_text=text)


def next_sku(shop: Shop) -> str:
    """The next free SKU of the form P00042."""
    return sku_of(last_sku(shop) + 1)


def last_sku(shop: Shop) -> int:
    """The highest number among the shop's SKUs of the form P00042; 0 when there is none."""
    ours = shop.products.filter(sku__regex=r"^P[0-9]{5,9}$")
    return ours.aggregate(last=Max(Cast(Substr("sku", 2), IntegerField())))["last"] or 0


def sku_of(number: int) -> str:
    """P00042 for 42."""
    return f"P{number:05d}"


def checked_codes(shop: Shop, product: Product, barcodes: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """Codes in their stored form → units each stands for. Raises CatalogError for a misread, doubled or taken one."""
    wanted: dict[str, Decimal] = {}
    for text, pack in barcodes:
        code = parse_barcode(text)
        if code in wanted:
            raise CatalogError("barcode_twice", f"{code} is in the list twice.", "barcodes")
        if pack is None or not 0 < pack <= LARGEST_QUANTITY:
            raise CatalogError("bad_pack", f"How many does {code} stand for? Give a number above zero.", "barcodes")
        wanted[code] = quantity(pack)
    taken = shop.barcodes.filter(code__in=wanted).exclude(product_id=product.pk).select_related("product").first()
    if taken:
        raise CatalogError("barcode_taken", f"{taken.code} is already a barcode of {taken.product.name}.", "barcodes")
    return wanted


def _set_barcodes(product: Product, wanted: dict[str, Decimal]) -> bool:
    """Make the product's codes the wanted ones; True when a code came or went."""
    have = {b.code: b for b in product.barcodes.all()}
    gone = [b.pk for code, b in have.items() if code not in wanted]
    if gone:
        product.barcodes.filter(pk__in=gone).delete()
    new = [Barcode(shop_id=product.shop_id, product=product, code=c, pack_quantity=q) for c, q in wanted.items() if c not in have]
    Barcode.objects.bulk_create(new)
    for code, pack in wanted.items():
        if code in have and have[code].pack_quantity != pack:
            product.barcodes.filter(pk=have[code].pk).update(pack_quantity=pack)
    return bool(new or gone)


def category_named(shop: Shop, name: str) -> Category | None:
    """The shop's category of that name, whatever its capitals, made when there is none; None for an empty name."""
    name = clean_name(name)
    if not name:
        return None
    try:
        with transaction.atomic():
            return shop.categories.filter(name__iexact=name).first() or shop.categories.create(name=name)
    except IntegrityError as error:
        if broken_rule(error) != "catalog_category_name":
            raise
        return shop.categories.get(name__iexact=name)  # somebody made it at this moment


def add_category(*, shop: Shop, name: str, local_name: str = "") -> Category:
    """A further category. Raises CatalogError "no_name", "too_long", "category_taken"."""
    name, local_name = clean_name(name), clean_name(local_name)
    if not name:
        raise CatalogError("no_name", "Give the category a name.", "name")
    if max(len(name), len(local_name)) > LONGEST["category"]:
        raise CatalogError("too_long", f"At most {LONGEST['category']} letters.", "name")
    try:
        with transaction.atomic():
            return shop.categories.create(name=name, local_name=local_name)
    except IntegrityError as error:
        if broken_rule(error) != "catalog_category_name":
            raise
        raise CatalogError("category_taken", "This category already exists.", "name") from error


def set_on_sale(*, product: Product, by: User, on_sale: bool) -> None:
    """Take a product off the counter and the lists, or put it back. Its history stays either way."""
    product.is_active, product.changed_by = on_sale, by
    product.save(update_fields=["is_active", "changed_by", "updated_at"])


def set_prices_of(product: Product, *, price: Decimal, mrp: Decimal | None, cost: Decimal) -> None:
    """Give a product new figures, rupees a unit, cost without input credit. `save_prices` writes them.

    Raises CatalogError "above_mrp", "bad_price", "bad_mrp", "bad_cost".
    """
    for field, sentence in price_problems(mrp=mrp, price=price, cost=cost):
        raise CatalogError(_code(field, sentence), sentence, field)
    product.price, product.cost = money(price), unit_cost(cost)
    product.mrp = None if mrp is None else money(mrp)


def save_prices(*, shop: Shop, by: User, products: Sequence[Product]) -> None:
    """Write price, MRP and cost of many products in one statement, locked in one order. Their history is written by the database."""
    if not products:
        return
    columns: list[list[Any]] = [
        [p.pk for p in products],
        [p.price for p in products],
        [p.mrp for p in products],
        [p.cost for p in products],
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH wanted AS (SELECT * FROM unnest(%s::bigint[], %s::numeric[], %s::numeric[], %s::numeric[]) AS w (id, price, mrp, cost)),
                 held AS (SELECT id FROM catalog_product WHERE shop_id = %s AND id IN (SELECT id FROM wanted) ORDER BY id FOR NO KEY UPDATE)
            UPDATE catalog_product AS product
               SET price = wanted.price, mrp = wanted.mrp, cost = wanted.cost, changed_by_id = %s, updated_at = now()
              FROM held JOIN wanted ON wanted.id = held.id
             WHERE product.id = held.id
            """,
            [*columns, shop.pk, by.pk],
        )
