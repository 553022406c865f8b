"""Bills, credit notes and khatas on paper, and the cards that counters read."""

from __future__ import annotations

from typing import Literal

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from orders import selectors
from orders.api.customer_views import known
from orders.api.khata_schemas import StatementFilter
from orders.api.khata_views import span_of
from orders.api.reading import orders_for
from orders.cards import CUSTOMER, STAFF, card_of
from orders.khata.selectors import entry_of
from orders.khata.sending import private_address
from orders.khata.statement import receipt_pdf, statement_file
from orders.models import BillPrint, CreditNote, Order
from orders.printing.credit_note import note_paper
from orders.printing.invoice import invoice_pdf
from orders.printing.receipt import Copy, copy_asked_for, roll_for
from orders.printing.rolls import bill_bytes, customers_bill, note_bytes
from orders.prints import record_print
from orders.public import bill_link
from shops.access import Can
from shops.api.caller import Caller
from shops.api.declare import operation
from smartkirana.api.fields import Id, Moment
from smartkirana.api.problems import NotThere
from smartkirana.api.shapes import Shape
from smartkirana.files import file_response

router = Router(tags=["papers"])
MOST = 100  # prints told of a bill
Roll = Literal["r80", "r58"]


class PrintIn(Shape):
    paper: Literal["r80", "r58", "a4"] = Field("r80", description="A roll of 80 or 58 mm, or a sheet.")


class PrintOut(Shape):
    copy_number: int = Field(description="1 is the original, each later one a numbered duplicate.")
    paper: str
    printed_by: str
    printed_at: Moment


class CopyFilter(Shape):
    copy_number: int | None = Field(None, ge=1, le=999, description="A print written down before. Left out: the electronic document.")
    paper: Roll | None = Field(None, description="Left out: the counter's.")


class CardOut(Shape):
    code: str = Field(description="What the card's QR and bars hold; a counter reads it.")
    name: str


def _order(caller: Caller, order_id: int) -> Order:
    order = orders_for(caller).select_related("counter").filter(pk=order_id).first()
    if order is None:
        raise NotThere("order")
    order.shop = caller.shop
    return order


def _copy(order: Order, number: int | None) -> Copy:
    copy = copy_asked_for(order, copy=str(number or ""))
    if copy is None:
        raise NotThere("copy of this bill")
    return copy


def _note(caller: Caller, note_id: int) -> CreditNote:
    note = caller.shop.credit_notes.select_related("order", "counter", "by").filter(pk=note_id).first()
    if note is None:
        raise NotThere("credit note")
    note.shop = note.order.shop = caller.shop
    return note


def _print_out(row: BillPrint) -> dict:
    return {"copy_number": row.copy_no, "paper": row.paper, "printed_by": str(row.by), "printed_at": row.at}


# --- bills ------------------------------------------------------------------------------------------------------
@operation(router, "GET", "/orders/{order_id}/invoice.pdf", right=Can.SEE_BILLS, customers=True, file="pdf", problems={404})
def order_invoice_pdf(request: HttpRequest, order_id: Id, asked: Query[CopyFilter]):
    """The A4 invoice (CGST Rule 46). Customers get those of their own orders."""
    order = _order(request.auth, order_id)
    bill = selectors.printed_bill(order, _copy(order, asked.copy_number).row, bill_link(request, order))
    return file_response(invoice_pdf(bill), f"{order.slug}.pdf")


@operation(router, "GET", "/orders/{order_id}/receipt.bin", right=Can.SEE_BILLS, file="bin", problems={404})
def order_receipt_bytes(request: HttpRequest, order_id: Id, asked: Query[CopyFilter]):
    """The receipt as bytes for a roll printer (ESC/POS). The original opens the drawer when cash was paid."""
    order = _order(request.auth, order_id)
    copy = _copy(order, asked.copy_number)
    return file_response(bill_bytes(customers_bill(request, order, copy), roll_for(order, asked.paper or ""), copy), f"{order.slug}.bin")


@operation(router, "GET", "/orders/{order_id}/prints", right=Can.SEE_BILLS, answer=list[PrintOut], problems={404})
def list_order_prints(request: HttpRequest, order_id: Id):
    """When a bill went to paper."""
    return [_print_out(row) for row in _order(request.auth, order_id).prints.select_related("by").order_by("copy_no")[:MOST]]


@operation(router, "POST", "/orders/{order_id}/prints", right=Can.SEE_BILLS, moves=True, answer=PrintOut, status=201, problems={400, 404})
def print_order(request: HttpRequest, order_id: Id, body: PrintIn):
    """Write down that a bill is printed now; then fetch its paper with the `copy_number`."""
    return _print_out(record_print(order=_order(request.auth, order_id), by=request.auth.user, paper=body.paper))


# --- credit notes -----------------------------------------------------------------------------------------------
@operation(router, "GET", "/returns/{note_id}/note.pdf", right=Can.SEE_BILLS, file="pdf", problems={404})
def credit_note_as_pdf(request: HttpRequest, note_id: Id):
    """The A4 credit note (CGST Rule 53)."""
    note = _note(request.auth, note_id)
    return file_response(invoice_pdf(note_paper(note)), f"{note.slug}.pdf")


@operation(router, "GET", "/returns/{note_id}/receipt.bin", right=Can.SEE_BILLS, file="bin", problems={404})
def credit_note_bytes(request: HttpRequest, note_id: Id, paper: Query[Roll | None] = None):
    """The note as bytes for a roll printer (ESC/POS); the drawer opens when cash is given back."""
    note = _note(request.auth, note_id)
    return file_response(note_bytes(note_paper(note), roll_for(note, paper or "")), f"{note.slug}.bin")


# --- khatas -----------------------------------------------------------------------------------------------------
@operation(router, "GET", "/khata/{customer_id}/entries/{entry_number}/receipt.pdf", right=Can.SEE_BILLS, file="pdf", problems={404})
def khata_entry_receipt(request: HttpRequest, customer_id: Id, entry_number: Id):
    """One entry's receipt for an 80-mm roll."""
    customer = known(request, customer_id)
    entry = entry_of(customer, entry_number)
    if entry is None:
        raise NotThere("entry in this khata")
    name = f"khata-{customer.pk}-{entry_number}.pdf"
    return file_response(receipt_pdf(customer, entry, private_address(request, customer)), name)


@operation(router, "GET", "/khata/{customer_id}/statement.pdf", right=Can.SEE_BILLS, file="pdf", problems={400, 404})
def khata_statement_pdf(request: HttpRequest, customer_id: Id, asked: Query[StatementFilter]):
    """The statement of a period; without dates this financial year."""
    return statement_file(known(request, customer_id), span_of(asked), "pdf")


@operation(router, "GET", "/khata/{customer_id}/statement.xlsx", right=Can.SEE_BILLS, file="xlsx", problems={400, 404})
def khata_statement_xlsx(request: HttpRequest, customer_id: Id, asked: Query[StatementFilter]):
    """The same for Excel, with all its entries."""
    return statement_file(known(request, customer_id), span_of(asked), "xlsx")


# --- cards ------------------------------------------------------------------------------------------------------
@operation(router, "GET", "/customers/{customer_id}/card", right=Can.SEE_BILLS, answer=CardOut, problems={404})
def customers_card(request: HttpRequest, customer_id: Id):
    """A customer's card: scanned at a counter it puts the customer on the bill."""
    customer = known(request, customer_id)
    return {"code": card_of(CUSTOMER, customer.pk), "name": str(customer)}


@operation(router, "GET", "/people/{person_id}/badge", right=Can.RUN_SHOP, people=True, answer=CardOut, problems={404})
def persons_badge(request: HttpRequest, person_id: Id):
    """A member's badge: scanned at a counter it asks for their PIN."""
    place = request.auth.shop.memberships.select_related("user").filter(pk=person_id, is_active=True).first()
    if place is None:
        raise NotThere("person")
    return {"code": card_of(STAFF, place.pk), "name": place.user.name}
