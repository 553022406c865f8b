"""Pages of goods: the list, one product, its form. Import and export have their own modules."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import EmptyPage
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django_tables2.paginators import LazyPaginator

from catalog.forms import CodeRow, ProductForm
from catalog.gst import with_rates
from catalog.models import Product
from catalog.offers.selectors import offers_of
from catalog.offers.words import says
from catalog.prices.selectors import all_steps_of
from catalog.rules import margin
from catalog.selectors import STOCK_STATES, price_history, product_list, put_stock
from catalog.services import save_product, set_on_sale
from catalog.tables import ByStock, ProductTable, stock_word
from shops.access import Can, shop_page
from smartkirana.dates import shop_today
from smartkirana.errors import Refusal
from smartkirana.web import go, show

PER_PAGE = 30
LAST_PAGE = 100


@shop_page(Can.SEE_GOODS)
def products(request: HttpRequest) -> HttpResponse:
    """The list: words, category and stock narrow it, a press on a heading sorts it."""
    text, stock = request.GET.get("q", "")[:200].strip(), request.GET.get("stock", "")
    category, sort = _number(request.GET.get("category")), request.GET.get("sort", "")
    by_stock = sort.removeprefix("-") == "stock"
    rows = product_list(request.shop, text=text, category=category, stock=stock, by_stock=by_stock)
    table = ProductTable(ByStock(rows) if by_stock else rows, shop=request.shop, see_cost=Can.SEE_COST in request.can)
    table.request = request  # not as an argument: that would count all rows and obey any per_page
    if sort.removeprefix("-") in table.base_columns:
        table.order_by = sort
    too_far = _paginate(table, _number(request.GET.get("page")) or 1)
    if not by_stock:
        put_stock(request.shop, [row.record for row in table.page.object_list])
    context = {
        "table": table,
        "text": text,
        "stock": stock,
        "states": STOCK_STATES,
        "category": category,
        "categories": request.shop.categories.all(),
        "too_far": too_far,
    }
    return show(request, "catalog/products.html", context, partial="product_rows")


def _paginate(table: ProductTable, number: int) -> bool:
    """Put the page on the table, the first when there is no such page; True when the way is cut off at LAST_PAGE."""
    table.paginator = LazyPaginator(table.rows, PER_PAGE)
    try:
        table.page = table.paginator.page(min(number, LAST_PAGE))
    except EmptyPage:
        table.page = table.paginator.page(1)
    return number >= LAST_PAGE and table.page.has_next()


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


@shop_page(Can.SEE_GOODS)
def product(request: HttpRequest, pk: int) -> HttpResponse:
    """One product: what it is, its codes, its prices now and before."""
    day = shop_today()
    known = get_object_or_404(with_rates(request.shop.products.select_related("category"), day), pk=pk)
    known.shop = request.shop
    put_stock(request.shop, [known])
    context = {
        "product": known,
        "codes": known.barcodes.all(),
        "stock_word": stock_word(known),
        "margin": margin(known.price, known.cost),
        "changes": price_history(known),
        **_other_prices(known, day),
        "see_cost": Can.SEE_COST in request.can,
        "may_edit": Can.EDIT_GOODS in request.can,
    }
    return show(request, "catalog/product.html", context)


def _other_prices(known: Product, day: date) -> dict:
    """The product's slabs, its prices on lists, and the offers it is in."""
    lists = all_steps_of(known)
    offers = offers_of(known, day=day)
    for offer in offers:
        offer.says, offer.stands = says(offer), offer.state(day)
    return {"slabs": [one for one in lists if one.price_list is None], "lists": [one for one in lists if one.price_list], "offers": offers}


@shop_page(Can.EDIT_GOODS, methods=("GET", "POST"))
def product_new(request: HttpRequest) -> HttpResponse:
    return _product_form(request, None)


@shop_page(Can.EDIT_GOODS, methods=("GET", "POST"))
def product_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _product_form(request, get_object_or_404(request.shop.products.select_related("category"), pk=pk))


def _product_form(request: HttpRequest, known: Product | None) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = ProductForm(data, shop=request.shop, day=shop_today(), product=known, category=request.GET.get("category", "")[:60])
    more = data is not None and "more_codes" in data
    if data is not None and not more and form.is_valid() and (saved := _save(request, form, known)):
        messages.success(request, f"{saved.name} is saved.")
        if "another" in data:
            return go(request, f"{request.path}?{_carry(saved)}")
        return go(request, "catalog:product", request.shop.slug, saved.pk)
    context = {
        "form": form,
        "product": known,
        "name": known.name if known else "",
        "rows": [*form.rows, *[CodeRow()] * (3 if more else 1)],
        "categories": request.shop.categories.all(),
        "bad": data is not None and not more,
    }
    return show(request, "catalog/product_form.html", context, bad=context["bad"])


def _save(request: HttpRequest, form: ProductForm, known: Product | None) -> Product | None:
    """The saved product; None when a rule refused, and the form says which."""
    try:
        with transaction.atomic():
            return save_product(shop=request.shop, by=request.cashier, product=known, **form.details())
    except Refusal as refusal:
        form.refuse(refusal)
        return None


def _carry(saved: Product) -> str:
    return urlencode({"category": saved.category.name}) if saved.category else ""


@shop_page(Can.EDIT_GOODS)
def gst_choices(request: HttpRequest) -> HttpResponse:
    """The lines of the GST schedules that fit what stands in the HSN box; a fragment of the product form."""
    form = ProductForm(request.GET, shop=request.shop, day=shop_today())
    return show(request, "catalog/_gst_choices.html", {"form": form})


@shop_page(Can.EDIT_GOODS, methods=("POST",))
def on_sale(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a product off sale, or put it back: `on_sale` is "yes" or "no"."""
    known = get_object_or_404(request.shop.products, pk=pk)
    wanted = request.POST.get("on_sale") == "yes"
    set_on_sale(product=known, by=request.cashier, on_sale=wanted)
    messages.success(request, f"{known.name} is {'on sale again' if wanted else 'no longer on sale'}.")
    return go(request, "catalog:product", request.shop.slug, known.pk)
