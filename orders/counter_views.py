"""The counter: one page that holds the bill, and the fragments it asks for. Every address here needs the right to sell."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django_htmx.http import reswap, retarget, trigger_client_event

from orders import counter_forms as forms
from orders import counter_selectors as selectors
from orders.approvals import allowance, approved
from orders.bill import BillLine
from orders.counter_answers import TOO_MUCH, message
from orders.counter_tiles import tiles
from orders.customers import create_customer, find_customer
from orders.errors import OrderError
from orders.models import Customer, KhataMember, Order
from orders.payments import see_as_marked
from orders.services import place_order
from orders.shifts import open_shift_of
from orders.upi import qr_path, upi_link
from shops.access import Can, shop_page
from shops.models import Counter
from smartkirana.errors import Refusal
from smartkirana.money import money, rupees
from smartkirana.web import go

CHOSEN = "counters"  # session: shop id → counter id, since a device stands at one counter


@shop_page(Can.SELL, methods=("GET", "POST"))
def counter(request: HttpRequest) -> HttpResponse:
    """The counter's page. A POST adds the typed code to the posted lines: how a browser without JavaScript scans."""
    till = _chosen_counter(request)
    if till is None:
        return _choose(request)
    if request.method == "GET":
        return _page(request, till)
    try:
        lines = forms.parse_lines(request.POST)
        rows = selectors.rows_for_lines(request.shop, lines)
        return _page(request, till, rows=[*rows, *selectors.look_up(request.shop, request.POST.get("code", ""))[:1]])
    except (TooManyFieldsSent, RequestDataTooBig):
        return _page(request, till, problem=TOO_MUCH)
    except Refusal as refusal:
        return _page(request, till, rows=_posted_rows(request), problem=refusal.message)


@shop_page(Can.SELL, methods=("GET", "POST"))
def counter_choose(request: HttpRequest) -> HttpResponse:
    """Which counter this device stands at."""
    if request.method == "GET":
        return _choose(request)
    try:
        chosen = selectors.counter_with_id(request.shop, forms.parse_id(request.POST.get("counter", "")))
    except Refusal as refusal:
        return _choose(request, problem=refusal.message)
    request.session[CHOSEN] = {**request.session.get(CHOSEN, {}), str(request.shop.pk): chosen.pk}
    return go(request, "orders:counter", request.shop.slug)


@shop_page(Can.SELL)
def counter_line(request: HttpRequest) -> HttpResponse:
    """One scan, one fragment: a row, a chooser of MRPs, or a message. The same for every bill, counter and person.

    With `cost`, for who may see costs, the row says what the goods cost, so that the page can mark what is sold below it.
    """
    try:
        if "product" in request.GET:
            rows = _rows_of_product(request)
        else:
            rows = selectors.look_up(request.shop, request.GET.get("code", ""), forms.list_id(request.GET))
    except Refusal as refusal:
        return message(request, refusal)
    with_costs = "cost" in request.GET and Can.SEE_COST in request.can
    return render(request, "orders/counter/line.html", {"rows": rows, "row": rows[0], "with_costs": with_costs})


def _rows_of_product(request: HttpRequest) -> list[selectors.Row]:
    """A product by its id, one row for each MRP; of a named `mrp` and `lot` that one alone."""
    asked = request.GET
    if "mrp" not in asked:
        return selectors.look_up_product(request.shop, forms.parse_id(asked["product"]), forms.list_id(asked))
    lot = forms.parse_id(asked["lot"]) if asked.get("lot") else None
    line = BillLine(forms.parse_id(asked["product"]), selectors.ONE, forms.rupees_or_none(asked["mrp"], "MRP"), lot_id=lot)
    rows = selectors.rows_for_lines(request.shop, [line], forms.list_id(asked))
    return rows or selectors.look_up_product(request.shop, line.product_id)


@shop_page(Can.SELL)
def counter_search(request: HttpRequest) -> HttpResponse:
    """Products by name, for the list under the entry box."""
    asked = request.GET.get("q", "")
    return render(
        request, "orders/counter/search.html", {"products": selectors.products_named(request.shop, asked), "asked": asked.strip()[:40]}
    )


@shop_page(Can.SELL, methods=("GET", "POST"))
def counter_customer(request: HttpRequest) -> HttpResponse:
    """GET: the customer with this phone, or the question whether to add one. POST: add, with the phone alone."""
    phone = (request.POST if request.method == "POST" else request.GET).get("phone", "")
    try:
        customer = find_customer(shop=request.shop, phone=phone)
        if customer is None and request.method == "POST":
            customer = create_customer(shop=request.shop, phone=phone)
    except Refusal as refusal:
        return message(request, refusal, status=422 if request.method == "POST" else 200)
    if customer is None:
        return render(request, "orders/counter/message.html", {"unknown_phone": phone})
    return render(request, "orders/counter/customer.html", {"customer": customer, "members": _members(customer)})


@shop_page(Can.SELL)
def counter_upi(request: HttpRequest) -> HttpResponse:
    """The QR that asks for `amount` rupees by UPI; `key` makes the attempt findable on the bank's side."""
    shop = request.shop
    try:
        if not shop.upi_id:
            raise OrderError("no_upi_id", _("Write the shop's UPI id in Settings, and its QR stands here."))
        amount = money(forms.rupees_or_none(request.GET.get("amount", ""), "amount") or 0)
        key = forms.parse_key(request.GET.get("key", "")) if request.GET.get("key") else ""
        link = upi_link(pa=shop.upi_id, pn=shop.upi_name or shop.name, amount=amount, reference=str(key), note=f"Bill of {shop.name}")
    except Refusal as refusal:
        return message(request, refusal)
    return render(request, "orders/counter/upi.html", {"qr": qr_path(link), "amount": amount, "upi_id": shop.upi_id})


@shop_page(Can.SELL, methods=("POST",))
def counter_pay(request: HttpRequest) -> HttpResponse:
    """Sell the posted bill. The same request key again answers the bill it made the first time."""
    try:
        key = forms.parse_key(request.POST.get("key", ""))
        if (known := selectors.bill_with_key(request.shop, key)) is not None:
            return _saved(request, known, again=True)
        return _saved(request, _place(request, forms.parse_bill(request.POST)))
    except (TooManyFieldsSent, RequestDataTooBig):
        return _refused(request, OrderError("too_much", TOO_MUCH))
    except Refusal as refusal:
        return _refused(request, refusal)


def _place(request: HttpRequest, posted: forms.PostedBill) -> Order:
    shop = request.shop
    if not posted.lines:
        raise OrderError("empty", _("The bill is empty. Scan something first."))
    customer = selectors.customer_with_id(shop, posted.customer_id)
    total = (
        posted.shown_total
        if posted.shown_total is not None
        else selectors.bill_total(shop, posted.lines, customer, posted.discount, posted.list_id)
    )
    return place_order(
        shop=shop,
        counter=selectors.counter_with_id(shop, posted.counter_id),
        cashier=request.cashier,
        lines=posted.lines,
        payments=forms.tenders(posted, total),
        request_key=posted.request_key,
        shown_total=posted.shown_total,
        customer=customer,
        bill_discount=posted.discount,
        price_list_id=posted.list_id,
        device_time=posted.at_device,
        member=selectors.member_with_id(customer, posted.member_id),
        allowance=allowance(request.limits, approved(shop, posted.request_key, posted.approvals)),
    )


# --- answers ----------------------------------------------------------------------------------------------------
def _saved(request: HttpRequest, order: Order, again: bool = False) -> HttpResponse:
    payments = see_as_marked(order=order, by=request.cashier)
    change = sum((p.change for p in payments), Decimal(0))
    if not request.htmx:
        words = f"Already saved as {order.bill_number}" if again else f"Saved {order.bill_number}"
        messages.success(request, f"{words}: {rupees(order.total)}." + (f" Change {rupees(change)}." if change else ""))
        return go(request, "orders:counter", request.shop.slug)
    context = {"order": order, "payments": payments, "change": change, "again": again}
    response = render(request, "orders/counter/saved.html", context)
    told = {"key": str(order.request_key), "number": order.bill_number, "again": again}
    return trigger_client_event(response, "bill:saved", told, after="swap")


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The reason goes into the message line; the bill in the page is not touched."""
    if not request.htmx:
        return _page(request, _chosen_counter(request), rows=_posted_rows(request), problem=refusal.message)
    response = message(request, refusal, status=422)
    return trigger_client_event(reswap(retarget(response, "#say"), "innerHTML"), "bill:refused", {"code": refusal.code}, after="swap")


def _page(request: HttpRequest, till: Counter | None, *, rows: list[selectors.Row] | None = None, problem: str = "") -> HttpResponse:
    if till is None:
        return _choose(request, problem)
    context = {
        "till": till,
        "tills": selectors.counters_in_use(request.shop),
        "rows": rows or [],
        "key": _posted_key(request),
        "problem": problem,
        "customer": (customer := _posted_customer(request)),
        "members": _members(customer),
        "shift": open_shift_of(till),
        "price_lists": request.shop.price_lists.filter(is_active=True)[:9],
        "tiles": tiles(request.shop),
    }
    return render(request, "orders/counter.html", context, status=422 if problem else 200)


def _choose(request: HttpRequest, problem: str = "") -> HttpResponse:
    context = {"tills": selectors.counters_in_use(request.shop), "problem": problem}
    return render(request, "orders/counter_choose.html", context, status=422 if problem else 200)


# --- what a browser without JavaScript posted, shown again --------------------------------------------------------
def _posted_rows(request: HttpRequest) -> list[selectors.Row]:
    try:
        return selectors.rows_for_lines(request.shop, forms.parse_lines(request.POST))
    except (Refusal, TooManyFieldsSent, RequestDataTooBig):
        return []


def _posted_key(request: HttpRequest) -> UUID:
    try:
        return forms.parse_key(request.POST.get("key", ""))
    except (Refusal, TooManyFieldsSent, RequestDataTooBig):
        return uuid4()


def _members(customer: Customer | None) -> list[KhataMember]:
    """Who of the household may take goods on the khata."""
    return list(customer.members.filter(is_active=True)) if customer else []


def _posted_customer(request: HttpRequest) -> Customer | None:
    try:
        posted = request.POST.get("customer", "")
        return selectors.customer_with_id(request.shop, forms.parse_id(posted)) if posted else None
    except (Refusal, TooManyFieldsSent, RequestDataTooBig):
        return None


def _chosen_counter(request: HttpRequest) -> Counter | None:
    """The counter this device chose before, or the only one there is."""
    tills = selectors.counters_in_use(request.shop)
    if len(tills) == 1:
        return tills[0]
    chosen = request.session.get(CHOSEN, {}).get(str(request.shop.pk))
    return next((till for till in tills if till.pk == chosen), None)
