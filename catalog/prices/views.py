"""Pages of price lists: all lists, one list with its goods, one product's prices on it, and many prices pasted."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import EmptyPage
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django_tables2.paginators import LazyPaginator

from catalog.errors import CatalogError
from catalog.models import PriceList, Product
from catalog.prices import selectors
from catalog.prices.forms import OnePriceForm, PasteForm, PriceListForm, StepsForm
from catalog.prices.paste import read_prices
from catalog.prices.services import enter_prices, save_price_list, set_list_in_use, set_price, set_prices
from shops.access import Can, shop_page
from smartkirana.templatetags.kirana import rupees
from smartkirana.web import go, sent, show, wants_fragment

PER_PAGE = 30
LAST_PAGE = 200


@shop_page(Can.EDIT_GOODS)
def price_lists(request: HttpRequest) -> HttpResponse:
    """All lists, and how many goods have prices from a quantity on for everybody."""
    context = {"lists": selectors.price_lists(request.shop), "slabbed": selectors.slabbed_count(request.shop)}
    return show(request, "catalog/prices/lists.html", context)


@shop_page(Can.EDIT_GOODS, methods=("GET", "POST"))
def price_list_new(request: HttpRequest) -> HttpResponse:
    """Make a list; its first prices come next."""
    return _name_page(request, None)


@shop_page(Can.EDIT_GOODS, methods=("GET", "POST"))
def price_list_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a list."""
    return _name_page(request, get_object_or_404(request.shop.price_lists, pk=pk))


def _name_page(request: HttpRequest, known: PriceList | None) -> HttpResponse:
    form = PriceListForm(sent(request), initial={"name": known.name if known else ""}, label_suffix="")
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_price_list(shop=request.shop, price_list=known, name=form.cleaned_data["name"])
        except CatalogError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("{name} is saved.").format(name=saved.name))
            return go(request, "catalog:price_list", request.shop.slug, saved.pk)
    known = known and request.shop.price_lists.get(pk=known.pk)  # as it stands, not as it was tried
    return show(request, "catalog/prices/name.html", {"form": form, "list": known}, bad=form.is_bound)


@shop_page(Can.EDIT_GOODS, methods=("POST",))
def list_in_use(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a list out of use, or put it back: `in_use` is "yes" or "no"."""
    known = get_object_or_404(request.shop.price_lists, pk=pk)
    wanted = request.POST.get("in_use") == "yes"
    set_list_in_use(price_list=known, in_use=wanted)
    words = _("{name} is in use again.") if wanted else _("{name} is out of use. Everybody pays the usual prices.")
    messages.success(request, words.format(name=known.name))
    return go(request, "catalog:price_list", request.shop.slug, known.pk)


# --- goods on a list ------------------------------------------------------------------------------------------
@shop_page(Can.EDIT_GOODS)
def price_list(request: HttpRequest, pk: int) -> HttpResponse:
    """One list: its goods with their prices, and any other goods by a word."""
    return _goods_page(request, get_object_or_404(request.shop.price_lists, pk=pk))


@shop_page(Can.EDIT_GOODS)
def slabs(request: HttpRequest) -> HttpResponse:
    """Goods with prices from a quantity on for everybody."""
    return _goods_page(request, None)


def _goods_page(request: HttpRequest, known: PriceList | None) -> HttpResponse:
    text, everything = request.GET.get("q", "")[:200].strip(), request.GET.get("show") == "all"
    page = _page(request, selectors.goods_on(request.shop, known, text=text, everything=everything))
    selectors.put_steps(known, request.shop, page.object_list)
    for product in page.object_list:
        _dress(product)
    context = {
        "list": known,
        "page": page,
        "text": text,
        "everything": everything,
        "see_cost": Can.SEE_COST in request.can,
        "too_far": page.number >= LAST_PAGE and page.has_next(),
    }
    return show(request, "catalog/prices/goods.html", context, partial="goods_rows")


def _page(request: HttpRequest, rows):
    number = request.GET.get("page", "")
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 1
    paginator = LazyPaginator(rows, PER_PAGE)
    try:
        return paginator.page(min(max(wanted, 1), LAST_PAGE))
    except EmptyPage:
        return paginator.page(1)


def _dress(product: Product) -> None:
    """`any_price`: the price for any quantity, or None; `more_steps`: the others."""
    product.any_price = next((price for least, price in product.steps if not least), None)
    product.more_steps = [(least, price) for least, price in product.steps if least]
    product.under_cost = bool(product.cost) and any(price < product.cost for _least, price in product.steps)


@shop_page(Can.EDIT_GOODS, methods=("POST",))
def list_price(request: HttpRequest, pk: int, product: int) -> HttpResponse:
    """Set one product's price for any quantity, in its row of the list."""
    known, goods = get_object_or_404(request.shop.price_lists, pk=pk), get_object_or_404(request.shop.products, pk=product)
    form = OnePriceForm(request.POST)
    if form.is_valid():
        try:
            set_price(by=request.user, product=goods, price_list=known, price=form.cleaned_data["price"])
        except CatalogError as refused:
            form.refuse(refused)
    if not wants_fragment(request):
        if form.is_valid():
            messages.success(request, _("{name}: the price is saved.").format(name=goods.name))
            return go(request, "catalog:price_list", request.shop.slug, known.pk)
        return _steps_page(request, goods, known, one=form)
    selectors.put_steps(known, request.shop, [goods])
    _dress(goods)
    context = {"list": known, "product": goods, "form": form, "saved": form.is_valid(), "see_cost": Can.SEE_COST in request.can}
    return show(request, "catalog/prices/goods.html", context, partial="goods_row", bad=not form.is_valid())


# --- all prices of a product on a list ------------------------------------------------------------------------
@shop_page(Can.EDIT_GOODS, methods=("GET", "POST"))
def list_steps(request: HttpRequest, pk: int, product: int) -> HttpResponse:
    """One product's prices on a list, from each quantity on."""
    known = get_object_or_404(request.shop.price_lists, pk=pk)
    return _steps_page(request, get_object_or_404(request.shop.products, pk=product), known)


@shop_page(Can.EDIT_GOODS, methods=("GET", "POST"))
def product_slabs(request: HttpRequest, pk: int) -> HttpResponse:
    """One product's prices from a quantity on, for everybody."""
    return _steps_page(request, get_object_or_404(request.shop.products, pk=pk), None)


def _steps_page(request: HttpRequest, goods: Product, known: PriceList | None, one: OnePriceForm | None = None) -> HttpResponse:
    """`one`: the price of a single row was refused; it is said over the rows."""
    goods.shop = request.shop
    data = None if one else sent(request)
    form = StepsForm(data, product=goods, price_list=known, steps=selectors.steps_of(goods, known))
    if data is not None and form.is_valid():
        try:
            with transaction.atomic():
                set_prices(by=request.user, product=goods, price_list=known, steps=form.steps)
        except CatalogError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _steps_saved(goods, form.steps))
            return go(request, "catalog:price_list", request.shop.slug, known.pk) if known else _to_product(request, goods)
    context = {"form": form, "one": one, "list": known, "product": goods, "see_cost": Can.SEE_COST in request.can}
    return show(request, "catalog/prices/steps.html", context, bad=form.is_bound or one is not None)


def _steps_saved(goods: Product, steps: list) -> str:
    if not steps:
        return _("{name} has no such price any more.").format(name=goods.name)
    return _("{name}: from {price} a unit.").format(name=goods.name, price=rupees(min(price for _least, price in steps)))


def _to_product(request: HttpRequest, goods: Product) -> HttpResponse:
    return go(request, "catalog:product", request.shop.slug, goods.pk)


# --- many at once ---------------------------------------------------------------------------------------------
@shop_page(Can.EDIT_GOODS, methods=("GET", "POST"))
def price_paste(request: HttpRequest, pk: int) -> HttpResponse:
    """Prices as lines: looked at first, then entered all together or not at all."""
    known = get_object_or_404(request.shop.price_lists, pk=pk)
    known.shop = request.shop
    form = PasteForm(sent(request), initial={"text": selectors.as_lines(known)}, label_suffix="")
    context: dict = {"form": form, "list": known}
    if request.method == "POST" and form.is_valid():
        try:
            entries, context["bad"] = read_prices(known, form.cleaned_data["text"])
            context["good"] = len(entries)
            if not context["bad"] and "enter" in request.POST:
                changed = enter_prices(by=request.user, price_list=known, entries=entries)
                messages.success(request, _("{name}: {count} prices changed.").format(name=known.name, count=changed))
                return go(request, "catalog:price_list", request.shop.slug, known.pk)
        except CatalogError as refused:
            form.add_error(None, refused.message)
    bad = request.method == "POST" and bool(form.errors or context.get("bad"))
    return show(request, "catalog/prices/paste.html", context, partial="paste_form", bad=bad)
