"""A file as an answer: its kind by the end of its name."""

from __future__ import annotations

from django.http import HttpResponse

KINDS = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "bin": "application/octet-stream",
}


def file_response(content: bytes, name: str, *, save: bool = True) -> HttpResponse:
    """The file called `name`: to be saved, or with save=False to be looked at."""
    kind = "attachment" if save else "inline"
    headers = {"Content-Disposition": f'{kind}; filename="{name}"'}
    return HttpResponse(content, content_type=KINDS[name.rpartition(".")[2]], headers=headers)
