"""Trying out a scale's label on the settings page: which format takes it, what it says, and the line it would make."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from catalog.barcodes import BarcodeError, parse_barcode
from catalog.labels.reading import Label, as_ean13, is_in_store, parts, read_label, taking
from catalog.labels.selectors import formats_of
from catalog.labels.views import page_context
from orders.counter_selectors import look_up
from shops.access import Can, shop_page
from shops.models import Shop
from smartkirana.errors import Refusal
from smartkirana.text import clean_name
from smartkirana.web import show


@shop_page(Can.RUN_SHOP)
def label_try(request: HttpRequest) -> HttpResponse:
    """The label in `code`, read as the counter would read it; a fragment while it is typed, the whole page for a plain browser."""
    code = clean_name(request.GET.get("code", "")[:100])
    context = {"tried": try_out(request.shop, code) if code else None, "code": code}
    if not request.htmx:
        context |= page_context(request)
    return show(request, "catalog/labels.html", context, partial="tried")


def try_out(shop: Shop, text: str) -> dict[str, Any]:
    """What the counter makes of `text`: the format that takes it and its digits, the row, or the sentence why not."""
    code = as_ean13("".join(text.split()))
    if not is_in_store(code):
        return {"problem": _not_a_label(code)}
    formats = formats_of(shop)
    found = taking(formats, code)
    tried: dict[str, Any] = {"digits": parts(found, code) if found else [], "format": found}
    try:
        rows = look_up(shop, code)
    except Refusal as refusal:
        tried["problem"] = _no_format(code) if found is None and refusal.code == "not_in_list" else refusal.message
        return tried | {"new_prefix": code[:2] if found is None else "", "label": _read(formats, code)}
    if shop.barcodes.filter(code=code).exists():
        return {"own_code": rows[0].product.name}
    return tried | {"label": read_label(formats, code), "row": rows[0], "rows": rows}


def _read(formats: list, code: str) -> Label | None:
    try:
        return read_label(formats, code)
    except Refusal:
        return None


def _not_a_label(code: str) -> str:
    try:
        parse_barcode(code)
    except BarcodeError as error:
        return error.message
    if code.isdigit() and len(code) == 13:
        return _("This is a maker’s code. Labels of a scale begin with 20 to 29, 02 or 04.")
    return _("A label has 12 or 13 digits; this has {count}.").format(count=len(code))


def _no_format(code: str) -> str:
    return _("No format takes it: none in use begins with {prefix}.").format(prefix=code[:2])
