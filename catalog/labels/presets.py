"""Ready-made formats: the ways most label scales print, to start from."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.counter_models import LabelFormat

Holds = LabelFormat.Holds


class Preset(NamedTuple):
    """A format to start from; `key` names it in an address. It has the fields that reading needs."""

    key: str
    name: str | Promise
    prefix: str
    item_digits: int
    value_digits: int
    holds: str
    decimals: int
    own_check: bool = False
    is_active: bool = True

    def fields(self) -> dict[str, Any]:
        """What stands in the form when it is chosen."""
        return {**self._asdict(), "name": str(self.name)}


PRESETS = (
    Preset("grams", _("Weight in grams"), "21", 5, 5, Holds.WEIGHT, 3),
    Preset("paise", _("Price in paise, up to ₹999.99"), "22", 5, 5, Holds.PRICE, 2),
    Preset("ten-paise", _("Price to 10 paise, up to ₹9,999.90"), "23", 5, 5, Holds.PRICE, 1),
    Preset("rupees", _("Price in whole rupees"), "24", 5, 5, Holds.PRICE, 0),
    Preset("pieces", _("Number of pieces"), "25", 5, 5, Holds.PIECES, 0),
    Preset("paise-checked", _("Price in paise with its own check digit"), "26", 4, 5, Holds.PRICE, 2, own_check=True),
    Preset("ten-grams", _("Weight in tens of grams, six-digit items"), "28", 6, 4, Holds.WEIGHT, 2),
    Preset("upc", _("Price in paise on 12 digits (UPC)"), "02", 5, 4, Holds.PRICE, 2, own_check=True),
)


def preset(key: str) -> Preset | None:
    return next((one for one in PRESETS if one.key == key), None)
