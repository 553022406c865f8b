"""Reads of shifts and drawers. Rupees."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, Prefetch, Q, QuerySet, Sum
from django.utils import timezone

from orders.models import DrawerEvent, Order, Payment, Shift
from orders.selectors import said_of_payments
from shops.models import Counter, Shop, User
from smartkirana.money import ZERO

CLAIMS_SHOWN = 50


class Drawer(NamedTuple):
    """A counter and the shift that is open at it, if one is."""

    counter: Counter
    shift: Shift | None


def drawers(shop: Shop) -> list[Drawer]:
    """The counters in use with their open shifts; 2 queries."""
    open_ones = {shift.counter_id: shift for shift in shop.shifts.filter(closed_at=None).select_related("cashier")}
    tills = shop.counters.filter(Q(is_active=True) | Q(pk__in=open_ones))
    return [Drawer(till, open_ones.get(till.pk)) for till in tills]


def past_shifts(shop: Shop, of: User | None) -> QuerySet[Shift]:
    """The shifts that have ended, newest first, each with its counts; of one person, or of all with None."""
    rows = shop.shifts.filter(closed_at__isnull=False).select_related("counter", "cashier")
    counts = DrawerEvent.objects.exclude(kind=DrawerEvent.Kind.MOVED).order_by("id")
    rows = rows.prefetch_related(Prefetch("events", queryset=counts, to_attr="counts"))
    return (rows.filter(cashier=of) if of else rows).order_by("-id")


def shift_with_id(shop: Shop, pk: int) -> Shift | None:
    """A shift of the shop with its counter and cashier, or None."""
    found = shop.shifts.select_related("counter", "cashier").filter(pk=pk).first()
    if found is not None:
        found.shop = found.counter.shop = shop
    return found


class ShiftStory(NamedTuple):
    """What happened in a shift. `ended` is its last count, None while it is open."""

    opened: DrawerEvent
    moves: Sequence[DrawerEvent]
    ended: DrawerEvent | None

    @property
    def moved(self) -> Decimal:
        """Put in less taken out."""
        return sum((move.amount for move in self.moves), ZERO)

    @property
    def began(self) -> Decimal:
        """What lay in the drawer at the first count."""
        return self.opened.counted or ZERO

    @property
    def sold(self) -> Decimal | None:
        """Cash taken at the counter less cash given back, told only once it is over."""
        return None if self.ended is None else (self.ended.expected or ZERO) - self.began - self.moved

    @property
    def stays(self) -> Decimal | None:
        """What the next shift finds."""
        return None if self.ended is None else (self.ended.expected or ZERO) + self.ended.amount


def story(shift: Shift) -> ShiftStory:
    """One query."""
    events = list(shift.events.select_related("by", "paper__supplier_entry__supplier").order_by("id"))
    by_kind = {event.kind: event for event in events}
    moves = [event for event in events if event.kind == DrawerEvent.Kind.MOVED]
    return ShiftStory(by_kind[DrawerEvent.Kind.OPENED], moves, by_kind.get(DrawerEvent.Kind.CLOSED))


def shift_claims(shift: Shift) -> Sequence[Payment]:
    """UPI, card and bank money taken at the counter in the shift that nobody has seen yet, newest first."""
    waiting = shift.shop.payments.filter(counter=shift.counter, state=Payment.State.CLAIMED, reverses=None, at__gte=shift.opened_at)
    waiting = waiting.filter(reversed_by=None).exclude(order__status=Order.Status.CANCELLED)
    waiting = waiting.filter(at__lte=shift.closed_at) if shift.closed_at else waiting
    waiting = waiting.select_related("order", "customer").prefetch_related(said_of_payments()).defer("order__printed")
    return list(waiting.order_by("-at", "-id")[:CLAIMS_SHOWN])


def shift_tenders(shift: Shift) -> list[dict]:
    """What was taken at the counter during the shift, by way of paying: method, label, count, amount; cancelled bills are given back."""
    until = shift.closed_at or timezone.now()
    paid = Payment.objects.filter(shop=shift.shop, counter=shift.counter, at__gte=shift.opened_at, at__lte=until)
    sums = paid.values("method").order_by().annotate(count=Count("pk", filter=Q(amount__gt=0)), amount=Sum("amount"))
    by_method = {row["method"]: row for row in sums}
    return [{**by_method[way], "label": way.label} for way in Payment.Method if way in by_method]
