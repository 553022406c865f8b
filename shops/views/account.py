"""Signing in and out, one's password, and the devices one is signed in on."""

from __future__ import annotations

from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY, reauthenticate_by_password
from allauth.account.views import login, logout, password_change
from allauth.usersessions.forms import ManageUserSessionsForm
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shops import services
from shops.access import open_to_all, signed_in
from shops.devices import device_words
from shops.errors import ShopError
from shops.forms import OwnPasswordForm
from shops.passwords import check_own_password
from shops.second_step import needs_second_step
from shops.selectors import devices_of, runs_a_shop
from shops.signing_out import sign_out_everywhere
from shops.sms import can_send
from shops.stand import stand_by_password
from smartkirana.web import is_handed_over, sent


@open_to_all(methods=("GET", "POST"))  # the way in
def sign_in(request: HttpRequest) -> HttpResponse:
    """Phone and password. Unknown phone and wrong password: the same words after the same time."""
    response = login(request)
    if hasattr(response, "context_data"):
        response.context_data["sends_codes"] = can_send()
    return refused_is_422(request, response)


@open_to_all(methods=("GET", "POST"))  # a session may have ended meanwhile: then it just goes to the sign-in
def sign_out(request: HttpRequest) -> HttpResponse:
    return logout(request)


@never_cache
@signed_in(methods=("GET", "POST"))
def password(request: HttpRequest) -> HttpResponse:
    """Change one's password; every other device has to sign in anew."""
    response = password_change(request)
    if response.status_code == 302:
        sign_out_everywhere(request.user, except_session=request.session.session_key)
    return refused_is_422(request, response)


@signed_in(methods=("GET", "POST"), own_device=True)
def devices(request: HttpRequest) -> HttpResponse:
    """Where one is signed in; POST signs out everywhere else."""
    if request.method == "POST":
        ManageUserSessionsForm(request.POST, request=request).save(request)
        messages.success(request, _("Every other device is signed out."))
        return redirect("usersessions_list")
    rows = devices_of(request.user, request.session.session_key)
    safer = needs_second_step(request.user)
    context = {"devices": rows, "is_safer": safer, "advised": not safer and runs_a_shop(request.user)}
    return render(request, "usersessions/usersession_list.html", context)


@signed_in(methods=("POST",), own_device=True)
def sign_out_device(request: HttpRequest, device: int) -> HttpResponse:
    """Sign out one of one's other devices."""
    others = UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key)
    session = get_object_or_404(others, pk=device)
    session.end()
    messages.success(request, _("{device} is signed out.").format(device=device_words(session.user_agent)))
    return redirect("usersessions_list")


@never_cache
@signed_in(methods=("GET", "POST"))
def this_is_me(request: HttpRequest) -> HttpResponse:
    """After somebody else stood at the device, or might have, and before one's sign-in is changed: the password once more."""
    form = OwnPasswordForm(sent(request))
    onward = request.GET.get("next", "")
    if request.method == "POST" and form.is_valid():
        try:
            check_own_password(request, form.cleaned_data["password"])
        except ShopError as error:
            form.add_error("password", error.message)
        else:
            stand_by_password(request)
            reauthenticate_by_password(request)
            request.session.pop(STATE_SESSION_KEY, None)  # what was sent before is not sent by itself: one sees it first
            return HttpResponseRedirect(onward) if _is_ours(request, onward) else redirect("home")
    context = {"form": form, "handed_over": is_handed_over(request)}
    return render(request, "account/this_is_me.html", context, status=422 if form.errors else 200)


def _is_ours(request: HttpRequest, url: str) -> bool:
    """True for an address of this house; redirect() would take a bare word for the name of a page."""
    ours = url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return ours and url.startswith("/")


@signed_in(methods=("POST",))
def language(request: HttpRequest) -> HttpResponse:
    """The language of one's own screen; back to the page one came from."""
    try:
        services.change_language(user=request.user, language=request.POST.get("language", ""))
    except ShopError as error:
        return HttpResponseBadRequest(error.message)
    back = request.POST.get("next", "")
    return HttpResponseRedirect(back) if _is_ours(request, back) else redirect("home")


def refused_is_422(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """allauth shows a form with errors as 200; in this house that is 422."""
    if request.method == "POST" and response.status_code == 200:
        response.status_code = 422
    return response
