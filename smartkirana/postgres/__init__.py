"""The embedded PostgreSQL: a real server out of a wheel, its data in `var/pg`, started when a command first needs it.

Nothing here imports Django: the settings call `ensure_running()` while they are being read. A server that already runs is
found with one connection, without lock and without a child process.

    place.py     where things are: data, binaries, socket folder, the account the server runs as
    server.py    starting and stopping under a lock, and what to do about the traces of a crash
"""

from pathlib import Path

from smartkirana.postgres import server
from smartkirana.postgres.place import DatabaseNotReady, find_place
from smartkirana.postgres.server import Status

__all__ = [
    "DatabaseNotReady",
    "Status",
    "ensure_running",
    "find_place",
    "others_connected",
    "psql_command",
    "start",
    "status",
    "stop",
]


def ensure_running(data_dir: Path | None = None) -> dict:
    """Django's DATABASES parameters for the server over `data_dir` (default `var/pg`), which is started if it does not run.

    Safe to call from several processes at once, after a crash, and in a folder never used before.
    Raises DatabaseNotReady with a sentence for the person at the keyboard.
    """
    place = find_place(data_dir)
    return server.answering(place) or server.start(place)


def start(data_dir: Path | None = None) -> bool:
    """Like `ensure_running`, but says whether this call started the server (False: it already ran)."""
    place = find_place(data_dir)
    if server.answering(place):
        return False
    server.start(place)
    return True


def stop(data_dir: Path | None = None) -> bool:
    """Stop the server, letting running statements roll back. False when none ran."""
    return server.stop(find_place(data_dir))


def status(data_dir: Path | None = None) -> Status:
    """Whether the server runs and where everything is; starts nothing."""
    return server.status(find_place(data_dir))


def others_connected(data_dir: Path | None = None) -> int:
    """How many connections the running server has (this question not counted); 0 when it does not run."""
    return server.connections(find_place(data_dir))


def psql_command(data_dir: Path | None = None) -> tuple[list[str], dict[str, str]]:
    """The wheel's own `psql` on the shop's database: command line and the environment it needs besides."""
    return server.psql_command(find_place(data_dir))
