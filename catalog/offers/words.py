"""An offer in the few words that a list, a line of a bill or a product's page has room for."""

from __future__ import annotations

from django.utils.translation import gettext as _

from catalog.models import Offer
from catalog.offer_rules import AMOUNT, BUY_GET, PERCENT, OfferTerms
from smartkirana.templatetags.kirana import percent, qty, rupees


def says(offer: Offer | OfferTerms) -> str:
    """What it gives: "10 % off", "₹ 5.00 off each", "Buy 2, get 1 free", "Set for ₹ 99.00"."""
    if offer.kind == PERCENT:
        return _("{percent} off").format(percent=percent(offer.percent))
    if offer.kind == AMOUNT:
        return _("{amount} off each").format(amount=rupees(offer.amount))
    if offer.kind == BUY_GET:
        return _("Buy {buy}, get {get} free").format(buy=qty(offer.buy), get=qty(offer.get))
    return _("Set for {price}").format(price=rupees(offer.price))
