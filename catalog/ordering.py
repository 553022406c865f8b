"""Rows that stand in places 1, 2, 3 … of a shop's list. Whoever changes such a list holds the shop's row, so that places never collide."""

from __future__ import annotations

from django.db.models import Case, F, IntegerField, QuerySet, Value, When

from shops.models import Shop


def hold_list(shop: Shop) -> None:
    """Wait until nobody else changes the shop's lists; inside a transaction."""
    Shop.objects.select_for_update(no_key=True).get(pk=shop.pk)


def next_place(rows: QuerySet) -> int:
    """The place after the last one."""
    last = rows.order_by("-position").values_list("position", flat=True).first()
    return (last or 0) + 1


def change_places(rows: QuerySet, pk: int, by: int) -> bool:
    """Let the row `pk` and its neighbour (by -1: before it, 1: after it) change places, in one statement. False at the end of the list."""
    order = list(rows.order_by("position").values_list("pk", "position"))
    here = next((n for n, row in enumerate(order) if row[0] == pk), None)
    if here is None or not 0 <= here + by < len(order):
        return False
    (one, its), (other, theirs) = order[here], order[here + by]
    places = Case(When(pk=one, then=Value(theirs)), When(pk=other, then=Value(its)), output_field=IntegerField())
    rows.filter(pk__in=[one, other]).update(position=places)
    return True


def close_ranks(rows: QuerySet, after: int) -> None:
    """Move everybody behind place `after`, which is free now, one place up."""
    rows.filter(position__gt=after).update(position=F("position") - 1)
