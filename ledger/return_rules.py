"""Which accounts a credit note moves. Pure: facts in, posting lines out; amounts in rupees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from inventory.models import StockMovement
from ledger import chart
from ledger.posting_rules import Line, credit, credit_to_reverse, debit, moved, place
from orders.models import CreditNote, Payment
from smartkirana.money import ZERO


def taken_back(note: CreditNote, refunds: Iterable[Payment], damaged: Sequence[StockMovement]) -> list[Line]:
    """Goods that came back: the sale less, its tax less, money or khata out, the goods in at cost; the damaged ones a loss at once.

    damaged  the movements by which goods of the note left the stock again; the credit taken on them goes back (section 17(5)(h))
    """
    given = [debit(code, refund.amount, whose) for refund in refunds for code, whose in [place(refund, refund.state, note.customer_id)]]
    lost = -sum((m.value for m in damaged), ZERO)
    cgst, igst = credit_to_reverse(damaged)
    return moved(
        [
            debit(chart.SALES_RETURN, note.taxable + note.exempt - note.after_tax_reduction),
            debit(chart.OUTPUT_CGST, note.cgst),
            debit(chart.OUTPUT_SGST, note.sgst),
            debit(chart.OUTPUT_IGST, note.igst),
            debit(chart.OUTPUT_CESS, note.cess),
            debit(chart.ROUND_OFF, note.round_off),
            *given,
            debit(chart.INVENTORY, note.cost),
            credit(chart.COST_OF_GOODS, note.cost),
            debit(chart.STOCK_LOSS, lost),
            credit(chart.INVENTORY, lost),
            debit(chart.INPUT_TAX_REVERSED, cgst + cgst + igst),
            credit(chart.INPUT_CGST, cgst),
            credit(chart.INPUT_SGST, cgst),
            credit(chart.INPUT_IGST, igst),
        ]
    )
