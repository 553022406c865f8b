"""The tiles of the counter's screen: `/tiles`."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from catalog.api.schemas_prices import PlaceIn
from catalog.counter_models import Favourite
from catalog.tiles.selectors import chosen
from catalog.tiles.services import add_tile, move_tile, remove_tile
from shops.access import Can
from shops.api.declare import operation
from shops.models import Shop
from smartkirana.api.fields import Id, Rupees
from smartkirana.api.problems import NotThere
from smartkirana.api.shapes import Shape

router = Router(tags=["counter"])


class TileIn(Shape):
    product_id: Id


class TileOut(Shape):
    id: int
    position: int
    product_id: int
    product_name: str
    local_name: str
    unit: str
    price: Rupees
    code: str


def _all(shop: Shop) -> list[dict]:
    same = ("position", "local_name", "unit", "price", "code")
    return [
        {"id": one.tile, "product_id": one.pk, "product_name": one.name} | {name: getattr(one, name) for name in same}
        for one in chosen(shop)
    ]


def _tile(shop: Shop, pk: int) -> Favourite:
    found = shop.favourites.filter(pk=pk).first()
    if found is None:
        raise NotThere("tile")
    found.shop = shop
    return found


@operation(router, "GET", "", right=Can.SELL, answer=list[TileOut])
def list_tiles(request: HttpRequest):
    """The products on tiles in their order."""
    return _all(request.auth.shop)


@operation(router, "POST", "", right=Can.EDIT_GOODS, answer=list[TileOut], status=201, problems={400, 404})
def new_tile(request: HttpRequest, body: TileIn):
    """Put a product on a tile behind the others; one that has a tile keeps it."""
    shop = request.auth.shop
    product = shop.products.filter(pk=body.product_id).first()
    if product is None:
        raise NotThere("product")
    add_tile(shop=shop, product=product)
    return _all(shop)


@operation(router, "POST", "/{tile_id}/move", right=Can.EDIT_GOODS, answer=list[TileOut], problems={404})
def change_tile_place(request: HttpRequest, tile_id: Id, body: PlaceIn):
    """Move a tile one place to the front ("up") or to the back ("down")."""
    move_tile(tile=_tile(request.auth.shop, tile_id), by={"up": -1, "down": 1}[body.to])
    return _all(request.auth.shop)


@operation(router, "DELETE", "/{tile_id}", right=Can.EDIT_GOODS, answer=list[TileOut], problems={404})
def take_tile_off(request: HttpRequest, tile_id: Id):
    """Take a tile off; its product stays on sale."""
    remove_tile(tile=_tile(request.auth.shop, tile_id))
    return _all(request.auth.shop)
