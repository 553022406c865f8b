"""What the counter looks up besides goods to sell: old bills, batches, lines anew. Every address here needs the right to sell."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from orders import counter_forms as forms
from orders import counter_selectors as counter
from orders import lookup
from orders.cards import CUSTOMER, STAFF, read_card
from orders.counter_answers import TOO_MUCH, message
from orders.errors import OrderError
from orders.models import Order
from shops.access import Can, shop_page
from smartkirana.errors import Refusal


@shop_page(Can.SELL)
def counter_lookup(request: HttpRequest) -> HttpResponse:
    """The bill, customer or person that a typed number or a scanned code names."""
    try:
        if "number" not in request.GET:
            return _scanned(request, request.GET.get("text", ""))
        order = lookup.bill_numbered(request.shop, request.GET["number"], _counter_code(request))
    except Refusal as refusal:
        return message(request, refusal)
    return _old_bill(request, order)


def _scanned(request: HttpRequest, text: str) -> HttpResponse:
    """A customer's card, somebody's badge, or the code on a bill."""
    kind, row_id = read_card(text) or ("", 0)
    if kind == CUSTOMER:
        customer = counter.customer_with_id(request.shop, row_id)
        return render(request, "orders/counter/customer.html", {"customer": customer})
    if kind == STAFF:
        return render(request, "orders/counter/badge.html", {"card": text})
    return _old_bill(request, lookup.bill_scanned(request.shop, text))


def _old_bill(request: HttpRequest, order: Order) -> HttpResponse:
    return render(request, "orders/counter/old_bill.html", {"order": order, "lines": order.lines.all(), "payments": order.payments.all()})


@shop_page(Can.SELL)
def counter_copy(request: HttpRequest) -> HttpResponse:
    """Rows that sell the goods of an old bill again, at today's prices; what is not sold any more is left out."""
    try:
        order = lookup.bill_numbered(request.shop, request.GET.get("number", ""), _counter_code(request))
        rows = counter.rows_for_lines(request.shop, lookup.lines_again(order), forms.list_id(request.GET))
        if not rows:
            raise OrderError("nothing_to_copy", _("Nothing of bill {number} is on sale any more.").format(number=order.bill_number))
    except Refusal as refusal:
        return message(request, refusal)
    return render(request, "orders/counter/rows.html", {"rows": rows})


@shop_page(Can.SELL, methods=("POST",))
def counter_rows(request: HttpRequest) -> HttpResponse:
    """The posted lines as rows anew, each for its product: after a price changed, or the price list of the bill."""
    try:
        lines = forms.parse_lines(request.POST)
        rows = counter.rows_for_lines(request.shop, lines, forms.list_id(request.POST))
        return render(request, "orders/counter/rows.html", {"rows": rows})
    except (TooManyFieldsSent, RequestDataTooBig):
        return message(request, OrderError("too_much", TOO_MUCH), status=422)
    except Refusal as refusal:
        return message(request, refusal, status=422)


@shop_page(Can.SELL)
def counter_batches(request: HttpRequest) -> HttpResponse:
    """The batches of some goods with one MRP, to choose one by hand."""
    try:
        product_id = forms.parse_id(request.GET.get("product", ""))
        mrp = forms.rupees_or_none(request.GET.get("mrp", ""), "MRP")
        rows = lookup.batch_rows(request.shop, product_id, mrp)
    except Refusal as refusal:
        return message(request, refusal)
    return render(request, "orders/counter/batches.html", {"rows": rows, "product": rows[0].product})


@shop_page(Can.SELL)
def counter_keys(request: HttpRequest) -> HttpResponse:
    """The card of all keys, to print and put beside the counter."""
    return render(request, "orders/counter_keys.html")


def _counter_code(request: HttpRequest) -> str:
    """The code of the counter that asks; a short number is looked for among its own bills first."""
    asked = request.GET.get("counter", "")
    till = request.shop.counters.filter(pk=forms.parse_id(asked)).first() if asked else None
    return till.code if till else ""
