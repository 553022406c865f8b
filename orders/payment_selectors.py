"""Reads of payments that were claimed and that nobody has seen yet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone

from orders.models import Order, Payment
from orders.selectors import bill_by_slug, said_of_payments
from shops.models import Counter, Shop
from smartkirana.money import ZERO

SHIFT_AT_MOST = 2000
SUMMED_AT_MOST = 20_000
EXPORTED_AT_MOST = 50_000
LATE_DAYS = 3  # money that is not seen after these days should have come


class ClaimChoice(NamedTuple):
    """What the list of claims is narrowed to; None and "" narrow nothing."""

    q: str = ""
    start: date | None = None
    end: date | None = None
    counter: Counter | None = None
    method: str = ""
    late: bool = False


def claims(shop: Shop, choice: ClaimChoice) -> QuerySet[Payment]:
    """UPI, card and bank money of bills that stand, claimed and not yet seen, newest first, with bill, counter and printed buyer."""
    found = _narrowed(shop, choice).annotate(buyer_name=F("order__printed__buyer__name"), buyer_phone=F("order__printed__buyer__phone"))
    found = found.select_related("order", "customer", "counter", "by").prefetch_related(said_of_payments()).defer("order__printed")
    return found.order_by("-at", "-id")


def _narrowed(shop: Shop, choice: ClaimChoice) -> QuerySet[Payment]:
    found = shop.payments.filter(_stands(), state=Payment.State.CLAIMED, reverses=None)
    if choice.start:
        found = found.filter(at__gte=_midnight(choice.start))
    if choice.end:
        found = found.filter(at__lt=_midnight(choice.end + timedelta(days=1)))
    if choice.counter:
        found = found.filter(counter=choice.counter)
    if choice.late:
        found = found.filter(at__lt=timezone.now() - timedelta(days=LATE_DAYS))
    if choice.method:
        found = found.filter(method=choice.method)
    if choice.q.strip():
        found = found.filter(_matching(shop, choice.q.strip()))
    return found


def _stands() -> Q:
    """Of a bill that is not cancelled, or of a khata and not taken back."""
    return Q(order__status=Order.Status.COMPLETED) | Q(order=None, reversed_by=None)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _matching(shop: Shop, q: str) -> Q:
    """Payments a text may mean: a part of the reference, the bill's number, or the very amount."""
    found = Q(reference__icontains=q)
    if (bill := bill_by_slug(shop, q.upper().replace("/", "-"))) is not None:
        found |= Q(order=bill)
    amount = q.replace(",", "").removeprefix("₹").strip()
    if amount.isascii() and amount.replace(".", "", 1).isdigit() and len(amount) <= 12:
        found |= Q(amount=Decimal(amount))
    return found


class ClaimSums(NamedTuple):
    """What waits, in rupees; with `more` only the newest SUMMED_AT_MOST are added up. `ways`: (name, count, rupees)."""

    count: int
    total: Decimal
    ways: list[tuple[str, int, Decimal]]
    more: bool


def claim_sums(shop: Shop, choice: ClaimChoice) -> ClaimSums:
    """How much money of the choice waits to be seen, by way of paying; one query."""
    ways = [method for method in Payment.Method if method in Payment.WAITS]
    newest = _narrowed(shop, choice).order_by("-at", "-id").values("method", "amount")[: SUMMED_AT_MOST + 1]
    sums = newest.aggregate(
        **{f"{way}_count": Count("amount", filter=Q(method=way)) for way in ways},
        **{f"{way}_sum": Sum("amount", filter=Q(method=way), default=ZERO) for way in ways},
    )
    each = [(str(way.label), sums[f"{way}_count"], sums[f"{way}_sum"]) for way in ways if sums[f"{way}_count"]]
    count = sum(n for _, n, _ in each)
    return ClaimSums(count, sum((rupees for _, _, rupees in each), ZERO), each, count > SUMMED_AT_MOST)


EXPORT_COLUMNS = ("Date", "Time", "Bill", "Counter", "How", "Amount", "Reference", "Marked", "Customer", "Phone")


def exported_claims(shop: Shop, choice: ClaimChoice) -> Iterable[tuple]:
    """The chosen claims as rows under EXPORT_COLUMNS, newest first, at most EXPORTED_AT_MOST, read in pieces."""
    found = _narrowed(shop, choice).order_by("-at", "-id").values_list(
        "at", "order__bill_number", "counter__name", "method", "amount", "reference", "mark", "order__printed__buyer__name",
        "order__printed__buyer__phone", "customer__name", "customer__phone",
    )  # fmt: skip
    ways, marks = dict(Payment.Method.choices), dict(Payment.Mark.choices)
    for at, bill, counter, method, amount, reference, mark, name, phone, khata_name, khata_phone in found[:EXPORTED_AT_MOST].iterator(
        chunk_size=2000
    ):
        there = timezone.localtime(at)
        yield (f"{there:%Y-%m-%d}", f"{there:%H:%M}", bill or "Khata", counter, ways[method], amount, reference, marks.get(mark, ""),
               khata_name or name, str(khata_phone or phone or "").removeprefix("+91"))  # fmt: skip


class OpenClaim(NamedTuple):
    """A claim as the end of a shift lists it; `what_for` is the bill's number, else whose khata."""

    payment: Payment
    at: datetime
    counter: str
    amount: Decimal
    what_for: str


def open_claims_of_counter(shop: Shop, counter: Counter, since: datetime) -> list[OpenClaim]:
    """What was claimed at a counter from `since` on and nobody has seen yet, oldest first, at most SHIFT_AT_MOST; one query."""
    found = _narrowed(shop, ClaimChoice(counter=counter)).filter(at__gte=since).select_related("order", "customer")
    rows = found.defer("order__printed").order_by("at", "id")[:SHIFT_AT_MOST]
    return [OpenClaim(payment, payment.at, counter.name, payment.amount, payment.what_for) for payment in rows]


def late_claims(shop: Shop) -> tuple[int, Decimal]:
    """How many claims are not seen after LATE_DAYS, and their rupees; one query."""
    sums = _narrowed(shop, ClaimChoice(late=True)).aggregate(count=Count("pk"), rupees=Sum("amount", default=ZERO))
    return sums["count"], sums["rupees"]


def payment_with_id(shop: Shop, pk: int) -> Payment | None:
    """The payment of this shop with its bill and all that was said of it, or None; 2 queries."""
    payment = shop.payments.select_related("order", "customer").prefetch_related(said_of_payments()).filter(pk=pk).first()
    if payment is not None:
        payment.shop = shop
        if payment.order:
            payment.order.shop = shop
    return payment
