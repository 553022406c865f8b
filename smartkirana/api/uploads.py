"""Files that come in by JSON: as base64, or as rows."""

from __future__ import annotations

import base64
import binascii
import csv
import io
from typing import Annotated

from pydantic import Field, StringConstraints

from smartkirana.api.fields import Name
from smartkirana.api.shapes import Shape
from smartkirana.errors import Refusal

LARGEST = 4_000_000  # letters of base64: 3 MB of file, within what a request may weigh
MOST_ROWS, MOST_CELLS, LONGEST_CELL = 5_000, 60, 1000
Cell = Annotated[str, StringConstraints(max_length=LONGEST_CELL)]
Columns = Annotated[dict[Cell, Annotated[int, Field(ge=0, le=200)]], Field(max_length=60)]


class FileIn(Shape):
    """A file as base64, or its rows; the first rows hold the headings."""

    filename: Name = Field(examples=["hdfc-november.csv"])
    content: str | None = Field(None, max_length=LARGEST, description="A .csv or .xlsx file in base64, of at most 3 MB.")
    rows: list[Annotated[list[Cell], Field(max_length=MOST_CELLS)]] | None = Field(
        None, max_length=MOST_ROWS, examples=[[["Date", "Narration", "Credit"], ["22-11-2026", "UPI 5523", "105.00"]]]
    )

    def name_and_bytes(self) -> tuple[str, bytes]:
        """The file's name and bytes. Raises Refusal "bad_file"."""
        if (self.content is None) == (self.rows is None):
            raise Refusal("bad_file", "Send the file as `content`, or its `rows`; one of the two.", "content")
        if self.rows is not None:
            lines = io.StringIO()
            csv.writer(lines).writerows(self.rows)
            return f"{self.filename.removesuffix('.csv')}.csv", lines.getvalue().encode("utf-8", "replace")
        try:
            return self.filename, base64.b64decode(self.content or "", validate=True)
        except (binascii.Error, ValueError):
            raise Refusal("bad_file", "`content` must be the file in base64.", "content") from None
