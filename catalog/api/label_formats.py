"""How the shop's scales print labels. `/label-formats`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from catalog.api import schemas_prices as schemas
from catalog.api.found import format_in
from catalog.counter_models import LabelFormat
from catalog.labels.presets import PRESETS
from catalog.labels.selectors import formats_of, hidden_by
from catalog.labels.services import FIELDS, add_format, change_format, move_format, remove_format
from shops.access import Can
from shops.api.declare import operation
from shops.models import Shop
from smartkirana.api.fields import Id

router = Router(tags=["label formats"])
ALL = {"right": Can.RUN_SHOP, "answer": list[schemas.LabelFormatOut]}


def _all(shop: Shop) -> list[dict[str, Any]]:
    formats = formats_of(shop)
    return [_out(one, hidden_by(formats, one)) for one in formats]


def _out(one: LabelFormat, hider: LabelFormat | None) -> dict[str, Any]:
    return {name: getattr(one, name) for name in FIELDS} | {"id": one.pk, "position": one.position, "hidden_by": hider and hider.pk}


@operation(router, "GET", "", **ALL)
def list_label_formats(request: HttpRequest):
    """The shop's formats in the order they are tried."""
    return _all(request.auth.shop)


@operation(router, "GET", "/presets", right=Can.RUN_SHOP, answer=list[schemas.LabelPresetOut])
def list_label_presets(request: HttpRequest):
    """Ready-made formats to start from."""
    return [one.fields() for one in PRESETS]


@operation(router, "POST", "", status=201, problems={400, 409}, **ALL)
def add_label_format(request: HttpRequest, body: schemas.LabelFormatIn):
    """A further format, tried after those there are; answers all of them."""
    add_format(shop=request.auth.shop, **body.model_dump())
    return _all(request.auth.shop)


@operation(router, "PUT", "/{label_format_id}", problems={400, 404, 409}, **ALL)
def change_label_format(request: HttpRequest, label_format_id: Id, body: schemas.LabelFormatIn):
    """Write a format anew; its place stays. Answers all of them."""
    change_format(label_format=format_in(request.auth.shop, label_format_id), **body.model_dump())
    return _all(request.auth.shop)


@operation(router, "POST", "/{label_format_id}/move", problems={404}, **ALL)
def move_label_format(request: HttpRequest, label_format_id: Id, body: schemas.PlaceIn):
    """Try a format earlier or later; answers all of them."""
    move_format(label_format=format_in(request.auth.shop, label_format_id), by=-1 if body.to == "up" else 1)
    return _all(request.auth.shop)


@operation(router, "DELETE", "/{label_format_id}", problems={404}, **ALL)
def remove_label_format(request: HttpRequest, label_format_id: Id):
    """Take a format out of the list; answers those that are left."""
    remove_format(label_format=format_in(request.auth.shop, label_format_id))
    return _all(request.auth.shop)
