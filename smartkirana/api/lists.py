"""Lists: `page` from 1, `limit` 1 to 100, the whole number of rows in the header X-Total-Count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from pydantic import Field

from smartkirana.api.shapes import Shape

TOTAL = "X-Total-Count"
DEEPEST = 1_000_000  # rows that may be skipped; who wants more asks for a narrower list


class Paging(Shape):
    """Which part of a list."""

    page: int = Field(1, ge=1, le=DEEPEST, description="From 1.")
    limit: int = Field(20, ge=1, le=100, description="Rows on a page.")


def page_of(rows: QuerySet[Any] | Sequence[Any], asked: Paging, response: HttpResponse, *, dear: bool = False) -> list[Any]:
    """The asked page of `rows`; says in the header how many there are in all. Two queries. Past the end it is empty.

    dear  what is annotated reads other tables: in a third query, for the rows of the page alone (else PostgreSQL reads those tables whole)
    """
    total = rows.count() if isinstance(rows, QuerySet) else len(rows)
    response[TOTAL] = str(total)
    first = (asked.page - 1) * asked.limit
    if first >= total:
        return []
    if dear and isinstance(rows, QuerySet):
        return list(rows.filter(pk__in=list(rows.values_list("pk", flat=True)[first : first + asked.limit])))
    return list(rows[first : first + asked.limit])
