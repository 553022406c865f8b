"""A product's lots and purchases, opening stock, goods near and past their date. `/inventory`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from catalog.gst import goods_with_rates
from inventory import expiry, product_selectors, selectors
from inventory.api import schemas_lots as schemas
from inventory.api.found import category_in, product_in, products_in, supplier_in
from inventory.models import StockDocument, StockLot
from inventory.services import Opening, enter_opening_stock
from shops.access import Can
from shops.api.caller import Caller
from shops.api.declare import operation
from smartkirana.api.fields import Id
from smartkirana.api.lists import Paging, page_of
from smartkirana.dates import shop_today
from smartkirana.money import ZERO

router = Router(tags=["inventory"])
DAYS = {"past": -1, "all": None, **{str(days): days for days in expiry.BANDS}}
SAME = ("id", "product_id", "batch", "mrp", "price", "expiry", "on_hand")


def _lot(lot: StockLot, *, costs: bool) -> dict[str, Any]:
    return {name: getattr(lot, name) for name in SAME} | {
        "days_left": expiry.days_left(lot, shop_today()) if lot.expiry else None,
        "unit_cost": lot.unit_cost if costs else None,
        "value": lot.value if costs else None,
        "came_in": lot.created_at,
    }


def _sees_cost(request: HttpRequest) -> bool:
    caller: Caller = request.auth
    return Can.SEE_COST in caller.can


def _paper(request: HttpRequest, document: StockDocument, sign: int = 1) -> dict[str, Any]:
    """What a stock paper moved; `sign` -1 for one that takes goods away."""
    lots, value = selectors.paper_sums(document)
    return {"document_id": document.pk, "day": document.day, "lots": lots, "value": sign * value if _sees_cost(request) else None}


@operation(router, "GET", "/{product_id}/lots", right=Can.SEE_GOODS, answer=list[schemas.LotOut], problems={404})
def list_lots(request: HttpRequest, product_id: Id, asked: Query[schemas.LotsAsked]):
    """A product's lots in the order they are sold, 100 at most; empty ones only when asked for, after the rest."""
    product = product_in(request.auth.shop, product_id)
    return [_lot(lot, costs=_sees_cost(request)) for lot in selectors.lots_of(product, with_empty=asked.with_empty)]


@operation(router, "GET", "/{product_id}/purchases", right=Can.SEE_COST, answer=list[schemas.BoughtOut], paged=True, problems={404})
def list_product_purchases(request: HttpRequest, response: HttpResponse, product_id: Id, asked: Query[Paging]):
    """How a product was bought: its lines on suppliers' bills, the one entered last first."""
    product = product_in(request.auth.shop, product_id)
    same = ("packs", "pack_size", "free", "quantity", "price", "unit_cost", "mrp", "batch")
    return [
        {name: getattr(line, name) for name in same}
        | {
            "purchase_id": line.receipt_id,
            "bill_number": line.receipt.bill_number,
            "bill_date": line.receipt.bill_date,
            "supplier_id": line.receipt.supplier_id,
            "supplier_name": line.receipt.supplier.name,
        }
        for line in page_of(product_selectors.purchases_of(product), asked, response)
    ]


OPENING = {"right": Can.EDIT_GOODS, "answer": schemas.StockPaperOut, "status": 201, "moves": True, "problems": {400, 404}}


@operation(router, "POST", "/opening", **OPENING)
def enter_opening(request: HttpRequest, body: schemas.OpeningStockIn):
    """Enter goods that were in the shop before its books began: a lot for each line."""
    shop = request.auth.shop
    products_in(shop, [one.product_id for one in body.lines])
    goods = goods_with_rates(shop, [one.product_id for one in body.lines], shop_today())
    openings = [
        Opening(
            product=(product := goods[one.product_id]),
            quantity=one.quantity,
            unit_cost=one.unit_cost,
            mrp=one.mrp if "mrp" in one.model_fields_set else product.mrp,
            batch=one.batch,
            expiry=one.expiry,
            credit_rate=(product.gst_rate or ZERO) if one.credit_taken else ZERO,
        )
        for one in body.lines
    ]
    document = enter_opening_stock(
        shop=shop, by=request.auth.user, openings=openings, day=body.day, note=body.note, request_key=request.request_key
    )
    return _paper(request, document)


# --- dates ----------------------------------------------------------------------------------------------------
def _choice(request: HttpRequest, asked: schemas.ExpiringNarrowed, within: int | None) -> expiry.ExpiryChoice:
    shop = request.auth.shop
    category = category_in(shop, asked.category)
    supplier = supplier_in(shop, asked.supplier_id) if asked.supplier_id else None
    return expiry.ExpiryChoice(asked.q or "", category and category.pk, supplier, within)


@operation(router, "GET", "/expiring", right=Can.SEE_GOODS, answer=list[schemas.ExpiringOut], paged=True, problems={404})
def list_expiring(request: HttpRequest, response: HttpResponse, asked: Query[schemas.ExpiringAsked]):
    """Lots near and past their date, the nearest date first."""
    rows = expiry.expiring(request.auth.shop, _choice(request, asked, DAYS[asked.days]))
    costs, today = _sees_cost(request), shop_today()
    return [_dated(lot, today, costs=costs) for lot in page_of(rows, asked, response)]


def _dated(lot: StockLot, today: Any, *, costs: bool) -> dict[str, Any]:
    product = lot.product
    return _lot(lot, costs=costs) | {
        "product_name": product.name,
        "sku": product.sku,
        "unit": product.unit,
        "category": product.category.name if product.category else None,
        "sells_at": lot.price or min(product.price, lot.mrp or product.price),
        "suggested_price": expiry.suggested_markdown(lot, today),
        "purchase_id": lot.receipt_id,  # type: ignore[attr-defined]
    }


@operation(router, "GET", "/expiring/bands", right=Can.SEE_GOODS, answer=list[schemas.BandOut], problems={404})
def expiring_bands(request: HttpRequest, asked: Query[schemas.ExpiringNarrowed]):
    """How much lies in each band of days left."""
    names = {within: name for name, within in DAYS.items()}
    bands = expiry.at_risk(request.auth.shop, _choice(request, asked, None))
    costs = _sees_cost(request)
    return [{"days": names[one.within], "lots": one.count, "value": one.value if costs else None} for one in bands]


@operation(router, "POST", "/mark-down", right=Can.EDIT_GOODS, answer=list[schemas.LotPriceOut], moves=True, problems={400})
def mark_down_lots(request: HttpRequest, body: schemas.MarkDownIn):
    """Give lots prices of their own; answers those that changed. A price that a lot has already changes nothing."""
    prices = [expiry.NewPrice(one.lot_id, one.price) for one in body.prices]
    changes = expiry.mark_down(shop=request.auth.shop, by=request.auth.user, prices=prices)
    return [{"lot_id": one.lot_id, "old_price": one.old_price, "price": one.price} for one in changes]


WRITE_OFF = {"right": Can.ADJUST_STOCK, "answer": schemas.StockPaperOut, "status": 201, "moves": True, "problems": {400}}


@operation(router, "POST", "/write-off", **WRITE_OFF)
def write_off_lots(request: HttpRequest, body: schemas.StockWriteOffIn):
    """Write off all that is left of lots past their date; the input credit on them goes back."""
    document = expiry.write_off(
        shop=request.auth.shop, by=request.auth.user, lot_ids=body.lot_ids, note=body.note, request_key=request.request_key
    )
    return _paper(request, document, -1)
