"""The shop's calendar: its today, its financial year (April to March) and report periods."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from smartkirana.errors import Refusal

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)


class PeriodError(Refusal):
    """The dates of a report make no period. Codes: period_unknown, _missing, _backwards, _far."""


def shop_today(tz: str = "Asia/Kolkata") -> date:
    """The date on the shop's wall; the server may stand anywhere."""
    return datetime.now(ZoneInfo(tz)).date()


def end_of(day: date, tz: str = "Asia/Kolkata") -> datetime:
    """The first moment that is no more `day` on the shop's wall."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(tz))


def financial_year(day: date) -> str:
    """The form in bill numbers: "26-27" for 1 April 2026 to 31 March 2027."""
    first = _first_year(day)
    return f"{first % 100:02d}-{(first + 1) % 100:02d}"


def financial_year_long(day: date) -> str:
    """The form in reports and on returns: "2026-27"."""
    first = _first_year(day)
    return f"{first}-{(first + 1) % 100:02d}"


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days from start to end, both included, as asked for by name."""

    start: date
    end: date
    label: str
    name: str = "custom"

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def before(self) -> "Period":
        """The period of equal kind that ends the day before this one starts."""
        last = self.start - timedelta(days=1)
        if self.name == "custom":
            return _span("custom", last - timedelta(days=self.days - 1), last)
        return period(self.name, last)


def period(name: str, today: date, start: date | None = None, end: date | None = None) -> Period:
    """The whole day ("today"), week (from Monday), month or financial "year" that holds `today`,
    or the "custom" days from start to end. Raises PeriodError.
    """
    if name == "today":
        return _span(name, today, today)
    if name == "week":
        monday = today - timedelta(days=today.weekday())
        return _span(name, monday, monday + timedelta(days=6))
    if name == "month":
        last = monthrange(today.year, today.month)[1]
        return _span(name, today.replace(day=1), today.replace(day=last))
    if name == "year":
        first = _first_year(today)
        return _span(name, date(first, 4, 1), date(first + 1, 3, 31))
    if name == "custom":
        return _custom(start, end)
    raise PeriodError("period_unknown", "Choose today, week, month, year or your own dates.", "period")


def _custom(start: date | None, end: date | None) -> Period:
    if start is None or end is None:
        missing = "start" if start is None else "end"
        raise PeriodError("period_missing", "Give both dates: from and to.", missing)
    for field, day in (("start", start), ("end", end)):
        if not FIRST_DAY <= day <= LAST_DAY:
            raise PeriodError("period_far", "Give a date between 2000 and 2099.", field)
    if start > end:
        raise PeriodError("period_backwards", "The last day comes before the first. Exchange the dates.", "end")
    return _span("custom", start, end)


def _span(name: str, start: date, end: date) -> Period:
    return Period(start, end, _label(name, start, end), name)


def _label(name: str, start: date, end: date) -> str:
    if name == "month":
        return f"{MONTHS[start.month - 1]} {start.year}"
    if name == "year":
        return f"FY {financial_year_long(start)}"
    if start == end:
        return _day(end)
    if start.year != end.year:
        return f"{_day(start)} – {_day(end)}"
    if start.month != end.month:
        return f"{start.day} {MONTHS[start.month - 1][:3]} – {_day(end)}"
    return f"{start.day}–{_day(end)}"


def _day(day: date) -> str:
    # Not strftime("%b"): that follows the server's locale, these words follow ours.
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}"


def _first_year(day: date) -> int:
    return day.year if day.month >= 4 else day.year - 1
