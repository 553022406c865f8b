"""The notices page, the bell, and marking as seen. For those who buy: owner and manager."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from shops.access import Can, shop_page
from shops.notices import mark_seen, notices_of, page_of_line, unseen_count
from smartkirana.web import go, show

PER_PAGE = 30


@shop_page(Can.BUY)
def notices(request: HttpRequest) -> HttpResponse:
    """The newest notices, each with links to what it tells of."""
    found = list(notices_of(request.shop)[:PER_PAGE])
    for notice in found:
        notice.told = [(line["text"], page_of_line(request.shop, line)) for line in notice.lines]
    return show(request, "shops/notices.html", {"notices": found, "some_new": any(n.seen_at is None for n in found)}, partial="notice_list")


@shop_page(Can.BUY)
def bell(request: HttpRequest) -> HttpResponse:
    """The bell of the top bar with the count of new notices; asked for by htmx after the page is there."""
    return render(request, "shops/_bell.html", {"unseen": unseen_count(request.shop), "told": True})


@shop_page(Can.BUY, methods=("POST",))
def notice_seen(request: HttpRequest, notice: int) -> HttpResponse:
    """Mark one as seen."""
    found = get_object_or_404(request.shop.notices, pk=notice)
    mark_seen(shop=request.shop, by=request.cashier, notice_id=found.pk)
    return go(request, "shops:notices", request.shop.slug)


@shop_page(Can.BUY, methods=("POST",))
def all_seen(request: HttpRequest) -> HttpResponse:
    """Mark all as seen."""
    mark_seen(shop=request.shop, by=request.cashier)
    return go(request, "shops:notices", request.shop.slug)
