"""The goods of a supplier's file once its columns are matched: figures, sentences for cells that are none, and the file's own sums."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from catalog.barcodes import BarcodeError, parse_barcode
from catalog.importing.cells import SCIENTIFIC, BadCell, number, shortened
from inventory.bill_files.cells import MOST_PLACES, READERS, plain_number, plain_rupees
from inventory.bill_files.layout import is_foot, is_grand_total
from inventory.models import BillFile, SupplierItem
from inventory.receiving import MOST_LINES
from smartkirana.money import ZERO, money
from smartkirana.text import normalise

TEXTS = ("code", "name", "hsn", "batch")
NOTHING = {"", "-", "--", "na", "n/a", "nil", "none", "null"}  # what programs write into a cell without anything
LONGEST_BATCH = 40
LONGEST_KEY = 200
LONGEST_TYPED = 20  # of a cell that is no figure, put into its box as it stands


@dataclass
class Item:
    """A line of goods in the file. `values` are figures by field (rupees, percent, pieces), `wrong` the cells that are none, as text."""

    line: int
    code: str = ""
    barcode: str = ""
    name: str = ""
    hsn: str = ""
    batch: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """By what it is remembered: the code (or barcode) where there is one, else the name."""
        return SupplierItem.Kind.CODE if self.code or self.barcode else SupplierItem.Kind.NAME

    @property
    def key(self) -> str:
        """The code in capitals or the name in its search form; the same goods have the same in every file of the supplier."""
        text = (self.code or self.barcode).upper() or normalise(self.name) or self.name
        return text[:LONGEST_KEY]

    @property
    def said(self) -> str:
        """What the supplier calls it."""
        return (self.name or self.code or self.barcode)[:LONGEST_KEY]


@dataclass
class Problem:
    """A cell that cannot be taken: where, what stands there, and why not."""

    line: int
    column: str
    text: str
    why: str


@dataclass
class Reading:
    """All goods of a file. lines_total: the line totals added up, rupees, None without such a column; paper_total: what is to be paid."""

    items: list[Item] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    lines_total: Decimal | None = None
    paper_total: Decimal | None = None
    bill_date: date | None = None
    number: str = ""


def read_bill(file: BillFile) -> Reading:
    """The file's goods by its mapping; rows of sums, of headings again, and of nothing but a name are no goods."""
    found = Reading(number=file.about.get("number", ""), bill_date=_bill_date(file.about.get("date", "")))
    heads = {name: file.headings[at] or f"{at + 1}" for name, at in file.mapping.items()}
    for line, cells in file.rows:
        said = {name: cells[at] for name, at in file.mapping.items() if at < len(cells) and cells[at].lower() not in NOTHING}
        first = next(cell for cell in cells if cell)
        if is_grand_total(first) and "rate" not in said:
            found.paper_total = _last_figure(cells) or found.paper_total
        elif _is_goods(said, first, cells, file.headings):
            found.items.append(_item(line, said, heads, found.problems))
    if "total" in file.mapping:
        found.lines_total = sum((item.values.get("total", ZERO) for item in found.items), ZERO)
    return found


def too_many(found: Reading) -> bool:
    """True when the goods do not fit one bill."""
    return len(found.items) > MOST_LINES


def _is_goods(said: dict[str, str], first: str, cells: list[str], headings: list[str]) -> bool:
    if not said.keys() & {"code", "barcode", "name"} or not said.keys() & {"quantity", "rate"}:
        return False
    return not (is_foot(first) and "rate" not in said) and [cell[:60] for cell in cells] != headings


def _item(line: int, said: dict[str, str], heads: dict[str, str], problems: list[Problem]) -> Item:
    item = Item(line, **{name: said[name] for name in TEXTS if name in said})
    for name, text in said.items():
        try:
            if name == "barcode":
                item.barcode = _barcode(text)
            elif name in READERS:
                item.values[name] = READERS[name](text)
            elif name == "batch" and len(text) > LONGEST_BATCH:
                item.batch = text[:LONGEST_BATCH]
                raise BadCell("A batch number has at most 40 characters.")
        except BadCell as bad:
            item.wrong[name] = text[:LONGEST_TYPED]
            problems.append(Problem(line, heads[name], text[:60], str(bad)))
    for name, sentence in (("quantity", "There is no quantity."), ("rate", "There is no rate.")):
        if name not in said:
            item.wrong[name] = ""
            problems.append(Problem(line, heads[name], "", sentence))
    return item


def _barcode(text: str) -> str:
    if SCIENTIFIC.fullmatch(text):
        raise BadCell(shortened(text))
    try:
        return parse_barcode(text)
    except BarcodeError as error:
        raise BadCell(error.message) from None


def _bill_date(text: str) -> date | None:
    try:
        return READERS["expiry"](text)
    except BadCell:
        return None


def _last_figure(cells: list[str]) -> Decimal | None:
    """The last cell of a row of sums that is a figure, rupees."""
    for cell in reversed([cell for cell in cells if cell]):
        try:
            return money(number(cell, MOST_PLACES))
        except BadCell:
            continue
    return None


def typed(item: Item, pack: Decimal | None) -> dict[str, Any]:
    """The item as it is typed into the line of a bill (`PurchaseRow`). `pack`: pieces in a pack where the file does not say.

    What is free comes in the supplier's packs, in our form it is pieces. A cell that is no figure stands in its box as it is.
    """
    have = item.values
    packs, free_beside = have.get("quantity", (None, ZERO))
    size = have.get("pack") or pack or Decimal(1)
    free = have.get("free", ZERO) + free_beside
    figures = {"packs": packs, "pack_size": size, "free": free * size or None}
    boxes: dict[str, Any] = {name: "" if figure is None else plain_number(figure) for name, figure in figures.items()}
    boxes |= {"price": plain_rupees(have.get("rate")), "mrp": plain_rupees(have.get("mrp") or None)}
    boxes |= {ours: item.wrong[theirs] for theirs, ours in _BOXES.items() if theirs in item.wrong}
    if (rate := have.get("gst")) is not None or "half_gst" in have:
        boxes["gst_rate"] = plain_number(have["half_gst"] * 2 if rate is None else rate)
    if have.get("discount") or have.get("discount_percent"):
        boxes["discount"] = str(have["discount"]) if have.get("discount") else f"{plain_number(have['discount_percent'])}%"
    return boxes | {"batch": item.batch, "expiry": have.get("expiry")}


_BOXES = {
    "quantity": "packs", "pack": "pack_size", "free": "free", "rate": "price", "mrp": "mrp", "gst": "gst_rate", "half_gst": "gst_rate",
    "discount": "discount", "discount_percent": "discount",
}  # fmt: skip
