"""Products: `/products`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from catalog.api.schemas import ByCategoryAsked, ProductChange, ProductIn, ProductOut, ProductsAsked, TakenOffOut
from catalog.api.words import OURS, THEIRS, named_as
from catalog.by_fields import change_product, new_product
from catalog.gst import with_rates
from catalog.models import Barcode, Product
from catalog.selectors import emptiest, goods_in, with_stock
from catalog.services import set_on_sale
from shops.access import Can
from shops.api.caller import Caller
from shops.api.declare import operation
from smartkirana.api.fields import Id
from smartkirana.api.lists import Paging, page_of
from smartkirana.api.problems import NotThere
from smartkirana.dates import shop_today
from smartkirana.money import ZERO

router = Router(tags=["products"])
SAME_NAME = (
    "id", "name", "local_name", "sku", "unit", "mrp", "gst_goods_id", "plu", "shelf", "search_words", "reorder_quantity", "is_active",
)  # fmt: skip


def _shown(caller: Caller, ids: Iterable[int]) -> list[dict[str, Any]]:
    """The products with these ids in their order, with rate, stock and codes. Two queries, however many."""
    ids = list(ids)
    singles = Barcode.objects.filter(shop=caller.shop, pack_quantity=1).order_by("pk")
    goods = with_stock(caller.shop.products.select_related("category").defer("search_text", "search_vector"), caller.shop)
    goods = with_rates(goods, shop_today()).prefetch_related(Prefetch("barcodes", singles, to_attr="single_codes")).in_bulk(ids)
    return [_out(goods[pk], costs=not caller.is_customer) for pk in ids if pk in goods]


def _out(product: Product, *, costs: bool) -> dict[str, Any]:
    """A product as the API tells it; its cost only with `costs`."""
    codes = product.single_codes  # type: ignore[attr-defined]
    return {name: getattr(product, name) for name in SAME_NAME} | {
        "category": product.category.name if product.category else None,
        "subcategory": product.subcategory or None,
        "cost_price": product.cost if costs else None,
        "selling_price": product.price,
        "gst_rate": product.gst_rate or ZERO,
        "hsn_code": product.hsn or None,
        "barcode": codes[0].code if codes else None,
        "is_loose": product.loose,
        "is_perishable": product.perishable,
        "current_stock": product.stock,
        "min_stock_level": product.min_stock,
        "max_stock_level": product.max_stock,
    }


def _one(caller: Caller, product_id: int) -> dict[str, Any]:
    found = _shown(caller, [product_id])
    if not found or (caller.is_customer and not found[0]["is_active"]):
        raise NotThere("product")
    return found[0]


@operation(router, "GET", "", right=Can.SEE_GOODS, customers=True, answer=list[ProductOut], paged=True)
def list_products(request: HttpRequest, response: HttpResponse, asked: Query[ProductsAsked]):
    """Goods by name, or those that words find, the best match first.

    Customers see goods on sale only, and no cost_price (null).
    """
    on_sale = True if request.auth.is_customer or asked.is_active is None else asked.is_active
    rows = goods_in(request.auth.shop, text=asked.q or "", category=asked.category, on_sale=on_sale)
    return _shown(request.auth, page_of(rows.values_list("pk", flat=True), asked, response))


@operation(router, "GET", "/search/by-category", right=Can.SEE_GOODS, customers=True, answer=list[ProductOut], paged=True)
def list_products_of_category(request: HttpRequest, response: HttpResponse, asked: Query[ByCategoryAsked]):
    """Goods on sale of one category, by name. cost_price is null for customers."""
    rows = goods_in(request.auth.shop, category=asked.category)
    return _shown(request.auth, page_of(rows.values_list("pk", flat=True), asked, response))


@operation(router, "GET", "/search/low-stock", right=Can.SEE_GOODS, customers=True, answer=list[ProductOut], paged=True)
def list_products_low(request: HttpRequest, response: HttpResponse, asked: Query[Paging]):
    """Goods on sale at or under their minimum stock, and goods sold out; the emptiest first. cost_price is null for customers."""
    return _shown(request.auth, page_of(emptiest(request.auth.shop).values_list("pk", flat=True), asked, response))


@operation(router, "GET", "/{product_id}", right=Can.SEE_GOODS, customers=True, answer=ProductOut, problems={404})
def get_product(request: HttpRequest, product_id: Id):
    """One product. Customers get those on sale, with cost_price null."""
    return _one(request.auth, product_id)


@operation(router, "POST", "", right=Can.EDIT_GOODS, answer=ProductOut, status=201, problems={400, 409})
def create_product(request: HttpRequest, body: ProductIn):
    """Make a product.

    409 when the shop has the SKU or the barcode already. 400 for a cost above the selling price, a selling price above the MRP, a
    rate that is not a GST rate in force today, an unknown unit, or a misread barcode.
    """
    given = {OURS.get(name, name): value for name, value in body.model_dump().items() if value is not None}
    with named_as(THEIRS):
        product = new_product(shop=request.auth.shop, by=request.auth.user, fields=given)
    return _one(request.auth, product.pk)


@operation(router, "PUT", "/{product_id}", right=Can.EDIT_GOODS, answer=ProductOut, problems={400, 404, 409})
def update_product(request: HttpRequest, product_id: Id, body: ProductChange):
    """Change what is given of a product, also to 0 or false."""
    given = {OURS.get(name, name): value for name, value in body.model_dump(exclude_unset=True).items() if value is not None}
    given |= {OURS.get(name, name): None for name in given.pop("clear", ())}
    with named_as(THEIRS):
        product = change_product(shop=request.auth.shop, by=request.auth.user, pk=product_id, fields=given)
    if product is None:
        raise NotThere("product")
    return _one(request.auth, product_id)


@operation(router, "DELETE", "/{product_id}", right=Can.EDIT_GOODS, answer=TakenOffOut, problems={404})
def delete_product(request: HttpRequest, product_id: Id):
    """Take a product off sale: it leaves the counter and the lists, its history stays."""
    product = request.auth.shop.products.filter(pk=product_id).first()
    if product is None:
        raise NotThere("product")
    set_on_sale(product=product, by=request.auth.user, on_sale=False)
    return {"message": f"{product.name} is no longer on sale.", "product_id": product.pk}
