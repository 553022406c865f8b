"""Which accounts a supplier's bill, a return and a payment move. Pure: facts in, posting lines out; amounts in rupees."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from inventory.models import GoodsReceipt, PurchaseReturn, ReceiptLine, SupplierPayment
from ledger import chart
from ledger.posting_rules import Line, credit, debit, moved
from smartkirana.money import ZERO

INPUT = {"cgst": chart.INPUT_CGST, "sgst": chart.INPUT_SGST, "igst": chart.INPUT_IGST, "cess": chart.INPUT_CESS}
REVERSE_CHARGE = {"cgst": chart.OUTPUT_RCM_CGST, "sgst": chart.OUTPUT_RCM_SGST, "igst": chart.OUTPUT_RCM_IGST}
PAID_FROM = {
    SupplierPayment.Method.CASH: chart.CASH,
    SupplierPayment.Method.UPI: chart.BANK,
    SupplierPayment.Method.BANK: chart.BANK,
}


def owed(amount: Decimal, supplier_id: int) -> Line:
    """Rupees more that we owe a supplier; below zero: less."""
    return (
        Line(chart.PAYABLE, credit=amount, supplier_id=supplier_id)
        if amount >= 0
        else Line(chart.PAYABLE, -amount, supplier_id=supplier_id)
    )


def goods_received(receipt: GoodsReceipt, lines: Iterable[ReceiptLine], into_stock: Decimal) -> list[Line]:
    """A supplier's bill: goods at cost, the credit that is claimed, the rest to the supplier; tax under reverse charge is owed as well.

    into_stock  what the lots took the goods in at; less or more than their cost where a lot below zero was filled (AS-2, price variance)
    """
    lines = list(lines)
    posted = [debit(chart.INVENTORY, into_stock), debit(chart.PRICE_VARIANCE, receipt.cost - into_stock)]
    posted += [debit(code, sum((getattr(line, head) for line in lines if line.credit), ZERO)) for head, code in INPUT.items()]
    posted += [debit(chart.ROUND_OFF, receipt.round_off), owed(receipt.total, receipt.supplier_id)]
    if receipt.reverse_charge:
        posted += [credit(code, getattr(receipt, head)) for head, code in REVERSE_CHARGE.items()]
    return moved(posted)


def goods_returned(back: PurchaseReturn) -> list[Line]:
    """A debit note: the supplier is owed less, stock and claimed credit go down; what differs from the carried value is a variance."""
    receipt, rows = back.receipt, list(back.lines.select_related("receipt_line"))
    posted = [owed(-back.total, receipt.supplier_id), credit(chart.INVENTORY, back.value)]
    posted += [credit(code, sum((getattr(row, head) for row in rows if row.receipt_line.credit), ZERO)) for head, code in INPUT.items()]
    if receipt.reverse_charge:
        posted += [debit(code, getattr(back, head)) for head, code in REVERSE_CHARGE.items()]
    return moved([*posted, debit(chart.PRICE_VARIANCE, -sum((line.debit - line.credit for line in posted), ZERO))])


def supplier_paid(payment: SupplierPayment, supplier_id: int) -> list[Line]:
    """Money to a supplier; what they let go is a discount received (no GST effect without their credit note)."""
    gone = payment.amount + payment.discount
    return moved(
        [owed(-gone, supplier_id), credit(PAID_FROM[payment.method], payment.amount), credit(chart.DISCOUNT_RECEIVED, payment.discount)]
    )


def supplier_balance(amount: Decimal, supplier_id: int) -> list[Line]:
    """What we owed when the books began, against 3090 until capital takes it over."""
    return moved([debit(chart.OPENING_DIFFERENCE, amount), owed(amount, supplier_id)])
