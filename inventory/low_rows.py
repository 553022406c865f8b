"""What the rows of the page of goods running low show, worked out before the template writes them.

A row has thirty figures, sentences and addresses: a template that looks each up for itself takes as long as the rest of the page.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.forms import Form
from django.http import HttpRequest, QueryDict
from django.template.defaultfilters import floatformat
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext, ngettext

from catalog.models import Product
from catalog.units import UNITS
from inventory.errors import StockError
from shops.access import Can
from smartkirana.money import plain
from smartkirana.templatetags.kirana import NOTHING, qty

UNIT_NAMES = {unit.code: unit.name for unit in UNITS}
LEVELS = ("min_stock", "max_stock")
PAGES = {"product": "history", "supplier": "supplier", "min_stock": "set_minimum", "max_stock": "set_maximum"}


class Answer(NamedTuple):
    """What came of the last POST: the orders' boxes with what is wrong in them, or a level that was set or refused."""

    typed: QueryDict | None = None
    problem: StockError | None = None
    field: str = ""  # of the level
    form: Form | None = None  # None: the level was set


class Said(NamedTuple):
    """What is the same in every row, in the reader's language: words, escaped; sentences to fill in; addresses but for their number."""

    words: dict[str, str]
    sentences: dict[str, str]
    addresses: dict[str, list[str]]

    def sentence(self, key: str, **names: str) -> str:
        return self.sentences[key] % names

    def address(self, page: str, number: int) -> str:
        return str(number).join(self.addresses[page])


def _said(request: HttpRequest) -> Said:
    words = {
        "per_day": gettext("a day"),
        "days_left": gettext("days left"),
        "min_stock": gettext("minimum"),
        "max_stock": gettext("maximum"),
        "supplier": gettext("supplier"),
        "order": gettext("order"),
        "set": gettext("Set"),
        "out": gettext("Out"),
        "below": gettext("Below zero"),
    }
    sentences = {
        "min_stock": gettext("Minimum of %(name)s"),
        "max_stock": gettext("Maximum of %(name)s"),
        "order": gettext("Order of %(name)s, %(unit)s"),
        "coming": gettext("%(quantity)s %(unit)s on order"),
    }
    addresses = {page: reverse(f"inventory:{name}", args=[request.shop.slug, 0]).rsplit("0", 1) for page, name in PAGES.items()}
    return Said({key: escape(word) for key, word in words.items()}, sentences, addresses)


def rows_of(request: HttpRequest, goods: Iterable[Product], answer: Answer | None = None) -> dict[str, Any]:
    """`rows` and `words` for the template. The goods carry the figures of `selectors.LowStock` and of `put_suggestions`."""
    said, answer = _said(request), answer or Answer()
    return {"words": said.words, "rows": [_row(request, product, said, answer) for product in goods]}


def _row(request: HttpRequest, product: Product, said: Said, answer: Answer) -> dict[str, Any]:
    return {
        "pk": str(product.pk),
        "name": product.name,
        "unit": product.unit,
        "address": said.address("product", product.pk),
        "under": f"{product.sku} · {product.category.name}" if product.category else product.sku,
        "stock": qty(product.stock),
        "gone": _gone(product, said),
        "per_day": floatformat(product.per_day, "-1") if product.per_day else NOTHING,
        "levels": [_level(request, product, said, answer, field) for field in LEVELS],
        "coming": said.sentence("coming", quantity=qty(product.coming), unit=product.unit) if product.coming else "",
        "order_of": said.sentence("order", name=product.name, unit=UNIT_NAMES.get(product.unit, product.unit)),
        **_days(product),
        **_supplier(request, product, said),
        **_order(request, product, answer),
    }


def _gone(product: Product, said: Said) -> str:
    return "" if product.stock > 0 else said.words["out"] if product.stock == 0 else said.words["below"]


def _days(product: Product) -> dict[str, str]:
    days = product.whole_days
    if days is None:
        return {"days": NOTHING, "urgent": ""}
    return {"days": str(days), "urgent": "bad" if days == 0 else "warn" if days <= product.lead_days else ""}


def _level(request: HttpRequest, product: Product, said: Said, answer: Answer, field: str) -> dict[str, Any]:
    """A minimum or maximum: the box to write it in, or for who may not, the figure."""
    level = getattr(product, field)
    if Can.EDIT_GOODS not in request.can:
        return {"head": said.words[field], "shown": qty(level)}
    form = answer.form if answer.field == field else None
    value = form[field].value() if form else plain(level)
    return {
        "head": said.words[field],
        "field": field,
        "address": said.address(field, product.pk),
        "label": said.sentence(field, name=product.name),
        "value": "" if value is None else value,
        "wrong": " ".join(str(error) for errors in form.errors.values() for error in errors) if form else "",
        "kept": answer.field == field and not form,
    }


def _supplier(request: HttpRequest, product: Product, said: Said) -> dict[str, str]:
    if not product.supplier_id:
        return {}
    days = product.lead_days
    link = said.address("supplier", product.supplier_id) if Can.SEE_COST in request.can else ""
    delivers = ngettext("%(days)s day to deliver", "%(days)s days to deliver", days) % {"days": days}
    return {"supplier": product.supplier_name, "supplier_address": link, "delivers": delivers}


def _order(request: HttpRequest, product: Product, answer: Answer) -> dict[str, Any]:
    """The tick and the box of who may buy, with what was written in them; for others the figure."""
    if Can.BUY not in request.can:
        return {"order": qty(product.order) if product.order else ""}
    box = f"{product.pk}-quantity"
    typed, ticked = "", False
    if answer.problem and answer.typed is not None:
        typed, ticked = answer.typed.get(box, ""), str(product.pk) in answer.typed.getlist("product")
    order = typed if ticked or typed else plain(product.order) if product.order else ""
    return {"box": box, "order": order, "ticked": ticked, "wrong": bool(answer.problem and answer.problem.field == box)}
