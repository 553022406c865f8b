"""Which accounts an event moves. Pure: facts in, posting lines out; amounts in rupees.

The blocks of a worked example (one regular shop, soap at 5 %) are the tests of this file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from inventory.models import StockDocument, StockMovement
from ledger import chart
from orders.models import Order, Payment
from smartkirana.money import ZERO, money

PAID_INTO = {
    Payment.Method.CASH: chart.CASH,
    Payment.Method.UPI: chart.UPI_CLEARING,
    Payment.Method.CARD: chart.CARD_CLEARING,
    Payment.Method.BANK: chart.BANK,
    Payment.Method.KHATA: chart.KHATA,
}


@dataclass(frozen=True)
class Line:
    """One posting to be: rupees on one side of the account `code`; `customer_id` for a khata."""

    code: str
    debit: Decimal = ZERO
    credit: Decimal = ZERO
    customer_id: int | None = None


def debit(code: str, amount: Decimal, customer_id: int | None = None) -> Line:
    """A debit; a negative amount is a credit, since postings are never negative."""
    return Line(code, debit=amount, customer_id=customer_id) if amount >= 0 else Line(code, credit=-amount, customer_id=customer_id)


def credit(code: str, amount: Decimal, customer_id: int | None = None) -> Line:
    """A credit; a negative amount is a debit."""
    return debit(code, -amount, customer_id) if amount else Line(code)


def sale(order: Order, payments: Iterable[Payment]) -> list[Line]:
    """A bill: money in by method, sales and output tax out, goods at their lots' cost."""
    lines = [debit(PAID_INTO[p.method], p.amount, order.customer_id if p.method == Payment.Method.KHATA else None) for p in payments]
    lines += [
        credit(chart.SALES_TAXABLE, order.taxable - order.after_tax_reduction),
        credit(chart.SALES_EXEMPT, order.exempt),
        credit(chart.OUTPUT_CGST, order.cgst),
        credit(chart.OUTPUT_SGST, order.sgst),
        credit(chart.OUTPUT_IGST, order.igst),
        credit(chart.OUTPUT_CESS, order.cess),
        credit(chart.ROUND_OFF, order.round_off),
        debit(chart.COST_OF_GOODS, order.cost),
        credit(chart.INVENTORY, order.cost),
    ]
    return [line for line in lines if line.debit or line.credit]


def cancelled_sale(order: Order, payments: Iterable[Payment], cost_back: Decimal) -> list[Line]:
    """The same bill turned round; the goods come back at `cost_back`, the value their lots took them back at."""
    lines = [
        Line(line.code, debit=line.credit, credit=line.debit, customer_id=line.customer_id)
        for line in sale(order, payments)
        if line.code not in (chart.COST_OF_GOODS, chart.INVENTORY)
    ]
    lines += [debit(chart.INVENTORY, cost_back), credit(chart.COST_OF_GOODS, cost_back)]
    return [line for line in lines if line.debit or line.credit]


def opening_stock(value: Decimal) -> list[Line]:
    """Goods there when the books began, against 3090 until capital takes them over."""
    return [debit(chart.INVENTORY, value), credit(chart.OPENING_DIFFERENCE, value)] if value else []


def adjustment(document: StockDocument, movements: Iterable[StockMovement]) -> list[Line]:
    """Damage, loss, own use, found, corrected. Credit taken on lost goods goes back (CGST section 17(5)(h), own use 17(5)(g))."""
    movements = list(movements)
    value = sum((m.value for m in movements), ZERO)
    if value > 0:
        lines = [debit(chart.INVENTORY, value), credit(chart.STOCK_GAIN, value)]
        return [line for line in lines if line.debit or line.credit]
    cgst, igst = credit_to_reverse(movements)
    taken = [credit(chart.INPUT_CGST, cgst), credit(chart.INPUT_SGST, cgst), credit(chart.INPUT_IGST, igst)]
    reversed_tax = cgst + cgst + igst
    if document.reason == StockDocument.Reason.OWN_USE:
        lines = [debit(chart.DRAWINGS, -value + reversed_tax), credit(chart.INVENTORY, -value), *taken]
    else:
        lines = [debit(chart.STOCK_LOSS, -value), credit(chart.INVENTORY, -value), debit(chart.INPUT_TAX_REVERSED, reversed_tax), *taken]
    return [line for line in lines if line.debit or line.credit]


def credit_to_reverse(movements: Iterable[StockMovement]) -> tuple[Decimal, Decimal]:
    """Input tax taken on the units that left: (CGST, which SGST equals; IGST), from each lot's own credit rate on its cost."""
    cgst = igst = ZERO
    for m in movements:
        if m.quantity > 0:
            continue
        if m.lot.credit_igst:
            igst += money(-m.value * m.lot.credit_rate / 100)
        else:
            cgst += money(-m.value * m.lot.credit_rate / 200)
    return cgst, igst
