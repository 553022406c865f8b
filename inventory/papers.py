"""The frame of every act of the stock room: its paper, its movements, and last its event; all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from inventory.errors import StockError
from inventory.models import StockDocument, StockEvent, StockLot, StockMovement
from shops.books_days import sealed_until
from shops.models import Shop, User
from smartkirana.bulk import insert_rows
from smartkirana.dates import FIRST_DAY, shop_today
from smartkirana.db_rules import broken_rule

Moves = list[tuple[StockLot, Decimal, Decimal]]  # lot, quantity and value, both signed


def enter_paper(document: StockDocument, kind: str, write: Callable[[StockDocument], None]) -> StockDocument:
    """The frame of every stock paper: document, movements, and last its event, all or nothing, once for a request key."""
    if not FIRST_DAY <= document.day <= shop_today():
        raise StockError("bad_day", "Give a day up to today.", "day")
    papers = StockDocument.objects.filter(shop=document.shop, request_key=document.request_key)
    if document.request_key and (known := papers.first()) is not None:
        return known
    try:
        with transaction.atomic():
            document.day = _open_day(document)
            document.save(force_insert=True)
            write(document)
            StockEvent.objects.create(shop=document.shop, kind=kind, stock_document=document, by=document.by)
    except IntegrityError as error:
        if broken_rule(error) == "inventory_stockdocument_request_key":
            return papers.get()
        raise
    return document


def _open_day(document: StockDocument) -> date:
    """Today's paper goes into the first open day when today is closed already; a paper of an earlier, closed day is refused."""
    sealed = sealed_until(document.shop)
    if sealed is None or document.day > sealed:
        return document.day
    if document.day < shop_today():
        raise StockError("day_closed", f"The books are closed up to {sealed:%-d %b %Y}. Give a later day.", "day")
    return sealed + timedelta(days=1)


def write_movements(
    moves: Sequence[tuple[StockLot, Decimal, Decimal, int]], *, reason: str, document: StockDocument, at: datetime | None = None
) -> None:
    """A paper's movements: lot, quantity, value, and the line of the paper."""
    bulk_move(
        document.shop,
        moves,
        reason=reason,
        document=StockMovement.Document.STOCK_DOCUMENT,
        document_id=document.pk,
        by=document.by,
        at=at or timezone.now(),
    )


def numbered(moves: Moves) -> list[tuple[StockLot, Decimal, Decimal, int]]:
    """Movements of a paper without lines of its own, each with its place."""
    return [(*move, n) for n, move in enumerate(moves, 1)]


def bulk_move(
    shop: Shop,
    moves: Sequence[tuple[StockLot, Decimal, Decimal, int]],
    *,
    reason: str,
    document: str,
    document_id: int,
    by: User,
    at: datetime,
) -> None:
    """One INSERT for all movements (lot, quantity, value, line of the document); the database adds them to the lots."""
    insert_rows(movement_rows(shop, moves, reason=reason, document=document, document_id=document_id, by=by, at=at))


def movement_rows(
    shop: Shop,
    moves: Sequence[tuple[StockLot, Decimal, Decimal, int]],
    *,
    reason: str,
    document: str,
    document_id: int,
    by: User,
    at: datetime,
) -> list[StockMovement]:
    """The movements as rows that are not written yet."""
    return [
        StockMovement(
            shop=shop,
            lot=lot,
            product_id=lot.product_id,
            quantity=q,
            value=v,
            unit_cost=lot.unit_cost,
            reason=reason,
            document=document,
            document_id=document_id,
            document_line=line,
            by=by,
            at=at,
        )
        for lot, q, v, line in moves
    ]
