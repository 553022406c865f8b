"""What the shop is told in the morning: `/notices`, for those who buy."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from shops.access import Can
from shops.api.declare import operation
from shops.api.schemas import MessageOut
from shops.api.schemas_house import NoticeOut
from shops.models import Notice
from shops.notices import mark_seen, notices_of, page_of_line
from smartkirana.api.fields import Id
from smartkirana.api.lists import Paging, page_of
from smartkirana.api.problems import NotThere

router = Router(tags=["notices"])


def _out(notice: Notice) -> dict[str, Any]:
    names = ("kind", "day", "title", "seen_at")
    return {
        "id": notice.pk,
        **{name: getattr(notice, name) for name in names},
        "lines": [{"text": line["text"], "page": page_of_line(notice.shop, line)} for line in notice.lines],
        "seen_by": str(notice.seen_by) if notice.seen_by_id else None,
    }


@operation(router, "GET", "", right=Can.BUY, answer=list[NoticeOut], paged=True)
def list_notices(request: HttpRequest, response: HttpResponse, part: Query[Paging], new_only: bool = False):
    """Notices, the newest first."""
    found = notices_of(request.auth.shop)
    return [_out(notice) for notice in page_of(found.filter(seen_at=None) if new_only else found, part, response)]


@operation(router, "POST", "/seen", right=Can.BUY, answer=MessageOut)
def all_notices_seen(request: HttpRequest):
    """Mark all notices as seen."""
    done = mark_seen(shop=request.auth.shop, by=request.auth.user)
    return {"message": f"{done} marked as seen."}


@operation(router, "POST", "/{notice_id}/seen", right=Can.BUY, answer=NoticeOut, problems={404})
def notice_seen(request: HttpRequest, notice_id: Id):
    """Mark one notice as seen; one that was seen before keeps by whom."""
    caller = request.auth
    mark_seen(shop=caller.shop, by=caller.user, notice_id=notice_id)
    found = notices_of(caller.shop).filter(pk=notice_id).first()
    if found is None:
        raise NotThere("notice")
    return _out(found)
