"""A bill as the counter's page posts it: parallel lists of lines, a few rows of payment. Strict, since a form can be made by anybody.

Only shape is checked here; prices, stock and customers are the services' to judge.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from catalog.off import NOTHING, Off, parse_off
from orders.bill import ANY, MOST_LINES, BillLine, Tender
from orders.errors import OrderError
from orders.models import Payment
from smartkirana.money import ZERO

LINE_FIELDS = ("line-product", "line-mrp", "line-quantity", "line-price")
MORE_FIELDS = ("line-amount", "line-rate", "line-off", "line-lot")  # all or none; empty for an ordinary line
MOST_APPROVALS = 20
OTHER_METHODS = (Payment.Method.UPI, Payment.Method.CARD, Payment.Method.BANK, Payment.Method.KHATA)
LONGEST_REFERENCE = 40
_ID = re.compile(r"[0-9]{1,18}")
QUANTITY = re.compile(r"[0-9]{1,8}(\.[0-9]{1,3})?|\.[0-9]{1,3}")
_RUPEES = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")


@dataclass(frozen=True)
class PostedBill:
    """What the cashier pressed "pay" on. Amounts in rupees.

    cash       what was handed over, None when nothing was typed
    exact      the whole bill in cash, no change
    list_id    the price list, None for everybody's prices
    discount   off the bill by hand
    approvals  ids of what was approved for this bill
    at_device  the time by the device's own clock, ISO; "" when it said none
    member_id  who of the customer's household takes the goods
    """

    request_key: UUID
    counter_id: int
    customer_id: int | None
    lines: list[BillLine]
    shown_total: Decimal | None
    exact: bool
    cash: Decimal | None = None
    others: list[Tender] = field(default_factory=list)
    list_id: int | None = None
    discount: Off = NOTHING
    approvals: list[UUID] = field(default_factory=list)
    at_device: str = ""
    member_id: int | None = None


def parse_bill(data: QueryDict) -> PostedBill:
    """Read a posted bill.

    Raises OrderError "bad_key", "too_many_lines", "bad_form", "bad_quantity", "not_weighed", "bad_amount", "bad_discount".
    """
    return PostedBill(
        request_key=parse_key(data.get("key", "")),
        counter_id=parse_id(data.get("counter", "")),
        customer_id=parse_id(data["customer"]) if data.get("customer") else None,
        member_id=parse_id(data["member"]) if data.get("customer") and data.get("member") else None,
        lines=parse_lines(data),
        shown_total=rupees_or_none(data.get("total", ""), _("total")),
        exact=data.get("exact") == "cash",
        cash=rupees_or_none(data.get("pay-cash", ""), _("cash")),
        others=_other_tenders(data),
        list_id=list_id(data),
        discount=off_or_refuse(data.get("discount", ""), _("bill")),
        at_device=_moment(data.get("at-device", "")),
        approvals=[parse_key(text) for text in data.getlist("approval")[:MOST_APPROVALS]],
    )


def parse_key(text: str) -> UUID:
    """The bill's request key. Raises OrderError "bad_key"."""
    try:
        return UUID(text)
    except ValueError:
        raise OrderError("bad_key", _("The page is out of order. Load it again; the bill is kept.")) from None


def parse_id(text: str) -> int:
    """A row's id. Raises OrderError "bad_form"."""
    if not _ID.fullmatch(text):
        raise OrderError("bad_form", _("The bill came in a form nobody can read. Load the page again; the bill is kept."))
    return int(text)


def list_id(data: QueryDict) -> int | None:
    """The price list named, if one is. Raises OrderError "bad_form"."""
    return parse_id(data["list"]) if data.get("list") else None


def parse_lines(data: QueryDict) -> list[BillLine]:
    """The lines of a posted bill in their order, none when there are none.

    Raises OrderError "too_many_lines", "bad_form", "not_weighed", "bad_quantity", "bad_amount"; messages name the line from 1.
    """
    columns = [data.getlist(name) for name in LINE_FIELDS]
    count = len(columns[0])
    columns += [data.getlist(name) if name in data else [""] * count for name in MORE_FIELDS]
    if any(len(column) != count for column in columns):
        raise OrderError("bad_form", _("A part of the bill is missing. Load the page again; the bill is kept."))
    if count > MOST_LINES:
        sentence = _("A bill has at most {most} lines, this one has {count}. Make a second bill for the rest.")
        raise OrderError("too_many_lines", sentence.format(most=MOST_LINES, count=count))
    return [_line(number, *row) for number, row in enumerate(zip(*columns, strict=True), 1)]


def _line(number: int, product: str, mrp: str, quantity: str, price: str, amount: str, rate: str, off: str, lot: str) -> BillLine:
    return BillLine(
        product_id=parse_id(product),
        quantity=_quantity(number, quantity.strip()),
        mrp=mrp if mrp == ANY else rupees_or_none(mrp, _("MRP in line {n}").format(n=number)),
        shown_price=rupees_or_none(price, _("price in line {n}").format(n=number)),
        amount=rupees_or_none(amount, _("amount in line {n}").format(n=number)),
        rate=rupees_or_none(rate, _("rate in line {n}").format(n=number)),
        discount=off_or_refuse(off, _("line {n}").format(n=number)),
        lot_id=parse_id(lot) if lot else None,
    )


def off_or_refuse(text: str, what: str) -> Off:
    """A discount as typed. Raises OrderError "bad_discount"."""
    off = parse_off(text)
    if off is None:
        sentence = _("The discount of the {what} is none. Type percent like 5% or rupees like 12.50.").format(what=what)
        raise OrderError("bad_discount", sentence, "discount")
    return off


def _quantity(number: int, text: str) -> Decimal:
    if not text:
        sentence = _("Line {n} has no quantity yet. Type it, or remove the line.").format(n=number)
        raise OrderError("not_weighed", sentence, f"lines-{number}")
    if not QUANTITY.fullmatch(text):
        sentence = _("Line {n}: give a quantity above zero with at most 3 decimals, like 2 or 1.250.").format(n=number)
        raise OrderError("bad_quantity", sentence, f"lines-{number}")
    return Decimal(text)


def rupees_or_none(text: str, what: str) -> Decimal | None:
    amount = text.strip()
    if not amount:
        return None
    if not _RUPEES.fullmatch(amount):
        sentence = _("The {what} is no amount. Give rupees and at most two decimals, like 120.50.").format(what=what)
        raise OrderError("bad_amount", sentence, what)
    return Decimal(amount)


def _other_tenders(data: QueryDict) -> list[Tender]:
    given = []
    for method in OTHER_METHODS:
        amount = rupees_or_none(data.get(f"pay-{method}", ""), _("{method} amount").format(method=method.label))
        if amount:
            mark = _mark(data.get("upi-mark", "")) if method == Payment.Method.UPI else ""
            given.append(Tender(method, amount, reference=data.get(f"reference-{method}", "")[:LONGEST_REFERENCE], mark=mark))
    return given


def _moment(text: str) -> str:
    """A moment as a device tells it; nonsense is nothing, since no bill may be lost for a wrong clock."""
    try:
        return datetime.fromisoformat(text).isoformat(timespec="seconds") if len(text) < 40 else ""
    except ValueError:
        return ""


def _mark(text: str) -> str:
    """What the cashier marked on the UPI payment: nothing, code shown, said to be paid, or seen."""
    if text and text not in Payment.Mark.values:
        raise OrderError("bad_form", _("The mark on the UPI payment cannot be read. Load the page again; the bill is kept."))
    return text


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
        raise OrderError("paid_already", _("The other payments cover the bill. Take the cash amount out."), "cash")
    if posted.cash < left:
        return [Tender(Payment.Method.CASH, posted.cash), *posted.others]
    tendered = posted.cash if posted.cash != left else None
    return [Tender(Payment.Method.CASH, left, tendered=tendered), *posted.others]
