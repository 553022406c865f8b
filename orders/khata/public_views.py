"""A khata for its customer, on a phone: entries, bills, balance, a way to pay, and "I don't agree". It tells nothing of anybody else."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from orders.errors import OrderError
from orders.khata import people, selectors
from orders.khata.people import customer_of_key
from orders.khata.sending import balance_words
from orders.khata.statement import language_of, statement_pdf
from orders.khata.words import words
from orders.models import Customer
from orders.public import code_of
from orders.public_views import discreet
from orders.upi import PLAIN_MASK, qr_path, upi_link
from shops.access import open_to_all
from smartkirana.dates import period, shop_today
from smartkirana.files import file_response
from smartkirana.paging import page_of

ENTRIES = 30


def own_page(most: int):
    """As a bill's public page, but a phone keeps nothing of it: the balance is to be true."""
    return discreet(most, place="khata_key", find=customer_of_key, language=language_of, keep=0, referrer="same-origin")


@open_to_all()  # the customer has no account; who has the key was given the khata
@own_page(most=60)
def khata(request: HttpRequest, customer: Customer) -> HttpResponse:
    """What is owed, how it came to that, and how to pay it."""
    return _page(request, customer)


@open_to_all(methods=("POST",))  # as the page
@own_page(most=10)
def disagree(request: HttpRequest, customer: Customer, entry_no: int) -> HttpResponse:
    """The customer does not agree with one entry: it is marked for the shop until both have settled it."""
    try:
        people.dispute(customer=customer, number=entry_no, words=request.POST.get("words", "")[:200])
    except OrderError as refused:
        return _page(request, customer, problem=refused.message)
    return redirect(f"{reverse('private:khata', args=[customer.link_key])}#entry-{entry_no}")


@open_to_all()  # as the page
@own_page(most=10)
def statement(request: HttpRequest, customer: Customer) -> HttpResponse:
    """This financial year's statement as a PDF."""
    return file_response(statement_pdf(customer, period("year", shop_today())), "khata.pdf", save=False)


def _page(request: HttpRequest, customer: Customer, problem: str = "") -> HttpResponse:
    shop = customer.shop
    page = page_of(request, selectors.entries(customer), ENTRIES)
    said = selectors.disputes(customer, page.object_list)
    rows = []
    for entry in page.object_list:
        if entry.order_id:
            entry.order.shop = shop
        rows.append((entry, words(entry), said.get(entry.pk), code_of(entry.order) if entry.order_id else ""))
    pay = _pay_link(customer)
    context = {
        "customer": customer,
        "shop": shop,
        "page": page,
        "rows": rows,
        "balance": balance_words(customer),
        "since": selectors.owing_since(shop, [customer]).get(customer.pk),
        "pay": pay,
        "pay_qr": qr_path(pay, mask=PLAIN_MASK) if pay else None,
        "phone": re.sub(r"[^\d+]", "", shop.phone),
        "language": language_of(customer),
        "problem": problem,
    }
    return render(request, "orders/khata/private.html", context, status=422 if problem else 200)


def _pay_link(customer: Customer) -> str:
    """Asks for what is owed, by UPI; "" without a UPI id or a debt."""
    shop = customer.shop
    if not shop.upi_id or customer.outstanding <= 0:
        return ""
    note = _("Khata {name}").format(name=customer.name or customer.short_phone)
    return upi_link(
        pa=shop.upi_id, pn=shop.upi_name or shop.name, amount=customer.outstanding, reference=f"KHATA{customer.pk}", note=note[:50]
    )
