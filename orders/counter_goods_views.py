"""A product made at the counter, for a code that is not in the list: the bill is not left, and its line stands on it at once."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from catalog.models import Product
from catalog.services import save_product
from orders import counter_selectors as selectors
from orders.counter_goods_forms import QuickProductForm
from orders.errors import OrderError
from shops.access import Can, shop_page
from smartkirana.dates import shop_today
from smartkirana.errors import Refusal
from smartkirana.web import show


@shop_page(Can.EDIT_GOODS, methods=("GET", "POST"))
def counter_product(request: HttpRequest) -> HttpResponse:
    """GET: the form for the scanned `code`. POST: make the product and answer its line; a form that is not right yet comes back (422)."""
    posted = request.POST if request.method == "POST" else None
    scanned = request.POST.get("scanned", "") if posted is not None else request.GET.get("code", "")
    form = QuickProductForm(posted, shop=request.shop, day=shop_today(), scanned=scanned)
    if posted is not None and form.is_valid() and (made := _save(request, form)):
        rows = _rows(request, made, form.scanned)
        return render(request, "orders/counter/line.html", {"rows": rows, "row": rows[0]})
    return show(request, "orders/counter/product.html", {"form": form}, bad=posted is not None)


def _save(request: HttpRequest, form: QuickProductForm) -> Product | None:
    """The new product; None when a rule refused, and the form says which."""
    try:
        with transaction.atomic():
            return save_product(shop=request.shop, by=request.user, **form.details())
    except Refusal as refusal:
        form.refuse(refusal)
        return None


def _rows(request: HttpRequest, made: Product, scanned: str) -> list[selectors.Row]:
    """What was scanned, looked up anew, so that a label brings its weight; the product itself where its code was changed meanwhile."""
    try:
        rows = selectors.look_up(request.shop, scanned)
        if rows[0].product == made:
            return rows
    except OrderError:
        pass
    return selectors.rows_of(request.shop, made)
