"""What the counter must know of a product's prices besides its own: the slabs and offers of a day. One query, however many products."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from catalog.list_prices import Slab, capped, merged
from catalog.list_prices import as_data as slabs_as_data
from catalog.models import Product
from catalog.offer_rules import OfferTerms, as_data
from shops.models import Shop


@dataclass(frozen=True, slots=True)
class Terms:
    """A product's slabs, rising, and the offers that fit it, the oldest first. Without any, its own price is all there is."""

    slabs: tuple[Slab, ...] = ()
    offers: tuple[OfferTerms, ...] = ()

    def slabs_data(self, *, mrp: Decimal | None, own: Decimal | None = None) -> list[list[str]]:
        """The slabs for a page's data attribute: none above the MRP, nor above a lot's own (clearance) price."""
        return slabs_as_data(capped(self.slabs, mrp, own))

    @property
    def offers_data(self) -> list[dict]:
        """The offers for a page's data attribute, as JSON can hold them."""
        return [as_data(offer) for offer in self.offers]


def terms_for(shop: Shop, products: Iterable[Product], price_list_id: int | None, day: date) -> dict[int, Terms]:
    """Terms by product id, for every product given, on a bill with this price list (None: without) on `day`.

    A list out of use, or of another shop, counts as none. Products without a price on the list, and quantities its prices do not
    reach down to, have the slabs for everybody. A slab that is not under the product's own price says nothing and is left out.
    """
    goods = {product.pk: product for product in products}
    if not goods:
        return {}
    categories = {product.category_id for product in goods.values() if product.category_id}
    prices: dict[int, list[tuple]] = {}
    offers = []
    for row in _rows(shop.pk, list(goods), list(categories), price_list_id, day):
        if row[0] == "price":
            prices.setdefault(row[1], []).append(row[2:5])
        else:
            offers.append(_offer(row))
    return {pk: Terms(_slabs(product, prices.get(pk, ())), _fitting(product, offers)) for pk, product in goods.items()}


def _slabs(product: Product, prices: Iterable[tuple]) -> tuple[Slab, ...]:
    of_list = [(least, price) for on_list, least, price in prices if on_list is not None]
    of_all = [(least, price) for on_list, least, price in prices if on_list is None and price < product.price]
    return merged(of_list, of_all)


def _fitting(product: Product, offers: list[tuple[OfferTerms, int | None, int | None]]) -> tuple[OfferTerms, ...]:
    return tuple(
        offer
        for offer, of_product, of_category in offers
        if product.pk == of_product
        or (of_category is not None and product.category_id == of_category)
        or any(product.pk == part for part, _ in offer.parts)
    )


def _offer(row: tuple) -> tuple[OfferTerms, int | None, int | None]:
    _, of_product, of_category, buy, price, number, kind, name, percent, amount, get, goods, quantities = row
    parts = tuple(zip(goods or (), quantities or (), strict=True))
    return OfferTerms(number, kind, name, percent, amount, buy, get, price, parts), of_product, of_category


def _rows(shop: int, goods: list[int], categories: list[int], price_list: int | None, day: date) -> list[tuple]:
    """('price', product, list, from quantity, price, …) and ('offer', product, category, buy, price, id, kind, name, …, parts).

    SQL, because the counter asks it with every scan and every bill: one round trip, and no time spent on composing it. The tests hold
    it against the ORM's answer.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"shop": shop, "goods": goods, "categories": categories, "list": price_list, "day": day})
        return cursor.fetchall()


_SQL = """
WITH list AS (SELECT id FROM catalog_pricelist WHERE shop_id = %(shop)s AND id = %(list)s::bigint AND is_active)
SELECT 'price', product_id, price_list_id, min_quantity, price,
       NULL::bigint AS id, NULL, NULL, NULL::numeric, NULL::numeric, NULL::numeric, NULL::bigint[], NULL::numeric[]
  FROM catalog_listprice
 WHERE shop_id = %(shop)s AND product_id = ANY(%(goods)s::bigint[])
   AND (price_list_id IS NULL OR price_list_id = (SELECT id FROM list))
UNION ALL
SELECT 'offer', o.product_id, o.category_id, o.buy, o.price, o.id, o.kind, o.name, o.percent, o.amount, o.get, parts.goods, parts.quantities
  FROM catalog_offer o
  LEFT JOIN LATERAL (
       SELECT array_agg(product_id ORDER BY id) AS goods, array_agg(quantity ORDER BY id) AS quantities
         FROM catalog_offerpart WHERE shop_id = %(shop)s AND offer_id = o.id) AS parts ON o.kind = 'combo'
 WHERE o.shop_id = %(shop)s AND o.is_active AND o.first_day <= %(day)s AND (o.last_day IS NULL OR o.last_day >= %(day)s)
   AND (o.product_id = ANY(%(goods)s::bigint[]) OR o.category_id = ANY(%(categories)s::bigint[]) OR parts.goods && %(goods)s::bigint[])
   AND (o.on_lists OR NOT EXISTS (SELECT FROM list))
 ORDER BY id
"""
