"""Pages of whoever counts: the stock takes, opening one, and counting by scan after scan. None of them shows what the books have."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django_htmx.http import trigger_client_event

from catalog.models import Product
from inventory import count_selectors as selectors
from inventory.count_forms import CountForm, TakeForm
from inventory.count_scope import choices_of
from inventory.counting import count_goods, finish_counting, newest_movement, open_stock_take, take_back
from inventory.errors import StockError
from inventory.models import StockTake
from inventory.views import number_of
from shops.access import Can, shop_page
from smartkirana.paging import at_the_end, page_of
from smartkirana.templatetags.kirana import qty
from smartkirana.web import go, sent, show, wants_fragment

LIST, NEW, COUNT, LEFT = (f"inventory/takes/{name}.html" for name in ("take_list", "take_new", "take_count", "take_left"))


def the_take(request: HttpRequest, take_id: int) -> StockTake:
    """The shop's stock take of that address, or 404."""
    take = selectors.take_of(request.shop, take_id)
    if take is None:
        raise Http404("No such stock take.")
    return take


# --- the list -------------------------------------------------------------------------------------------------
@shop_page(Can.ADJUST_STOCK)
def stock_takes(request: HttpRequest) -> HttpResponse:
    """The shop's stock takes, the newest first."""
    page = page_of(request, selectors.stock_takes(request.shop))
    for take in page.object_list:
        take.about = selectors.scope_words(take)
    context = {"page": page, "tab": "takes", "may_open": Can.EDIT_GOODS in request.can}
    context["last_page"] = at_the_end(page)
    return show(request, LIST, context, partial="takes")


@shop_page(Can.EDIT_GOODS, methods=("GET", "POST"))
def new_stock_take(request: HttpRequest) -> HttpResponse:
    """Open a stock take."""
    form = TakeForm(sent(request), shop=request.shop)
    if form.is_valid():
        try:
            data = {name: form.cleaned_data[name] for name in ("name", "category", "shelf", "words")}
            take = open_stock_take(shop=request.shop, by=request.cashier, request_key=form.key(), **data)
        except StockError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            return go(request, "inventory:stock_take", request.shop.slug, take.pk)
    return show(request, NEW, {"form": form, "request_key": form.key()}, partial="take_form", bad=form.is_bound)


# --- counting -------------------------------------------------------------------------------------------------
@shop_page(Can.ADJUST_STOCK)
def stock_take(request: HttpRequest, take: int) -> HttpResponse:
    """The screen of whoever counts; once the counting has ended, what became of it."""
    found = the_take(request, take)
    context = _screen(request, found)
    if chosen := number_of(request.GET.get("product"), 10**18):
        product = get_object_or_404(request.shop.products, pk=chosen)
        context |= _goods(found, product, CountForm(**_asked(found, product, request.GET.get("code", "")[:80])))
    return show(request, COUNT, context, partial="count_side")


def _screen(request: HttpRequest, take: StockTake) -> dict:
    counted, all_goods = selectors.progress(take)
    return {
        "take": take,
        "about": selectors.scope_words(take),
        "counted": counted,
        "all_goods": all_goods,
        "entries": selectors.my_entries(take, request.cashier),
        "open": take.status == StockTake.Status.OPEN,
        "may_end": Can.EDIT_GOODS in request.can,
        "may_decide": Can.RUN_SHOP in request.can,
    }


def _goods(take: StockTake, product: Product, form: CountForm) -> dict:
    """The form of called-up goods."""
    return {"take": take, "product": product, "form": form, "request_key": form.key(), "so_far": selectors.counted_of(take, product)}


def _asked(take: StockTake, product: Product, code: str) -> dict:
    """What the count form of a product is made of; the pack is that of the scanned code."""
    named, pack, _of_take = selectors.goods_of_code(take, code) if code else (None, Decimal(1), False)
    if named != product:
        code, pack = "", Decimal(1)
    return {
        "choices": choices_of(product.shop.lots.filter(product=product)),
        "pack": pack,
        "initial": {"seen": newest_movement(product), "code": code},
    }


@shop_page(Can.ADJUST_STOCK)
def count_find(request: HttpRequest, take: int) -> HttpResponse:
    """Goods to choose from while typing; a code, or words that find one product only, call it up."""
    found = the_take(request, take)
    text = request.GET.get("q", "").strip()[:80]
    product, _pack, ours = selectors.goods_of_code(found, text) if text and "go" in request.GET else (None, Decimal(1), False)
    several = [] if product else selectors.find_goods(found, text)
    if "go" in request.GET and len(several) == 1:
        product, ours, text = several[0], True, ""
    if not wants_fragment(request):
        address = reverse("inventory:stock_take", args=[request.shop.slug, found.pk])
        return go(request, f"{address}?{urlencode({'product': product.pk, 'code': text})}" if product and ours else address)
    if product is not None and ours:
        form = CountForm(**_asked(found, product, text))
        return show(request, COUNT, _goods(found, product, form), partial="count_goods")
    context = {"take": found, "q": text, "found": several, "asked": "go" in request.GET, "stranger": product}
    return show(request, COUNT, context, partial="count_found")


@shop_page(Can.ADJUST_STOCK, methods=("GET", "POST"))
def count_enter(request: HttpRequest, take: int, product: int) -> HttpResponse:
    """The form of one product, and its entry. Sent again it enters nothing more; refused, all that was typed stands there again."""
    found, goods = the_take(request, take), get_object_or_404(request.shop.products, pk=product)
    asked = _asked(found, goods, (request.POST if request.method == "POST" else request.GET).get("code", "")[:80])
    form = CountForm(sent(request), **asked)
    if form.is_valid():
        try:
            entry = count_goods(take=found, by=request.cashier, product=goods, **form.counted())
        except StockError as error:
            form.refuse(error)
        else:
            return _entered(request, found, entry)
    if not wants_fragment(request):
        return show(request, COUNT, _screen(request, found) | _goods(found, goods, form), bad=form.is_bound)
    return show(request, COUNT, _goods(found, goods, form), partial="count_goods", bad=form.is_bound)


def _entered(request: HttpRequest, take: StockTake, entry) -> HttpResponse:
    if not wants_fragment(request):
        messages.success(request, _("%(quantity)s %(unit)s of %(name)s entered.") % {
            "quantity": qty(entry.quantity), "unit": entry.product.unit, "name": entry.product.name,
        })  # fmt: skip
        return go(request, "inventory:stock_take", request.shop.slug, take.pk)
    answer = show(request, COUNT, _screen(request, take) | {"entered": entry}, partial="count_done")
    return trigger_client_event(answer, "count:entered", {}, after="swap")


@shop_page(Can.ADJUST_STOCK, methods=("POST",))
def count_back(request: HttpRequest, take: int, entry: int) -> HttpResponse:
    """Take an entry of one's own back."""
    found = the_take(request, take)
    wrong = get_object_or_404(found.entries.select_related("product", "by", "take"), pk=entry)
    problem = ""
    try:
        take_back(entry=wrong, by=request.cashier)
    except StockError as error:
        problem = error.message
    if not wants_fragment(request):
        if problem:
            messages.error(request, problem)
        return go(request, "inventory:stock_take", request.shop.slug, found.pk)
    return show(request, COUNT, _screen(request, found) | {"problem": problem}, partial="count_side", bad=bool(problem))


@shop_page(Can.ADJUST_STOCK)
def count_left(request: HttpRequest, take: int) -> HttpResponse:
    """Goods that nobody counted yet."""
    found = the_take(request, take)
    page = page_of(request, selectors.left_to_count(found, request.GET.get("q", "").strip()[:80]))
    context = {"take": found, "page": page, "open": found.status == StockTake.Status.OPEN}
    return show(request, LEFT, context | {"last_page": at_the_end(page)}, partial="left")


@shop_page(Can.EDIT_GOODS, methods=("POST",))
def count_end(request: HttpRequest, take: int) -> HttpResponse:
    """End the counting."""
    found = the_take(request, take)
    try:
        finish_counting(take=found)
    except StockError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The counting has ended. The owner looks at the differences now."))
    to = "inventory:count_review" if Can.RUN_SHOP in request.can else "inventory:stock_take"
    return go(request, to, request.shop.slug, found.pk)
