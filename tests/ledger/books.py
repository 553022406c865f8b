"""Small helpers that the tests of the books share."""

from __future__ import annotations

from decimal import Decimal

from ledger.models import JournalEntry, Posting
from orders.models import Order
from shops.models import Shop


def entry_of(order: Order, kind: str = "placed") -> JournalEntry | None:
    """The entry of the bill's event."""
    return order.shop.journal.filter(source_kind="order", source_id__in=order.events.filter(kind=kind).values("pk")).first()


def moved(entry: JournalEntry | None) -> dict[str, Decimal]:
    """Account code → debit minus credit, rupees."""
    sums: dict[str, Decimal] = {}
    for p in Posting.objects.filter(entry=entry).select_related("account"):
        sums[p.account.code] = sums.get(p.account.code, Decimal(0)) + p.debit - p.credit
    return sums


def balance(shop: Shop, code: str) -> Decimal:
    """Debit minus credit of one account, rupees."""
    return sum((p.debit - p.credit for p in shop.postings.filter(account__code=code)), Decimal(0))
