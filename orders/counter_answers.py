"""The counter's short answers, shared by its views."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from orders.bill import MOST_LINES
from smartkirana.errors import Refusal

TOO_MUCH = format_lazy(_("This is too much for one bill: at most {most} lines. Nothing was saved."), most=MOST_LINES)


def message(request: HttpRequest, refusal: Refusal, status: int = 200) -> HttpResponse:
    """A sentence in place of the fragment. A question answered "no" is an answer (200); an act refused is 422."""
    return render(request, "orders/counter/message.html", {"refusal": refusal}, status=status)
