"""The API's answers as JSON."""

from __future__ import annotations

from django.http import HttpResponse
from pydantic import TypeAdapter

JSON = "application/json; charset=utf-8"
UNKEPT = "no-store"  # what is answered is one caller's, and of this moment


def written(adapter: TypeAdapter, answer: object) -> bytes:
    """The answer of a view as JSON of its declared shape."""
    return adapter.dump_json(adapter.validate_python(answer, from_attributes=True), by_alias=True)


def json_answer(body: bytes | str, status: int) -> HttpResponse:
    return HttpResponse(body, status=status, content_type=JSON, headers={"Cache-Control": UNKEPT})


def as_json(adapter: TypeAdapter, answer: object, status: int) -> HttpResponse:
    """A view's answer, of the shape that the adapter is of, under its status."""
    return json_answer(written(adapter, answer), status)
