"""Stock takes as whoever counts sees them: the list, opening one, counting, ending the counting. `/stock-takes`.

What the books have of goods is in none of these answers; whoever decides finds it in `/stock-takes/{id}/review`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from catalog.models import Product
from inventory import count_selectors as selectors
from inventory.api import schemas_takes as schemas
from inventory.api.found import category_in, lot_in, product_in, take_in
from inventory.count_scope import choices_of, in_scope, label_words
from inventory.counting import count_goods, finish_counting, newest_movement, open_stock_take, take_back
from inventory.models import CountEntry, StockTake
from shops.access import Can
from shops.api.declare import operation
from smartkirana.api.fields import Id
from smartkirana.api.lists import Paging, page_of
from smartkirana.api.problems import NotThere

router = Router(tags=["stock takes"])
SAME = ("number", "name", "status", "opened_at", "counted_at", "decided_at", "uncounted", "document_id")


def take_out(take: StockTake) -> dict[str, Any]:
    """A stock take as the API tells it."""
    return {name: getattr(take, name) for name in SAME} | {
        "id": take.pk,
        "about": selectors.scope_words(take),
        "opened_by_user_id": take.opened_by_id,
        "decided_by_user_id": take.decided_by_id,
    }


def _entry(entry: CountEntry) -> dict[str, Any]:
    same = ("product_id", "lot_id", "quantity", "round", "reverses_id")
    more = {"id": entry.pk, "product_name": entry.product.name, "by_user_id": entry.by_id, "counted_at": entry.at}
    return {name: getattr(entry, name) for name in same} | more


def _goods(product: Product) -> dict[str, Any]:
    same = {name: getattr(product, name) for name in ("name", "sku", "unit", "shelf")}
    return same | {"product_id": product.pk, "category": product.category.name if product.category else None}


@operation(router, "GET", "", right=Can.ADJUST_STOCK, answer=list[schemas.TakeOut], paged=True)
def list_stock_takes(request: HttpRequest, response: HttpResponse, asked: Query[Paging]):
    """The shop's stock takes, the newest first."""
    return [take_out(take) for take in page_of(selectors.stock_takes(request.auth.shop), asked, response)]


@operation(router, "POST", "", right=Can.EDIT_GOODS, answer=schemas.TakeOut, status=201, moves=True, problems={400, 404})
def open_stock_take_by_api(request: HttpRequest, body: schemas.TakeIn):
    """Open a stock take; it changes no stock until it is approved."""
    shop = request.auth.shop
    given = body.model_dump(exclude={"category"})
    take = open_stock_take(
        shop=shop, by=request.auth.user, category=category_in(shop, body.category), request_key=request.request_key, **given
    )
    return take_out(take)


@operation(router, "GET", "/{take_id}", right=Can.ADJUST_STOCK, answer=schemas.TakeProgressOut, problems={404})
def get_stock_take(request: HttpRequest, take_id: Id):
    """One stock take, and how far its counting is."""
    take = take_in(request.auth.shop, take_id)
    counted, goods = selectors.progress(take)
    return take_out(take) | {"goods_counted": counted, "goods": goods}


@operation(router, "GET", "/{take_id}/goods", right=Can.ADJUST_STOCK, answer=schemas.CalledUpListOut, problems={404})
def find_goods_to_count(request: HttpRequest, take_id: Id, asked: Query[schemas.CallAsked]):
    """Call up goods by a code, or by words: the one product that is meant, else goods to choose from."""
    take = take_in(request.auth.shop, take_id)
    product, pieces, ours = selectors.goods_of_code(take, asked.q) if asked.q else (None, Decimal(1), False)
    found = [] if product else selectors.find_goods(take, asked.q)
    if len(found) == 1:
        product, ours = found[0], True
    called = _called_up(take, product, pieces) if product and ours else None
    return {"goods": called, "of_this_take": ours, "found": [_goods(one) for one in found]}


@operation(router, "GET", "/{take_id}/goods/{product_id}", right=Can.ADJUST_STOCK, answer=schemas.CalledUpOut, problems={404})
def call_up_goods(request: HttpRequest, take_id: Id, product_id: Id):
    """Call up one product of the stock take: how its lots are told apart, and what was counted of it so far."""
    take = take_in(request.auth.shop, take_id)
    product = in_scope(take).filter(pk=product_id).first()
    if product is None:
        raise NotThere("product in this stock take")
    return _called_up(take, product, Decimal(1))


def _called_up(take: StockTake, product: Product, pieces: Decimal) -> dict[str, Any]:
    product.shop = take.shop
    looks = choices_of(take.shop.lots.filter(product=product))
    counted = selectors.counted_of(take, product)
    for entry in counted:
        entry.product = product
    return {
        "product_id": product.pk,
        "name": product.name,
        "sku": product.sku,
        "unit": product.unit,
        "pieces": pieces,
        "newest_movement": newest_movement(product),
        "looks": [{"lot_id": lot.pk, "words": label_words(lot)} for lot in looks],
        "counted": [_entry(entry) for entry in counted],
    }


COUNT = {"right": Can.ADJUST_STOCK, "answer": schemas.CountOut, "status": 201, "moves": True, "problems": {400, 404}}


@operation(router, "POST", "/{take_id}/counts", **COUNT)
def count_goods_by_api(request: HttpRequest, take_id: Id, body: schemas.StockCountIn):
    """Write that so much of a product stands in one place."""
    shop = request.auth.shop
    take, product = take_in(shop, take_id), product_in(shop, body.product_id)
    entry = count_goods(
        take=take, by=request.auth.user, product=product, counted=body.quantity, lot=lot_in(shop, body.lot_id), seen=body.seen,
        request_key=request.request_key,
    )  # fmt: skip
    return _entry(entry)


@operation(router, "GET", "/{take_id}/counts", right=Can.ADJUST_STOCK, answer=list[schemas.CountOut], problems={404})
def list_my_counts(request: HttpRequest, take_id: Id):
    """What you counted last, the newest first."""
    return [_entry(entry) for entry in selectors.my_entries(take_in(request.auth.shop, take_id), request.auth.user)]


@operation(router, "POST", "/{take_id}/counts/{count_id}/undo", **COUNT)
def undo_count(request: HttpRequest, take_id: Id, count_id: Id):
    """Take an entry of one's own back: its reverse is written beside it. Done twice, it is done once."""
    take = take_in(request.auth.shop, take_id)
    entry = take.entries.select_related("product", "by", "take").filter(pk=count_id).first()
    if entry is None:
        raise NotThere("count")
    return _entry(take_back(entry=entry, by=request.auth.user, request_key=request.request_key))


@operation(router, "GET", "/{take_id}/left", right=Can.ADJUST_STOCK, answer=list[schemas.LeftOut], paged=True, problems={404})
def list_left_to_count(request: HttpRequest, response: HttpResponse, take_id: Id, asked: Query[schemas.LeftAsked]):
    """Goods that nobody counted yet, by name."""
    return [_goods(one) for one in page_of(selectors.left_to_count(take_in(request.auth.shop, take_id), asked.q or ""), asked, response)]


@operation(router, "POST", "/{take_id}/finish", right=Can.EDIT_GOODS, answer=schemas.TakeOut, moves=True, problems={400, 404})
def finish_stock_take(request: HttpRequest, take_id: Id):
    """End the counting: nothing more is entered, and the owner may look at the differences."""
    finish_counting(take=take_in(request.auth.shop, take_id))
    return take_out(take_in(request.auth.shop, take_id))
