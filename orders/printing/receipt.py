"""The receipt for a roll of 80 or 58 mm, as a page the browser prints."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from orders.models import BillPrint, Order
from orders.printing.content import Bill
from orders.printing.invoice import rate_word
from shops.models import Counter

ROLLS = (Counter.Paper.R80, Counter.Paper.R58)
MODULE_MM = {Counter.Paper.R80: 1.0, Counter.Paper.R58: 0.75}  # whole printer dots at 203 dpi: 8 and 6
FRESH_MINUTES = 10


@dataclass(frozen=True)
class Copy:
    """Which print of a bill a page is.

    row      the print it was recorded as, if it was
    counted  its paper may leave the printer as it looks; else the paper says that it is an uncounted duplicate
    records  printing it writes down the original (the counter's own first print)
    """

    row: BillPrint | None = None
    counted: bool = False
    records: bool = False


def copy_asked_for(order: Order, *, copy: str = "", first: str = "") -> Copy | None:
    """The copy an address names by its number, or by the bill's request key for the first; None for a number never printed.

    A recorded print stays printable for ten minutes (paper jams); afterwards its page is only to be looked at.
    """
    if first and first == str(order.request_key):
        recorded = order.prints.filter(copy_no=1).exists()
        return Copy() if recorded else Copy(counted=True, records=True)
    if not copy:
        return Copy()
    row = order.prints.filter(copy_no=int(copy)).select_related("by").first() if copy.isdecimal() and len(copy) < 4 else None
    return Copy(row=row, counted=(timezone.now() - row.at).total_seconds() < FRESH_MINUTES * 60) if row else None


def roll_for(order: Order, asked: str) -> str:
    """The roll asked for, else the counter's; a counter with A4 paper gets its receipts 80 mm wide."""
    return next((paper for paper in (asked, order.counter.paper) if paper in ROLLS), Counter.Paper.R80)


def receipt_context(bill: Bill, paper: str) -> dict:
    """What the receipt's template needs."""
    qr = bill.qr() if bill.to_pay else None
    return {
        "bill": bill,
        "order": bill.order,
        "paper": paper,
        "lines": [
            (line, rate_word(line.rate if line.supply_class == "taxable" else None) if bill.shows_tax else "") for line in bill.lines
        ],
        "groups": [(group, rate_word(group.rate)) for group in bill.by_rate] if bill.shows_tax else [],
        "qr": qr,
        "qr_mm": qr and qr.size * MODULE_MM[paper],
    }
