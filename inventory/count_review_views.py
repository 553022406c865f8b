"""Pages of whoever decides on a stock take: the differences, a recount, approving it or calling it off."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inventory import count_selectors as selectors
from inventory.count_approval import approve_stock_take
from inventory.count_forms import ApproveForm
from inventory.count_views import the_take
from inventory.counting import ask_recount, cancel_stock_take, go_on_counting
from inventory.errors import StockError
from inventory.models import StockTake
from inventory.views import number_of
from shops.access import Can, shop_page
from smartkirana.paging import LAST_PAGE, PER_PAGE, at_the_end, page_of
from smartkirana.web import go, sent, show

REVIEW = "inventory/takes/take_review.html"
SHOWS = ("differences", "all", "moved", "uncounted")
Status = StockTake.Status


@shop_page(Can.RUN_SHOP)
def count_review(request: HttpRequest, take: int) -> HttpResponse:
    """What was found and what is short, by goods and lot; once approved, what was posted."""
    return _review_page(request, the_take(request, take), ApproveForm())


def _review_page(request: HttpRequest, take: StockTake, form: ApproveForm) -> HttpResponse:
    context: dict = {"take": take, "about": selectors.scope_words(take), "form": form, "request_key": form.key()}
    if take.status in (Status.APPROVED, Status.CANCELLED):
        context |= _decided(request, take)
    else:
        context |= _differences(request, take)
    return show(request, REVIEW, context, partial="review_rows" if request.method == "GET" else "", bad=form.is_bound)


def _decided(request: HttpRequest, take: StockTake) -> dict:
    if take.status == Status.CANCELLED:
        return {"decided": True}
    moves, sums = selectors.posted(take)
    page = page_of(request, moves)
    last = at_the_end(page)
    return {"decided": True, "page": page, "net": sums["found"] + sums["short"], **sums, "last_page": last}


def _differences(request: HttpRequest, take: StockTake) -> dict:
    asked = {name: request.GET.get(name, "") for name in ("show", "sort")}
    showing = asked["show"] if asked["show"] in SHOWS else SHOWS[0]
    sort = asked["sort"] if asked["sort"] in selectors.SORTS else selectors.SORTS[0]
    found = selectors.review(take, show=showing, sort=sort)
    left = selectors.uncounted(take)
    counted, all_goods = selectors.progress(take)
    if showing == "uncounted":
        page = page_of(request, selectors.uncounted_list(take))
    else:
        page = Paginator(found.shown, PER_PAGE).get_page(max(number_of(request.GET.get("page"), LAST_PAGE), 1))
    return {
        "review": found, "uncounted": left, "counted": counted, "all_goods": all_goods, "showing": showing, "sort": sort, "page": page,
        "counting": take.status == Status.OPEN,
    }  # fmt: skip


@shop_page(Can.RUN_SHOP, methods=("POST",))
def count_recount(request: HttpRequest, take: int) -> HttpResponse:
    """Have the ticked goods counted again."""
    wanted = [pk for value in request.POST.getlist("product")[: 2 * PER_PAGE] if (pk := number_of(value, 10**18))]

    def act(found: StockTake) -> str:
        n = ask_recount(take=found, by=request.cashier, product_ids=wanted)
        return ngettext("%(n)s product is to be counted again.", "%(n)s products are to be counted again.", n) % {"n": n}

    return _moved_on(request, take, act)


@shop_page(Can.RUN_SHOP, methods=("POST",))
def count_go_on(request: HttpRequest, take: int) -> HttpResponse:
    """Let the counting go on."""

    def act(found: StockTake) -> str:
        go_on_counting(take=found)
        return _("The counting goes on.")

    return _moved_on(request, take, act)


@shop_page(Can.RUN_SHOP, methods=("POST",))
def count_cancel(request: HttpRequest, take: int) -> HttpResponse:
    """Call the stock take off."""

    def act(found: StockTake) -> str:
        cancel_stock_take(take=found, by=request.cashier)
        return _("%(take)s is called off. No stock was changed.") % {"take": found}

    return _moved_on(request, take, act)


def _moved_on(request: HttpRequest, take_id: int, act: Callable[[StockTake], str]) -> HttpResponse:
    take = the_take(request, take_id)
    try:
        messages.success(request, act(take))
    except StockError as error:
        messages.error(request, error.message)
    return go(request, "inventory:count_review", request.shop.slug, take.pk)


@shop_page(Can.RUN_SHOP, methods=("POST",))
def count_approve(request: HttpRequest, take: int) -> HttpResponse:
    """Approve the differences: the stock and the books follow at once."""
    found = the_take(request, take)
    form = ApproveForm(sent(request))
    if form.is_valid():
        data = form.cleaned_data
        note = f"{found}: {data['note']}" if data["note"] else ""
        try:
            approve_stock_take(take=found, by=request.cashier, uncounted=data["uncounted"], note=note, request_key=form.key())
        except StockError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, _("%(take)s is approved and posted.") % {"take": found})
            return go(request, "inventory:count_review", request.shop.slug, found.pk)
    return _review_page(request, found, form)
