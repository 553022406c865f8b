"""Every answer that is not the good one: {"detail": a sentence, "code": a word, "fields": {…}}."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from smartkirana.api.shapes import Shape

CONFLICTS = frozenset({"busy", "key_used", "bill_there", "balance_there"})  # and every code that ends in _taken
ALREADY = " already exists"


class Problem(Shape):
    """What went wrong, for a person and for a program."""

    detail: str = Field(description="A sentence that a person can act on.", examples=["Only 3 pieces of Soap are left."])
    code: str = Field(description="A word for programs; it does not change.", examples=["not_enough_stock"])
    fields: dict[str, str] = Field(default={}, description="What is wrong with single fields, by name.")


class ApiProblem(Exception):
    """An answer with `status`, for what no rule of the shop refuses but the API does.

    wait  seconds after which to try again, told in Retry-After
    """

    def __init__(self, status: int, code: str, detail: str, *, fields: dict[str, str] | None = None, wait: int = 0) -> None:
        super().__init__(status, code, detail)
        self.status, self.code, self.detail, self.fields, self.wait = status, code, detail, fields or {}, wait


class NotThere(ApiProblem):
    """Not there, or not yours: the same words for both."""

    def __init__(self, what: str) -> None:
        super().__init__(404, "not_found", f"There is no such {what} in your shop.")


WORDS = {
    400: "A rule of the shop, the law or the books refuses it; nothing was written.",
    401: "Nobody is signed in: the token is missing, too old, or its device was signed out.",
    403: "Your role may not do this.",
    404: "Not there, or not yours.",
    409: "It meets something that is there already.",
    422: "The body or the query does not fit the schema.",
    429: "Too many tries; Retry-After says how many seconds to wait.",
}
WAITS: dict[str, Any] = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}


CONTENT: dict[str, Any] = {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def responses_of(statuses: set[int]) -> dict[int, dict[str, Any]]:
    """What OpenAPI is told about the declared problems. (Given to ninja as answers, each would be a model of its own in memory.)"""
    waits = {429: {"headers": WAITS}}
    return {status: {"description": WORDS[status], "content": CONTENT, **waits.get(status, {})} for status in sorted(statuses)}
