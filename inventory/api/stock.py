"""Stock: what there is, putting it right, what moved it, what runs low. `/inventory`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from catalog.models import Product
from catalog.selectors import emptiest, goods_in, put_stock, whole
from inventory import selectors
from inventory.api.found import lot_in, product_in
from inventory.api.schemas_stock import AdjustedOut, AdjustIn, HistoryAsked, LowAlertOut, MovementOut, StatusAsked, StockStatusOut
from inventory.low_orders import put_order_suggestions
from inventory.models import StockDocument, StockMovement
from inventory.services import adjust_stock
from shops.access import Can
from shops.api.declare import operation
from smartkirana.api.fields import Id
from smartkirana.api.lists import Paging, page_of

router = Router(tags=["inventory"])
Reason = StockDocument.Reason
REASON_WORDS = ("adjustment", "return")  # of outside clients; ours are those of `StockDocument.Reason`


def state_of(product: Product) -> str:
    """How a product with `stock` stands: none left, under the minimum, over the maximum, or well."""
    if product.stock <= 0:
        return "critical"
    if product.stock < product.min_stock:
        return "low"
    return "overstocked" if product.max_stock is not None and product.stock > product.max_stock else "normal"


def named(product: Product) -> dict[str, Any]:
    """What every answer about a product's stock begins with."""
    return {
        "product_id": product.pk,
        "product_name": product.name,
        "sku": product.sku,
        "unit": product.unit,
        "current_stock": product.stock,
        "min_stock_level": product.min_stock,
        "reorder_quantity": product.reorder_quantity,
    }


@operation(router, "GET", "/status", right=Can.SEE_GOODS, answer=list[StockStatusOut], paged=True)
def stock_status(request: HttpRequest, response: HttpResponse, asked: Query[StatusAsked]):
    """What there is of each product, by name."""
    on_sale = None if asked.include_inactive else True
    goods = page_of(goods_in(request.auth.shop, text=asked.q or "", category=asked.category, on_sale=on_sale), asked, response)
    put_stock(request.auth.shop, goods)
    return [named(product) | {"max_stock_level": product.max_stock, "status": state_of(product)} for product in goods]


@operation(router, "POST", "/adjust", right=Can.ADJUST_STOCK, answer=AdjustedOut, moves=True, problems={400, 404})
def adjust_stock_by_api(request: HttpRequest, body: AdjustIn):
    """Put the stock of a product right; the books follow.

    damage, loss, expired, own_use and sample take away, found adds; adjustment, correction and return may do either. Below zero is
    refused (400), whatever the shop allows at the counter.
    """
    shop = request.auth.shop
    product = product_in(shop, body.product_id)
    document = adjust_stock(
        shop=shop,
        by=request.auth.user,
        product=product,
        reason=_reason(body.adjustment_reason, body.quantity_change),
        change=body.quantity_change,
        note=body.notes or "",
        lot=lot_in(shop, body.lot_id),
        request_key=request.request_key,
    )
    after, change = selectors.stock_of(product), selectors.paper_change(document)
    return _adjusted(product, document, after, change) | {"reason": body.adjustment_reason}


def _reason(word: str, change: Decimal) -> str:
    """Our reason for a client's word: what comes back without a bill is found; an adjustment says no more than that the count was wrong."""
    if word in REASON_WORDS:
        return Reason.FOUND if word == "return" and change > 0 else Reason.CORRECTION
    return word


def _adjusted(product: Product, document: StockDocument, after: Decimal, change: Decimal) -> dict[str, Any]:
    return {
        "product_id": product.pk,
        "product_name": product.name,
        "previous_stock": after - change,
        "quantity_change": change,
        "new_stock": after,
        "timestamp": document.at,
        "document_id": document.pk,
    }


@operation(router, "GET", "/alerts/low-stock", right=Can.SEE_GOODS, answer=list[LowAlertOut], paged=True)
def low_stock_alerts(request: HttpRequest, response: HttpResponse, asked: Query[Paging]):
    """Goods at or under their minimum and goods sold out, the emptiest first, with what to order of each."""
    shop = request.auth.shop
    ids = page_of(emptiest(shop).values_list("pk", flat=True), asked, response)
    goods = whole(shop, emptiest(shop).filter(pk__in=ids))
    put_order_suggestions(shop, goods)
    return [_alert(product) for product in goods]


def _alert(product: Product) -> dict[str, Any]:
    return named(product) | {"suggested_order_qty": product.order, "urgency": "critical" if product.stock <= 0 else "high"}


@operation(router, "GET", "/{product_id}/history", right=Can.SEE_GOODS, answer=list[MovementOut], paged=True, problems={404})
def stock_history(request: HttpRequest, response: HttpResponse, product_id: Id, asked: Query[HistoryAsked]):
    """Everything that moved a product, newest first."""
    product = product_in(request.auth.shop, product_id)
    movements = page_of(selectors.movements_of(product), asked, response)
    bills, papers = selectors.papers_of(request.auth.shop, movements)
    return [_movement(one, bills, papers) for one in movements]


def _movement(one: StockMovement, bills: dict[int, str], papers: dict[int, selectors.Paper]) -> dict[str, Any]:
    paper = papers.get(one.document_id, selectors.NO_PAPER) if one.document == StockMovement.Document.STOCK_DOCUMENT else selectors.NO_PAPER
    return {
        "id": one.pk,
        "product_id": one.product_id,
        "movement_type": StockMovement.Reason(one.reason).name.lower(),
        "quantity": one.quantity,
        "reference_type": StockMovement.Document(one.document).name.lower(),
        "reference_id": one.document_id,
        "reference_number": bills.get(one.document_id, "") if one.document == StockMovement.Document.ORDER else paper.bill,
        "lot_id": one.lot_id,
        "notes": paper.note,
        "moved_by_user_id": one.by_id,
        "created_at": one.at,
    }
