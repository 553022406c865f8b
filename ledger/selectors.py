"""Reads of the books. Rupees are Decimals; a net is debit minus credit unless the name says otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, RowRange, Sum, Window

from ledger.models import Account, JournalEntry, Posting
from orders.models import Order, OrderEvent
from shops.models import Shop
from smartkirana.dates import Period
from smartkirana.money import ZERO

BILLS, CANCELLED, PAYMENTS, CHARGES, STOCK, DRAWER = "bills", "cancelled", "payments", "charges", "stock", "drawer"
KINDS = {
    BILLS: Q(source_kind=JournalEntry.Source.ORDER_EVENT, reverses=None),
    CANCELLED: Q(source_kind=JournalEntry.Source.ORDER_EVENT, reverses__isnull=False),
    PAYMENTS: Q(source_kind=JournalEntry.Source.PAYMENT_EVENT),
    STOCK: Q(source_kind=JournalEntry.Source.STOCK_EVENT),
    CHARGES: Q(source_kind=JournalEntry.Source.BANK_MATCH),
    DRAWER: Q(source_kind=JournalEntry.Source.DRAWER_EVENT),
}


def chart_of(shop: Shop) -> list[Account]:
    """All accounts of the shop by code."""
    return list(shop.accounts.all())


# --- day book -------------------------------------------------------------------------------------------------
def entries(shop: Shop, span: Period, *, account: Account | None = None, kind: str = "", newest: bool = True) -> QuerySet[JournalEntry]:
    """Journal entries of a period, by day and then as they were written; `account` keeps those that touch it."""
    rows = shop.journal.filter(date__range=(span.start, span.end))
    if kind:
        rows = rows.filter(KINDS[kind])
    if account is not None:
        rows = rows.filter(Exists(Posting.objects.filter(entry=OuterRef("pk"), account=account)))
    return rows.order_by("-date", "-id") if newest else rows.order_by("date", "id")


def with_postings(rows: QuerySet[JournalEntry]) -> QuerySet[JournalEntry]:
    """The entries with their postings, accounts and customers at hand, debits first."""
    postings = Posting.objects.select_related("account", "customer").order_by(F("debit").desc(), "id")
    return rows.prefetch_related(Prefetch("postings", queryset=postings))


def bills_of(shop: Shop, rows: Iterable[JournalEntry]) -> dict[int, Order]:
    """Entry id → the bill it speaks of (number and address only), for those of `rows` that speak of one; at most 2 queries."""
    found: dict[int, Order] = {}
    for kind, path in ((JournalEntry.Source.ORDER_EVENT, "events"), (JournalEntry.Source.PAYMENT_EVENT, "payments__events")):
        entry_ids = {e.source_id: e.pk for e in rows if e.source_kind == kind}
        orders = shop.orders.filter(**{f"{path}__in": entry_ids}).annotate(event_id=F(f"{path}__pk")).only("bill_number")
        found |= {entry_ids[order.event_id]: order for order in orders} if entry_ids else {}
    return found


def journal_lines(rows: QuerySet[JournalEntry]) -> Iterator[tuple]:
    """(date, entry, narration, account code, account, customer, debit, credit) of each posting, read in pieces."""
    postings = Posting.objects.filter(entry__in=rows.order_by())
    down = "-" if rows.query.order_by[0].startswith("-") else ""
    ordered = postings.order_by(f"{down}date", f"{down}entry_id", "id")
    fields = ("date", "entry_id", "entry__narration", "account__code", "account__name", "customer__name", "debit", "credit")
    return ordered.values_list(*fields).iterator(chunk_size=2000)


# --- one account ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class AccountSums:
    """What an account held when a period began, and what the period moved; rupees, `opening` is debit minus credit."""

    opening: Decimal
    debit: Decimal
    credit: Decimal

    @property
    def closing(self) -> Decimal:
        return self.opening + self.debit - self.credit


def account_sums(account: Account, span: Period) -> AccountSums:
    """Opening balance and the movements of a period, in one pass over the account's index."""
    within = Q(date__gte=span.start)
    sums = account.postings.filter(shop_id=account.shop_id, date__lte=span.end).aggregate(
        before_debit=Sum("debit", filter=~within, default=ZERO),
        before_credit=Sum("credit", filter=~within, default=ZERO),
        debit=Sum("debit", filter=within, default=ZERO),
        credit=Sum("credit", filter=within, default=ZERO),
    )
    return AccountSums(sums["before_debit"] - sums["before_credit"], sums["debit"], sums["credit"])


def account_rows(account: Account, span: Period) -> QuerySet[Posting]:
    """Postings of one account in a period, oldest first; `moved` is the net from the period's first posting to this one.

    The window runs over the whole period and the page is cut from it, so a balance is right on any page.
    """
    running = Window(Sum(F("debit") - F("credit")), order_by=[F("date").asc(), F("id").asc()], frame=RowRange(start=None, end=0))
    rows = account.postings.filter(shop_id=account.shop_id, date__range=(span.start, span.end))
    return (
        rows.annotate(moved=running).order_by("date", "id").prefetch_related("entry", "customer")
    )  # a join would run for the pages before, too


# --- sums over accounts ---------------------------------------------------------------------------------------
def balances(shop: Shop, day: date) -> dict[int, Decimal]:
    """Account id → net balance at the end of `day`, for accounts that were ever used."""
    rows = shop.postings.filter(date__lte=day).values_list("account_id").order_by()
    return {pk: debit - credit for pk, debit, credit in rows.annotate(Sum("debit"), Sum("credit"))}


def daily_nets(shop: Shop, accounts: Iterable[Account], start: date, end: date) -> list[tuple[int, date, Decimal]]:
    """(account id, day, net) of the accounts on each day from `start` to `end` that moved them."""
    rows = shop.postings.filter(account_id__in=[a.pk for a in accounts], date__range=(start, end))
    sums = rows.values_list("account_id", "date").order_by().annotate(Sum("debit"), Sum("credit"))
    return [(pk, day, debit - credit) for pk, day, debit, credit in sums]


def bill_counts(shop: Shop, *spans: Period) -> list[int]:
    """Bills made in each period less bills cancelled in it: counted as the books count their amounts."""
    whole = (min(span.start for span in spans), max(span.end for span in spans))
    counts = {str(n): Count("pk", filter=Q(day__range=(span.start, span.end))) for n, span in enumerate(spans)}
    made = shop.orders.filter(day__range=whole).aggregate(**counts)
    cancelled = shop.order_events.filter(kind=OrderEvent.Kind.CANCELLED, day__range=whole).aggregate(**counts)
    return [made[n] - cancelled[n] for n in counts]
