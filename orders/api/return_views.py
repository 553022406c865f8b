"""Goods that come back, and their credit notes: `/returns`."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from orders.api.return_schemas import (
    NoteFilter,
    NoteOut,
    NoteRowOut,
    ReturnableOut,
    ReturnAskedIn,
    ReturnIn,
    ReturnSumsOut,
)
from orders.api.returning import note_out, note_row, note_with_id, order_of, returnable_out, sums, take
from orders.credit_selectors import NoteChoice, credit_notes
from shops.access import Can
from shops.api.declare import operation
from smartkirana.api.fields import Id
from smartkirana.api.lists import page_of

router = Router(tags=["returns"])


@operation(router, "GET", "", right=Can.SEE_BILLS, answer=list[NoteRowOut], paged=True)
def list_returns(request: HttpRequest, response: HttpResponse, asked: Query[NoteFilter]):
    """What came back, the newest first."""
    choice = NoteChoice(asked.q, asked.start, asked.end, asked.counter_id, asked.went or "")
    return [note_row(note) for note in page_of(credit_notes(request.auth.shop, choice), asked, response)]


@operation(router, "GET", "/of-order/{order_id}", right=Can.SEE_BILLS, answer=ReturnableOut, problems={404})
def what_may_come_back(request: HttpRequest, order_id: Id):
    """Which goods of an order may still come back, and how it was paid."""
    return returnable_out(order_of(request.auth, order_id))


@operation(router, "POST", "/sums", right=Can.SELL, answer=ReturnSumsOut, problems={400, 404})
def return_comes_to(request: HttpRequest, body: ReturnAskedIn):
    """What a return or an exchange would come to. Nothing is written."""
    return sums(request.auth, body)


@operation(router, "POST", "", right=Can.SELL, moves=True, answer=NoteOut, status=201, problems={400, 404})
def take_goods_back(request: HttpRequest, body: ReturnIn):
    """Take goods back, with `exchange` against new ones: a credit note exists, stock, money, khata and books are put right.

    Who may not take goods back alone needs somebody who may: 403.
    """
    note = take(request.auth, body, request.request_key)
    return note_out(note_with_id(request.auth, note.pk))


@operation(router, "GET", "/{note_id}", right=Can.SEE_BILLS, answer=NoteOut, problems={404})
def one_return(request: HttpRequest, note_id: Id):
    """One credit note."""
    return note_out(note_with_id(request.auth, note_id))
