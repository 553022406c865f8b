"""The lines of the purchase form, and its sums while it is filled in: the server works out what the page shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from uuid import uuid4

from django import forms
from django.http import QueryDict

from catalog.gst import goods_with_rates
from catalog.models import Product
from inventory.errors import StockError
from inventory.models import PurchaseOrder
from inventory.opening_rows import ROW
from inventory.order_selectors import missing_lines
from inventory.purchase_forms import PurchaseForm, PurchaseRow, written_wrongly
from inventory.purchase_sums import CostedLine
from inventory.receiving import MOST_LINES, CostedBill, ReceivedLine, check_prices, work_out
from inventory.suggested_price import suggested_price
from shops.models import Shop
from smartkirana.money import ZERO, money, plain

LINE_FIELD = re.compile(r"lines-([0-9]+)-(\w+)")
MOST_TRIES = 6  # lines with a mistake that are left out, one by one, before the sums are given up


def new_row(shop: Shop, product: Product, day: date, *, code: str = "", pack_size: Decimal = Decimal(1)) -> PurchaseRow:
    """A line for goods just scanned or chosen, with their rate of tax on `day`."""
    with_rate = goods_with_rates(shop, [product.pk], day)[product.pk]
    return PurchaseRow(product=with_rate, key=uuid4().hex[:8], code=code, pack_size=plain(pack_size))


def rows_of_order(order: PurchaseOrder, day: date) -> list[PurchaseRow]:
    """Lines for what is still missing of an order, with the price that was expected."""
    missing = missing_lines(order)
    goods = goods_with_rates(order.shop, [one.product.pk for one in missing], day)
    rows = []
    for one in missing:
        known = {"packs": plain(one.packs), "pack_size": plain(one.pack_size), "price": plain(one.cost)}
        rows.append(PurchaseRow(product=goods[one.product.pk], key=uuid4().hex[:8], **known))
    return rows


def sent_rows(shop: Shop, data: QueryDict, day: date) -> tuple[list[PurchaseRow], str]:
    """The lines that came with a form, and a sentence when they cannot be read as lines of this shop's goods."""
    sent = [match for value in data.getlist("row") if (match := ROW.fullmatch(value))]
    goods = goods_with_rates(shop, [int(match[2]) for match in sent], day)
    rows = [PurchaseRow(data, product=goods[int(match[2])], key=match[1]) for match in sent[: MOST_LINES + 1] if int(match[2]) in goods]
    if len(sent) > MOST_LINES:
        return rows, f"At most {MOST_LINES} lines in one bill. Enter the rest as a second one."
    if len({row.key for row in rows}) < len(data.getlist("row")):
        return rows, "One of the products is not in this shop. Choose it again."
    return rows, ""


def row_of_code(rows: list[PurchaseRow], product: Product, code: str) -> PurchaseRow | None:
    """The last line that this very code was scanned for."""
    mine = [row for row in rows if row.product.pk == product.pk and row["code"].value() == code]
    return mine[-1] if mine else None


def put_error(error: StockError, head: forms.Form, rows: Sequence[forms.Form]) -> None:
    """Put the service's sentence at its box, in the head or in a line; without a box of its own over the whole."""
    place = LINE_FIELD.fullmatch(error.field or "")
    if place and int(place[1]) < len(rows):
        row = rows[int(place[1])]
        row.add_error(place[2] if place[2] in row.fields else None, error.message)
    else:
        head.add_error(error.field if error.field in head.fields else None, error.message)


# --- the sums while one writes --------------------------------------------------------------------------------
@dataclass
class LineSums:
    """What a line comes to so far. `problem` is a sentence, `waits` means that figures are still missing."""

    row: PurchaseRow
    problem: str = ""
    waits: bool = False
    costed: CostedLine | None = None
    pieces: Decimal = ZERO
    new_cost: bool = False
    mrp: Decimal | None = None
    new_mrp: bool = False
    usual_rate: Decimal | None = None
    sell_at: Decimal | None = None

    def fill(self, line: ReceivedLine, costed: CostedLine, pieces: Decimal) -> None:
        """Take in what the line comes to, what differs from the product, and which price would keep the margin."""
        product = line.product
        self.costed, self.pieces = costed, pieces
        self.mrp = line.mrp if line.mrp is not None else product.mrp
        self.new_cost = money(costed.piece) != money(product.cost)
        self.new_mrp = line.mrp is not None and line.mrp != product.mrp
        self.usual_rate = product.gst_rate if line.gst_rate != (product.gst_rate or ZERO) else None
        if self.new_cost or self.new_mrp:
            cost = costed.piece if self.new_cost else product.cost
            price = suggested_price(cost=cost, old_cost=product.cost, old_price=product.price, mrp=self.mrp)
            self.sell_at = price if price not in (line.sell_at or product.price, None) else None
        try:
            check_prices(line, costed, 0)
        except StockError as error:
            self.problem = error.message


@dataclass
class Preview:
    """The whole bill so far. `differs` is what the paper asks for above our total (below zero: less), once it is more than a round-off."""

    lines: list[LineSums]
    bill: CostedBill | None = None
    problems: list[str] = field(default_factory=list)
    differs: Decimal = ZERO

    @property
    def left_out(self) -> int:
        """How many lines are not in the sums."""
        return sum(not one.costed for one in self.lines)

    @property
    def too_much(self) -> Decimal:
        """By how many rupees the lines come to more than the paper asks for."""
        return max(-self.differs, ZERO)

    @property
    def credit(self) -> Decimal:
        """The input tax that would be claimed, rupees."""
        return sum((one.tax.tax for one in self.bill.totals.lines if one.credit), ZERO) if self.bill else ZERO

    @property
    def tax(self) -> Decimal:
        """All tax of the bill, rupees: to the supplier, or under reverse charge to the government."""
        return sum((one.tax.tax for one in self.bill.totals.lines), ZERO) if self.bill else ZERO


def preview(shop: Shop, head: PurchaseForm, rows: list[PurchaseRow]) -> Preview:
    """Work out as much of the bill as is written; nothing is refused, and mistakes are told in words."""
    head.is_valid()
    lines = [_line_sums(row) for row in rows]
    found = Preview(lines, problems=head.mistakes())
    good = [one for one in lines if not (one.waits or one.problem)]
    if "supplier" not in head.cleaned_data:
        found.problems.insert(0, "Choose the supplier: whether tax is charged, and which, depends on them.")
    elif good:
        _work_out(shop, head, found, good)
    return found


def _line_sums(row: PurchaseRow) -> LineSums:
    wrong = written_wrongly(row)
    if wrong or row.non_field_errors():
        words = [f"{row.fields[name].label}: {sentence}" for name, sentence in wrong if name != "code"]
        return LineSums(row, problem=" ".join([*words, *row.non_field_errors()]))
    return LineSums(row, waits=not row.is_valid())


def _work_out(shop: Shop, head: PurchaseForm, found: Preview, good: list[LineSums]) -> None:
    """Cost the good lines; a line that cannot be costed is told and left out."""
    paper = head.paper()
    for _ in range(MOST_TRIES):
        try:
            found.bill = work_out(shop, paper, [one.row.line() for one in good], priced=False)
            break
        except StockError as error:
            place = LINE_FIELD.fullmatch(error.field or "")
            if error.code == "total_differs":
                paper = replace(paper, paper_total=None)
            elif place:
                good.pop(int(place[1])).problem = error.message
            else:
                found.problems.append(error.message)
                return
            if not good:
                return
    if found.bill is None:
        found.problems.append("Put the marked lines right, and the sums stand here.")
        return
    asked = head.cleaned_data.get("paper_total")
    if paper.paper_total is None and asked is not None:
        found.differs = asked - found.bill.totals.total
    for one, line, costed, pieces in zip(good, found.bill.lines, found.bill.totals.lines, found.bill.pieces, strict=True):
        one.fill(line, costed, pieces)
