"""Where things stand in a bank's file: the row of headings, sometimes two, and the rows below it."""

from __future__ import annotations

from collections.abc import Sequence

from catalog.importing.files import MOST_COLUMNS, Row, read_rows
from inventory.bill_files.columns import guess
from inventory.bill_files.layout import HEADINGS_WITHIN, heading_row, trimmed
from ledger.bank_files.columns import COLUMNS
from ledger.errors import LedgerError
from smartkirana.errors import Refusal
from smartkirana.text import clean_name

MOST_ROWS = 10_000
LONGEST_CELL = 200


def sheet_of(filename: str, content: bytes) -> tuple[list[str], list[Row]]:
    """Headings, and the rows below them. Raises LedgerError (field "file")."""
    try:
        rows = read_rows(filename, content, most=MOST_ROWS + HEADINGS_WITHIN)
    except Refusal as refusal:
        raise LedgerError(refusal.code, refusal.message, "file") from None
    rows = [Row(row.line, [clean_name(cell)[:LONGEST_CELL] for cell in row.cells]) for row in rows]
    headings, below = _headed(rows)
    if len(headings) > MOST_COLUMNS:
        raise LedgerError(
            "bad_file", f"The row of headings has more than {MOST_COLUMNS} columns. Take out those that are not needed.", "file"
        )
    below = [Row(row.line, row.cells[: len(headings)]) for row in below]
    below = [row for row in below if any(row.cells)]
    if not below:
        raise LedgerError("bad_file", "There are no rows under the headings.", "file")
    if len(below) > MOST_ROWS:
        raise LedgerError("bad_file", "More than 10,000 rows. Ask the bank for a shorter period, or split the file.", "file")
    return headings, below


def _headed(rows: Sequence[Row]) -> tuple[list[str], list[Row]]:
    """The headings and what is below. Two rows make one where together they say more than the better of them alone."""
    at = heading_row(rows, COLUMNS)
    best = (len(guess(rows[at].cells, COLUMNS)), rows[at].cells, at + 1)
    for first in (at - 1, at):
        if first >= 0 and first + 1 < len(rows) and not any(c.isdigit() for cell in rows[first + 1].cells for c in cell):
            together = _joined(rows[first].cells, rows[first + 1].cells)
            best = max(best, (len(guess(together, COLUMNS)), together, first + 2), key=lambda found: found[0])
    return [heading[:60] for heading in trimmed(list(best[1]))], list(rows[best[2] :])


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Two rows of headings read downwards: "Transaction" over "Date" is "Transaction Date"."""
    width = max(len(upper), len(lower))
    cells = [(*row, *[""] * (width - len(row))) for row in (upper, lower)]
    return [f"{above} {below}".strip() for above, below in zip(*cells, strict=True)]
