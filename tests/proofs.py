"""How far the long proofs go: a part of the way in each run of the suite, the whole way with `make prove`."""

from __future__ import annotations

import os

from django.apps import apps
from django.db import connection

WHOLE = os.environ.get("PROVE") == "1"


def share(whole: int, *, part: int = 10) -> int:
    """`whole` with `make prove`; else one `part`-th of it, one at least."""
    return whole if WHOLE else max(whole // part, 1)


def fresh_statistics() -> None:
    """Tell the planner how full the tables are: nobody else does within a test's transaction, and check_books joins many rows."""
    tables = [model._meta.db_table for app in ("inventory", "orders", "ledger") for model in apps.get_app_config(app).get_models()]
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(tables)}")
