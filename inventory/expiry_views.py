"""The page of goods near and past their date, and what is done about them there."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from inventory import expiry
from inventory.errors import StockError
from inventory.expiry_forms import ALL, DAYS, PAST, ExpiryFilter, MarkedForm
from inventory.selectors import paper_sums
from shops.access import Can, shop_page
from smartkirana.dates import shop_today
from smartkirana.paging import at_the_end, page_of
from smartkirana.templatetags.kirana import rupees
from smartkirana.web import sent, show

PAGE = "inventory/expiry.html"
NAMES = {PAST: "Past its date", "7": "7 days", "15": "15 days", "30": "30 days", "60": "60 days", ALL: "All dated"}


@shop_page(Can.SEE_GOODS, methods=("GET", "POST"))
def expiring(request: HttpRequest) -> HttpResponse:
    """Lots by the days they have left. A POST marks them down or writes them off, and answers the list as it is then."""
    filters = ExpiryFilter(request.GET, shop=request.shop)
    marked = MarkedForm(sent(request))
    problem, done = (None, "")
    if request.method == "POST":
        problem, done = _act(request, marked)
    context = {
        "filters": filters,
        "marked": marked,
        "problem": problem,
        "done": done,
        "today": shop_today(),
        "see_cost": Can.SEE_COST in request.can,
    }
    if filters.is_valid():
        context |= _listed(request, filters, problem)
    context["request_key"] = marked.key() if problem else MarkedForm().key()
    return show(request, PAGE, context, partial="expiring", bad=bool(problem) or not filters.is_valid())


def _listed(request: HttpRequest, filters: ExpiryFilter, problem: StockError | None) -> dict:
    choice, today = filters.choice(), shop_today()
    page = page_of(request, expiry.expiring(request.shop, choice, today=today))
    for lot in page.object_list:
        _dress(lot, today, request.POST if problem else {}, problem)
    bands = zip(DAYS_IN_ORDER, expiry.at_risk(request.shop, choice, today=today), strict=True)
    return {
        "page": page,
        "bands": [{"days": days, "name": NAMES[days], "band": band, "current": band.within == choice.within} for days, band in bands],
        "last_page": at_the_end(page),
        "may_act": bool({Can.EDIT_GOODS, Can.ADJUST_STOCK} & request.can),
    }


DAYS_IN_ORDER = (PAST, *(days for days in DAYS if days not in (PAST, ALL)), ALL)


def _dress(lot, today, typed, problem: StockError | None) -> None:
    """Give a lot what its row shows: days left, the price it sells at, and the price in its box."""
    lot.days = expiry.days_left(lot, today)
    lot.suggested = expiry.suggested_markdown(lot, today)
    lot.sells_at = lot.price or min(lot.product.price, lot.mrp or lot.product.price)
    lot.box = typed.get(f"price-{lot.pk}", lot.price or lot.suggested or "")
    lot.ticked = str(lot.pk) in (typed.getlist("lot") if typed else ())
    lot.problem = problem.message if problem and problem.field == f"price-{lot.pk}" else ""


def _act(request: HttpRequest, marked: MarkedForm) -> tuple[StockError | None, str]:
    """Do what the button said; the sentence of what went wrong, or of what was done."""
    act, right = ACTS.get(marked.act(), (None, Can.SEE_GOODS))
    if right not in request.can:
        raise PermissionDenied
    try:
        if act is None:
            raise StockError("no_act", "Press one of the buttons: mark down, or write off.")
        return None, act(request, marked)
    except StockError as error:
        return error, ""


def _mark_down(request: HttpRequest, marked: MarkedForm) -> str:
    changes = expiry.mark_down(shop=request.shop, by=request.cashier, prices=marked.prices())
    number = len(changes)
    if not number:
        return "They sell at that price already."
    return "1 lot has a new price." if number == 1 else f"{number} lots have a new price."


def _write_off(request: HttpRequest, marked: MarkedForm) -> str:
    if not marked.is_valid():
        raise StockError("bad_note", "Write at most 200 characters.", "note")
    document = expiry.write_off(
        shop=request.shop, by=request.cashier, lot_ids=marked.lots(), note=marked.cleaned_data["note"], request_key=marked.key()
    )
    count, value = paper_sums(document)
    lots = "1 lot" if count == 1 else f"{count} lots"
    return f"Written off: {lots}, {rupees(-value)} at cost." if Can.SEE_COST in request.can else f"Written off: {lots}."


ACTS: dict[str, tuple[Callable[[HttpRequest, MarkedForm], str], Can]] = {
    "mark-down": (_mark_down, Can.EDIT_GOODS),
    "write-off": (_write_off, Can.ADJUST_STOCK),
}
