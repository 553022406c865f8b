"""Signing in and out, one's password, and the devices one is signed in on."""

from __future__ import annotations

from allauth.account.views import login, logout, password_change
from allauth.usersessions.forms import ManageUserSessionsForm
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from shops.access import open_to_all, signed_in
from shops.devices import device_words
from shops.selectors import devices_of


@open_to_all(methods=("GET", "POST"))  # the way in
def sign_in(request: HttpRequest) -> HttpResponse:
    """Phone and password. Unknown phone and wrong password: the same words after the same time."""
    return _refused_is_422(request, login(request))


@open_to_all(methods=("GET", "POST"))  # a session may have ended meanwhile: then it just goes to the sign-in
def sign_out(request: HttpRequest) -> HttpResponse:
    return logout(request)


@never_cache
@signed_in(methods=("GET", "POST"))
def password(request: HttpRequest) -> HttpResponse:
    """Change one's password; every other device has to sign in anew."""
    return _refused_is_422(request, password_change(request))


@signed_in(methods=("GET", "POST"))
def devices(request: HttpRequest) -> HttpResponse:
    """Where one is signed in; POST signs out everywhere else."""
    if request.method == "POST":
        ManageUserSessionsForm(request.POST, request=request).save(request)
        messages.success(request, "Every other device is signed out.")
        return redirect("usersessions_list")
    rows = devices_of(request.user, request.session.session_key)
    return render(request, "usersessions/usersession_list.html", {"devices": rows})


@signed_in(methods=("POST",))
def sign_out_device(request: HttpRequest, device: int) -> HttpResponse:
    """Sign out one of one's other devices."""
    others = UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key)
    session = get_object_or_404(others, pk=device)
    session.end()
    messages.success(request, f"{device_words(session.user_agent)} is signed out.")
    return redirect("usersessions_list")


def _refused_is_422(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """allauth shows a form with errors as 200; in this house that is 422."""
    if request.method == "POST" and response.status_code == 200:
        response.status_code = 422
    return response
