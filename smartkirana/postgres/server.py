"""Starting, finding and stopping the embedded server.

Whether it runs is decided by a real connection, never by a pid file: after a crash the pid in it may be a zombie or
somebody else's process. Starting happens under a lock file, so that three commands at once start one server.
"""

import os
import secrets
import shlex
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from smartkirana.postgres.place import WINDOWS, DatabaseNotReady, Place, binaries, make_open_folder, owned_privately, socket_folder

NAME = "smartkirana"
USER = "smartkirana"
SUPERUSER = "postgres"
START_TIMEOUT = 90  # seconds; crash recovery of a busy shop takes a few
NOBODYS_PID = 2**31 - 2  # above every system's highest pid

# Durable on purpose: fsync, synchronous_commit and full_page_writes keep their defaults (on).
SERVER_SETTINGS = {
    "max_connections": "100",
    "shared_buffers": "256MB",
    "log_min_messages": "warning",
    "log_line_prefix": "%m [%p] %u ",
}


@dataclass(frozen=True)
class Status:
    """What `manage.py db status` prints."""

    running: bool
    data_dir: Path
    log: Path
    pid: int | None = None
    host: str = ""
    port: str = ""
    version: str = ""
    connections: int = 0


@dataclass(frozen=True)
class PidFile:
    """The lines of postmaster.pid that we use."""

    pid: int
    host: str
    port: str


def read_pid_file(place: Place) -> PidFile | None:
    """What the last started server wrote about itself; None when there is nothing usable."""
    try:
        lines = (place.data / "postmaster.pid").read_text().splitlines()
        return PidFile(pid=abs(int(lines[0])), port=lines[3].strip(), host=lines[4].strip() or lines[5].strip())
    except PermissionError as e:
        raise DatabaseNotReady(
            f"{place.data} belongs to another user of this computer. Start SmartKirana as that user, or name a server in DATABASE_URL."
        ) from e
    except (OSError, ValueError, IndexError):
        return None


# --- connections ----------------------------------------------------------------------------------------------


def connect(place: Place, *, user: str, database: str) -> psycopg.Connection:
    """A connection to the server of this place. Raises psycopg.OperationalError when it does not answer within 3 seconds."""
    found = read_pid_file(place)
    if found is None:
        raise psycopg.OperationalError("no server has written its address")
    if not WINDOWS and not owned_privately(Path(found.host), place.data.stat().st_uid):
        raise psycopg.OperationalError(f"{found.host} is not the closed folder that the server made")
    return psycopg.connect(
        host=found.host,
        port=found.port,
        user=user,
        dbname=database,
        password=password(place),
        connect_timeout=3,
        autocommit=True,
        sslmode="disable",
        gssencmode="disable",
        application_name="smartkirana start",
    )


def password(place: Place) -> str | None:
    return place.password_file.read_text() if place.password_file.exists() else None


def answering(place: Place) -> dict | None:
    """Django's parameters when the server answers the application's own role, else None."""
    try:
        connect(place, user=USER, database=NAME).close()
    except psycopg.OperationalError:
        return None
    found = read_pid_file(place)
    if found is None:
        return None
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": NAME,
        "USER": USER,
        "PASSWORD": password(place) or "",
        "HOST": found.host,
        "PORT": found.port,
    }


def connections(place: Place) -> int:
    """Client connections besides the one that asks."""
    try:
        with connect(place, user=SUPERUSER, database="postgres") as link:
            row = link.execute(
                "select count(*) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()"
            ).fetchone()
    except psycopg.OperationalError:
        return 0
    return row[0] if row else 0


def status(place: Place) -> Status:
    """See `smartkirana.postgres.status`."""
    found = read_pid_file(place)
    try:
        with connect(place, user=SUPERUSER, database="postgres") as link:
            row = link.execute("show server_version").fetchone()
    except psycopg.OperationalError:
        return Status(running=False, data_dir=place.data, log=place.log)
    assert found
    assert row
    return Status(
        running=True,
        data_dir=place.data,
        log=place.log,
        pid=found.pid,
        host=found.host,
        port=found.port,
        version=row[0],
        connections=connections(place),
    )


def psql_command(place: Place) -> tuple[list[str], dict[str, str]]:
    """See `smartkirana.postgres.psql_command`."""
    found = read_pid_file(place)
    program = binaries(place) / ("psql.exe" if WINDOWS else "psql")
    if found is None or not program.exists():
        raise DatabaseNotReady("psql is not there: the database does not run, or this system's wheel comes without it.")
    secret = password(place)
    return [str(program), "-h", found.host, "-p", found.port, "-U", USER, NAME], {"PGPASSWORD": secret} if secret else {}


# --- starting -------------------------------------------------------------------------------------------------


def start(place: Place) -> dict:
    """Bring the server up, whatever the last one left behind. Raises DatabaseNotReady."""
    with locked(place):
        initialise(place)
        deadline = time.monotonic() + START_TIMEOUT
        while not superuser_answers(place):
            if time.monotonic() > deadline:
                raise DatabaseNotReady(
                    f"The embedded PostgreSQL did not come up within {START_TIMEOUT} s. Its log says:\n{log_tail(place)}"
                )
            if postmaster_lives(place):
                time.sleep(0.2)  # starting, or recovering from a crash
            elif not launch(place):
                time.sleep(1)  # children of a killed server are still ending
        make_role_and_database(place)
        parameters = answering(place)
    if parameters is None:
        raise DatabaseNotReady(f"The embedded PostgreSQL stopped again at once. Its log says:\n{log_tail(place)}")
    return parameters


@contextmanager
def locked(place: Place):
    """One process at a time starts or stops the server of a place."""
    import fasteners

    try:
        place.lock.parent.mkdir(parents=True, exist_ok=True)
        lock = fasteners.InterProcessLock(place.lock)
        got = lock.acquire(timeout=START_TIMEOUT * 2)
    except OSError as e:
        raise DatabaseNotReady(f"Cannot write to {place.lock.parent}: {e.strerror}. The database's data belongs there.") from e
    if not got:
        raise DatabaseNotReady(f"Another process has been starting or stopping the database for minutes ({place.lock}).")
    try:
        yield
    finally:
        lock.release()


def superuser_answers(place: Place) -> bool:
    try:
        connect(place, user=SUPERUSER, database="postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def initialise(place: Place) -> None:
    """Make the data folder at first use: in a temporary folder beside it, renamed when complete, so never half made."""
    if (place.data / "PG_VERSION").exists():
        return
    if place.data.exists() and any(place.data.iterdir()):
        raise DatabaseNotReady(f"{place.data} is not empty and not a database. Move it away, or name another folder in SMARTKIRANA_PG_DIR.")
    if place.moved:
        make_open_folder(place.data.parents[1])
    make_open_folder(place.data.parent)
    half = Path(tempfile.mkdtemp(prefix=f".{place.data.name}-", dir=place.data.parent))
    try:
        if place.account:
            os.chown(half, place.account.uid, place.account.gid)
        # The builtin C.UTF-8 locale sorts and folds the same on every system, and across upgrades of the C library.
        locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        done = run(place, "initdb", "-D", str(half / "pg"), "-U", SUPERUSER, *locale, *authentication(half), folder=half)
        if done.returncode != 0:
            raise DatabaseNotReady(f"The database could not be made in {place.data}:\n{done.stdout.strip()}")
        if WINDOWS:
            shutil.move(half / "password", half / "pg" / "password")
        if place.data.exists():
            place.data.rmdir()
        (half / "pg").rename(place.data)
    finally:
        shutil.rmtree(half, ignore_errors=True)


def authentication(half: Path) -> list[str]:
    """On Unix the socket's folder is closed to others; on Windows the server listens on 127.0.0.1, so a password is needed."""
    if not WINDOWS:
        return ["--auth=trust"]
    (half / "password").write_text(secrets.token_urlsafe(32))
    return ["--auth=scram-sha-256", f"--pwfile={half / 'password'}"]


def postmaster_lives(place: Place) -> bool:
    """Whether the pid in postmaster.pid is a living server over this very folder: not a zombie, not a reused pid."""
    import psutil

    found = read_pid_file(place)
    if found is None:
        return False
    try:
        process = psutil.Process(found.pid)
        return (
            process.status() not in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
            and process.name().startswith("postgres")
            and os.path.samefile(process.cwd(), place.data)
        )
    except (psutil.Error, OSError):
        return False


def launch(place: Place) -> bool:
    """Run pg_ctl start once. False when the server refused, which a later try may mend."""
    disown_pid_file(place)
    keep_log_small(place)
    options = ["-D", str(place.data), "-l", str(place.log), "-o", server_options(place), "-w", "-t", "60"]
    return run(place, "pg_ctl", *options, "start", folder=place.data).returncode == 0


def disown_pid_file(place: Place) -> None:
    """Put a pid that cannot exist in a dead server's postmaster.pid.

    The server refuses to start while the pid there is alive, zombies and strangers included. The file itself stays: its other
    lines let the server notice that children of the dead one still use the data.
    """
    path = place.data / "postmaster.pid"
    if path.exists():
        _, _, rest = path.read_text().partition("\n")
        path.write_text(f"{NOBODYS_PID}\n{rest}")


def keep_log_small(place: Place) -> None:
    if place.log.exists() and place.log.stat().st_size > 5_000_000:
        place.log.replace(place.log.with_suffix(".log.1"))


def server_options(place: Place) -> str:
    """The server's command line, quoted for the shell that pg_ctl uses."""
    if WINDOWS:
        address = {"listen_addresses": "127.0.0.1", "port": str(free_port())}
        return " ".join(f'-c "{name}={value}"' for name, value in {**SERVER_SETTINGS, **address}.items())
    folder = str(socket_folder(place))
    address = {"listen_addresses": "", "port": "5432", "unix_socket_directories": folder, "unix_socket_permissions": "0700"}
    return " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in {**SERVER_SETTINGS, **address}.items())


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def make_role_and_database(place: Place) -> None:
    """The application's plain role and its database. Plain matters: a superuser would ignore row-level security."""
    with connect(place, user=SUPERUSER, database="postgres") as link:
        if not link.execute("select 1 from pg_roles where rolname = %s", [USER]).fetchone():
            link.execute(f"create role {USER} login createdb nosuperuser nobypassrls")
            if secret := password(place):
                link.execute(psycopg.sql.SQL("alter role {} password {}").format(psycopg.sql.Identifier(USER), psycopg.sql.Literal(secret)))
        if not link.execute("select 1 from pg_database where datname = %s", [NAME]).fetchone():
            link.execute(f"create database {NAME} owner {USER}")


# --- stopping and tools ---------------------------------------------------------------------------------------


def stop(place: Place) -> bool:
    """See `smartkirana.postgres.stop`."""
    if not place.data.exists():
        return False
    with locked(place):
        if not postmaster_lives(place):
            return False
        done = run(place, "pg_ctl", "-D", str(place.data), "-m", "fast", "-w", "-t", "60", "stop", folder=place.data)
        if done.returncode != 0 and postmaster_lives(place):
            raise DatabaseNotReady(f"The database does not stop: {done.stdout.strip()}")
    return True


def run(place: Place, program: str, *arguments: str, folder: Path) -> subprocess.CompletedProcess:
    """Run one of the server's programs as the server's account, apart from our terminal, so that Ctrl-C stays ours.

    The output goes through a file: the server inherits it, and a pipe would stay open as long as the server runs.
    """
    as_account = {}
    if place.account:
        as_account = {"user": place.account.uid, "group": place.account.gid, "extra_groups": []}
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_")) and name != "LANG"}
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        done = subprocess.run(
            [str(binaries(place) / program), *arguments],
            cwd=folder,
            env={**clean, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **as_account,
        )
        output.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, output.read())


def log_tail(place: Place) -> str:
    try:
        return "\n".join(place.log.read_text(errors="replace").splitlines()[-12:])
    except OSError:
        return "(no log)"
