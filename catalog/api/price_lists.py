"""Price lists: prices for some customers. `/price-lists`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from catalog.api import schemas_prices as schemas
from catalog.api.found import price_list_in, product_in, products_in
from catalog.api.words import named_as
from catalog.list_prices import Slab
from catalog.models import PriceList
from catalog.prices import selectors
from catalog.prices.services import Entry, enter_prices, save_price_list, set_list_in_use, set_prices
from shops.access import Can
from shops.api.declare import operation
from shops.models import Shop
from smartkirana.api.fields import Id
from smartkirana.api.lists import Paging, page_of
from smartkirana.api.problems import NotThere

router = Router(tags=["price lists"])
STEP_NAMES = {"least": "from_quantity", "text": "prices"}


def steps_out(steps: Sequence[Slab]) -> list[dict[str, Any]]:
    """Steps as the API tells them."""
    return [{"from_quantity": least, "price": price} for least, price in steps]


def _out(one: PriceList) -> dict[str, Any]:
    counts = {"goods": one.goods, "customers": one.buyers}  # type: ignore[attr-defined]
    return {"id": one.pk, "name": one.name, "is_active": one.is_active} | counts


def _one(shop: Shop, list_id: int) -> dict[str, Any]:
    found = selectors.price_lists(shop).filter(pk=list_id).first()
    if found is None:
        raise NotThere("price list")
    return _out(found)


@operation(router, "GET", "", right=Can.EDIT_GOODS, answer=list[schemas.PriceListOut], paged=True)
def list_price_lists(request: HttpRequest, response: HttpResponse, asked: Query[Paging]):
    """The shop's price lists, those in use first."""
    return [_out(one) for one in page_of(selectors.price_lists(request.auth.shop), asked, response)]


@operation(router, "POST", "", right=Can.EDIT_GOODS, answer=schemas.PriceListOut, status=201, problems={400, 409})
def create_price_list(request: HttpRequest, body: schemas.PriceListIn):
    """Make a price list; its prices come next."""
    return _one(request.auth.shop, save_price_list(shop=request.auth.shop, name=body.name).pk)


@operation(router, "GET", "/{price_list_id}", right=Can.EDIT_GOODS, answer=schemas.PriceListOut, problems={404})
def get_price_list(request: HttpRequest, price_list_id: Id):
    """One price list."""
    return _one(request.auth.shop, price_list_id)


@operation(router, "PUT", "/{price_list_id}", right=Can.EDIT_GOODS, answer=schemas.PriceListOut, problems={400, 404, 409})
def update_price_list(request: HttpRequest, price_list_id: Id, body: schemas.PriceListChange):
    """Rename a list, take it out of use, or put it back."""
    known = price_list_in(request.auth.shop, price_list_id)
    if body.name is not None:
        save_price_list(shop=request.auth.shop, price_list=known, name=body.name)
    if body.is_active is not None:
        set_list_in_use(price_list=known, in_use=body.is_active)
    return _one(request.auth.shop, price_list_id)


@operation(router, "GET", "/{price_list_id}/prices", right=Can.EDIT_GOODS, answer=list[schemas.ListGoodsOut], paged=True, problems={404})
def list_prices_of_list(request: HttpRequest, response: HttpResponse, price_list_id: Id, asked: Query[schemas.ListGoodsAsked]):
    """Goods with their prices on the list, or any goods that words find."""
    shop = request.auth.shop
    known = price_list_in(shop, price_list_id)
    goods = page_of(selectors.goods_on(shop, known, text=asked.q or "", everything=asked.everything), asked, response)
    selectors.put_steps(known, shop, goods)
    same = ("name", "sku", "unit", "mrp")
    return [
        {name: getattr(one, name) for name in same} | {"product_id": one.pk, "selling_price": one.price, "steps": steps_out(one.steps)}
        for one in goods
    ]


@operation(router, "PUT", "/{price_list_id}/prices", right=Can.EDIT_GOODS, answer=schemas.EnteredOut, problems={400, 404})
def enter_list_prices(request: HttpRequest, price_list_id: Id, body: schemas.EntriesIn):
    """Write many prices of a list, all or none; prices that are not named stay."""
    known = price_list_in(request.auth.shop, price_list_id)
    goods = products_in(request.auth.shop, [one.product_id for one in body.prices])
    entries = [Entry(goods[one.product_id], one.from_quantity, one.price) for one in body.prices]
    with named_as(STEP_NAMES):
        return {"changed": enter_prices(by=request.auth.user, price_list=known, entries=entries)}


STEPS = {"right": Can.EDIT_GOODS, "answer": list[schemas.StepOut]}


@operation(router, "GET", "/{price_list_id}/products/{product_id}", problems={404}, **STEPS)
def get_list_steps(request: HttpRequest, price_list_id: Id, product_id: Id):
    """One product's prices on a list, from each quantity on."""
    return steps_out(selectors.steps_of(product_in(request.auth.shop, product_id), price_list_in(request.auth.shop, price_list_id)))


@operation(router, "PUT", "/{price_list_id}/products/{product_id}", problems={400, 404}, **STEPS)
def set_list_steps(request: HttpRequest, price_list_id: Id, product_id: Id, body: schemas.StepsIn):
    """Make these one product's prices on a list."""
    known, product = price_list_in(request.auth.shop, price_list_id), product_in(request.auth.shop, product_id)
    with named_as(STEP_NAMES):
        set_prices(by=request.auth.user, product=product, price_list=known, steps=[(one.from_quantity, one.price) for one in body.steps])
    return steps_out(selectors.steps_of(product, known))
