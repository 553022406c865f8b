"""Notices: how many are new, the list, and marking them as seen."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from shops.models import Shop, User
from shops.notice_models import Notice

MOST_SHOWN = 99


def unseen_count(shop: Shop) -> int:
    """How many notices nobody has marked as seen, counted up to 99. One query on a small index."""
    return shop.notices.filter(seen_at=None)[:MOST_SHOWN].count()


def notices_of(shop: Shop) -> QuerySet[Notice]:
    """All notices, the newest day first."""
    return shop.notices.select_related("seen_by").order_by("-day", "-pk")


def page_of_line(shop: Shop, line: dict) -> str:
    """The page that a notice's line leads to; "" when it has none."""
    try:
        return reverse(line["url"], args=[shop.slug]) + line.get("query", "") if line.get("url") else ""
    except NoReverseMatch:
        return ""


def mark_seen(*, shop: Shop, by: User, notice_id: int | None = None) -> int:
    """Mark one notice as seen, or all; how many it were. One that was seen before keeps by whom."""
    unseen = shop.notices.filter(seen_at=None)
    if notice_id is not None:
        unseen = unseen.filter(pk=notice_id)
    return unseen.update(seen_at=timezone.now(), seen_by=by)
