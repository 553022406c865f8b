"""Prices paid over time as a line with a point for each purchase: geometry only, drawn by the template as SVG.

Lengths are whole SVG units of a fixed box; the sheet scales it. The table of purchases beside it says the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

WIDTH, HEIGHT = 640, 180
LEFT, RIGHT, TOP, BOTTOM = 72, 624, 14, 150


@dataclass(frozen=True)
class Point:
    """One purchase: `cost` is rupees a piece."""

    day: date
    cost: Decimal
    x: int
    y: int


@dataclass(frozen=True)
class Mark:
    """A line of the scale, at `cost` rupees."""

    cost: Decimal
    y: int


@dataclass(frozen=True)
class PriceChart:
    points: list[Point]
    marks: list[Mark]
    line: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT

    @property
    def first(self) -> Point:
        return self.points[0]

    @property
    def last(self) -> Point:
        return self.points[-1]


def price_chart(prices: Sequence[tuple[date, Decimal]]) -> PriceChart | None:
    """The chart of (day, rupees a piece), the oldest first; None for fewer than two, which need no picture.

    The scale begins below the lowest price, not at nothing: a tenth more is what one wants to see. It is in whole rupees and paise.
    """
    if len(prices) < 2:
        return None
    costs = [cost for _, cost in prices]
    low, high = _scale(min(costs), max(costs))
    first, days = prices[0][0], max((prices[-1][0] - prices[0][0]).days, 1)
    points = []
    for n, (day, cost) in enumerate(prices):
        along = Decimal((day - first).days) / days if prices[-1][0] > first else Decimal(n) / (len(prices) - 1)
        points.append(Point(day, cost, LEFT + _whole(along * (RIGHT - LEFT)), _y(cost, low, high)))
    marks = [Mark(low + (high - low) * part / 2, _y(low + (high - low) * part / 2, low, high)) for part in range(3)]
    return PriceChart(points, marks, " ".join(f"{point.x},{point.y}" for point in points))


def _scale(least: Decimal, most: Decimal) -> tuple[Decimal, Decimal]:
    """Ends of the scale in rupees: a bit of room on both sides, never below nothing."""
    room = max((most - least) / 4, most / 20, Decimal("0.01"))
    cent = Decimal("0.01")
    low = max((least - room).quantize(cent), Decimal(0))
    return low, (most + room).quantize(cent)


def _y(cost: Decimal, low: Decimal, high: Decimal) -> int:
    return BOTTOM - _whole((cost - low) * (BOTTOM - TOP) / (high - low))


def _whole(length: Decimal) -> int:
    return int(length.to_integral_value(ROUND_HALF_UP))
