"""The SMS that a test's house sends."""

from __future__ import annotations

import json
from pathlib import Path


class Box:
    """Reads what `FileSms` wrote."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def messages(self) -> list[dict]:
        return [json.loads(line) for line in self.file.read_text().splitlines()] if self.file.exists() else []

    def code(self) -> str:
        """The digits of the last code that was sent; "" when none was."""
        return next((message["code"] for message in reversed(self.messages()) if message["kind"] == "code"), "")
