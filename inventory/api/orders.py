"""Purchase orders: written, sent, closed, cancelled; bills fulfil them. `/purchase-orders`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from catalog.api.words import named_as
from inventory import order_selectors as selectors
from inventory.api import schemas_orders as schemas
from inventory.api.found import order_in, products_in, supplier_in
from inventory.models import PurchaseOrder
from inventory.ordering import OrderedLine, cancel_order, close_order, save_order, send_order
from shops.access import Can
from shops.api.declare import operation
from shops.models import Shop
from smartkirana.api.fields import Id
from smartkirana.api.lists import page_of

router = Router(tags=["purchase orders"])
NAMES = {"supplier": "supplier_id", "product": "product_id"}
HEAD = ("number", "supplier_id", "status", "expected")
LINE = ("product_id", "name", "packs", "pack_size", "quantity", "cost", "received", "missing")


@operation(router, "GET", "", right=Can.SEE_COST, answer=list[schemas.PurchaseOrderRowOut], paged=True, problems={404})
def list_purchase_orders(request: HttpRequest, response: HttpResponse, asked: Query[schemas.OrdersAsked]):
    """The shop's orders to suppliers, the newest first."""
    shop = request.auth.shop
    supplier = supplier_in(shop, asked.supplier_id) if asked.supplier_id else None
    shown = page_of(selectors.orders(shop, selectors.OrderChoice(asked.q or "", asked.status, supplier)), asked, response)
    selectors.put_progress(shop, shown)
    return [_row(order) for order in shown]


def _row(order: PurchaseOrder) -> dict[str, Any]:
    progress = {"goods": order.goods, "goods_received": order.whole, "worth": order.worth}  # type: ignore[attr-defined]
    told = {name: getattr(order, name) for name in HEAD} | progress
    return told | {"id": order.pk, "supplier_name": order.supplier.name, "written_at": order.at}


def _whole(shop: Shop, order_id: int) -> dict[str, Any]:
    order = order_in(shop, order_id)
    assert order is not None
    selectors.put_progress(shop, [order])
    bills = selectors.bills_of(order)
    same = {name: getattr(order, name) for name in ("note", "reason", "revision", "sent_at", "closed_at")}
    return _row(order) | same | {
        "by_user_id": order.by_id,
        "lines": [{name: getattr(line, name) for name in LINE} for line in selectors.lines_of(order)],
        "purchases": [
            {"purchase_id": one.pk, "bill_number": one.bill_number, "received_on": one.document.day, "total": one.total} for one in bills
        ],
        "unasked": selectors.unasked(order) if bills else [],
    }  # fmt: skip


def _lines(shop: Shop, sent: Sequence[schemas.OrderLineIn]) -> list[OrderedLine]:
    goods = products_in(shop, [one.product_id for one in sent])
    return [OrderedLine(goods[one.product_id], one.packs, one.pack_size, one.cost) for one in sent]


WRITTEN = {"right": Can.BUY, "answer": schemas.PurchaseOrderOut, "moves": True, "problems": {400, 404}}


@operation(router, "POST", "", status=201, **WRITTEN)
def create_purchase_order(request: HttpRequest, body: schemas.PurchaseOrderIn):
    """Write a draft order to a supplier."""
    shop = request.auth.shop
    supplier = supplier_in(shop, body.supplier_id)
    with named_as(NAMES):
        order = save_order(
            shop=shop, by=request.auth.user, supplier=supplier, lines=_lines(shop, body.lines), note=body.note, expected=body.expected,
            request_key=request.request_key,
        )  # fmt: skip
    return _whole(shop, order.pk)


@operation(router, "GET", "/{purchase_order_id}", right=Can.SEE_COST, answer=schemas.PurchaseOrderOut, problems={404})
def get_purchase_order(request: HttpRequest, purchase_order_id: Id):
    """What was ordered, what came, what is missing, and the bills it came with."""
    return _whole(request.auth.shop, purchase_order_id)


@operation(router, "PUT", "/{purchase_order_id}", right=Can.BUY, answer=schemas.PurchaseOrderOut, problems={400, 404})
def update_purchase_order(request: HttpRequest, purchase_order_id: Id, body: schemas.PurchaseOrderChange):
    """Write a draft anew: its lines, note and expected day. Whose it is stays."""
    shop = request.auth.shop
    order = order_in(shop, purchase_order_id)
    with named_as(NAMES):
        save_order(
            shop=shop, by=request.auth.user, order=order, lines=_lines(shop, body.lines), note=body.note, expected=body.expected,
            seen=body.revision,
        )  # fmt: skip
    return _whole(shop, purchase_order_id)


@operation(router, "POST", "/{purchase_order_id}/send", **WRITTEN)
def send_purchase_order(request: HttpRequest, purchase_order_id: Id):
    """The order is with the supplier now: its lines stand. Sent twice, it is sent once."""
    send_order(order=order_in(request.auth.shop, purchase_order_id))
    return _whole(request.auth.shop, purchase_order_id)


@operation(router, "POST", "/{purchase_order_id}/close", **WRITTEN)
def close_purchase_order(request: HttpRequest, purchase_order_id: Id, body: schemas.EndOrderIn):
    """Nothing more is expected of the order; say why."""
    close_order(order=order_in(request.auth.shop, purchase_order_id), reason=body.reason)
    return _whole(request.auth.shop, purchase_order_id)


@operation(router, "POST", "/{purchase_order_id}/cancel", **WRITTEN)
def cancel_purchase_order(request: HttpRequest, purchase_order_id: Id, body: schemas.EndOrderIn):
    """Take back an order of which nothing came."""
    cancel_order(order=order_in(request.auth.shop, purchase_order_id), reason=body.reason)
    return _whole(request.auth.shop, purchase_order_id)
