"""Bills after they are made: the list, one bill, its cancelling, its papers."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.csp import CSP
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override

from orders import selectors
from orders.bill_forms import BillFilter, CancelForm
from orders.counter_answers import message
from orders.counter_forms import parse_id
from orders.counter_selectors import counter_with_id
from orders.credit_selectors import returns_of
from orders.errors import OrderError
from orders.models import BillPrint, Order
from orders.printing.invoice import invoice_pdf
from orders.printing.receipt import ROLLS, Copy, copy_asked_for, receipt_context, roll_for
from orders.printing.rolls import bill_bytes, customers_bill
from orders.prints import record_original, record_print
from orders.public import bill_link
from orders.selectors import BillChoice
from orders.services import cancel_order
from orders.tables import BillTable
from shops.access import Can, shop_page
from shops.models import Counter
from smartkirana.csv_rows import csv_file
from smartkirana.errors import Refusal
from smartkirana.files import file_response
from smartkirana.money import ZERO
from smartkirana.paging import paginate
from smartkirana.web import go, show

PER_PAGE = 40
IN_OUR_OWN_FRAME = {**settings.SECURE_CSP, "frame-ancestors": [CSP.SELF]}  # the counter prints the receipt from a frame


# --- the list -------------------------------------------------------------------------------------------------
@shop_page(Can.SEE_BILLS)
def bills(request: HttpRequest) -> HttpResponse:
    """The shop's bills, newest first, narrowed by the form."""
    form, choice = _asked(request)
    if choice is None:
        return show(request, "orders/bill_list.html", {"form": form}, partial="bill_rows", bad=True)
    table = BillTable(selectors.bills(request.shop, choice))
    context = {
        "form": form,
        "table": table,
        "at_the_end": paginate(request, table, PER_PAGE),
        "sums": selectors.bill_sums(request.shop, choice),
    }
    return show(request, "orders/bill_list.html", context, partial="bill_rows")


@shop_page(Can.SEE_BILLS)
def bills_csv(request: HttpRequest) -> HttpResponse:
    """The same bills as a file for a spreadsheet, sent while it is read."""
    form, choice = _asked(request)
    if choice is None:
        return show(request, "orders/bill_list.html", {"form": form}, bad=True)
    rows = (
        (number, day.isoformat(), f"{timezone.localtime(placed_at):%H:%M}", *rest)
        for number, day, placed_at, *rest in selectors.exported(request.shop, choice)
    )
    return csv_file(f"bills-{request.shop.slug}.csv", selectors.EXPORT_COLUMNS, rows)


def _asked(request: HttpRequest) -> tuple[BillFilter, BillChoice | None]:
    form = BillFilter(request.GET, shop=request.shop)
    return form, BillChoice(**form.cleaned_data) if form.is_valid() else None


# --- one bill -------------------------------------------------------------------------------------------------
@shop_page(Can.SEE_BILLS)
def bill(request: HttpRequest, number: str) -> HttpResponse:
    """Everything about one bill."""
    return bill_page(request, order_or_404(request, number), CancelForm())


@shop_page(Can.CANCEL_BILL, methods=("POST",))
def bill_cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Cancel the bill, with a reason."""
    order = order_or_404(request, number)
    form = CancelForm(request.POST)
    if not form.is_valid():
        return bill_page(request, order, form, bad=True)
    try:
        cancel_order(shop=request.shop, bill_number=order.bill_number, by=request.cashier, reason=form.cleaned_data["reason"])
    except OrderError as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return bill_page(request, order, form, bad=True)
    messages.success(request, f"Bill {order.bill_number} is cancelled. Goods and money are booked back.")
    return go(request, order)


def order_or_404(request: HttpRequest, number: str) -> Order:
    order = selectors.bill_by_slug(request.shop, number)
    if order is None:
        raise Http404(f"There is no bill {number} in this shop.")
    return order


def bill_page(request: HttpRequest, order: Order, form: CancelForm, *, problem: str = "", bad: bool = False) -> HttpResponse:
    """The page of `order`; `problem` says why something about its payments was refused."""
    context = {
        "problem": problem,
        "order": order,
        "form": form,
        "bill": selectors.printed_bill(order),
        "history": selectors.bill_history(order),
        "papers": Counter.Paper.choices,
        "returns": (returns := returns_of(order)),
        "may_cancel": Can.CANCEL_BILL in request.can and not (order.is_cancelled or returns or order.exchange_of_id),
        "still": order.total - sum((note.total for note in returns), ZERO),
        "may_return": Can.SELL in request.can and not order.is_cancelled,
        "sees_cost": Can.SEE_COST in request.can,
    }
    return show(request, "orders/bill_detail.html", context, bad=bad)


# --- its papers -----------------------------------------------------------------------------------------------
@shop_page(Can.SEE_BILLS, methods=("POST",))
def bill_print(request: HttpRequest, number: str) -> HttpResponse:
    """Write down a print and go to its paper: the page, the PDF, or with `then` = "bin" the bytes for a roll printer.

    With the bill's request key as `first` it is the counter's own first print; without `then` the paper is in the printer already.
    """
    order, paper, then = order_or_404(request, number), request.POST.get("paper", ""), request.POST.get("then", "")
    try:
        if then == "bin" and paper not in ROLLS:
            raise OrderError("bad_paper", _("Only rolls of 80 or 58 mm are printed raw."), "paper")
        is_first = request.POST.get("first") == str(order.request_key)
        row = (record_original if is_first else record_print)(order=order, by=request.cashier, paper=paper)
    except OrderError as refused:
        return HttpResponseBadRequest(refused.message)
    return HttpResponse(status=204) if is_first and not then else go(request, _address_of(row, order, then, paper))


def _address_of(row: BillPrint, order: Order, then: str, paper: str) -> str:
    """Where the print's paper is. A first print that is asked for again keeps its number, on whatever paper is in the printer now."""
    name = "orders:receipt_bin" if then == "bin" else "orders:invoice_pdf" if paper == Counter.Paper.A4 else "orders:receipt"
    query = (
        {"copy": row.copy_no} | ({} if paper == Counter.Paper.A4 else {"paper": paper}) | ({"now": 1} if name == "orders:receipt" else {})
    )
    return f"{reverse(name, args=[order.shop.slug, order.slug])}?{urlencode(query)}"


@shop_page(Can.SEE_BILLS)
@csp_override(IN_OUR_OWN_FRAME)
@xframe_options_sameorigin
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The bill for a roll of paper. Looking changes nothing; printing is written down by `bill_print`."""
    order, copy = _order_and_copy(request, number)
    paper = roll_for(order, request.GET.get("paper", ""))
    context = receipt_context(customers_bill(request, order, copy), paper)
    return render(
        request, "print/receipt.html", {**context, "copy": copy, "papers": Counter.Paper.choices[:2], "now": "now" in request.GET}
    )


@shop_page(Can.SEE_BILLS)
@never_cache
def receipt_bin(request: HttpRequest, number: str) -> HttpResponse:
    """The same receipt as bytes for a roll printer (ESC/POS). Its first print opens the drawer when cash was paid."""
    order, copy = _order_and_copy(request, number)
    bill = customers_bill(request, order, copy)
    return file_response(bill_bytes(bill, roll_for(order, request.GET.get("paper", "")), copy), f"{order.slug}.bin")


@shop_page(Can.SEE_BILLS)
@csp_override(IN_OUR_OWN_FRAME)
@xframe_options_sameorigin
def invoice(request: HttpRequest, number: str) -> HttpResponse:
    """The A4 bill as a PDF: the electronic document, or the recorded print that `copy` names."""
    order, copy = _order_and_copy(request, number)
    content = invoice_pdf(selectors.printed_bill(order, copy.row, bill_link(request, order)))
    return file_response(content, f"{order.slug}.pdf", save="save" in request.GET)


@shop_page(Can.SELL)
def counter_last(request: HttpRequest) -> HttpResponse:
    """How the last bill of a counter prints, for its "print again"; a sentence when it has made none."""
    try:
        till = counter_with_id(request.shop, parse_id(request.GET.get("counter", "")))
        order = selectors.last_bill(till)
        if order is None:
            raise OrderError("no_bill", _("No bill was made at {counter} yet.").format(counter=till))
    except Refusal as refusal:
        return message(request, refusal)
    return render(request, "orders/counter/last.html", {"order": order})


def _order_and_copy(request: HttpRequest, number: str) -> tuple[Order, Copy]:
    order = order_or_404(request, number)
    copy = copy_asked_for(order, copy=request.GET.get("copy", ""), first=request.GET.get("first", ""))
    if copy is None:
        raise Http404("This bill has no such copy.")
    return order, copy
