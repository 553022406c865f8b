"""Bills and credit notes as bytes for a roll printer (ESC/POS), and what the customer's own paper shows."""

from __future__ import annotations

from django.http import HttpRequest

from orders import selectors
from orders.khata.sending import private_address
from orders.models import Order, Payment
from orders.printing.content import Bill
from orders.printing.escpos import encode
from orders.printing.receipt import Copy
from orders.printing.roll import roll
from orders.public import bill_link
from shops.models import ROLL_DOTS


def customers_bill(request: HttpRequest, order: Order, copy: Copy) -> Bill:
    """The bill for the customer's own paper: with the codes of the bill and of the customer's khata."""
    khata = private_address(request, order.customer) if order.customer_id else ""
    return selectors.printed_bill(order, copy.row, bill_link(request, order), khata)


def bill_bytes(bill: Bill, paper: str, copy: Copy) -> bytes:
    """A bill on a roll. The original opens the drawer when cash was paid."""
    return encode(roll(bill, paper, copy), dots=ROLL_DOTS[paper], drawer=copy.is_original and _moves_cash(bill))


def note_bytes(note: Bill, paper: str) -> bytes:
    """A credit note on a roll; the drawer opens when cash is given back."""
    return encode(roll(note, paper, Copy(counted=True)), dots=ROLL_DOTS[paper], drawer=_moves_cash(note))


def _moves_cash(bill: Bill) -> bool:
    return bill.order.counter.opens_drawer and any(p.method == Payment.Method.CASH for p in bill.payments)
