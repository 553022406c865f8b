"""How allauth meets our people: the phone is the login, typed as ten digits, stored as +91…"""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from shops.models import User

TEN_DIGITS = _("Type the ten digits of a phone, as in 98765 43210.")


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by phone and password; accounts are made by an owner's invitation, never by open sign-up."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "phone_password_mismatch": _("This phone and password do not go together. Check both and try again."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, then try again. Devices that are signed in stay signed in."),
        "enter_current_password": _("This is not your present password."),
        "account_inactive": _("This account is closed. The people who run this installation can open it again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """After sign-in only to pages of the host at hand; allauth would also go to every other host we answer for."""
        request = context.request
        return url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure())

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials) -> str:
        # allauth counts failed tries by e-mail or user name. We have neither, so it would count everybody together
        # and five wrong passwords anywhere would lock the whole installation. The host stays out: it is the caller's word.
        return str(credentials.get("phone", ""))

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        messages.error(request, self.error_messages["account_inactive"])
        return redirect("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)

    def get_reauthentication_methods(self, user: User) -> list[dict]:
        """One page asks for the password once more, whatever for."""
        return [{"id": "reauthenticate", "description": "", "url": reverse("this_is_me")}] if user.is_authenticated else []

    def phone_form_field(self, **kwargs):
        return IndianPhoneField(**kwargs)

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        return (user.phone.as_e164, True) if user.phone else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        user.phone = phone
        user.save(update_fields=["phone"])

    def set_phone_verified(self, user: User, phone: str) -> None:
        """A phone is known by the owner's invitation."""

    def get_user_by_phone(self, phone: str) -> User | None:
        return User.objects.filter(phone=phone).first()


class IndianPhoneField(PhoneNumberField):
    """Ten digits or +91…; gives E.164 text."""

    default_validators = []  # the library's speaks in its own words

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("region", "IN")
        kwargs.setdefault("label", _("Phone"))
        kwargs.setdefault("widget", forms.TelInput)  # the library's own would show "098765 43210" after "9876543210" was typed
        super().__init__(**kwargs)
        self.error_messages |= {"invalid": TEN_DIGITS, "required": TEN_DIGITS}

    def clean(self, value: str) -> str:
        number = super().clean(value)
        if number and not number.is_valid():
            raise forms.ValidationError(TEN_DIGITS, code="invalid")
        return number.as_e164 if number else ""
