"""Signing in with a code by SMS, and a new password for who forgot theirs. For people who are not signed in.

The phone is kept in the browser's session, never in an address. No page here tells whether a phone is known.
"""

from __future__ import annotations

from datetime import timedelta

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url, perform_login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shops.access import open_to_all
from shops.code_models import SignInCode
from shops.codes import ask_code, check_code
from shops.errors import ShopError, TooManyTries
from shops.forms import CodeForm, NewPasswordForm, PhoneForm
from shops.models import User
from shops.passwords import reset_password
from shops.sms import is_tried_out
from smartkirana.web import sent

ASKED = "code_asked"  # session: for which phone a code was asked, what for, and where to go then
MAY_RESET = "may_set_password"  # session: whose code was right
RESET_WITHIN = timedelta(minutes=10)
Purpose = SignInCode.Purpose


# --- signing in -------------------------------------------------------------------------------------------------
@never_cache
@open_to_all(methods=("GET", "POST"))  # a way in
def by_code(request: HttpRequest) -> HttpResponse:
    """Type the phone, and a code is sent to it if it is one that may sign in."""
    return _ask(request, Purpose.SIGN_IN, "account/code.html", "check_sign_in_code")


@never_cache
@open_to_all(methods=("GET", "POST"))  # a way in
def check_sign_in_code(request: HttpRequest) -> HttpResponse:
    """Type the code: signed in, after the second step where the person has one."""
    user, answer = _check(request, Purpose.SIGN_IN, "account/code_check.html", "sign_in_by_code")
    return answer if user is None else _let_in(request, user)


# --- a new password ---------------------------------------------------------------------------------------------
@never_cache
@open_to_all(methods=("GET", "POST"))  # who forgot their password cannot sign in
def forgotten(request: HttpRequest) -> HttpResponse:
    """Type the phone, and a code for a new password is sent to it."""
    return _ask(request, Purpose.RESET, "account/forgotten.html", "check_reset_code")


@never_cache
@open_to_all(methods=("GET", "POST"))  # who forgot their password cannot sign in
def check_reset_code(request: HttpRequest) -> HttpResponse:
    """Type the code: then a new password may be chosen."""
    user, answer = _check(request, Purpose.RESET, "account/forgotten_check.html", "forgotten_password")
    if user is None:
        return answer
    until = timezone.now() + RESET_WITHIN
    request.session[MAY_RESET] = {"user": user.pk, "until": until.timestamp(), "hash": user.get_session_auth_hash()}
    return redirect("new_password")


@never_cache
@open_to_all(methods=("GET", "POST"))  # the right code has been typed, within ten minutes
def new_password(request: HttpRequest) -> HttpResponse:
    """Choose it. All devices are signed out, this one is signed in."""
    user = _may_reset(request)
    if user is None:
        messages.error(request, _("The time to choose a new password is over. Ask for a new code."))
        return redirect("forgotten_password")
    form = NewPasswordForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            reset_password(user=user, new_password=form.cleaned_data["password"])
        except ShopError as error:
            form.add_error("password", error.message)
        else:
            request.session.pop(MAY_RESET, None)
            messages.success(request, _("Your new password is set. Every other device is signed out."))
            return _let_in(request, user)
    return render(request, "account/new_password.html", {"form": form, "person": user}, status=422 if form.errors else 200)


def _may_reset(request: HttpRequest) -> User | None:
    """Whose password may be set here. Once: a password that was changed since ends it."""
    kept = request.session.get(MAY_RESET) or {}
    if kept.get("until", 0) < timezone.now().timestamp():
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    return user if user and constant_time_compare(user.get_session_auth_hash(), kept["hash"]) else None


# --- shared -----------------------------------------------------------------------------------------------------
def _ask(request: HttpRequest, purpose: str, template: str, onward: str) -> HttpResponse:
    """The page that takes the phone. Whatever the phone, it goes on to the page for the code."""
    if request.user.is_authenticated:
        return redirect("home")
    asked = request.session.get(ASKED) or {}
    form = PhoneForm(sent(request), initial={"phone": asked.get("phone", "").removeprefix("+91")})
    if request.method == "POST" and form.is_valid():
        phone = form.cleaned_data["phone"]
        try:
            ask_code(phone=phone, purpose=purpose, ip=get_adapter().get_client_ip(request))
        except ShopError as error:
            form.add_error("phone", error.message)
            return _page(request, template, form, error)
        request.session[ASKED] = {"phone": phone, "purpose": str(purpose), "next": get_next_redirect_url(request) or asked.get("next", "")}
        return redirect(onward)
    return _page(request, template, form)


def _check(request: HttpRequest, purpose: str, template: str, back: str) -> tuple[User | None, HttpResponse]:
    """The page that takes the code: the person when it is right, else the answer."""
    asked = request.session.get(ASKED) or {}
    if request.user.is_authenticated or asked.get("purpose") != purpose:
        return None, redirect("home" if request.user.is_authenticated else back)
    form = CodeForm(sent(request))
    error = None
    if request.method == "POST" and form.is_valid():
        address = get_adapter().get_client_ip(request)
        try:
            return check_code(phone=asked["phone"], code=form.cleaned_data["code"], purpose=purpose, ip=address), HttpResponse()
        except ShopError as refused:
            error = refused
            form.add_error("code", error.message)
    return None, _page(request, template, form, error, phone=asked["phone"].removeprefix("+91"))


def _page(request: HttpRequest, template: str, form, error: ShopError | None = None, **context) -> HttpResponse:
    status = 429 if isinstance(error, TooManyTries) else 422 if form.errors else 200
    next_url = get_next_redirect_url(request) or ""
    response = render(request, template, {"form": form, "next": next_url, "tried_out": is_tried_out(), **context}, status=status)
    if isinstance(error, TooManyTries):
        response["Retry-After"] = str(error.wait)
    return response


def _let_in(request: HttpRequest, user: User) -> HttpResponse:
    """Sign in as after a password: who has a second step is asked for it."""
    onward = (request.session.pop(ASKED, None) or {}).get("next") or None
    record_authentication(request, user, method="code")
    return perform_login(request, user, redirect_url=onward)
