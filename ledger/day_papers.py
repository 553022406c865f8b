"""The X and Z report on paper: A4 and an 80-mm roll as PDF, and the bytes for a roll printer."""

from __future__ import annotations

from django.template.loader import render_to_string

from ledger.day_figures import Figures
from ledger.day_report import day_of, foot, roll_parts, sections, title
from ledger.models import DayClose
from orders.printing.escpos import encode
from orders.printing.roll import Columns, Line, Rule
from shops.models import ROLL_DOTS, Shop
from smartkirana.pdf import write_pdf

SHEET = "css/print-day.css"
ROW_MM, BIG_MM, RULE_MM, MARGIN_MM = 4.6, 8.0, 2.2, 8.0


def a4_pdf(shop: Shop, figures: Figures, z: DayClose | None, *, with_money: bool) -> bytes:
    """The report on one sheet."""
    context = {
        "shop": shop,
        "title": title(figures, z),
        "day": day_of(figures),
        "sections": sections(figures, with_money=with_money),
        "foot": foot(z),
        "z": z,
    }
    return write_pdf(render_to_string("print/day_a4.html", context), sheet=SHEET, rules="@page { size: A4; margin: 14mm }")


def roll_pdf(shop: Shop, figures: Figures, z: DayClose | None, *, with_money: bool) -> bytes:
    """The report as one page of 80 mm, as long as its lines: each has its own height, so that it is known beforehand."""
    parts = roll_parts(shop, figures, z, with_money=with_money)
    tall = MARGIN_MM
    for part in parts:
        match part:
            case Line():
                tall += BIG_MM if part.big else ROW_MM
            case Rule():
                tall += RULE_MM
            case Columns():
                tall += ROW_MM * len(part.rows)
    rows = [{type(part).__name__.lower(): part} for part in parts]
    html = render_to_string("print/day_roll.html", {"parts": rows, "title": title(figures, z)})
    return write_pdf(html, sheet=SHEET, rules=f"@page {{ size: 80mm {tall:.1f}mm; margin: 4mm 4mm 0 }}")


def roll_bytes(shop: Shop, figures: Figures, z: DayClose | None, paper: str, *, with_money: bool) -> bytes:
    """The same for a roll printer of that width."""
    return encode(roll_parts(shop, figures, z, with_money=with_money), dots=ROLL_DOTS[paper])


def report_name(figures: Figures, z: DayClose | None) -> str:
    """What the report's file is called, without its kind."""
    return f"z-{z.number:04d}-{figures['day']}" if z else f"x-{figures['day']}"
