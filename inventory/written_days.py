"""Days as people and programs write them on goods and bills."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from smartkirana.dates import MONTHS

_MONTH_OF = {name[:3].lower(): number for number, name in enumerate(MONTHS, 1)}
_PART = re.compile(r"[0-9]+|[A-Za-z]+")
_WRITTEN = re.compile(r"[0-9A-Za-z][0-9A-Za-z/\-., ']*")


def read_day(text: str) -> date:
    """31/12/2026, 31-12-26, 31-Dec-2026, 2026-12-31; or a month, its last day: 12/2026, 12-26, Dec-26, 2026-12.

    The day comes before the month, as in India. Raises ValueError for anything else, and for years outside 2000 to 2099.
    """
    if not text.isascii() or len(text) > 24 or not _WRITTEN.fullmatch(text.strip()):
        raise ValueError(text)
    parts = _PART.findall(text)
    if len(parts) not in (2, 3):
        raise ValueError(text)
    if len(parts[0]) == 4 and parts[0].isdigit():
        parts.reverse()
    year, month = _year(parts[-1]), _month(parts[-2])
    if not 1 <= month <= 12 or not 2000 <= year <= 2099:
        raise ValueError(text)
    return date(year, month, int(parts[0]) if len(parts) == 3 else monthrange(year, month)[1])


def _year(part: str) -> int:
    if not part.isdigit() or len(part) not in (2, 4):
        raise ValueError(part)
    return int(part) + (2000 if len(part) == 2 else 0)


def _month(part: str) -> int:
    return int(part) if part.isdigit() else _MONTH_OF.get(part[:3].lower(), 0)
