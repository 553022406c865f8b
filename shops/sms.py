"""Ways by which an SMS leaves the house. `SMS_BACKEND` names the class; all of the house sends by `send_sms`.

What a message says may be a secret (a code to sign in with). So no way writes it to a log, and none puts it into an error: errors say
what went wrong and nothing of what was sent.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)
MOST_ANSWER = 65_536  # bytes of a gateway's answer that are looked at
PLACE = re.compile(r"\{(phone|digits|national|text|code|template|key)\}")


@dataclass(frozen=True, slots=True)
class Sms:
    """One message. `phone` as +919876543210; `kind` "code" or "reminder"; `code` its digits alone, for gateways that fill in a template."""

    phone: str
    text: str
    kind: str = "reminder"
    code: str = ""


class SmsError(Exception):
    """The message did not go out. Says why in words fit for a log: nothing of what was sent."""


class SmsBackend(Protocol):
    """Sends one SMS, or raises: it then counts as not sent. `only_here` True: for a local installation alone."""

    only_here: bool

    def send(self, sms: Sms) -> None: ...


class ConsoleSms:
    """Writes the message where the server's own lines go: for trying out on this computer, and nowhere else."""

    only_here = True

    def send(self, sms: Sms) -> None:
        sys.stdout.write(f"SMS to {sms.phone}: {sms.text}\n")
        sys.stdout.flush()


class FileSms:
    """Appends a line of JSON for each message to the file SMS_FILE: for tests, on a local installation only."""

    only_here = True

    def send(self, sms: Sms) -> None:
        if not settings.SMS_FILE:
            raise SmsError("SMS_FILE names no file.")
        line = json.dumps({"phone": sms.phone, "text": sms.text, "kind": sms.kind, "code": sms.code}, ensure_ascii=False)
        handle = os.open(settings.SMS_FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with open(handle, "a", encoding="utf-8") as file:
            file.write(line + "\n")


class HttpSms:
    """Hands the message to an SMS gateway over HTTP, as the SMS_HTTP_… settings say (docs/sign-in.md).

    In params, JSON and headers these are filled in: {phone} +919876543210, {digits} 919876543210, {national} 9876543210, {text},
    {code}, {template} (the id of the template registered for this kind of message) and {key} (SMS_HTTP_KEY).
    """

    only_here = False

    def send(self, sms: Sms) -> None:
        request = self._request(sms)
        try:
            with build_opener(_StayThere).open(request, timeout=settings.SMS_HTTP_TIMEOUT) as answer:
                said = answer.read(MOST_ANSWER).decode("utf-8", "replace")
        except Exception as error:  # an error's own text may hold the address, and with it the code
            raise SmsError(f"The SMS gateway did not take it: {_short(error)}.") from None
        if settings.SMS_HTTP_EXPECT and settings.SMS_HTTP_EXPECT not in said:
            raise SmsError("The SMS gateway's answer is not the one that SMS_HTTP_EXPECT says.")

    def _request(self, sms: Sms) -> Request:
        words = self._words(sms)
        url, method = settings.SMS_HTTP_URL, settings.SMS_HTTP_METHOD.upper()
        if urlsplit(url).scheme not in (("https", "http") if settings.LOCAL else ("https",)):
            raise SmsError("SMS_HTTP_URL must be an https address.")
        headers = {name: str(filled(value, words)) for name, value in settings.SMS_HTTP_HEADERS.items()}
        params = {name: filled(value, words) for name, value in settings.SMS_HTTP_PARAMS.items()}
        body = None
        if settings.SMS_HTTP_JSON:
            body = json.dumps(filled(settings.SMS_HTTP_JSON, words)).encode()
            headers.setdefault("Content-Type", "application/json")
        elif method != "GET" and params:
            body, params = urlencode(params).encode(), {}
        if params:
            url += ("&" if "?" in url else "?") + urlencode(params)
        return Request(url, data=body, headers=headers, method=method)  # noqa: S310  (the scheme was looked at above)

    def _words(self, sms: Sms) -> dict[str, str]:
        return {
            "phone": sms.phone,
            "digits": sms.phone.removeprefix("+"),
            "national": sms.phone.removeprefix("+91"),
            "text": sms.text,
            "code": sms.code,
            "template": settings.SMS_TEMPLATES.get(sms.kind, ""),
            "key": settings.SMS_HTTP_KEY,
        }


class _StayThere(HTTPRedirectHandler):
    """A gateway that sends elsewhere is not followed: the key would go there too."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def filled(value: Any, words: Mapping[str, str]) -> Any:
    """`value` with every {place} of its texts filled in, each once: what is filled in is not looked at again."""
    if isinstance(value, str):
        return PLACE.sub(lambda place: words[place[1]], value)
    if isinstance(value, dict):
        return {name: filled(part, words) for name, part in value.items()}
    if isinstance(value, list):
        return [filled(part, words) for part in value]
    return value


def can_send() -> bool:
    """True when an SMS would leave the house: not by what is for this computer only, once the house is on the internet."""
    return settings.LOCAL or not getattr(import_string(settings.SMS_BACKEND), "only_here", False)


def is_tried_out() -> bool:
    """True while messages only show on the server's console: a page may then say where to look."""
    return settings.LOCAL and issubclass(import_string(settings.SMS_BACKEND), ConsoleSms)


def send_sms(sms: Sms) -> None:
    """Send by the way that is set up. Raises SmsError, or whatever a way of one's own comes up with."""
    if not can_send():
        log.warning("An SMS was not sent: SMS is not configured (SMS_BACKEND).")
        raise SmsError("SMS is not configured.")
    import_string(settings.SMS_BACKEND)().send(sms)


def _short(error: Exception) -> str:
    status = getattr(error, "code", None)
    return f"status {status}" if isinstance(status, int) else type(error).__name__
