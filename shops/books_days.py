"""Closed days. The ledger closes them (`ledger.closing`); everybody below asks here on which day an act gets into the books."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connection

from shops.models import Shop


def sealed_until(shop: Shop, *, patience: int | None = None) -> date | None:
    """The last closed day, None while none is. Until the act ends no further day can be closed; call it before any other lock.

    patience  seconds after which the act's further waits for a lock end, said in the same question
    """
    with connection.cursor() as cursor:
        if patience:
            waiting = "SELECT sealed_until, set_config('lock_timeout', %s, true) FROM shops_shop WHERE id = %s FOR KEY SHARE"
            cursor.execute(waiting, [f"{patience}s", shop.pk])
        else:
            cursor.execute("SELECT sealed_until FROM shops_shop WHERE id = %s FOR KEY SHARE", [shop.pk])
        row = cursor.fetchone()
    return row[0] if row else None


def books_day(shop: Shop, day: date, *, patience: int | None = None) -> date:
    """The day of the books of an act of `day`: the day itself, or the first open one when it is closed. Locks as `sealed_until`."""
    sealed = sealed_until(shop, patience=patience)
    return day if sealed is None or day > sealed else sealed + timedelta(days=1)
