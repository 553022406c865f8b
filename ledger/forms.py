"""What the pages of the books are asked for, by address: a period, a day, filters. All come by GET."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from ledger import selectors
from shops.models import Shop
from smartkirana.dates import FIRST_DAY, LAST_DAY, Period, PeriodError, period, shop_today

PERIODS = (("today", "Today"), ("week", "Week"), ("month", "Month"), ("year", "Year"), ("custom", "Own dates"))
MOST_DAYS = 366


def by_name(span: Period) -> Period:
    """Own dates that are just a day, week, month or year are that: so one can step on to the next."""
    for name in ("today", "week", "month", "year"):
        whole = period(name, span.start)
        if (whole.start, whole.end) == (span.start, span.end):
            return whole
    return span


def day_field(label: str) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "min": FIRST_DAY.isoformat(), "max": LAST_DAY.isoformat()})
    return forms.DateField(label=label, required=False, widget=widget, error_messages={"invalid": "Give a date, such as 22-11-2026."})


class PeriodForm(forms.Form):
    """A period by name, around the day `on` (default today), or own dates from `start` to `end`."""

    period = forms.ChoiceField(choices=PERIODS, required=False, error_messages={"invalid_choice": "Choose one of the periods."})
    on = day_field("Around")
    start = day_field("From")
    end = day_field("To")

    def __init__(self, *args: Any, default: str = "month", longest: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.default = default
        self.longest = longest

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        start, end = data.get("start"), data.get("end")
        name = data.get("period") or ("custom" if start or end else self.default)
        on = data.get("on") or shop_today()
        try:
            data["span"] = span = by_name(period(name, min(max(on, FIRST_DAY), LAST_DAY), start, end))
        except PeriodError as refused:
            self.add_error(refused.field if refused.field in self.fields else None, refused.message)
            return data
        if self.longest and span.days > self.longest:
            self.add_error("end", f"This page shows at most {self.longest} days. Choose a shorter period.")
        return data

    @property
    def span(self) -> Period:
        """The period asked for, or today's where the asking was wrong."""
        return self.cleaned_data["span"] if self.is_valid() else period(self.default, shop_today())


class DayBookForm(PeriodForm):
    """Which entries, in which order."""

    account: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, to_field_name="code", required=False, empty_label="All accounts"
    )
    kind = forms.ChoiceField(
        required=False,
        choices=(
            ("", "All kinds"),
            (selectors.BILLS, "Bills"),
            (selectors.CANCELLED, "Cancelled bills"),
            (selectors.PAYMENTS, "UPI and card seen"),
            (selectors.CHARGES, "Bank charges"),
            (selectors.STOCK, "Stock"),
            (selectors.DRAWER, "Drawer"),
        ),
    )
    order = forms.ChoiceField(required=False, choices=(("", "Newest first"), ("oldest", "Oldest first")))

    def __init__(self, *args: Any, shop: Shop, **kwargs: Any) -> None:
        super().__init__(*args, default="today", longest=MOST_DAYS, **kwargs)
        self.fields["account"].queryset = shop.accounts.all()  # type: ignore[attr-defined]
        for name in ("account", "kind", "order"):
            self.fields[name].error_messages["invalid_choice"] = "Choose one from the list."
            self.fields[name].widget.attrs["class"] = "select"

    def filters(self) -> dict[str, Any]:
        """For `selectors.entries`."""
        data = self.cleaned_data
        return {"account": data["account"], "kind": data["kind"], "newest": data["order"] != "oldest"}


class BalanceDayForm(forms.Form):
    """The day at whose end balances are wanted; `all` also lists accounts that hold nothing."""

    on = day_field("At the end of")
    all = forms.BooleanField(label="Show empty accounts", required=False)

    def clean_on(self) -> date:
        day = self.cleaned_data["on"] or shop_today()
        if not FIRST_DAY <= day <= LAST_DAY:
            raise forms.ValidationError("Give a date between 2000 and 2099.")
        return day

    @property
    def day(self) -> date:
        return self.cleaned_data["on"] if self.is_valid() else shop_today()


class StockValueForm(BalanceDayForm):
    """The day, and what the list is narrowed to and sorted by."""

    q = forms.CharField(required=False, max_length=80)
    category: forms.ModelChoiceField = forms.ModelChoiceField(queryset=None, required=False, empty_label="All categories")
    sort = forms.ChoiceField(required=False, choices=(("", "Dearest first"), ("name", "By name"), ("quantity", "Most first")))

    def __init__(self, *args: Any, shop: Shop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["all"]
        self.fields["category"].queryset = shop.categories.all()  # type: ignore[attr-defined]
        for name, label in (("category", "Category"), ("sort", "Order of the list")):
            self.fields[name].error_messages["invalid_choice"] = "Choose one from the list."
            self.fields[name].widget.attrs |= {"class": "select", "aria-label": label}

    def filters(self) -> dict[str, Any]:
        """For `stock_value.stock_value`."""
        data = self.cleaned_data
        category = data["category"].pk if data["category"] else None
        return {"text": data["q"], "category": category, "sort": data["sort"] or "value"}
