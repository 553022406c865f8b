"""How allauth's second step meets our people: names, words, the QR code, and secrets that a stolen database does not tell."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from io import BytesIO

import segno
from allauth.account.utils import user_pk_to_url_str
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from shops.devices import device_words
from shops.models import User

NAME = "SmartKirana"


class SecondStepAdapter(DefaultMFAAdapter):
    """Used by allauth.mfa (MFA_ADAPTER)."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not right. Wait for the next one and try again."),
        "cannot_generate_recovery_codes": _("Recovery codes are for who has an authenticator app or a passkey. Add one first."),
    }

    def get_totp_label(self, user: User) -> str:
        return user.short_phone

    def get_totp_issuer(self) -> str:
        return NAME

    def build_totp_svg(self, url: str) -> str:
        """White around it in both themes: phones read no dark one."""
        drawing = BytesIO()
        segno.make(url, micro=False, error="m").save(drawing, kind="svg", scale=5, border=4, light="#fff", xmldecl=False)
        return drawing.getvalue().decode()

    def encrypt(self, text: str) -> str:
        return _vault().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Under a secret that is no longer known, something that no code is right for: the person uses another way, or is helped."""
        try:
            return _vault().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return generate_totp_secret()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        return device_words(context.request.headers.get("User-Agent", ""))

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": NAME}

    def get_public_key_credential_user_entity(self, user: User) -> dict:
        return {"id": user_pk_to_url_str(user).encode(), "display_name": str(user), "name": user.short_phone}


def _vault() -> MultiFernet:
    return MultiFernet(list(_keys()))


def _keys() -> Iterator[Fernet]:
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        key = salted_hmac("shops.second_step", "", secret=secret, algorithm="sha256").digest()
        yield Fernet(base64.urlsafe_b64encode(key))
