"""How often something was tried, counted exactly across processes: one statement a try, in a table that needs no log."""

from __future__ import annotations

import math
import time

from django.db import connection

_COUNT = """
    INSERT INTO shops_rate (key, until, tries) VALUES (%(key)s, to_timestamp(%(until)s), 1)
    ON CONFLICT (key) DO UPDATE SET
        tries = CASE WHEN shops_rate.until <= now() THEN 1 ELSE least(shops_rate.tries + 1, 1000000) END,
        until = CASE WHEN shops_rate.until <= now() THEN excluded.until ELSE shops_rate.until END
    RETURNING tries, extract(epoch FROM until)
"""


def count_try(key: str, per: int, most: int) -> int:
    """Count one try under `key`: 0 when it is among the first `most` in `per` seconds, else the whole seconds to wait."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"key": key[:200], "until": time.time() + per})
        tries, until = cursor.fetchone()
    return 0 if tries <= most else max(math.ceil(float(until) - time.time()), 1)


def forget(key: str) -> None:
    """Start counting `key` anew."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM shops_rate WHERE key = %s", [key[:200]])
