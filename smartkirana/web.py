"""Small helpers that every view shares."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django_htmx.http import HttpResponseClientRedirect

HANDED_OVER = "stands"  # session: set while somebody else than the signed-in person may stand at the device (shops/stand.py)


def is_handed_over(request: HttpRequest) -> bool:
    """True from the moment the device is locked, or sold on by PIN, until the signed-in person's password is given again."""
    return bool(request.session.get(HANDED_OVER))


def wants_fragment(request: HttpRequest) -> bool:
    """True when htmx asks for a piece of the page; going Back asks for the whole one again."""
    return bool(request.htmx) and not request.htmx.history_restore_request and not request.htmx.boosted


def page_or(request: HttpRequest, template: str, partial: str) -> str:
    """The template's name for a whole page, or of its `partial` when htmx asks."""
    return f"{template}#{partial}" if wants_fragment(request) else template


def show(request: HttpRequest, template: str, context: dict, *, partial: str = "", bad: bool = False) -> HttpResponse:
    """Render a page, or its `partial` for htmx; `bad` answers 422, which htmx swaps in like any other."""
    name = page_or(request, template, partial) if partial else template
    return render(request, name, context, status=422 if bad else 200)


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: an empty POST is a form too, and gets its sentences."""
    return request.POST if request.method == "POST" else None


def go(request: HttpRequest, to, *args, **kwargs) -> HttpResponse:
    """Move to another page: a client redirect for htmx (a 302 would land inside the fragment), a plain one otherwise."""
    response = redirect(to, *args, **kwargs)
    return HttpResponseClientRedirect(response.url) if request.htmx else response
