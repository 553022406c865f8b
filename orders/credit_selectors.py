"""Reads of credit notes: the list, one note's page, and what waits to go back to the supplier."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Sum

from inventory.models import ReceiptLine, StockMovement
from orders.credit_models import CreditNote, CreditNoteLine
from orders.models import Order, Payment
from shops.models import Shop
from smartkirana.money import ZERO

SLUG = re.compile(r"(CN[A-Z][A-Z0-9]{0,2})-(\d{4})-(\d{5,6})")
EXPORTED_AT_MOST = 50_000


class NoteChoice(NamedTuple):
    """What a list of credit notes is narrowed to; None and "" narrow nothing."""

    q: str = ""
    start: date | None = None
    end: date | None = None
    counter: object = None
    went: str = ""


def note_by_slug(shop: Shop, slug: str) -> CreditNote | None:
    """The note `CNS1-2627-00001` stands for, or None."""
    match = SLUG.fullmatch(slug)
    if match is None:
        return None
    note = shop.credit_notes.filter(number="/".join(match.groups())).select_related("order", "counter", "by").first()
    if note is not None:
        note.shop = note.order.shop = shop
    return note


def credit_notes(shop: Shop, choice: NoteChoice) -> QuerySet[CreditNote]:
    """The shop's notes, newest day first, with their bills and what was given back."""
    found = _narrowed(shop, choice).order_by("-day", "-id")
    found = found.annotate(buyer_name=F("printed__buyer__name"), buyer_phone=F("printed__buyer__phone"))
    given = Prefetch("refunds", Payment.objects.order_by("id"))
    return found.defer("printed", "order__printed").select_related("order", "counter").prefetch_related(given)


def _narrowed(shop: Shop, choice: NoteChoice) -> QuerySet[CreditNote]:
    found = shop.credit_notes.all()
    if choice.start:
        found = found.filter(day__gte=choice.start)
    if choice.end:
        found = found.filter(day__lte=choice.end)
    if choice.counter:
        found = found.filter(counter=choice.counter)
    if choice.went:
        found = found.filter(Exists(CreditNoteLine.objects.filter(credit_note=OuterRef("pk"), where=choice.went)))
    if q := choice.q.strip():
        upper = q.upper()
        named = Q(printed__buyer__name__icontains=q) | Q(printed__buyer__phone__contains=q)
        found = found.filter(Q(number__endswith=upper.replace("-", "/")) | Q(order__bill_number__endswith=upper) | named)
    return found


class NoteSums(NamedTuple):
    """How many notes, and their rupees."""

    count: int
    total: object
    tax: object


def note_sums(shop: Shop, choice: NoteChoice) -> NoteSums:
    """The sums over the chosen notes; there are few of them beside the bills."""
    tax = Sum(F("cgst") + F("sgst") + F("igst") + F("cess"), default=ZERO)
    return NoteSums(**_narrowed(shop, choice).aggregate(count=Count("pk"), total=Sum("total", default=ZERO), tax=tax))


EXPORT_COLUMNS = (
    "Credit note", "Date", "Kind", "Bill", "Bill date", "Counter", "Customer", "Phone", "GSTIN", "Place of supply",
    "Taxable", "Exempt", "CGST", "SGST", "IGST", "Cess", "Round off", "Total", "Reason",
)  # fmt: skip


def exported(shop: Shop, choice: NoteChoice) -> Iterable[tuple]:
    """The chosen notes as rows under EXPORT_COLUMNS, newest first, at most EXPORTED_AT_MOST, read in pieces."""
    return (
        _narrowed(shop, choice)
        .order_by("-day", "-id")
        .values_list(
            "number", "day", "title", "printed__bill__number", "printed__bill__day", "printed__counter", "printed__buyer__name",
            "printed__buyer__phone", "printed__buyer__gstin", "place_of_supply", "taxable", "exempt", "cgst", "sgst", "igst", "cess",
            "round_off", "total", "reason",
        )[:EXPORTED_AT_MOST]
        .iterator(chunk_size=2000)
    )  # fmt: skip


class ForSupplier(NamedTuple):
    """Goods of a note that are to go back to the supplier: from which purchase they came, None when none is known."""

    line: CreditNoteLine
    receipt_line: ReceiptLine | None


def for_supplier(note: CreditNote) -> list[ForSupplier]:
    """The note's lines put aside for the supplier, each with the purchase of its lot; at most 3 queries."""
    aside = {line.line_no: line for line in note.lines.all() if line.where == CreditNoteLine.Where.SUPPLIER}
    if not aside:
        return []
    moved = note.shop.movements.filter(document=StockMovement.Document.CREDIT_NOTE, document_id=note.pk, document_line__in=aside)
    lots = dict(moved.values_list("document_line", "lot_id"))
    bought = {row.lot_id: row for row in ReceiptLine.objects.filter(lot__in=lots.values()).select_related("receipt__supplier")}
    return [ForSupplier(line, bought.get(lots.get(line_no))) for line_no, line in aside.items()]


def returns_of(order: Order) -> list[CreditNote]:
    """The notes of a bill, oldest first, with their lines."""
    return list(order.credit_notes.select_related("by").prefetch_related("lines").order_by("id"))


def exchange_of(note: CreditNote) -> Order | None:
    """The bill made in exchange, if one was."""
    return note.shop.orders.filter(exchange_of=note).select_related("counter").first()
