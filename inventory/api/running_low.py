"""Goods running low at their pace, goods below zero, goods that sleep. `/inventory`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from catalog.models import Product
from inventory import selectors
from inventory.api import schemas_lots as schemas
from inventory.api.found import category_in, products_in, supplier_in
from inventory.api.stock import named
from inventory.low_orders import order_all_low, put_suggestions
from inventory.ordering import Drafted, Wish, draft_orders
from inventory.pace import fresh_pace
from inventory.slow import SlowGoods, SlowList
from shops.access import Can
from shops.api.declare import operation
from shops.models import Shop
from smartkirana.api.lists import TOTAL, Paging, page_of

router = Router(tags=["inventory"])


def _narrowing(shop: Shop, asked: schemas.LowNarrowed) -> selectors.Narrowing:
    category = category_in(shop, asked.category)
    supplier = supplier_in(shop, asked.supplier_id) if asked.supplier_id else None
    return selectors.Narrowing(asked.q or "", category and category.pk, supplier and supplier.pk, asked.out_only, asked.within)


@operation(router, "GET", "/running-low", right=Can.SEE_GOODS, answer=list[schemas.RunningLowOut], paged=True, problems={404})
def list_running_low(request: HttpRequest, response: HttpResponse, asked: Query[schemas.LowAsked]):
    """Goods running low, the most urgent first: out, at their minimum, or gone before an order of today could be there."""
    shop = request.auth.shop
    fresh_pace(shop)
    wanted, first = _narrowing(shop, asked), (asked.page - 1) * asked.limit
    response[TOTAL] = str(selectors.low_count(shop, wanted))
    goods = selectors.low_stock(shop, wanted)[first : first + asked.limit]
    put_suggestions(shop, goods)
    return [_low(product) for product in goods]


def _low(product: Product) -> dict[str, Any]:
    same = {name: getattr(product, name) for name in ("per_day", "supplier_id", "supplier_name", "lead_days")}
    levels = {"max_stock_level": product.max_stock, "days_left": product.whole_days}  # type: ignore[attr-defined]
    return named(product) | same | levels | {"on_order": product.coming, "suggested_order_qty": product.order}  # type: ignore[attr-defined]


ORDERS = {"right": Can.BUY, "answer": schemas.DraftedOut, "status": 201, "moves": True, "problems": {400, 404}}


@operation(router, "POST", "/running-low/orders", **ORDERS)
def order_running_low(request: HttpRequest, body: schemas.OrderLowIn):
    """Put goods into draft orders, one for each supplier who brought them last."""
    shop, key = request.auth.shop, request.request_key
    bring = supplier_in(shop, body.bring_supplier_id) if body.bring_supplier_id else None
    if body.everything:
        fresh_pace(shop)
        return _drafted(order_all_low(shop=shop, by=request.auth.user, narrowing=_narrowing(shop, body.narrowed), bring=bring, key=key))
    goods = products_in(shop, [one.product_id for one in body.goods])
    wishes = [Wish(goods[one.product_id], one.quantity, bring) for one in body.goods]
    return _drafted(draft_orders(shop=shop, by=request.auth.user, wishes=wishes, request_key=key))


def _drafted(drafted: Drafted) -> dict[str, Any]:
    orders = [
        {"id": one.pk, "number": one.number, "supplier_id": one.supplier_id, "supplier_name": one.supplier.name} for one in drafted.orders
    ]
    return {"orders": orders, "left_over": [wish.product.pk for wish in drafted.left_over]}


@operation(router, "GET", "/below-zero", right=Can.SEE_GOODS, answer=list[schemas.BelowZeroOut], paged=True)
def list_below_zero(request: HttpRequest, response: HttpResponse, asked: Query[Paging]):
    """Goods of which more was sold than the books knew of, the deepest first."""
    return [named(one) | {"lowest_lot": one.lowest} for one in page_of(selectors.below_zero(request.auth.shop), asked, response)]


@operation(router, "GET", "/slow", right=Can.SEE_COST, answer=schemas.SlowListOut, paged=True, problems={404})
def list_slow_goods(request: HttpRequest, response: HttpResponse, asked: Query[schemas.SlowAsked]):
    """Goods in stock that nobody buys, or that last for months at their pace."""
    shop = request.auth.shop
    fresh_pace(shop)
    category = category_in(shop, asked.category)
    found = SlowList(shop, asked.show, asked.q or "", category and category.pk, asked.order)
    rows = found.rows((asked.page - 1) * asked.limit, asked.limit)
    if not rows and asked.page > 1:
        found.rows(0, 1)  # past the end: it still says how many there are
    response[TOTAL] = str(found.count)
    return {"goods": found.count, "value": found.value, "rows": [_slow(one) for one in rows]}


def _slow(one: SlowGoods) -> dict[str, Any]:
    same = {name: getattr(one, name) for name in ("product_id", "sku", "unit", "category", "value", "last_sold", "per_day")}
    more = {"product_name": one.name, "current_stock": one.stock, "in_stock_since": one.since}
    return same | more | {"days_of_cover": None if one.cover is None else int(one.cover)}
