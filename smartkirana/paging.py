"""Lists a page at a time, without ever counting their rows. A page that is not there is the first; page 200 is the last that is shown."""

from __future__ import annotations

from django.core.paginator import EmptyPage, Page
from django.http import HttpRequest
from django_tables2 import Table
from django_tables2.paginators import LazyPaginator

PER_PAGE = 50
LAST_PAGE = 200


def _asked(request: HttpRequest) -> int:
    asked = request.GET.get("page", "")
    return min(max(int(asked), 1), LAST_PAGE) if asked.isascii() and asked.isdigit() and len(asked) < 19 else 1


def page_of(request: HttpRequest, rows, per_page: int = PER_PAGE) -> Page:
    """The page of `rows` that was asked for."""
    paginator = LazyPaginator(rows, per_page)
    try:
        return paginator.page(_asked(request))
    except EmptyPage:
        return paginator.page(1)


def at_the_end(page: Page) -> bool:
    """True where more rows follow than pages are shown: the page then says to narrow the list."""
    return page.number >= LAST_PAGE and page.has_next()


def paginate(request: HttpRequest, table: Table, per_page: int) -> bool:
    """Show the table's page that was asked for. True on the last page that is shown: a filter goes further."""
    number = _asked(request)
    try:
        table.paginate(page=number, per_page=per_page, paginator_class=LazyPaginator)
    except EmptyPage:
        table.paginate(page=1, per_page=per_page, paginator_class=LazyPaginator)
    return number == LAST_PAGE
