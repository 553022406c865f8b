"""Who may do what. Every view of the house says it by one of the decorators here.

A stranger to a shop gets 404, never 403: that a shop exists is not theirs to know. A member without the right gets 403.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import wraps
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from shops import stand
from shops.limits import NONE, carried_limits, with_limits
from shops.models import Membership, Role
from shops.selectors import people_with_pin
from smartkirana.web import is_handed_over


class Can(StrEnum):
    """The rights that pages ask for."""

    ENTER = "enter"
    SELL = "sell"
    SEE_BILLS = "see bills"
    CANCEL_BILL = "cancel a bill"
    MARK_SEEN = "mark payments seen"
    SEE_GOODS = "see goods"
    EDIT_GOODS = "change goods and prices"
    ADJUST_STOCK = "adjust stock"
    BUY = "buy goods and pay suppliers"
    SEE_COST = "see costs"
    SEE_DAY = "see what a day came to"
    CLOSE_DAY = "close the day"
    SEE_BOOKS = "see the books"
    RUN_SHOP = "run the shop"


EVERYDAY = {Can.ENTER, Can.SELL, Can.SEE_BILLS, Can.MARK_SEEN, Can.SEE_GOODS, Can.ADJUST_STOCK}
RIGHTS: dict[str, frozenset[Can]] = {
    Role.OWNER: frozenset(Can),
    Role.MANAGER: frozenset(EVERYDAY | {Can.CANCEL_BILL, Can.EDIT_GOODS, Can.BUY, Can.SEE_COST, Can.SEE_DAY, Can.CLOSE_DAY}),
    Role.STAFF: frozenset(EVERYDAY),
    Role.ACCOUNTANT: frozenset({Can.ENTER, Can.SEE_BILLS, Can.MARK_SEEN, Can.SEE_GOODS, Can.SEE_COST, Can.SEE_DAY, Can.SEE_BOOKS}),
}


# What these show must not come back out of the browser's store by its Back button once the device is locked or handed on.
CONFIDENTIAL = frozenset({Can.SEE_BOOKS, Can.SEE_DAY, Can.CLOSE_DAY, Can.RUN_SHOP, Can.SEE_COST, Can.BUY, Can.CANCEL_BILL})


def may(membership: Membership, right: Can) -> bool:
    """True when the role of `membership` carries `right`."""
    return right in RIGHTS[membership.role]


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send to the sign-in page and back; HTMX gets a client redirect, else the page would land inside a fragment."""
    if request.htmx:
        return HttpResponseClientRedirect(_sign_in_url(request.htmx.current_url_abs_path or "/"))
    return redirect(_sign_in_url(request.get_full_path() if request.method in ("GET", "HEAD") else "/"))


def _sign_in_url(back_to: str) -> str:
    return f"{reverse('account_login')}?{urlencode({'next': back_to})}"


def shop_page(right: Can, methods: Iterable[str] = ("GET",), *, when_locked: bool = False) -> Callable:
    """For views under `/s/<shop>/`: signed in, a member of that shop, with `right`.

    The view gets `request.shop` and no `shop` argument, and besides it
      membership  the place of the person who signed in
      cashier     the person who stands at the device: the same, unless somebody took over by PIN
      limits      what the cashier may do at the counter (shops/limits.py)
      can         the rights that both of them have
    While the device is locked it answers 423: the lock screen, or for htmx the event `shop:locked`; `when_locked` views answer
    all the same (`request.locked`), with the right of the signed-in person and no rights in `can`.

    Answers are marked as varying on HX-Request, since one view serves page and fragment.
    """
    allowed = [*methods, "HEAD"] if "GET" in methods else list(methods)

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request: HttpRequest, shop: str, *args, **kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return to_sign_in(request)
            enter_shop(request, shop)
            if request.locked and not when_locked:
                return lock_screen(request)
            if right not in (RIGHTS[request.membership.role] if request.locked else request.can):
                raise PermissionDenied(f"Your role in {request.shop} may not {right}.")
            if request.method not in allowed:
                return HttpResponseNotAllowed(allowed)
            response = view(request, *args, **kwargs)
            patch_vary_headers(response, ["HX-Request"])
            if right in CONFIDENTIAL and not response.has_header("Cache-Control"):
                add_never_cache_headers(response)
            return response

        guarded.access = ("shop", right)
        return guarded

    return decorate


def enter_shop(request: HttpRequest, slug: str) -> None:
    """Put the shop `slug`, who is there and what they may do on the request (see `shop_page`), or raise Http404. One query."""
    pin_id = stand.pin_standing(request, slug)
    places = with_limits(Membership.objects.select_related("shop")).filter(shop__slug=slug, is_active=True, shop__is_active=True)
    if pin_id:
        found = list(places.select_related("user", "pin").filter(Q(user=request.user) | Q(pin=pin_id, user__is_active=True)))
    else:
        found = list(places.filter(user=request.user))
    own = next((place for place in found if place.user_id == request.user.pk), None)
    if own is None:
        raise Http404("No such shop.")
    own.user = request.user
    _let_stand(request, own, own if pin_id is None else stand.of_pin(found, pin_id))


def _let_stand(request: HttpRequest, own: Membership, cashier: Membership | None) -> None:
    """`cashier` None, or one who may not sell: the device is locked. Only on a device of one's own that right is not needed."""
    request.membership, request.shop = own, own.shop
    request.locked = cashier is None or (cashier is not own and not may(cashier, Can.SELL))
    if request.locked:
        request.cashier, request.limits, request.can = request.user, NONE, frozenset()
        return
    request.cashier, request.limits = cashier.user, carried_limits(cashier)
    request.can = RIGHTS[own.role] & RIGHTS[cashier.role]


def lock_screen(request: HttpRequest, problem: str = "", chosen: int | None = None, status: int = 423) -> HttpResponse:
    """The lock screen of the shop at hand; for htmx an event, upon which the page shows it."""
    if request.htmx and not request.htmx.history_restore_request:
        return trigger_client_event(HttpResponse(status=423), "shop:locked", {})
    people = [place for place in people_with_pin(request.shop) if may(place, Can.SELL)]
    chosen = chosen if chosen or len(people) != 1 else people[0].pk
    context = {"people": people, "problem": problem, "chosen": chosen, "client_id": uuid4()}
    response = render(request, "shops/locked.html", context, status=status)
    add_never_cache_headers(response)
    return response


def signed_in(methods: Iterable[str] = ("GET",), *, own_device: bool = False) -> Callable:
    """For pages about oneself: any signed-in person. With `own_device` not while somebody else may stand there: password first."""
    return _plain("signed in", methods, needs_person=True, own_device=own_device)


def open_to_all(methods: Iterable[str] = ("GET",)) -> Callable:
    """For the few pages that need no sign-in. Each use is a decision; say why beside it."""
    return _plain("open", methods, needs_person=False)


def to_own_device(request: HttpRequest) -> HttpResponse:
    """Ask for the password of the signed-in person, then go on to the page that was asked for."""
    back_to = request.get_full_path() if request.method in ("GET", "HEAD") else "/"
    url = f"{reverse('this_is_me')}?{urlencode({'next': back_to})}"
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


def _plain(kind: str, methods: Iterable[str], *, needs_person: bool, own_device: bool = False) -> Callable:
    allowed = [*methods, "HEAD"] if "GET" in methods else list(methods)

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if needs_person and not request.user.is_authenticated:
                return to_sign_in(request)
            if own_device and is_handed_over(request):
                return to_own_device(request)
            if request.method not in allowed:
                return HttpResponseNotAllowed(allowed)
            return view(request, *args, **kwargs)

        guarded.access = (kind, None)
        return guarded

    return decorate
