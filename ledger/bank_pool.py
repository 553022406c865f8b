"""Claims and lines in the terms of the matcher, and its proposal for one statement."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from ledger.bank_matching import LATE_DAYS, Claim, Line, Pair, match
from ledger.bank_models import BankLine, BankMatch, BankStatement, Source
from orders.models import Order, Payment
from shops.models import Shop

MOST_TOGETHER = 20_000  # lines, and claims, that are looked at together
TYPED = re.compile(r"\d{4,}")
PRINTED = re.compile(r"\d{6,}")
SHORTEST_TAG = 8  # letters and digits of a bill's number or key in our payment link
WAYS = {
    Source.BANK: frozenset(Payment.WAITS),
    Source.UPI: frozenset({Payment.Method.UPI}),
    Source.CARD: frozenset({Payment.Method.CARD}),
}


@dataclass
class Found:
    """The proposal for one statement: ids of lines and payments. `old` are waiting payments of more than LATE_DAYS before its end."""

    sure: list[Pair]
    doubtful: dict[int, list[int]]
    lines: list[int]
    claims: list[int]
    old: set[int]


def proposal(statement: BankStatement) -> Found:
    """What the open lines of the statement may be; at most 4 queries. Lines of other files of those days compete with them."""
    shop, span = statement.shop, timedelta(days=LATE_DAYS)
    lines = list(open_lines(shop, statement.first_day - span, statement.last_day + span))
    ours = {line.pk for line in lines if line.statement_id == statement.pk}
    if not ours:
        return Found([], {}, [], *_waiting(shop, statement, []))
    claims = list(payments_of(shop, statement.first_day - 2 * span, statement.last_day + span))
    never = BankMatch.objects.filter(shop=shop, kind=BankMatch.Kind.UNDONE, line__in=ours, payment__isnull=False)
    told = match(
        (claim_of(payment) for payment in claims), (line_of(line) for line in lines), never=set(never.values_list("line_id", "payment_id"))
    )
    return Found(
        [pair for pair in told.sure if pair.line in ours],
        {line: near for line, near in told.doubtful.items() if line in ours},
        [line for line in told.lines if line in ours],
        *_waiting(shop, statement, [p for p in claims if p.pk in set(told.claims)]),
    )


def _waiting(shop: Shop, statement: BankStatement, claims: Iterable[Payment]) -> tuple[list[int], set[int]]:
    """Claims without a line that this file could have told of, and those of them that are late."""
    ways = WAYS[Source(statement.source)]
    late = statement.last_day - timedelta(days=LATE_DAYS)
    days = {p.pk: timezone.localtime(p.at).date() for p in claims if p.method in ways}
    here = [pk for pk, day in days.items() if statement.first_day - timedelta(days=LATE_DAYS) <= day <= statement.last_day]
    return here, {pk for pk in here if days[pk] < late}


def open_lines(shop: Shop, first: date, last: date) -> QuerySet[BankLine]:
    """Lines of those days of which nothing was said, with their statement's source."""
    return shop.bank_lines.filter(state=BankLine.State.OPEN, day__range=(first, last)).select_related("statement")[:MOST_TOGETHER]


def payments_of(shop: Shop, first: date, last: date, **more: object) -> QuerySet[Payment]:
    """UPI, card and bank money of those days that stands and that no line was found for: waiting, seen, or given up.

    `more` narrows it further, such as amount=….
    """
    back = Payment.objects.filter(reverses=OuterRef("pk"))
    found = shop.payments.filter(
        method__in=Payment.WAITS,
        reverses=None,
        amount__gt=0,
        at__gte=_midnight(first),
        at__lt=_midnight(last + timedelta(days=1)),
        **more,
    )
    found = found.filter(Q(order=None) | Q(order__status=Order.Status.COMPLETED), ~Exists(back), bank_line=None)
    return found.select_related("order").only("method", "amount", "at", "reference", "state", "order__bill_number", "order__request_key")[
        :MOST_TOGETHER
    ]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def claim_of(payment: Payment) -> Claim:
    """A payment in the matcher's terms."""
    at = timezone.localtime(payment.at)
    tags = {_bare(payment.order.bill_number), _bare(str(payment.order.request_key))} if payment.order else set()
    return Claim(
        payment.pk, payment.amount, at, at.date(), payment.method, tuple(TYPED.findall(payment.reference)),
        frozenset(tag for tag in tags if len(tag) >= SHORTEST_TAG),
        seen=payment.state == Payment.State.SEEN, failed=payment.state == Payment.State.FAILED,
    )  # fmt: skip


def line_of(line: BankLine) -> Line:
    """A line in the matcher's terms."""
    text = f"{line.reference} {line.text}"
    at = timezone.localtime(line.at) if line.at else None
    return Line(
        line.pk, line.amount, line.net, line.day, at, tuple(PRINTED.findall(text)), words_of(text), WAYS[Source(line.statement.source)]
    )


def words_of(text: str) -> frozenset[str]:
    """The words of a description as letters and digits, cut at every mark, and cut at spaces and slashes only: "S1-26-27-12" stays one."""
    found = {_bare(word) for mark in (r"[^A-Za-z0-9]+", r"[\s/:|,;]+") for word in re.split(mark, text)}
    return frozenset(word for word in found if len(word) >= SHORTEST_TAG)


def _bare(text: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", text.upper())
