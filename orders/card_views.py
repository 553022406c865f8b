"""Cards to print: a badge for somebody of the shop, a card for a customer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from orders.cards import CUSTOMER, STAFF, card_of
from orders.code128 import code128
from orders.upi import qr_path
from shops.access import Can, shop_page


@shop_page(Can.RUN_SHOP)
def badge(request: HttpRequest, member: int) -> HttpResponse:
    """A member's badge: scanned at a counter it asks for their PIN."""
    place = get_object_or_404(request.shop.memberships.select_related("user").filter(is_active=True), pk=member)
    return _card(request, card_of(STAFF, place.pk), {"place": place, "name": place.user.name})


@shop_page(Can.SEE_BILLS)
def customer_card(request: HttpRequest, pk: int) -> HttpResponse:
    """A customer's card: scanned at a counter it puts the customer on the bill."""
    customer = get_object_or_404(request.shop.customers.filter(is_active=True), pk=pk)
    return _card(request, card_of(CUSTOMER, customer.pk), {"customer": customer, "name": str(customer)})


def _card(request: HttpRequest, text: str, about: dict) -> HttpResponse:
    return render(request, "orders/card.html", {"text": text, "qr": qr_path(text, quiet_zone=2), "bars": code128(text), **about})
