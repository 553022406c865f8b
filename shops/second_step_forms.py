"""What is typed, or sent by a browser's own passkey dialogue, at the second step and where it is set up."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, LoginWebAuthnForm, _BaseAddWebAuthnForm
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shops.errors import TooManyTries
from shops.forms import NameField
from shops.models import User
from shops.second_step import use_code

MOST_PASSKEYS = 10
LONGEST_CREDENTIAL = 20_000
NOT_UNDERSTOOD = gettext_lazy("This passkey was not understood. Try again, or use another way.")


TOO_MANY_PASSKEYS = gettext_lazy("You have ten passkeys already. Remove one first.")


def has_all_passkeys(user: User) -> bool:
    """True when no further one may be added."""
    return Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.WEBAUTHN).count() >= MOST_PASSKEYS


class SecondStepForm(AuthenticateForm):
    """A code of the app, or a recovery code."""

    code = forms.CharField(
        label=gettext_lazy("Code of the app, or a recovery code"),
        max_length=40,
        error_messages={"required": gettext_lazy("Type the code of your app, or a recovery code.")},
    )

    def clean_code(self) -> str:
        try:
            found = use_code(self.user, self.cleaned_data["code"])
        except TooManyTries as error:
            raise forms.ValidationError(error.message, code=error.code) from error
        if found is None:
            raise forms.ValidationError(_("This code is not right. Wait for the next one and try again."), code="bad_code")
        self.authenticator = found
        return self.cleaned_data["code"]


class AddAppForm(ActivateTOTPForm):
    """The first code of an authenticator app: it proves that the QR code was taken in."""

    code = forms.CharField(
        label=gettext_lazy("Code of the app"),
        max_length=40,
        error_messages={"required": gettext_lazy("Type the six digits that the app shows.")},
    )


class CredentialField(forms.JSONField):
    """What a browser says of a passkey: an object of bounded size."""

    default_error_messages = {"invalid": NOT_UNDERSTOOD, "required": NOT_UNDERSTOOD}

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and (len(value) > LONGEST_CREDENTIAL or "\\u0000" in value):
            raise forms.ValidationError(NOT_UNDERSTOOD, code="invalid")
        try:
            found = super().to_python(value)
        except RecursionError as error:
            raise forms.ValidationError(NOT_UNDERSTOOD, code="invalid") from error
        if found is not None and not isinstance(found, dict):
            raise forms.ValidationError(NOT_UNDERSTOOD, code="invalid")
        return found

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What was sent is never shown again: a credential is good once."""
        return None


@contextmanager
def understood() -> Iterator[None]:
    """The library trips over what is no credential in many ways; to the person they are one."""
    try:
        yield
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, NotImplementedError, struct.error) as error:
        raise forms.ValidationError(NOT_UNDERSTOOD, code="invalid") from error


class PasskeyForm(AuthenticateWebAuthnForm):
    """A passkey as the second step."""

    credential = CredentialField(widget=forms.HiddenInput)

    def clean_credential(self) -> Authenticator:
        with understood():
            return super().clean_credential()


class PasskeySignInForm(LoginWebAuthnForm):
    """A passkey alone: it says who the person is."""

    credential = CredentialField(widget=forms.HiddenInput)

    def clean_credential(self) -> Authenticator:
        with understood():
            return super().clean_credential()


class AddPasskeyForm(_BaseAddWebAuthnForm):
    """A new passkey, kept on the device and opened by its lock."""

    name = NameField(label=gettext_lazy("Name"), max_length=60, required=False, help_text=gettext_lazy("What you call this device or key."))
    credential = CredentialField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        if has_all_passkeys(self.user):
            raise forms.ValidationError(TOO_MANY_PASSKEYS, code="too_many")
        with understood():
            return super().clean()
