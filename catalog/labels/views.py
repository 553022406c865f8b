"""The page of scale labels: the shop's formats in the order they are tried. Trying out is on a floor above, where lines are made."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from catalog.counter_models import MOST_FORMATS, LabelFormat
from catalog.errors import CatalogError
from catalog.labels.forms import LabelFormatForm
from catalog.labels.presets import PRESETS, preset
from catalog.labels.reading import parts
from catalog.labels.selectors import formats_of, hidden_by
from catalog.labels.services import add_format, change_format, move_format, remove_format
from shops.access import Can, shop_page
from smartkirana.web import go, sent, show, wants_fragment

SHAPES = {"item": "I", "own-check": "K", "value": "V", "check": "C"}


@shop_page(Can.RUN_SHOP)
def labels(request: HttpRequest) -> HttpResponse:
    """All formats, ready-made ones to add, and the box to try a label."""
    return show(request, "catalog/labels.html", page_context(request), partial="formats")


def page_context(request: HttpRequest) -> dict[str, Any]:
    """What the page shows; the view that tries a label shows it too."""
    formats = formats_of(request.shop)
    taken = {one.prefix for one in formats}
    return {
        "formats": [{"row": one, "shape": shape(one), "hidden_by": hidden_by(formats, one)} for one in formats],
        "presets": [{"preset": one, "shape": shape(one), "taken": one.prefix in taken} for one in PRESETS],
        "full": len(formats) >= MOST_FORMATS,
    }


def shape(one: Any) -> list:
    """The digits of a format drawn as letters: 21 IIIII VVVVV C."""
    drawn = one.prefix + "I" * one.item_digits + "K" * one.own_check + "V" * one.value_digits + "C"
    return parts(one, drawn)


@shop_page(Can.RUN_SHOP, methods=("GET", "POST"))
def label_new(request: HttpRequest) -> HttpResponse:
    """A further format; `preset` in the address fills it."""
    return _form(request, None)


@shop_page(Can.RUN_SHOP, methods=("GET", "POST"))
def label_change(request: HttpRequest, label: int) -> HttpResponse:
    return _form(request, get_object_or_404(request.shop.label_formats, pk=label))


def _form(request: HttpRequest, known: LabelFormat | None) -> HttpResponse:
    start = known or preset(request.GET.get("preset", "")) or PRESETS[0]._replace(prefix=request.GET.get("begins", "21")[:4])
    if wants_fragment(request) and request.method == "GET":  # while it is typed, the drawing follows
        return show(request, "catalog/label_form.html#drawing", {"drawing": LabelFormatForm(request.GET).drawing})
    form = LabelFormatForm(sent(request), start=start)
    if request.method == "POST" and form.is_valid() and (saved := _save(request, form, known)):
        messages.success(request, _("{name} is saved.").format(name=saved.name))
        return go(request, "catalog:labels", request.shop.slug)
    context = {"form": form, "format": known, "drawing": form.drawing, "title": known.name if known else ""}
    return show(request, "catalog/label_form.html", context, bad=form.is_bound)


def _save(request: HttpRequest, form: LabelFormatForm, known: LabelFormat | None) -> LabelFormat | None:
    try:
        if known is None:
            return add_format(shop=request.shop, **form.details())
        return change_format(label_format=known, **form.details())
    except CatalogError as refusal:
        form.refuse(refusal)
        return None


@shop_page(Can.RUN_SHOP, methods=("POST",))
def label_move(request: HttpRequest, label: int) -> HttpResponse:
    """Try it earlier or later: `to` is "up" or "down"."""
    one = get_object_or_404(request.shop.label_formats, pk=label)
    if (by := {"up": -1, "down": 1}.get(request.POST.get("to", ""))) is not None:
        move_format(label_format=one, by=by)
    return _list(request)


@shop_page(Can.RUN_SHOP, methods=("POST",))
def label_remove(request: HttpRequest, label: int) -> HttpResponse:
    remove_format(label_format=get_object_or_404(request.shop.label_formats, pk=label))
    return _list(request)


def _list(request: HttpRequest) -> HttpResponse:
    if wants_fragment(request):
        return show(request, "catalog/labels.html#formats", page_context(request))
    return go(request, "catalog:labels", request.shop.slug)
