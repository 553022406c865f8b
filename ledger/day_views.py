"""The day: its X report, closing it, and the Z reports of the days that are closed. Owner and manager close."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from ledger.closing import close_day, days_to_close, open_shifts, running_day, running_figures
from ledger.day_figures import Figures
from ledger.day_papers import a4_pdf, report_name, roll_bytes, roll_pdf
from ledger.day_report import foot, sections
from ledger.errors import LedgerError
from ledger.models import DayClose
from ledger.tables import ZTable
from shops.access import Can, shop_page
from shops.models import Counter
from smartkirana.dates import shop_today
from smartkirana.files import file_response
from smartkirana.paging import paginate
from smartkirana.web import go, show

PER_PAGE = 40
ROLLS = (Counter.Paper.R80, Counter.Paper.R58)


@shop_page(Can.SEE_DAY)
def day(request: HttpRequest) -> HttpResponse:
    """The running day: what it came to by now, what stands in the way of closing it, and the button."""
    return _day_page(request)


@shop_page(Can.CLOSE_DAY, methods=("POST",))
def day_close(request: HttpRequest) -> HttpResponse:
    """Close the day named, and those before it that are still open."""
    try:
        closed = close_day(shop=request.shop, day=_posted_day(request), by=request.cashier)
    except LedgerError as refused:
        return _day_page(request, refused.message)
    if closed.day < _posted_day(request):
        messages.info(request, _("A month of days is closed. Press again to go on."))
        return go(request, "ledger:day", request.shop.slug)
    messages.success(request, _("The day is closed and sealed."))
    return go(request, "ledger:z_report", request.shop.slug, closed.number)


def _posted_day(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.POST.get("day", ""))
    except ValueError:
        raise LedgerError("bad_day", _("Only a day up to today can be closed."), "day") from None


def _day_page(request: HttpRequest, problem: str = "") -> HttpResponse:
    running = running_day(request.shop)
    before = days_to_close(request.shop, running)
    figures = running_figures(request.shop, running)
    context = {
        "running": running,
        "before": before,
        "is_closed": running > shop_today(),
        "last": request.shop.day_closes.select_related("by").first(),
        "sections": sections(figures, with_money=Can.SEE_BOOKS in request.can),
        "net": figures["net"],
        "bills": figures["sold"]["count"],
        "shifts": open_shifts(request.shop, running),
        "may_close": Can.CLOSE_DAY in request.can,
        "problem": problem,
    }
    return show(request, "ledger/day.html", context, bad=bool(problem))


# --- Z reports --------------------------------------------------------------------------------------------------
@shop_page(Can.SEE_DAY)
def z_list(request: HttpRequest) -> HttpResponse:
    """The closed days, newest first."""
    table = ZTable(request.shop.day_closes.select_related("by"))
    return show(request, "ledger/z_list.html", {"table": table, "at_the_end": paginate(request, table, PER_PAGE)}, partial="z_rows")


@shop_page(Can.SEE_DAY)
def z_report(request: HttpRequest, z: int) -> HttpResponse:
    """One Z report, as it was printed on the day."""
    closed = _z_or_404(request, z)
    context = {
        "z": closed,
        "sections": sections(closed.figures, with_money=Can.SEE_BOOKS in request.can),
        "foot": foot(closed),
        "before": request.shop.day_closes.filter(number=closed.number - 1).first(),
        "later": request.shop.day_closes.filter(number=closed.number + 1).first(),
    }
    return show(request, "ledger/z_report.html", context)


@shop_page(Can.SEE_DAY)
def z_pdf(request: HttpRequest, z: int) -> HttpResponse:
    """The Z report as PDF: an A4 sheet, or a roll of 80 mm with `paper` = "r80"."""
    closed = _z_or_404(request, z)
    return _pdf(request, closed.figures, closed)


@shop_page(Can.SEE_DAY)
def z_bin(request: HttpRequest, z: int) -> HttpResponse:
    """The Z report as bytes for a roll printer."""
    closed = _z_or_404(request, z)
    return _bin(request, closed.figures, closed)


@shop_page(Can.SEE_DAY)
def x_pdf(request: HttpRequest) -> HttpResponse:
    """The X report as PDF."""
    return _pdf(request, running_figures(request.shop, running_day(request.shop)), None)


@shop_page(Can.SEE_DAY)
def x_bin(request: HttpRequest) -> HttpResponse:
    """The X report as bytes for a roll printer."""
    return _bin(request, running_figures(request.shop, running_day(request.shop)), None)


def _z_or_404(request: HttpRequest, number: int) -> DayClose:
    found = request.shop.day_closes.select_related("by").filter(number=min(number, 2**31 - 1)).first()
    if found is None:
        raise Http404("There is no such Z report in this shop.")
    return found


def _pdf(request: HttpRequest, figures: Figures, z: DayClose | None) -> HttpResponse:
    write = roll_pdf if request.GET.get("paper") == Counter.Paper.R80 else a4_pdf
    content = write(request.shop, figures, z, with_money=Can.SEE_BOOKS in request.can)
    return file_response(content, f"{report_name(figures, z)}.pdf", save=False)


def _bin(request: HttpRequest, figures: Figures, z: DayClose | None) -> HttpResponse:
    paper = next((roll for roll in ROLLS if roll == request.GET.get("paper")), Counter.Paper.R80)
    content = roll_bytes(request.shop, figures, z, paper, with_money=Can.SEE_BOOKS in request.can)
    return file_response(content, f"{report_name(figures, z)}.bin")
