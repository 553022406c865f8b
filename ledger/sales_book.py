"""The sales of the books: bill by bill, and a month of them in six figures. Rupees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum, Value

from ledger import reports, selectors
from orders.models import Order
from orders.payment_status import with_payment_status
from shops.models import Shop
from smartkirana.dates import Period, period
from smartkirana.money import ZERO, money

TAXES = ("cgst", "sgst", "igst", "cess")


def sales_book(shop: Shop, first: date | None = None, last: date | None = None) -> QuerySet[Order]:
    """The bills that stand, newest first, each with `before_tax` and `payment_status`. One query.

    before_tax + tax + round_off = total, to the paisa.
    """
    bills = shop.orders.exclude(status=Order.Status.CANCELLED)
    if first:
        bills = bills.filter(day__gte=first)
    if last:
        bills = bills.filter(day__lte=last)
    before_tax = F("taxable") + F("exempt") - F("after_tax_reduction")
    return with_payment_status(bills).annotate(before_tax=before_tax).order_by("-day", "-pk")


@dataclass(frozen=True)
class MonthOfSales:
    """A month: revenue before tax less returns, GST and cess on it, bills, customers known by name, what a bill came to on average."""

    span: Period
    revenue: Decimal
    tax: Decimal
    bills: int
    customers: int
    average: Decimal


def month_of_sales(shop: Shop, year: int, month: int) -> MonthOfSales:
    """Revenue and tax as the books have them, the others from the bills that stand. Seven queries."""
    span = period("month", date(year, month, 1))
    bills = sales_book(shop, span.start, span.end).aggregate(
        n=Count("pk"), total=Sum("total", default=ZERO), customers=Count("customer_id", distinct=True)
    )
    average = money(bills["total"] / bills["n"]) if bills["n"] else ZERO
    earned = earned_in(shop, span)
    return MonthOfSales(span, earned.revenue.now, tax_of(shop, span), bills["n"], bills["customers"], average)


def tax_of(shop: Shop, span: Period) -> Decimal:
    """GST and cess of bills made in the period, less that of bills cancelled and goods taken back in it."""

    def tax(where: str, kind: str) -> Sum:
        return Sum(sum((F(f"{where}__{name}") for name in TAXES), Value(ZERO)), filter=Q(kind=kind), default=ZERO)

    events = shop.order_events.filter(day__range=(span.start, span.end))
    sums = events.aggregate(placed=tax("order", "placed"), cancelled=tax("order", "cancelled"), returned=tax("credit_note", "returned"))
    return sums["placed"] - sums["cancelled"] - sums["returned"]


def earned_in(shop: Shop, span: Period) -> reports.ProfitLoss:
    """Profit and loss of a period against the one before, as its page shows it. Four queries."""
    before = span.before()
    chart = selectors.chart_of(shop)
    nets = selectors.daily_nets(shop, reports.result_accounts(chart), before.start, span.end)
    bills = reports.Figure(*map(Decimal, selectors.bill_counts(shop, span, before)))
    return reports.profit_loss(chart, nets, span, before, bills)
