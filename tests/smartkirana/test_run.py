"""make run's own rules: the port, the pid files, the Python it looks for, the settings it documents."""

import os
import re
import socket
import subprocess
import time
from pathlib import Path

import pytest

from smartkirana import run

CHECKOUT = Path(__file__).resolve().parents[2]
FIND_PYTHON = CHECKOUT / "smartkirana" / "find_python.sh"


@pytest.fixture
def pid_dir(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "PID_DIR", tmp_path / "run")
    return tmp_path / "run"


def test_taken_port_is_one_clear_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(run.CannotRun, match=rf"^Port {port} on 127.0.0.1 cannot be used .* PORT={port + 1} make run$"):
            run.refuse_taken_port("127.0.0.1", port)


@pytest.mark.parametrize("port", ["", "http", "0", "65536", "-1"])
def test_port_that_is_none_is_refused(monkeypatch, port):
    monkeypatch.setenv("PORT", port)

    with pytest.raises(run.CannotRun, match="is not a port number"):
        run.chosen_port()


def test_pid_file_finds_its_process_until_it_ends(pid_dir):
    child = subprocess.Popen(["sleep", "60"])
    run.write_pid("web", child.pid)
    found = run.running("web")
    assert found is not None
    assert found.pid == child.pid

    assert run.end(found) is True
    child.wait()
    assert run.running("web") is None


def test_pid_reused_by_another_process_is_not_ours(pid_dir):
    pid_dir.mkdir()
    (pid_dir / "web.pid").write_text(f"{os.getpid()} {time.time() - 5000:.2f}\n")

    assert run.running("web") is None


@pytest.mark.parametrize("content", ["", "1234", "a b", "99999999 1.0"])
def test_damaged_pid_file_is_nobody(pid_dir, content):
    pid_dir.mkdir()
    (pid_dir / "web.pid").write_text(content)

    assert run.running("web") is None


def test_second_run_in_the_same_folder_is_refused(pid_dir):
    run.write_pid("run", os.getpid())

    with pytest.raises(run.CannotRun, match="already runs from this folder"):
        run.refuse_second_run()


def test_reset_does_not_touch_a_server_named_by_the_settings(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://asha@db.example.in/shop")

    with pytest.raises(run.CannotRun, match="not ours to empty"):
        run.reset()


def fake_python(folder: Path, name: str, *, version: tuple[int, int], venv: bool = True) -> None:
    """A stand-in that answers find_python.sh's three questions as a Python of `version` would."""
    old = int(version < (3, 12))
    (folder / name).write_text(
        "#!/bin/sh\n"
        f'case "$2" in *version_info*) exit {old};; *ensurepip*) exit {int(not venv)};; *executable*) echo "{folder / name}";; esac\n'
    )
    (folder / name).chmod(0o755)


def find_python(folder: Path) -> subprocess.CompletedProcess:
    env = {"PATH": str(folder), "HOME": str(folder)}
    return subprocess.run(["/bin/sh", FIND_PYTHON], env=env, capture_output=True, text=True, check=False)


def test_newest_tried_python_is_found(tmp_path):
    fake_python(tmp_path, "python3", version=(3, 11))
    fake_python(tmp_path, "python3.12", version=(3, 12))

    assert find_python(tmp_path).stdout.strip() == str(tmp_path / "python3.12")


def test_no_python_or_only_old_ones_is_one_clear_sentence(tmp_path):
    fake_python(tmp_path, "python3", version=(3, 11))

    done = find_python(tmp_path)

    assert done.returncode == 1
    assert done.stderr.startswith("SmartKirana needs Python 3.12 or newer.")
    assert done.stderr.count("\n") == 1


def test_python_without_venv_names_the_missing_package(tmp_path):
    fake_python(tmp_path, "python3", version=(3, 12), venv=False)

    done = find_python(tmp_path)

    assert done.returncode == 1
    assert "cannot make virtual environments" in done.stderr
    assert "python3-venv" in done.stderr


def test_every_setting_is_explained_in_the_example():
    settings = (CHECKOUT / "smartkirana" / "settings.py").read_text()
    example = (CHECKOUT / ".env.example").read_text()
    named = set(re.findall(r"env\.\w+\(\s*\"(\w+)\"", settings))

    assert named
    assert [name for name in sorted(named) if not re.search(rf"^#?{name}=", example, re.M)] == []


def test_make_run_remembers_that_the_checkout_is_local(tmp_path, monkeypatch):
    from smartkirana import prepare

    monkeypatch.setattr(prepare, "CHECKOUT", tmp_path)
    monkeypatch.setenv("SMARTKIRANA_ENV", "production")
    prepare.remember_that_this_is_local()
    assert not (tmp_path / ".env").exists()
    monkeypatch.setenv("SMARTKIRANA_ENV", "local")
    prepare.remember_that_this_is_local()
    assert "SMARTKIRANA_ENV=local" in (tmp_path / ".env").read_text()
    (tmp_path / ".env").write_text("DATABASE_URL=postgres://mine")
    prepare.remember_that_this_is_local()
    assert (tmp_path / ".env").read_text() == "DATABASE_URL=postgres://mine"
