"""Reading khatas: who owes how much since when, one khata with its entries, its statement."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, RowRange, Subquery, Sum, Window

from orders.models import Customer, KhataDispute, KhataEntry, KhataReminder
from shops.models import Shop
from smartkirana.dates import Period
from smartkirana.money import ZERO

OWING, LATE, OVER, AHEAD, DISPUTED, ALL = "owing", "late", "over", "ahead", "disputed", "all"
BANDS = ((0, 30), (31, 60), (61, 90), (91, None))  # days since the goods were taken


@dataclass(frozen=True)
class KhataChoice:
    """What the list is narrowed to: part of a name or phone, one of the words above, a group, an age band (0 to 3)."""

    q: str = ""
    show: str = OWING
    group: str = ""
    band: int | None = None


def khatas(shop: Shop, choice: KhataChoice, today: date) -> QuerySet[Customer]:
    """The customers of the choice, with `oldest` (the day of the oldest open entry) and `paid_on` (when they last paid)."""
    found = shop.customers.filter(is_active=True)
    open_ones = KhataEntry.objects.filter(shop=shop, customer=OuterRef("pk"), open__gt=0)
    if choice.show == OWING:
        found = found.filter(outstanding__gt=0)
    elif choice.show == AHEAD:
        found = found.filter(outstanding__lt=0)
    elif choice.show == LATE:
        found = found.filter(Exists(open_ones.filter(due__lt=today)))
    elif choice.show == OVER:
        found = found.filter(credit_limit__isnull=False, outstanding__gt=F("credit_limit"))
    elif choice.show == DISPUTED:
        found = found.filter(Exists(KhataDispute.objects.filter(shop=shop, customer=OuterRef("pk"), settled_at=None)))
    if choice.group:
        found = found.filter(group=choice.group)
    if choice.band is not None:
        found = found.filter(Exists(open_ones.filter(_aged(today, *BANDS[choice.band]))))
    if choice.q.strip():
        found = found.filter(_named(choice.q.strip()))
    oldest = open_ones.order_by("since").values("since")[:1]
    paid = KhataEntry.objects.filter(shop=shop, customer=OuterRef("pk"), kind=KhataEntry.Kind.PAYMENT).order_by("-number").values("day")[:1]
    return found.annotate(oldest=Subquery(oldest), paid_on=Subquery(paid)).order_by("-outstanding", "pk")


def _named(q: str) -> Q:
    digits = re.sub(r"\D", "", q)
    by_phone = Q(phone__contains=digits[-10:]) if len(digits) >= 3 else Q(pk__in=[])
    return Q(name__icontains=q) | Q(local_name__icontains=q) | by_phone


def _aged(today: date, first: int, last: int | None) -> Q:
    latest = Q(since__lte=today - timedelta(days=first)) if first else Q()
    return latest if last is None else latest & Q(since__gte=today - timedelta(days=last))


@dataclass(frozen=True)
class Age:
    """Open rupees of one customer, or of all, by age (see BANDS), and of them past their day."""

    bands: tuple[Decimal, ...]
    late: Decimal

    @property
    def open(self) -> Decimal:
        return sum(self.bands, ZERO)


def ages(shop: Shop, shown: Iterable[Customer], today: date) -> dict[int, Age]:
    """Customer id → age of what is open, for those of `shown` who owe. One query."""
    rows = shop.khata_entries.filter(customer__in=[one.pk for one in shown], open__gt=0).order_by().values("customer_id")
    return {one.pop("customer_id"): _age(one) for one in rows.annotate(**_age_sums(today))}


def age_of_all(shop: Shop, today: date) -> Age:
    """The same over the whole shop. One query on the open entries."""
    return _age(shop.khata_entries.filter(open__gt=0).aggregate(**_age_sums(today)))


def _age_sums(today: date) -> dict[str, Sum]:
    bands = {f"band{n}": Sum("open", filter=_aged(today, *band), default=ZERO) for n, band in enumerate(BANDS)}
    return bands | {"late": Sum("open", filter=Q(due__lt=today), default=ZERO)}


def _age(sums: dict) -> Age:
    return Age(tuple(sums[f"band{n}"] for n in range(len(BANDS))), sums["late"])


@dataclass(frozen=True)
class KhataSums:
    """Over the whole shop: how many owe, what they owe, what others have paid ahead; rupees."""

    owing: int
    owed: Decimal
    ahead: Decimal


def khata_sums(shop: Shop) -> KhataSums:
    """One query on the index of those whose khata is not even."""
    owing = Q(outstanding__gt=0)
    sums = shop.customers.exclude(outstanding=0).aggregate(
        owing=Count("pk", filter=owing),
        owed=Sum("outstanding", filter=owing, default=ZERO),
        ahead=-Sum("outstanding", filter=~owing, default=ZERO),
    )
    return KhataSums(**sums)


def groups_of(shop: Shop) -> list[str]:
    """The groups that customers are put into, by name, at most 100."""
    return list(shop.customers.exclude(group="").order_by("group").values_list("group", flat=True).distinct()[:100])


def last_reminded(shop: Shop, shown: Iterable[Customer]) -> dict[int, date]:
    """Customer id → when they were last reminded. One query."""
    rows = KhataReminder.objects.filter(shop=shop, customer__in=[one.pk for one in shown]).order_by().values("customer_id")
    return {one["customer_id"]: one["last"] for one in rows.annotate(last=Max("at"))}


# --- one khata --------------------------------------------------------------------------------------------------
def entries(customer: Customer) -> QuerySet[KhataEntry]:
    """A khata's entries, the newest first, with what each is about."""
    return _entries(customer).select_related("order", "payment", "member", "by", "reverses").defer("order__printed").order_by("-number")


def entry_of(customer: Customer, number: int) -> KhataEntry | None:
    """One entry by its number, with what it is about and whose it is; None when there is none."""
    found = entries(customer).filter(number=number).first()
    if found is not None:
        found.customer = customer
    return found


def disputes(customer: Customer, shown: Iterable[KhataEntry]) -> dict[int, KhataDispute]:
    """Entry id → what the customer says of it, the newest; of entries that are shown. One query."""
    rows = (
        KhataDispute.objects.filter(shop=customer.shop_id, entry__in=[one.pk for one in shown]).select_related("settled_by").order_by("pk")
    )
    return {dispute.entry_id: dispute for dispute in rows}


def open_disputes(shop: Shop) -> QuerySet[KhataDispute]:
    """What customers do not agree with and nobody has settled yet, the oldest first."""
    return (
        shop.khata_disputes.filter(settled_at=None).select_related("entry__order", "customer").defer("entry__order__printed").order_by("pk")
    )


def open_entries(customer: Customer, most: int, also: Iterable[int] = ()) -> list[KhataEntry]:
    """The oldest `most` entries that are not settled, in the order in which money goes to them; `also` names others to be among them."""
    rows = _entries(customer).filter(amount__gt=0).select_related("order", "member").defer("order__printed").order_by("since", "number")
    found = list(rows.filter(open__gt=0)[:most])
    missing = set(also) - {entry.pk for entry in found}
    return found + (list(rows.filter(pk__in=missing)[:most]) if missing else [])


def _entries(customer: Customer) -> QuerySet[KhataEntry]:
    return KhataEntry.objects.filter(shop=customer.shop_id, customer=customer)


# --- the statement ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class StatementSums:
    """Rupees: owed when the period began, taken in it, paid and brought back in it."""

    opening: Decimal
    more: Decimal
    less: Decimal

    @property
    def closing(self) -> Decimal:
        return self.opening + self.more - self.less


def statement_sums(customer: Customer, span: Period) -> StatementSums:
    """What was owed when the period began and what moved it. One query."""
    within = Q(day__gte=span.start)
    sums = _entries(customer).filter(day__lte=span.end).aggregate(
        opening=Sum("amount", filter=~within, default=ZERO),
        more=Sum("amount", filter=within & Q(amount__gt=0), default=ZERO),
        less=-Sum("amount", filter=within & Q(amount__lt=0), default=ZERO),
    )  # fmt: skip
    return StatementSums(**sums)


def statement_rows(customer: Customer, span: Period) -> QuerySet[KhataEntry]:
    """The entries of a period by day, each with `moved`, the sum from the period's first entry to it: late ones stand at their day."""
    running = Window(Sum("amount"), order_by=[F("day").asc(), F("number").asc()], frame=RowRange(start=None, end=0))
    rows = _entries(customer).filter(day__range=(span.start, span.end)).annotate(moved=running)
    return rows.select_related("order", "payment", "member").defer("order__printed").order_by("day", "number")


def owing_since(shop: Shop, of: Iterable[Customer]) -> dict[int, date]:
    """Since which day each of these owes: the day of the oldest entry that is not paid back. One query."""
    rows = shop.khata_entries.filter(customer__in=[one.pk for one in of], open__gt=0).order_by().values("customer_id")
    return {one["customer_id"]: one["first"] for one in rows.annotate(first=Min("since"))}
