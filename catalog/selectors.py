"""Reading goods: found by words, filtered, with their stock."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Case, Count, DecimalField, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Upper

from catalog.models import Barcode, PriceChange, Product
from catalog.search import code_of, matches
from shops.models import Shop
from smartkirana.money import quantity
from smartkirana.text import clean_name, normalise

STOCK_STATES = {"": "All", "in": "In stock", "low": "Low", "out": "Out", "off": "Not on sale"}
_STATE = {"in": Q(stock__gt=0), "low": Q(stock__gt=0, stock__lte=F("min_stock")), "out": Q(stock__lte=0)}
_ON_HAND = DecimalField(max_digits=13, decimal_places=3)


def search(products: QuerySet[Product], text: str, *, shop: Shop | None = None) -> QuerySet[Product]:
    """The products of one shop in which every word of `text` begins a word, whatever their order, case and accents.

    Looks in name, local name, other words, SKU, PLU and barcodes. An exact code comes first, then names that begin
    with the text, then the rest by name. `products` starts from `shop.products`, or `shop` says whose they are.
    """
    products = products.all()
    owner = shop or products._hints.get("instance")
    if not isinstance(owner, Shop):
        raise TypeError("search the products of one shop: start from shop.products, or name the shop")
    text = clean_name(text)
    if not text:
        return products.order_by("name", "pk")
    found = matches(owner.pk, text)
    if found is None:
        return products.none()
    return products.filter(found).order_by(_nearness(owner, text), "name", "pk")


def _nearness(shop: Shop, text: str) -> Case:
    """0 for an exact barcode, PLU or SKU; 1 for a name that begins with the text; 2 for the rest."""
    exact = Q(sku__iexact=text)
    if text.isascii() and text.isdigit() and len(text) <= 5:
        exact |= Q(plu=int(text))
    if code := code_of(text):
        exact |= Q(pk__in=Barcode.objects.filter(shop=shop, code=code).values("product_id"))
    begins = Q(search_text__startswith=normalise(text))
    return Case(When(exact, then=Value(0)), When(begins, then=Value(1)), default=Value(2), output_field=IntegerField())


def product_list(shop: Shop, *, text: str = "", category: int | None = None, stock: str = "", by_stock: bool = False) -> QuerySet[Product]:
    """The products page: found by words, of a category, in a state of stock (a key of STOCK_STATES); best match or name first.

    by_stock  to be sorted by `stock`, which is annotated; `whole` reads the products of its page. Else `put_stock` gives it to them.
    """
    products = search(shop.products.all(), text).select_related("category").defer("search_text", "search_vector")
    if category is not None:
        products = products.filter(category_id=category)
    if stock in STOCK_STATES and stock:
        products = products.filter(is_active=stock != "off")
    if by_stock:
        return _with_sums(products).filter(_STATE.get(stock, Q()))
    if stock == "low":
        return with_stock(products, shop).filter(_STATE[stock])
    if stock in ("in", "out"):
        there = _lots(shop).values("product").annotate(sum=Sum("on_hand")).filter(sum__gt=0).values("product")
        products = products.filter(pk__in=there) if stock == "in" else products.exclude(pk__in=there)
    return products


def goods_in(shop: Shop, *, text: str = "", category: str | None = None, on_sale: bool | None = True) -> QuerySet[Product]:
    """Goods found by words and of the category of that name, whatever its capitals; on sale, off sale, or both (None). Name first."""
    products = search(shop.products.all(), text).select_related("category").defer("search_text", "search_vector")
    if on_sale is not None:
        products = products.filter(is_active=on_sale)
    return products if category is None else products.filter(category__name__iexact=clean_name(category), category__shop=shop)


def emptiest(shop: Shop) -> QuerySet[Product]:
    """Goods on sale at or under their minimum, and goods that came once and are out; the emptiest first. To be read with `whole`."""
    low = Q(stock__lte=F("min_stock")) & (Q(min_stock__gt=0) | Q(came__gt=0))
    goods = _with_sums(shop.products.filter(is_active=True)).annotate(came=Count("lots"))
    return goods.filter(low).order_by("stock", "name", "pk")


def _with_sums(products: QuerySet[Product]) -> QuerySet[Product]:
    """As `with_stock`, by one join and GROUP BY for all of them: half the time when every product's stock is wanted.

    Only while the rows are narrow (keys and names: 34 ms at 20,000 products; whole rows take 79), so read them with `whole`.
    """
    return products.annotate(stock=Coalesce(Sum("lots__on_hand"), Value(Decimal(0)), output_field=_ON_HAND))


def whole(shop: Shop, few: QuerySet[Product]) -> list[Product]:
    """The products of a short slice of a list by stock, in its order, each with its `stock`; two queries."""
    stock = dict(few.values_list("pk", "stock"))
    products = shop.products.select_related("category").defer("search_text", "search_vector").in_bulk(list(stock))
    for pk, product in products.items():
        product.stock = stock[pk]
    return [products[pk] for pk in stock if pk in products]


def with_stock(products: QuerySet[Product], shop: Shop) -> QuerySet[Product]:
    """Products with `stock`, the sum of their lots, in their own unit.

    One look into the lots' index per product, not a join and GROUP BY: a list in the order of its index then stops
    after a page (5 ms against 80 ms at 20,000 products). Lots are of a floor above, so their model is found by the relation.
    """
    own = _lots(shop).filter(product=OuterRef("pk")).values("product").annotate(sum=Sum("on_hand"))
    return products.annotate(stock=Coalesce(Subquery(own.values("sum")), Value(Decimal(0)), output_field=_ON_HAND))


def _lots(shop: Shop) -> QuerySet:
    """The shop's lots."""
    return Product._meta.get_field("lots").related_model._default_manager.filter(shop=shop).order_by()


def put_stock(shop: Shop, products: Iterable[Product]) -> None:
    """Give each product at hand its `stock`; one query, however many."""
    at_hand = list(products)
    found = with_stock(shop.products.order_by(), shop).filter(pk__in=[p.pk for p in at_hand]).values_list("pk", "stock")
    stock = dict(found)
    for product in at_hand:
        product.stock = stock.get(product.pk, quantity(0))


def products_by_codes(shop: Shop, codes: Iterable[str]) -> dict[str, Product]:
    """Products by code in capitals: SKU or barcode, and the SKU wins. Two queries, however many codes."""
    wanted = {plain for code in codes if (plain := code.strip().upper()).isprintable()}  # PostgreSQL takes no NUL
    padded = {code.rjust(13, "0"): code for code in wanted if len(code) == 12 and code.isdigit()}  # UPC-A is kept as EAN-13
    goods = shop.products.select_related("gst_goods").defer("search_text", "search_vector")
    barcodes = dict(shop.barcodes.filter(code__in=wanted | padded.keys()).values_list("code", "product_id"))
    by_id = {p.pk: p for p in goods.filter(pk__in=barcodes.values())}
    found = {padded.get(code, code): by_id[pk] for code, pk in barcodes.items()}
    by_sku = goods.annotate(sku_in_capitals=Upper("sku")).filter(sku_in_capitals__in=wanted)
    return found | {p.sku.upper(): p for p in by_sku}


def price_history(product: Product, limit: int = 50) -> list[PriceChange]:
    """The newest changes of price, MRP or cost, as the database wrote them."""
    return list(product.price_changes.select_related("changed_by")[:limit])
