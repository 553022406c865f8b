"""Sending what is due to webhooks: signed, within ten seconds, again after growing waits, given up with a notice to the owner.

A message may arrive twice (the other side took it and its answer was lost): its event id is the same, so that it can be told.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import logging
import os
import socket
import ssl
import threading
import time
from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from shops.models import Notice, Webhook, WebhookDelivery
from shops.webhook_urls import BadAddress, connect
from smartkirana.dates import shop_today
from smartkirana.text import clean_name

log = logging.getLogger(__name__)
TIMEOUT = 10  # seconds for all of it
MOST_AT_ONCE = 200
LONGEST_RUN = 300  # seconds; the next minute goes on
LEASE = timedelta(minutes=3)  # what a worker that died had in hand is tried again after this
WAITS = (
    timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=12), timedelta(hours=24),
)  # fmt: skip
READ_AT_MOST = 1000
SIGNATURE = "X-SmartKirana-Signature"
State = WebhookDelivery.State


class Answer(NamedTuple):
    """What came back. `code` None: nothing did, and `text` says why."""

    code: int | None
    text: str

    @property
    def good(self) -> bool:
        return self.code is not None and 200 <= self.code < 300


def send_due() -> dict[str, int]:
    """Send what is due, at most MOST_AT_ONCE; by how it ended, counted. May run twice at once.

    A webhook that fails is left alone for the rest of the run, so that one slow address does not hold up the others.
    """
    done = {"arrived": 0, "failed": 0}
    failing: set[int] = set()
    ends = time.monotonic() + LONGEST_RUN
    for _n in range(MOST_AT_ONCE):
        if time.monotonic() > ends or (delivery := _take(failing)) is None:
            break
        if send(delivery):
            done["arrived"] += 1
        else:
            done["failed"] += 1
            failing.add(delivery.webhook_id)
    return done


def _take(failing: set[int]) -> WebhookDelivery | None:
    """The message that is due longest, in this worker's hand for LEASE. Messages of webhooks that are off wait."""
    due = WebhookDelivery.objects.filter(state=State.WAITING, next_try_at__lte=timezone.now(), webhook__active=True)
    rows = due.exclude(webhook__in=failing).order_by("next_try_at", "pk").select_for_update(of=("self",), skip_locked=True)
    with transaction.atomic():
        delivery = rows.select_related("webhook").first()
        if delivery is not None:
            delivery.tries += 1
            delivery.tried_at = timezone.now()
            delivery.next_try_at = delivery.tried_at + LEASE
            delivery.save(update_fields=["tries", "tried_at", "next_try_at"])
    return delivery


def send(delivery: WebhookDelivery) -> bool:
    """Send one message and write down what came of it. True when it arrived."""
    answer = post(delivery.webhook, delivery)
    delivery.answer_code, delivery.answer_text = answer.code, answer.text
    if answer.good:
        delivery.state, delivery.next_try_at, delivery.delivered_at = State.ARRIVED, None, timezone.now()
    elif delivery.tries <= len(WAITS):
        delivery.next_try_at = timezone.now() + WAITS[delivery.tries - 1]
    else:
        delivery.state, delivery.next_try_at = State.GIVEN_UP, None
    with transaction.atomic():
        names = ["state", "next_try_at", "answer_code", "answer_text", "delivered_at"]
        WebhookDelivery.objects.filter(pk=delivery.pk).update(**{name: getattr(delivery, name) for name in names})
        if delivery.state == State.GIVEN_UP:
            _tell_owner(delivery)
    return answer.good


def _tell_owner(delivery: WebhookDelivery) -> None:
    """One notice a day, with a line for each address."""
    day, host = shop_today(), urlsplit(delivery.webhook.url).hostname
    line = {"text": f"A program at {host} could not be told; see its log", "url": "shops:programs", "query": ""}
    title = "Programs could not be told what happened"
    notice, made = Notice.objects.get_or_create(
        shop_id=delivery.shop_id, kind=Notice.Kind.PROGRAMS, day=day, defaults={"title": title, "lines": [line]}
    )
    if not made and line not in notice.lines:
        notice.lines = [*notice.lines, line]
        notice.save(update_fields=["lines"])


# --- over the wire ----------------------------------------------------------------------------------------------
def body_of(delivery: WebhookDelivery) -> bytes:
    """The bytes that are sent and signed."""
    return json.dumps(delivery.payload, ensure_ascii=False, separators=(",", ":")).encode()


def signature(secret: str, body: bytes, at: int) -> str:
    """`t=<unix time>,v1=<HMAC-SHA256 of "t.body" in hex>`."""
    told = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={told}"


def post(webhook: Webhook, delivery: WebhookDelivery) -> Answer:
    """One try. Never raises: whatever goes wrong over the wire is the answer."""
    body = body_of(delivery)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "SmartKirana",
        SIGNATURE: signature(webhook.secret, body, int(time.time())),
        "X-SmartKirana-Event": delivery.kind,
        "X-SmartKirana-Delivery": str(delivery.event_id),
    }
    try:
        return _post(webhook.url, body, headers)
    except BadAddress as error:
        return Answer(None, str(error))
    except TimeoutError:
        return Answer(None, f"No answer within {TIMEOUT} seconds.")
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Answer(None, clean_name(f"{type(error).__name__}: {error}")[:200])


def _post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    """No redirect is followed and no proxy asked; what is slower than TIMEOUT is cut off, however it drips."""
    parts = urlsplit(url)
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        connection = http.client.HTTPSConnection(parts.netloc, timeout=TIMEOUT, context=ssl.create_default_context())
    else:
        connection = http.client.HTTPConnection(parts.netloc, timeout=TIMEOUT)
    watch = _Watch()
    connection._create_connection = watch.connect  # type: ignore[attr-defined]  # the library's own place for it
    try:
        connection.request("POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), body, headers)
        response = connection.getresponse()
        text = response.read(READ_AT_MOST).decode("utf-8", "replace")
        return Answer(response.status, clean_name(text.replace("\x00", " "))[:200])
    except (OSError, http.client.HTTPException, ValueError):
        if watch.cut:
            raise TimeoutError from None
        raise
    finally:
        watch.stop()
        connection.close()


class _Watch:
    """Cuts a connection off when its time is over: a socket's own timeout begins anew with every byte that drips in."""

    cut = False

    def __init__(self) -> None:
        self._timer = threading.Timer(TIMEOUT, self._cut_off)
        self._timer.daemon = True
        self._twin: socket.socket | None = None

    def connect(self, address: tuple[str, int], timeout: float, source: Any = None) -> socket.socket:
        sock = connect(address, timeout)
        self._twin = socket.socket(fileno=os.dup(sock.fileno()))  # TLS takes the first one over
        self._timer.start()
        return sock

    def _cut_off(self) -> None:
        self.cut = True
        if self._twin is not None:
            try:
                self._twin.shutdown(socket.SHUT_RDWR)
            except OSError:
                log.debug("The connection was closed already.")

    def stop(self) -> None:
        self._timer.cancel()
        if self._twin is not None:
            self._twin.close()
