"""Who may do what. Every view of the house says it by one of the decorators here.

A stranger to a shop gets 404, never 403: that a shop exists is not theirs to know. A member without the right gets 403.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

from shops.models import Membership, Role


class Can(StrEnum):
    """The rights that pages ask for."""

    ENTER = "enter"
    SELL = "sell"
    SEE_BILLS = "see bills"
    CANCEL_BILL = "cancel a bill"
    SEE_GOODS = "see goods"
    EDIT_GOODS = "change goods and prices"
    ADJUST_STOCK = "adjust stock"
    SEE_COST = "see costs"
    SEE_BOOKS = "see the books"
    RUN_SHOP = "run the shop"


EVERYDAY = {Can.ENTER, Can.SELL, Can.SEE_BILLS, Can.SEE_GOODS, Can.ADJUST_STOCK}
RIGHTS: dict[str, frozenset[Can]] = {
    Role.OWNER: frozenset(Can),
    Role.MANAGER: frozenset(EVERYDAY | {Can.CANCEL_BILL, Can.EDIT_GOODS, Can.SEE_COST}),
    Role.STAFF: frozenset(EVERYDAY),
    Role.ACCOUNTANT: frozenset({Can.ENTER, Can.SEE_BILLS, Can.SEE_GOODS, Can.SEE_COST, Can.SEE_BOOKS}),
}


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


def shop_page(right: Can, methods: Iterable[str] = ("GET",)) -> Callable:
    """For views under `/s/<shop>/`: signed in, a member of that shop, with `right`.

    The view gets `request.shop`, `request.membership` and `request.can` (a set of rights), and no `shop` argument.
    Answers are marked as varying on HX-Request, since one view serves page and fragment.
    """
    allowed = [*methods, "HEAD"] if "GET" in methods else list(methods)

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request: HttpRequest, shop: str, *args, **kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return to_sign_in(request)
            enter_shop(request, shop)
            if right not in request.can:
                raise PermissionDenied(f"Your role in {request.shop} may not {right}.")
            if request.method not in allowed:
                return HttpResponseNotAllowed(allowed)
            response = view(request, *args, **kwargs)
            patch_vary_headers(response, ["HX-Request"])
            return response

        guarded.access = ("shop", right)
        return guarded

    return decorate


def enter_shop(request: HttpRequest, slug: str) -> None:
    """Put the shop `slug`, the person's membership and rights on the request, or raise Http404."""
    membership = (
        Membership.objects.select_related("shop").filter(user=request.user, shop__slug=slug, is_active=True, shop__is_active=True).first()
    )
    if membership is None:
        raise Http404("No such shop.")
    membership.user = request.user
    request.membership = membership
    request.shop = membership.shop
    request.can = RIGHTS[membership.role]


def signed_in(methods: Iterable[str] = ("GET",)) -> Callable:
    """For pages about oneself: any signed-in person."""
    return _plain("signed in", methods, needs_person=True)


def open_to_all(methods: Iterable[str] = ("GET",)) -> Callable:
    """For the few pages that need no sign-in. Each use is a decision; say why beside it."""
    return _plain("open", methods, needs_person=False)


def _plain(kind: str, methods: Iterable[str], *, needs_person: bool) -> Callable:
    allowed = [*methods, "HEAD"] if "GET" in methods else list(methods)

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if needs_person and not request.user.is_authenticated:
                return to_sign_in(request)
            if request.method not in allowed:
                return HttpResponseNotAllowed(allowed)
            return view(request, *args, **kwargs)

        guarded.access = (kind, None)
        return guarded

    return decorate
