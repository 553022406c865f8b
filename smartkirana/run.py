"""`make run`: database, web server and background worker together on this computer; Ctrl-C stops all of it.

    python -m smartkirana.run          start, and wait until Ctrl-C
    python -m smartkirana.run stop     stop what runs, wherever it was started
    python -m smartkirana.run reset    delete the embedded database

Each child runs in a process group of its own, so that the terminal's Ctrl-C reaches only this process, which then stops
the children in order. `var/run/*.pid` holds pid and start time, so that a reused pid is never mistaken for ours.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

import environ
import psutil

from smartkirana import postgres
from smartkirana.prepare import DEMO_PEOPLE

CHECKOUT = Path(__file__).resolve().parent.parent
PID_DIR = CHECKOUT / "var" / "run"
SIGN_INS = [("owner", "9876543210"), ("staff", "9876543211"), ("accountant", "9876543214")]
PASSWORD = "demo123"  # noqa: S105 (printed for everybody; the demo shop only)
PATIENCE = 60  # seconds until the first page must answer


class CannotRun(Exception):
    """What is wrong and what to do, in one sentence."""


class Stopped(BaseException):
    """Ctrl-C, or a request to end."""


def main(arguments: list[str]) -> int:
    environ.Env.read_env(CHECKOUT / ".env")
    os.environ.setdefault("SMARTKIRANA_ENV", "local")
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    act = {"": run, "stop": stop, "reset": reset}[arguments[0] if arguments else ""]
    try:
        return act()
    except (CannotRun, postgres.DatabaseNotReady) as e:
        print(e, file=sys.stderr)
        return 1


# --- make run -------------------------------------------------------------------------------------------------


def run() -> int:
    """Start everything, say where it is, wait for Ctrl-C or for a child to end, stop everything."""
    host, port = os.environ.get("HOST", "127.0.0.1"), chosen_port()
    refuse_second_run()
    refuse_taken_port(host, port)
    on_signal(ask_to_stop)
    children: dict[str, subprocess.Popen] = {}
    starts_database = not os.environ.get("DATABASE_URL") and not postgres.status().running
    try:
        with pid_file("run", os.getpid()):
            if starts_database:
                start_database()
            prepare(children)
            start_children(children, host, port)
            wait_for_health(children, host, port)
            greet(host, port)
            return watch(children)
    except Stopped:
        print("\nStopping …", flush=True)
        return 0
    finally:
        stop_children(children)
        if starts_database:
            stop_own_database()


def on_signal(handler) -> None:
    """React to Ctrl-C, to a request to end and to a closed terminal, except to what our starter ignores (nohup)."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, handler)


def ask_to_stop(number, frame) -> None:
    """The first Ctrl-C ends the waiting; a second one while stopping ends the patience (see `stop_children`)."""
    on_signal(hurry)
    raise Stopped


def hurry(number, frame) -> None:
    """A second Ctrl-C: no more waiting for running requests and jobs."""
    for child in CHILDREN_TO_HURRY:
        kill_group(child)


CHILDREN_TO_HURRY: list[subprocess.Popen] = []


def chosen_port() -> int:
    text = os.environ.get("PORT", "8000")
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise CannotRun(f"PORT={text} is not a port number (1 to 65535).")
    return int(text)


def refuse_second_run() -> None:
    other = running("run")
    if other:
        raise CannotRun(f"SmartKirana already runs from this folder (process {other.pid}). Stop it with Ctrl-C there, or with make stop.")
    for name in ("web", "worker"):
        if leftover := running(name):
            end(leftover)


def refuse_taken_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as e:
            raise CannotRun(f"Port {port} on {host} cannot be used ({e.strerror}). Choose another: PORT={port + 1} make run") from e


def start_database() -> None:
    place = postgres.find_place()
    if place.moved:
        print(f"The database's data is in {place.data}, because its user cannot reach {place.asked.parent}.")
    postgres.start()


def prepare(children: dict[str, subprocess.Popen]) -> None:
    children["prepare"] = spawn("-m", "smartkirana.prepare")
    if children["prepare"].wait() != 0:
        raise CannotRun("The database or the static files could not be brought up to date; the reason stands above.")
    del children["prepare"]


def start_children(children: dict[str, subprocess.Popen], host: str, port: int) -> None:
    server = ["--interface", "wsgi", "--host", host, "--port", str(port), "--workers", "1", "--blocking-threads", "4"]
    quiet = ["--log-level", "warning", "--no-ws", "--workers-kill-timeout", "5"]
    children["web"] = spawn("-m", "granian", *server, *quiet, "smartkirana.wsgi:application")
    children["worker"] = spawn("manage.py", "qcluster")
    for name, child in children.items():
        write_pid(name, child.pid)


def spawn(*arguments: str) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, *arguments], cwd=CHECKOUT, stdin=subprocess.DEVNULL, start_new_session=True)


def wait_for_health(children: dict[str, subprocess.Popen], host: str, port: int) -> None:
    """Return when /health answers 200."""
    address = f"http://{reachable(host)}:{port}/health"
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        refuse_dead(children)
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (OSError, urllib.error.URLError):
            time.sleep(0.1)
    raise CannotRun(f"{address} did not answer within {PATIENCE} s.")


def refuse_dead(children: dict[str, subprocess.Popen]) -> None:
    for name, child in children.items():
        if child.poll() is not None:
            raise CannotRun(f"The {name} process ended by itself (code {child.returncode}); its last words stand above.")


def watch(children: dict[str, subprocess.Popen]) -> int:
    while True:
        refuse_dead(children)
        time.sleep(0.5)


def reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 (compared, not bound)


def greet(host: str, port: int) -> None:
    shown = "localhost" if reachable(host) in ("127.0.0.1", "[::1]") else host
    print(f"\nSmartKirana is open at http://{shown}:{port}\n")
    if DEMO_PEOPLE.exists():
        for role, phone in SIGN_INS:
            print(f"  {role:<11} {phone}   password {PASSWORD}")
    print("\nCtrl-C stops it.", flush=True)


# --- stopping -------------------------------------------------------------------------------------------------


def stop_children(children: dict[str, subprocess.Popen]) -> None:
    """Ask all to end, wait 15 s for requests and jobs to finish, kill what is left, grandchildren included."""
    on_signal(hurry)
    CHILDREN_TO_HURRY.extend(children.values())
    for child in children.values():
        child.terminate()
    deadline = time.monotonic() + 15
    for child in children.values():
        with suppress(subprocess.TimeoutExpired):
            child.wait(timeout=max(0.1, deadline - time.monotonic()))
        kill_group(child)
        child.wait()
    for name in children:
        (PID_DIR / f"{name}.pid").unlink(missing_ok=True)


def kill_group(child: subprocess.Popen) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)


def stop_own_database() -> None:
    """Stop the database that this run started, unless somebody else is connected to it by now."""
    deadline = time.monotonic() + 3  # connections of killed children take a moment to end
    while (others := postgres.others_connected()) and time.monotonic() < deadline:
        time.sleep(0.1)
    if others:
        print(f"The database stays up: {others} other connection(s) use it. make stop stops it.")
    else:
        postgres.stop()


def stop() -> int:
    """`make stop`: the run itself first, which stops its children; then what a killed run left behind; then the database."""
    stopped = [name for name in ("run", "web", "worker") if (process := running(name)) and end(process)]
    if not os.environ.get("DATABASE_URL") and postgres.stop():
        stopped.append("database")
    print(f"Stopped: {', '.join(stopped)}." if stopped else "Nothing was running.")
    return 0


def end(process: psutil.Process) -> bool:
    """SIGTERM, then after 25 s SIGKILL, to a process and what it started."""
    family = [process, *process.children(recursive=True)]
    process.terminate()
    _, alive = psutil.wait_procs(family, timeout=25)
    for left in alive:
        left.kill()
    return True


def reset() -> int:
    """`make reset`: delete the embedded database after asking, or with YES=1."""
    if os.environ.get("DATABASE_URL"):
        raise CannotRun("DATABASE_URL names a server that is not ours to empty. Drop and create its database with that server's own tools.")
    place = postgres.find_place()
    if not place.data.exists():
        print("There is no embedded database.")
        return 0
    if os.environ.get("YES") != "1" and not confirmed(f"Delete {place.data} with all shops, bills and books in it? [y/N] "):
        print("Nothing was deleted. (YES=1 make reset does not ask.)")
        return 1
    stop()
    shutil.rmtree(place.data)
    (CHECKOUT / "var" / "demo_unfinished").unlink(missing_ok=True)
    print(f"Deleted {place.data}. The next make run starts with a fresh demo shop.")
    return 0


def confirmed(question: str) -> bool:
    try:
        return input(question).strip().lower() in ("y", "yes")
    except EOFError:
        return False


# --- pid files ------------------------------------------------------------------------------------------------


def write_pid(name: str, pid: int) -> None:
    PID_DIR.mkdir(parents=True, exist_ok=True)
    (PID_DIR / f"{name}.pid").write_text(f"{pid} {psutil.Process(pid).create_time():.2f}\n")


@contextmanager
def pid_file(name: str, pid: int):
    write_pid(name, pid)
    try:
        yield
    finally:
        (PID_DIR / f"{name}.pid").unlink(missing_ok=True)


def running(name: str) -> psutil.Process | None:
    """The process that the pid file names, if it is still the one that wrote it."""
    try:
        pid, since = (PID_DIR / f"{name}.pid").read_text().split()
        process = psutil.Process(int(pid))
        ours = abs(process.create_time() - float(since)) < 0.05 and process.status() != psutil.STATUS_ZOMBIE
    except (OSError, ValueError, psutil.Error):
        return None
    return process if ours else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
