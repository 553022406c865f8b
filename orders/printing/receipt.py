"""The receipt for a roll of 80 or 58 mm, as a page the browser prints."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from orders.models import BillPrint, CreditNote, Order, OrderLine
from orders.printing.content import Bill
from orders.printing.invoice import rate_word
from orders.upi import QrPath
from shops.models import ROLL_DOTS, Counter
from smartkirana.money import indian

ROLLS = (Counter.Paper.R80, Counter.Paper.R58)
DOTS_A_MM = 8  # 203 dpi
LARGEST_MODULE, ONLY_MODULE, LEAST_MODULE = 6, 5, 4  # printer dots: of codes side by side, of one alone, and what cameras need
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

    @property
    def is_original(self) -> bool:
        """The first print, while it may still leave the printer unmarked."""
        return self.counted and self.row is not None and self.row.copy_no == 1


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


def roll_for(order: Order | CreditNote, asked: str) -> str:
    """The roll asked for, else that of the bill's or note's counter; a counter with A4 paper gets its receipts 80 mm wide."""
    return next((paper for paper in (asked, order.counter.paper) if paper in ROLLS), Counter.Paper.R80)


@dataclass(frozen=True)
class Code:
    """A QR code on a roll: its module is a whole number of printer dots, so that its edges are sharp."""

    kind: str  # "bill" or "upi"
    qr: QrPath
    module: int
    caption: str

    @property
    def mm(self) -> str:
        """Its side with the quiet zone, as CSS and SVG carry it."""
        return f"{self.qr.size * self.module / DOTS_A_MM:g}mm"


def codes(bill: Bill, paper: str) -> list[list[Code]]:
    """The codes for a roll, in rows: the bill's own and, when money is due, the shop's UPI code or the customer's khata beside it.

    On a narrow roll a long UPI code goes under it, when side by side its modules would be too small to scan.
    """
    found = [(kind, qr, caption) for kind, qr, caption in _codes_of(bill) if qr is not None]
    dots = ROLL_DOTS[paper]
    if len(found) == 2:
        module = min(LARGEST_MODULE, dots // sum(qr.size for _kind, qr, _caption in found))
        if module >= LEAST_MODULE:
            return [[Code(kind, qr, module, caption) for kind, qr, caption in found]]
    return [[Code(kind, qr, min(ONLY_MODULE, dots // qr.size), caption)] for kind, qr, caption in found]


def _codes_of(bill: Bill) -> list[tuple[str, QrPath | None, str]]:
    with translation.override(bill.language):
        pay = _("Scan to pay ₹ %(amount)s by UPI") % {"amount": indian(bill.to_pay)}
        own = ("bill", bill.link_qr(), _("This bill on your phone"))
        if khata := bill.khata_qr():  # its page asks for what is owed in all
            return [own, ("khata", khata, _("Your khata on your phone"))]
        return [own, ("upi", bill.qr() if bill.to_pay else None, pay)]


def figures(bill: Bill) -> dict:
    """What every page that shows the bill's lines and taxes needs."""
    groups = [(group, rate_word(group.rate)) for group in bill.by_rate] if bill.shows_tax else []
    return {"bill": bill, "order": bill.order, "lines": lines_with_rates(bill), "groups": groups}


def receipt_context(bill: Bill, paper: str) -> dict:
    """What the receipt's template needs."""
    return figures(bill) | {"paper": paper, "codes": codes(bill, paper)}


def lines_with_rates(bill: Bill) -> list[tuple[OrderLine, str]]:
    """The lines, each with its rate as the paper says it; "" where no rate is shown."""
    return [(line, rate_word(line.rate if line.supply_class == "taxable" else None) if bill.shows_tax else "") for line in bill.lines]
