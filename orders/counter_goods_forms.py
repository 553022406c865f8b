"""The few boxes that make a product at the counter: the product form, with what was scanned filled in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from catalog.forms import CodeRow, ProductForm
from catalog.labels.reading import WEIGHT, Label, as_ean13, is_in_store, read_label
from catalog.labels.selectors import formats_of
from catalog.rules import LARGEST_PLU
from shops.models import Shop
from smartkirana.errors import Refusal
from smartkirana.text import clean_name

SEEN = {"__all__", "name", "mrp", "price", "unit", "loose", "hsn", "gst_goods", "plu"}


class QuickProductForm(ProductForm):
    """A new product for the code `scanned`: a short number is its PLU, a label's item number too, anything else its barcode."""

    def __init__(self, data: Mapping | None = None, *, shop: Shop, day: date, scanned: str = "") -> None:
        super().__init__(data, shop=shop, day=day)
        self.scanned = clean_name(scanned)[:48]
        self.label = _label(shop, self.scanned)
        if data is None:
            self._fill()

    def _fill(self) -> None:
        number = self.scanned if self.label is None else self.label.item
        if self.label is not None and self.label.holds == WEIGHT:
            self.initial |= {"loose": True, "unit": "kg"}
        if number.isascii() and number.isdigit() and 1 <= int(number) <= LARGEST_PLU:
            self.initial["plu"] = int(number)
        elif number:
            self.rows = [CodeRow(number)]

    @property
    def by_plu(self) -> bool:
        """True when it is sold by a number that is typed or printed on a label, not by a barcode of its own."""
        return self["plu"].value() not in (None, "")

    @property
    def unseen_errors(self) -> list[str]:
        """What is wrong with fields that the panel does not show: only a form made by hand has them."""
        return [str(error) for name, errors in self.errors.items() if name not in SEEN for error in errors]

    @property
    def may_be_label(self) -> bool:
        """True for a code such as scales print, which no format of the shop takes."""
        return self.label is None and is_in_store(as_ean13(self.scanned))

    @property
    def code(self) -> CodeRow:
        return self.rows[0] if self.rows else CodeRow()


def _label(shop: Shop, scanned: str) -> Label | None:
    try:
        return read_label(formats_of(shop), scanned) if is_in_store(as_ean13(scanned)) else None
    except Refusal:
        return None
