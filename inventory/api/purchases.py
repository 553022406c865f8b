"""Goods in on suppliers' bills, and goods sent back. `/purchases`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from catalog.api.words import named_as
from catalog.off import NOTHING, parse_off
from inventory import purchase_selectors as selectors
from inventory.api import schemas_purchases as schemas
from inventory.api.found import order_in, products_in, receipt_in, supplier_in
from inventory.models import GoodsReceipt, PurchaseReturn, ReceiptLine
from inventory.purchase_returns import Returned, return_to_supplier
from inventory.receiving import CostedBill, PaperBill, ReceivedLine, receive_goods, work_out
from shops.access import Can
from shops.api.declare import operation
from shops.models import Shop
from smartkirana.api.fields import Id
from smartkirana.api.lists import page_of

router = Router(tags=["purchases"])
SUMS = tuple(schemas.PurchaseSums.model_fields)
NAMES = {"number": "bill_number", "date": "bill_date", "day": "received_on", "supplier": "supplier_id", "product": "product_id"}
LINE = (
    "line_no", "product_id", "name", "lot_id", "packs", "pack_size", "free", "quantity", "price", "taxable", "gst_rate", "cgst", "sgst",
    "igst", "cess", "cost", "unit_cost", "credit", "batch", "mrp", "expiry", "went_back",
)  # fmt: skip
RETURN = ("taxable", "cgst", "sgst", "igst", "cess", "cash_discount", "total")


# --- the bill as it was sent ----------------------------------------------------------------------------------
def _paper(shop: Shop, body: schemas.PurchaseHeadIn) -> PaperBill:
    same = ("inter_state", "reverse_charge", "charges", "other_charges", "cash_discount", "paper_total")
    return PaperBill(
        supplier=supplier_in(shop, body.supplier_id),
        number=body.bill_number,
        date=body.bill_date,
        inclusive=body.prices_include_tax,
        discount=parse_off(body.discount) or NOTHING,
        **{name: getattr(body, name) for name in same},
    )


def _lines(shop: Shop, sent: Sequence[schemas.PurchaseLineIn]) -> list[ReceivedLine]:
    goods = products_in(shop, [one.product_id for one in sent])
    same = ("packs", "price", "pack_size", "free", "gst_rate", "cess_rate", "batch", "mrp", "expiry", "sell_at")
    return [
        ReceivedLine(
            product=goods[one.product_id],
            discount=parse_off(one.discount) or NOTHING,
            blocked=one.credit_blocked,
            **{name: getattr(one, name) for name in same},
        )
        for one in sent
    ]


@operation(router, "POST", "/preview", right=Can.BUY, answer=schemas.PurchasePreviewOut, problems={400, 404})
def preview_purchase(request: HttpRequest, body: schemas.PurchaseHeadIn):
    """What a supplier's bill comes to and what its goods will cost; nothing is written. MRP and selling prices are not looked at."""
    with named_as(NAMES):
        bill = work_out(request.auth.shop, _paper(request.auth.shop, body), _lines(request.auth.shop, body.lines), priced=False)
    return _costed(bill)


def _costed(bill: CostedBill) -> dict[str, Any]:
    told = {name: getattr(bill.totals, name) for name in SUMS} | {"inter_state": bill.head.inter_state}
    rows = zip(bill.lines, bill.totals.lines, bill.pieces, strict=True)
    return told | {
        "lines": [
            {
                "product_id": one.product.pk,
                "name": one.product.name,
                "quantity": pieces,
                "taxable": costed.tax.taxable,
                "tax": costed.tax.tax,
                "cost": costed.cost,
                "unit_cost": costed.piece,
            }
            for one, costed, pieces in rows
        ]
    }


@operation(router, "POST", "", right=Can.BUY, answer=schemas.PurchaseOut, status=201, moves=True, problems={400, 404, 409})
def enter_purchase(request: HttpRequest, body: schemas.PurchaseIn):
    """Take goods in on a supplier's bill: lots at their true cost, the supplier's account, new prices, the books.

    409 for a bill number that this supplier's year has already.
    """
    shop = request.auth.shop
    with named_as(NAMES):
        receipt = receive_goods(
            shop=shop, by=request.auth.user, paper=_paper(shop, body), lines=_lines(shop, body.lines), day=body.received_on,
            note=body.note, order=order_in(shop, body.order_id), request_key=request.request_key,
        )  # fmt: skip
    return _whole(receipt_in(shop, receipt.pk))


# --- what was entered -----------------------------------------------------------------------------------------
@operation(router, "GET", "", right=Can.SEE_COST, answer=list[schemas.PurchaseRowOut], paged=True, problems={404})
def list_purchases(request: HttpRequest, response: HttpResponse, asked: Query[schemas.PurchasesAsked]):
    """Suppliers' bills, the one entered last first."""
    shop = request.auth.shop
    supplier = supplier_in(shop, asked.supplier_id) if asked.supplier_id else None
    choice = selectors.PurchaseChoice(asked.q or "", supplier, asked.start, asked.end)
    return [_row(one) for one in page_of(selectors.purchases(shop, choice), asked, response)]


def _row(receipt: GoodsReceipt) -> dict[str, Any]:
    entry = receipt.document.supplier_entry
    same = {name: getattr(receipt, name) for name in ("supplier_id", "bill_number", "bill_date", "order_id", "taxable", "total")}
    return same | {
        "id": receipt.pk,
        "number": entry.number,
        "supplier_name": receipt.supplier.name,
        "received_on": receipt.document.day,
        "tax": receipt.cgst + receipt.sgst + receipt.igst + receipt.cess,
        "open": entry.open,
        "due": entry.due,
    }


@operation(router, "GET", "/{purchase_id}", right=Can.SEE_COST, answer=schemas.PurchaseOut, problems={404})
def get_purchase(request: HttpRequest, purchase_id: Id):
    """Everything about one bill of a supplier."""
    return _whole(receipt_in(request.auth.shop, purchase_id))


def _whole(receipt: GoodsReceipt) -> dict[str, Any]:
    same = {name: getattr(receipt, name) for name in (*SUMS, "supplier_gstin", "inter_state", "reverse_charge")}
    return _row(receipt) | same | {
        "prices_include_tax": receipt.inclusive,
        "note": receipt.document.note,
        "by_user_id": receipt.document.by_id,
        "entered_at": receipt.document.at,
        "lines": [_line(line) for line in selectors.returnable(receipt)],
        "returns": [_returned(one) for one in selectors.returns_of(receipt)],
    }  # fmt: skip


def _line(line: ReceiptLine) -> dict[str, Any]:
    more = {"id": line.pk, "hsn_code": line.hsn, "discount": line.all_discount, "may_go_back": line.may_go}  # type: ignore[attr-defined]
    return {name: getattr(line, name) for name in LINE} | more


# --- going back -----------------------------------------------------------------------------------------------
@operation(router, "GET", "/{purchase_id}/returns", right=Can.SEE_COST, answer=list[schemas.ReturnOut], problems={404})
def list_purchase_returns(request: HttpRequest, purchase_id: Id):
    """The debit notes made of a bill, the oldest first."""
    return [_returned(one) for one in selectors.returns_of(receipt_in(request.auth.shop, purchase_id))]


RETURNS = {"right": Can.BUY, "answer": schemas.ReturnOut, "status": 201, "moves": True, "problems": {400, 404}}


@operation(router, "POST", "/{purchase_id}/returns", **RETURNS)
def return_purchase(request: HttpRequest, purchase_id: Id, body: schemas.PurchaseReturnIn):
    """Send goods of a bill back to the supplier: a debit note; stock, the supplier's account and the input credit follow."""
    receipt = receipt_in(request.auth.shop, purchase_id)
    made = return_to_supplier(
        shop=request.auth.shop, by=request.auth.user, receipt=receipt, day=body.day, note=body.note, request_key=request.request_key,
        returned=[Returned(one.line_id, one.quantity) for one in body.lines],
    )  # fmt: skip
    return _returned(made)


def _returned(made: PurchaseReturn) -> dict[str, Any]:
    document = made.document
    return {name: getattr(made, name) for name in RETURN} | {
        "id": made.pk,
        "number": document.supplier_entry.number,
        "purchase_id": made.receipt_id,
        "day": document.day,
        "note": document.note,
        "by_user_id": document.by_id,
    }
