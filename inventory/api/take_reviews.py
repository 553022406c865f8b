"""Stock takes as the owner decides on them: the differences, a recount, approving, calling off. `/stock-takes/{id}/…`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from inventory import count_selectors as selectors
from inventory.api import schemas_takes as schemas
from inventory.api.found import take_in
from inventory.api.takes import take_out
from inventory.count_approval import approve_stock_take
from inventory.count_plan import CountedGoods
from inventory.count_scope import label_words
from inventory.counting import ask_recount, cancel_stock_take, go_on_counting
from inventory.models import StockMovement, StockTake
from shops.access import Can
from shops.api.declare import operation
from smartkirana.api.fields import Id
from smartkirana.api.lists import Paging, page_of
from smartkirana.money import ZERO

router = Router(tags=["stock takes"])
Status = StockTake.Status
MOVED_ON = {"right": Can.RUN_SHOP, "answer": schemas.TakeOut, "moves": True, "problems": {400, 404}}


@operation(router, "GET", "/{take_id}/review", right=Can.RUN_SHOP, answer=schemas.ReviewOut, paged=True, problems={404})
def review_stock_take(request: HttpRequest, response: HttpResponse, take_id: Id, asked: Query[schemas.ReviewAsked]):
    """What was found and what is short; of an approved one what was posted, of one called off nothing."""
    take = take_in(request.auth.shop, take_id)
    if take.status in (Status.APPROVED, Status.CANCELLED):
        return _decided(take, asked, response)
    found, left = selectors.review(take, show=asked.show, sort=asked.sort), selectors.uncounted(take)
    sums = {name: getattr(found, name) for name in ("found", "short", "net", "differing", "moved")}
    rows = [_difference(one) for one in page_of(found.shown, asked, response)]
    return sums | {"uncounted_lots": left.lots, "uncounted_value": left.value, "rows": rows}


def _difference(one: CountedGoods) -> dict[str, Any]:
    same = ("lot_id", "counted", "book", "difference", "value", "moved", "put_right")
    return {name: getattr(one, name) for name in same} | {"product_id": one.product.pk, "name": one.product.name, "look": one.words}


def _decided(take: StockTake, asked: Paging, response: HttpResponse) -> dict[str, Any]:
    """What an approved stock take posted, lot by lot."""
    moves, sums = selectors.posted(take) if take.document_id else (take.shop.movements.none(), {"found": ZERO, "short": ZERO})
    rows = page_of(moves, asked, response)
    return sums | {
        "net": sums["found"] + sums["short"],
        "differing": int(response["X-Total-Count"]),
        "moved": 0,
        "uncounted_lots": 0,
        "uncounted_value": ZERO,
        "rows": [_posted(one) for one in rows],
    }


def _posted(one: StockMovement) -> dict[str, Any]:
    about = {"product_id": one.product_id, "name": one.product.name, "lot_id": one.lot_id, "look": label_words(one.lot)}
    return about | {"difference": one.quantity, "value": one.value, "counted": None, "book": None, "moved": False, "put_right": False}


@operation(router, "GET", "/{take_id}/uncounted", right=Can.RUN_SHOP, answer=list[schemas.UncountedOut], paged=True, problems={404})
def list_uncounted(request: HttpRequest, response: HttpResponse, take_id: Id, asked: Query[Paging]):
    """Stock of the stock take's goods that nobody counted, the most valuable first."""
    lots = page_of(selectors.uncounted_list(take_in(request.auth.shop, take_id)), asked, response)
    return [
        {
            "lot_id": lot.pk,
            "product_id": lot.product_id,
            "name": lot.product.name,
            "look": label_words(lot),
            "on_hand": lot.on_hand,
            "value": lot.value,
        }
        for lot in lots
    ]


RECOUNT = {"right": Can.RUN_SHOP, "answer": schemas.RecountOut, "moves": True, "problems": {400, 404}}


@operation(router, "POST", "/{take_id}/recount", **RECOUNT)
def recount_stock_take(request: HttpRequest, take_id: Id, body: schemas.RecountIn):
    """Have goods counted anew: what was counted of them so far no longer counts, and the counting goes on."""
    goods = ask_recount(take=take_in(request.auth.shop, take_id), by=request.auth.user, product_ids=body.product_ids)
    return {"goods": goods, "status": take_in(request.auth.shop, take_id).status}


@operation(router, "POST", "/{take_id}/go-on", **MOVED_ON)
def go_on_with_stock_take(request: HttpRequest, take_id: Id):
    """Let the counting go on after it was ended."""
    go_on_counting(take=take_in(request.auth.shop, take_id))
    return take_out(take_in(request.auth.shop, take_id))


@operation(router, "POST", "/{take_id}/approve", **MOVED_ON)
def approve_stock_take_by_api(request: HttpRequest, take_id: Id, body: schemas.ApproveIn):
    """Approve the differences: the stock and the books follow at once."""
    take = take_in(request.auth.shop, take_id)
    note = f"{take}: {body.note}" if body.note else ""
    approve_stock_take(take=take, by=request.auth.user, uncounted=body.uncounted, note=note, request_key=request.request_key)
    return take_out(take_in(request.auth.shop, take_id))


@operation(router, "POST", "/{take_id}/cancel", **MOVED_ON)
def cancel_stock_take_by_api(request: HttpRequest, take_id: Id):
    """Call the stock take off; it changes no stock."""
    cancel_stock_take(take=take_in(request.auth.shop, take_id), by=request.auth.user)
    return take_out(take_in(request.auth.shop, take_id))
