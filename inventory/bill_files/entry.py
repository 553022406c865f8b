"""The form that enters a supplier's bill, filled from a file: its head, its lines, and what of the file is not in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from catalog.gst import goods_with_rates
from inventory.bill_files.matching import Match, Unmatched, match_items, unmatched
from inventory.bill_files.reading import Problem, Reading, read_bill, typed
from inventory.models import BillFile
from inventory.purchase_forms import PurchaseRow
from shops.models import Shop
from smartkirana.dates import FIRST_DAY, shop_today

MOST_TOLD = 10


@dataclass
class FileAtHand:
    """A file read and matched: what the pages of a supplier's file show."""

    file: BillFile
    reading: Reading
    matches: list[Match]
    open_items: list[Unmatched]

    @property
    def known(self) -> list[Match]:
        """The items whose goods are known."""
        return [match for match in self.matches if match.product_id]

    @property
    def left_out(self) -> list[Match]:
        """The items that this bill goes without."""
        return [match for match in self.matches if not match.product_id and match.item.key in self.file.left_out]

    @property
    def problems_shown(self) -> list[Problem]:
        """The first of the cells that could not be read, of lines that stand in the form."""
        lines = {match.item.line for match in self.known}
        return [problem for problem in self.reading.problems if problem.line in lines][:MOST_TOLD]

    @property
    def lines_total(self) -> Decimal | None:
        return self.reading.lines_total


def at_hand(file: BillFile) -> FileAtHand:
    """The file as far as it is matched; three queries."""
    reading = read_bill(file)
    matches = match_items(file, reading.items)
    return FileAtHand(file, reading, matches, unmatched(file, matches))


def file_of(shop: Shop, text: str | None) -> BillFile | None:
    """The shop's file that a form names; None when it names none, or one that is entered already."""
    if not (text and text.isascii() and text.isdigit() and len(text) < 19):
        return None
    return shop.bill_files.select_related("supplier").filter(pk=int(text)).first()


def head_of(at_hand: FileAtHand) -> dict[str, Any]:
    """What the file says for the head and the foot of the bill (`PurchaseForm`)."""
    said = {"number": at_hand.reading.number, "date": bill_day(at_hand), "paper_total": at_hand.reading.paper_total}
    return {name: value for name, value in said.items() if value} | {"inclusive": at_hand.file.inclusive}


def bill_day(at_hand: FileAtHand) -> date | None:
    """The day of the bill, when the file tells one that a bill may have."""
    day = at_hand.reading.bill_date
    return day if day and FIRST_DAY <= day <= shop_today() else None


def rows_of(at_hand: FileAtHand) -> list[PurchaseRow]:
    """A line for every item whose goods are known, in the file's order; one query for the goods and their rates."""
    known = [(match, match.product_id) for match in at_hand.matches if match.product_id]
    goods = goods_with_rates(at_hand.file.shop, {pk for _, pk in known}, bill_day(at_hand) or shop_today())
    return [PurchaseRow(product=goods[pk], key=f"{match.item.line:08x}", **_boxes(match)) for match, pk in known if pk in goods]


def _boxes(match: Match) -> dict[str, Any]:
    """Boxes as the file fills them; without an MRP or a rate of tax in it, those usual for the goods."""
    return {name: value for name, value in typed(match.item, match.pack).items() if value or name not in ("mrp", "gst_rate")}
