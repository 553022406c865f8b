"""Rows of a file for spreadsheets, sent while they are read."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse

MARK = "\ufeff"  # makes Excel read Hindi


class _Line:
    """What csv.writer writes to: gives the line back instead."""

    def write(self, line: str) -> str:
        return line


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines of the file, its head first. Cells come as they are: see `harmless` for what people typed."""
    writer = csv.writer(_Line())
    yield MARK + writer.writerow(head)
    for row in rows:
        yield writer.writerow(row)


def harmless(value: object) -> object:
    """Text that a spreadsheet would take for a formula gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def csv_file(name: str, head: Sequence[str], rows: Iterable[Iterable]) -> StreamingHttpResponse:
    """A download called `name` with one head line, sent row by row; no cell of it runs as a formula, and nothing stays empty."""
    lines = csv_lines(head, ([harmless(value) for value in row] for row in rows))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
