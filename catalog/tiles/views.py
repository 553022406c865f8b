"""The page where a shop chooses its tiles and their order."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from catalog.counter_models import MOST_TILES
from catalog.errors import CatalogError
from catalog.tiles import selectors
from catalog.tiles.services import add_tile, move_tile, remove_tile
from shops.access import Can, shop_page
from smartkirana.web import go, show, wants_fragment


@shop_page(Can.EDIT_GOODS)
def tiles(request: HttpRequest) -> HttpResponse:
    """The tiles there are, and goods to choose from; words narrow them while they are typed."""
    partial = "to_choose" if request.htmx and request.htmx.target == "to-choose" else "tiles_body"
    return show(request, "catalog/tiles.html", _context(request, request.GET.get("q", "")), partial=partial)


def _context(request: HttpRequest, text: str, problem: str = "") -> dict:
    text = text[:200]
    chosen = list(selectors.chosen(request.shop))
    return {
        "chosen": chosen,
        "found": selectors.to_choose(request.shop, text),
        "text": text.strip(),
        "most": MOST_TILES,
        "full": len(chosen) >= MOST_TILES,
        "problem": problem,
    }


@shop_page(Can.EDIT_GOODS, methods=("POST",))
def tile_add(request: HttpRequest, pk: int) -> HttpResponse:
    """A tile for this product, behind the others."""
    text = request.POST.get("q", "")  # first, so that a body nobody can read changes nothing
    try:
        add_tile(shop=request.shop, product=get_object_or_404(request.shop.products, pk=pk))
    except CatalogError as refusal:
        return _answer(request, text, refusal.message)
    return _answer(request, text)


@shop_page(Can.EDIT_GOODS, methods=("POST",))
def tile_move(request: HttpRequest, tile: int) -> HttpResponse:
    """One place to the front or to the back: `to` is "up" or "down"."""
    one = get_object_or_404(request.shop.favourites, pk=tile)
    if (by := {"up": -1, "down": 1}.get(request.POST.get("to", ""))) is not None:
        move_tile(tile=one, by=by)
    return _answer(request, request.POST.get("q", ""))


@shop_page(Can.EDIT_GOODS, methods=("POST",))
def tile_remove(request: HttpRequest, tile: int) -> HttpResponse:
    """The tile goes; its product stays on sale."""
    text = request.POST.get("q", "")
    remove_tile(tile=get_object_or_404(request.shop.favourites, pk=tile))
    return _answer(request, text)


def _answer(request: HttpRequest, text: str, problem: str = "") -> HttpResponse:
    """The page's body for htmx, the page again for a plain browser; what was searched (`text`) stays."""
    if wants_fragment(request):
        return show(request, "catalog/tiles.html#tiles_body", _context(request, text, problem), bad=bool(problem))
    if problem:
        messages.error(request, problem)
    return go(request, "catalog:tiles", request.shop.slug)
