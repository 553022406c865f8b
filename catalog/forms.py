"""One product on one screen: parse and shape what was typed; the rules themselves are in `rules` and `services`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django import forms

from catalog import rules
from catalog.barcodes import BarcodeError, parse_barcode
from catalog.gst import all_goods, fitting, named, only_one, other_goods
from catalog.models import GstGoods, Product
from catalog.services import category_named
from catalog.units import UNITS
from shops.models import Shop
from smartkirana.errors import Refusal
from smartkirana.money import plain
from smartkirana.text import clean_name

MOST_CODES = 20
MOST_CHOICES = 12


class CodeRow(NamedTuple):
    """A line of the barcodes block as typed, with its error."""

    code: str = ""
    holds: str = "1"
    error: str = ""


def _amount(label: str, *, places: int = 2, required: bool = False) -> forms.DecimalField:
    """A figure with a decimal keypad on phones; its limits are told by `rules`, in words."""
    box = forms.TextInput(attrs={"inputmode": "decimal", "class": "num", "autocomplete": "off"})
    sentences = {
        "required": f"Give the {label.lower()}.",
        "invalid": "That is not a number.",
        "max_decimal_places": f"At most {places} decimals.",
        "max_digits": "Too large a figure. Check it.",
        "max_whole_digits": "Too large a figure. Check it.",
    }
    return forms.DecimalField(label=label, max_digits=12, decimal_places=places, required=required, widget=box, error_messages=sentences)


class ProductForm(forms.Form):
    name = forms.CharField(label="Name", max_length=120, error_messages={"required": "Give the product a name."})
    local_name = forms.CharField(label="Name in the local language", max_length=120, required=False)
    category = forms.CharField(label="Category", max_length=60, required=False, help_text="Choose one, or type a new one.")
    subcategory = forms.CharField(label="Kind within the category", max_length=60, required=False, help_text="“Toor” in Pulses.")
    unit = forms.ChoiceField(label="Sold by", choices=[(u.code, u.name) for u in UNITS], initial="pc")
    loose = forms.BooleanField(label="Loose", required=False, help_text="Weighed or measured at the counter.")
    plu = forms.IntegerField(
        label="Code to type (PLU)",
        required=False,
        help_text="Short number for goods without a barcode.",
        error_messages={"invalid": "A code to type is a number from 1 to 99999."},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    mrp = _amount("MRP")
    price = _amount("Selling price", required=True)
    cost = _amount("Cost", places=4)
    hsn = forms.CharField(
        label="HSN, or what it is", max_length=60, required=False, help_text="Digits from the supplier's bill, or a word like “ghee”."
    )
    gst_goods = forms.CharField(required=False)
    min_stock = _amount("Minimum stock", places=3)
    max_stock = _amount("Maximum stock", places=3)
    reorder_quantity = _amount("Order at a time", places=3)
    perishable = forms.BooleanField(label="Perishable", required=False)
    search_words = forms.CharField(
        label="Other words people ask with", max_length=200, required=False, help_text="For example “namak, mith”."
    )
    shelf = forms.CharField(
        label="Shelf", max_length=40, required=False, help_text="Where it stands, such as “Rack 3”. Stock can be counted shelf by shelf."
    )
    sku = forms.CharField(label="SKU", max_length=40, required=False, help_text="Made for you when empty.")

    def __init__(self, data: Mapping | None = None, *, shop: Shop, day: date, product: Product | None = None, category: str = "") -> None:
        super().__init__(data, initial=_initial(product, category), label_suffix="")
        self.shop = shop
        self.product = product
        self.key = _key(str((data or {}).get("request_key", "")))
        self.goods = all_goods(day)
        self.rows = self._rows(data)
        for field in ("hsn", "category", "sku"):
            self.fields[field].widget.attrs["autocomplete"] = "off"
        self.fields["category"].widget.attrs["list"] = "categories"
        self.choice_error = ""

    def _rows(self, data: Mapping | None) -> list[CodeRow]:
        if data is None:
            known = self.product.barcodes.all() if self.product else []
            return [CodeRow(b.code, plain(b.pack_quantity)) for b in known]
        codes, holds = data.getlist("code"), data.getlist("holds")  # type: ignore[attr-defined]
        holds += [""] * (len(codes) - len(holds))
        return [CodeRow(c.strip(), h.strip() or "1") for c, h in zip(codes, holds, strict=False) if c.strip()]

    # --- what the page shows -----------------------------------------------------------------------------------
    @property
    def choices(self) -> list[GstGoods]:
        """GST goods to choose from, for what stands in the HSN box; `chosen` is the one that is set."""
        return suggestions(self.goods, str(self["hsn"].value() or ""), loose=bool(self["loose"].value()))[:MOST_CHOICES]

    @property
    def chosen(self) -> GstGoods | None:
        return chosen_of(
            self.goods, str(self["gst_goods"].value() or ""), str(self["hsn"].value() or ""), loose=bool(self["loose"].value())
        )

    @property
    def others(self) -> list[GstGoods]:
        """The general lines; one that is set already stays to be seen, though its rate is no longer in use."""
        found = other_goods(self.goods)
        return found if self.chosen in found or not self.chosen or self.chosen.hsn else [*found, self.chosen]

    @property
    def has_code_errors(self) -> bool:
        return any(row.error for row in self.rows)

    # --- what was typed ----------------------------------------------------------------------------------------
    def clean_name(self) -> str:
        name = clean_name(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError("Give the product a name.")
        return name

    def clean_plu(self) -> int | None:
        plu = self.cleaned_data["plu"]
        if sentence := rules.plu_problem(plu):
            raise forms.ValidationError(sentence)
        return plu

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        problems = rules.price_problems(mrp=data.get("mrp"), price=data.get("price"), cost=data.get("cost"))
        levels = {f: data.get(f) for f in ("min_stock", "max_stock", "reorder_quantity")}
        problems += rules.level_problems(unit=data.get("unit", "pc"), **levels)
        for field, sentence in problems:
            if field not in self.errors:
                self.add_error(field, sentence)
        self._clean_gst()
        self._clean_codes()
        return data

    def _clean_gst(self) -> None:
        text = str(self.cleaned_data.get("hsn", "")).strip()
        digits = "".join(text.split())
        if digits.isdigit() and (len(digits) not in (4, 6, 8) or not digits.isascii()):
            self.add_error("hsn", "An HSN has 4, 6 or 8 digits.")
            return
        goods = self.chosen
        if goods is None:
            self.choice_error = "Choose which goods these are, so that the GST is right." if self.choices else "Choose the GST rate."
            self.add_error("gst_goods", self.choice_error)
            return
        own = goods.hsn if len(goods.hsn) in (4, 6, 8) else ""
        self.cleaned_data.update(gst_goods=goods, hsn=digits if digits.isdigit() else own)

    def _clean_codes(self) -> None:
        seen: set[str] = set()
        self.rows = [row._replace(error=_row_error(row, seen)) for row in self.rows]
        if len(self.rows) > MOST_CODES:
            self.add_error(None, f"At most {MOST_CODES} barcodes for a product.")
        if self.has_code_errors:
            self.add_error(None, "Look at the barcodes: one of them cannot be used.")

    def details(self) -> dict[str, Any]:
        """The arguments of `save_product`. A category that is typed for the first time is made here, inside the caller's transaction."""
        data = dict(self.cleaned_data)
        data["category"] = category_named(self.shop, data["category"])
        for field in ("cost", "min_stock", "reorder_quantity"):
            data[field] = data[field] if data[field] is not None else Decimal(0)
        return data | {"barcodes": [(row.code, Decimal(row.holds)) for row in self.rows], "request_key": self.key}

    def refuse(self, refusal: Refusal) -> None:
        """Put a service's sentence beside its field."""
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, refusal.message)


def _key(sent: str) -> UUID:
    """The key of an opened form, so that pressing twice saves once; a new one for a form opened just now."""
    try:
        return UUID(sent)
    except ValueError:
        return uuid4()


def _row_error(row: CodeRow, seen: set[str]) -> str:
    try:
        code = parse_barcode(row.code)
    except BarcodeError as error:
        return error.message
    if code in seen:
        return "This code is in the list twice."
    seen.add(code)
    try:
        holds = Decimal(row.holds)
    except ArithmeticError:
        return "How many does the code stand for? Give a number."
    if not holds.is_finite() or not 0 < holds <= rules.LARGEST_QUANTITY or holds != round(holds, 3):
        return "How many does the code stand for? Give a number above zero."
    return ""


def suggestions(goods: list[GstGoods], text: str, *, loose: bool) -> list[GstGoods]:
    """Lines of the GST schedules for digits of an HSN or for words."""
    digits = "".join(text.split())
    if digits.isascii() and digits.isdigit():
        return fitting(goods, digits, loose=loose)
    return named(goods, text, loose=loose)


def chosen_of(goods: list[GstGoods], picked: str, text: str, *, loose: bool) -> GstGoods | None:
    """The line picked on the page when it still fits what is typed, else the only one that can be meant."""
    found = suggestions(goods, text, loose=loose)
    by_id = next((g for g in goods if str(g.pk) == picked), None)
    if by_id and (by_id in found or not by_id.hsn):
        return by_id
    digits = "".join(text.split())
    if digits.isascii() and digits.isdigit():
        return only_one(found, digits)
    return found[0] if len(found) == 1 else None


def _initial(product: Product | None, category: str) -> dict[str, Any]:
    if product is None:
        return {"category": category}
    fields = ("name", "local_name", "subcategory", "unit", "loose", "plu", "hsn", "perishable", "search_words", "shelf", "sku")
    known = {field: getattr(product, field) for field in fields}
    for field in ("mrp", "price"):
        known[field] = getattr(product, field)
    for field in ("cost", "min_stock", "max_stock", "reorder_quantity"):
        value = getattr(product, field)
        known[field] = None if value is None else plain(value)
    known["category"] = product.category.name if product.category else ""
    known["gst_goods"] = str(product.gst_goods_id)
    return known
