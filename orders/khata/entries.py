"""Writing into a khata: one entry for each fact, and which rupees have met which.

An entry's number, running balance and check code are made by the database, which also lets one act at a time write into a khata: the
row of the customer stays locked from the entry on. After each act nothing that is open above zero stands beside something open below
zero: what was paid meets what is owed, the oldest first, unless it was said otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Max, Sum, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.errors import OrderError
from orders.models import Customer, KhataEntry, KhataMember, KhataSettlement, Order, Payment
from shops.books_days import books_day
from shops.models import User
from smartkirana.money import ZERO, rupees

Kind = KhataEntry.Kind
MOST_AT_ONCE = 500  # open entries read in one go
Met = tuple[KhataEntry, KhataEntry, Decimal]  # owed, paid, rupees


@dataclass(frozen=True)
class Share:
    """Rupees of a payment that go to one open entry (its id)."""

    entry_id: int
    amount: Decimal


@dataclass(frozen=True)
class Fact:
    """What an entry says: `amount` rupees more (+) or less (−) owed. `against`: the entries it takes back, met first."""

    kind: str
    amount: Decimal
    by: User
    at: datetime
    day: date | None = None
    order: Order | None = None
    payment: Payment | None = None
    member: KhataMember | None = None
    reverses: KhataEntry | None = None
    since: date | None = None
    due: date | None = None
    receipt: str = ""
    note: str = ""
    request_key: UUID | None = None
    against: Sequence[KhataEntry] = field(default=())
    shares: Sequence[Share] | None = None


def write_entry(customer: Customer, fact: Fact) -> KhataEntry:
    """Put a fact into a customer's khata, inside the act's own transaction, and let payments and debts meet.

    Locks the customer until the act ends. Whoever writes an entry of a kind that is not the khata's own act (KhataEntry.OWN_ACTS)
    posts the same rupees for the customer by another event, or the database refuses both at the end.
    Raises OrderError "bad_share" for shares that do not fit.
    """
    day = fact.day or books_day(customer.shop, timezone.localtime(fact.at).date())
    entry = KhataEntry(
        shop_id=customer.shop_id,
        customer=customer,
        number=Value(0),  # these three the database makes, and gives back
        balance=Value(ZERO),
        code=Value(""),
        kind=fact.kind,
        amount=fact.amount,
        open=fact.amount,
        day=day,
        since=fact.since or day,
        due=fact.due,
        member=fact.member,
        order=fact.order,
        payment=fact.payment,
        reverses=fact.reverses,
        receipt=fact.receipt,
        note=fact.note,
        request_key=fact.request_key,
        by=fact.by,
        at=fact.at,
    )
    entry.save(force_insert=True)
    if fact.against:
        _take_back(entry, fact.against)
    if fact.shares:
        _settle(entry, [(owed, entry, amount) for owed, amount in chosen(customer, -entry.amount, fact.shares)])
    if fact.against or not _stands_alone(entry):
        settle_oldest(entry)
    return entry


def due_day(customer: Customer, day: date) -> date:
    """By when goods taken on that day are to be paid."""
    return day + timedelta(days=customer.due_days)


def _stands_alone(entry: KhataEntry) -> bool:
    """True when nothing of the other sign was open before: then the balance before had the entry's sign, or was nothing."""
    before = entry.balance - entry.amount
    return before * entry.amount >= 0


def _take_back(entry: KhataEntry, against: Sequence[KhataEntry]) -> None:
    """Let `entry` meet what it takes back; where that had met something else, the youngest meetings are undone, as far as needed."""
    left = abs(entry.amount)
    met: list[Met] = []
    for one in KhataEntry.objects.filter(pk__in=[one.pk for one in against]).order_by("pk"):
        if (one.amount > 0) == (entry.amount > 0):
            continue
        amount = min(left, abs(one.amount))
        _free(entry, one, amount - abs(one.open))
        if amount:
            met.append((one, entry, amount) if one.amount > 0 else (entry, one, amount))
            left -= amount
    _settle(entry, met)


def _free(because: KhataEntry, one: KhataEntry, amount: Decimal) -> None:
    """Undo as many of the entry's meetings, the youngest first, as come to `amount` rupees."""
    side = "owed" if one.amount > 0 else "paid"
    meetings = KhataSettlement.objects.filter(**{side: one}).values_list("owed", "paid").annotate(rupees=Sum("amount"), last=Max("pk"))
    undone = []
    for owed, paid, rupees_met, _last in meetings.filter(rupees__gt=0).order_by("-last"):
        if amount <= 0:
            break
        undone.append((owed, paid, -min(amount, rupees_met)))
        amount -= rupees_met
    _write(because, undone)


def settle_oldest(because: KhataEntry) -> None:
    """Let what was paid and not used meet what is open, the oldest of both first."""
    entries = KhataEntry.objects.filter(shop_id=because.shop_id, customer_id=because.customer_id).order_by("since", "number")
    while met := meet([*entries.filter(open__gt=0)[:MOST_AT_ONCE], *entries.filter(open__lt=0)[:MOST_AT_ONCE]]):
        _settle(because, met)


def meet(entries: Iterable[KhataEntry]) -> list[Met]:
    """(owed, paid, rupees), the oldest of both first as they stand; takes the rupees off the entries' `open`."""
    entries = list(entries)
    owed = [entry for entry in entries if entry.open > 0]
    met = []
    for paid in (entry for entry in entries if entry.open < 0):
        while paid.open < 0 and owed:
            amount = min(owed[0].open, -paid.open)
            met.append((owed[0], paid, amount))
            owed[0].open -= amount
            paid.open += amount
            if not owed[0].open:
                owed.pop(0)
    return met


def chosen(customer: Customer, worth: Decimal, shares: Sequence[Share]) -> list[tuple[KhataEntry, Decimal]]:
    """The open entries that a payment of `worth` rupees is meant for, with their rupees. Raises OrderError "bad_share"."""
    open_ones = {entry.pk: entry for entry in customer.entries.filter(open__gt=0, pk__in=[share.entry_id for share in shares])}
    if len({share.entry_id for share in shares}) != len(shares):
        raise OrderError("bad_share", _("An entry stands twice. Give each one amount."), "shares")
    for share in shares:
        entry = open_ones.get(share.entry_id)
        if entry is None or not 0 < share.amount <= entry.open:
            raise OrderError("bad_share", _("An entry chosen is settled by now, or less of it is open. Look again."), "shares")
    if sum((share.amount for share in shares), ZERO) > worth:
        raise OrderError("bad_share", _("The entries chosen come to more than the {paid} paid.").format(paid=rupees(worth)), "shares")
    return [(open_ones[share.entry_id], share.amount) for share in shares]


def _settle(because: KhataEntry, met: Sequence[Met]) -> None:
    _write(because, [(owed.pk, paid.pk, amount) for owed, paid, amount in met])


def _write(because: KhataEntry, met: Sequence[tuple[int, int, Decimal]]) -> None:
    both = {"shop_id": because.shop_id, "customer_id": because.customer_id, "because": because}
    KhataSettlement.objects.bulk_create(KhataSettlement(owed_id=owed, paid_id=paid, amount=amount, **both) for owed, paid, amount in met)
