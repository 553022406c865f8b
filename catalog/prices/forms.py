"""Forms of price lists: parse and shape what was typed; the rules are in the services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from catalog.errors import CatalogError
from catalog.importing.cells import BadCell, number
from catalog.list_prices import Slab
from catalog.models import PriceList, Product
from catalog.prices.services import LONGEST_NAME, MOST_STEPS, checked_step
from smartkirana.errors import Refusal
from smartkirana.money import ZERO, plain

SPARE_ROWS = 3


class PriceListForm(forms.Form):
    """A list's name."""

    name = forms.CharField(
        label=_lazy("Name"),
        max_length=LONGEST_NAME,
        help_text=_lazy("As the shop calls it: Wholesale, Hotels, Staff."),
        error_messages={"required": _lazy("Give the price list a name, such as Wholesale.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def refuse(self, refusal: Refusal) -> None:
        """Put a service's sentence beside its field."""
        self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)


class StepRow(NamedTuple):
    """One price as typed: from which quantity on, how many rupees a unit, and what is wrong with it."""

    least: str = ""
    price: str = ""
    error: str = ""


class StepsForm(forms.Form):
    """All prices of a product on one list, or its slabs for everybody; a row left empty says nothing, and so takes its price off."""

    def __init__(self, data: Mapping | None, *, product: Product, price_list: PriceList | None, steps: Sequence[Slab]) -> None:
        super().__init__(data)
        self.product, self.price_list = product, price_list
        self.rows = [StepRow(from_box(least), f"{price:.2f}") for least, price in steps] if data is None else _sent(data)
        self.steps: list[Slab] = []

    @property
    def shown(self) -> list[StepRow]:
        """The rows, and empty ones to go on with."""
        spare = SPARE_ROWS if not self.is_bound or len(self.rows) < SPARE_ROWS else 1
        return [*self.rows, *[StepRow()] * min(spare, MOST_STEPS - len(self.rows))]

    def clean(self) -> None:
        rows, self.rows = self.rows, []
        if len(rows) > MOST_STEPS:
            rows = rows[:MOST_STEPS]
            self.add_error(None, _("At most {count} prices for a product.").format(count=MOST_STEPS))
        for row in rows:
            try:
                self._take(row)
                self.rows.append(row)
            except (BadCell, CatalogError) as bad:
                self.rows.append(row._replace(error=str(bad)))
        if any(row.error for row in self.rows):
            self.add_error(None, _("Nothing is saved yet. Look at the marked rows."))

    def _take(self, row: StepRow) -> None:
        least = number(row.least, 3) if row.least else ZERO
        if not row.price:
            raise CatalogError("bad_price", _("Give the price from this quantity on, or empty the row."))
        step = checked_step(self.product, self.price_list, least, number(row.price, 2))
        if any(step[0] == known for known, _price in self.steps):
            raise CatalogError("twice", _("A row above begins at the same quantity."))
        self.steps.append(step)

    def refuse(self, refusal: Refusal) -> None:
        """A service's sentence, over the rows."""
        self.add_error(None, refusal.message)


class OnePriceForm(forms.Form):
    """The price for any quantity, typed in a row of the list; empty takes it off."""

    price = forms.CharField(required=False, max_length=20)

    def clean_price(self) -> Decimal | None:
        typed = self.cleaned_data["price"]
        try:
            return number(typed, 2) if typed else None
        except BadCell as bad:
            raise forms.ValidationError(str(bad)) from None

    def refuse(self, refusal: Refusal) -> None:
        """A service's sentence, at the price."""
        self.add_error("price", refusal.message)


class PasteForm(forms.Form):
    """Many prices at once."""

    text = forms.CharField(
        label=_lazy("Lines"),
        max_length=1_000_000,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        error_messages={"required": _lazy("Paste some lines, or type them: SKU or barcode, price.")},
    )


def from_box(least: Decimal) -> str:
    """A from-quantity for its box; "any quantity" is an empty one."""
    return plain(least) if least else ""


def _sent(data: Mapping) -> list[StepRow]:
    leasts, prices = data.getlist("least"), data.getlist("price")  # type: ignore[attr-defined]
    longest = max(len(leasts), len(prices))
    leasts, prices = leasts + [""] * (longest - len(leasts)), prices + [""] * (longest - len(prices))
    pairs = [(least.strip()[:40], price.strip()[:40]) for least, price in zip(leasts, prices, strict=True)]
    return [StepRow(*pair) for pair in pairs if any(pair)]
