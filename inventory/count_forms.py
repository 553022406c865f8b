"""What the forms of a stock take parse and shape; what may be counted is decided in `counting`."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from inventory.count_scope import label_words
from inventory.count_selectors import shelves_of
from inventory.errors import StockError
from inventory.forms import OUT_OF_DATE, KeyForm, figure
from inventory.models import StockLot, StockTake
from shops.models import Shop

TOGETHER = "all"


class TakeForm(KeyForm):
    """What a new stock take is about."""

    category = forms.ModelChoiceField(
        label=_("Category"), queryset=None, required=False, error_messages={"invalid_choice": _("Choose a category of this shop.")}
    )
    shelf = forms.ChoiceField(label=_("Or a shelf"), required=False, error_messages={"invalid_choice": _("Choose a shelf of this shop.")})
    words = forms.CharField(label=_("Or goods that these words find"), max_length=80, required=False)
    name = forms.CharField(label=_("Name"), max_length=60, required=False)

    def __init__(self, data: QueryDict | None = None, *, shop: Shop) -> None:
        super().__init__(data)
        box = self.fields["category"]
        assert isinstance(box, forms.ModelChoiceField)
        box.queryset, box.empty_label = shop.categories.all(), _("The whole shop")
        shelves = self.fields["shelf"]
        assert isinstance(shelves, forms.ChoiceField)
        shelves.choices = [("", "–"), *((shelf, shelf) for shelf in shelves_of(shop))]


class CountForm(KeyForm):
    """How much of a product stands here, and which of its lots when several look different."""

    lot = forms.ChoiceField(
        label=_("Which of them"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose which of them you counted."), "invalid_choice": _("Choose which of them you counted.")},
    )
    quantity = figure(digits=11, places=3, label=_("Counted"))
    seen = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    code = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        choices: Sequence[StockLot],
        pack: Decimal = Decimal(1),
        initial: dict[str, Any] | None = None,
    ) -> None:
        """`choices` holds one lot for each look; `pack` is how many pieces the scanned code stands for."""
        super().__init__(data, initial=initial)
        self.lots, self.pack = {str(lot.pk): lot for lot in choices}, pack
        self.fields["quantity"].error_messages["required"] = _("Write how much you counted; 0 when there is none.")
        if len(choices) < 2:
            del self.fields["lot"]
            return
        box = self.fields["lot"]
        assert isinstance(box, forms.ChoiceField)
        box.choices = [*((key, label_words(lot)) for key, lot in self.lots.items()), (TOGETHER, _("All together, or I cannot tell"))]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if {"seen", "code"} & self.errors.keys():
            self.add_error(None, OUT_OF_DATE)
        return data

    def counted(self) -> dict[str, Any]:
        """The arguments for `count_goods`: pieces (packs times what a pack holds), the chosen lot, and since when it was looked at."""
        data, seen = self.cleaned_data, self.cleaned_data["seen"]
        return {
            "counted": data["quantity"] * self.pack,
            "lot": self.lots.get(data.get("lot", "")),
            "seen": int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 19 else 0,
            "request_key": self.key(),
        }

    def refuse(self, error: StockError) -> None:
        self.add_error(error.field if error.field in self.fields else None, error.message)


class ApproveForm(KeyForm):
    """Approve the differences, and say what happens with goods that nobody counted."""

    uncounted = forms.ChoiceField(
        label=_("Goods that nobody counted"),
        choices=[
            (StockTake.Uncounted.LEAVE, _("Leave them as they are")),
            (StockTake.Uncounted.ZERO, _("Take them as not there: their stock goes to zero")),
        ],
        widget=forms.RadioSelect,
        initial=StockTake.Uncounted.LEAVE,
        error_messages={"required": _("Choose what happens with them."), "invalid_choice": _("Choose what happens with them.")},
    )
    sure = forms.BooleanField(label=_("Yes, I looked: these goods are not in the shop"), required=False)
    note = forms.CharField(label=_("Note"), max_length=150, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("uncounted") == StockTake.Uncounted.ZERO and not data.get("sure"):
            self.add_error("sure", _("Tick this to bring the stock of goods that nobody counted to zero."))
        return data
