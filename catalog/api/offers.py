"""Offers: something off for some days. `/offers`."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from catalog.api import schemas_prices as schemas
from catalog.api.found import category_in, offer_in, product_in, products_in
from catalog.api.words import named_as
from catalog.models import Offer
from catalog.offers import selectors
from catalog.offers.services import OfferDetails, save_offer, set_offer_on
from catalog.offers.words import says
from shops.access import Can
from shops.api.declare import operation
from shops.models import Shop
from smartkirana.api.fields import Id
from smartkirana.api.lists import page_of
from smartkirana.dates import shop_today

router = Router(tags=["offers"])
SAME = ("name", "kind", "first_day", "last_day", "percent", "amount", "buy", "get", "price", "product_id", "on_lists", "is_active")
FIGURES = ("name", "kind", "last_day", "percent", "amount", "buy", "get", "price", "on_lists")
WRITES = {"right": Can.EDIT_GOODS, "answer": schemas.OfferOut, "problems": {400, 404}}


def _out(offer: Offer, day: date) -> dict[str, Any]:
    parts = [{"product_id": one.product_id, "name": one.product.name, "quantity": one.quantity} for one in offer.parts.all()]
    return {name: getattr(offer, name) for name in SAME} | {
        "id": offer.pk,
        "says": says(offer),
        "state": offer.state(day),
        "product_name": offer.product.name if offer.product else None,
        "category": offer.category.name if offer.category else None,
        "parts": parts,
    }


def _one(shop: Shop, offer_id: int) -> dict[str, Any]:
    return _out(offer_in(shop, offer_id), shop_today())


@operation(router, "GET", "", right=Can.EDIT_GOODS, answer=list[schemas.OfferOut], paged=True)
def list_offers(request: HttpRequest, response: HttpResponse, asked: Query[schemas.OffersAsked]):
    """Offers: those that run, then those that come, then those that are over."""
    day = shop_today()
    return [_out(one, day) for one in page_of(selectors.offers(request.auth.shop, day=day, state=asked.state), asked, response)]


@operation(router, "GET", "/{offer_id}", right=Can.EDIT_GOODS, answer=schemas.OfferOut, problems={404})
def get_offer(request: HttpRequest, offer_id: Id):
    """One offer."""
    return _one(request.auth.shop, offer_id)


@operation(router, "POST", "", status=201, **WRITES)
def create_offer(request: HttpRequest, body: schemas.OfferIn):
    """Make an offer on a product, a category, or a set of goods."""
    return _saved(request, body, None)


@operation(router, "PUT", "/{offer_id}", **WRITES)
def update_offer(request: HttpRequest, offer_id: Id, body: schemas.OfferIn):
    """Write an offer anew; bills that are written keep what it gave them."""
    return _saved(request, body, offer_in(request.auth.shop, offer_id))


def _saved(request: HttpRequest, body: schemas.OfferIn, known: Offer | None) -> dict[str, Any]:
    shop = request.auth.shop
    goods = products_in(shop, [one.product_id for one in body.parts])
    details = OfferDetails(
        first_day=body.first_day or (known.first_day if known else shop_today()),
        product=product_in(shop, body.product_id) if body.product_id else None,
        category=category_in(shop, body.category),
        parts=[(goods[one.product_id], one.quantity) for one in body.parts],
        **{name: getattr(body, name) for name in FIGURES},
    )
    with named_as({"product": "product_id"}):
        saved = save_offer(shop=shop, by=request.auth.user, details=details, offer=known)
    return _one(shop, saved.pk)


@operation(router, "POST", "/{offer_id}/end", right=Can.EDIT_GOODS, answer=schemas.OfferOut, problems={404})
def end_offer(request: HttpRequest, offer_id: Id):
    """End an offer at once, whatever its days."""
    set_offer_on(offer=offer_in(request.auth.shop, offer_id), by=request.auth.user, on=False)
    return _one(request.auth.shop, offer_id)


@operation(router, "POST", "/{offer_id}/resume", right=Can.EDIT_GOODS, answer=schemas.OfferOut, problems={404})
def resume_offer(request: HttpRequest, offer_id: Id):
    """Put an ended offer back to its days."""
    set_offer_on(offer=offer_in(request.auth.shop, offer_id), by=request.auth.user, on=True)
    return _one(request.auth.shop, offer_id)
