"""Reading price lists: how many prices and customers each has, its goods, and all prices of one product."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from catalog.list_prices import Slab
from catalog.models import ListPrice, PriceList, Product
from catalog.selectors import search
from shops.models import Shop
from smartkirana.money import plain

MOST_LINES = 5000


def price_lists(shop: Shop) -> QuerySet[PriceList]:
    """The shop's lists, those in use first, with `goods` (products that have a price on it) and `buyers` (customers)."""
    # Customers are of a floor above, so they are found by the relation.
    buyers = PriceList._meta.get_field("customers").related_model._default_manager.filter(shop=shop, price_list=OuterRef("pk"))
    goods = ListPrice.objects.filter(shop=shop, price_list=OuterRef("pk")).order_by().values("price_list")
    return shop.price_lists.annotate(
        goods=_count(goods.annotate(n=Count("product", distinct=True))),
        buyers=_count(buyers.order_by().values("price_list").annotate(n=Count("pk"))),
    ).order_by("-is_active", "name", "pk")


def _count(counted: QuerySet) -> Coalesce:
    return Coalesce(Subquery(counted.values("n"), output_field=IntegerField()), 0)


def slabbed_count(shop: Shop) -> int:
    """How many products have prices from a quantity on for everybody."""
    return shop.list_prices.filter(price_list=None).values("product").distinct().count()


def goods_on(shop: Shop, price_list: PriceList | None, *, text: str = "", everything: bool = False) -> QuerySet[Product]:
    """Goods on sale that `text` finds; without a text those with a price on the list, or all of them."""
    goods = shop.products.filter(is_active=True).defer("search_text", "search_vector")
    if text:
        return search(goods, text, shop=shop)
    if not everything:
        goods = goods.filter(pk__in=shop.list_prices.filter(price_list=price_list).values("product"))
    return goods.order_by("name", "pk")


def put_steps(price_list: PriceList | None, shop: Shop, products: Iterable[Product]) -> None:
    """Give each product at hand its `steps` on the list, rising; one query, however many."""
    at_hand = list(products)
    prices = shop.list_prices.filter(price_list=price_list, product__in=[product.pk for product in at_hand]).order_by("min_quantity")
    steps: dict[int, list[Slab]] = {product.pk: [] for product in at_hand}
    for product, least, price in prices.values_list("product_id", "min_quantity", "price"):
        steps[product].append((least, price))
    for product in at_hand:
        product.steps = steps[product.pk]


def steps_of(product: Product, price_list: PriceList | None) -> list[Slab]:
    """A product's prices on a list, or its slabs for everybody, rising."""
    prices = product.shop.list_prices.filter(product=product, price_list=price_list)
    return list(prices.order_by("min_quantity").values_list("min_quantity", "price"))


@dataclass(frozen=True)
class ListSteps:
    """A product's prices on one list (None: for everybody)."""

    price_list: PriceList | None
    steps: Sequence[Slab]


def all_steps_of(product: Product) -> list[ListSteps]:
    """Every list's prices of a product, those for everybody first; lists out of use are left out."""
    found: dict[PriceList | None, list[Slab]] = {}
    rows = product.shop.list_prices.filter(product=product).select_related("price_list").order_by("price_list__name", "min_quantity")
    for row in rows:
        if row.price_list is None or row.price_list.is_active:
            found.setdefault(row.price_list, []).append((row.min_quantity, row.price))
    ordered = sorted(found.items(), key=lambda one: one[0] is not None)
    return [ListSteps(price_list, steps) for price_list, steps in ordered]


def as_lines(price_list: PriceList) -> str:
    """The list's prices as lines with headings, to be changed and pasted again; nothing when there are more than a page should hold.

    The name stands last, to be read by people.
    """
    rows = ListPrice.objects.filter(shop=price_list.shop, price_list=price_list).order_by("product__name", "product", "min_quantity")
    cells = list(rows.values_list("product__sku", "price", "min_quantity", "product__name")[: MOST_LINES + 1])
    if not cells or len(cells) > MOST_LINES:
        return ""
    text = StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(("SKU", "Price", "From", "Name"))
    lines.writerows((sku, price, plain(least) if least else "", name) for sku, price, least, name in cells)
    return text.getvalue()
