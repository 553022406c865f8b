"""Reading offers: those that run, come or are over on a day, and those of one product."""

from __future__ import annotations

from datetime import date

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from catalog.models import Offer, Product
from shops.models import Shop

STATES = {"": _("All"), "running": _("Running"), "coming": _("Coming"), "over": _("Over")}


def _in_state(state: str, day: date) -> Q:
    begun, not_over = Q(first_day__lte=day), Q(last_day=None) | Q(last_day__gte=day)
    on = Q(is_active=True) & not_over
    return {"running": on & begun, "coming": on & ~begun, "over": ~on}[state]


def offers(shop: Shop, *, day: date, state: str = "") -> QuerySet[Offer]:
    """The shop's offers with their goods at hand: running first, then coming, then over, each the latest first."""
    found = shop.offers.select_related("product", "category").prefetch_related("parts__product")
    if state in ("running", "coming", "over"):
        found = found.filter(_in_state(state, day))
    place = Case(
        When(_in_state("running", day), then=Value(0)),
        When(_in_state("coming", day), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return found.order_by(place, "-first_day", "-pk")


def offers_of(product: Product, *, day: date) -> list[Offer]:
    """Offers that run or come for one product: on it, on its category, or with it in a set."""
    fits = Q(product=product) | Q(pk__in=product.shop.offer_parts.filter(product=product).values("offer"))
    if product.category_id:
        fits |= Q(category=product.category_id)
    not_over = _in_state("running", day) | _in_state("coming", day)
    return list(product.shop.offers.filter(fits, not_over).order_by("first_day", "pk"))
