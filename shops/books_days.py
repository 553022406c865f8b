"""Closed days. The ledger closes them (`ledger.closing`); everybody below asks here on which day an act gets into the books."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connection

from shops.models import Shop


def sealed_until(shop: Shop) -> date | None:
    """The last closed day, None while none is. Until the act ends no further day can be closed; call it before any other lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed_until FROM shops_shop WHERE id = %s FOR KEY SHARE", [shop.pk])
        row = cursor.fetchone()
    return row[0] if row else None


def books_day(shop: Shop, day: date) -> date:
    """The day of the books of an act of `day`: the day itself, or the first open one when it is closed. Locks as `sealed_until`."""
    sealed = sealed_until(shop)
    return day if sealed is None or day > sealed else sealed + timedelta(days=1)
