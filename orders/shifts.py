"""The acts on drawers: a shift is opened and ended with a count, cash is put in and taken out.

Each is one durable transaction; its last write is a DrawerEvent, from which the ledger posts. Locks: the open day of the books,
the counter, and for a supplier their account. A second press with the same request key answers the first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import errors as pg

from inventory.models import Supplier
from inventory.suppliers import pay_supplier
from orders import locks
from orders.errors import OrderError
from orders.models import DrawerEvent, Shift
from shops.books_days import books_day
from shops.models import Counter, Shop, User
from smartkirana.db_rules import broken_rule
from smartkirana.money import ZERO, money, rupees
from smartkirana.text import clean_name

WORTHS = (2000, 500, 200, 100, 50, 20, 10, 5, 2, 1)  # rupees of the notes and coins, as they are counted
MOST_PIECES = 99_999
LARGEST_AMOUNT = Decimal("99999999.99")
REASON_FROM = Decimal("10.00")  # rupees short or over from which on a count needs a reason
Kind, Reason = DrawerEvent.Kind, DrawerEvent.Reason


@dataclass(frozen=True)
class Count:
    """What lies in a drawer: rupees, and by worth how many pieces where they were given."""

    total: Decimal
    notes: Mapping[int, int] = field(default_factory=dict)


def count_of(notes: Mapping[int, int], amount: Decimal | None = None) -> Count:
    """The count of so many pieces by worth, or of a plain amount in rupees when no pieces are given.

    Raises OrderError "bad_count", "count_differs" (both are given and say different things).
    """
    pieces = {worth: many for worth, many in notes.items() if many}
    if any(worth not in WORTHS or not 0 < many <= MOST_PIECES for worth, many in pieces.items()):
        raise OrderError("bad_count", _("Give how many of each note and coin there are, from 0 to 99,999."))
    total = money(sum(worth * many for worth, many in pieces.items()))
    if amount is None:
        if not notes:
            raise OrderError("bad_count", _("Count the drawer: how many of each note and coin, or the sum."), "amount")
        return Count(total, pieces)
    _checked(amount, least=ZERO)
    if pieces and money(amount) != total:
        told = _("The notes and coins come to {notes}, the sum says {amount}. Leave one of them out.")
        raise OrderError("count_differs", told.format(notes=rupees(total), amount=rupees(amount)), "amount")
    return Count(money(amount), pieces)


# --- a shift ----------------------------------------------------------------------------------------------------
def open_shift(
    *,
    shop: Shop,
    counter: Counter,
    cashier: User,
    count: Count,
    from_safe: Decimal = ZERO,
    reason: str = "",
    request_key: UUID | None = None,
    at: datetime | None = None,
) -> Shift:
    """Begin a shift: `count` is what lies in the drawer now, `from_safe` rupees of it just came from the safe.

    What it differs from what the last shift left is booked as short or over; `reason` is needed from REASON_FROM on. The first shift
    of a counter is not compared: whatever the books know more or less lies in the safe.
    Raises OrderError "bad_counter", "shift_open", "bad_amount", "no_reason", "busy". Afterwards one DrawerEvent OPENED.
    """
    _checked(from_safe, least=ZERO, name="from_safe")
    at = at or timezone.now()

    def write() -> DrawerEvent:
        day = books_day(shop, timezone.localtime(at).date())
        till = _locked(shop, counter)
        if till.shifts.exists():
            expected, safe = till.cash + money(from_safe), -money(from_safe)
        else:
            expected, safe = count.total, till.cash - count.total
        words = _reason(count.total - expected, reason)
        shift = Shift.objects.create(shop=shop, counter=till, cashier=cashier, opened_at=at)
        return _counted(Kind.OPENED, shift, day, cashier, at, count=count, expected=expected, safe=safe, words=words, key=request_key)

    return _once(shop, request_key, write).shift


def close_shift(
    *,
    shop: Shop,
    shift: Shift,
    by: User,
    count: Count | None,
    to_safe: Decimal = ZERO,
    reason: str = "",
    seen: Decimal | None = None,
    request_key: UUID | None = None,
    at: datetime | None = None,
) -> Shift:
    """End a shift: what was counted less what should be there is booked as short or over; the rest stays for the next shift.

    count    None ends it without a count, as the owner may when nobody counted: nothing is short or over then
    to_safe  rupees of the count that go into the safe
    seen     what the drawer should hold as it was shown to the person; something else by now refuses
    Raises OrderError "no_shift", "bad_amount", "no_reason", "drawer_moved", "busy". Ending it twice does it once.
    Afterwards one DrawerEvent CLOSED.
    """
    _checked(to_safe, least=ZERO, name="to_safe")
    if to_safe > (count.total if count else ZERO):
        raise OrderError("bad_amount", _("More cannot go into the safe than was counted."), "to_safe")
    at = at or timezone.now()

    def write() -> DrawerEvent:
        day = books_day(shop, timezone.localtime(at).date())
        till = _locked(shop, shift.counter, in_use=False)
        if (ended := shift.events.filter(kind=Kind.CLOSED).first()) is not None:
            return ended
        expected = till.cash
        if seen is not None and money(seen) != expected:
            raise OrderError("drawer_moved", _("Cash came in or went out at this counter meanwhile. Count once more."))
        words = _reason((count.total if count else expected) - expected, reason)
        return _counted(Kind.CLOSED, shift, day, by, at, count=count, expected=expected, safe=money(to_safe), words=words, key=request_key)

    if shift.shop_id != shop.pk:
        raise OrderError("no_shift", _("There is no such shift in this shop."))
    _once(shop, request_key, write)
    shift.refresh_from_db(fields=["closed_at"])
    return shift


def _counted(
    kind: str,
    shift: Shift,
    day: date,
    by: User,
    at: datetime,
    *,
    count: Count | None,
    expected: Decimal,
    safe: Decimal,
    words: str,
    key: UUID | None,
) -> DrawerEvent:
    difference = count.total - expected if count else ZERO
    return DrawerEvent.objects.create(
        shop=shift.shop,
        kind=kind,
        counter=shift.counter,
        shift=shift,
        words=words,
        amount=difference - safe,
        expected=expected,
        counted=count.total if count else None,
        difference=difference,
        safe=safe,
        notes={str(worth): many for worth, many in count.notes.items()} if count else {},
        request_key=key,
        day=day,
        by=by,
        at=at,
    )


def _reason(difference: Decimal, reason: str) -> str:
    words = clean_name(reason)[:200]
    if abs(difference) >= REASON_FROM and not words:
        told = _("{amount} short. Count once more, or write why.") if difference < 0 else _("{amount} over. Count once more, or write why.")
        raise OrderError("no_reason", told.format(amount=rupees(abs(difference))), "reason")
    return words


# --- in and out -------------------------------------------------------------------------------------------------
def move_cash(
    *,
    shop: Shop,
    by: User,
    reason: str,
    amount: Decimal,
    counter: Counter | None = None,
    words: str = "",
    supplier: Supplier | None = None,
    request_key: UUID | None = None,
    at: datetime | None = None,
) -> DrawerEvent:
    """Put `amount` rupees into the drawer of `counter`, or take them out, as `reason` (DrawerEvent.Reason) says; without one, of the safe.

    words     what it was for; needed for the two others
    supplier  who is paid, for that reason: their account is settled, the oldest bill first
    Raises OrderError "bad_counter", "bad_amount", "bad_reason", "no_words", "no_supplier", "busy", and as `pay_supplier` does.
    Afterwards one DrawerEvent MOVED; the drawer's open shift, if there is one, has it.
    """
    _check_move(shop, reason, amount, counter, words, supplier)
    at = at or timezone.now()
    signed = money(amount) if reason in DrawerEvent.PUTS else -money(amount)

    def write() -> DrawerEvent:
        today = timezone.localtime(at).date()
        day = books_day(shop, today)
        till = _locked(shop, counter) if counter else None
        paper = None
        if supplier is not None:
            paid = {"amount": money(amount), "method": "cash", "day": today, "note": words, "counter": till}
            paper = pay_supplier(shop=shop, by=by, supplier=supplier, **paid)
            day = paper.day
        return DrawerEvent.objects.create(
            shop=shop,
            kind=Kind.MOVED,
            counter=till,
            shift=till and open_shift_of(till),
            reason=reason,
            words=clean_name(words)[:200],
            amount=signed,
            paper=paper,
            request_key=request_key,
            day=day,
            by=by,
            at=at,
        )

    return _once(shop, request_key, write)


def _check_move(shop: Shop, reason: str, amount: Decimal, counter: Counter | None, words: str, supplier: Supplier | None) -> None:
    _checked(amount, least=Decimal("0.01"))
    if reason not in Reason.values or (counter is None and reason in (Reason.SUPPLIER, Reason.TO_SAFE, Reason.FROM_SAFE)):
        raise OrderError("bad_reason", _("Choose what the money is for."), "reason")
    if reason in DrawerEvent.NEEDS_WORDS and not clean_name(words):
        raise OrderError("no_words", _("Write what the money is for."), "words")
    if (reason == Reason.SUPPLIER) != (supplier is not None) or (supplier is not None and supplier.shop_id != shop.pk):
        raise OrderError("no_supplier", _("Choose which supplier is paid."), "supplier")


# --- shared -----------------------------------------------------------------------------------------------------
def open_shift_of(counter: Counter) -> Shift | None:
    """The shift that is open at the counter, or None."""
    return Shift.objects.filter(shop_id=counter.shop_id, counter=counter, closed_at=None).select_related("cashier").first()


def insist_on_shift(counter: Counter) -> None:
    """Raises OrderError "no_shift" at a counter that sells only in a shift while none is open; no query at any other."""
    if counter.needs_shift and open_shift_of(counter) is None:
        told = _("{counter} sells only in a shift. Open one first: count the drawer under “Drawer”.")
        raise OrderError("no_shift", told.format(counter=counter.name), "counter")


def _checked(amount: Decimal, *, least: Decimal, name: str = "amount") -> None:
    if amount is None or not amount.is_finite() or not least <= amount <= LARGEST_AMOUNT or amount != money(amount):
        raise OrderError("bad_amount", _("Give an amount in rupees and paise."), name)


def _locked(shop: Shop, counter: Counter, *, in_use: bool = True) -> Counter:
    """The counter with what its drawer should hold; no bill is paid at it in cash until the act ends."""
    till = shop.counters.select_for_update(no_key=True).filter(pk=counter.pk).first()
    if till is None or (in_use and not till.is_active):
        raise OrderError("bad_counter", _("This counter is not in use. Choose another one."), "counter")
    till.shop = shop
    return till


def _once(shop: Shop, key: UUID | None, write: Callable[[], DrawerEvent]) -> DrawerEvent:
    """Run the act in its transaction, or answer what was done under its key."""
    known = shop.drawer_events.filter(request_key=key).select_related("shift")
    if key is not None and (done := known.first()) is not None:
        return done
    try:
        with transaction.atomic(durable=True):
            locks.do_not_wait_long()
            return write()
    except IntegrityError as error:
        if broken_rule(error) == "orders_drawerevent_once":
            return known.get()
        if broken_rule(error) == "orders_shift_one_open":
            raise OrderError("shift_open", _("A shift is open at this counter already. End it first."), "counter") from error
        raise
    except OperationalError as error:
        if isinstance(error.__cause__, pg.LockNotAvailable | pg.DeadlockDetected):
            raise OrderError("busy", _("Somebody is just selling or counting at this counter. Press again.")) from error
        raise
