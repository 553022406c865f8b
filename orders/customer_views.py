"""The people the shop knows: a list, and one page to write down or change a customer."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from orders import selectors
from orders.bill_forms import CustomerFilter, CustomerForm
from orders.bill_views import PER_PAGE
from orders.customers import change_customer, create_customer
from orders.errors import OrderError
from orders.khata import selectors as khata_selectors
from orders.models import Customer
from orders.tables import BillTable, CustomerTable
from shops.access import Can, shop_page
from smartkirana.paging import paginate
from smartkirana.web import go, sent, show

LATEST = 10


@shop_page(Can.SEE_BILLS)
def customers(request: HttpRequest) -> HttpResponse:
    """The shop's customers, by name or by what they owe."""
    form = CustomerFilter(request.GET)
    if not form.is_valid():
        return show(request, "orders/customer_list.html", {"form": form}, partial="customer_rows", bad=True)
    table = CustomerTable(selectors.customers(request.shop, form.cleaned_data["q"], owing=form.cleaned_data["owes"]))
    if (sort := request.GET.get("sort", "")).removeprefix("-") in table.base_columns:
        table.order_by = sort
    at_the_end = paginate(request, table, PER_PAGE)
    shown = [row.record for row in table.paginated_rows]
    for customer in shown:
        customer.shop = request.shop  # for its address: not a query a row
    table.since = khata_selectors.owing_since(request.shop, shown)
    context = {"form": form, "table": table, "at_the_end": at_the_end}
    return show(request, "orders/customer_list.html", context, partial="customer_rows")


@shop_page(Can.SELL, methods=("GET", "POST"))
def customer_new(request: HttpRequest) -> HttpResponse:
    """Write down a new customer."""
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        try:
            customer = create_customer(shop=request.shop, **form.details())
        except OrderError as refused:
            form.add_error(refused.field, refused.message)
        else:
            messages.success(request, f"{customer} is written down.")
            return go(request, "orders:customers", request.shop.slug)
    return show(request, "orders/customer_form.html", {"form": form}, bad=form.is_bound)


@shop_page(Can.SEE_BILLS, methods=("GET", "POST"))
def customer(request: HttpRequest, pk: int) -> HttpResponse:
    """One customer: what is known, what is owed, the latest bills; who sells may change it."""
    known = selectors.customer_with_id(request.shop, pk)
    if known is None:
        raise Http404("There is no such customer in this shop.")
    if request.method == "POST" and Can.SELL not in request.can:
        raise PermissionDenied("Your role may not change customers.")
    form = _form(request, instance=known)
    if request.method == "POST" and form.is_valid():
        try:
            change_customer(customer=known, **form.details())
        except OrderError as refused:
            form.add_error(refused.field, refused.message)
        else:
            messages.success(request, f"{known} is changed.")
            return go(request, known)
    return _customer_page(request, known, form)


def _form(request: HttpRequest, **known) -> CustomerForm:
    return CustomerForm(sent(request), shop=request.shop, may_set_prices=Can.EDIT_GOODS in request.can, **known)


def _customer_page(request: HttpRequest, known: Customer, form: CustomerForm) -> HttpResponse:
    latest = selectors.bills(request.shop, selectors.BillChoice()).filter(customer=known)[:LATEST]
    context = {
        "form": form,
        "customer": known,
        "since": khata_selectors.owing_since(request.shop, [known]).get(known.pk),
        "table": BillTable(latest, exclude=("buyer",)),
        "may_change": Can.SELL in request.can,
    }
    return show(request, "orders/customer_form.html", context, bad=form.is_bound)
