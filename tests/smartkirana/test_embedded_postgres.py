"""The embedded database over what computers do to it: crashes, reused pids, three starts at once, deep and closed folders."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import psycopg
import pytest

from smartkirana import local_files, postgres
from smartkirana.postgres import place as places
from smartkirana.postgres import server

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def template():
    """A data folder made once, since making one takes longer than all else."""
    folder = Path(tempfile.mkdtemp(prefix="kirana-template-"))
    folder.chmod(0o755)
    postgres.ensure_running(folder / "pg")
    postgres.stop(folder / "pg")
    yield folder / "pg"
    shutil.rmtree(folder)


@pytest.fixture
def folder(monkeypatch):
    """An open folder for one test (pytest's own is closed, and a server started by root runs as another user)."""
    folder = Path(tempfile.mkdtemp(prefix="kirana-"))
    folder.chmod(0o755)
    monkeypatch.setattr(places, "ELSEWHERE", folder / "elsewhere")
    yield folder
    for data in {found.parent for found in folder.rglob("postmaster.pid")}:
        postgres.stop(data)
    shutil.rmtree(folder)


@pytest.fixture
def data(folder, template):
    """A fresh data folder whose server has never run."""
    copy_with_owners(template, folder / "pg")
    return folder / "pg"


def copy_with_owners(source: Path, target: Path) -> None:
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)


def link_to(parameters: dict) -> psycopg.Connection:
    where = {"host": parameters["HOST"], "port": parameters["PORT"], "user": parameters["USER"], "dbname": parameters["NAME"]}
    return psycopg.connect(**where, autocommit=True)


def one(parameters: dict, question: str):
    """The first value that the server with these Django parameters answers."""
    with link_to(parameters) as link:
        row = link.execute(question).fetchone()
    assert row is not None
    return row[0]


def postmaster(data: Path) -> int:
    found = server.read_pid_file(postgres.find_place(data))
    assert found is not None
    return found.pid


def as_the_servers_user(data: Path, *command: str) -> subprocess.Popen:
    account = postgres.find_place(data).account
    return subprocess.Popen(command, **({"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}))


def leave_pid_file_of(data: Path, pid: int) -> None:
    """Stop the server and leave what it would have left when killed, with another pid in it."""
    _, _, rest = (data / "postmaster.pid").read_text().partition("\n")
    postgres.stop(data)
    (data / "postmaster.pid").write_text(f"{pid}\n{rest}")
    shutil.chown(data / "postmaster.pid", data.owner(), data.group())


def test_first_start_gives_a_durable_utf8_database_and_a_plain_role(folder):
    found = postgres.ensure_running(folder / "pg")

    assert (found["ENGINE"], found["NAME"], found["USER"]) == ("django.db.backends.postgresql", "smartkirana", "smartkirana")
    assert one(found, "select rolsuper::text || rolbypassrls::text || rolcreatedb::text from pg_roles where rolname = current_user") == (
        "falsefalsetrue"
    )
    assert one(found, "show server_encoding") == "UTF8"
    assert one(found, "show fsync") == "on"
    assert one(found, "show listen_addresses") == ""
    assert (folder / "pg").stat().st_mode & 0o777 == 0o700
    assert not list(folder.glob(".pg-*"))


def test_running_server_is_found_without_starting_another(data):
    first = postgres.ensure_running(data)
    pid = postmaster(data)

    assert postgres.ensure_running(data) == first
    assert postgres.start(data) is False
    assert postmaster(data) == pid


def test_killed_server_comes_back_with_its_data(data):
    with link_to(postgres.ensure_running(data)) as link:
        link.execute("create table kept as select 42 as answer")
    os.kill(postmaster(data), signal.SIGKILL)

    found = postgres.ensure_running(data)

    assert one(found, "select answer from kept") == 42


def test_pid_of_the_dead_server_reused_by_another_process_of_the_same_user(data):
    """After a restart of the computer, postmaster.pid may name anything; here it names a sleeping process of the server's user."""
    postgres.ensure_running(data)
    stranger = as_the_servers_user(data, "sleep", "60")
    leave_pid_file_of(data, stranger.pid)
    try:
        found = postgres.ensure_running(data)

        assert one(found, "select 1") == 1
        assert postmaster(data) != stranger.pid
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_zombie_of_a_killed_server_does_not_count_as_running(data):
    """In a container without an init nobody reaps a killed server. Here the parent is this test, which does not reap either."""
    postgres.ensure_running(data)
    zombie = as_the_servers_user(data, "true")
    while psutil.Process(zombie.pid).status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)
    leave_pid_file_of(data, zombie.pid)

    assert postgres.status(data).running is False
    assert one(postgres.ensure_running(data), "select 1") == 1
    zombie.wait()


def test_three_first_starts_at_once_make_one_server(folder):
    script = (
        "import sys; from pathlib import Path; from smartkirana import postgres; print(postgres.ensure_running(Path(sys.argv[1]))['HOST'])"
    )
    command = [sys.executable, "-c", script, str(folder / "pg")]
    starters = [subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    answers = [starter.communicate(timeout=60) for starter in starters]

    assert [starter.returncode for starter in starters] == [0, 0, 0], answers
    assert len({out for out, _ in answers}) == 1
    servers = [p for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"] and str(folder / "pg") in p.info["cmdline"]]
    assert len(servers) == 1


def test_long_path_gets_a_short_closed_socket_folder(folder, template, monkeypatch):
    deep = folder / "a-very-long-folder-name-of-a-careful-person" / "with-another-long-name-inside" / "and-one-more-for-good-measure"
    deep.mkdir(parents=True)
    copy_with_owners(template, deep / "pg")
    monkeypatch.setenv("XDG_RUNTIME_DIR", "")

    found = postgres.ensure_running(deep / "pg")

    socket_folder = Path(found["HOST"])
    try:
        assert len(found["HOST"]) < 60
        assert socket_folder.stat().st_mode & 0o777 == 0o700
        assert one(found, "select 1") == 1
    finally:
        postgres.stop(deep / "pg")
        socket_folder.rmdir()


def test_socket_folder_of_somebody_else_is_refused(folder, monkeypatch):
    """Whoever makes the folder in /tmp first could stand in for the server."""
    deep = folder / ("x" * 100) / "pg"
    place = postgres.find_place(deep)
    uid = place.account.uid if place.account else os.getuid()
    trap = Path("/tmp") / f"smartkirana-{uid}-{places.short_hash(deep)}"
    trap.symlink_to(folder)
    monkeypatch.setenv("XDG_RUNTIME_DIR", "")
    try:
        with pytest.raises(postgres.DatabaseNotReady, match="belongs to somebody else"):
            places.socket_folder(place)
    finally:
        trap.unlink()


def test_closed_checkout_is_left_closed(folder, template):
    """Under /root the server's user cannot reach the checkout: data and binaries move, permissions stay."""
    closed = folder / "closed"
    closed.mkdir(mode=0o700)

    found = postgres.ensure_running(closed / "pg")

    assert one(found, "select 1") == 1
    assert closed.stat().st_mode & 0o777 == 0o700
    place = postgres.find_place(closed / "pg")
    assert place.moved == (os.geteuid() == 0)
    assert postgres.stop(closed / "pg") is True


def test_umask_that_closes_new_folders_counts(folder):
    mask = os.umask(0o077)
    try:
        assert places.can_reach(folder, places.Account("stranger", 54321, 54321))
        assert not places.can_reach(folder / "not-there-yet", places.Account("stranger", 54321, 54321))
    finally:
        os.umask(mask)


def test_data_once_made_is_not_left_behind_when_permissions_change(folder):
    """Opening or closing a folder above must not end in a new, empty database."""
    stranger = places.Account("stranger", 54321, 54321)
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    elsewhere = places.data_folder(closed / "pg", stranger)
    assert elsewhere.is_relative_to(folder / "elsewhere")

    elsewhere.mkdir(parents=True)
    (elsewhere / "PG_VERSION").write_text("18\n")
    closed.chmod(0o755)
    assert places.data_folder(closed / "pg", stranger) == elsewhere

    (closed / "pg").mkdir()
    (closed / "pg" / "PG_VERSION").write_text("18\n")
    assert places.data_folder(closed / "pg", stranger) == closed / "pg"
    closed.chmod(0o700)
    with pytest.raises(postgres.DatabaseNotReady, match="may no longer enter"):
        places.data_folder(closed / "pg", stranger)


def test_binaries_in_a_closed_folder_are_copied_whole(folder):
    package = places.binaries(places.Place(folder, folder, None)).parents[1]

    inside = places._copied(package)

    assert subprocess.run([inside / "postgres", "--version"], capture_output=True, check=True).stdout.startswith(b"postgres (PostgreSQL)")
    assert subprocess.run([inside / "psql", "--version"], capture_output=True, check=True).stdout.startswith(b"psql")
    assert places._copied(package) == inside
    assert not list((folder / "elsewhere").glob(".copying-*"))


@pytest.mark.parametrize(("mode", "reachable"), [(0o755, True), (0o711, True), (0o750, False), (0o700, False)])
def test_what_another_account_can_reach(folder, mode, reachable):
    (folder / "parent").mkdir()
    (folder / "parent").chmod(mode)

    assert places.can_reach(folder / "parent" / "not-there-yet", places.Account("stranger", 54321, 54321)) is reachable


def test_folder_with_other_things_in_it_is_not_touched(folder):
    (folder / "pg").mkdir()
    (folder / "pg" / "holiday.jpg").write_text("keep me")

    with pytest.raises(postgres.DatabaseNotReady, match="not empty and not a database"):
        postgres.ensure_running(folder / "pg")

    assert [found.name for found in (folder / "pg").iterdir()] == ["holiday.jpg"]


def test_stop_and_status_may_be_asked_any_time(data, folder):
    assert postgres.status(folder / "never-made").running is False
    assert postgres.stop(folder / "never-made") is False
    assert postgres.stop(data) is False
    assert postgres.start(data) is True
    assert postgres.others_connected(data) == 0
    now = postgres.status(data)
    assert (now.running, now.pid, now.data_dir) == (True, postmaster(data), data)
    assert now.version.startswith("18.")
    assert postgres.stop(data) is True
    assert postgres.stop(data) is False
    assert postgres.status(data).running is False


def test_database_url_is_used_and_nothing_is_started(folder):
    found = local_files.database("postgres://asha:secret@db.example.in:6432/shop", folder, needed=True)

    assert (found["HOST"], found["PORT"], found["NAME"], found["USER"]) == ("db.example.in", 6432, "shop", "asha")
    assert list(folder.iterdir()) == []
