"""Sales of a period as bars, with the period before as a line: geometry only, drawn by the template as SVG.

Lengths are whole SVG units of a fixed box; the sheet scales it. A table with the same figures stands behind.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from smartkirana.dates import MONTHS, Period
from smartkirana.money import ZERO, indian

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 62, 634, 14, 190
MOST_BARS = 400
BY_DAY = 62  # a period longer than this is drawn by month


@dataclass(frozen=True)
class Bar:
    """One day or month. `amount` and `before` are rupees of sales, the latter of the same place in the period before."""

    label: str
    tick: str
    amount: Decimal
    before: Decimal
    x: int
    y: int
    width: int
    height: int
    middle: int


@dataclass(frozen=True)
class Scale:
    y: int
    label: str


@dataclass(frozen=True)
class SalesChart:
    bars: list[Bar]
    scale: list[Scale]
    line: str
    by_month: bool
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT


def sales_chart(sales: Iterable[tuple[date, Decimal]], span: Period, before: Period) -> SalesChart | None:
    """The chart of (day, rupees) sums; None where it would have one bar only, or far too many."""
    by_month = span.days > BY_DAY
    slots, earlier = _slots(span, by_month), _slots(before, by_month)
    if not 2 <= len(slots) <= MOST_BARS:
        return None
    sums: dict[date, Decimal] = {}
    old: dict[date, Decimal] = {}
    for day, amount in sales:
        slot = day.replace(day=1) if by_month else day
        which = sums if span.start <= day <= span.end else old
        which[slot] = which.get(slot, ZERO) + amount
    now = [sums.get(slot, ZERO) for slot in slots]
    then = [old.get(slot, ZERO) for slot in earlier][: len(slots)]
    top = _round_top(max([*now, *then, ZERO]))
    then += [ZERO] * (len(slots) - len(then))
    step = Decimal(RIGHT - LEFT) / len(slots)
    bars = [_bar(n, slot, now[n], then[n], top, step, by_month, len(slots)) for n, slot in enumerate(slots)]
    scale = [Scale(_y(top * part / 4, top), _short(top * part / 4)) for part in range(5)]
    return SalesChart(bars, scale, _line(bars, then, top) if any(then) else "", by_month)


def _slots(span: Period, by_month: bool) -> list[date]:
    """The first days of the months, or the days, of a period."""
    if not by_month:
        return [span.start + timedelta(days=n) for n in range(span.days)]
    months = range(span.start.year * 12 + span.start.month - 1, span.end.year * 12 + span.end.month)
    return [date(m // 12, m % 12 + 1, 1) for m in months]


def _bar(n: int, slot: date, amount: Decimal, before: Decimal, top: Decimal, step: Decimal, by_month: bool, count: int) -> Bar:
    """Sales below zero (more came back than went out) draw nothing; the table shows them."""
    x, width = LEFT + step * n, max(step * 3 // 4, Decimal(1))
    y = _y(max(amount, ZERO), top)
    month = MONTHS[slot.month - 1][:3]
    label = f"{month} {slot.year}" if by_month else f"{slot.day} {month}"
    every = max(1, -(-count // 12))
    tick = (month if by_month else str(slot.day)) if n % every == 0 else ""
    return Bar(label, tick, amount, before, int(x), y, int(width), BOTTOM - y, int(x + width / 2))


def _line(bars: list[Bar], then: list[Decimal], top: Decimal) -> str:
    return " ".join(f"{bar.middle},{_y(max(amount, ZERO), top)}" for bar, amount in zip(bars, then, strict=True))


def _y(amount: Decimal, top: Decimal) -> int:
    return BOTTOM - int((amount * (BOTTOM - TOP) / top).to_integral_value(ROUND_HALF_UP))


def _round_top(most: Decimal) -> Decimal:
    """The scale's end: the next 1, 2, 4 or 8 with zeros, so that its quarters are round too."""
    top = Decimal(4)
    while True:
        for factor in (1, 2, Decimal("2.5"), 5):
            if top * factor >= most:
                return top * factor
        top *= 10


def _short(amount: Decimal) -> str:
    """As people say it: 500, 2.5k, 1.2 L (lakh), 3 Cr (crore)."""
    for unit, word in ((10_000_000, " Cr"), (100_000, " L"), (1000, "k")):
        if amount >= unit:
            return f"{amount / unit:.2f}".rstrip("0").rstrip(".") + word
    return indian(amount, 0)
