"""One cell of a bank's file as rupees, a day or a moment, or a sentence saying why it cannot be one."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal

from django.utils import timezone

from catalog.importing.cells import BadCell, number
from inventory.written_days import read_day
from smartkirana.dates import FIRST_DAY, LAST_DAY
from smartkirana.money import ZERO, money

MOST_PLACES = 8
LARGEST = Decimal("9999999.99")
NOTHING = frozenset({"", "-", "–", "—", "nil", "na", "n/a", "null", "none", "0.00 cr", "0.00 dr"})
_SIDE = re.compile(r"\s*\(?(?<![A-Za-z])(cr|dr|credit|debit)\b\.?\)?$", re.IGNORECASE)
_TIME = re.compile(r"(?:^|[\sT,])(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?\s*(am|pm)?\s*(?:ist)?$", re.IGNORECASE)


def signed(text: str) -> Decimal:
    """Rupees to the paisa, below zero when they left: "1,23,456.50", "₹ 500", "500.00 Cr", "(500)", "-500", "500 Dr". Raises BadCell."""
    side = _SIDE.search(text)
    plain = _SIDE.sub("", text).strip().lstrip("'")
    minus = (side is not None and side[1].lower().startswith("d")) or plain.startswith(("-", "−", "("))
    bare = plain.lstrip("+-−(").rstrip(")").strip()
    if not bare or not any(c.isdigit() for c in bare) or plain.startswith("="):
        raise BadCell("Not a number.")
    value = money(number(bare, MOST_PLACES))
    if value > LARGEST:
        raise BadCell("Too large a figure.")
    return (-value if minus else value) or ZERO


def moment(text: str) -> tuple[date, time | None]:
    """A day, and the time when it says one: "14/11/2026 15:02", "14-Nov-26, 03:02 PM", "2026-11-14T15:02:11+05:30". Raises BadCell."""
    text = text.strip().lstrip("'")
    if (exact := _iso(text)) is not None:
        return exact
    at = _TIME.search(text)
    day = text[: at.start()] if at else text
    try:
        found = read_day(day.strip(" ,"))
    except ValueError:
        raise BadCell("Not a date. The day comes first: 14/11/2026.") from None
    if len(re.findall(r"[0-9A-Za-z]+", day)) < 3:
        raise BadCell("Not a date. The day comes first: 14/11/2026.")
    return found, clock(at[0].strip(" ,Tt")) if at else None


def _iso(text: str) -> tuple[date, time] | None:
    """The moment with its zone as the internet writes it; a moment without a zone is the shop's."""
    if not re.match(r"\d{4}-\d\d-\d\dT", text) or len(text) > 40:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    there = timezone.localtime(found) if timezone.is_aware(found) else found
    if not FIRST_DAY <= there.date() <= LAST_DAY:
        raise BadCell("Not a date. The day comes first: 14/11/2026.")
    return there.date(), there.time()


def clock(text: str) -> time:
    """A time of day: "15:02", "3:02:11 PM". Raises BadCell."""
    at = _TIME.fullmatch(text.strip()) or _TIME.fullmatch(f" {text.strip()}")
    try:
        if at is None:
            raise ValueError(text)
        hour, minute, second = int(at[1]), int(at[2]), int(at[3] or 0)
        if at[4]:
            if not 1 <= hour <= 12:
                raise ValueError(text)
            hour = hour % 12 + (12 if at[4].lower() == "pm" else 0)
        return time(hour, minute, second)
    except ValueError:
        raise BadCell("Not a time.") from None
