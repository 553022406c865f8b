"""The cash book: what came in and went out by day, for a drawer, the safe, or all cash together. Rupees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Q, QuerySet, RowRange, Sum, Window

from ledger import chart
from ledger.models import Posting
from ledger.selectors import AccountSums
from shops.models import Counter, Shop
from smartkirana.dates import Period
from smartkirana.money import ZERO

ALL, SAFE, NO_DRAWER = "all", "safe", "none"


@dataclass(frozen=True)
class CashDay:
    """A day's cash: what was there when it began, what came, what went."""

    day: date
    opening: Decimal
    came: Decimal
    went: Decimal

    @property
    def closing(self) -> Decimal:
        return self.opening + self.came - self.went


def cash_postings(shop: Shop, place: str, counter: Counter | None) -> QuerySet[Posting]:
    """The postings of the cash asked for: a `counter`'s drawer, the safe, cash of no drawer, or all of it."""
    if counter is not None:
        return shop.postings.filter(counter=counter)
    codes = {SAFE: [chart.SAFE], NO_DRAWER: [chart.CASH]}.get(place, [chart.CASH, chart.SAFE])
    accounts = shop.accounts.filter(code__in=codes).values_list("pk", flat=True)
    found = shop.postings.filter(account_id__in=list(accounts))
    return found.filter(counter=None) if place == NO_DRAWER else found


def cash_sums(postings: QuerySet[Posting], span: Period) -> AccountSums:
    """What there was when the period began, and what it moved."""
    within = Q(date__gte=span.start)
    sums = postings.filter(date__lte=span.end).aggregate(
        opening=Sum(F("debit") - F("credit"), filter=~within, default=ZERO),
        debit=Sum("debit", filter=within, default=ZERO),
        credit=Sum("credit", filter=within, default=ZERO),
    )
    return AccountSums(sums["opening"], sums["debit"], sums["credit"])


def cash_days(postings: QuerySet[Posting], span: Period, opening: Decimal) -> list[CashDay]:
    """Each day of the period on which cash moved, oldest first."""
    rows = postings.filter(date__range=(span.start, span.end)).values_list("date").order_by("date")
    found = []
    for day, came, went in rows.annotate(Sum("debit"), Sum("credit")):
        found.append(CashDay(day, opening, came, went))
        opening = found[-1].closing
    return found


def cash_rows(postings: QuerySet[Posting], span: Period) -> QuerySet[Posting]:
    """The single moves of the period, oldest first; `moved` is the net from its first one to this."""
    running = Window(Sum(F("debit") - F("credit")), order_by=[F("date").asc(), F("id").asc()], frame=RowRange(start=None, end=0))
    rows = postings.filter(date__range=(span.start, span.end)).annotate(moved=running)
    return rows.order_by("date", "id").prefetch_related("entry", "counter")


def csv_rows(postings: QuerySet[Posting], span: Period) -> Iterator[tuple]:
    """Every move between the opening and the closing balance."""
    sums = cash_sums(postings, span)
    yield (span.start, "", "Opening balance", "", "", "", sums.opening)
    for row in cash_rows(postings, span).iterator(chunk_size=2000):
        place = row.counter.name if row.counter else ""
        yield (row.date, row.entry_id, row.entry.narration, place, row.debit, row.credit, sums.opening + row.moved)
    yield (span.end, "", "Closing balance", "", sums.debit, sums.credit, sums.closing)
