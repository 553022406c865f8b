"""Lists: `page` from 1, `limit` 1 to 100, the whole number of rows in the header X-Total-Count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from ninja import Schema
from pydantic import Field

TOTAL = "X-Total-Count"
DEEPEST = 1_000_000  # rows that may be skipped; who wants more asks for a narrower list


class Paging(Schema):
    """Which part of a list."""

    page: int = Field(1, ge=1, le=DEEPEST, description="From 1.")
    limit: int = Field(20, ge=1, le=100, description="Rows on a page.")


def page_of(rows: QuerySet[Any] | Sequence[Any], asked: Paging, response: HttpResponse) -> list[Any]:
    """The asked page of `rows`; says in the header how many there are in all. Two queries. Past the end it is empty."""
    total = rows.count() if isinstance(rows, QuerySet) else len(rows)
    response[TOTAL] = str(total)
    first = (asked.page - 1) * asked.limit
    return list(rows[first : first + asked.limit]) if first < total else []
