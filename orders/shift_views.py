"""The drawer: opening a shift, putting in and taking out, counting blind, ending.

Who sells may open a shift and end their own; who closes the day may end anybody's and sees everybody's.
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from orders import shift_selectors as selectors
from orders.bill_views import PER_PAGE
from orders.errors import OrderError
from orders.models import DrawerEvent, Shift
from orders.shift_forms import CountForm, EndForm, MoveForm, OpenForm, signed_count
from orders.shifts import REASON_FROM, Count, close_shift, move_cash, open_shift
from orders.tables import ShiftTable
from orders.till_log import record
from orders.till_models import TillEvent
from shops.access import Can, shop_page
from shops.models import Counter
from smartkirana.errors import Refusal
from smartkirana.money import ZERO, rupees
from smartkirana.paging import paginate
from smartkirana.web import go, sent, show


@shop_page(Can.SELL)
def drawer(request: HttpRequest) -> HttpResponse:
    """The counters with their open shifts, and the shifts that are over: one's own, or everybody's for who closes the day."""
    sees_all = Can.CLOSE_DAY in request.can
    table = ShiftTable(selectors.past_shifts(request.shop, None if sees_all else request.cashier))
    context = {
        "drawers": selectors.drawers(request.shop),
        "table": table,
        "at_the_end": paginate(request, table, PER_PAGE),
        "sees_all": sees_all,
    }
    return show(request, "orders/shifts/drawer.html", context, partial="shift_rows")


@shop_page(Can.SELL, methods=("GET", "POST"))
def shift_open(request: HttpRequest, counter: int) -> HttpResponse:
    """Count what lies in the drawer, and begin."""
    till: Counter = get_object_or_404(request.shop.counters.filter(is_active=True), pk=counter)
    form = OpenForm(sent(request))
    if form.is_bound and form.is_valid():
        try:
            begun = open_shift(shop=request.shop, counter=till, cashier=request.cashier, request_key=form.key(), **form.answer())
        except Refusal as refused:
            form.refuse(refused)
        else:
            event = begun.events.get(kind=DrawerEvent.Kind.OPENED)
            messages.success(request, _opened(event))
            return go(request, "orders:shift", request.shop.slug, begun.pk)
    context = {"form": form, "till": till, "is_first": not till.shifts.exists(), "asks_why": "reason" in form.errors}
    return show(request, "orders/shifts/open.html", context, bad=form.is_bound)


def _opened(event: DrawerEvent) -> str:
    told = _("The shift is open with {amount} in the drawer.").format(amount=rupees(event.counted or 0))
    if event.difference < 0:
        told += " " + _("That is {amount} less than was left.").format(amount=rupees(-event.difference))
    elif event.difference > 0:
        told += " " + _("That is {amount} more than was left.").format(amount=rupees(event.difference))
    return told


@shop_page(Can.SELL)
def shift(request: HttpRequest, shift: int) -> HttpResponse:
    """One shift: while it is open what to do, afterwards what came of it."""
    return _shift_page(request, _own_or_refused(request, shift), _move_form(request))


@shop_page(Can.SELL, methods=("POST",))
def shift_move(request: HttpRequest, shift: int) -> HttpResponse:
    """Put cash into the drawer of the shift, or take it out."""
    at = _own_or_refused(request, shift)
    form = _move_form(request)
    if form.is_valid():
        try:
            if not at.is_open:
                raise OrderError("no_shift", _("This shift is over. Open a new one."))
            event = move_cash(shop=request.shop, by=request.cashier, counter=at.counter, request_key=form.key(), **form.answer())
        except Refusal as refused:
            form.refuse(refused)
        else:
            way = _("Put in") if event.amount > 0 else _("Taken out")
            messages.success(request, f"{way}: {rupees(abs(event.amount))}, {event.get_reason_display()}.")
            return go(request, "orders:shift", request.shop.slug, at.pk)
    return _shift_page(request, at, form, bad=True)


@shop_page(Can.SELL, methods=("GET", "POST"))
def shift_count(request: HttpRequest, shift: int) -> HttpResponse:
    """The blind count. What should be there is told only after it, and each count is kept in the counter's log."""
    at = _own_or_refused(request, shift)
    if not at.is_open:
        return go(request, "orders:shift", request.shop.slug, at.pk)
    form = CountForm(sent(request))
    if form.is_bound and form.is_valid():
        try:
            count = form.count()
        except Refusal as refused:
            form.refuse(refused)
        else:
            return _counted(request, at, count, form.key())
    return show(request, "orders/shifts/count.html", {"form": form, "shift": at}, bad=form.is_bound)


def _counted(request: HttpRequest, at: Shift, count: Count, key: UUID) -> HttpResponse:
    expected = at.counter.cash
    told = {"expected": str(expected), "difference": str(count.total - expected)}
    record(
        shop=request.shop,
        kind=TillEvent.Kind.DRAWER_COUNTED,
        by=request.cashier,
        signed_in=request.user,
        counter=at.counter,
        amount=count.total,
        details=told,
        client_id=key,
    )
    form = EndForm()
    form.initial["counted"] = signed_count(at, count, expected)
    return _end_page(request, at, form, count, expected)


@shop_page(Can.SELL, methods=("POST",))
def shift_end(request: HttpRequest, shift: int) -> HttpResponse:
    """End the shift with the count that was just made; who closes the day may also end one that nobody counted."""
    at = _own_or_refused(request, shift)
    if "uncounted" in request.POST and Can.CLOSE_DAY in request.can:
        close_shift(shop=request.shop, shift=at, by=request.cashier, count=None, reason=_("Ended without a count"))
        messages.success(request, _("The shift is ended without a count."))
        return go(request, "orders:shift", request.shop.slug, at.pk)
    form = EndForm(request.POST)
    count = expected = None
    try:
        if form.is_valid():
            count, expected = form.told(at)
            more = {"to_safe": form.cleaned_data["to_safe"] or ZERO, "reason": form.cleaned_data["reason"], "request_key": form.key()}
            close_shift(shop=request.shop, shift=at, by=request.cashier, count=count, seen=expected, **more)
            messages.success(request, _("The shift is ended."))
            return go(request, "orders:shift", request.shop.slug, at.pk)
        count, expected = form.told(at)
    except Refusal as refused:
        form.refuse(refused)
        if refused.code in ("drawer_moved", "bad_count"):
            again = CountForm()
            return show(request, "orders/shifts/count.html", {"form": again, "shift": at, "problem": refused.message}, bad=True)
    return _end_page(request, at, form, count, expected, bad=True)


def _end_page(request: HttpRequest, at: Shift, form: EndForm, count, expected, *, bad: bool = False) -> HttpResponse:
    difference = count.total - expected
    form.fields["reason"].required = abs(difference) >= REASON_FROM  # what the page says; the service insists
    context = {
        "form": form,
        "shift": at,
        "count": count,
        "expected": expected,
        "difference": difference,
        "off_by": abs(difference),
        "asks_why": abs(difference) >= REASON_FROM,
        "claims": selectors.shift_claims(at),
    }
    return show(request, "orders/shifts/end.html", context, bad=bad)


def _shift_page(request: HttpRequest, at: Shift, form: MoveForm, *, bad: bool = False) -> HttpResponse:
    context = {
        "shift": at,
        "form": form,
        "story": selectors.story(at),
        "claims": selectors.shift_claims(at),
        "tenders": [] if at.is_open else selectors.shift_tenders(at),
        "may_end_uncounted": Can.CLOSE_DAY in request.can,
    }
    return show(request, "orders/shifts/shift.html", context, bad=bad)


def _move_form(request: HttpRequest) -> MoveForm:
    return MoveForm(sent(request), shop=request.shop, pays_suppliers=Can.BUY in request.can)


def _own_or_refused(request: HttpRequest, pk: int) -> Shift:
    """The shift of the shop, 404 when there is none; 403 for somebody else's, unless one closes the day."""
    found = selectors.shift_with_id(request.shop, pk)
    if found is None:
        raise Http404("There is no such shift in this shop.")
    if found.cashier_id != request.cashier.pk and Can.CLOSE_DAY not in request.can:
        raise PermissionDenied("This is another person's shift.")
    return found
