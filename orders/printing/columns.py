"""Figures in columns without table cells.

A table cell costs WeasyPrint about 1.5 ms, so a bill of ten lines with eleven columns took over 400 ms. Here a row of
figures is one piece of text: the gaps before each figure are made of the font's own spaces, chosen so that the figure
ends where its column ends. The error is at most a twentieth of an em (0.13 mm at 8 pt; mostly under 0.05) and does not
add up along the row, since every gap is measured from where the text really is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from django.contrib.staticfiles import finders

FONT = "vendor/fonts/noto-sans/5.3.0/noto-sans-latin-{weight}-normal.woff2"
EM = 1000
UNKNOWN = 600  # a letter the Latin file does not have; none is in a figure
SHAPED = re.compile("[\u0900-\u097f]")  # letters that change their width with their neighbours
THIN, SPACE, EN = "\u2009", "\u00a0", "\u2002"
MM_IN_PT = 72 / 25.4


@dataclass(frozen=True)
class Column:
    """One column of figures: its head in two lines, its least width in mm with the gap to the column before."""

    heads: tuple[str, str]
    mm: float = 0.0
    left: bool = False  # text starts a gap after the column before, instead of ending with its own


GAP_MM = 1.9
HEAD_PT = 6.75


@cache
def _widths(weight: int) -> dict[str, int]:
    from fontTools.ttLib import TTFont  # only who prints pays for it

    with TTFont(finders.find(FONT.format(weight=weight)), lazy=True) as font:
        advance = font["hmtx"]
        return {chr(code): advance[name][0] for code, name in font.getBestCmap().items()}


def width(text: str, weight: int = 400) -> int:
    """How wide the text is set, in thousandths of an em."""
    if SHAPED.search(text):
        from orders.printing import strips  # only Hindi pays for it

        return strips.width(text, px=EM, bold=weight > 400)
    widths = _widths(weight)
    return sum(widths.get(letter, UNKNOWN) for letter in text)


@cache
def gap(size: int) -> str:
    """Spaces that come closest to `size` thousandths of an em; nothing for nothing."""
    thin, space, en = (_widths(400)[one] for one in (THIN, SPACE, EN))
    best, best_error = "", abs(size)
    for ens in range(size // en + 1):
        for spaces in range(9):
            rest = size - ens * en - spaces * space
            if rest < -thin:
                break
            thins = max(0, (rest + thin // 2) // thin)
            if abs(rest - thins * thin) < best_error:
                best, best_error = EN * ens + SPACE * spaces + THIN * thins, abs(rest - thins * thin)
    return best


def fitted(columns: Sequence[Column], rows: Sequence[Sequence[str]], *, pt: float, weight: int = 400) -> list[Column]:
    """The columns, each wide enough for every text in it (rows in `pt` points, heads in theirs) and the gap before it.

    A column's own `mm` is the least it gets, so that short bills look like long ones.
    """
    out = []
    for place, column in enumerate(columns):
        head = max(_mm(width(word, 600), HEAD_PT) for word in column.heads)
        body = max((_mm(width(row[place], weight), pt) for row in rows), default=0.0)
        out.append(replace(column, mm=max(column.mm, round(max(head, body) + GAP_MM, 2))))
    return out


def heads(columns: Sequence[Column]) -> tuple[str, str]:
    """The two lines over the columns."""
    upper, lower = ("".join(set_row([c.heads[line] for c in columns], columns, pt=HEAD_PT, weight=600)) for line in (0, 1))
    return upper, lower


def padded(label: str, mm: float, *, pt: float) -> str:
    """The label and the space up to `mm` from its start: a left tab stop."""
    return label + gap(max(0, _ems(mm, pt) - width(label)) // 2 * 2)


def set_row(cells: Sequence[str], columns: Sequence[Column], *, pt: float, weight: int = 400, last_weight: int = 0) -> tuple[str, str]:
    """One row set in `pt` points, `white-space: pre`: the text up to the last figure, and the last figure.

    The last one may stand in another weight (the amount is set in 600). An empty cell leaves its column empty.
    """
    out: list[str] = []
    at, edge = 0, 0.0
    for place, (cell, column) in enumerate(zip(cells, columns, strict=True)):
        last = place == len(columns) - 1
        start, edge = edge + GAP_MM, edge + column.mm
        if cell:
            wide = width(cell, last_weight if last and last_weight else weight)
            wanted = _ems(start, pt) if column.left else _ems(edge, pt) - wide
            blank = gap(max(0, wanted - at) // 2 * 2)
            out += [blank, cell]
            at += width(blank) + wide
        elif last:
            out += ["", ""]
    return "".join(out[:-1]), out[-1]


def _mm(ems: int, pt: float) -> float:
    return ems / EM * pt / MM_IN_PT


def _ems(mm: float, pt: float) -> int:
    """Millimetres as thousandths of an em of type `pt` points tall."""
    return round(mm * MM_IN_PT / pt * EM)
