"""Idempotency-Key: a request that moves money or stock, sent again, has one effect and gets the first answer again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4, uuid5

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from pydantic import TypeAdapter

from shops.api.caller import Caller
from shops.models import ApiAnswer
from smartkirana.api.answers import as_json, json_answer, written
from smartkirana.api.problems import ApiProblem

HEADER = "Idempotency-Key"
OURS = UUID("b0a4d7c2-5f0e-4e39-8c55-1b7f7a3f2f60")  # the space of names in which request keys are made of these keys


def answer_once(request: HttpRequest, act: Callable[[], object], adapter: TypeAdapter, status: int) -> HttpResponse:
    """The answer to `act`, or the one that was given to the same request before.

    Only good answers are kept: after a refusal the same key may be tried again. Raises ApiProblem 409 "key_used" for the key of
    another request, 422 for one that is no UUID. While it works `request.request_key` is the key that services take.
    """
    caller: Caller = request.auth
    key = _key(request)
    if key is None:
        request.request_key = uuid4()
        return as_json(adapter, act(), status)
    asked = _digest(request)
    with _alone(f"{caller.shop.pk} {caller.user.pk} {key}"):
        known = ApiAnswer.objects.filter(shop=caller.shop, user=caller.user, key=key).first()
        if known is not None:
            if known.asked != asked:
                raise ApiProblem(409, "key_used", f"This {HEADER} was used for another request. Make a new one for each act.")
            return json_answer(known.body, known.status)
        request.request_key = uuid5(OURS, f"{caller.shop.pk} {caller.user.pk} {asked} {key}")
        body = written(adapter, act()).decode()
        kept = ApiAnswer(shop=caller.shop, user=caller.user, key=key, asked=asked, status=status, body=body)
        ApiAnswer.objects.bulk_create([kept], ignore_conflicts=True)  # a twin whose connection lost the lock kept the same act's answer
        return json_answer(body, status)


def _key(request: HttpRequest) -> UUID | None:
    text = request.headers.get(HEADER, "")
    try:
        return UUID(text) if text else None
    except ValueError:
        raise ApiProblem(422, "bad_key", f"{HEADER} must be a UUID.", fields={HEADER: "Give a UUID."}) from None


def _digest(request: HttpRequest) -> str:
    """What tells one request from another; keyed, since a body may hold somebody's PIN."""
    start = f"{request.method} {request.get_full_path()}\n".encode()
    return salted_hmac("shops.api.once", start + request.body, algorithm="sha256").hexdigest()


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """One at a time with this name, across processes; the others wait. A broken connection lets go by itself."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [number])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [number])
