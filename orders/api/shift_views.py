"""The drawer: opening a shift, putting in and taking out, counting blind, ending: `/shifts`.

Who sells may open a shift and end their own; who closes the day may end anybody's and sees everybody's.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from orders import shift_selectors as selectors
from orders.api.shift_reading import move_out, past_row, shift_out, shift_row
from orders.api.shift_schemas import (
    CashMoveIn,
    CashMoveOut,
    CountedOut,
    DrawerCountIn,
    DrawerOut,
    EndShiftIn,
    OpenShiftIn,
    ShiftOut,
    ShiftRowOut,
)
from orders.errors import OrderError
from orders.models import Shift
from orders.shift_forms import count_told, signed_count
from orders.shifts import REASON_FROM, Count, close_shift, count_of, move_cash, open_shift
from orders.till_log import record
from orders.till_models import TillEvent
from shops.access import Can
from shops.api.caller import Caller
from shops.api.declare import operation
from smartkirana.api.fields import Id
from smartkirana.api.lists import Paging, page_of
from smartkirana.api.problems import ApiProblem, NotThere
from smartkirana.money import ZERO

router = Router(tags=["shifts"])


@operation(router, "GET", "/drawers", right=Can.SELL, answer=list[DrawerOut])
def list_drawers(request: HttpRequest):
    """The counters in use, each with the shift that is open at it."""
    return [
        {
            "counter_id": till.pk,
            "counter": till.name,
            "code": till.code,
            "needs_shift": till.needs_shift,
            "shift": shift and shift_row(_at(shift, till)),
        }
        for till, shift in selectors.drawers(request.auth.shop)
    ]


def _at(shift: Shift, till) -> Shift:
    shift.counter = till
    return shift


@operation(router, "GET", "", right=Can.SELL, answer=list[ShiftRowOut], paged=True)
def list_shifts(request: HttpRequest, response: HttpResponse, asked: Query[Paging]):
    """The shifts that are over, the newest first: one's own, or everybody's for who closes the day."""
    caller: Caller = request.auth
    rows = selectors.past_shifts(caller.shop, None if Can.CLOSE_DAY in caller.can else caller.user)
    return [past_row(shift) for shift in page_of(rows, asked, response)]


@operation(router, "POST", "", right=Can.SELL, moves=True, answer=ShiftOut, status=201, problems={400, 404})
def begin_shift(request: HttpRequest, body: OpenShiftIn):
    """Count what lies in the drawer, and begin."""
    caller: Caller = request.auth
    till = caller.shop.counters.filter(pk=body.counter_id, is_active=True).first()
    if till is None:
        raise NotThere("counter")
    more = {"from_safe": body.from_safe or ZERO, "reason": body.reason, "request_key": request.request_key}
    begun = open_shift(shop=caller.shop, counter=till, cashier=caller.user, count=_count(body), **more)
    return shift_out(caller, _shift(caller, begun.pk))


@operation(router, "GET", "/{shift_id}", right=Can.SELL, answer=ShiftOut, problems={404})
def one_shift(request: HttpRequest, shift_id: Id):
    """One shift: what happened in it, and once it is over what came of it."""
    return shift_out(request.auth, _shift(request.auth, shift_id))


@operation(router, "POST", "/{shift_id}/moves", right=Can.SELL, moves=True, answer=CashMoveOut, status=201, problems={400, 404})
def move_drawer_cash(request: HttpRequest, shift_id: Id, body: CashMoveIn):
    """Put cash into the drawer of an open shift, or take it out."""
    caller: Caller = request.auth
    shift = _open(caller, shift_id)
    if body.reason == "supplier" and Can.BUY not in caller.can:
        raise ApiProblem(403, "not_allowed", "Your role may not pay suppliers.")
    supplier = body.supplier_id and caller.shop.suppliers.filter(pk=body.supplier_id, is_active=True).first()
    if body.supplier_id and supplier is None:
        raise NotThere("supplier")
    event = move_cash(
        shop=caller.shop,
        by=caller.user,
        reason=body.reason,
        amount=body.amount,
        counter=shift.counter,
        words=body.words,
        supplier=supplier or None,
        request_key=request.request_key,
    )
    return move_out(event)


@operation(router, "POST", "/{shift_id}/count", right=Can.SELL, moves=True, answer=CountedOut, problems={400, 404})
def count_drawer(request: HttpRequest, shift_id: Id, body: DrawerCountIn):
    """Count the drawer blind. Only then it is told what should be there; each count is kept in the counter's log."""
    caller: Caller = request.auth
    shift = _open(caller, shift_id)
    count = _count(body)
    expected = shift.counter.cash
    difference = count.total - expected
    told = {"expected": str(expected), "difference": str(difference)}
    record(
        shop=caller.shop,
        kind=TillEvent.Kind.DRAWER_COUNTED,
        by=caller.user,
        signed_in=caller.user,
        counter=shift.counter,
        amount=count.total,
        details=told,
        client_id=request.request_key,
    )
    return {
        "counted": signed_count(shift, count, expected),
        "amount": count.total,
        "expected": expected,
        "difference": difference,
        "needs_reason": abs(difference) >= REASON_FROM,
    }


@operation(router, "POST", "/{shift_id}/end", right=Can.SELL, moves=True, answer=ShiftOut, problems={400, 404})
def end_shift(request: HttpRequest, shift_id: Id, body: EndShiftIn):
    """End a shift with the count that was just made. Who closes the day may also end one that nobody counted."""
    caller: Caller = request.auth
    shift = _shift(caller, shift_id)
    if body.uncounted and Can.CLOSE_DAY not in caller.can:
        raise ApiProblem(403, "not_allowed", "Count the drawer first. Only who closes the day may end a shift without a count.")
    count, expected = (None, None) if body.uncounted else count_told(body.counted, shift)
    close_shift(
        shop=caller.shop,
        shift=shift,
        by=caller.user,
        count=count,
        to_safe=body.to_safe or ZERO,
        reason=body.reason or ("Ended without a count" if body.uncounted else ""),
        seen=expected,
        request_key=request.request_key,
    )
    return shift_out(caller, _shift(caller, shift_id))


def _count(body: DrawerCountIn) -> Count:
    return count_of({int(worth): many for worth, many in (body.notes or {}).items()}, body.amount)


def _shift(caller: Caller, shift_id: int) -> Shift:
    """A shift of the shop. Raises NotThere; ApiProblem 403 for somebody else's, unless one closes the day."""
    found = selectors.shift_with_id(caller.shop, shift_id)
    if found is None:
        raise NotThere("shift")
    if found.cashier_id != caller.user.pk and Can.CLOSE_DAY not in caller.can:
        raise ApiProblem(403, "other_persons", "This is another person's shift.")
    return found


def _open(caller: Caller, shift_id: int) -> Shift:
    shift = _shift(caller, shift_id)
    if not shift.is_open:
        raise OrderError("no_shift", "This shift is over. Open a new one.")
    return shift
