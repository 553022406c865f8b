"""Statements that were taken in, their lines, and which payment each line is. `/bank`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from ledger import bank_selectors as selectors
from ledger.api.schemas_bank import (
    BankLineFullOut,
    BankLineOut,
    BankStatementFullOut,
    BankStatementOut,
    ChosenOut,
    ConfirmedOut,
    LineReasonIn,
    LineState,
    MatchIn,
    Pair,
    PairsIn,
)
from ledger.bank_acts import choose_all, confirm, confirm_sure, set_aside, undo
from ledger.bank_models import BankLine, BankStatement
from orders.models import Payment
from shops.access import Can
from shops.api.declare import operation
from shops.models import Shop
from smartkirana.api.fields import Id, Text
from smartkirana.api.lists import Paging, page_of
from smartkirana.api.problems import NotThere
from smartkirana.api.shapes import Shape

router = Router(tags=["bank"])
AT_ONCE = 200  # lines that a person chose payments for in one call
LINE = ("row", "day", "at", "amount", "charge", "net", "reference", "text", "state")


def _statement(shop: Shop, pk: int) -> BankStatement:
    found = selectors.statements(shop).filter(pk=pk).first()
    if found is None:
        raise NotThere("statement")
    found.shop = shop
    return found


def statement_out(found: Any) -> dict[str, Any]:
    """A statement of `bank_selectors.statements`, with its counts."""
    names = ("source", "account", "filename", "first_day", "last_day", "read", "known", "matched", "aside", "open")
    said = {name: getattr(found, name) for name in names}
    return {"id": found.pk, **said, "taken_in_at": found.at, "taken_in_by": str(found.by)}


def _payment(payment: Payment | None) -> dict[str, Any] | None:
    if payment is None:
        return None
    order = payment.order
    return {
        "payment_id": payment.pk,
        "method": payment.method,
        "amount": payment.amount,
        "state": payment.state,
        "reference": payment.reference,
        "at": payment.at,
        "bill_number": order.bill_number if order else None,
        "customer_id": order.customer_id if order else payment.customer_id,
    }


def _line(line: BankLine) -> dict[str, Any]:
    said = {name: getattr(line, name) for name in LINE}
    return {"id": line.pk, "statement_id": line.statement_id, **said, "payment": _payment(line.payment)}


def _bare(line: BankLine) -> dict[str, Any]:
    """A line of which nothing is said: its payment is not looked for."""
    return {"id": line.pk, "statement_id": line.statement_id, **{name: getattr(line, name) for name in LINE}, "payment": None}


# --- statements ---------------------------------------------------------------------------------------------------
@operation(router, "GET", "/statements", right=Can.SEE_BOOKS, answer=list[BankStatementOut], paged=True)
def list_statements(request: HttpRequest, response: HttpResponse, part: Query[Paging]):
    """Files that were taken in, the last one first, with what became of their lines."""
    return [statement_out(found) for found in page_of(selectors.statements(request.auth.shop), part, response)]


@operation(router, "GET", "/statements/{statement_id}", right=Can.SEE_BOOKS, answer=BankStatementFullOut, problems={404})
def bank_statement(request: HttpRequest, statement_id: Id):
    """One statement, with what its open lines may be."""
    found = _statement(request.auth.shop, statement_id)
    sums, proposed = selectors.line_sums(found), selectors.proposed(found)
    return statement_out(found) | {
        "amount_matched": sums.matched[1],
        "amount_open": sums.open[1],
        "amount_aside": sums.aside[1],
        "charge": sums.charge,
        "net": sums.net,
        "proposal": _proposal(proposed),
    }


def _proposal(proposed: selectors.Proposed) -> dict[str, Any]:
    return {
        "pairs": [[pair.line, pair.claim] for pair in proposed.found.sure],
        "sure": [{"line": _bare(line), "payment": _payment(payment), "why": why} for line, payment, why in proposed.sure],
        "doubtful": [{"line": _bare(line), "payments": [_payment(p) for p in near]} for line, near in proposed.doubtful],
        "no_bill_found": [_bare(line) for line in proposed.lines],
        "not_in_the_file": [_payment(payment) for payment, _old in proposed.claims],
        "more": proposed.more,
        "sure_amount": proposed.sure_sum,
        "sure_charge": proposed.sure_charge,
    }


@operation(router, "POST", "/statements/{statement_id}/confirm", right=Can.SEE_BOOKS, answer=ConfirmedOut, moves=True, problems={404})
def confirm_statement(request: HttpRequest, statement_id: Id, body: PairsIn):
    """Confirm sure pairs of the proposal: those payments are seen. At most 200 a call; send `rest` next."""
    found = _statement(request.auth.shop, statement_id)
    told = confirm_sure(statement=found, pairs=[(line, payment) for line, payment in body.pairs], by=request.auth.user)
    return {"done": told.done, "changed": told.changed, "refused": list(dict.fromkeys(told.refused)), "rest": [list(p) for p in told.rest]}


class ChoicesIn(Shape):
    pairs: list[Pair] = Field(min_length=1, max_length=AT_ONCE, examples=[[[12, 34]]])


@operation(router, "POST", "/statements/{statement_id}/choose", right=Can.SEE_BOOKS, answer=ChosenOut, moves=True, problems={404})
def choose_payments(request: HttpRequest, statement_id: Id, body: ChoicesIn):
    """Say which payment each doubtful line is; what cannot be is told in `refused`, the others are done."""
    found = _statement(request.auth.shop, statement_id)
    done, refused = choose_all(statement=found, chosen=[(line, payment) for line, payment in body.pairs], by=request.auth.user)
    return {"done": done, "refused": refused}


class LinesAsked(Shape):
    q: Text = Field("", max_length=80, description="Of the reference, the description, a bill number, an amount.")
    state: LineState | None = None


@operation(router, "GET", "/statements/{statement_id}/lines", right=Can.SEE_BOOKS, answer=list[BankLineOut], paged=True, problems={404})
def list_bank_lines(request: HttpRequest, response: HttpResponse, statement_id: Id, asked: Query[LinesAsked], part: Query[Paging]):
    """The lines of a statement in the order of the file, with what became of them."""
    found = _statement(request.auth.shop, statement_id)
    return [_line(line) for line in page_of(selectors.lines_of(found, q=asked.q, state=asked.state or ""), part, response)]


# --- one line -----------------------------------------------------------------------------------------------------
def _full(shop: Shop, pk: int) -> dict[str, Any]:
    line = selectors.line_with_id(shop, pk)
    if line is None:
        raise NotThere("line")
    line.shop = shop
    said = [
        {
            "kind": match.kind,
            "payment_id": match.payment_id,
            "charge": match.charge,
            "found_by_program": match.sure,
            "reason": match.reason,
            "said_by": str(match.by),
            "at": match.at,
        }
        for match in selectors.said_of(line)
    ]
    near = selectors.candidates(line) if line.state == BankLine.State.OPEN else []
    return _line(line) | {"said": said, "candidates": [_payment(payment) for payment in near]}


def _known(shop: Shop, line_id: int) -> int:
    if not shop.bank_lines.filter(pk=line_id).exists():
        raise NotThere("line")
    return line_id


@operation(router, "GET", "/lines/{line_id}", right=Can.SEE_BOOKS, answer=BankLineFullOut, problems={404})
def bank_line(request: HttpRequest, line_id: Id):
    """One line: what the file says, what was said of it, and what it may be."""
    return _full(request.auth.shop, line_id)


@operation(router, "POST", "/lines/{line_id}/match", right=Can.SEE_BOOKS, answer=BankLineFullOut, moves=True, problems={400, 404})
def match_line(request: HttpRequest, line_id: Id, body: MatchIn):
    """The line is the money of this payment: it is seen, and what was kept of it goes to charges."""
    shop = request.auth.shop
    confirm(shop=shop, line_id=_known(shop, line_id), payment_id=body.payment_id, by=request.auth.user)
    return _full(shop, line_id)


@operation(router, "POST", "/lines/{line_id}/aside", right=Can.SEE_BOOKS, answer=BankLineFullOut, moves=True, problems={400, 404})
def set_line_aside(request: HttpRequest, line_id: Id, body: LineReasonIn):
    """The line is no bill's money."""
    shop = request.auth.shop
    set_aside(shop=shop, line_id=_known(shop, line_id), by=request.auth.user, reason=body.reason)
    return _full(shop, line_id)


@operation(router, "POST", "/lines/{line_id}/undo", right=Can.SEE_BOOKS, answer=BankLineFullOut, moves=True, problems={400, 404})
def undo_line(request: HttpRequest, line_id: Id, body: LineReasonIn):
    """What was said of the line was wrong: it is open again, its charge is booked back."""
    shop = request.auth.shop
    undo(shop=shop, line_id=_known(shop, line_id), by=request.auth.user, reason=body.reason)
    return _full(shop, line_id)
