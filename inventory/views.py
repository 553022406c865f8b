"""Pages of the stock room: what runs low, opening stock, putting the stock right, a product's history."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.core.paginator import EmptyPage, Page
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django_htmx.http import reswap, retarget
from django_tables2.paginators import LazyPaginator

from inventory import selectors
from inventory.errors import StockError
from inventory.forms import AdjustForm, KeyForm, MinimumForm, PasteForm
from inventory.opening_file import read_openings
from inventory.opening_rows import new_row, sent_rows
from inventory.services import adjust_stock, enter_opening_stock
from inventory.services import set_minimum as keep_minimum
from inventory.tables import MovementTable
from shops.access import Can, shop_page
from smartkirana.dates import shop_today
from smartkirana.money import ZERO
from smartkirana.templatetags.kirana import qty, rupees
from smartkirana.web import go, sent, show, wants_fragment

PER_PAGE = 50
LAST_PAGE = 200


def number_of(text: str | None, most: int = 10**9) -> int:
    """A number out of an address; 0 for anything else."""
    return min(int(text), most) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0


def page_of(request: HttpRequest, rows) -> Page:
    """The page asked for, without ever counting the rows."""
    paginator = LazyPaginator(rows, PER_PAGE)
    try:
        return paginator.page(max(number_of(request.GET.get("page"), LAST_PAGE), 1))
    except EmptyPage:
        return paginator.page(1)


# --- what runs low --------------------------------------------------------------------------------------------
@shop_page(Can.SEE_GOODS)
def low_stock(request: HttpRequest) -> HttpResponse:
    narrowed = _narrowed(request)
    rows = selectors.low_stock(request.shop, out_only="out" in request.GET, **narrowed)
    return _stock_list(request, rows, tab="low")


@shop_page(Can.SEE_GOODS)
def below_zero(request: HttpRequest) -> HttpResponse:
    return _stock_list(request, selectors.below_zero(request.shop, **_narrowed(request)), tab="below")


def _narrowed(request: HttpRequest) -> dict:
    category = number_of(request.GET.get("category"), 10**18)
    return {"text": request.GET.get("q", "").strip()[:80], "category": category or None}


def _stock_list(request: HttpRequest, rows, *, tab: str) -> HttpResponse:
    page = page_of(request, rows)
    for product in page.object_list:
        _dress(product)
    context = {
        "page": page,
        "tab": tab,
        "categories": request.shop.categories.all(),
        "short_count": 0 if wants_fragment(request) else selectors.below_zero_count(request.shop),
        "last_page": page.number >= LAST_PAGE and page.has_next(),
    }
    return show(request, "inventory/low_stock.html", context, partial="stock_list")


def _dress(product) -> None:
    product.order = selectors.suggested_order(product, product.stock)
    product.low_mark = product.min_stock / 2


@shop_page(Can.EDIT_GOODS, methods=("GET", "POST"))
def set_minimum(request: HttpRequest, product: int) -> HttpResponse:
    found = _product(request, product)
    form = MinimumForm(sent(request), initial={"min_stock": found.min_stock.normalize()})
    if request.method == "POST" and form.is_valid():
        try:
            keep_minimum(shop=request.shop, by=request.cashier, product=found, minimum=form.cleaned_data["min_stock"])
        except StockError as error:
            form.add_error("min_stock", error.message)
        else:
            if not wants_fragment(request):
                messages.success(request, f"{found.name}: minimum {qty(found.min_stock)} {found.unit}.")
                return go(request, "inventory:low_stock", request.shop.slug)
            form = None
    _dress(found)
    context = {"product": found, "form": form, "saved": form is None, "tab": "low"}
    if wants_fragment(request):
        return show(request, "inventory/low_stock.html", context, partial="stock_row", bad=form is not None and form.is_bound)
    return show(request, "inventory/stock_minimum.html", context, bad=form.is_bound)


def _product(request: HttpRequest, product_id: int):
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
    found = _product(request, product)
    form = _adjust_form(request, found, sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            document = adjust_stock(shop=request.shop, by=request.cashier, product=found, request_key=form.key(), **form.change())
        except StockError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
            found = _product(request, product)
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
    found = _product(request, product)
    form = _adjust_form(request, found, request.GET)
    before, after = found.stock, None
    if form.is_valid():
        asked = form.change()
        before = asked["lot"].on_hand if asked["lot"] else before
        after = asked["counted"] if "counted" in asked else before + asked["change"]
    context = {"product": found, "before": before, "after": after, "short": after is not None and after < min(before, Decimal(0))}
    return show(request, "inventory/stock_adjust.html#before_after", context)


# --- history --------------------------------------------------------------------------------------------------
@shop_page(Can.SEE_GOODS)
def history(request: HttpRequest, product: int) -> HttpResponse:
    found = _product(request, product)
    page = page_of(request, selectors.movements_of(found))
    movements = list(page.object_list)
    selectors.put_running_stock(found, movements)
    see_cost = Can.SEE_COST in request.can
    _put_papers(request, movements)
    context = {
        "product": found,
        "page": page,
        "table": MovementTable(movements, exclude=() if see_cost else ("value",)),
        "lots": selectors.lots_of(found, with_empty="all" in request.GET),
        "see_cost": see_cost,
        "today": shop_today(),
        "value": selectors.value_of(found) if see_cost else None,
        "last_page": page.number >= LAST_PAGE and page.has_next(),
    }
    return show(request, "inventory/stock_history.html", context, partial="movements")


def _put_papers(request: HttpRequest, movements) -> None:
    """Give each movement its paper: number of the bill, address of the paper where one may see it, and note."""
    papers = selectors.papers_of(request.shop, movements)
    for movement in movements:
        movement.paper_url = movement.note = ""
        if movement.document == "order":
            movement.paper = papers.bills.get(movement.document_id, "")
            movement.paper_url = bill_url(request.shop, movement.paper)
            continue
        movement.note = papers.notes.get(movement.document_id, "")
        receipt, movement.paper = papers.purchases.get(movement.document_id, (None, ""))
        if receipt and Can.SEE_COST in request.can:
            movement.paper_url = reverse("inventory:purchase", args=[request.shop.slug, receipt])
        elif take := papers.takes.get(movement.document_id):
            movement.paper = take[1]
            if Can.ADJUST_STOCK in request.can:
                movement.paper_url = reverse("inventory:stock_take", args=[request.shop.slug, take[0]])


def bill_url(shop, number: str) -> str:
    """The bill's page, by the name the floor above gives it; "" when it has none."""
    try:
        return reverse("orders:bill", args=[shop.slug, number.replace("/", "-")]) if number else ""
    except NoReverseMatch:
        return ""
