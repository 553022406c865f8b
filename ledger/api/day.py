"""The day: its X report, closing it, the Z reports. `/day`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from ledger.closing import close_day, days_to_close, open_shifts, running_day, running_figures
from ledger.day_figures import Figures
from ledger.day_papers import a4_pdf, report_name, roll_bytes, roll_pdf
from ledger.models import DayClose
from shops.access import Can
from shops.api.caller import Caller
from shops.api.declare import operation
from smartkirana.api.fields import Day, Moment, Rupees
from smartkirana.api.lists import Paging, page_of
from smartkirana.api.problems import NotThere
from smartkirana.api.shapes import Shape
from smartkirana.dates import shop_today
from smartkirana.files import file_response

router = Router(tags=["day"])
Roll, Paper = Literal["r80", "r58"], Literal["a4", "r80"]
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]


class OpenShiftOut(Shape):
    counter: str
    cashier: str
    since: Moment


class XReportOut(Shape):
    """The running day by now."""

    day: date
    is_closed: bool = Field(description="Today is closed already: this is the next day.")
    bills: int
    net: Rupees = Field(description="Bills less cancelled bills and returned goods.")
    open_days_before: list[date] = Field(description="Earlier days that would be closed with it.")
    open_shifts: list[OpenShiftOut] = Field(description="They stand in the way of closing.")
    figures: dict[str, Any] = Field(description="All figures; amounts are rupees as strings. `money` for those who see the books.")


class ZLineOut(Shape):
    number: int
    day: date
    bills: int
    net: Rupees
    entries: int = Field(description="How many journal entries it seals.")
    seal: str
    closed_by: str
    closed_at: Moment


class ZReportOut(ZLineOut):
    after: date | None = Field(description="The day closed before it.")
    previous: str = Field(description="The seal of the close before.")
    figures: dict[str, Any]


class CloseIn(Shape):
    day: Day | None = Field(None, description="Left out: today.", examples=["2026-11-22"])


def _figures(caller: Caller, figures: Figures) -> Figures:
    """Where the money was is for those who see the books."""
    return figures if Can.SEE_BOOKS in caller.can else {name: value for name, value in figures.items() if name != "money"}


def _line(closed: DayClose) -> dict[str, Any]:
    return {
        "number": closed.number,
        "day": closed.day,
        "bills": closed.figures["sold"]["count"],
        "net": closed.figures["net"],
        "entries": closed.entries,
        "seal": closed.seal,
        "closed_by": str(closed.by),
        "closed_at": closed.at,
    }


def _z(caller: Caller, closed: DayClose) -> dict[str, Any]:
    return _line(closed) | {"after": closed.after, "previous": closed.previous, "figures": _figures(caller, closed.figures)}


@operation(router, "GET", "", right=Can.SEE_DAY, answer=XReportOut)
def x_report(request: HttpRequest):
    """What the running day came to by now, and what stands in the way of closing it."""
    shop = request.auth.shop
    running = running_day(shop)
    figures = running_figures(shop, running)
    return {
        "day": running,
        "is_closed": running > shop_today(),
        "bills": figures["sold"]["count"],
        "net": figures["net"],
        "open_days_before": days_to_close(shop, running),
        "open_shifts": [
            {"counter": shift.counter.name, "cashier": str(shift.cashier), "since": shift.opened_at} for shift in open_shifts(shop, running)
        ],
        "figures": _figures(request.auth, figures),
    }


@operation(router, "POST", "/close", right=Can.CLOSE_DAY, answer=ZReportOut, moves=True, problems={400})
def close_the_day(request: HttpRequest, body: CloseIn):
    """Close a day, and before it those that are open: nothing is dated on them any more.

    At most 31 days at once: when the answer's `day` is earlier than asked, call again.
    """
    caller = request.auth
    return _z(caller, close_day(shop=caller.shop, day=body.day or shop_today(), by=caller.user))


@operation(router, "GET", "/z", right=Can.SEE_DAY, answer=list[ZLineOut], paged=True)
def list_z_reports(request: HttpRequest, response: HttpResponse, part: Query[Paging]):
    """The closed days, newest first."""
    return [_line(closed) for closed in page_of(request.auth.shop.day_closes.select_related("by"), part, response)]


@operation(router, "GET", "/z/{number}", right=Can.SEE_DAY, answer=ZReportOut, problems={404})
def z_report(request: HttpRequest, number: Number):
    """One Z report, as it was on the day."""
    return _z(request.auth, _closed(request.auth, number))


@operation(router, "GET", "/x.pdf", right=Can.SEE_DAY, file="pdf")
def x_report_pdf(request: HttpRequest, paper: Query[Paper] = "a4"):
    """The X report on a sheet, or drawn for an 80-mm roll."""
    shop = request.auth.shop
    return _pdf(request, running_figures(shop, running_day(shop)), None, paper)


@operation(router, "GET", "/x.bin", right=Can.SEE_DAY, file="bin")
def x_report_bytes(request: HttpRequest, paper: Query[Roll] = "r80"):
    """The X report as bytes for a roll printer (ESC/POS)."""
    shop = request.auth.shop
    return _bytes(request, running_figures(shop, running_day(shop)), None, paper)


@operation(router, "GET", "/z/{number}/report.pdf", right=Can.SEE_DAY, file="pdf", problems={404})
def z_report_pdf(request: HttpRequest, number: Number, paper: Query[Paper] = "a4"):
    """A Z report on a sheet, or drawn for an 80-mm roll."""
    found = _closed(request.auth, number)
    return _pdf(request, found.figures, found, paper)


@operation(router, "GET", "/z/{number}/report.bin", right=Can.SEE_DAY, file="bin", problems={404})
def z_report_bytes(request: HttpRequest, number: Number, paper: Query[Roll] = "r80"):
    """A Z report as bytes for a roll printer (ESC/POS)."""
    found = _closed(request.auth, number)
    return _bytes(request, found.figures, found, paper)


def _pdf(request: HttpRequest, figures: Figures, z: DayClose | None, paper: str) -> HttpResponse:
    write = roll_pdf if paper == "r80" else a4_pdf
    content = write(request.auth.shop, figures, z, with_money=Can.SEE_BOOKS in request.auth.can)
    return file_response(content, f"{report_name(figures, z)}.pdf")


def _bytes(request: HttpRequest, figures: Figures, z: DayClose | None, paper: str) -> HttpResponse:
    content = roll_bytes(request.auth.shop, figures, z, paper, with_money=Can.SEE_BOOKS in request.auth.can)
    return file_response(content, f"{report_name(figures, z)}.bin")


def _closed(caller: Caller, number: int) -> DayClose:
    found = caller.shop.day_closes.select_related("by").filter(number=number).first()
    if found is None:
        raise NotThere("Z report")
    return found
