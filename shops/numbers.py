"""Numbers that run without a gap: of bills, debit notes, payment vouchers (CGST Rule 46(b): consecutive, unique in a financial year)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from shops.models import Shop


def next_numbers(shop: Shop, series: Sequence[str]) -> list[int]:
    """The next number of each series, in one statement. The rows stay locked until the act ends: no gap, no repeat.

    One fixed order of series for everybody (the caller's), taken after all other locks, so that the wait is short.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO orders_numberseries (shop_id, series, last) SELECT %s, unnest(%s::text[]), 1 "
            "ON CONFLICT (shop_id, series) DO UPDATE SET last = orders_numberseries.last + 1 RETURNING last",
            [shop.pk, list(series)],
        )
        return [row[0] for row in cursor.fetchall()]
