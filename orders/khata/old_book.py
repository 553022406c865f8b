"""The old khata book as lines: phone, name, what was owed. Every wrong line is told, and nothing is written until all are right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from uuid import UUID, uuid5

from catalog.errors import CatalogError
from catalog.importing.files import read_rows
from catalog.pasted import BadLine, Line, in_columns
from inventory.written_days import read_day
from orders.bill import LARGEST_TOTAL
from orders.customers import create_customer, phone_number
from orders.errors import OrderError
from orders.khata.acts import Act, enter_opening_balance
from orders.models import Customer, KhataEntry
from shops.models import Shop, User
from smartkirana.dates import FIRST_DAY, shop_today
from smartkirana.money import ZERO, money
from smartkirana.text import clean_name

MOST_LINES = 2000
COLUMNS = ("phone", "name", "amount", "day", "note")
HEADS = {
    "phone": {"phone", "mobile", "number", "phone number", "mobile number", "contact"},
    "name": {"name", "customer", "customer name", "party", "party name"},
    "amount": {"amount", "balance", "owes", "due", "outstanding", "opening balance", "you will get"},
    "day": {"date", "day", "since"},
    "note": {"note", "remark", "remarks", "page"},
}


@dataclass(frozen=True)
class OldBalance:
    """One line that can be written: `amount` rupees owed, below zero paid ahead."""

    line: int
    phone: str
    name: str
    amount: Decimal
    day: date
    note: str


def lines_of_file(filename: str, content: bytes) -> list[Line]:
    """The lines of a CSV or XLSX file. Raises OrderError (field "file") for what is no such file, or too long."""
    try:
        rows = read_rows(filename, content, most=MOST_LINES + 1)
    except CatalogError as refused:
        raise OrderError(refused.code, refused.message, "file") from refused
    return [(row.line, row.cells) for row in rows]


def read_old_book(shop: Shop, rows: Sequence[Line]) -> tuple[list[OldBalance], list[BadLine]]:
    """The balances of the lines, and every line that is wrong. Two queries. Raises OrderError "no_columns", "too_many_lines"."""
    cells = in_columns(rows, COLUMNS, HEADS, needed=("phone", "amount"), refusal=OrderError)
    if len(cells) > MOST_LINES:
        raise OrderError("too_many_lines", f"That is more than {MOST_LINES} lines. Enter them in parts.", "text")
    good: list[OldBalance] = []
    bad: list[BadLine] = []
    seen: dict[str, int] = {}
    for number, one in cells:
        try:
            balance = _balance(number, one)
            if balance.phone in seen:
                raise OrderError("twice", f"This phone stands on line {seen[balance.phone]} already.")
            seen[balance.phone] = number
            good.append(balance)
        except OrderError as refused:
            bad.append(BadLine(number, (one.get("phone") or one.get("name", ""))[:60], refused.message))
    written = _written(shop, good)
    bad += [BadLine(one.line, one.phone, "The old balance of this customer is written already.") for one in good if one.phone in written]
    return [one for one in good if one.phone not in written], sorted(bad, key=lambda wrong: wrong.number)


def _written(shop: Shop, good: Sequence[OldBalance]) -> set[str]:
    phones = [one.phone for one in good]
    opened = KhataEntry.objects.filter(shop=shop, kind=KhataEntry.Kind.OPENING, reversed_by=None, customer__phone__in=phones)
    return {str(phone) for phone in opened.values_list("customer__phone", flat=True)}


def _balance(number: int, cells: dict[str, str]) -> OldBalance:
    amount = _amount(cells.get("amount", ""))
    day = _day(cells.get("day", ""))
    name, note = clean_name(cells.get("name", ""))[:80], clean_name(cells.get("note", ""))[:200]
    return OldBalance(number, phone_number(cells.get("phone", "")), name, amount, day, note)


def _amount(cell: str) -> Decimal:
    plain = cell.replace(",", "").replace("₹", "").replace(" ", "").strip()
    try:
        if len(plain) > 24 or "_" in plain:
            raise ValueError(cell)
        amount = Decimal(plain)
        if not amount.is_finite() or amount != money(amount) or abs(amount) > LARGEST_TOTAL:
            raise ValueError(cell)
    except (ValueError, InvalidOperation):
        words = f"“{cell[:30]}” is not an amount in rupees." if cell else "There is no amount on this line."
        raise OrderError("bad_amount", words) from None
    if amount == ZERO:
        raise OrderError("bad_amount", "Nothing is owed on this line: leave it out.")
    return amount


def _day(cell: str) -> date:
    if not cell:
        return shop_today()
    try:
        day = read_day(cell)
    except ValueError:
        raise OrderError("bad_day", f"“{cell[:30]}” is not a date such as 31/12/2026.") from None
    if not FIRST_DAY <= day <= shop_today():
        raise OrderError("bad_day", "Give a day up to today.")
    return day


def write_old_book(*, shop: Shop, by: User, balances: Sequence[OldBalance], key: UUID) -> int:
    """Write the balances, making customers who are not known yet; how many. After a crash the same key goes on where it stopped."""
    for one in balances:
        customer = shop.customers.filter(phone=one.phone).first() or create_customer(shop=shop, phone=one.phone, name=one.name)
        if not customer.is_active:
            Customer.objects.filter(pk=customer.pk).update(is_active=True)
        act = Act(shop, customer, by, key=uuid5(key, one.phone), note=one.note)
        enter_opening_balance(act, amount=one.amount, day=one.day)
    return len(balances)
