"""A program that listens: a real HTTP server in a thread, which answers as it is told and keeps what it heard."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Heard:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Ear:
    """`answers` are given one after the other, the last one for ever: a status, or (status, headers, text)."""

    answers: list = field(default_factory=lambda: [200])
    heard: list[Heard] = field(default_factory=list)
    drip: float = 0
    url: str = ""

    def next_answer(self) -> tuple[int, dict[str, str], str]:
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return answer if isinstance(answer, tuple) else (answer, {}, "thank you")


@contextmanager
def listening() -> Iterator[Ear]:
    ear = Ear()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            ear.heard.append(Heard(self.path, dict(self.headers), body))
            if ear.drip:
                return self.answer_slowly()
            status, headers, text = ear.next_answer()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def answer_slowly(self) -> None:
            try:
                for letter in b"HTTP/1.1 200 OK and so on and on":
                    self.wfile.write(bytes([letter]))
                    self.wfile.flush()
                    time.sleep(ear.drip)
            except OSError:
                self.close_connection = True

        do_GET = do_POST

        def log_message(self, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    ear.url = f"http://127.0.0.1:{server.server_port}/told?by=kirana"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield ear
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
