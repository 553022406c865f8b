"""Goods going back to the supplier: a debit note for pieces of one bill, out of the lots they came in with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Sum

from inventory.allocation import move, value_out
from inventory.errors import StockError
from inventory.locks import lock_lots
from inventory.models import (
    GoodsReceipt,
    PurchaseReturn,
    PurchaseReturnLine,
    ReceiptLine,
    StockDocument,
    StockEvent,
    StockLot,
    StockMovement,
)
from inventory.papers import enter_paper, write_movements
from inventory.services import checked_quantity
from inventory.suppliers import Share, add_entry, lock_account, settle_chosen, settle_oldest
from shops.models import Shop, User
from smartkirana.dates import shop_today
from smartkirana.db_rules import broken_rule
from smartkirana.money import ZERO, money, plain
from smartkirana.text import clean_name

AMOUNTS = ("taxable", "cgst", "sgst", "igst", "cess", "cash_discount")


@dataclass(frozen=True)
class Returned:
    """`quantity` pieces (product's unit) of one line of the bill."""

    line_id: int
    quantity: Decimal


def return_to_supplier(
    *,
    shop: Shop,
    by: User,
    receipt: GoodsReceipt,
    returned: Sequence[Returned],
    day: date | None = None,
    note: str = "",
    request_key: UUID | None = None,
) -> PurchaseReturn:
    """Send goods of one bill back: the supplier is owed what was charged for them, less; freight stays with us; the credit goes back too.

    The amounts are the bill's own, in proportion to the pieces, so that returns of all pieces come to the line exactly. Goods past
    their date may go back as well.
    Raises StockError "unknown_receipt", "empty", "twice", "no_line", "bad_quantity", "too_many", "not_enough_stock", "bad_day".
    """
    if receipt.shop_id != shop.pk:
        raise StockError("unknown_receipt", "Choose a bill of this shop.")
    if not returned:
        raise StockError("empty", "Choose what goes back, and how many.")
    if len({one.line_id for one in returned}) < len(returned):
        raise StockError("twice", "A line of the bill stands twice. Give its whole quantity once.")
    document = StockDocument(
        shop=shop, kind=StockDocument.Kind.RETURN, reason=StockDocument.Reason.RETURN, by=by, request_key=request_key,
        note=clean_name(note)[:200], day=day or shop_today(),
    )  # fmt: skip
    if document.day < receipt.document.day:
        raise StockError("bad_day", "The goods cannot go back before they came.", "day")

    def write(document: StockDocument) -> None:
        _write_return(document, receipt, returned)

    try:
        return enter_paper(document, StockEvent.Kind.RETURNED, write).purchase_return
    except IntegrityError as error:
        if broken_rule(error) == "inventory_purchasereturnline_no_more_than_came":
            raise StockError("too_many", "More would go back than came. Look at the bill again.") from None
        raise


def _write_return(document: StockDocument, receipt: GoodsReceipt, returned: Sequence[Returned]) -> None:
    lines = {line.pk: line for line in receipt.lines.select_related("product")}
    if unknown := [one for one in returned if one.line_id not in lines]:
        raise StockError("no_line", "Choose lines of this bill.", f"line-{unknown[0].line_id}")
    lots = {lot.pk: lot for rows in lock_lots(document.shop, {lines[one.line_id].product_id for one in returned}).values() for lot in rows}
    lock_account(receipt.supplier)
    before = _returned_before(receipt)
    rows = [_return_line(lines[one.line_id], one, lots, before.get(one.line_id, {})) for one in returned]
    paper = PurchaseReturn(shop=document.shop, document=document, receipt=receipt, value=sum((row.value for row in rows), ZERO))
    for name in AMOUNTS:
        setattr(paper, name, sum((getattr(row, name) for row in rows), ZERO))
    tax = ZERO if receipt.reverse_charge else paper.cgst + paper.sgst + paper.igst + paper.cess
    paper.total = paper.taxable + tax - paper.cash_discount
    paper.save(force_insert=True)
    for row in rows:
        row.purchase_return = paper
    PurchaseReturnLine.objects.bulk_create(rows)
    moves = [(lots[row.receipt_line.lot_id], -row.quantity, -row.value, row.receipt_line.line_no) for row in rows]
    write_movements(moves, reason=StockMovement.Reason.PURCHASE_RETURN, document=document)
    _into_account(document, receipt, paper)


def _returned_before(receipt: GoodsReceipt) -> dict[int, dict[str, Decimal]]:
    """What went back of each line already: pieces and amounts."""
    names = ("quantity", *AMOUNTS)
    rows = PurchaseReturnLine.objects.filter(receipt_line__receipt=receipt).values("receipt_line_id")
    sums = rows.annotate(**{f"{name}_before": Sum(name) for name in names})
    return {row["receipt_line_id"]: {name: row[f"{name}_before"] for name in names} for row in sums}


def _return_line(line: ReceiptLine, one: Returned, lots: dict[int, StockLot], before: dict[str, Decimal]) -> PurchaseReturnLine:
    field = f"line-{line.pk}"
    count = checked_quantity(line.product, one.quantity, field=field)
    lot, gone = lots[line.lot_id], before.get("quantity", ZERO)
    if gone + count > line.quantity:
        still = plain(line.quantity - gone)
        raise StockError("too_many", f"Only {still} {line.product.unit} of {line.name} can still go back.", field)
    if count > lot.on_hand:
        there = max(lot.on_hand, ZERO)
        raise StockError("not_enough_stock", f"Only {plain(there)} {line.product.unit} of this lot of {line.name} are left.", field)
    value = value_out(lot, count)
    move(lot, -count, -value)
    row = PurchaseReturnLine(shop=line.shop, receipt_line=line, quantity=count, value=value)
    for name in AMOUNTS:
        setattr(row, name, _up_to(line, name, gone + count) - before.get(name, ZERO))
    return row


def _up_to(line: ReceiptLine, name: str, pieces: Decimal) -> Decimal:
    """What the supplier owes back for the line's first `pieces`, rupees: without the freight, which was for the journey here."""
    goods = line.gross - line.discount - line.bill_discount
    whole = goods + line.charge
    return money(getattr(line, name) * goods * pieces / (whole * line.quantity)) if whole else ZERO


def _into_account(document: StockDocument, receipt: GoodsReceipt, paper: PurchaseReturn) -> None:
    """The debit note settles its own bill first, then the oldest."""
    entry = add_entry(document, receipt.supplier, -paper.total, series="DN")
    bill = receipt.document.supplier_entry
    bill.refresh_from_db()
    if meets := min(bill.open, paper.total):
        settle_chosen(document, entry, [Share(bill.pk, meets)])
    settle_oldest(document, receipt.supplier)
