"""The log of the counter: what was removed, cancelled, opened, locked and approved, and by whom."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.errors import OrderError
from orders.till_models import MOST_DETAILS, TillEvent
from shops.models import Counter, Shop, User
from smartkirana.db_rules import broken_rule
from smartkirana.money import money
from smartkirana.text import clean_name

MOST_AT_ONCE = 50
LARGEST_AMOUNT = Decimal("99999999.99")
MOST_KEYS, LONGEST_TEXT, LARGEST_NUMBER = 12, 80, 10**12
_KEY = re.compile(r"[a-z][a-z_]{0,19}")
type Detail = str | int | bool | None


@dataclass(frozen=True)
class Note:
    """One thing that happened. `client_id` tells it from every other of the shop; `amount` in rupees."""

    kind: str
    by: User
    signed_in: User
    counter: Counter | None = None
    request_key: UUID | None = None
    amount: Decimal | None = None
    reason: str = ""
    details: dict[str, Detail] = field(default_factory=dict)
    client_id: UUID = field(default_factory=uuid4)
    at_device: datetime | None = None


def record(
    *,
    shop: Shop,
    kind: str,
    by: User,
    signed_in: User | None = None,
    counter: Counter | None = None,
    request_key: UUID | None = None,
    amount: Decimal | None = None,
    reason: str = "",
    details: dict[str, Detail] | None = None,
    client_id: UUID | None = None,
    at_device: datetime | None = None,
) -> None:
    """Write one thing into the log of the counter; the same `client_id` again changes nothing.

    kind       a value of TillEvent.Kind
    by         who stood at the counter; `signed_in` whose device it is, the same when nothing is said
    amount     rupees, never below zero
    details    a few short texts and whole numbers by names of small letters

    Raises OrderError "bad_kind", "bad_amount", "bad_details", "bad_counter".
    """
    given = (counter, request_key, amount, reason, details or {}, client_id or uuid4(), at_device)
    record_all(shop=shop, notes=[Note(kind, by, signed_in or by, *given)])


def record_all(*, shop: Shop, notes: Sequence[Note]) -> None:
    """Write up to 50 things in one statement, all or none; those that are known already change nothing. Raises as record()."""
    if len(notes) > MOST_AT_ONCE:
        raise OrderError("too_many", _("At most {most} things at once.").format(most=MOST_AT_ONCE))
    now = timezone.now()
    rows = [_row(shop, note, now) for note in notes]
    try:
        with transaction.atomic():
            # No ledger listens to these rows, so they need not be saved one by one.
            TillEvent.objects.bulk_create(rows, ignore_conflicts=True)
    except IntegrityError as error:
        if broken_rule(error) == "orders_tillevent_details":
            raise OrderError("bad_details", _("This is too much for one entry of the log.")) from error
        raise


def _row(shop: Shop, note: Note, now: datetime) -> TillEvent:
    if note.kind not in TillEvent.Kind.values:
        raise OrderError("bad_kind", _("The log knows no such thing."), "kind")
    if note.counter is not None and note.counter.shop_id != shop.pk:
        raise OrderError("bad_counter", _("This counter is not in use. Choose another one."), "counter")
    return TillEvent(
        shop=shop,
        counter=note.counter,
        kind=note.kind,
        by=note.by,
        signed_in=note.signed_in,
        request_key=note.request_key,
        amount=_amount(note.amount),
        reason=clean_name(note.reason)[:200],
        details=checked_details(note.details),
        client_id=note.client_id,
        day=timezone.localtime(now).date(),
        at=now,
        at_device=note.at_device,
    )


def _amount(amount: Decimal | None) -> Decimal | None:
    if amount is None:
        return None
    if not amount.is_finite() or not 0 <= amount <= LARGEST_AMOUNT:
        raise OrderError("bad_amount", _("An amount of the log is no amount of rupees."), "amount")
    return money(amount)


def checked_details(details: object) -> dict[str, Detail]:
    """A few short facts, or OrderError "bad_details": names of small letters; text, whole numbers, yes and no."""
    wrong = OrderError("bad_details", _("The details of an entry are out of shape."), "details")
    if not isinstance(details, dict) or len(details) > MOST_KEYS:
        raise wrong
    if not all(isinstance(key, str) and _KEY.fullmatch(key) for key in details):
        raise wrong
    kept = {key: _detail(value, wrong) for key, value in details.items()}
    if sum(len(key) + len(str(value).encode()) + 8 for key, value in kept.items()) > MOST_DETAILS - 20:
        raise wrong
    return kept


def _detail(value: object, wrong: OrderError) -> Detail:
    if isinstance(value, str):
        return clean_name(value)[:LONGEST_TEXT]
    if value is None or isinstance(value, bool) or (isinstance(value, int) and abs(value) < LARGEST_NUMBER):
        return value
    raise wrong


def removed_kinds() -> Iterable[str]:
    """The kinds by which goods leave a bill before it is paid."""
    return (TillEvent.Kind.LINE_REMOVED, TillEvent.Kind.LINE_REDUCED, TillEvent.Kind.BILL_VOIDED)
