"""A bill for whoever has its address: the customer, on a phone. It shows the bill and tells nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps

from allauth.core.ratelimit import respond_429
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_cache_control

from orders import selectors
from orders.models import Order
from orders.printing.content import language_of
from orders.printing.invoice import invoice_pdf
from orders.printing.receipt import figures
from orders.public import bill_link, code_of, due, for_anybody, order_of_code
from orders.upi import qr_path
from shops.access import open_to_all
from smartkirana.files import file_response
from smartkirana.limits import within

A_MINUTE = 60  # seconds a phone may keep the page: then it asks whether the bill was cancelled


def discreet(
    most: int,
    place: str = "bill_code",
    find: Callable[[str], object] = order_of_code,
    language: Callable = language_of,
    keep: int = A_MINUTE,
    referrer: str = "no-referrer",
) -> Callable:
    """For pages whose address is a secret: no search engine, no referrer, no shared cache, `most` requests a minute from one address.

    place     the secret part's name in the address
    find      what it stands for, None for a 404; the view gets it
    language  in which language it is shown
    keep      seconds a phone may keep the page
    referrer  who may learn where a reader came from: nobody, or this host alone, which a form needs to prove where it stands
    """

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request: HttpRequest, **address: object) -> HttpResponse:
            if not within(request, view.__name__, most=most, seconds=A_MINUTE):
                return respond_429(request)
            found = find(address.pop(place))
            if found is None:
                raise Http404("There is no such page.")
            with translation.override(language(found)):
                response = view(request, found, **address)
                response.headers["Content-Language"] = translation.get_language()
            response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
            response.headers["Referrer-Policy"] = referrer
            patch_cache_control(response, private=True, max_age=keep)
            return response

        return guarded

    return decorate


@open_to_all()  # the customer has no account; who has the code was given the bill
@discreet(most=60)
def bill(request: HttpRequest, order: Order) -> HttpResponse:
    """The bill, to read on a phone, with a way to pay what is still due."""
    shown = for_anybody(selectors.printed_bill(order))
    asked = due(shown)
    pay = shown.pay_link(asked) if asked else ""
    context = {
        **figures(shown),
        "code": code_of(order),
        "due": asked,
        "pay": pay,
        "pay_qr": qr_path(pay) if pay else None,
        "phone": re.sub(r"[^\d+]", "", shown.seller["phone"]),
    }
    return render(request, "orders/public_bill.html", context)


@open_to_all()  # as the page
@discreet(most=15)
def bill_pdf(request: HttpRequest, order: Order) -> HttpResponse:
    """The same as a PDF: the electronic document."""
    shown = for_anybody(selectors.printed_bill(order, link=bill_link(request, order)))
    return file_response(invoice_pdf(shown), f"{order.slug}.pdf", save=False)
