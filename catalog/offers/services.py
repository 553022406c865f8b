"""The acts on offers: made, changed, ended, put back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from catalog.errors import CatalogError
from catalog.models import Category, Offer, OfferPart, Product
from catalog.rules import LARGEST_PRICE, quantity_problem
from shops.models import Shop, User
from smartkirana.dates import FIRST_DAY, LAST_DAY, shop_today
from smartkirana.db_rules import broken_rule, made_with_key
from smartkirana.money import ZERO, money, quantity
from smartkirana.templatetags.kirana import rupees
from smartkirana.text import clean_name

LONGEST_NAME = 60
MOST_PARTS = 10
FIGURES = {"percent": ("percent",), "amount": ("amount",), "buy_get": ("buy", "get"), "combo": ("price",)}
SENTENCES = {
    "catalog_offer_figures": ("bad_figure", "Give the figures of this kind of offer, above zero.", "percent"),
    "catalog_offer_scope": ("bad_scope", "Choose one product or one category.", "product"),
    "catalog_offer_days": ("days_backwards", "The last day comes before the first.", "last_day"),
    "catalog_offerpart_once": ("part_twice", "A product stands in the set twice.", "parts"),
}


@dataclass(frozen=True)
class OfferDetails:
    """An offer as asked for. Of the figures only those of its kind count; the rest may hold anything.

    percent 0.01 to 100 · amount, price rupees · buy, get units · parts (product, its quantity in one set)
    """

    name: str
    kind: str
    first_day: date
    last_day: date | None = None
    percent: Decimal | None = None
    amount: Decimal | None = None
    buy: Decimal | None = None
    get: Decimal | None = None
    price: Decimal | None = None
    product: Product | None = None
    category: Category | None = None
    parts: Sequence[tuple[Product, Decimal]] = ()
    on_lists: bool = False


def save_offer(*, shop: Shop, by: User, details: OfferDetails, offer: Offer | None = None, request_key: UUID | None = None) -> Offer:
    """Make an offer, or change `offer`; bills that are written keep what it gave them.

    request_key  one per opened form of a new offer: sent twice, it makes one

    Raises CatalogError with the sentence of the rule that was broken; its field names the box.
    """
    wanted = _only_its_own(details)
    known, key = (None, None) if offer else made_with_key(shop.offers.all(), request_key, name=wanted.name, kind=wanted.kind)
    if known:
        return known
    _check(shop, wanted, new=offer is None)
    try:
        with transaction.atomic():
            if offer is None:
                offer = Offer(shop=shop, request_key=key)
            else:
                offer = shop.offers.select_for_update(no_key=True).get(pk=offer.pk)
            return _write(offer, by, wanted)
    except IntegrityError as error:
        rule = broken_rule(error)
        if rule == "catalog_offer_request_key":  # two presses at once
            return shop.offers.get(request_key=request_key)
        if rule in SENTENCES:
            raise CatalogError(*SENTENCES[rule]) from error
        raise


def set_offer_on(*, offer: Offer, by: User, on: bool) -> None:
    """End an offer at once, whatever its days, or put it back to them."""
    offer.is_active, offer.changed_by = on, by
    offer.save(update_fields=["is_active", "changed_by", "changed_at"])


def _write(offer: Offer, by: User, wanted: OfferDetails) -> Offer:
    for name in ("name", "kind", "percent", "amount", "buy", "get", "price", "product", "category", "first_day", "last_day", "on_lists"):
        setattr(offer, name, getattr(wanted, name))
    offer.changed_by = by
    offer.save()
    parts = dict(offer.parts.values_list("product_id", "quantity"))
    if parts != {product.pk: count for product, count in wanted.parts}:
        offer.parts.all().delete()
        OfferPart.objects.bulk_create(
            OfferPart(shop_id=offer.shop_id, offer=offer, product=product, quantity=count) for product, count in wanted.parts
        )
    return offer


# --- the rules, in words --------------------------------------------------------------------------------------
def _only_its_own(details: OfferDetails) -> OfferDetails:
    """Without figures, goods and parts that are of another kind of offer."""
    figures: dict[str, Any] = {name: None for names in FIGURES.values() for name in names if name not in FIGURES.get(details.kind, ())}
    wanted = replace(details, name=clean_name(details.name), **figures)
    return replace(wanted, product=None, category=None) if details.kind == "combo" else replace(wanted, parts=())


def _check(shop: Shop, wanted: OfferDetails, *, new: bool) -> None:
    if not wanted.name:
        raise CatalogError("no_name", _("Give the offer a name: it stands on the bill."), "name")
    if len(wanted.name) > LONGEST_NAME:
        raise CatalogError("too_long", _("At most {count} letters.").format(count=LONGEST_NAME), "name")
    if wanted.kind not in FIGURES:
        raise CatalogError("bad_kind", _("Choose what kind of offer it is."), "kind")
    _check_days(wanted, new=new)
    for name in FIGURES[wanted.kind]:
        _check_figure(name, getattr(wanted, name))
    if wanted.kind == "combo":
        _check_set(shop, wanted)
    else:
        _check_goods(shop, wanted)


def _check_days(wanted: OfferDetails, *, new: bool) -> None:
    for name in ("first_day", "last_day"):
        day = getattr(wanted, name)
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            raise CatalogError("day_far", _("Give a date between 2000 and 2099."), name)
    if wanted.last_day is None:
        return
    if wanted.last_day < wanted.first_day:
        raise CatalogError("days_backwards", _("The last day comes before the first."), "last_day")
    if new and wanted.last_day < shop_today():
        raise CatalogError("day_over", _("The last day is over already."), "last_day")


def _check_figure(name: str, figure: Decimal | None) -> None:
    if figure is None or not figure.is_finite() or figure <= 0:
        raise CatalogError("bad_figure", _("Give a number above zero."), name)
    places = 3 if name in ("buy", "get") else 2
    if figure != round(figure, places):
        raise CatalogError("bad_figure", _("At most {places} decimals.").format(places=places), name)
    most = Decimal(100) if name == "percent" else Decimal(9999) if name in ("buy", "get") else LARGEST_PRICE
    if figure > most:
        sentence = _("At most 100 percent.") if name == "percent" else _("That is too large. Check the figure.")
        raise CatalogError("bad_figure", sentence, name)


def _check_goods(shop: Shop, wanted: OfferDetails) -> None:
    """The product or category it is on, and what only makes sense with a product at hand."""
    goods = wanted.product or wanted.category
    if goods is None or (wanted.product and wanted.category):
        raise CatalogError("bad_scope", _("Choose one product, or one category."), "product")
    if goods.shop_id != shop.pk:
        raise CatalogError("bad_scope", _("Choose goods of this shop."), "product")
    if wanted.product is None:
        return
    if wanted.amount is not None and wanted.amount >= wanted.product.price:
        sentence = _("It costs {price}: that would be all of it.").format(price=rupees(wanted.product.price))
        raise CatalogError("all_of_it", sentence, "amount")
    for name in ("buy", "get"):
        figure = getattr(wanted, name)
        if figure is not None and (sentence := quantity_problem(wanted.product.unit, figure)):
            raise CatalogError("bad_figure", sentence, name)


def _check_set(shop: Shop, wanted: OfferDetails) -> None:
    """The parts of a set: goods of the shop, each once, and dearer one by one than together."""
    if not wanted.parts:
        raise CatalogError("no_parts", _("Say what is in the set."), "parts")
    if len(wanted.parts) > MOST_PARTS:
        raise CatalogError("too_many_parts", _("At most {count} products in a set.").format(count=MOST_PARTS), "parts")
    if len({product.pk for product, _count in wanted.parts}) < len(wanted.parts):
        raise CatalogError("part_twice", _("A product stands in the set twice. Give its quantity instead."), "parts")
    for product, count in wanted.parts:
        if product.shop_id != shop.pk:
            raise CatalogError("bad_part", _("Choose goods of this shop."), "parts")
        problem = _("Give a number above zero.") if count <= 0 or count > 9999 else quantity_problem(product.unit, count)
        if problem:
            raise CatalogError("bad_part", f"{product.name}: {problem}", "parts")
    alone = sum((money(product.price * quantity(count)) for product, count in wanted.parts), ZERO)
    if wanted.price is not None and wanted.price >= alone:
        raise CatalogError("no_saving", _("One by one this costs {price}. Give less for the set.").format(price=rupees(alone)), "price")
