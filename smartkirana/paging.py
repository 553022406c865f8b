"""Lists a page at a time, without ever counting their rows."""

from __future__ import annotations

from django.core.paginator import EmptyPage
from django.http import HttpRequest
from django_tables2 import Table
from django_tables2.paginators import LazyPaginator

LAST_PAGE = 200


def paginate(request: HttpRequest, table: Table, per_page: int) -> bool:
    """Show the page asked for, the first when there is no such page. True on the last page that is shown: a filter goes further."""
    asked = request.GET.get("page", "")
    number = min(max(int(asked), 1), LAST_PAGE) if asked.isdecimal() and len(asked) < 9 else 1
    try:
        table.paginate(page=number, per_page=per_page, paginator_class=LazyPaginator)
    except EmptyPage:
        table.paginate(page=1, per_page=per_page, paginator_class=LazyPaginator)
    return number == LAST_PAGE
