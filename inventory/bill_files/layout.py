"""Where things stand in a supplier's file: the row of headings, the bill's number and date above it, the total below the goods."""

from __future__ import annotations

import re
from collections.abc import Sequence

from catalog.importing.files import MOST_COLUMNS, Row, read_rows
from inventory.bill_files.columns import COLUMNS, Column, guess
from inventory.errors import StockError
from inventory.receiving import MOST_LINES
from smartkirana.errors import Refusal
from smartkirana.text import clean_name, normalise

HEADINGS_WITHIN = 40  # rows: suppliers write their name, the shop's, and the bill's number above
MOST_ROWS = MOST_LINES + 100
LONGEST_CELL = 200
ENOUGH = 3  # headings that must be known for a row to be the headings
_NUMBER_SAID = re.compile(r"\b(?:invoice|inv|bill|voucher)\s*(?:(?:no|number|num)\b|#)\.?\s*[:\-#]?\s*", re.IGNORECASE)
_DATE_SAID = re.compile(r"(?<!due )\b(?:(?:invoice|inv|bill)\s*)?(?:date|dt|dated)\b\.?\s*[:\-]?\s*", re.IGNORECASE)
_BILL_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9/\-.]{0,31}")
_DATE = re.compile(r"\d{1,4}[-/. ](?:\d{1,2}|[A-Za-z]{3,9})[-/. ]\d{2,4}")


def sheet_of(filename: str, content: bytes) -> tuple[list[str], list[Row], dict[str, str]]:
    """Headings, rows below them, and what stands above. Raises StockError (field "file")."""
    try:
        rows = read_rows(filename, content, most=MOST_ROWS + HEADINGS_WITHIN)
    except Refusal as refusal:
        raise StockError(refusal.code, refusal.message, "file") from None
    rows = [Row(row.line, [clean_name(cell)[:LONGEST_CELL] for cell in row.cells]) for row in rows]
    at = heading_row(rows)
    headings = trimmed(rows[at].cells)
    if len(headings) > MOST_COLUMNS:
        raise StockError(
            "bad_file", f"The row of headings has more than {MOST_COLUMNS} columns. Take out those that are not needed.", "file"
        )
    below = [Row(row.line, row.cells[: len(headings)]) for row in rows[at + 1 :]]
    below = [row for row in below if any(row.cells)]
    if not below:
        raise StockError("bad_file", "There are no rows under the headings.", "file")
    if len(below) > MOST_ROWS:
        raise StockError("bad_file", f"More than {MOST_ROWS} rows. A bill here has at most {MOST_LINES} lines: split the file.", "file")
    return [heading[:60] for heading in headings], below, said_above(rows[:at])


def heading_row(rows: Sequence[Row], columns: Sequence[Column] = COLUMNS) -> int:
    """The place of the row whose cells most are known headings; where no three are, the first of the rows with the most words."""
    first = rows[:HEADINGS_WITHIN]
    known = [len(guess(row.cells, columns)) for row in first]
    if max(known) >= ENOUGH:
        return known.index(max(known))
    words = [sum(bool(re.search(r"[^\W\d]", cell)) for cell in row.cells) for row in first]
    return words.index(max(words))


def trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells


def said_above(rows: Sequence[Row]) -> dict[str, str]:
    """The number and the date of the bill as they stand above the headings: {"number", "date"}, text."""
    found: dict[str, str] = {}
    for row in rows:
        cells = [cell for cell in row.cells if cell]
        for n, cell in enumerate(cells):
            after = cells[n + 1] if n + 1 < len(cells) else ""
            for name, said, form in (("number", _NUMBER_SAID, _BILL_NUMBER), ("date", _DATE_SAID, _DATE)):
                if name not in found and (mark := said.search(cell)):
                    there = form.match(cell[mark.end() :]) or form.match(after.lstrip(": "))
                    found |= {name: there[0]} if there else {}
    return found


_FOOT = re.compile(
    r"(?:sub ?|grand |net |gross |invoice |bill )?(?:total|amount|amt|value|payable)\b"
    r"|(?:c|s|i|u|ut)?gst\b|tax\b|cess\b|tcs\b|less\b|add\b|round(?:ed)? ?off\b|rounding\b|rupees\b|discount\b|freight\b|amount\b"
)
_GRAND = re.compile(
    r"grand total|net (?:amount|amt|payable|total|value)|(?:invoice|bill) (?:total|amount|amt|value)|(?:total|amount) payable|total invoice"
)


def is_foot(text: str) -> bool:
    """True for words that begin a row of sums, not of goods: "Sub Total", "CGST 2.5%", "Round off"."""
    return bool(_FOOT.match(normalise(text)))


def is_grand_total(text: str) -> bool:
    """True for the row that says what is to be paid."""
    return bool(_GRAND.search(normalise(text)))
