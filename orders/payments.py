"""What becomes of UPI, card and bank money that was only claimed: it is seen, or it never came.

Each of the two is said of a payment once at most, and each may put the other right: money that was given up arrives after all,
or was marked as seen by mistake. The last one said holds. The last write is a PaymentEvent, from which the ledger posts.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime

from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import errors as pg

from orders import locks
from orders.errors import OrderError
from orders.khata import bills as khata
from orders.models import Order, Payment, PaymentEvent
from shops.books_days import books_day
from shops.models import Shop, User
from smartkirana.db_rules import broken_rule
from smartkirana.text import clean_name


def mark_seen(*, shop: Shop, payment_id: int, by: User, how: str, at: datetime | None = None) -> Payment:
    """The money of a claim was seen: `how` (PaymentEvent.How) says where. Saying it twice does it once.

    Runs in its own durable transaction; locks the bill. Raises OrderError "unknown_payment", "nothing_claimed", "cancelled",
    "bad_how", "said_before" (seen, then failed: it stays failed), "busy". Afterwards one PaymentEvent SEEN; the books moved the
    amount to the bank.
    """
    return _say(shop, payment_id, PaymentEvent.Kind.SEEN, how, "", by, at or timezone.now())


def mark_failed(*, shop: Shop, payment_id: int, by: User, how: str, reason: str, at: datetime | None = None) -> Payment:
    """The money of a claim never came. The bill's customer owes it from now on; with nobody to ask it is the shop's loss.

    `reason` is kept with it. A customer's khata limit is not asked: the goods are gone. Saying it twice does it once.
    Runs in its own durable transaction; locks the bill. Raises OrderError "no_reason" and as `mark_seen` does ("said_before":
    failed, then seen: it stays seen). Afterwards one PaymentEvent FAILED.
    """
    note = clean_name(reason)[:200]
    if not note:
        raise OrderError("no_reason", _("Write how you know that the money never came."), "reason")
    return _say(shop, payment_id, PaymentEvent.Kind.FAILED, how, note, by, at or timezone.now())


def see_as_marked(*, order: Order, by: User) -> list[Payment]:
    """The payments of a bill, those marked as seen when it was made now seen; safe to call again.

    No query but the payments' own when nothing was marked. Raises nothing: the bill is made, and what cannot be marked just now
    stays a claim.
    """
    payments = list(order.payments.filter(reverses=None, credit_note=None).order_by("id"))
    for n, payment in enumerate(payments):
        if payment.mark == Payment.Mark.SEEN and payment.waits and not order.is_cancelled:
            with suppress(OrderError):
                payments[n] = mark_seen(shop=order.shop, payment_id=payment.pk, by=by, how=PaymentEvent.How.CASHIER)
    return payments


def see_in_statement(*, shop: Shop, payment_id: int, by: User, at: datetime) -> tuple[Payment, bool]:
    """The money of a claim stands in the bank's file: as `mark_seen`, inside the caller's transaction. True when it was not seen before.

    Raises OrderError as `mark_seen` does, but for "said_before" and "busy": wrap the transaction in `told`.
    """
    payment, day = _lock(shop, payment_id, at)
    was = payment.state
    return _write(payment, day, PaymentEvent.Kind.SEEN, PaymentEvent.How.STATEMENT, "", by, at), was != Payment.State.SEEN


def wait_again(*, shop: Shop, payment_id: int, by: User, reason: str, at: datetime) -> Payment:
    """A sight that was other money is taken back, inside the caller's transaction: a seen payment waits again, any other stays as it is.

    A bill cancelled meanwhile stays cancelled. Raises OrderError "unknown_payment", "nothing_claimed".
    """
    payment, day = _lock(shop, payment_id, at)
    if payment.state != Payment.State.SEEN or payment.is_taken_back:
        return payment
    return _write(payment, day, PaymentEvent.Kind.CLAIMED, PaymentEvent.How.STATEMENT, reason, by, at)


@contextmanager
def told(kind: str) -> Iterator[None]:
    """What the database refuses of a claim, as an OrderError: "said_before", "busy". Stands around the transaction."""
    try:
        yield
    except IntegrityError as error:
        if broken_rule(error) not in ("orders_paymentevent_once", "orders_khataentry_payment_once"):
            raise
        words = {
            PaymentEvent.Kind.SEEN: _("This payment was seen once and then found missing. Take the money as a new payment."),
            PaymentEvent.Kind.FAILED: _("This payment was missing once and then came. It stays seen."),
        }
        raise OrderError("said_before", words[PaymentEvent.Kind(kind)]) from error
    except OperationalError as error:
        if isinstance(error.__cause__, pg.LockNotAvailable | pg.DeadlockDetected):
            raise OrderError("busy", _("Somebody else is changing this bill just now. Press again.")) from error
        raise


def _say(shop: Shop, payment_id: int, kind: str, how: str, note: str, by: User, at: datetime) -> Payment:
    if how not in PaymentEvent.How.values:
        raise OrderError("bad_how", _("Say where it was seen: counter, soundbox, bank's app or statement."), "how")
    with told(kind), transaction.atomic(durable=True):
        return _write(*_lock(shop, payment_id, at), kind, how, note, by, at)


def _lock(shop: Shop, payment_id: int, at: datetime) -> tuple[Payment, date]:
    """The payment, its bill or khata locked, and the day of the books of what is said of it now."""
    locks.do_not_wait_long()
    day = books_day(shop, timezone.localtime(at).date())
    payment = locks.lock_payment(shop, payment_id)
    if payment is None:
        raise OrderError("unknown_payment", _("There is no such payment."))
    if payment.method not in Payment.WAITS or payment.reverses_id is not None or payment.amount < 0:
        raise OrderError("nothing_claimed", _("Cash and khata are not waited for."))
    return payment, day


def _write(payment: Payment, day: date, kind: str, how: str, note: str, by: User, at: datetime) -> Payment:
    if payment.state == kind:
        return payment
    if payment.is_taken_back:
        raise OrderError("cancelled", _("This bill or receipt is cancelled: its money is booked back already."))
    khata.claim_moved(payment, kind, payment.state, by=by, at=at, day=day, note=note)
    PaymentEvent.objects.create(shop=payment.shop, payment=payment, kind=kind, was=payment.state, how=how, note=note, day=day, by=by, at=at)
    payment.state = kind
    return payment
