"""What the counter's page posts besides bills: askings for approval and notes for its log. Strict, since anybody can make a form."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NoReturn
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from orders.approvals import Ask, checked_ask
from orders.bill_forms import DayInput
from orders.errors import OrderError
from orders.till_log import MOST_AT_ONCE, checked_details
from orders.till_models import TillEvent
from shops.models import Counter, Shop
from smartkirana.dates import FIRST_DAY, LAST_DAY
from smartkirana.money import ZERO

LONGEST_BATCH = 60_000  # characters
_ID = re.compile(r"[0-9]{1,18}")
_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,15}(Z|[+-][0-9]{2}:[0-9]{2})")
_KEYS = {"kind", "client_id", "request_key", "amount", "reason", "details", "at", "by", "counter"}


def parse_ask(data: QueryDict) -> Ask:
    """What an approval is asked for. Raises OrderError "bad_form", and as checked_ask()."""
    return checked_ask(
        percent=number_or_none(data.get("percent", "")) or ZERO,
        rate=data.get("rate", "") == "1",
        khata=number_or_none(data.get("khata", "")),
    )


def id_or_none(text: str) -> int | None:
    """The id of a row, None for nothing. Raises OrderError "bad_form"."""
    if not text:
        return None
    return int(text) if _ID.fullmatch(text) else _refuse()


def number_or_none(text: str) -> Decimal | None:
    """Rupees or percent with at most two decimals, None for nothing. Raises OrderError "bad_form"."""
    if not text:
        return None
    return Decimal(text) if _NUMBER.fullmatch(text) else _refuse()


def uuid_or_none(text: str) -> UUID | None:
    """Raises OrderError "bad_form"."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        _refuse()


def uuid_of(text: str) -> UUID:
    """Raises OrderError "bad_form", for nothing too."""
    return uuid_or_none(text) or _refuse()


def id_or_none_leniently(text: str) -> int | None:
    """For what is only shown again: nonsense is nothing."""
    return int(text) if _ID.fullmatch(text) else None


def uuid_or_none_leniently(text: str) -> UUID | None:
    """For an id that only keeps a second press from being written twice: nonsense is nothing."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _refuse(*_given: object) -> NoReturn:
    raise OrderError("bad_form", _("This came in a form nobody can read. Load the page again; the bill is kept."))


# --- notes for the log ------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class PageNote:
    """One thing the page noted. `by`, `counter`: ids of who stood there then, and where; `at`: by the device's clock."""

    kind: str
    client_id: UUID
    request_key: UUID | None
    amount: Decimal | None
    reason: str
    details: dict
    at: datetime | None
    by: int | None
    counter: int | None


def parse_notes(text: str) -> list[PageNote]:
    """The notes of a posted batch, 1 to 50, as JSON. Raises OrderError "bad_form", "bad_kind", "too_many", "bad_details"."""
    if len(text) > LONGEST_BATCH:
        _refuse()
    try:
        # Amounts are text; a number with a point, or one that is none, has no place here.
        rows = json.loads(text, parse_float=_refuse, parse_constant=_refuse)
    except (ValueError, RecursionError):
        _refuse()
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        _refuse()
    if len(rows) > MOST_AT_ONCE:
        raise OrderError("too_many", _("At most {most} things at once.").format(most=MOST_AT_ONCE))
    return [_note(row) for row in rows]


def _note(row: dict[str, Any]) -> PageNote:
    texts = {name: row.get(name) or "" for name in ("kind", "client_id", "request_key", "amount", "reason", "at")}
    if not set(row) <= _KEYS or not all(isinstance(text, str) for text in texts.values()):
        _refuse()
    if texts["kind"] not in TillEvent.TOLD_BY_PAGE:
        raise OrderError("bad_kind", _("The log knows no such thing."), "kind")
    return PageNote(
        kind=texts["kind"],
        client_id=uuid_of(texts["client_id"]),
        request_key=uuid_or_none(texts["request_key"]),
        amount=number_or_none(texts["amount"]),
        reason=texts["reason"][:500],
        details=checked_details(row.get("details") or {}),
        at=_moment(texts["at"]),
        by=_id_in(row, "by"),
        counter=_id_in(row, "counter"),
    )


def _id_in(row: dict[str, Any], name: str) -> int | None:
    value = row.get(name)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 10**18):
        _refuse()
    return value


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    if not _MOMENT.fullmatch(text):
        _refuse()
    try:
        moment = datetime.fromisoformat(text)
        day = moment.date()
        moment.utctimetuple()
    except (ValueError, OverflowError):
        _refuse()
    return moment if FIRST_DAY <= day <= LAST_DAY else None  # a device whose clock stands in another age says nothing


# --- the page of the log ----------------------------------------------------------------------------------------
class LogFilter(forms.Form):
    """What the counter's log is narrowed to; without dates it is today's."""

    MOST_DAYS = 92

    start = forms.DateField(required=False, widget=DayInput("From this day"), input_formats=["%Y-%m-%d"])
    end = forms.DateField(required=False, widget=DayInput("To this day"), input_formats=["%Y-%m-%d"])
    counter = forms.ModelChoiceField(Counter.objects.none(), required=False, empty_label="All counters")
    person = forms.ChoiceField(required=False)
    kind = forms.ChoiceField(required=False, choices=[("", "Everything"), *TillEvent.Kind.choices])

    def __init__(self, *args: Any, shop: Shop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = shop.memberships.select_related("user").order_by("user__name", "pk")
        self.fields["counter"].queryset = shop.counters.all()
        self.fields["person"].choices = [("", _("Everybody")), *((place.user_id, place.user.name) for place in people)]
        for name, label in {"counter": _("Counter"), "person": _("Who"), "kind": _("What happened")}.items():
            self.fields[name].widget.attrs["aria-label"] = label

    def clean(self) -> dict:
        data = super().clean()
        start, end = data.get("start"), data.get("end")
        for name, day in (("start", start), ("end", end)):
            if day and not FIRST_DAY <= day <= LAST_DAY:
                self.add_error(name, _("Give a date between 2000 and 2099."))
        if start and end and start > end:
            self.add_error("end", _("The last day comes before the first. Exchange the dates."))
        elif start and end and (end - start).days >= self.MOST_DAYS:
            self.add_error("end", _("Choose at most {days} days.").format(days=self.MOST_DAYS))
        return data
