"""What stock forms parse and shape; what stock may do is decided in services."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.validators import RegexValidator
from django.http import QueryDict

from catalog.models import Product
from inventory.errors import StockError
from inventory.models import StockDocument, StockLot
from inventory.services import ADJUSTS, Opening, checked_opening
from shops.models import Shop
from smartkirana.money import ZERO, plain
from smartkirana.templatetags.kirana import qty, rupees, shop_date

Reason = StockDocument.Reason
MOST_ROWS = 200
OUT_OF_DATE = "This page is out of date. Load it again."
LATEST = date(2099, 12, 31)


def figure(*, digits: int, places: int, **extra: Any) -> forms.DecimalField:
    """A number box whose mistakes are told in our words. The value keeps the type Decimal."""
    return forms.DecimalField(
        max_digits=digits,
        decimal_places=places,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "num"}),
        error_messages={
            "invalid": "Write a number.",
            "max_decimal_places": f"At most {places} decimals.",
            "max_digits": "That is too large.",
            "max_whole_digits": "That is too large.",
        },
        **extra,
    )


def day_field(**extra: Any) -> forms.DateField:
    """A calendar day between 2000 and 2099."""
    return forms.DateField(
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "min": "2000-01-01", "max": "2099-12-31"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"],
        error_messages={"invalid": "Write the date as 31/12/2026."},
        **extra,
    )


class KeyForm(forms.Form):
    """The key of one opened form: pressing twice enters once."""

    request_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "request_key" in self.errors:  # a hidden box has no place for its own error
            self.add_error(None, OUT_OF_DATE)
        return data

    def key(self) -> UUID:
        """The key that came with the form, or a new one for a form opened just now."""
        sent = self.data.get("request_key", "") if self.is_bound else ""
        try:
            return UUID(str(sent))
        except ValueError:
            return uuid4()


class OpeningRow(forms.Form):
    """One product's opening stock: how much there is, what a unit cost, and what is printed on it."""

    quantity = figure(digits=11, places=3, label="Quantity")
    unit_cost = figure(digits=11, places=4, label="Cost of one", min_value=Decimal(0))
    mrp = figure(digits=10, places=2, label="MRP", required=False)
    batch = forms.CharField(label="Batch", max_length=40, required=False)
    expiry = day_field(label="Best before", required=False)
    credit = forms.BooleanField(label="I took input GST credit on it", required=False)

    def __init__(self, data: QueryDict | None = None, *, product: Product, key: str, rate: Decimal | None) -> None:
        """`rate` is the product's GST of the day when the shop takes input credit, else None."""
        super().__init__(data, prefix=key)
        self.product, self.key, self.rate = product, key, rate
        if not rate:
            del self.fields["credit"]
        if not self.is_bound:
            self.initial = {"unit_cost": plain(product.cost) if product.cost else None, "mrp": product.mrp}

    def clean_expiry(self) -> date | None:
        day = self.cleaned_data["expiry"]
        if day and not date(2000, 1, 1) <= day <= LATEST:
            raise forms.ValidationError("Write a date between 2000 and 2099.")
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            try:
                checked_opening(self.product.shop, self.opening())
            except StockError as error:
                self.add_error(error.field if error.field in self.fields else None, error.message)
        return data

    def opening(self) -> Opening:
        """The row as the service takes it; percent of credit only when the tick is set."""
        data = self.cleaned_data
        return Opening(
            product=self.product,
            quantity=data["quantity"],
            unit_cost=data["unit_cost"],
            mrp=data["mrp"],
            batch=data["batch"],
            expiry=data["expiry"],
            credit_rate=(self.rate or ZERO) if data.get("credit") else ZERO,
        )


class PasteForm(KeyForm):
    """Opening stock as lines of text: pasted out of a sheet, or a CSV file."""

    text = forms.CharField(
        label="Lines",
        required=False,
        strip=False,
        max_length=2_000_000,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "placeholder": "P00001, 24, 42.50, 52.50, B7, 31/12/2026"}),
    )
    file = forms.FileField(
        label="or a CSV file", required=False, max_length=200, widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv"})
    )
    credit = forms.BooleanField(label="I took input GST credit on all of it", required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (upload := data.get("file")) is not None:
            if upload.size > 2_000_000:
                raise forms.ValidationError("This file is larger than 2 MB. Split it.")
            data["text"] = self._decoded(upload.read())
        if not (data.get("text") or "").strip() and not self.errors:
            raise forms.ValidationError("Paste some lines, or choose a file.")
        return data

    def _decoded(self, content: bytes) -> str:
        for encoding in ("utf-8-sig", "utf-16") if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",):
            try:
                text = content.decode(encoding)
            except UnicodeDecodeError:
                continue
            if "\x00" not in text:
                return text
        raise forms.ValidationError("This is not a CSV text file. Save the sheet as “CSV UTF-8” and choose that file.")


class AdjustForm(KeyForm):
    """Why the stock changes, by how much, and of which lot."""

    reason = forms.ChoiceField(
        label="What happened",
        choices=[(r.value, r.label) for r in ADJUSTS],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what happened.", "invalid_choice": "Choose what happened."},
    )
    quantity = figure(digits=11, places=3, label="How much", required=False)
    counted = figure(digits=11, places=3, label="Counted", required=False)
    lot = forms.ChoiceField(
        label="Which lot",
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose a lot of this product."},
    )
    note = forms.CharField(label="Note", max_length=200, required=False)
    seen = forms.DecimalField(required=False, widget=forms.HiddenInput, validators=[RegexValidator(r"^-?[0-9.]+$")])

    def __init__(self, *args: Any, shop: Shop, product: Product, lots: Sequence[StockLot], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shop, self.product = shop, product
        self.lots = {str(lot.pk): lot for lot in lots}
        box = self.fields["lot"]
        assert isinstance(box, forms.ChoiceField)
        box.choices = [("", "The first to expire"), *((key, lot_words(lot, product)) for key, lot in self.lots.items())]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "seen" in self.errors:
            self.add_error(None, OUT_OF_DATE)
        box = "counted" if data.get("reason") == Reason.CORRECTION else "quantity"
        if "reason" in data and data.get(box) is None and box not in self.errors:
            self.add_error(box, "Write what you counted; 0 when there is none." if box == "counted" else "Write how much.")
        if data.get(box) is not None and (data[box] < 0 or (box == "quantity" and not data[box])):
            self.add_error(box, "Write a quantity above zero." if box == "quantity" else "A count cannot be below zero.")
        return data

    def change(self) -> dict[str, Any]:
        """The arguments for `adjust_stock`: a signed change, or what was counted; in the product's unit."""
        data = self.cleaned_data
        asked: dict[str, Any] = {"reason": data["reason"], "note": data["note"], "lot": self.lots.get(data.get("lot", ""))}
        if data["reason"] == Reason.CORRECTION:
            return asked | {"counted": data["counted"], "seen": data.get("seen")}
        return asked | {"change": data["quantity"] if data["reason"] == Reason.FOUND else -data["quantity"]}


def lot_words(lot: StockLot, product: Product) -> str:
    """A lot as people tell it from the next one: batch, MRP, date, and what is there."""
    parts = [
        lot.batch and f"Batch {lot.batch}",
        lot.mrp is not None and f"MRP {rupees(lot.mrp)}",
        lot.expiry and f"best before {shop_date(lot.expiry)}",
    ]
    return " · ".join([part for part in parts if part] or ["No batch"]) + f": {qty(lot.on_hand)} {product.unit}"


class MinimumForm(forms.Form):
    """From how much on a product counts as low."""

    min_stock = figure(digits=11, places=3, label="Minimum", min_value=Decimal(0))


class MaximumForm(forms.Form):
    """Up to how much a product is ordered; empty: no maximum."""

    max_stock = figure(digits=11, places=3, label="Maximum", min_value=Decimal(0), required=False)
