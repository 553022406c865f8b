"""A discount given by hand: percent of an amount, or rupees. Pure arithmetic; the counter's page does the same (`sums.js`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from smartkirana.money import ZERO, money, plain

_OFF = re.compile(r"([0-9]{1,8}(?:\.[0-9]{1,2})?)\s*(%?)")
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Off:
    """`percent` (0 to 100) of what it is taken from, or `rupees`; one of them is zero."""

    percent: Decimal = ZERO
    rupees: Decimal = ZERO

    def __bool__(self) -> bool:
        return bool(self.percent or self.rupees)

    def of(self, amount: Decimal) -> Decimal:
        """What it takes off `amount`, rupees, half up; not limited to the amount."""
        return money(amount * self.percent / 100) if self.percent else self.rupees

    @property
    def text(self) -> str:
        """As it is typed: "5%", "12.50" or ""."""
        if self.percent:
            return f"{plain(self.percent)}%"
        return str(self.rupees) if self.rupees else ""


NOTHING = Off()


def parse_off(text: str) -> Off | None:
    """ "5%", "5 %", "12.50" or "" as a discount; None for anything else, and for more than 100 %."""
    text = text.strip()
    if not text:
        return NOTHING
    found = _OFF.fullmatch(text)
    if not found:
        return None
    number = Decimal(found[1])
    if not found[2]:
        return Off(rupees=money(number))
    return Off(percent=number) if number <= HUNDRED else None
