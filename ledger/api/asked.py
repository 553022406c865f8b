"""What the operations on the books are asked for: days and periods."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from ledger.errors import LedgerError
from ledger.forms import MOST_DAYS, by_name
from smartkirana.api.fields import Day
from smartkirana.api.shapes import Shape
from smartkirana.dates import Period, period, shop_today


class Dates(Shape):
    """Days from `start_date` to `end_date`, both included; left out: from the first, up to the last."""

    start_date: Day | None = Field(None, examples=["2026-04-01"])
    end_date: Day | None = Field(None, examples=["2026-04-30"])

    def checked(self) -> tuple[date | None, date | None]:
        """Raises LedgerError "period_backwards"."""
        if self.start_date and self.end_date and self.start_date > self.end_date:
            raise LedgerError("period_backwards", "The last day comes before the first. Exchange the dates.", "end_date")
        return self.start_date, self.end_date


class Days(Shape):
    """Days from `from` to `to`, both included; left out: this month."""

    first: Day | None = Field(None, alias="from", examples=["2026-04-01"])
    last: Day | None = Field(None, alias="to", examples=["2026-04-30"])

    def span(self, longest: int | None = MOST_DAYS, default: str = "month") -> Period:
        """Raises LedgerError "period_long" and PeriodError."""
        if self.first is None and self.last is None:
            return period(default, shop_today())
        found = by_name(period("custom", shop_today(), self.first, self.last))
        if longest and found.days > longest:
            raise LedgerError("period_long", f"Ask for at most {longest} days.", "to")
        return found


class OnDay(Shape):
    """At the end of a day; left out: today."""

    on: Day | None = Field(None, examples=["2026-04-30"])

    @property
    def day(self) -> date:
        return self.on or shop_today()
