"""Reading suppliers: the list with what is owed, one account by age, what is open of its bills."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Sum

from inventory.models import StockDocument, Supplier, SupplierEntry
from shops.models import Shop
from smartkirana.money import ZERO

OWED, OVERDUE, UNUSED = "owed", "overdue", "unused"
BANDS = ((1, 30), (31, 60), (61, 90), (91, None))  # days past due


@dataclass(frozen=True)
class SupplierChoice:
    """What a list of suppliers is narrowed to: part of a name, phone or GSTIN; `show` is OWED, OVERDUE, UNUSED or "" for those in use."""

    q: str = ""
    show: str = ""


def suppliers(shop: Shop, choice: SupplierChoice, today: date) -> QuerySet[Supplier]:
    """The shop's suppliers by name. Money is owed to one no longer used as well, and words find everybody."""
    found = shop.suppliers.order_by("name", "pk")
    words = choice.q.strip()
    if choice.show == UNUSED:
        found = found.filter(is_active=False)
    elif choice.show == OWED:
        found = found.filter(balance__gt=0)
    elif choice.show == OVERDUE:
        late = SupplierEntry.objects.filter(shop=shop, supplier=OuterRef("pk"), open__gt=0, due__lt=today)
        found = found.filter(Exists(late))
    elif not words:
        found = found.filter(is_active=True)
    if words:
        digits = re.sub(r"\D", "", words)
        by_phone = Q(phone__contains=digits[-10:]) if len(digits) >= 3 else Q(pk__in=[])
        found = found.filter(Q(name__icontains=words) | Q(gstin__icontains=words) | by_phone)
    return found


@dataclass(frozen=True)
class OpenOf:
    """Of one supplier: the day of the oldest bill not settled, and rupees past their day."""

    oldest: date
    overdue: Decimal


def open_of(shop: Shop, shown: Iterable[Supplier], today: date) -> dict[int, OpenOf]:
    """Supplier id → what is open, for those of `shown` with a bill that is. One query."""
    rows = shop.supplier_entries.filter(supplier__in=[supplier.pk for supplier in shown], open__gt=0).order_by()
    late = Sum("open", filter=Q(due__lt=today), default=ZERO)
    sums = rows.values("supplier_id").annotate(oldest=Min("day"), overdue=late)
    return {one["supplier_id"]: OpenOf(one["oldest"], one["overdue"]) for one in sums}


@dataclass(frozen=True)
class OwedSums:
    """Rupees over all suppliers: owed, of that past its day, and paid ahead to others."""

    owed: Decimal
    overdue: Decimal
    ahead: Decimal


def owed_sums(shop: Shop, today: date) -> OwedSums:
    """What the shop owes in all. Two queries."""
    sums = shop.suppliers.aggregate(
        owed=Sum("balance", filter=Q(balance__gt=0), default=ZERO), ahead=-Sum("balance", filter=Q(balance__lt=0), default=ZERO)
    )
    late = shop.supplier_entries.filter(open__gt=0, due__lt=today).aggregate(overdue=Sum("open", default=ZERO))
    return OwedSums(**sums, **late)


# --- one supplier ---------------------------------------------------------------------------------------------
def supplier_with_id(shop: Shop, pk: int) -> Supplier | None:
    """The supplier of this shop, or None."""
    supplier = shop.suppliers.filter(pk=pk).first()
    if supplier is not None:
        supplier.shop = shop
    return supplier


def has_opening(supplier: Supplier) -> bool:
    """True when the opening balance is entered: it is entered once."""
    return supplier.entries.filter(document__kind=StockDocument.Kind.BALANCE).exists()


@dataclass(frozen=True)
class Band:
    """Open bills by age: from so many days past due (None: not due yet) up to so many (None: and more)."""

    first: int | None
    last: int | None
    bills: int
    amount: Decimal


@dataclass(frozen=True)
class Ageing:
    """What is open by how long it is past its day; amounts in rupees."""

    bands: list[Band]
    oldest: date | None

    @property
    def open(self) -> Decimal:
        return sum((band.amount for band in self.bands), ZERO)

    @property
    def bills(self) -> int:
        return sum(band.bills for band in self.bands)

    @property
    def overdue(self) -> Decimal:
        return sum((band.amount for band in self.bands[1:]), ZERO)

    @property
    def overdue_bills(self) -> int:
        return sum(band.bills for band in self.bands[1:])


def ageing(supplier: Supplier, today: date) -> Ageing:
    """A supplier's open bills by age. A bill due today is not past its day. One query."""
    within = [(None, None, Q(due__gte=today)), *((first, last, _past(today, first, last)) for first, last in BANDS)]
    asked: dict = {"oldest": Min("day")}
    for n, (_, _, age) in enumerate(within):
        asked |= {f"bills{n}": Count("pk", filter=age), f"amount{n}": Sum("open", filter=age, default=ZERO)}
    sums = _account(supplier).filter(open__gt=0).aggregate(**asked)
    bands = [Band(first, last, sums[f"bills{n}"], sums[f"amount{n}"]) for n, (first, last, _) in enumerate(within)]
    return Ageing(bands, sums["oldest"])


def _past(today: date, first: int, last: int | None) -> Q:
    latest = Q(due__lte=today - timedelta(days=first))
    return latest if last is None else latest & Q(due__gte=today - timedelta(days=last))


def open_bills(supplier: Supplier, today: date, most: int, also: Iterable[int] = ()) -> list[SupplierEntry]:
    """The oldest `most` bills that are not settled, in the order in which money goes to them, each with `late` (days past due).

    also  ids of entries to be among them even so, settled or not
    """
    rows = _account(supplier).filter(amount__gt=0).select_related("document__receipt").order_by("day", "pk")
    found = list(rows.filter(open__gt=0)[:most])
    missing = set(also) - {entry.pk for entry in found}
    found += list(rows.filter(pk__in=missing)[:most]) if missing else []
    for entry in found:
        entry.late = max((today - entry.due).days, 0) if entry.due and entry.open else 0
    return found


def _account(supplier: Supplier) -> QuerySet[SupplierEntry]:
    return SupplierEntry.objects.filter(shop=supplier.shop_id, supplier=supplier)
