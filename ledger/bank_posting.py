"""What a match of a bank's line moves in the books: the charge that was kept of the payment."""

from __future__ import annotations

from ledger import chart
from ledger.bank_models import BankMatch
from ledger.models import JournalEntry
from ledger.posting_rules import Line, credit, debit, moved
from ledger.services import record_entry


def charge_lines(match: BankMatch) -> list[Line]:
    """Bank → 6100 for the charge, and back when the match is taken back: with the payment that was seen, bank moves by what reached it."""
    kept = -match.charge if match.kind == BankMatch.Kind.UNDONE else match.charge
    return moved([debit(chart.CHARGES, kept), credit(chart.BANK, kept)])


def post_match(match: BankMatch) -> JournalEntry | None:
    """Post the charge of a match; without one there is nothing to post."""
    if not match.charge:
        return None
    what = f"Charge of {match.payment.get_method_display()} {match.payment.amount}, {match.line.statement.account}"
    return record_entry(
        shop=match.shop,
        day=match.day,
        narration=f"{what}: taken back, {match.reason}" if match.kind == BankMatch.Kind.UNDONE else what,
        source_kind=JournalEntry.Source.BANK_MATCH,
        source_id=match.pk,
        lines=charge_lines(match),
    )
