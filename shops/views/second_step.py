"""Safer sign-in: the second step itself, and the pages where a person sets up an authenticator app, passkeys and recovery codes.

The work is allauth's; mounted under the names it looks for are only the pages that are needed. Who changes anything gives the
password first, and nobody does while somebody else may stand at the device.
"""

from __future__ import annotations

from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.views import AddWebAuthnView, LoginWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.views.decorators.cache import never_cache

from shops.access import open_to_all, signed_in
from shops.second_step_forms import MOST_PASSKEYS, TOO_MANY_PASSKEYS, has_all_passkeys
from shops.views.account import refused_is_422

Type = Authenticator.Type


# --- signing in -------------------------------------------------------------------------------------------------
@never_cache
@open_to_all(methods=("GET", "POST"))  # half signed in: password or code were right
def second_step(request: HttpRequest) -> HttpResponse:
    """A code of the app, a recovery code or a passkey; then signed in."""
    return refused_is_422(request, AuthenticateView.as_view(template_name="account/second_step.html")(request))


@never_cache
@open_to_all(methods=("GET", "POST"))  # a way in
def sign_in_by_passkey(request: HttpRequest) -> HttpResponse:
    """What the browser is to ask of a passkey (GET, JSON), and its answer (POST)."""
    return refused_is_422(request, LoginWebAuthnView.as_view()(request))


# --- setting it up ----------------------------------------------------------------------------------------------
@never_cache
@signed_in(own_device=True)
def safer_sign_in(request: HttpRequest) -> HttpResponse:
    """What the person has, and what there is."""
    found = list(Authenticator.objects.filter(user=request.user).order_by("created_at", "pk")[: MOST_PASSKEYS + 2])
    of_kind = {kind: next((one for one in found if one.type == kind), None) for kind in (Type.TOTP, Type.RECOVERY_CODES)}
    codes = of_kind[Type.RECOVERY_CODES]
    context = {
        "app": of_kind[Type.TOTP],
        "passkeys": [one for one in found if one.type == Type.WEBAUTHN],
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else None,
    }
    return render(request, "mfa/safer.html", context)


@never_cache
@signed_in(methods=("GET", "POST"), own_device=True)
def add_app(request: HttpRequest) -> HttpResponse:
    """Scan a QR code with an authenticator app and type its first code."""
    return refused_is_422(request, ActivateTOTPView.as_view(template_name="mfa/add_app.html")(request))


@never_cache
@signed_in(methods=("GET", "POST"), own_device=True)
def remove_app(request: HttpRequest) -> HttpResponse:
    """Sign in without the app again."""
    return refused_is_422(request, DeactivateTOTPView.as_view(template_name="mfa/remove_app.html")(request))


@never_cache
@signed_in(own_device=True)
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """The codes for the day the phone is lost, to be kept on paper."""
    return ViewRecoveryCodesView.as_view(template_name="mfa/recovery_codes.html")(request)


@never_cache
@signed_in(methods=("GET", "POST"), own_device=True)
def new_recovery_codes(request: HttpRequest) -> HttpResponse:
    """New ones in place of all old ones."""
    return refused_is_422(request, GenerateRecoveryCodesView.as_view(template_name="mfa/new_recovery_codes.html")(request))


class AddPasskeyView(AddWebAuthnView):
    """Only passkeys that can sign in alone: kept on the device, opened by its lock."""

    template_name = "mfa/add_passkey.html"

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        return context | {"js_data": {"creation_options": auth.begin_registration(self.request.user, True)}}


@never_cache
@signed_in(methods=("GET", "POST"), own_device=True)
def add_passkey(request: HttpRequest) -> HttpResponse:
    """Have this device make a passkey."""
    if has_all_passkeys(request.user):
        messages.error(request, TOO_MANY_PASSKEYS)
        return redirect("mfa_index")
    return refused_is_422(request, AddPasskeyView.as_view()(request))


@never_cache
@signed_in(methods=("GET", "POST"), own_device=True)
def remove_passkey(request: HttpRequest, passkey: int) -> HttpResponse:
    """Take one of one's own passkeys away."""
    view = RemoveWebAuthnView.as_view(template_name="mfa/remove_passkey.html", success_url=reverse_lazy("mfa_index"))
    return view(request, pk=passkey)
