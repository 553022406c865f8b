"""A bill as the counter's page posts it: parallel lists of lines, a few rows of payment. Strict, since a form can be made by anybody.

Only shape is checked here; prices, stock and customers are the services' to judge.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.http import QueryDict

from orders.bill import ANY, MOST_LINES, BillLine, Tender
from orders.errors import OrderError
from orders.models import Payment
from smartkirana.money import ZERO

LINE_FIELDS = ("line-product", "line-mrp", "line-quantity", "line-price")
OTHER_METHODS = (Payment.Method.UPI, Payment.Method.CARD, Payment.Method.BANK, Payment.Method.KHATA)
LONGEST_REFERENCE = 40
_ID = re.compile(r"[0-9]{1,18}")
_QUANTITY = re.compile(r"[0-9]{1,8}(\.[0-9]{1,3})?|\.[0-9]{1,3}")
_RUPEES = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")


@dataclass(frozen=True)
class PostedBill:
    """What the cashier pressed "pay" on. Amounts in rupees.

    cash   what was handed over, None when nothing was typed
    exact  the whole bill in cash, no change
    """

    request_key: UUID
    counter_id: int
    customer_id: int | None
    lines: list[BillLine]
    shown_total: Decimal | None
    exact: bool
    cash: Decimal | None = None
    others: list[Tender] = field(default_factory=list)


def parse_bill(data: QueryDict) -> PostedBill:
    """Read a posted bill. Raises OrderError "bad_key", "too_many_lines", "bad_form", "bad_quantity", "not_weighed", "bad_amount"."""
    return PostedBill(
        request_key=parse_key(data.get("key", "")),
        counter_id=parse_id(data.get("counter", "")),
        customer_id=parse_id(data["customer"]) if data.get("customer") else None,
        lines=parse_lines(data),
        shown_total=rupees_or_none(data.get("total", ""), "total"),
        exact=data.get("exact") == "cash",
        cash=rupees_or_none(data.get("pay-cash", ""), "cash"),
        others=_other_tenders(data),
    )


def parse_key(text: str) -> UUID:
    """The bill's request key. Raises OrderError "bad_key"."""
    try:
        return UUID(text)
    except ValueError:
        raise OrderError("bad_key", "The page is out of order. Load it again; the bill is kept.") from None


def parse_id(text: str) -> int:
    """A row's id. Raises OrderError "bad_form"."""
    if not _ID.fullmatch(text):
        raise OrderError("bad_form", "The bill came in a form nobody can read. Load the page again; the bill is kept.")
    return int(text)


def parse_lines(data: QueryDict) -> list[BillLine]:
    """The lines of a posted bill in their order, none when there are none.

    Raises OrderError "too_many_lines", "bad_form", "not_weighed", "bad_quantity", "bad_amount"; messages name the line from 1.
    """
    columns = [data.getlist(name) for name in LINE_FIELDS]
    count = len(columns[0])
    if any(len(column) != count for column in columns):
        raise OrderError("bad_form", "A part of the bill is missing. Load the page again; the bill is kept.")
    if count > MOST_LINES:
        raise OrderError("too_many_lines", f"A bill has at most {MOST_LINES} lines, this one has {count}. Make a second bill for the rest.")
    return [_line(number, *row) for number, row in enumerate(zip(*columns, strict=True), 1)]


def _line(number: int, product: str, mrp: str, quantity: str, price: str) -> BillLine:
    return BillLine(
        product_id=parse_id(product),
        quantity=_quantity(number, quantity.strip()),
        mrp=mrp if mrp == ANY else rupees_or_none(mrp, f"MRP in line {number}"),
        shown_price=rupees_or_none(price, f"price in line {number}"),
    )


def _quantity(number: int, text: str) -> Decimal:
    if not text:
        raise OrderError("not_weighed", f"Line {number} has no quantity yet. Type it, or remove the line.", f"lines-{number}")
    if not _QUANTITY.fullmatch(text):
        raise OrderError(
            "bad_quantity", f"Line {number}: give a quantity above zero with at most 3 decimals, like 2 or 1.250.", f"lines-{number}"
        )
    return Decimal(text)


def rupees_or_none(text: str, what: str) -> Decimal | None:
    amount = text.strip()
    if not amount:
        return None
    if not _RUPEES.fullmatch(amount):
        raise OrderError("bad_amount", f"The {what} is no amount. Give rupees and at most two decimals, like 120.50.", what)
    return Decimal(amount)


def _other_tenders(data: QueryDict) -> list[Tender]:
    given = []
    for method in OTHER_METHODS:
        amount = rupees_or_none(data.get(f"pay-{method}", ""), f"{method.label} amount")
        if amount:
            given.append(Tender(method, amount, reference=data.get(f"reference-{method}", "")[:LONGEST_REFERENCE]))
    return given


def tenders(posted: PostedBill, due: Decimal) -> list[Tender]:
    """The payments of a bill of `due` rupees: cash pays what the other ways leave, and what is over goes back as change.

    Nothing is refused here but cash for a bill that is paid already; the service wants the sum to be exact.
    """
    if posted.exact:
        return [Tender(Payment.Method.CASH, due)] if due else []
    left = due - sum((one.amount for one in posted.others), ZERO)
    if posted.cash is None or posted.cash == 0:
        return posted.others
    if left <= 0:
        raise OrderError("paid_already", "The other payments cover the bill. Take the cash amount out.", "cash")
    if posted.cash < left:
        return [Tender(Payment.Method.CASH, posted.cash), *posted.others]
    tendered = posted.cash if posted.cash != left else None
    return [Tender(Payment.Method.CASH, left, tendered=tendered), *posted.others]
