"""Lists as CSV files, sent while they are read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.http import StreamingHttpResponse

from smartkirana.csv_rows import csv_lines, harmless


def csv_file(name: str, columns: Sequence[str], rows: Iterable[Iterable]) -> StreamingHttpResponse:
    """A download called `name` with one head line; no cell of it runs as a formula."""
    lines = csv_lines(columns, ([harmless(value) for value in row] for row in rows))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
