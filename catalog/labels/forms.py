"""One label format as it is typed; the rules are the database's, told in words here while there is still time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.counter_models import IN_STORE, LABEL_DIGITS, LabelFormat
from catalog.labels.presets import Preset
from catalog.labels.reading import Part, label_of, parts
from catalog.labels.services import FIELDS
from smartkirana.errors import Refusal
from smartkirana.text import clean_name

MOST_DECIMALS = {"weight": 3, "price": 2, "pieces": 0}
DECIMALS = ((0, _("none")), (1, "1"), (2, "2"), (3, "3"))
EXAMPLES = {"weight": Decimal("1.25"), "price": Decimal("84.50"), "pieces": Decimal(6)}
EXAMPLE_ITEM = 42


def _digits(label: Any) -> forms.IntegerField:
    box = forms.NumberInput(attrs={"inputmode": "numeric", "class": "num", "min": 2, "max": 8, "autocomplete": "off"})
    sentence = _("A number from 2 to 8.")
    errors = {"required": sentence, "invalid": sentence, "min_value": sentence, "max_value": sentence}
    return forms.IntegerField(label=label, min_value=2, max_value=8, widget=box, error_messages=errors)


@dataclass(frozen=True)
class Drawing:
    """What labels of a format look like: its parts, how many digits that makes, and a whole label as an example of `value`."""

    parts: list[Part]
    digits: int
    example: list[Part]
    item: int
    value: Decimal
    holds: str

    @property
    def fits(self) -> bool:
        return self.digits == LABEL_DIGITS


class LabelFormatForm(forms.Form):
    """Leading digits, item, value and check digits come to 13."""

    name = forms.CharField(label=_("Name"), max_length=40, error_messages={"required": _("Give the format a name.")})
    prefix = forms.CharField(  # type: ignore[assignment]
        label=_("Leading digits"),
        max_length=4,
        error_messages={"required": _("Give the digits the label begins with."), "max_length": _("At most 4 digits.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    item_digits = _digits(_("Digits of the item"))
    value_digits = _digits(_("Digits of the value"))
    holds = forms.ChoiceField(
        label=_("The value is"),
        choices=LabelFormat.Holds.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what the value is.")},
    )
    decimals = forms.TypedChoiceField(label=_("Decimals of the value"), choices=DECIMALS, coerce=int)
    own_check = forms.BooleanField(label=_("The value has its own check digit before it"), required=False)
    is_active = forms.BooleanField(label=_("In use"), required=False)

    def __init__(self, data: Mapping | None = None, *, start: LabelFormat | Preset | None = None) -> None:
        """`start` fills the boxes: the format to be changed, or one to begin with."""
        initial = {name: str(value) if name == "name" else value for name in FIELDS if (value := getattr(start, name, None)) is not None}
        super().__init__(data, initial={"is_active": True, **initial}, label_suffix="")

    def clean_name(self) -> str:
        name = clean_name(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(gettext("Give the format a name."))
        return name

    def clean_prefix(self) -> str:
        prefix = self.cleaned_data["prefix"]
        if not re.fullmatch(IN_STORE, prefix, re.ASCII):
            raise forms.ValidationError(gettext("Give 20 to 29, 02 or 04, and up to two digits more. Other beginnings belong to makers."))
        return prefix

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if {"prefix", "item_digits", "value_digits"} <= data.keys() and (count := _count(data)) != LABEL_DIGITS:
            sentence = gettext("Together with the check digit these are {count} digits; a label has 13.").format(count=count)
            self.add_error("value_digits", sentence)
        if data.get("decimals", 0) > MOST_DECIMALS.get(data.get("holds", ""), 3):
            self.add_error("decimals", gettext("A weight has at most 3 decimals, a price 2, a number of pieces none."))
        if data.get("own_check") and data.get("value_digits") not in (None, 4, 5):
            self.add_error("own_check", gettext("Only a value of 4 or 5 digits has a check digit of its own."))
        return data

    def details(self) -> dict[str, Any]:
        """The arguments of the services."""
        return {name: self.cleaned_data[name] for name in FIELDS}

    def refuse(self, refusal: Refusal) -> None:
        """Put a service's sentence beside its field."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)

    @property
    def drawing(self) -> Drawing | None:
        """The format as it stands in the boxes, drawn; None while they do not say enough."""
        try:
            draft = _draft({name: self[name].value() for name in FIELDS})
        except (TypeError, ValueError):
            return None
        shape = parts(draft, draft.prefix + "I" * draft.item_digits + "K" * draft.own_check + "V" * draft.value_digits + "C")
        value = EXAMPLES[draft.holds].quantize(Decimal(1).scaleb(-draft.decimals))
        try:
            example = parts(draft, label_of(draft, EXAMPLE_ITEM, value))
        except ValueError:
            example = []
        return Drawing(shape, _count(vars(draft)), example, EXAMPLE_ITEM, value, draft.holds)


class _Draft:
    """A format that is still being typed."""

    name, is_active = "", True

    def __init__(self, prefix: str, item_digits: int, value_digits: int, holds: str, decimals: int, own_check: bool) -> None:
        self.prefix, self.item_digits, self.value_digits = prefix, item_digits, value_digits
        self.holds, self.decimals, self.own_check = holds, decimals, own_check


def _draft(typed: dict[str, Any]) -> _Draft:
    """Raises ValueError or TypeError for what cannot be drawn."""
    prefix, holds = str(typed["prefix"] or ""), str(typed["holds"] or "")
    item, value, decimals = (int(str(typed[name])[:3]) for name in ("item_digits", "value_digits", "decimals"))
    if not re.fullmatch(r"[0-9]{1,4}", prefix) or holds not in EXAMPLES or not (2 <= item <= 8 and 2 <= value <= 8 and 0 <= decimals <= 3):
        raise ValueError("not enough to draw")
    return _Draft(prefix, item, value, holds, decimals, typed["own_check"] in (True, "on"))


def _count(of: Mapping[str, Any]) -> int:
    """How many digits the parts make, the check digit with them."""
    return len(of["prefix"]) + of["item_digits"] + of["value_digits"] + bool(of.get("own_check")) + 1
