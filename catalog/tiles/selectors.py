"""Reading a shop's tiles."""

from __future__ import annotations

from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce

from catalog.models import Barcode, Product
from catalog.selectors import search
from shops.models import Shop

MOST_FOUND = 12


def with_code(products: QuerySet[Product], shop: Shop) -> QuerySet[Product]:
    """Products with `code`, what to type for one of it: the PLU, else the first barcode of one piece, else any; "" when there is none."""
    codes = Barcode.objects.filter(shop=shop, product=OuterRef("pk")).order_by("pack_quantity", "pk").values("code")[:1]
    typed = Coalesce(Cast("plu", CharField()), Subquery(codes), Value(""), output_field=CharField())
    return products.annotate(code=typed)


def chosen(shop: Shop) -> QuerySet[Product]:
    """The products on tiles in their order, each with `code`, `tile` (its key) and `position`."""
    goods = shop.products.filter(favourites__shop=shop).annotate(tile=F("favourites__pk"), position=F("favourites__position"))
    return with_code(goods, shop).order_by("position").defer("search_text", "search_vector")


def to_choose(shop: Shop, text: str) -> list[Product]:
    """Goods on sale that fit the words, best first, each with `code` and whether it `has_tile`; loose goods while nothing is asked."""
    goods = shop.products.filter(is_active=True)
    found = search(goods, text, shop=shop) if text.strip() else goods.filter(Q(loose=True) | Q(plu__isnull=False)).order_by("plu", "pk")
    rows = list(with_code(found, shop).defer("search_text", "search_vector")[:MOST_FOUND])
    taken = set(shop.favourites.values_list("product_id", flat=True))
    for one in rows:
        one.has_tile = one.pk in taken
    return rows
