"""Pages of the stock room: opening stock, putting the stock right."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django_htmx.http import reswap, retarget

from catalog.models import Product
from inventory import selectors
from inventory.errors import StockError
from inventory.forms import AdjustForm, KeyForm, PasteForm
from inventory.opening_file import read_openings
from inventory.opening_rows import new_row, sent_rows
from inventory.services import adjust_stock, enter_opening_stock
from shops.access import Can, shop_page
from smartkirana.money import ZERO
from smartkirana.templatetags.kirana import qty, rupees
from smartkirana.web import go, sent, show, wants_fragment


def number_of(text: str | None, most: int = 10**9) -> int:
    """A number out of an address; 0 for anything else."""
    return min(int(text), most) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0


def product_of(request: HttpRequest, product_id: int) -> Product:
    """The shop's product with its stock; 404 when it has none such."""
    found = selectors.product_with_stock(request.shop, product_id)
    if found is None:
        raise Http404("No such product.")
    return found


# --- opening stock --------------------------------------------------------------------------------------------
@shop_page(Can.EDIT_GOODS, methods=("GET", "POST"))
def opening(request: HttpRequest) -> HttpResponse:
    rows, problem = sent_rows(request.shop, request.POST) if request.method == "POST" else ([], "")
    key = KeyForm(sent(request)).key()
    if request.method == "POST" and not problem and all(row.is_valid() for row in rows):
        try:
            openings = [row.opening() for row in rows]
            document = enter_opening_stock(shop=request.shop, by=request.cashier, openings=openings, request_key=key)
        except StockError as error:
            problem = error.message
        else:
            messages.success(request, _entered(request, document))
            return go(request, "inventory:opening", request.shop.slug)
    if request.method != "POST" and (chosen := number_of(request.GET.get("product"), 10**18)):
        rows = [new_row(request.shop, get_object_or_404(request.shop.products, pk=chosen))]
    context = {"rows": rows, "problem": problem, "request_key": key, **_found(request)}
    return show(request, "inventory/stock_opening.html", context, partial="opening_form", bad=request.method == "POST")


def _entered(request: HttpRequest, document) -> str:
    count, value = selectors.paper_sums(document)
    lots = "1 lot" if count == 1 else f"{count} lots"
    return f"Entered: {lots}, worth {rupees(value)} at cost." if Can.SEE_COST in request.can else f"Entered: {lots}."


def _found(request: HttpRequest) -> dict:
    text = request.GET.get("q", "").strip()[:80]
    return {"q": text, "found": selectors.find_products(request.shop, text)}


@shop_page(Can.EDIT_GOODS)
def opening_find(request: HttpRequest) -> HttpResponse:
    """Goods to choose from; a code that names one, or a product chosen, answers its row for the form."""
    product = None
    if chosen := number_of(request.GET.get("product"), 10**18):
        product = get_object_or_404(request.shop.products, pk=chosen)
    elif "go" in request.GET:
        product = selectors.product_by_code(request.shop, request.GET.get("q", "")[:80])
    if not wants_fragment(request):
        address = reverse("inventory:opening", args=[request.shop.slug])
        return go(request, f"{address}?product={product.pk}" if product else address)
    if product is None:
        return show(request, "inventory/stock_opening.html", _found(request), partial="opening_found")
    answer = show(request, "inventory/stock_opening.html", {"row": new_row(request.shop, product)}, partial="opening_row")
    return reswap(retarget(answer, "#rows"), "beforeend")


@shop_page(Can.EDIT_GOODS, methods=("GET", "POST"))
def opening_paste(request: HttpRequest) -> HttpResponse:
    form = PasteForm(sent(request), request.FILES or None)
    context: dict = {"form": form, "request_key": form.key()}
    if request.method == "POST" and form.is_valid():
        try:
            good, context["bad"] = read_openings(request.shop, form.cleaned_data["text"], credit=form.cleaned_data["credit"])
            context |= {"good": len(good), "value": sum((o.quantity * o.unit_cost for o in good), ZERO), "text": form.cleaned_data["text"]}
            if not context["bad"] and "enter" in request.POST:
                document = enter_opening_stock(shop=request.shop, by=request.cashier, openings=good, request_key=form.key())
                messages.success(request, _entered(request, document))
                return go(request, "inventory:opening", request.shop.slug)
        except StockError as error:
            form.add_error(None, error.message)
    bad = request.method == "POST" and bool(form.errors or context.get("bad"))
    return show(request, "inventory/stock_paste.html", context, partial="paste_form", bad=bad)


# --- putting it right -----------------------------------------------------------------------------------------
@shop_page(Can.ADJUST_STOCK)
def adjust_find(request: HttpRequest) -> HttpResponse:
    if "go" in request.GET and (product := selectors.product_by_code(request.shop, request.GET.get("q", "")[:80])):
        return go(request, "inventory:adjust", request.shop.slug, product.pk)
    return show(request, "inventory/stock_adjust_find.html", _found(request), partial="adjust_found")


@shop_page(Can.ADJUST_STOCK, methods=("GET", "POST"))
def adjust(request: HttpRequest, product: int) -> HttpResponse:
    found = product_of(request, product)
    form = _adjust_form(request, found, sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            document = adjust_stock(shop=request.shop, by=request.cashier, product=found, request_key=form.key(), **form.change())
        except StockError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
            found = product_of(request, product)
        else:
            after, change = selectors.stock_of(found), selectors.paper_change(document)
            messages.success(request, f"{found.name}: {qty(after - change)} → {qty(after)} {found.unit}. {document.get_reason_display()}.")
            return go(request, "inventory:history", request.shop.slug, found.pk)
    context = {"product": found, "form": form, "request_key": form.key(), "before": found.stock}
    return show(request, "inventory/stock_adjust.html", context, partial="adjust_form", bad=form.is_bound)


def _adjust_form(request: HttpRequest, product, data) -> AdjustForm:
    wanted = {key: request.GET[key] for key in ("reason", "lot") if key in request.GET}
    return AdjustForm(data, initial=wanted, shop=request.shop, product=product, lots=selectors.lots_of(product))


@shop_page(Can.ADJUST_STOCK)
def adjust_after(request: HttpRequest, product: int) -> HttpResponse:
    """Before → after, while the form is filled in."""
    found = product_of(request, product)
    form = _adjust_form(request, found, request.GET)
    before, after = found.stock, None
    if form.is_valid():
        asked = form.change()
        before = asked["lot"].on_hand if asked["lot"] else before
        after = asked["counted"] if "counted" in asked else before + asked["change"]
    context = {"product": found, "before": before, "after": after, "short": after is not None and after < min(before, Decimal(0))}
    return show(request, "inventory/stock_adjust.html#before_after", context)
