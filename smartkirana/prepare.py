"""Bring the database and the static files up to date: `python -m smartkirana.prepare`. Does only what is missing.

Run by `make run` before the web server starts, and by `make setup`.
"""

import hashlib
import os
import sys
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smartkirana.settings")
CHECKOUT = Path(__file__).resolve().parent.parent
DEMO_PEOPLE = CHECKOUT / "var" / "run" / "demo_people"
LOCAL = """\
# Written by make run: this checkout is for this computer only. All settings are explained in .env.example.
SMARTKIRANA_ENV=local
"""


def main() -> None:
    remember_that_this_is_local()
    import django

    django.setup()
    migrate()
    make_cache_table()
    collect_static()
    make_demo_shop()
    note_demo_people()


def say(sentence: str) -> None:
    print(sentence, flush=True)


def remember_that_this_is_local() -> None:
    """Without a `.env` yet, write one, so that `manage.py` by hand works here as `make run` does."""
    if os.environ.get("SMARTKIRANA_ENV") == "local" and not (CHECKOUT / ".env").exists():
        (CHECKOUT / ".env").write_text(LOCAL)


def migrate() -> None:
    """Apply migrations, if there are any to apply: looking is cheap, running the command on nothing is not."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("Bringing the database up to date")
        call_command("migrate", interactive=False, verbosity=0)


def make_cache_table() -> None:
    from django.core.management import call_command

    call_command("createcachetable", verbosity=0)


def make_demo_shop() -> None:
    """A shop to look at, on an empty database only; DEMO=0 leaves the database empty.

    Books cannot be unwritten, so a demo that was broken off is said, not mended: only a reset gives a whole one.
    """
    from django.conf import settings
    from django.core.management import call_command

    from shops.models import Shop

    if os.environ.get("DEMO", "1") in ("0", "false", "no"):
        return
    unfinished = settings.VAR_DIR / "demo_unfinished"
    if unfinished.exists():
        say("The demo shop was broken off while it was made, so some of it is missing. make reset, then make run, makes a whole one.")
    elif not Shop.objects.exists():
        unfinished.touch()
        call_command("demo", if_empty=True)
        unfinished.unlink()


def note_demo_people() -> None:
    """Tell the run, which does not ask the database, whether the demo's people can sign in here."""
    from django.contrib.auth import get_user_model

    DEMO_PEOPLE.parent.mkdir(parents=True, exist_ok=True)
    if get_user_model().objects.filter(is_demo=True).exists():
        DEMO_PEOPLE.touch()
    else:
        DEMO_PEOPLE.unlink(missing_ok=True)


def collect_static() -> None:
    """Collect, name by content and compress the static files, if any of them changed since the last time."""
    from django.conf import settings
    from django.core.management import call_command

    stamp = Path(settings.STATIC_ROOT) / ".collected"
    now = fingerprint_of_static_files()
    if stamp.exists() and stamp.read_text() == now:
        return
    say("Collecting static files")
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(now)


def fingerprint_of_static_files() -> str:
    """Changes when a file is added, removed, resized or touched, or when the storage itself changes."""
    from django.contrib.staticfiles.finders import get_finders

    files = [Path(__file__).with_name("static_storage.py"), Path(__file__).with_name("settings.py")]
    for finder in get_finders():
        files.extend(Path(storage.path(name)) for name, storage in finder.list(None))
    lines = sorted(f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
