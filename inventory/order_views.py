"""Pages of purchase orders: the list, writing one, one order with what came of it, sending, closing, cancelling it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django_htmx.http import reswap, retarget, trigger_client_event

from catalog.models import Product
from inventory import order_selectors as selectors
from inventory.errors import StockError
from inventory.models import PurchaseOrder
from inventory.order_forms import EndForm, OrderFilter, OrderForm, OrderRow, new_rows, sent_rows
from inventory.order_paper import order_pdf as paper_of
from inventory.order_paper import whatsapp_link
from inventory.order_tables import OrderTable
from inventory.ordering import ONE, OrderedLine, cancel_order, close_order, save_order, send_order
from inventory.purchase_rows import put_error
from inventory.purchase_selectors import goods_by_code
from inventory.selectors import find_products
from inventory.views import number_of
from shops.access import Can, shop_page
from smartkirana.dates import shop_today
from smartkirana.files import file_response
from smartkirana.paging import at_the_end, page_of
from smartkirana.web import go, sent, show, wants_fragment

LIST, FORM, ONE_ORDER = (f"inventory/orders/{name}.html" for name in ("order_list", "order_form", "order"))
MOST_CHOSEN = 50  # goods that an address may bring along


# --- the list -------------------------------------------------------------------------------------------------
@shop_page(Can.SEE_COST)
def purchase_orders(request: HttpRequest) -> HttpResponse:
    """The shop's orders, newest first, narrowed by the form."""
    form = OrderFilter(request.GET, shop=request.shop)
    context: dict = {"form": form, "may_buy": Can.BUY in request.can}
    if form.is_valid():
        page = page_of(request, selectors.orders(request.shop, selectors.OrderChoice(**form.cleaned_data)))
        selectors.put_progress(request.shop, page.object_list)
        table = OrderTable(page.object_list, shop=request.shop, may_buy=context["may_buy"])
        context |= {"page": page, "table": table, "today": shop_today(), "last_page": at_the_end(page)}
    return show(request, LIST, context, partial="order_rows", bad=not form.is_valid())


# --- writing one ----------------------------------------------------------------------------------------------
@shop_page(Can.BUY, methods=("GET", "POST"))
def new_order(request: HttpRequest) -> HttpResponse:
    """The form of a new order; `copy` in the address names one to begin with, `product` goods, `supplier` whom."""
    copied = _order(request, number_of(request.GET["copy"], 10**18)) if request.GET.get("copy") and request.method != "POST" else None
    chosen = copied.supplier_id if copied else number_of(request.GET.get("supplier"), 10**18)
    form = OrderForm(sent(request), shop=request.shop, supplier=chosen)
    return _form_page(request, form, None, lambda: _first_lines(request, copied))


@shop_page(Can.BUY, methods=("GET", "POST"))
def change_order(request: HttpRequest, order: int) -> HttpResponse:
    """A draft written anew."""
    found = _order(request, order)
    if request.method != "POST" and not found.is_draft:
        messages.info(request, f"Order {found.number} is not a draft any more. Copy it to order otherwise.")
        return go(request, "inventory:purchase_order", request.shop.slug, found.pk)
    form = OrderForm(sent(request), shop=request.shop, order=found)
    return _form_page(request, form, found, lambda: [_as_line(line) for line in selectors.lines_of(found)])


def _as_line(line) -> OrderedLine:
    return OrderedLine(line.product, line.packs, line.pack_size, line.cost)


def _first_lines(request: HttpRequest, copied: PurchaseOrder | None) -> list[OrderedLine]:
    if copied:
        return [_as_line(line) for line in selectors.lines_of(copied)]
    chosen = [pk for value in request.GET.getlist("product")[:MOST_CHOSEN] if (pk := number_of(value, 10**18))]
    products = [get_object_or_404(request.shop.products, pk=pk) for pk in dict.fromkeys(chosen)]
    return selectors.as_ordered(request.shop, products) if products else []


def _form_page(request: HttpRequest, form: OrderForm, order: PurchaseOrder | None, first: Callable) -> HttpResponse:
    posted = request.method == "POST"
    rows, problem = sent_rows(request.shop, request.POST) if posted else (new_rows(first()), "")
    if posted and (saved := _saved(request, form, order, rows, problem)):
        messages.success(request, f"Order {saved.number} to {saved.supplier.name} is written. Send it when it is right.")
        return go(request, "inventory:purchase_order", request.shop.slug, saved.pk)
    context = {
        "form": form,
        "order": order,
        "rows": rows,
        "sums": _sums(rows),
        "request_key": form.key(),
        "has_suppliers": order is not None or form.fields["supplier"].queryset.exists(),
    }
    return show(request, FORM, context, partial="order_form", bad=posted)


def _saved(request: HttpRequest, form: OrderForm, order: PurchaseOrder | None, rows: list[OrderRow], problem: str) -> PurchaseOrder | None:
    """The order, when all is well; else the sentences stand at their boxes."""
    if problem:
        form.add_error(None, problem)
    if not all([form.is_valid(), *(row.is_valid() for row in rows)]):
        return None
    data = form.cleaned_data
    try:
        return save_order(
            shop=request.shop, by=request.cashier, order=order, supplier=data.get("supplier"), lines=[row.line() for row in rows],
            note=data["note"], expected=data["expected"], seen=data["seen"], request_key=form.key(),
        )  # fmt: skip
    except StockError as error:
        put_error(error, form, rows)
        return None


def _sums(rows: list[OrderRow]) -> dict:
    """What the lines come to as far as they are written: their pieces, the worth of those with a price, how many have none."""
    pieces = [(row, row.so_far()) for row in rows]
    worth = selectors.expected_worth(line for _, line in pieces if line)
    return {"lines": pieces, "worth": worth, "open": sum(line is None or line.cost is None for _, line in pieces)}


@shop_page(Can.BUY, methods=("POST",))
def order_sums(request: HttpRequest) -> HttpResponse:
    """What the order comes to as far as it is written; nothing is saved."""
    rows, _ = sent_rows(request.shop, request.POST)
    return show(request, "inventory/orders/_live.html", {"sums": _sums(rows), "live": True})


@shop_page(Can.BUY, methods=("GET", "POST"))
def order_find(request: HttpRequest) -> HttpResponse:
    """Goods to choose from; a code that names one, or goods chosen, answers their line, or one pack more on the line they have."""
    asked = request.POST if request.method == "POST" else request.GET
    text = asked.get("q", "").strip()[:80]
    product, pack = _found(request, asked, text)
    if not wants_fragment(request):
        address = reverse("inventory:new_order", args=[request.shop.slug])
        return go(request, f"{address}?{urlencode({'product': product.pk})}" if product else address)
    if product is None:
        found = find_products(request.shop, text)
        return show(request, FORM, {"q": text, "found": found, "asked": "go" in asked}, partial="order_found")
    rows, _ = sent_rows(request.shop, request.POST)
    if row := next((row for row in rows if row.product.pk == product.pk), None):
        return trigger_client_event(HttpResponse(status=204), "purchase:again", {"key": row.key, "packs": row.packs_and_one()})
    line = selectors.as_ordered(request.shop, [product])[0]
    if pack not in (ONE, line.pack_size):
        line = OrderedLine(product, ONE, pack)
    answer = show(request, FORM, {"row": new_rows([line])[0]}, partial="order_line")
    return reswap(retarget(answer, "#lines"), "beforeend")


def _found(request: HttpRequest, asked, text: str) -> tuple[Product | None, Decimal]:
    """The goods chosen, or those that the text names, with the pieces in a pack."""
    if chosen := number_of(asked.get("product"), 10**18):
        return get_object_or_404(request.shop.products, pk=chosen), ONE
    return goods_by_code(request.shop, text) if "go" in asked else (None, ONE)


# --- one order ------------------------------------------------------------------------------------------------
@shop_page(Can.SEE_COST)
def purchase_order(request: HttpRequest, order: int) -> HttpResponse:
    """What was ordered, what came, what is missing, and the bills it came with."""
    return _order_page(request, _order(request, order), EndForm())


def _order_page(request: HttpRequest, found: PurchaseOrder, form: EndForm) -> HttpResponse:
    lines = selectors.lines_of(found)
    bills = selectors.bills_of(found)
    context = {
        "order": found,
        "lines": lines,
        "worth": selectors.expected_worth(lines),
        "came": any(line.received for line in lines),
        "bills": bills,
        "unasked": selectors.unasked(found) if bills else [],
        "form": form,
        "may_buy": Can.BUY in request.can,
        "whatsapp": whatsapp_link(found, lines),
        "today": shop_today(),
    }
    return show(request, ONE_ORDER, context, bad=form.is_bound)


@shop_page(Can.BUY, methods=("POST",))
def send(request: HttpRequest, order: int) -> HttpResponse:
    """The order is with the supplier now."""
    return _act(request, order, lambda found: send_order(order=found), "is marked as sent.")


@shop_page(Can.BUY, methods=("POST",))
def close(request: HttpRequest, order: int) -> HttpResponse:
    """Nothing more is expected of the order."""
    return _act(request, order, lambda found: close_order(order=found, reason=request.POST.get("reason", "")), "is closed.")


@shop_page(Can.BUY, methods=("POST",))
def cancel(request: HttpRequest, order: int) -> HttpResponse:
    """The order is taken back; nothing of it came."""
    return _act(request, order, lambda found: cancel_order(order=found, reason=request.POST.get("reason", "")), "is cancelled.")


def _act(request: HttpRequest, order_id: int, act: Callable, done: str) -> HttpResponse:
    found = _order(request, order_id)
    form = EndForm(request.POST)
    form.is_valid()
    try:
        act(found)
    except StockError as error:
        form.add_error("reason" if error.field == "reason" else None, error.message)
        return _order_page(request, _order(request, order_id), form)
    messages.success(request, f"Order {found.number} {done}")
    return go(request, "inventory:purchase_order", request.shop.slug, found.pk)


@shop_page(Can.SEE_COST)
def order_pdf(request: HttpRequest, order: int) -> HttpResponse:
    """The order on paper, as the supplier gets it."""
    found = _order(request, order)
    return file_response(paper_of(found, selectors.lines_of(found)), f"{found.number.replace('/', '-')}.pdf", save=False)


def _order(request: HttpRequest, order_id: int) -> PurchaseOrder:
    found = selectors.order_of(request.shop, order_id)
    if found is None:
        raise Http404("No such order.")
    found.shop = request.shop
    return found
