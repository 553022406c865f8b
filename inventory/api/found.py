"""Rows that a request names, of the caller's shop alone: what is another's is not there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from catalog.models import Category, Product
from inventory import count_selectors, order_selectors, purchase_selectors, supplier_selectors
from inventory.models import GoodsReceipt, PurchaseOrder, Recipe, StockLot, StockTake, Supplier
from inventory.selectors import product_with_stock
from shops.models import Shop
from smartkirana.api.problems import NotThere


def product_in(shop: Shop, product_id: int) -> Product:
    """The shop's product with its `stock`. Raises NotThere."""
    found = product_with_stock(shop, product_id)
    if found is None:
        raise NotThere("product")
    return found


def products_in(shop: Shop, ids: Iterable[int]) -> Mapping[int, Product]:
    """The shop's products by id, all of those asked for. Raises NotThere. One query."""
    wanted = set(ids)
    found = shop.products.defer("search_text", "search_vector").in_bulk(wanted)
    if wanted - found.keys():
        raise NotThere(f"product as {min(wanted - found.keys())}")
    return found


def lot_in(shop: Shop, lot_id: int | None) -> StockLot | None:
    """The shop's lot; None for none asked. Raises NotThere."""
    if lot_id is None:
        return None
    found = shop.lots.filter(pk=lot_id).first()
    if found is None:
        raise NotThere("lot")
    return found


def supplier_in(shop: Shop, supplier_id: int) -> Supplier:
    """The shop's supplier. Raises NotThere."""
    found = supplier_selectors.supplier_with_id(shop, supplier_id)
    if found is None:
        raise NotThere("supplier")
    return found


def receipt_in(shop: Shop, receipt_id: int) -> GoodsReceipt:
    """The shop's bill of a supplier. Raises NotThere."""
    found = purchase_selectors.receipt_of(shop, receipt_id)
    if found is None:
        raise NotThere("purchase")
    return found


def order_in(shop: Shop, order_id: int | None) -> PurchaseOrder | None:
    """The shop's purchase order; None for none asked. Raises NotThere."""
    if order_id is None:
        return None
    found = order_selectors.order_of(shop, order_id)
    if found is None:
        raise NotThere("purchase order")
    return found


def take_in(shop: Shop, take_id: int) -> StockTake:
    """The shop's stock take. Raises NotThere."""
    found = count_selectors.take_of(shop, take_id)
    if found is None:
        raise NotThere("stock take")
    return found


def category_in(shop: Shop, name: str | None) -> Category | None:
    """The shop's category of that name, whatever its capitals; None for none asked. Raises NotThere."""
    if not name:
        return None
    found = shop.categories.filter(name__iexact=name).first()
    if found is None:
        raise NotThere("category")
    return found


def recipe_in(shop: Shop, recipe_id: int | None) -> Recipe | None:
    """The shop's recipe; None for none asked. Raises NotThere."""
    if recipe_id is None:
        return None
    found = shop.recipes.filter(pk=recipe_id).first()
    if found is None:
        raise NotThere("recipe")
    return found
