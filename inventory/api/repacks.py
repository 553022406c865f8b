"""Goods made out of other goods. `/repacks`."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from catalog.api.words import named_as
from inventory import repack_selectors as selectors
from inventory.api import schemas_repacks as schemas
from inventory.api.found import lot_in, products_in, recipe_in
from inventory.models import Repack
from inventory.repack_selectors import Goods
from inventory.repacking import Made, Taken, repack_goods
from shops.access import Can
from shops.api.declare import operation
from smartkirana.api.fields import Id
from smartkirana.api.lists import Paging, page_of
from smartkirana.api.problems import NotThere

router = Router(tags=["packing"])
NAMES = {"sell_at": "price", "lot": "lot_id", "share": "cost_share"}


def _out(repack: Repack, *, costs: bool) -> dict[str, Any]:
    document = repack.document
    return {
        "id": repack.pk,
        "document_id": document.pk,
        "kind": repack.kind,
        "day": document.day,
        "note": document.note,
        "recipe_id": repack.recipe_id,
        "recipe_name": repack.recipe.name if repack.recipe else "",
        "by_user_id": document.by_id,
        "packed_at": document.at,
        "packing_cost": repack.packing_cost if costs else None,
        "taken": [_goods(one, costs=costs) for one in repack.taken],  # type: ignore[attr-defined]
        "made": [_goods(one, costs=costs) for one in repack.made],  # type: ignore[attr-defined]
    }


def _goods(one: Goods, *, costs: bool) -> dict[str, Any]:
    product: Any = one.product
    known = {"product_id": product.pk, "name": product.name, "unit": product.unit, "quantity": one.quantity}
    figures = {"value": one.value if costs else None, "unit_cost": one.piece if costs else None}
    return known | figures | {"lot_ids": list(dict.fromkeys(lot.pk for lot in one.lots))}


def _told(request: HttpRequest, repacks: list[Repack]) -> list[dict[str, Any]]:
    selectors.put_goods(request.auth.shop, repacks)
    costs = Can.SEE_COST in request.auth.can
    return [_out(one, costs=costs) for one in repacks]


def _one(request: HttpRequest, repack_id: int) -> dict[str, Any]:
    found = selectors.repack_of(request.auth.shop, repack_id)
    if found is None:
        raise NotThere("repack")
    return _told(request, [found])[0]


@operation(router, "GET", "", right=Can.ADJUST_STOCK, answer=list[schemas.RepackOut], paged=True)
def list_repacks(request: HttpRequest, response: HttpResponse, asked: Query[Paging]):
    """What was packed, the newest first."""
    return _told(request, page_of(selectors.repacks(request.auth.shop), asked, response))


@operation(router, "GET", "/{repack_id}", right=Can.ADJUST_STOCK, answer=schemas.RepackOut, problems={404})
def get_repack(request: HttpRequest, repack_id: Id):
    """Everything about one repack."""
    return _one(request, repack_id)


@operation(router, "POST", "", right=Can.ADJUST_STOCK, answer=schemas.RepackOut, status=201, moves=True, problems={400, 404})
def repack_goods_by_api(request: HttpRequest, body: schemas.RepackIn):
    """Take goods out of their lots and make others of them; these cost what was taken, and the packing."""
    shop = request.auth.shop
    _may_price(request, body)
    goods = products_in(shop, [one.product_id for one in (*body.taken, *body.made)])
    taken = [Taken(goods[one.product_id], one.quantity, lot_in(shop, one.lot_id)) for one in body.taken]
    same = ("quantity", "price", "mrp", "batch", "expiry")
    made = [Made(goods[one.product_id], share=one.cost_share, **{name: getattr(one, name) for name in same}) for one in body.made]
    with named_as(NAMES):
        repack = repack_goods(
            shop=shop, by=request.auth.user, taken=taken, made=made, kind=body.kind, packing_cost=body.packing_cost,
            recipe=recipe_in(shop, body.recipe_id), day=body.day, note=body.note, request_key=request.request_key,
        )  # fmt: skip
    return _one(request, repack.pk)


def _may_price(request: HttpRequest, body: schemas.RepackIn) -> None:
    """New prices and shares of the cost are written by those who see these boxes on the page."""
    can = request.auth.can
    if Can.EDIT_GOODS not in can and any(one.price is not None or one.mrp is not None for one in body.made):
        raise PermissionDenied(f"Your role in {request.auth.shop} may not {Can.EDIT_GOODS}.")
    if Can.SEE_COST not in can and any(one.cost_share is not None for one in body.made):
        raise PermissionDenied(f"Your role in {request.auth.shop} may not {Can.SEE_COST}.")
