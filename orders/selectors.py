"""Reads of bills and customers that have more than one clause."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Case, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Sum, Value, When

from orders.models import BillPrint, Customer, Order, OrderEvent, Payment, PaymentEvent
from orders.printing.content import Bill
from shops.models import Counter, Shop
from smartkirana.dates import financial_year, shop_today
from smartkirana.money import ZERO

SLUG = re.compile(r"([A-Z][A-Z0-9]{0,2})-(\d\d-\d\d)-(\d{6,7})")
BILL_NUMBER = re.compile(r"[A-Z][A-Z0-9]{0,2}[/-]\d\d-\d\d[/-]\d{1,7}")
ORDER_NUMBER = re.compile(r"ORD-\d{8}-\d{4,}")
NAMES_LOOKED_AT = 200  # customers whose bills a search by name shows; more letters narrow it
DAYS_SUMMED = 7  # a week's bills are added up on the page in a few milliseconds; a year's would not be
EXPORTED_AT_MOST = 50_000
WAITING = "waiting"  # beside the statuses: bills that stand and whose goods are still to be handed over
STILL_TO_GO = Q(status=Order.Status.COMPLETED) & ~Q(fulfilment=Order.Fulfilment.COMPLETED)


def bill_by_slug(shop: Shop, slug: str) -> Order | None:
    """The bill `S1-26-27-000123` stands for, or None; other spellings of a number are no address."""
    match = SLUG.fullmatch(slug)
    if match is None:
        return None
    order = shop.orders.filter(bill_number="/".join(match.groups())).first()
    if order is not None:
        order.shop = shop
    return order


def last_bill(counter: Counter) -> Order | None:
    """The newest bill of a counter, cancelled or not."""
    order = counter.orders.order_by("-day", "-id").select_related("counter").first()
    if order is not None:
        order.shop = counter.shop
    return order


def printed_bill(order: Order, mark: BillPrint | None = None, link: str = "", khata_link: str = "") -> Bill:
    """The bill with everything its paper needs, in 3 queries.

    mark  the print it is; shown when that is not the first. link: its public address, for the code on the paper; khata_link: that of the
    customer's khata, never on what others may see.
    """
    return Bill(
        order=order,
        lines=list(order.lines.order_by("line_no")),
        payments=list(order.payments.filter(reverses=None, credit_note=None).order_by("id")),
        cancelled=order.events.filter(kind=OrderEvent.Kind.CANCELLED).select_related("by").first() if order.is_cancelled else None,
        mark=mark if mark and mark.copy_no > 1 else None,
        link=link,
        khata_link=khata_link,
    )


def said_of_payments() -> Prefetch:
    """What was said of claims, oldest first, with who said it."""
    return Prefetch("events", PaymentEvent.objects.select_related("by").order_by("id"))


class BillHistory(NamedTuple):
    """What happened to a bill: its events, every payment with what was given back and what became of claims, its prints."""

    events: list[OrderEvent]
    payments: list[Payment]
    prints: list[BillPrint]


def bill_history(order: Order) -> BillHistory:
    """Everything that happened to the bill, oldest first, with the people in it; 4 queries."""
    return BillHistory(
        events=list(order.events.select_related("by").order_by("id")),
        payments=list(order.payments.select_related("by").order_by("id").prefetch_related(said_of_payments())),
        prints=list(order.prints.select_related("by").order_by("copy_no")),
    )


# --- the list of bills ----------------------------------------------------------------------------------------
class BillChoice(NamedTuple):
    """What a list of bills is narrowed to; None and "" narrow nothing."""

    q: str = ""
    start: date | None = None
    end: date | None = None
    counter: object = None
    paid: str = ""
    status: str = ""


def bills(shop: Shop, choice: BillChoice) -> QuerySet[Order]:
    """The shop's bills, newest day first, with the printed buyer and the payments."""
    found = narrowed(shop, choice).order_by("-day", "-id")
    return (
        found.annotate(buyer_name=F("printed__buyer__name"), buyer_phone=F("printed__buyer__phone"))
        .defer("printed")
        .select_related("counter")
        .prefetch_related(Prefetch("payments", Payment.objects.order_by("id")))
    )


def narrowed(shop: Shop, choice: BillChoice, among: QuerySet[Order] | None = None) -> QuerySet[Order]:
    """The shop's bills of the choice, or those of them that are `among` others."""
    found = shop.orders.all() if among is None else among
    if choice.start:
        found = found.filter(day__gte=choice.start)
    if choice.end:
        found = found.filter(day__lte=choice.end)
    if choice.counter:
        found = found.filter(counter=choice.counter)
    if choice.status == WAITING:
        found = found.filter(STILL_TO_GO)
    elif choice.status:
        found = found.filter(status=choice.status)
    if choice.paid:
        paid = Payment.objects.filter(shop=shop, method=choice.paid, reverses=None, credit_note=None, order=OuterRef("pk"))
        found = found.filter(Exists(paid))
    if choice.q.strip():
        found = found.filter(_matching(shop, choice.q.strip()))
    return found


def _matching(shop: Shop, q: str) -> Q:
    """Bills a text may mean: its number or the last digits of it, else the buyer's phone or name."""
    upper = q.upper()
    if ORDER_NUMBER.fullmatch(upper):
        return Q(number=upper)
    if BILL_NUMBER.fullmatch(upper):
        code, year, n = re.match(r"(\w+)[/-](\d\d-\d\d)[/-](\d+)", upper).groups()
        return Q(bill_number=f"{code}/{year}/{int(n):06d}")
    digits = re.sub(r"\D", "", q)
    if digits and not re.search(r"[^\d\s+-]", q):
        short = Q(bill_number__in=_numbers_ending(shop, int(digits))) if len(digits) <= 6 else Q(pk__in=[])
        return short | Q(customer__in=_ids(shop.customers.filter(phone__contains=digits[-10:]))) if len(digits) >= 4 else short
    named = shop.customers.filter(Q(name__icontains=q) | Q(local_name__icontains=q) | Q(gstin__iexact=q))
    return Q(customer__in=_ids(named))


def _numbers_ending(shop: Shop, n: int) -> list[str]:
    """Bill 123 of every counter, this financial year and the last."""
    today = shop_today()
    years = (financial_year(today), financial_year(today - timedelta(days=365)))
    return [f"{code}/{year}/{n:06d}" for code in shop.counters.values_list("code", flat=True) for year in years]


def _ids(found: QuerySet[Customer]) -> list[int]:
    return list(found.order_by("-id").values_list("pk", flat=True)[:NAMES_LOOKED_AT])


class BillSums(NamedTuple):
    """Bills of some days: how many were sold, their rupees, how many were cancelled."""

    sold: int
    total: Decimal
    cancelled: int
    start: date
    end: date


def bill_sums(shop: Shop, choice: BillChoice) -> BillSums | None:
    """The sums over the chosen days (today when none are chosen), or None where adding up would be slow."""
    start, end = choice.start or choice.end or shop_today(), choice.end or (shop_today() if choice.start else choice.start or shop_today())
    if choice.q or choice.paid or choice.status or (end - start).days >= DAYS_SUMMED:
        return None
    days = choice._replace(start=start, end=end)
    sold = Q(status=Order.Status.COMPLETED)
    sums = narrowed(shop, days).aggregate(sold=Count("pk", filter=sold), total=Sum("total", filter=sold), all=Count("pk"))
    return BillSums(sums["sold"], sums["total"] or ZERO, sums["all"] - sums["sold"], start, end)


EXPORT_COLUMNS = (
    "Bill", "Date", "Time", "Kind", "Status", "Counter", "Customer", "Phone", "GSTIN", "Place of supply",
    "Taxable", "Exempt", "CGST", "SGST", "IGST", "Cess", "Round off", "Total",
)  # fmt: skip


def exported(shop: Shop, choice: BillChoice) -> Iterable[tuple]:
    """The chosen bills as rows under EXPORT_COLUMNS, newest first, at most EXPORTED_AT_MOST, read in pieces."""
    found = narrowed(shop, choice).order_by("-day", "-id")
    return found.values_list(
        "bill_number", "day", "placed_at", "title", "status", "printed__counter", "printed__buyer__name", "printed__buyer__phone",
        "printed__buyer__gstin", "place_of_supply", "taxable", "exempt", "cgst", "sgst", "igst", "cess", "round_off", "total",
    )[:EXPORTED_AT_MOST].iterator(chunk_size=2000)  # fmt: skip


# --- customers ------------------------------------------------------------------------------------------------
def customers(shop: Shop, q: str = "", *, owing: bool = False) -> QuerySet[Customer]:
    """The shop's customers by name; `q` is part of a name, a phone or a GSTIN."""
    found = shop.customers.filter(is_active=True)
    if owing:
        found = found.filter(outstanding__gt=0)
    if q.strip():
        digits = re.sub(r"\D", "", q)
        by_phone = Q(phone__contains=digits[-10:]) if len(digits) >= 3 else Q(pk__in=[])
        found = found.filter(Q(name__icontains=q.strip()) | Q(local_name__icontains=q.strip()) | Q(gstin__iexact=q.strip()) | by_phone)
    # Names first, then those known by phone alone.
    nameless = Case(When(name="", then=Value(1)), default=Value(0))
    return found.annotate(nameless=nameless).order_by("nameless", "name", "id")


def customer_with_id(shop: Shop, pk: int) -> Customer | None:
    """The customer of this shop, or None."""
    customer = shop.customers.filter(pk=pk, is_active=True).first()
    if customer is not None:
        customer.shop = shop
    return customer
