"""What the forms of suppliers' bills parse and shape; what a bill may be is decided in `receiving` and `purchase_returns`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from catalog.models import Product
from catalog.off import NOTHING, Off, parse_off
from inventory.errors import StockError
from inventory.forms import OUT_OF_DATE, KeyForm, day_field, figure
from inventory.models import PurchaseOrder, ReceiptLine, Supplier
from inventory.purchase_returns import Returned
from inventory.receiving import ONE, PaperBill, ReceivedLine
from shops.models import Shop
from smartkirana.dates import FIRST_DAY, LAST_DAY, shop_today
from smartkirana.money import ZERO, plain

STATES = {"": None, "same": False, "other": True}  # place of supply → inter-state or not; None: by the states of supplier and shop
AMOUNTS = ("charges", "other_charges", "cash_discount")


class OffField(forms.CharField):
    """A trade discount as it stands on the bill: "5%" or rupees."""

    def __init__(self, **extra: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off", "class": "num", "placeholder": "5% or 12"})
        super().__init__(max_length=20, required=False, widget=widget, **extra)

    def clean(self, value: Any) -> Off:
        off = parse_off(super().clean(value))
        if off is None:
            raise forms.ValidationError("Write 5% for percent, or 12.50 for rupees.")
        return off


def _rupees(label: str, **extra: Any) -> forms.DecimalField:
    return figure(digits=14, places=2, label=label, required=False, **extra)


class PurchaseForm(KeyForm):
    """The head and the foot of a supplier's bill; its lines are `PurchaseRow`s."""

    supplier = forms.ModelChoiceField(
        Supplier.objects.none(),
        label="Supplier",
        empty_label="Choose the supplier",
        error_messages={"required": "Choose the supplier.", "invalid_choice": "Choose a supplier of this shop."},
    )
    number = forms.CharField(
        label="Bill number",
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Write the number of the supplier's bill."},
    )
    date = day_field(label="Bill date")
    day = day_field(label="Received on")
    place = forms.ChoiceField(
        label="Supplied from",
        required=False,
        choices=[("", "By the states of both"), ("same", "The same state: CGST + SGST"), ("other", "Another state: IGST")],
        error_messages={"invalid_choice": "Choose from the list."},
    )
    inclusive = forms.BooleanField(label="Prices have the tax in them", required=False)
    reverse_charge = forms.BooleanField(label="Reverse charge: we owe the tax to the government", required=False)
    discount = OffField(label="Discount on the whole bill")
    charges = _rupees("Freight and charges with tax")
    other_charges = _rupees("Charges without tax")
    cash_discount = _rupees("Cash discount")
    paper_total = _rupees("Total on the paper")
    note = forms.CharField(label="Note", max_length=200, required=False)
    order = forms.ModelChoiceField(PurchaseOrder.objects.none(), required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, shop: Shop, supplier: int = 0, order: PurchaseOrder | None = None) -> None:
        """`supplier` is the id of the one chosen beforehand, 0 for none; `order` the one that the goods come on."""
        chosen = order.supplier_id if order else supplier
        super().__init__(data, initial={"supplier": chosen or None, "day": shop_today(), "order": order and order.pk})
        for name in ("date", "day"):
            self.fields[name].error_messages["required"] = "Write the day."
        box = self.fields["supplier"]
        assert isinstance(box, forms.ModelChoiceField)
        box.queryset = shop.suppliers.filter(is_active=True)
        box = self.fields["order"]
        assert isinstance(box, forms.ModelChoiceField)
        box.queryset = shop.purchase_orders.select_related("supplier")
        self.asked_for = order

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "order" in self.errors:  # a hidden box has no place for its own error
            self.add_error(None, OUT_OF_DATE)
        return data

    def on_order(self) -> PurchaseOrder | None:
        """The order that the goods come on."""
        self.is_valid()
        return getattr(self, "cleaned_data", {}).get("order") or self.asked_for

    def clean_date(self) -> date:
        return in_reach(self.cleaned_data["date"])

    def clean_day(self) -> date:
        return in_reach(self.cleaned_data["day"])

    def paper(self) -> PaperBill:
        """The head as the service takes it. Of a form not yet whole, as much as there is: a supplier is needed, the rest may be open."""
        data = self.cleaned_data
        return PaperBill(
            supplier=data["supplier"],
            number=data.get("number") or "–",
            date=self.bill_date(),
            inter_state=STATES[data.get("place", "")],
            reverse_charge=data.get("reverse_charge", False),
            inclusive=data.get("inclusive", False),
            discount=data.get("discount") or NOTHING,
            paper_total=data.get("paper_total"),
            **{name: data.get(name) or ZERO for name in AMOUNTS},
        )

    def bill_date(self) -> date:
        """The day on the bill, whose rates of tax hold; today while it is not written."""
        self.is_valid()  # a form just opened never is, and has no data
        day = getattr(self, "cleaned_data", {}).get("date")
        return day or shop_today()

    def mistakes(self) -> list[str]:
        """What is written wrongly in the head and the foot; what is not written yet is no mistake."""
        return [f"{self.fields[name].label}: {words}" for name, words in written_wrongly(self)]


def in_reach(day: date) -> date:
    """A day that the books can hold. Raises ValidationError."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise forms.ValidationError("Write a date between 2000 and 2099.")
    return day


def written_wrongly(form: forms.Form) -> list[tuple[str, str]]:
    """(field, sentence) of every box with something wrong in it; an empty one is only not filled in yet."""
    return [
        (name, str(error.messages[0]))
        for name, errors in form.errors.as_data().items()
        for error in errors
        if error.code != "required" and name in form.fields and not form.fields[name].widget.is_hidden
    ]


MISSING = {"packs": "How many packs?", "pack_size": "How many in a pack?", "price": "Write the price."}


class PurchaseRow(forms.Form):
    """One line of the bill: its goods are chosen, the figures are on the paper."""

    packs = figure(digits=11, places=3, label="Packs", initial=1)
    pack_size = figure(digits=10, places=3, label="In a pack", initial=1)
    free = figure(digits=11, places=3, label="Free", required=False)
    price = figure(digits=12, places=4, label="Pack price")
    discount = OffField(label="Discount")
    gst_rate = figure(digits=5, places=2, label="GST %", required=False)
    batch = forms.CharField(label="Batch", max_length=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    mrp = figure(digits=10, places=2, label="MRP", required=False)
    expiry = day_field(label="Best before", required=False)
    sell_at = figure(digits=10, places=2, label="Sell at", required=False)
    cess_rate = figure(digits=5, places=2, label="Cess %", required=False)
    blocked = forms.BooleanField(label="Credit blocked: no input tax is claimed on it", required=False)
    code = forms.CharField(widget=forms.HiddenInput, required=False, max_length=80)

    def __init__(self, data: QueryDict | None = None, *, product: Product, key: str, **initial: Any) -> None:
        """`product` comes with the rates of the bill's day; `initial` says what else is known of the line."""
        super().__init__(data, prefix=key)
        self.product, self.key = product, key
        for name, words in MISSING.items():
            self.fields[name].error_messages["required"] = words
        if not self.is_bound:
            self.initial = {
                "mrp": product.mrp,
                "gst_rate": plain(product.gst_rate),
                "cess_rate": plain(product.cess_rate or None),
                **initial,
            }

    @property
    def has_more(self) -> bool:
        """True when something stands behind the line's "more"."""
        return bool(self["blocked"].value() or self["cess_rate"].value() or {"cess_rate", "blocked"} & set(self.errors))

    def clean_expiry(self) -> date | None:
        day = self.cleaned_data["expiry"]
        return day and in_reach(day)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "code" in self.errors:  # a hidden box has no place for its own error
            self.add_error(None, OUT_OF_DATE)
        return data

    def line(self) -> ReceivedLine:
        """The line as the service takes it."""
        data = self.cleaned_data
        kept = ("packs", "pack_size", "price", "discount", "gst_rate", "cess_rate", "blocked", "batch", "mrp", "expiry", "sell_at")
        return ReceivedLine(product=self.product, free=data["free"] or ZERO, **{name: data[name] for name in kept})

    def packs_and_one(self) -> Decimal:
        """The packs in the box, and one more: it was scanned again."""
        try:
            packs = Decimal(self["packs"].value() or 0)
        except ArithmeticError:
            return ONE
        return packs + 1 if 0 <= packs < 10**7 else ONE


class PurchaseFilter(forms.Form):
    """What the list of suppliers' bills is narrowed to; every part may be left out."""

    q = forms.CharField(required=False, max_length=80)
    supplier = forms.ModelChoiceField(Supplier.objects.none(), required=False, empty_label="All suppliers")
    start = day_field(label="From this day", required=False)
    end = day_field(label="To this day", required=False)

    def __init__(self, data: QueryDict, *, shop: Shop) -> None:
        super().__init__(data)
        box = self.fields["supplier"]
        assert isinstance(box, forms.ModelChoiceField)
        box.queryset = shop.suppliers.all()
        for name, label in {"supplier": "Supplier", "start": "From this day", "end": "To this day"}.items():
            self.fields[name].widget.attrs |= {"aria-label": label, "class": "select" if name == "supplier" else "input"}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        days = [data.get("start"), data.get("end")]
        for name, day in zip(("start", "end"), days, strict=True):
            if day and not FIRST_DAY <= day <= LAST_DAY:
                self.add_error(name, "Give a date between 2000 and 2099.")
        if all(days) and days[0] > days[1]:
            self.add_error("end", "The last day comes before the first. Exchange the dates.")
        return data


class ReturnForm(KeyForm):
    """How much of each line of a bill goes back, and why; all that may go of `lot`, when a lot is named."""

    note = forms.CharField(label="Why it goes back", max_length=200, required=False)

    def __init__(self, data: QueryDict | None = None, *, lines: Sequence[ReceiptLine], lot: int = 0) -> None:
        super().__init__(data)
        self.lines = lines
        for line in lines:
            all_of_it = plain(line.may_go) if line.lot_id == lot and line.may_go else None
            box = figure(digits=11, places=3, label=f"Send back of {line.name}", required=False, initial=all_of_it)
            self.fields[f"line-{line.pk}"] = box

    def rows(self) -> list[tuple[ReceiptLine, forms.BoundField]]:
        """The bill's lines, each with its box."""
        return [(line, self[f"line-{line.pk}"]) for line in self.lines]

    def returned(self) -> list[Returned]:
        """What was written, line by line; empty boxes and zeros stay."""
        counts = {line.pk: self.cleaned_data[f"line-{line.pk}"] for line in self.lines}
        return [Returned(pk, count) for pk, count in counts.items() if count]

    def refuse(self, error: StockError) -> None:
        """Put the service's sentence at its box."""
        self.add_error(error.field if error.field in self.fields else None, error.message)
