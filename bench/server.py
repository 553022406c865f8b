"""A real web server for the bench: granian over a socket, on the bench's database, asked like a browser asks."""

from __future__ import annotations

import os
import random
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

from django.urls import reverse

from shops.models import Shop, User

PASSWORD = "bench-only"


@contextmanager
def running(**settings: str) -> Iterator[Site]:
    """Start granian with one worker on a free port, with these settings in its environment; stop it, whatever happens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    process = subprocess.Popen(
        [*command, "--blocking-threads", "4", "smartkirana.wsgi:application"],
        env={**os.environ, "LOG_LEVEL": "WARNING", "DEBUG": "0", **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        site = Site(port, process.pid)
        site.wait()
        yield site
    finally:
        process.terminate()
        process.wait(10)


class Site:
    """One browser's view of the server: a kept connection, cookies, a CSRF token."""

    def __init__(self, port: int, pid: int) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=30)
        self.host, self.pid = f"127.0.0.1:{port}", pid
        self.cookies: dict[str, str] = {}
        self.token = ""

    def wait(self) -> None:
        for _ in range(200):
            try:
                return self.get("/health") and None
            except OSError:
                self.connection.close()
                time.sleep(0.1)
        raise RuntimeError("the web server did not start")

    def get(self, path: str) -> str:
        return self.ask("GET", path)

    def post(self, path: str, data: Sequence[tuple[str, object]], **headers: str) -> str:
        kind = {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": self.token, "Origin": f"http://{self.host}"}
        return self.ask("POST", path, urlencode(data), {**kind, **headers})

    def ask(self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None, expected: int = 0) -> str:
        cookie = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        self.connection.request(method, path, body, {"Cookie": cookie, **(headers or {})})
        response = self.connection.getresponse()
        text = response.read().decode()
        for line in response.msg.get_all("Set-Cookie", []):
            self.cookies.update({k: m.value for k, m in SimpleCookie(line).items()})
        if response.status != expected and (expected or response.status >= 400):
            raise RuntimeError(f"{method} {path} answered {response.status}: {text[:300]}")
        if found := re.search(r'csrfmiddlewaretoken" value="([^"]+)"|X-CSRFToken[^A-Za-z0-9]+([A-Za-z0-9]+)', text):
            self.token = found[1] or found[2]
        return text

    def sign_in(self, shop: Shop, user: User) -> None:
        url = reverse("account_login")
        self.get(url)
        self.post(url, [("login", str(user.phone).removeprefix("+91")), ("password", PASSWORD), ("csrfmiddlewaretoken", self.token)])
        self.get(reverse("orders:counter", args=[shop.slug]))

    def payer(self, shop: Shop, products: Sequence[int], lines: int = 5) -> Callable[[], str]:
        """A function that sells so many products and gets the receipt fragment."""
        url, counter = reverse("orders:counter_pay", args=[shop.slug]), shop.counters.all()[0].pk

        def pay() -> str:
            data: list[tuple[str, object]] = [
                ("key", uuid4()),
                ("counter", counter),
                ("total", f"{105 * lines}.00"),
                ("pay-cash", f"{105 * lines}.00"),
            ]
            for pk in random.sample(products, lines):
                data += [("line-product", pk), ("line-mrp", "110.00"), ("line-quantity", 1), ("line-price", "105.00")]
            return self.post(url, data, **{"HX-Request": "true"})

        return pay

    def memory_mb(self) -> float:
        """Resident memory of the largest process under the server, MB."""
        family = [self.pid, *_children(self.pid)]
        return max(_resident(pid) for pid in family) / 1024


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(p) for p in listed]


def _resident(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1])
