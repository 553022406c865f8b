"""Where the money is, moving it, and the cash book. `/money`."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from ledger import cash_book as book
from ledger.api.asked import Days
from ledger.money import money_now
from ledger.money_forms import OF_A_DRAWER, OF_THE_SAFE, Reason
from orders.errors import OrderError
from orders.shifts import move_cash
from shops.access import Can
from shops.api.declare import operation
from shops.models import Counter, Shop
from smartkirana.api.fields import Id, Moment, Rupees, RupeesIn, Text
from smartkirana.api.lists import Paging, page_of
from smartkirana.api.problems import NotThere
from smartkirana.api.shapes import Shape

router = Router(tags=["money"])


class DrawerMoneyOut(Shape):
    counter_id: int
    counter: str
    cash: Rupees
    open_shift_of: str | None


class MoneyOut(Shape):
    """Where the shop's money is now."""

    drawers: list[DrawerMoneyOut]
    cash_in_no_drawer: Rupees
    safe: Rupees
    cash: Rupees = Field(description="All notes and coins.")
    bank: Rupees
    upi_on_its_way: Rupees
    card_on_its_way: Rupees
    unseen_payments: int
    own: Rupees = Field(description="Cash and bank, and what is on its way there.")
    khata: Rupees = Field(description="What customers owe.")
    owed_to_suppliers: Rupees


class MoneyMoveIn(Shape):
    counter_id: Id | None = Field(None, description="Whose drawer; left out: the safe.")
    reason: Literal["to_safe", "from_safe", "to_bank", "from_bank", "owner_took", "owner_gave"]
    amount: RupeesIn
    words: Text = Field("", max_length=200)


class MoneyMoveOut(Shape):
    id: int
    day: date
    counter_id: int | None
    reason: str
    amount: Rupees = Field(description="What the drawer, or the safe, holds more by it.")
    words: str
    moved_by: str
    at: Moment


class CashDayOut(Shape):
    day: date
    opening: Rupees
    came: Rupees
    went: Rupees
    closing: Rupees


class CashLineOut(Shape):
    id: int
    entry_id: int
    date: date
    description: str
    drawer: str | None
    came: Rupees
    went: Rupees
    balance: Rupees


class CashBookOut(Shape):
    period_start: date
    period_end: date
    opening: Rupees
    came: Rupees
    went: Rupees
    closing: Rupees
    days: list[CashDayOut] = Field(description="Days on which cash moved, oldest first.")
    lines: list[CashLineOut] = Field(description="The asked page of the single moves, oldest first.")


class CashAsked(Days):
    of: Literal["all", "safe", "none"] = Field("all", description="All cash, the safe, or cash that is in no drawer.")
    counter_id: Id | None = Field(None, description="One counter's drawer, instead of `of`.")


def _counter(shop: Shop, pk: int | None) -> Counter | None:
    if pk is None:
        return None
    found = shop.counters.filter(pk=pk).first()
    if found is None:
        raise NotThere("counter")
    return found


@operation(router, "GET", "", right=Can.SEE_BOOKS, answer=MoneyOut)
def money(request: HttpRequest):
    """Where the shop's money is now."""
    now = money_now(request.auth.shop)
    drawers = [
        {"counter_id": till.pk, "counter": till.name, "cash": till.cash, "open_shift_of": str(shift.cashier) if shift else None}
        for till, shift in now.drawers
    ]
    return {
        "drawers": drawers,
        "cash_in_no_drawer": now.none,
        "safe": now.safe,
        "cash": now.cash,
        "bank": now.bank,
        "upi_on_its_way": now.upi,
        "card_on_its_way": now.card,
        "unseen_payments": now.unseen,
        "own": now.own,
        "khata": now.khata,
        "owed_to_suppliers": now.owed,
    }


@operation(router, "POST", "/moves", right=Can.RUN_SHOP, answer=MoneyMoveOut, status=201, moves=True, problems={400, 404})
def move_money(request: HttpRequest, body: MoneyMoveIn):
    """Move money between a drawer, the safe, the bank and the owner."""
    caller, reason = request.auth, Reason(body.reason)
    counter = _counter(caller.shop, body.counter_id)
    if reason not in (OF_A_DRAWER if counter else OF_THE_SAFE):
        raise OrderError("bad_place", "Between a drawer and the safe: name the drawer.", "counter_id")
    event = move_cash(
        shop=caller.shop, by=caller.user, reason=reason, amount=body.amount, counter=counter, words=body.words,
        request_key=request.request_key,
    )  # fmt: skip
    return {
        "id": event.pk,
        "day": event.day,
        "counter_id": event.counter_id,
        "reason": event.reason,
        "amount": event.amount,
        "words": event.words,
        "moved_by": str(event.by),
        "at": event.at,
    }


@operation(router, "GET", "/cash-book", right=Can.SEE_BOOKS, answer=CashBookOut, paged=True, problems={400, 404})
def cash_book(request: HttpRequest, response: HttpResponse, asked: Query[CashAsked], part: Query[Paging]):
    """Cash in and out by day and move by move, with the balance before and after."""
    shop, span = request.auth.shop, asked.span()
    postings = book.cash_postings(shop, asked.of, _counter(shop, asked.counter_id))
    sums = book.cash_sums(postings, span)
    days = book.cash_days(postings, span, sums.opening)
    rows = page_of(book.cash_rows(postings, span), part, response)
    return {
        "period_start": span.start,
        "period_end": span.end,
        "opening": sums.opening,
        "came": sums.debit,
        "went": sums.credit,
        "closing": sums.closing,
        "days": [{"day": d.day, "opening": d.opening, "came": d.came, "went": d.went, "closing": d.closing} for d in days],
        "lines": [_cash_line(row, sums.opening) for row in rows],
    }


def _cash_line(row: Any, opening: Any) -> dict[str, Any]:
    return {
        "id": row.pk,
        "entry_id": row.entry_id,
        "date": row.date,
        "description": row.entry.narration,
        "drawer": row.counter.name if row.counter else None,
        "came": row.debit,
        "went": row.credit,
        "balance": opening + row.moved,
    }
