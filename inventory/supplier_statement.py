"""A supplier's statement: its papers in their order, what each of them is, and what was owed after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import F, Prefetch, Q, QuerySet, RowRange, Sum, Window

from inventory.models import Settlement, StockDocument, Supplier, SupplierEntry
from smartkirana.dates import FIRST_DAY, LAST_DAY, Period, period, shop_today
from smartkirana.money import ZERO, rupees

Kind = StockDocument.Kind
MOST_NAMED = 6  # bills named beside a payment that settled them
COLUMNS = ("Date", "Our number", "Paper", "Supplier's bill", "Details", "Bills", "Paid and returned", "We owe")


@dataclass(frozen=True)
class StatementSums:
    """Rupees: owed when the period began, billed in it, paid or sent back in it. Below zero is paid ahead."""

    opening: Decimal
    billed: Decimal
    paid: Decimal

    @property
    def closing(self) -> Decimal:
        return self.opening + self.billed - self.paid


def statement_span(start: date | None, end: date | None) -> Period:
    """The days asked for; where one or both are left out, those of the financial year. Raises PeriodError."""
    today = shop_today()
    year = period("year", min(max(start or end or today, FIRST_DAY), LAST_DAY))
    return period("custom", today, start or year.start, end or min(year.end, LAST_DAY)) if start or end else year


def statement_sums(supplier: Supplier, span: Period) -> StatementSums:
    """What was owed when the period began and what moved it. One query."""
    within = Q(day__gte=span.start)
    sums = _entries(supplier).filter(day__lte=span.end).aggregate(
        opening=Sum("amount", filter=~within, default=ZERO),
        billed=Sum("amount", filter=within & Q(amount__gt=0), default=ZERO),
        paid=-Sum("amount", filter=within & Q(amount__lt=0), default=ZERO),
    )  # fmt: skip
    return StatementSums(**sums)


def statement_rows(supplier: Supplier, span: Period) -> QuerySet[SupplierEntry]:
    """Papers of a period in their order; `moved` is the sum from the period's first paper to this one.

    The window runs over the whole period and the page is cut from it, so that a balance is right on any page. What a paper is comes
    by prefetching: a join would run for the pages before, too.
    """
    running = Window(Sum("amount"), order_by=[F("day").asc(), F("id").asc()], frame=RowRange(start=None, end=0))
    settled = Settlement.objects.select_related("bill__document__receipt").order_by("pk")
    rows = _entries(supplier).filter(day__range=(span.start, span.end)).annotate(moved=running).order_by("day", "id")
    return rows.prefetch_related(
        "document__receipt",
        "document__supplier_payment",
        "document__purchase_return__receipt",
        Prefetch("settles", queryset=settled[: MOST_NAMED + 1], to_attr="went_to"),
    )


def _entries(supplier: Supplier) -> QuerySet[SupplierEntry]:
    return SupplierEntry.objects.filter(shop=supplier.shop_id, supplier=supplier)


@dataclass(frozen=True)
class Paper:
    """What an entry is in words: the act, the supplier's bill it is or speaks of, what else is known, and which bills it settled."""

    words: str
    bill: str = ""
    receipt_id: int | None = None
    details: list[str] = field(default_factory=list)
    settled: list[tuple[str, int | None, Decimal]] = field(default_factory=list)  # bill, its receipt, rupees
    more: bool = False

    def told(self) -> str:
        """Details and settled bills in one line."""
        bills = [f"{bill} {rupees(amount)}" for bill, _, amount in self.settled] + ["and more"] * self.more
        return " · ".join([*self.details, *(["settled " + ", ".join(bills)] if bills else [])])


def paper_of(entry: SupplierEntry) -> Paper:
    """What a row of `statement_rows` is. No query."""
    document = entry.document
    note = [document.note] if document.note else []
    if document.kind == Kind.RECEIPT:
        return Paper("Bill", document.receipt.bill_number, document.receipt.pk, note)
    went_to = [(*named(one.bill), one.amount) for one in entry.went_to[:MOST_NAMED]]
    settled = {"settled": went_to, "more": len(entry.went_to) > MOST_NAMED}
    if document.kind == Kind.PAYMENT:
        paid = document.supplier_payment
        gift = [f"{rupees(paid.amount)} and {rupees(paid.discount)} discount"] if paid.discount else []
        reference = [paid.reference] if paid.reference else []
        return Paper(f"Paid: {paid.get_method_display()}", details=[*gift, *reference, *note], **settled)
    if document.kind == Kind.RETURN:
        receipt = document.purchase_return.receipt
        return Paper("Debit note for bill", receipt.bill_number, receipt.pk, note, **settled)
    return Paper("Opening balance", details=note, **settled)


def named(bill: SupplierEntry) -> tuple[str, int | None]:
    """How a bill is called, and its receipt's id; what was owed when the books began has no bill."""
    receipt = getattr(bill.document, "receipt", None)
    return (receipt.bill_number, receipt.pk) if receipt else ("opening balance", None)


def statement_lines(supplier: Supplier, span: Period) -> Iterator[tuple]:
    """Rows of the file by COLUMNS: brought forward, every paper, closing."""
    sums = statement_sums(supplier, span)
    yield (span.start, "", "Brought forward", "", "", "", "", sums.opening)
    for entry in statement_rows(supplier, span).iterator(chunk_size=500):
        paper = paper_of(entry)
        billed, paid = (entry.amount, "") if entry.amount >= 0 else ("", -entry.amount)
        yield (entry.day, entry.number, paper.words, paper.bill, paper.told(), billed, paid, sums.opening + entry.moved)
    yield (span.end, "", "Owed at the end", "", "", sums.billed, sums.paid, sums.closing)
