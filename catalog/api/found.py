"""Rows that a request names, of the caller's shop alone: what is another's is not there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from catalog.counter_models import LabelFormat
from catalog.models import Category, Offer, PriceList, Product
from shops.models import Shop
from smartkirana.api.problems import NotThere

NARROW = ("search_text", "search_vector")


def product_in(shop: Shop, product_id: int) -> Product:
    """The shop's product. Raises NotThere."""
    found = shop.products.defer(*NARROW).filter(pk=product_id).first()
    if found is None:
        raise NotThere("product")
    found.shop = shop
    return found


def products_in(shop: Shop, ids: Iterable[int]) -> Mapping[int, Product]:
    """The shop's products by id, all of those asked for. Raises NotThere. One query."""
    wanted = set(ids)
    found = shop.products.defer(*NARROW).in_bulk(wanted)
    if wanted - found.keys():
        raise NotThere(f"product as {min(wanted - found.keys())}")
    return found


def category_in(shop: Shop, name: str | None) -> Category | None:
    """The shop's category of that name, whatever its capitals; None for none asked. Raises NotThere."""
    if not name:
        return None
    found = shop.categories.filter(name__iexact=name).first()
    if found is None:
        raise NotThere("category")
    return found


def price_list_in(shop: Shop, list_id: int) -> PriceList:
    """The shop's price list. Raises NotThere."""
    found = shop.price_lists.filter(pk=list_id).first()
    if found is None:
        raise NotThere("price list")
    found.shop = shop
    return found


def offer_in(shop: Shop, offer_id: int) -> Offer:
    """The shop's offer with its goods at hand. Raises NotThere."""
    found = shop.offers.select_related("product", "category").prefetch_related("parts__product").filter(pk=offer_id).first()
    if found is None:
        raise NotThere("offer")
    return found


def format_in(shop: Shop, format_id: int) -> LabelFormat:
    """The shop's label format. Raises NotThere."""
    found = shop.label_formats.filter(pk=format_id).first()
    if found is None:
        raise NotThere("label format")
    return found
