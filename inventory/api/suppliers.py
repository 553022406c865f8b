"""Suppliers: who they are, what is owed to them, and paying it. `/suppliers`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from inventory import supplier_selectors as selectors
from inventory.api import schemas_suppliers as schemas
from inventory.api.found import supplier_in
from inventory.models import StockDocument, Supplier
from inventory.supplier_selectors import SupplierChoice
from inventory.supplier_statement import Paper, paper_of, statement_rows, statement_span, statement_sums
from inventory.suppliers import Share, SupplierDetails, enter_supplier_balance, pay_supplier, save_supplier, set_supplier_active
from shops.access import Can
from shops.api.declare import operation
from smartkirana.api.fields import Id
from smartkirana.api.lists import Paging, page_of
from smartkirana.dates import shop_today
from smartkirana.money import ZERO

router = Router(tags=["suppliers"])
DETAILS = ("name", "email", "address", "state_code", "gstin", "composition", "due_days", "lead_days", "note")


def _out(supplier: Supplier) -> dict[str, Any]:
    told = {name: getattr(supplier, name) for name in (*DETAILS, "is_active", "balance")}
    return told | {"id": supplier.pk, "phone": supplier.short_phone}


@operation(router, "GET", "", right=Can.SEE_COST, answer=list[schemas.SupplierRowOut], paged=True)
def list_suppliers(request: HttpRequest, response: HttpResponse, asked: Query[schemas.SuppliersAsked]):
    """Suppliers by name, with what is owed to each."""
    shop, today = request.auth.shop, shop_today()
    shown = page_of(selectors.suppliers(shop, SupplierChoice(asked.q or "", asked.show), today), asked, response)
    still = selectors.open_of(shop, shown, today)
    rows = [(supplier, still.get(supplier.pk)) for supplier in shown]
    return [_out(one) | {"overdue": opened.overdue if opened else ZERO, "oldest_open": opened and opened.oldest} for one, opened in rows]


@operation(router, "GET", "/owed", right=Can.SEE_COST, answer=schemas.OwedOut)
def owed_to_suppliers(request: HttpRequest):
    """What the shop owes to all suppliers together."""
    sums = selectors.owed_sums(request.auth.shop, shop_today())
    return {"owed": sums.owed, "overdue": sums.overdue, "paid_ahead": sums.ahead}


@operation(router, "POST", "", right=Can.BUY, answer=schemas.SupplierOut, status=201, problems={400, 409})
def create_supplier(request: HttpRequest, body: schemas.SupplierIn):
    """Write down a new supplier; the name is enough. 409 for a name or a GSTIN that is there."""
    return _out(save_supplier(shop=request.auth.shop, details=SupplierDetails(**body.model_dump())))


@operation(router, "GET", "/{supplier_id}", right=Can.SEE_COST, answer=schemas.SupplierOut, problems={404})
def get_supplier(request: HttpRequest, supplier_id: Id):
    """One supplier."""
    return _out(supplier_in(request.auth.shop, supplier_id))


@operation(router, "PUT", "/{supplier_id}", right=Can.BUY, answer=schemas.SupplierOut, problems={400, 404, 409})
def update_supplier(request: HttpRequest, supplier_id: Id, body: schemas.SupplierChange):
    """Change what is given of a supplier."""
    supplier = supplier_in(request.auth.shop, supplier_id)
    given = {name: value for name, value in body.model_dump(exclude_unset=True).items() if value is not None}
    active = given.pop("is_active", supplier.is_active)
    if given:
        known = {name: getattr(supplier, name) for name in DETAILS} | {"phone": supplier.short_phone}
        save_supplier(shop=request.auth.shop, details=SupplierDetails(**known | given), supplier=supplier)
    if active != supplier.is_active:
        set_supplier_active(supplier=supplier, active=active)
    return _out(supplier_in(request.auth.shop, supplier_id))


# --- the account ----------------------------------------------------------------------------------------------
@operation(router, "GET", "/{supplier_id}/ageing", right=Can.SEE_COST, answer=schemas.AgeingOut, problems={404})
def supplier_ageing(request: HttpRequest, supplier_id: Id):
    """What is open by how long it is past its day."""
    ages = selectors.ageing(supplier_in(request.auth.shop, supplier_id), shop_today())
    bands = [{"from_days": one.first, "to_days": one.last, "bills": one.bills, "amount": one.amount} for one in ages.bands]
    return {"open": ages.open, "overdue": ages.overdue, "oldest": ages.oldest, "bands": bands}


@operation(router, "GET", "/{supplier_id}/open-bills", right=Can.SEE_COST, answer=list[schemas.OpenBillOut], problems={404})
def supplier_open_bills(request: HttpRequest, supplier_id: Id, asked: Query[Paging]):
    """The oldest bills that are not settled, `limit` of them, in the order in which money goes to them."""
    bills = selectors.open_bills(supplier_in(request.auth.shop, supplier_id), shop_today(), asked.limit)
    return [_open_bill(entry) for entry in bills]


def _open_bill(entry: Any) -> dict[str, Any]:
    receipt = getattr(entry.document, "receipt", None)
    return {
        "entry_id": entry.pk,
        "bill_number": receipt.bill_number if receipt else "",
        "purchase_id": receipt and receipt.pk,
        "day": entry.day,
        "due": entry.due,
        "days_late": entry.late,
        "amount": entry.amount,
        "open": entry.open,
    }


@operation(
    router, "GET", "/{supplier_id}/statement", right=Can.SEE_COST, answer=schemas.SupplierStatementOut, paged=True, problems={400, 404}
)
def supplier_statement(request: HttpRequest, response: HttpResponse, supplier_id: Id, asked: Query[schemas.StatementAsked]):
    """The papers between shop and supplier in their order, and what was owed after each. 400 for an end before the start."""
    supplier = supplier_in(request.auth.shop, supplier_id)
    span = statement_span(asked.start, asked.end)
    sums = statement_sums(supplier, span)
    entries = page_of(statement_rows(supplier, span), asked, response)
    rows = [_row(entry, paper_of(entry), sums.opening + entry.moved) for entry in entries]
    known = {"opening": sums.opening, "billed": sums.billed, "paid": sums.paid, "closing": sums.closing}
    return known | {"start": span.start, "end": span.end, "rows": rows}


def _row(entry: Any, paper: Paper, balance: Any) -> dict[str, Any]:
    return {
        "entry_id": entry.pk,
        "day": entry.day,
        "number": entry.number,
        "paper": str(paper.words),
        "bill_number": paper.bill,
        "purchase_id": paper.receipt_id,
        "details": paper.told(),
        "billed": max(entry.amount, ZERO),
        "paid": max(-entry.amount, ZERO),
        "balance": balance,
    }


PAY = {"right": Can.BUY, "answer": schemas.SupplierPaidOut, "status": 201, "moves": True, "problems": {400, 404}}


@operation(router, "POST", "/{supplier_id}/payments", **PAY)
def pay_supplier_by_api(request: HttpRequest, supplier_id: Id, body: schemas.PaySupplierIn):
    """Write down money given to a supplier: the oldest bills first, unless `shares` says which. What is over is an advance."""
    supplier = supplier_in(request.auth.shop, supplier_id)
    given = body.model_dump(exclude={"shares"})
    shares = None if body.shares is None else [Share(one.entry_id, one.amount) for one in body.shares]
    paid = pay_supplier(
        shop=request.auth.shop, by=request.auth.user, supplier=supplier, shares=shares, request_key=request.request_key, **given
    )
    return _paid(paid, supplier)


def _paid(document: StockDocument, supplier: Supplier) -> dict[str, Any]:
    entry, paid = document.supplier_entry, document.supplier_payment
    entry.refresh_from_db(fields=["open"])
    supplier.refresh_from_db(fields=["balance"])
    told = {name: getattr(paid, name) for name in ("amount", "discount", "method", "reference")}
    known = {"document_id": document.pk, "number": entry.number, "day": document.day}
    return told | known | {"balance": supplier.balance, "unused": -entry.open}


OPEN = {"right": Can.BUY, "answer": schemas.SupplierOpenedOut, "status": 201, "moves": True, "problems": {400, 404, 409}}


@operation(router, "POST", "/{supplier_id}/opening-balance", **OPEN)
def enter_supplier_opening(request: HttpRequest, supplier_id: Id, body: schemas.SupplierOpeningIn):
    """What stood between shop and supplier when the books began; once."""
    supplier = supplier_in(request.auth.shop, supplier_id)
    amount = body.amount if body.way == "owed" else -body.amount
    document = enter_supplier_balance(
        shop=request.auth.shop, by=request.auth.user, supplier=supplier, amount=amount, day=body.day, note=body.note,
        request_key=request.request_key,
    )  # fmt: skip
    supplier.refresh_from_db(fields=["balance"])
    return {"document_id": document.pk, "day": document.day, "balance": supplier.balance}
