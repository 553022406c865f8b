"""The acts on a shop's label formats."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from catalog.counter_models import MOST_FORMATS, LabelFormat
from catalog.errors import CatalogError
from catalog.ordering import change_places, close_ranks, hold_list, next_place
from shops.models import Shop
from smartkirana.db_rules import broken_rule
from smartkirana.text import clean_name

FIELDS = ("name", "prefix", "item_digits", "value_digits", "holds", "decimals", "own_check", "is_active")
SENTENCES = {
    "catalog_labelformat_prefix": (
        "prefix_taken",
        _("Another format has these leading digits already. Labels could not be told apart."),
        "prefix",
    ),
    "catalog_labelformat_in_store": ("bad_prefix", _("Give 20 to 29, 02 or 04, and up to two digits more."), "prefix"),
    "catalog_labelformat_13_digits": ("bad_length", _("Leading digits, item, value and check digits must come to 13."), "value_digits"),
    "catalog_labelformat_decimals": ("bad_decimals", _("A weight has at most 3 decimals, a price 2, a number of pieces none."), "decimals"),
    "catalog_labelformat_own_check": ("bad_own_check", _("Only a value of 4 or 5 digits has a check digit of its own."), "own_check"),
    "catalog_labelformat_at_most_8": ("too_many", _("A shop has at most 8 formats. Remove one first."), None),
}


@transaction.atomic
def add_format(*, shop: Shop, **fields: Any) -> LabelFormat:
    """A further format, tried after those there are. `fields` are those of FIELDS.

    Raises CatalogError "too_many", "prefix_taken", "bad_prefix", "bad_length", "bad_decimals", "bad_own_check", "no_name".
    """
    hold_list(shop)
    place = next_place(shop.label_formats.all())
    if shop.label_formats.count() >= MOST_FORMATS or place > MOST_FORMATS:
        raise CatalogError("too_many", str(SENTENCES["catalog_labelformat_at_most_8"][1]))
    return _written(LabelFormat(shop=shop, position=place), fields)


def change_format(*, label_format: LabelFormat, **fields: Any) -> LabelFormat:
    """Change a format; its place stays. Raises CatalogError as add_format()."""
    return _written(label_format, fields)


def _written(one: LabelFormat, fields: dict[str, Any]) -> LabelFormat:
    for name in FIELDS:
        if name in fields:
            setattr(one, name, fields[name])
    one.name = clean_name(one.name)
    if not one.name:
        raise CatalogError("no_name", str(_("Give the format a name.")), "name")
    try:
        with transaction.atomic():
            one.save(update_fields=list(FIELDS) if one.pk else None)
    except IntegrityError as error:
        raise _in_words(error) from error
    return one


def _in_words(error: IntegrityError) -> Exception:
    found = SENTENCES.get(broken_rule(error))
    return CatalogError(found[0], str(found[1]), found[2]) if found else error


@transaction.atomic
def move_format(*, label_format: LabelFormat, by: int) -> bool:
    """Try a format earlier (-1) or later (1); False when it is first or last already."""
    hold_list(label_format.shop)
    return change_places(label_format.shop.label_formats.all(), label_format.pk, by)


@transaction.atomic
def remove_format(*, label_format: LabelFormat) -> None:
    """Take a format out of the list; those behind it move up."""
    hold_list(label_format.shop)
    rows = label_format.shop.label_formats
    found = rows.filter(pk=label_format.pk).first()
    if found is not None:
        found.delete()
        close_ranks(rows.all(), found.position)
