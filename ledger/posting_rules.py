"""Which accounts an event moves. Pure: facts in, posting lines out; amounts in rupees.

The blocks of a worked example (one regular shop, soap at 5 %) are the tests of this file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from inventory.models import Repack, StockDocument, StockMovement
from ledger import chart
from orders.models import Order, Payment, PaymentEvent
from smartkirana.money import ZERO, money

PAID_INTO = {
    Payment.Method.CASH: chart.CASH,
    Payment.Method.UPI: chart.UPI_CLEARING,
    Payment.Method.CARD: chart.CARD_CLEARING,
    Payment.Method.BANK: chart.BANK,
    Payment.Method.KHATA: chart.KHATA,
    Payment.Method.CREDIT: chart.ADVANCES,
}
CLAIMED = Payment.State.CLAIMED


@dataclass(frozen=True)
class Line:
    """One posting to be: rupees on one side of the account `code`; `customer_id` for a khata, `supplier_id` for what we owe."""

    code: str
    debit: Decimal = ZERO
    credit: Decimal = ZERO
    customer_id: int | None = None
    supplier_id: int | None = None


def debit(code: str, amount: Decimal, customer_id: int | None = None) -> Line:
    """A debit; a negative amount is a credit, since postings are never negative."""
    return Line(code, debit=amount, customer_id=customer_id) if amount >= 0 else Line(code, credit=-amount, customer_id=customer_id)


def credit(code: str, amount: Decimal, customer_id: int | None = None) -> Line:
    """A credit; a negative amount is a debit."""
    return debit(code, -amount, customer_id) if amount else Line(code)


def place(payment: Payment, state: str, customer_id: int | None) -> tuple[str, int | None]:
    """Where the money of a payment in `state` is: (account, whose khata).

    A claim waits in its clearing account (a bank transfer is taken for what it says), seen money is at the bank, and money that
    never came is owed by the bill's customer, or lost where there is none. Cash and khata are where they are.
    """
    if payment.method == Payment.Method.KHATA:
        return chart.KHATA, customer_id
    if payment.method not in Payment.WAITS or state == CLAIMED:
        return PAID_INTO[payment.method], None
    if state == Payment.State.SEEN:
        return chart.BANK, None
    return (chart.KHATA, customer_id) if customer_id else (chart.LOST_CLAIMS, None)


def _debit_at(where: tuple[str, int | None], amount: Decimal) -> Line:
    return debit(where[0], amount, where[1])


def sale(order: Order, payments: Iterable[Payment]) -> list[Line]:
    """A bill: money in by method, sales and output tax out, goods at their lots' cost."""
    lines = [_debit_at(place(p, CLAIMED, order.customer_id), p.amount) for p in payments]
    return moved([*lines, *_goods_sold(order)])


def _goods_sold(order: Order) -> list[Line]:
    return [
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


def moved(lines: Iterable[Line]) -> list[Line]:
    """Without the lines that move nothing."""
    return [line for line in lines if line.debit or line.credit]


def cancelled_sale(order: Order, payments: Iterable[Payment], cost_back: Decimal) -> list[Line]:
    """The same bill turned round. The goods come back at `cost_back`, the value their lots took them back at; the money is given
    back from where it is by now: a claim leaves its clearing account, seen money the bank, a failed claim what stood for it.
    """
    lines = [_debit_at(place(p, p.state, order.customer_id), -p.amount) for p in payments]
    lines += [
        Line(line.code, debit=line.credit, credit=line.debit)
        for line in _goods_sold(order)
        if line.code not in (chart.COST_OF_GOODS, chart.INVENTORY)
    ]
    return moved([*lines, debit(chart.INVENTORY, cost_back), credit(chart.COST_OF_GOODS, cost_back)])


def payment_moved(event: PaymentEvent) -> list[Line]:
    """Money of a claim goes from where it was taken to be to where it is; a bank transfer that is seen stays at the bank."""
    payment, customer_id = event.payment, event.payment.owed_by
    old, new = place(payment, event.was, customer_id), place(payment, event.kind, customer_id)
    return [_debit_at(new, payment.amount), _debit_at(old, -payment.amount)] if old != new else []


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


def repacked(repack: Repack, into_stock: Decimal) -> list[Line]:
    """Goods made out of others: stock goes up by the packing, which was an expense when it was paid.

    into_stock  what the lots took the made goods in at; its difference from their cost filled lots below zero (AS-2, price variance)
    """
    return moved(
        [
            debit(chart.INVENTORY, into_stock - repack.value_taken),
            debit(chart.PRICE_VARIANCE, repack.value_made - into_stock),
            credit(chart.PACKING, repack.packing_cost),
        ]
    )


def credit_to_reverse(movements: Iterable[StockMovement], shares: Mapping[int, Decimal] | None = None) -> tuple[Decimal, Decimal]:
    """Input tax taken on the units that left: (CGST, which SGST equals; IGST), from each lot's own credit rate on its cost.

    shares  by product: which part of these units is lost, when it is not all of them
    """
    cgst = igst = ZERO
    for m in movements:
        if m.quantity > 0:
            continue
        lost = -m.value * shares[m.product_id] if shares else -m.value
        if m.lot.credit_igst:
            igst += money(lost * m.lot.credit_rate / 100)
        else:
            cgst += money(lost * m.lot.credit_rate / 200)
    return cgst, igst


def counted(movements: Iterable[StockMovement]) -> list[Line]:
    """A stock take: what was found is income, what is short a loss; credit taken on what is short goes back, as for any lost goods.

    The credit is of each product's short units less its found ones: goods only booked in another lot are not lost.
    """
    movements = list(movements)
    found = sum((m.value for m in movements if m.quantity > 0), ZERO)
    short = sum((m.value for m in movements if m.quantity < 0), ZERO)
    cgst, igst = credit_to_reverse(movements, _short_share(movements))
    lines = [debit(chart.INVENTORY, found + short), credit(chart.STOCK_GAIN, found), debit(chart.STOCK_LOSS, -short)]
    lines += [credit(chart.INPUT_CGST, cgst), credit(chart.INPUT_SGST, cgst), credit(chart.INPUT_IGST, igst)]
    return moved([*lines, debit(chart.INPUT_TAX_REVERSED, cgst + cgst + igst)])


def _short_share(movements: Iterable[StockMovement]) -> dict[int, Decimal]:
    """By product: which share of the units that left its lots is short on balance."""
    out: dict[int, Decimal] = defaultdict(Decimal)
    back: dict[int, Decimal] = defaultdict(Decimal)
    for m in movements:
        (out if m.quantity < 0 else back)[m.product_id] += abs(m.quantity)
    return {pk: max(gone - back[pk], Decimal(0)) / gone for pk, gone in out.items()}
