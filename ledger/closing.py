"""Closing the day: its Z report is kept, its entries are sealed, and nothing is dated on it any more.

Everything was posted with each bill, so closing only adds up. `ledger/seals.py` says what a seal is over.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import errors as pg

from ledger.day_figures import Figures, day_figures
from ledger.errors import LedgerError
from ledger.models import DayClose
from ledger.seals import seal_of
from orders.locks import do_not_wait_long
from orders.models import OrderEvent, Shift
from shops.models import Shop, User
from smartkirana.dates import FIRST_DAY, end_of, shop_today

MOST_AT_ONCE = 31  # days closed by one press


def close_day(*, shop: Shop, day: date, by: User, at: datetime | None = None) -> DayClose:
    """Close `day` and, before it and in order, the days not closed yet on which something was booked. A closed day is answered as it is.

    Each day is closed in a durable transaction of its own, of the same few queries however many bills it has; locks the shop's row
    against everything that is being booked. At most MOST_AT_ONCE days: then the last one closed is answered, and the act may be
    repeated.
    Raises LedgerError "bad_day", "open_shifts" (naming them), "busy". Afterwards one DayClose for each day.
    """
    if not FIRST_DAY <= day <= shop_today():
        raise LedgerError("bad_day", _("Only a day up to today can be closed."), "day")
    if (known := _covering(shop, day)) is not None:
        return known
    at = at or timezone.now()
    for one in [*days_to_close(shop, day), day][:MOST_AT_ONCE]:
        closed = _close_one(shop, one, by, at)
    return closed


def _covering(shop: Shop, day: date) -> DayClose | None:
    """The close that sealed `day`."""
    return shop.day_closes.filter(day__gte=day).order_by("number").first()


def days_to_close(shop: Shop, before: date) -> list[date]:
    """The days earlier than `before` that are not closed and have something in them, oldest first."""
    since = shop.day_closes.values_list("day", flat=True).first() or date.min
    booked = shop.journal.filter(date__gt=since, date__lt=before).values_list("date", flat=True)
    sold = shop.order_events.filter(day__gt=since, day__lt=before).exclude(kind__in=OrderEvent.STEPS).values_list("day", flat=True)
    return sorted({*booked.order_by().distinct(), *sold.order_by().distinct()})


def _close_one(shop: Shop, day: date, by: User, at: datetime) -> DayClose:
    try:
        with transaction.atomic(durable=True):
            do_not_wait_long()
            Shop.objects.select_for_update().only("pk").get(pk=shop.pk)  # whatever is being booked is booked first
            if (known := _covering(shop, day)) is not None:  # the second of two presses
                return known
            _refuse_open_shifts(shop, day)
            last = shop.day_closes.first()
            number, after, previous = (last.number + 1, last.day, last.seal) if last else (1, None, "")
            entries, seal = seal_of(shop_id=shop.pk, number=number, after=after, day=day, previous=previous)
            figures = day_figures(shop, day, after)
            return DayClose.objects.create(
                shop=shop, number=number, day=day, after=after, entries=entries, previous=previous, seal=seal, figures=figures, by=by, at=at
            )
    except OperationalError as error:
        if isinstance(error.__cause__, pg.LockNotAvailable | pg.DeadlockDetected):
            raise LedgerError("busy", _("A bill is just being made. Press again.")) from error
        raise


def open_shifts(shop: Shop, day: date) -> list[Shift]:
    """The shifts begun up to the end of `day` that are still open."""
    rows = shop.shifts.filter(closed_at=None, opened_at__lt=end_of(day)).select_related("counter", "cashier")
    return list(rows.order_by("counter__code"))


def _refuse_open_shifts(shop: Shop, day: date) -> None:
    if found := open_shifts(shop, day):
        names = ", ".join(f"{shift.counter.name} ({shift.cashier})" for shift in found)
        raise LedgerError("open_shifts", _("A shift is still open: {names}. Count its drawer and end it first.").format(names=names))


def running_day(shop: Shop) -> date:
    """The day that is running in the books: today, or the first open day once today is closed."""
    last = shop.day_closes.values_list("day", flat=True).first()
    return shop_today() if last is None else max(shop_today(), last + timedelta(days=1))


def running_figures(shop: Shop, day: date) -> Figures:
    """The X report of `day`: what it comes to by now, with nothing changed."""
    return day_figures(shop, day, day - timedelta(days=1))
