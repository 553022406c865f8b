"""Pages of offers: the list, one form for all kinds, and ending one."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import EmptyPage
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django_tables2.paginators import LazyPaginator

from catalog.errors import CatalogError
from catalog.models import Offer, Product
from catalog.offers import selectors
from catalog.offers.forms import OfferForm
from catalog.offers.services import save_offer, set_offer_on
from catalog.offers.words import says
from catalog.picking import label, options
from shops.access import Can, shop_page
from smartkirana.dates import shop_today
from smartkirana.web import go, sent, show

PER_PAGE = 30


@shop_page(Can.EDIT_GOODS)
def offers(request: HttpRequest) -> HttpResponse:
    """All offers, or those that run, come or are over."""
    day, state = shop_today(), request.GET.get("state", "")
    page = _page(request, selectors.offers(request.shop, day=day, state=state))
    for offer in page.object_list:
        offer.says, offer.stands = says(offer), offer.state(day)
    context = {"page": page, "state": state if state in selectors.STATES else "", "states": selectors.STATES}
    return show(request, "catalog/offers/list.html", context, partial="offer_rows")


def _page(request: HttpRequest, rows):
    number = request.GET.get("page", "")
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    paginator = LazyPaginator(rows, PER_PAGE)
    try:
        return paginator.page(max(wanted, 1))
    except EmptyPage:
        return paginator.page(1)


@shop_page(Can.EDIT_GOODS, methods=("GET", "POST"))
def offer_new(request: HttpRequest) -> HttpResponse:
    """Make an offer."""
    return _offer_form(request, None)


@shop_page(Can.EDIT_GOODS, methods=("GET", "POST"))
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    """One offer: change it, or end it."""
    return _offer_form(request, get_object_or_404(request.shop.offers.select_related("product", "category"), pk=pk))


def _offer_form(request: HttpRequest, known: Offer | None) -> HttpResponse:
    day = shop_today()
    form = OfferForm(sent(request), shop=request.shop, day=day, offer=known, product=_asked_for(request))
    if request.method == "POST" and form.is_valid() and (saved := _save(request, form, known)):
        messages.success(request, _("{name} is saved.").format(name=saved.name))
        return go(request, "catalog:offers", request.shop.slug)
    context = {
        "form": form,
        "offer": known,
        "says": says(known) if known else "",
        "stands": known.state(day) if known else "",
        "bad": form.is_bound,
    }
    return show(request, "catalog/offers/form.html", context, bad=form.is_bound)


def _asked_for(request: HttpRequest) -> Product | None:
    """The product whose page led here."""
    wanted = request.GET.get("product", "")
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 19 else 0
    return request.shop.products.filter(pk=number).first() if number else None


def _save(request: HttpRequest, form: OfferForm, known: Offer | None) -> Offer | None:
    """The saved offer; None when a rule refused, and the form says which."""
    try:
        with transaction.atomic():
            return save_offer(shop=request.shop, by=request.user, details=form.details(), offer=known, request_key=form.key)
    except CatalogError as refused:
        form.refuse(refused)
        return None


@shop_page(Can.EDIT_GOODS, methods=("POST",))
def offer_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End an offer at once, or put it back: `on` is "no" or "yes"."""
    known = get_object_or_404(request.shop.offers, pk=pk)
    wanted = request.POST.get("on") == "yes"
    set_offer_on(offer=known, by=request.user, on=wanted)
    words = _("{name} is back, for its days.") if wanted else _("{name} is ended. The counter does not give it any more.")
    messages.success(request, words.format(name=known.name))
    return go(request, "catalog:offers", request.shop.slug)


@shop_page(Can.EDIT_GOODS)
def product_options(request: HttpRequest) -> HttpResponse:
    """Goods to choose from while a product box is typed in; a fragment of options, for whichever box asked."""
    text = next((text for box in ("product", "part", "goods") if (text := request.GET.get(box))), "")[:200]
    return show(request, "catalog/_options.html", {"labels": [label(product) for product in options(request.shop, text)]})
