"""Ways by which a reminder leaves the house. A shop's own provider is a class like ConsoleSms, named by KHATA_SMS_BACKEND."""

from __future__ import annotations

import sys
from typing import Protocol

from django.conf import settings
from django.core.mail import send_mail
from django.utils.module_loading import import_string


class SmsBackend(Protocol):
    """Sends one SMS. Raises whatever goes wrong: the reminder then counts as not sent."""

    def send(self, phone: str, text: str) -> None: ...


class ConsoleSms:
    """Writes the message where the server's own lines go: for trying out."""

    def send(self, phone: str, text: str) -> None:
        sys.stdout.write(f"SMS to {phone}: {text}\n")


def send_sms(phone: str, text: str) -> None:
    """Send by the provider that is set up; `phone` as +919876543210."""
    import_string(settings.KHATA_SMS_BACKEND)().send(phone, text)


def send_email(address: str, subject: str, text: str) -> None:
    """Send by the mail server that is set up (EMAIL_URL); the console writes it where none is."""
    send_mail(subject, text, None, [address])
