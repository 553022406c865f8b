"""Pages of the goods that run low, with their levels and their way into an order, and of what is below zero."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from inventory import selectors
from inventory.errors import StockError
from inventory.forms import MaximumForm, MinimumForm
from inventory.low_orders import LowOrderForm, order_low, put_suggestions
from inventory.low_rows import Answer, rows_of
from inventory.ordering import Drafted
from inventory.pace import fresh_pace
from inventory.services import set_maximum as keep_maximum
from inventory.services import set_minimum as keep_minimum
from inventory.views import number_of, product_of
from shops.access import Can, shop_page
from smartkirana.money import plain
from smartkirana.paging import at_the_end, page_of
from smartkirana.templatetags.kirana import qty
from smartkirana.web import go, sent, show, wants_fragment

MOST_DAYS = 365
MOST_SUPPLIERS = 200
LOW_PER_PAGE = 20  # a row has boxes to write in


# --- what runs low --------------------------------------------------------------------------------------------
@shop_page(Can.SEE_GOODS, methods=("GET", "POST"))
def low_stock(request: HttpRequest) -> HttpResponse:
    """Goods running low, the most urgent first. A POST puts the ticked ones, or all listed, into draft orders."""
    fresh_pace(request.shop)
    wanted = _narrowing(request)
    form = LowOrderForm(sent(request), shop=request.shop)
    problem = None
    if request.method == "POST":
        problem = _order(request, form, wanted)
        if isinstance(problem, HttpResponse):
            return problem
    page = page_of(request, selectors.low_stock(request.shop, wanted), LOW_PER_PAGE)
    put_suggestions(request.shop, page.object_list)
    more = {"order_form": form, "order_key": form.key(), "problem": problem, "suppliers": _suppliers(request)}
    rows = rows_of(request, page.object_list, Answer(typed=request.POST, problem=problem))
    return _stock_list(request, page, "low", more | rows, bad=bool(problem))


def _narrowing(request: HttpRequest) -> selectors.Narrowing:
    return selectors.Narrowing(
        **_narrowed(request),
        out_only="out" in request.GET,
        supplier=number_of(request.GET.get("supplier"), 10**18) or None,
        within=number_of(request.GET.get("within"), MOST_DAYS) or None,
    )


def _narrowed(request: HttpRequest) -> dict:
    category = number_of(request.GET.get("category"), 10**18)
    return {"text": request.GET.get("q", "").strip()[:80], "category": category or None}


def _suppliers(request: HttpRequest):
    return request.shop.suppliers.filter(is_active=True).only("pk", "name")[:MOST_SUPPLIERS]


def _order(request: HttpRequest, form: LowOrderForm, wanted: selectors.Narrowing) -> HttpResponse | StockError:
    """The way on when goods were put into orders, else what was wrong."""
    if Can.BUY not in request.can:
        raise PermissionDenied
    if not form.is_valid():
        return StockError("bad_form", " ".join(error for errors in form.errors.values() for error in errors))
    try:
        drafted = order_low(form=form, by=request.cashier, narrowing=wanted)
    except StockError as error:
        return error
    if not drafted.orders:
        return StockError("no_supplier", f"Nobody brought {_names(drafted)} yet. Choose who brings it, beside the button.", "bring")
    numbers = ", ".join(f"{order.number} to {order.supplier.name}" for order in drafted.orders)
    messages.success(request, f"In draft: {numbers}. Look through and send.")
    if drafted.left_over:
        messages.warning(request, f"Not ordered, since nobody brought it yet: {_names(drafted)}. Tick it again and choose who brings it.")
    if len(drafted.orders) == 1:
        return go(request, "inventory:purchase_order", request.shop.slug, drafted.orders[0].pk)
    return go(request, reverse("inventory:purchase_orders", args=[request.shop.slug]) + "?status=draft")


def _names(drafted: Drafted) -> str:
    names = [wish.product.name for wish in drafted.left_over]
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


@shop_page(Can.SEE_GOODS)
def below_zero(request: HttpRequest) -> HttpResponse:
    """The check list: goods of which more was sold than the books knew of."""
    return _stock_list(request, page_of(request, selectors.below_zero(request.shop, **_narrowed(request))), "below", {})


def _stock_list(request: HttpRequest, page: Page, tab: str, more: dict, *, bad: bool = False) -> HttpResponse:
    context = more | {"page": page, "tab": tab, "last_page": at_the_end(page), "short_count": 0}
    if not wants_fragment(request):
        context |= {"categories": request.shop.categories.all(), "short_count": selectors.below_zero_count(request.shop)}
    return show(request, "inventory/low_stock.html", context, partial="stock_list", bad=bad)


# --- their levels ---------------------------------------------------------------------------------------------
@shop_page(Can.EDIT_GOODS, methods=("GET", "POST"))
def set_minimum(request: HttpRequest, product: int) -> HttpResponse:
    found = product_of(request, product)
    form = MinimumForm(sent(request), initial={"min_stock": plain(found.min_stock)})
    return _level_page(request, found, form, "min_stock", lambda value: {"keep": keep_minimum, "minimum": value})


@shop_page(Can.EDIT_GOODS, methods=("GET", "POST"))
def set_maximum(request: HttpRequest, product: int) -> HttpResponse:
    found = product_of(request, product)
    form = MaximumForm(sent(request), initial={"max_stock": None if found.max_stock is None else plain(found.max_stock)})
    return _level_page(request, found, form, "max_stock", lambda value: {"keep": keep_maximum, "maximum": value})


def _level_page(request: HttpRequest, product, form, field: str, act) -> HttpResponse:
    """Set a minimum or a maximum: for htmx the product's row on the list again, else a page of its own."""
    saved = False
    if request.method == "POST" and form.is_valid():
        try:
            keep = act(form.cleaned_data[field])
            keep.pop("keep")(shop=request.shop, by=request.cashier, product=product, **keep)
            saved = True
        except StockError as error:
            form.add_error(field if error.field == field else None, error.message)
    if saved and not wants_fragment(request):
        level = getattr(product, field)
        words = "none" if level is None else f"{qty(level)} {product.unit}"
        messages.success(request, f"{product.name}: {form.fields[field].label.lower()} {words}.")
        return go(request, "inventory:low_stock", request.shop.slug)
    if not wants_fragment(request):
        return show(request, "inventory/stock_minimum.html", {"product": product, "form": form, "level": form[field]}, bad=form.is_bound)
    selectors.put_pace(product)
    put_suggestions(request.shop, [product])
    rows = rows_of(request, [product], Answer(field=field, form=None if saved else form))
    context = {"row": rows["rows"][0], "words": rows["words"]}
    return show(request, "inventory/low_stock.html", context, partial="stock_row", bad=not saved and form.is_bound)
