"""Who stands at the counter and who lets pass what they may not alone: locking, changing cashier, approvals; and the page's notes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from orders import till_forms as forms
from orders.approvals import Ask, approve, approvers
from orders.cards import STAFF, read_card
from orders.errors import OrderError
from orders.till_log import Note, record, record_all
from orders.till_models import Approval, TillEvent
from shops import stand
from shops.access import Can, lock_screen, may, shop_page
from shops.errors import ShopError
from shops.models import Counter, Membership, User
from shops.passwords import check_own_password
from shops.pins import WrongPin, check_pin
from shops.selectors import people_with_pin
from smartkirana.errors import Refusal
from smartkirana.web import go, show

CHOSEN = "counters"  # session: shop id → the counter this device stands at (counter_views)


# --- locking and taking over --------------------------------------------------------------------------------------
@shop_page(Can.SELL, methods=("POST",), when_locked=True)
def counter_lock(request: HttpRequest) -> HttpResponse:
    """Lock this device at once: every page of its shops asks for a PIN from now on. The open bill stays on the device."""
    if not request.locked:
        client_id = forms.uuid_or_none_leniently(request.POST.get("client_id", ""))
        stand.lock(request, request.shop)
        _note(request, TillEvent.Kind.LOCKED, by=request.cashier, client_id=client_id)
    return go(request, "orders:counter", request.shop.slug)


@shop_page(Can.ENTER, methods=("GET", "POST"), when_locked=True)
def counter_cashier(request: HttpRequest) -> HttpResponse:
    """GET: who may take over here, a badge's owner chosen. POST: somebody proves themselves, and sells from now on."""
    if request.method == "GET":
        return lock_screen(request) if request.locked else _cashiers(request, chosen=_of_badge(request))
    try:
        who = _prove_own(request) if "password" in request.POST else _prove_by_pin(request)
    except Refusal as refusal:
        chosen = forms.id_or_none_leniently(request.POST.get("who", ""))
        return _not_proven(request, refusal, chosen)
    details = {"with": "password" if "password" in request.POST else "PIN", "before": "" if request.locked else str(request.cashier)[:80]}
    client_id = forms.uuid_or_none_leniently(request.POST.get("client_id", ""))
    _note(request, TillEvent.Kind.SWITCHED, by=who, details=details, client_id=client_id)
    return go(request, "orders:counter", request.shop.slug)


def _prove_own(request: HttpRequest) -> User:
    check_own_password(request, request.POST["password"][:1000])
    stand.stand_by_password(request)
    return request.user


def _prove_by_pin(request: HttpRequest) -> User:
    who = forms.id_or_none_leniently(request.POST.get("who", ""))
    place = people_with_pin(request.shop).filter(pk=who).first() if who else None
    if place is None or not may(place, Can.SELL):
        raise ShopError("nobody", _("Choose who it is."), "who")
    place.shop = request.shop
    with wrong_tries_logged(request, place):
        pin = check_pin(place, request.POST.get("pin", ""))
    stand.stand_by_pin(request, request.shop, pin)
    return place.user


@contextmanager
def wrong_tries_logged(request: HttpRequest, place: Membership) -> Iterator[None]:
    """A wrong PIN goes into the log before it is told."""
    try:
        yield
    except WrongPin as wrong:
        kind = TillEvent.Kind.PIN_WRONG if wrong.left else TillEvent.Kind.PIN_LOCKED
        _note(request, kind, by=request.cashier, details={"person": str(place.user)[:80]})
        raise


def _not_proven(request: HttpRequest, refusal: Refusal, chosen: int | None) -> HttpResponse:
    if request.locked and not request.htmx:
        return lock_screen(request, problem=refusal.message, chosen=chosen, status=422)
    return _cashiers(request, chosen=chosen, problem=refusal.message, status=422)


def _cashiers(request: HttpRequest, *, chosen: int | None, problem: str = "", status: int = 200) -> HttpResponse:
    people = [place for place in people_with_pin(request.shop) if may(place, Can.SELL)]
    if request.GET.get("card") and chosen not in [place.pk for place in people]:
        problem = _("This badge is of nobody who can take over here.")
    chosen = chosen or (people[0].pk if len(people) == 1 else None)
    context = {"people": people, "chosen": chosen, "problem": problem, "client_id": uuid4()}
    return show(request, "orders/counter/cashier.html", context, partial="cashier_panel", bad=status == 422)


def _of_badge(request: HttpRequest) -> int | None:
    """The membership that a scanned badge names, if it is one."""
    card = read_card(request.GET.get("card", ""))
    return card[1] if card and card[0] == STAFF else None


# --- approvals ----------------------------------------------------------------------------------------------------
@shop_page(Can.SELL, methods=("GET", "POST"))
def counter_approve(request: HttpRequest) -> HttpResponse:
    """GET: who can let this pass. POST: one of them does, with their PIN; the answer goes into the bill's form."""
    data = request.POST if request.method == "POST" else request.GET
    try:
        ask = forms.parse_ask(data)
        key = forms.uuid_of(data.get("key", ""))
    except OrderError as refusal:
        return render(request, "orders/counter/message.html", {"refusal": refusal}, status=422)
    if request.method == "GET":
        return _approvers(request, ask, key)
    try:
        given = _approve(request, ask, key)
    except Refusal as refusal:
        return _approvers(request, ask, key, problem=refusal.message)
    return render(request, "orders/counter/approved.html", {"approval": given, "what": ask.words()})


def _approve(request: HttpRequest, ask: Ask, key: UUID) -> Approval:
    """As orders.approvals.approve(); whoever is named must be of the shop and have a PIN."""
    till = till_of(request)
    who = forms.id_or_none(request.POST.get("who", ""))
    place = people_with_pin(request.shop).filter(pk=who).first() if who else None
    if place is None:
        raise OrderError("bad_approver", _("Choose who approves."), "who")
    if till is None:
        raise OrderError("bad_counter", _("This counter is not in use. Choose another one."), "counter")
    place.shop = request.shop
    with wrong_tries_logged(request, place):
        return approve(
            shop=request.shop, counter=till, request_key=key, asked_by=request.cashier, signed_in=request.user, approver=place,
            pin=request.POST.get("pin", ""), percent=ask.percent, rate=ask.rate, khata_up_to=ask.khata,
            reason=request.POST.get("reason", ""), client_id=forms.uuid_of(request.POST.get("client_id", "")),
        )  # fmt: skip


def _approvers(request: HttpRequest, ask: Ask, key: UUID, problem: str = "") -> HttpResponse:
    people = approvers(request.shop, ask)
    data = request.POST if request.method == "POST" else request.GET
    chosen = forms.id_or_none_leniently(data.get("who", "")) or (people[0].pk if len(people) == 1 else None)
    client_id = forms.uuid_or_none_leniently(data.get("client_id", "")) or uuid4()
    context = {
        "people": people, "ask": ask, "what": ask.words(), "key": key, "chosen": chosen, "problem": problem, "client_id": client_id,
        "reason": data.get("reason", "")[:200],
    }  # fmt: skip
    return show(request, "orders/counter/approve.html", context, partial="approve_panel", bad=bool(problem))


# --- the log ------------------------------------------------------------------------------------------------------
@shop_page(Can.SELL, methods=("POST",), when_locked=True)
def counter_log_notes(request: HttpRequest) -> HttpResponse:
    """Take the page's notes into the log, up to 50; sent again they change nothing. Also while locked: none may be lost."""
    try:
        record_all(shop=request.shop, notes=_notes(request, forms.parse_notes(request.POST.get("events", ""))))
    except OrderError as refusal:
        return render(request, "orders/counter/message.html", {"refusal": refusal}, status=422)
    return HttpResponse(status=204)


def _notes(request: HttpRequest, told: list[forms.PageNote]) -> list[Note]:
    """With the people and counters they name: only who proved themselves on this device, and counters of the shop."""
    people = {request.cashier.pk: request.cashier, request.user.pk: request.user}
    missing = {one.by for one in told if one.by and one.by not in people and stand.has_stood(request, one.by)}
    if missing:
        people |= {place.user_id: place.user for place in request.shop.memberships.filter(user__in=missing).select_related("user")}
    tills = request.shop.counters.in_bulk({one.counter for one in told if one.counter})
    return [
        Note(
            kind=one.kind, by=people.get(one.by, request.cashier), signed_in=request.user, counter=tills.get(one.counter),
            request_key=one.request_key, amount=one.amount, reason=one.reason, details=one.details, client_id=one.client_id,
            at_device=one.at,
        )
        for one in told
    ]  # fmt: skip


def _note(request: HttpRequest, kind: str, *, by: User, details: dict | None = None, client_id: UUID | None = None) -> None:
    record(shop=request.shop, kind=kind, by=by, signed_in=request.user, counter=till_of(request), details=details, client_id=client_id)


def till_of(request: HttpRequest) -> Counter | None:
    """The counter this device stands at: the posted one, else the one chosen before, else the only one in use."""
    tills = {till.pk: till for till in request.shop.counters.filter(is_active=True)}
    posted = forms.id_or_none_leniently(request.POST.get("counter", ""))
    chosen = posted or request.session.get(CHOSEN, {}).get(str(request.shop.pk))
    return tills.get(chosen) or (next(iter(tills.values())) if len(tills) == 1 else None)
