"""The migrated database of which every worker's is a copy: made once for a state of the migrations, kept for the next run."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.db import connection
from fasteners import InterProcessLock

PREFIX = "test_template_"


def use_template() -> None:
    """Have the test database copied from the template, which the first worker that asks makes; the others wait for it."""
    name = PREFIX + _digest()
    with InterProcessLock(settings.VAR_DIR / "test_template.lock"):
        if not _exists(name):
            _make(name)
    connection.settings_dict["TEST"]["TEMPLATE"] = name


def _digest() -> str:
    """Stands for everything that a migrated database is made of."""
    found = hashlib.sha256()
    for path in sorted(Path(settings.BASE_DIR).glob("*/migrations/*.py")) + sorted(Path(settings.BASE_DIR).glob("*/data/*")):
        found.update(path.name.encode() + path.read_bytes())
    found.update((Path(settings.BASE_DIR) / "constraints.txt").read_bytes())
    return found.hexdigest()[:16]


def _exists(name: str) -> bool:
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def _make(name: str) -> None:
    """Migrate a database of another name, and give it its name when it is whole; templates of other states go."""
    own, test = connection.settings_dict["NAME"], connection.settings_dict["TEST"]
    wanted, test["NAME"] = test["NAME"], f"{name}_unfinished"
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
    finally:
        connection.close()
        connection.settings_dict["NAME"], test["NAME"] = own, wanted
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}%"])
        for (old,) in cursor.fetchall():
            if old != f"{name}_unfinished":
                cursor.execute(f'DROP DATABASE "{old}"')
        cursor.execute(f'ALTER DATABASE "{name}_unfinished" RENAME TO "{name}"')
