"""One cell of a supplier's file as a figure, a percent or a day, or a sentence saying why it cannot be one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from catalog.importing.cells import BadCell, number
from inventory.written_days import read_day
from smartkirana.money import ZERO, money, plain, quantity, unit_cost

_WITH_UNIT = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?)\s*[A-Za-z'.]{1,12}")
_TIMES = re.compile(r"([0-9]{1,4})\s*[xX*×]\s*([0-9]{1,4})\s*[A-Za-z'.]{0,12}")
_TAX_WORDS = re.compile(r"\b[csiu]?t?gst\b|@|\btax\b", re.IGNORECASE)
_WEIGHT = re.compile(r"[0-9]\s*(?:g|gm|gms|gram|grams|kg|kgs|mg|ml|l|lt|ltr|ltrs|litre|litres)\.?$", re.IGNORECASE)
_PLUS = re.compile(r"([0-9.,]+)\s*\+\s*([0-9.,]+)")
MOST_PLACES = 8
MOST_PIECES = Decimal(9999999)


def plain_number(value: Decimal) -> str:
    """A figure as one types it: "12", "2.5"."""
    return plain(value) if value else "0"


def plain_rupees(value: Decimal | None) -> str:
    """Rupees as one types them, with paise: "45.50", and "45.1234" of a price with more places; "" for None."""
    return "" if value is None else str(money(value)) if money(value) == value else plain(value)


def amount(text: str) -> Decimal:
    """Rupees with 2 places, rounded half up; a sheet has 41.6666667."""
    return money(number(text, MOST_PLACES))


def rate(text: str) -> Decimal:
    """Rupees for a pack with 4 places."""
    return unit_cost(number(text, MOST_PLACES))


def pieces(text: str) -> Decimal:
    """A quantity, with a unit behind it or not: "10", "10 PCS"."""
    with_unit = _WITH_UNIT.fullmatch(text.strip())
    found = number(with_unit[1] if with_unit else text, MOST_PLACES)
    if found != quantity(found):
        raise BadCell("More than 3 decimals.")
    if found > MOST_PIECES:
        raise BadCell("Too large a figure.")
    return quantity(found)


def with_free(text: str) -> tuple[Decimal, Decimal]:
    """What is charged and what is free: "10" and nothing, or "10+1"."""
    plus = _PLUS.fullmatch(text.strip())
    return (pieces(plus[1]), pieces(plus[2])) if plus else (pieces(text), ZERO)


def in_pack(text: str) -> Decimal:
    """How many pieces a pack holds: "12", "12 PCS", "1x12"."""
    if _WEIGHT.search(text.strip()):
        raise BadCell("That is what a piece weighs or holds, not how many pieces a pack has. Ignore this column.")
    times = _TIMES.fullmatch(text.strip())
    found = Decimal(times[1]) * Decimal(times[2]) if times else pieces(text)
    if not found:
        raise BadCell("A pack holds at least something.")
    return found


def percent(text: str) -> Decimal:
    """ "5%", "5", "GST 18%" as percent, 2 places."""
    found = money(number(_TAX_WORDS.sub("", text).strip(), MOST_PLACES))
    if found > 100:
        raise BadCell("More than 100 %.")
    return found


def day(text: str) -> date:
    """A day on the goods; of a month the last one."""
    try:
        return read_day(text)
    except ValueError:
        raise BadCell("Not a date such as 31/12/26, 12-2026 or Dec-26.") from None


READERS: dict[str, Callable] = {
    "quantity": with_free, "free": pieces, "pack": in_pack, "rate": rate, "mrp": amount, "discount_percent": percent,
    "discount": amount, "gst": percent, "half_gst": percent, "expiry": day, "total": amount,
}  # fmt: skip
