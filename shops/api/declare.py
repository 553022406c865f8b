"""How an operation is declared: its path, its right, its answer and every problem it may answer with, in one place."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import TypeAdapter

from shops.access import Can
from shops.api.auth import Bearer
from shops.api.limits import count_call
from shops.api.once import HEADER, answer_once
from smartkirana.api.answers import UNKEPT, as_json
from smartkirana.api.problems import responses_of
from smartkirana.files import KINDS

SHOP_ID = {"in": "query", "name": "shop_id", "required": False, "schema": {"type": "integer"}, "description": "Must be the token's shop."}
KEY = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "schema": {"type": "string", "format": "uuid"},
    "description": "The same key and body again: the first answer again, and nothing more happens.",
}
TOTAL = {"X-Total-Count": {"description": "How many there are on all pages.", "schema": {"type": "integer"}}}
BYTES = {"type": "string", "format": "binary"}
ALWAYS = frozenset({401, 403, 422, 429})
OPEN = frozenset({422, 429})


def operation(
    router: Router,
    method: str,
    path: str,
    *,
    right: Can | None = None,
    answer: Any = None,
    file: str = "",
    status: int = 200,
    customers: bool = False,
    people: bool = False,
    moves: bool = False,
    open_to_all: bool = False,
    problems: Iterable[int] = (),
    paged: bool = False,
) -> Callable[[Callable], Callable]:
    """Put a view on the router.

    answer       the shape of the answer; file: instead of it the kind of file that the view answers, "pdf"
    right        what the caller's role must carry; None: anybody signed in
    customers    customers may call it too; people: not with a program's key; open_to_all: without a token
    moves        it moves money or stock: takes an Idempotency-Key, and `request.request_key` for the service
    problems     the statuses besides 401, 403, 422, 429 that it may answer: 400, 404, 409
    paged        a list with `page` and `limit`, and its whole length in X-Total-Count
    """
    statuses = {*problems, *(OPEN if open_to_all else ALWAYS), *({409} if moves else ())}
    auth = None if open_to_all else Bearer(right, customers=customers, people=people)

    def decorate(view: Callable) -> Callable:
        adapter = None if file else TypeAdapter(answer)
        run = _answering(view, adapter, status, moves=moves, count=open_to_all)
        run.__signature__ = inspect.signature(view, eval_str=True)  # type: ignore[attr-defined]  (the wrappers' own module knows no schema)
        words: dict[int, dict[str, Any]] = responses_of(statuses)
        if paged:
            words[status] = {"headers": TOTAL}
        if file:
            words[status] = {"description": "The file.", "content": {KINDS[file].partition(";")[0]: {"schema": BYTES}}}
        given = [*([] if open_to_all else [SHOP_ID]), *([KEY] if moves else [])]
        return router.api_operation(
            [method],
            path,
            auth=auth,
            response={status: None if file else answer},
            summary=_summary(view),
            description=inspect.cleandoc(view.__doc__ or ""),
            operation_id=view.__name__,
            url_name=view.__name__,
            openapi_extra={"responses": words, "parameters": given},
        )(run)

    return decorate


def _summary(view: Callable) -> str:
    return (view.__doc__ or view.__name__).strip().splitlines()[0].rstrip(".")


def _answering(view: Callable, adapter: TypeAdapter | None, status: int, *, moves: bool, count: bool) -> Callable:
    """The view as an operation: its answer as JSON with the headers that it set. count: who has no token is counted here."""

    @wraps(view)
    def answering(request: HttpRequest, **given: Any) -> HttpResponse:
        if count:
            count_call(request, None)
        if moves and adapter is not None:
            return answer_once(request, lambda: view(request, **given), adapter, status)
        if adapter is None:
            answer = view(request, **given)
            answer["Cache-Control"] = UNKEPT
            return answer
        answer = as_json(adapter, view(request, **given), status)
        for name, value in given.get("response", {}).items():
            answer.headers.setdefault(name, value)
        return answer

    return answering
