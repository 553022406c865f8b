"""How often something may be done: counted in the database, exactly, however many workers ask at the same moment.

A key has a span of so many seconds that begins with its first try. One statement counts and answers. The table is not in the
database's log (UNLOGGED): it is fast, and a crash of the database forgets the counts and nothing else.

Count outside any transaction: what is counted must stay, and the row is held until the transaction's end.
"""

from __future__ import annotations

from hashlib import sha256

from django.db import connection

LONGEST_KEY = 200
_COUNT = """
    INSERT INTO shops_rate AS r (key, until, tries)
    VALUES (%(key)s, statement_timestamp() + %(per)s * interval '1 second', 1)
    ON CONFLICT (key) DO UPDATE SET
        tries = CASE WHEN r.until <= statement_timestamp() THEN 1 ELSE least(r.tries + 1, 1000000) END,
        until = CASE WHEN r.until <= statement_timestamp() THEN excluded.until ELSE r.until END
    RETURNING CASE WHEN r.tries <= %(most)s THEN 0
        ELSE least(%(per)s, greatest(1, ceil(extract(epoch FROM r.until - statement_timestamp()))))::int END
"""  # (a statement that waited for the row began before the row's span did, hence `least`)


def count_try(key: str, per: int, most: int) -> int:
    """Count one try at `key`, of which `most` are allowed in a span of `per` seconds: 0 when it is, else the seconds to wait."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"key": _short(key), "per": per, "most": most})
        return cursor.fetchone()[0]


def take_back(key: str) -> None:
    """One try at `key` was no wrong one after all."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE shops_rate SET tries = greatest(tries - 1, 0) WHERE key = %s", [_short(key)])


def forget(key: str) -> None:
    """Start counting `key` anew."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM shops_rate WHERE key = %s", [_short(key)])


def purge_rates() -> int:
    """Throw away the counts whose span is over, and say how many there were."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM shops_rate WHERE until <= statement_timestamp()")
        return cursor.rowcount


def _short(key: str) -> str:
    return key if len(key) <= LONGEST_KEY else sha256(key.encode()).hexdigest()
