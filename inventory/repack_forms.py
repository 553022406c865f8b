"""What the forms of packing parse and shape; what may be packed is decided in `repacking`, what a recipe is in `recipes`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from catalog.models import Product
from inventory.errors import StockError
from inventory.forms import KeyForm, day_field, figure, lot_words
from inventory.models import StockLot
from inventory.repack_models import RepackKind
from inventory.repacking import Made, Taken
from smartkirana.dates import FIRST_DAY, LAST_DAY, shop_today
from smartkirana.money import ZERO, plain


class RepackForm(KeyForm):
    """What is done, what the packing costs, and when; the goods are rows of their own."""

    kind = forms.ChoiceField(
        label="What is done",
        choices=RepackKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is done.", "invalid_choice": "Choose what is done."},
    )
    packing_cost = figure(digits=14, places=2, label="Packing: bags, labels, labour", required=False)
    day = day_field(label="Packed on")
    note = forms.CharField(label="Note", max_length=200, required=False)

    def __init__(self, data: QueryDict | None = None, *, kind: str = RepackKind.BREAK) -> None:
        super().__init__(data, initial={"kind": kind, "day": shop_today()})
        self.fields["day"].error_messages["required"] = "Write the day."

    def frame(self) -> dict[str, Any]:
        """The arguments of `repack_goods` besides the goods; of a form not yet whole, as much as there is."""
        self.is_valid()
        data = getattr(self, "cleaned_data", {})
        return {
            "kind": data.get("kind") or RepackKind.BREAK,
            "packing_cost": data.get("packing_cost") or ZERO,
            "day": data.get("day") or shop_today(),
            "note": data.get("note", ""),
        }


class RecipeForm(KeyForm):
    """A recipe's name and kind; its parts are rows of their own."""

    name = forms.CharField(label="Name", max_length=60, error_messages={"required": "Give the recipe a name."})
    kind = forms.ChoiceField(
        label="What is done",
        choices=RepackKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is done.", "invalid_choice": "Choose what is done."},
    )
    note = forms.CharField(label="Note", max_length=200, required=False)


class PartRow(forms.Form):
    """Goods on one side, and how much of them."""

    quantity = figure(digits=11, places=3, label="How much")

    def __init__(self, data: QueryDict | None = None, *, side: str, product: Product, key: str, **initial: Any) -> None:
        super().__init__(data, prefix=key, initial=initial)
        self.side, self.product, self.key = side, product, key
        self.sums: object | None = None
        self.fields["quantity"].error_messages["required"] = "How much?"

    @property
    def name(self) -> str:
        """The row as a hidden box carries it."""
        return f"{self.key}-{self.product.pk}"


class TakenRow(PartRow):
    """What goes in, and out of which lot when that matters."""

    lot = forms.ChoiceField(label="Out of", required=False, error_messages={"invalid_choice": "This lot is empty now. Choose another one."})

    def __init__(self, *args: Any, lots: Sequence[StockLot], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lots = {str(lot.pk): lot for lot in lots if lot.on_hand > 0}
        box = self.fields["lot"]
        assert isinstance(box, forms.ChoiceField)
        box.choices = [("", "The first to expire"), *((key, lot_words(lot, self.product)) for key, lot in self.lots.items())]
        if len(self.lots) < 2 and not self["lot"].value():
            del self.fields["lot"]

    def line(self) -> Taken:
        """The row as the service takes it."""
        return Taken(self.product, self.cleaned_data["quantity"], self.lots.get(self.cleaned_data.get("lot", "")))


class MadeRow(PartRow):
    """What comes out, and what is printed on it."""

    price = figure(digits=10, places=2, label="Sell at ₹", required=False)
    mrp = figure(digits=10, places=2, label="MRP ₹", required=False)
    batch = forms.CharField(label="Batch", max_length=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    expiry = day_field(label="Best before", required=False)
    share = figure(digits=5, places=2, label="Cost share %", required=False)

    def __init__(self, *args: Any, may_price: bool, see_cost: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, shown in (("price", may_price), ("mrp", may_price), ("share", see_cost)):
            if not shown:
                del self.fields[name]
        if may_price and not self.is_bound:
            self.initial.setdefault("mrp", self.product.mrp)

    def clean_expiry(self) -> date | None:
        day = self.cleaned_data["expiry"]
        if day and not FIRST_DAY <= day <= LAST_DAY:
            raise forms.ValidationError("Write a date between 2000 and 2099.")
        return day

    def line(self) -> Made:
        """The row as the service takes it."""
        data = self.cleaned_data
        written = {name: data[name] for name in ("price", "mrp", "batch", "expiry", "share") if name in data}
        return Made(self.product, data["quantity"], **written)


def put_error(error: StockError, head: forms.Form, rows: Sequence[PartRow]) -> None:
    """Put the service's sentence at its box, in the head or in a row; without a box of its own over the whole."""
    side, _, rest = (error.field or "").partition("-")
    number, _, name = rest.partition("-")
    mine = [row for row in rows if row.side == side]
    if number.isdigit() and int(number) < len(mine):
        row = mine[int(number)]
        box = {"sell_at": "price"}.get(name, name)
        row.add_error(box if box in row.fields else "quantity", error.message)
    else:
        head.add_error(error.field if error.field in head.fields else None, error.message)


def times(value: Decimal, count: int) -> str:
    """A recipe's quantity `count` times, as one types it."""
    return plain(value * count)
