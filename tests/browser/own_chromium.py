"""A Chromium of the test's own, with a profile on disk, that can be killed like a power cut kills it and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from pathlib import Path

START = 20  # seconds it may take to start


class OwnChromium:
    """`page` is its only page; `die_after(seconds)` kills all its processes with SIGKILL at that moment, whatever they are doing."""

    def __init__(self, browser_type, executable: Path, args: list[str], profile: Path):
        port_file = profile / "DevToolsActivePort"
        port_file.unlink(missing_ok=True)
        self._process = subprocess.Popen(
            [executable, *args, "--headless=new", f"--user-data-dir={profile}", "--remote-debugging-port=0", "about:blank"],
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._timer: threading.Timer | None = None
        try:
            self._browser = browser_type.connect_over_cdp(f"http://127.0.0.1:{_port(port_file)}")
            self.context = self._browser.contexts[0]
            self.page = self.context.pages[0]
        except BaseException:
            self.kill()
            raise

    def die_after(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self.kill)
        self._timer.start()

    def kill(self) -> None:
        """Its whole process group: it was started as the leader of one, and nothing else is in it."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def wait_until_dead(self) -> None:
        if self._timer:
            self._timer.join()
        self.kill()
        self._browser.close()


def _port(file: Path) -> str:
    until = time.monotonic() + START
    while time.monotonic() < until:
        if file.exists() and (text := file.read_text()).count("\n"):
            return text.split()[0]
        time.sleep(0.02)
    raise TimeoutError("Chromium did not start")
