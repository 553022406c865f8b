"""Reads of the counter's log."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, F, Q, QuerySet, Sum

from orders.till_log import removed_kinds
from orders.till_models import TillEvent
from shops.models import Counter, Shop
from smartkirana.dates import shop_today
from smartkirana.money import ZERO

EXPORTED_AT_MOST = 50_000


class LogChoice(NamedTuple):
    """What the log is narrowed to: whole days, and a counter, a person or a kind unless they are nothing."""

    start: date
    end: date
    counter: Counter | None = None
    person: str = ""
    kind: str = ""


def log_choice(*, start: date | None, end: date | None, most_days: int, **rest) -> LogChoice:
    """The days meant: today when none are given, and never more than `most_days`."""
    end = end or (min(start + timedelta(days=most_days - 1), max(start, shop_today())) if start else shop_today())
    return LogChoice(start or end, end, **rest)


def till_events(shop: Shop, choice: LogChoice) -> QuerySet[TillEvent]:
    """What happened on the days, newest first, with the people and the counter."""
    return _narrowed(shop, choice).select_related("by", "signed_in", "counter").order_by("-day", "-id")


def _narrowed(shop: Shop, choice: LogChoice) -> QuerySet[TillEvent]:
    found = shop.till_events.filter(day__gte=choice.start, day__lte=choice.end)
    if choice.counter:
        found = found.filter(counter=choice.counter)
    if choice.person:
        found = found.filter(by=choice.person)
    return found.filter(kind=choice.kind) if choice.kind else found


class PersonSums(NamedTuple):
    """What one person took off bills and opened, over the days: how often, and rupees."""

    name: str
    removed: int
    removed_amount: Decimal
    voided: int
    no_sales: int
    approvals: int


def person_sums(shop: Shop, choice: LogChoice) -> list[PersonSums]:
    """One row for each person of whom there is anything to say, most rupees removed first; one query."""
    of_kind = lambda *kinds: Count("pk", filter=Q(kind__in=kinds))  # noqa: E731
    kinds = TillEvent.Kind
    rows = (
        _narrowed(shop, choice._replace(kind=""))
        .order_by()
        .values("by", name=F("by__name"))
        .annotate(
            removed=of_kind(kinds.LINE_REMOVED, kinds.LINE_REDUCED),
            removed_amount=Sum("amount", filter=Q(kind__in=removed_kinds())),
            voided=of_kind(kinds.BILL_VOIDED),
            no_sales=of_kind(kinds.NO_SALE),
            approvals=of_kind(kinds.APPROVAL),
        )
    )
    sums = [
        PersonSums(r["name"], r["removed"], r["removed_amount"] or ZERO, r["voided"], r["no_sales"], r["approvals"])
        for r in rows
        if r["removed"] or r["voided"] or r["no_sales"] or r["approvals"]
    ]
    return sorted(sums, key=lambda one: (-one.removed_amount, one.name))


EXPORT_COLUMNS = ("Date", "Time", "What", "Who", "Signed in", "Counter", "Amount", "Reason", "Details", "Bill key", "By the device's clock")


def exported(shop: Shop, choice: LogChoice) -> Iterator[TillEvent]:
    """The chosen events for a file, newest first, at most EXPORTED_AT_MOST, read in pieces."""
    return till_events(shop, choice)[:EXPORTED_AT_MOST].iterator(chunk_size=2000)
