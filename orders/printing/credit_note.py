"""A credit note on paper: laid out as a bill is, with the bill it is against (Rule 53(1A)), and what was given back."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from orders.credit_models import CreditNote
from orders.models import Payment
from orders.printing.content import Bill
from orders.printing.receipt import figures
from orders.titles import BILL_OF_SUPPLY, CASH_MEMO, INVOICE_CUM_BILL, TAX_INVOICE_AND_BILL
from smartkirana.money import ZERO


class NoteAsBill:
    """What the papers ask of a bill, answered by a note; everything else is the note's own."""

    saved = ZERO
    is_cancelled = False

    def __init__(self, note: CreditNote) -> None:
        self.note = note

    @property
    def bill_number(self) -> str:
        return self.note.number

    @property
    def placed_at(self) -> object:
        return self.note.at

    def __getattr__(self, name: str) -> Any:
        return getattr(self.note, name)


@dataclass(frozen=True)
class NotePaper(Bill):
    """A credit note ready for paper; its payments are what was given back, as amounts above zero."""

    note: CreditNote | None = None

    @property
    def against(self) -> dict:
        """The bill: number, day (ISO) and title."""
        return self.order.printed["bill"]

    @property
    def against_day(self) -> date:
        return date.fromisoformat(self.against["day"])

    @property
    def shows_tax(self) -> bool:
        """As the bill did; a note that takes no tax back shows none."""
        return self.against["title"] not in (BILL_OF_SUPPLY, CASH_MEMO) and not self.order.commercial

    @property
    def is_mixed(self) -> bool:
        return self.against["title"] in (INVOICE_CUM_BILL, TAX_INVOICE_AND_BILL)

    @property
    def to_pay(self) -> Decimal:
        return ZERO


def note_paper(note: CreditNote) -> NotePaper:
    """The note with everything its paper needs, in 2 queries."""
    return NotePaper(
        order=NoteAsBill(note),  # type: ignore[arg-type]
        lines=list(note.lines.order_by("line_no")),  # type: ignore[arg-type]
        payments=given_back(note),
        cancelled=None,
        mark=None,
        note=note,
    )


def given_back(note: CreditNote) -> Sequence[Payment]:
    """The refunds as they are told: amounts above zero."""
    told = []
    for refund in note.refunds.order_by("id"):
        row = copy(refund)
        row.amount = -refund.amount
        told.append(row)
    return told


def note_context(paper: NotePaper, roll: str) -> dict:
    """What the roll's template needs."""
    return figures(paper) | {"paper": roll, "note": paper.note}
