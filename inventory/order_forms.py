"""What the forms of purchase orders parse and shape; what an order may be is decided in `ordering`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict

from catalog.models import Product
from inventory.forms import OUT_OF_DATE, KeyForm, day_field, figure
from inventory.models import PurchaseOrder, Supplier
from inventory.opening_rows import ROW
from inventory.ordering import MOST_LINES, OrderedLine
from inventory.purchase_forms import in_reach
from shops.models import Shop
from smartkirana.money import plain

CHOICES = [("", "All"), ("open", "Open"), *PurchaseOrder.Status.choices]


class OrderForm(KeyForm):
    """The head of an order; its lines are `OrderRow`s. Whose an order is can be chosen for a new one only."""

    supplier = forms.ModelChoiceField(
        Supplier.objects.none(),
        label="Supplier",
        empty_label="Choose the supplier",
        error_messages={"required": "Choose the supplier.", "invalid_choice": "Choose a supplier of this shop."},
    )
    expected = day_field(label="Expected on", required=False)
    note = forms.CharField(label="Note to the supplier", max_length=200, required=False)
    seen = forms.IntegerField(required=False, min_value=0, max_value=2_000_000_000, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, shop: Shop, order: PurchaseOrder | None = None, supplier: int = 0) -> None:
        """`order` is the draft that is changed; `supplier` the id of the one chosen beforehand, 0 for none."""
        known = {"expected": order.expected, "note": order.note, "seen": order.revision} if order else {"supplier": supplier or None}
        super().__init__(data, initial=known)
        box = self.fields["supplier"]
        assert isinstance(box, forms.ModelChoiceField)
        box.queryset = shop.suppliers.filter(is_active=True)
        if order:
            del self.fields["supplier"]

    def clean_expected(self) -> date | None:
        day = self.cleaned_data["expected"]
        return day and in_reach(day)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "seen" in self.errors:
            self.add_error(None, OUT_OF_DATE)
        return data


class OrderRow(forms.Form):
    """One line of an order."""

    packs = figure(digits=11, places=3, label="Packs")
    pack_size = figure(digits=10, places=3, label="In a pack")
    cost = figure(digits=12, places=4, label="Expected price of a pack", required=False)

    def __init__(self, data: QueryDict | None = None, *, product: Product, key: str, line: OrderedLine | None = None) -> None:
        """`line` says what stands in the boxes of a row that was not sent."""
        known = {"packs": plain(line.packs), "pack_size": plain(line.pack_size), "cost": plain(line.cost)} if line else {}
        super().__init__(data, prefix=key, initial=known)
        self.product, self.key, self.first = product, key, line
        for name, words in {"packs": "How many packs?", "pack_size": "How many in a pack?"}.items():
            self.fields[name].error_messages["required"] = words

    def line(self) -> OrderedLine:
        """The line as the service takes it."""
        data = self.cleaned_data
        return OrderedLine(self.product, data["packs"], data["pack_size"], data["cost"])

    def so_far(self) -> OrderedLine | None:
        """The line as it stands in the boxes; None when they are not filled in rightly yet."""
        return (self.line() if self.is_valid() else None) if self.is_bound else self.first

    def packs_and_one(self) -> str:
        """The packs in the box, and one more: it was scanned again."""
        value = self["packs"].value()
        try:
            packs = self.fields["packs"].to_python(value) or 0
        except forms.ValidationError:
            return "1"
        return plain(packs + 1) if 0 <= packs < 10**7 else "1"


def new_rows(lines: Sequence[OrderedLine]) -> list[OrderRow]:
    """Rows for lines that were not sent yet."""
    return [OrderRow(product=line.product, key=uuid4().hex[:8], line=line) for line in lines]


def sent_rows(shop: Shop, data: QueryDict) -> tuple[list[OrderRow], str]:
    """The lines that came with a form, and a sentence when they cannot be read as lines of this shop's goods."""
    sent = [match for value in data.getlist("row") if (match := ROW.fullmatch(value))]
    goods = shop.products.defer("search_text", "search_vector").in_bulk([int(match[2]) for match in sent[: MOST_LINES + 1]])
    rows = [OrderRow(data, product=goods[int(match[2])], key=match[1]) for match in sent[: MOST_LINES + 1] if int(match[2]) in goods]
    if len(sent) > MOST_LINES:
        return rows, f"At most {MOST_LINES} products in one order. Order the rest with a second one."
    if len({row.key for row in rows}) < len(data.getlist("row")):
        return rows, "One of the products is not in this shop. Choose it again."
    return rows, ""


class EndForm(forms.Form):
    """Why an order ends before all of it came."""

    reason = forms.CharField(label="Why nothing more will come", max_length=200, required=False)


class OrderFilter(forms.Form):
    """What the list of orders is narrowed to; every part may be left out."""

    q = forms.CharField(required=False, max_length=80)
    status = forms.ChoiceField(required=False, choices=CHOICES)
    supplier = forms.ModelChoiceField(Supplier.objects.none(), required=False, empty_label="All suppliers")

    def __init__(self, data: QueryDict, *, shop: Shop) -> None:
        super().__init__(data)
        box = self.fields["supplier"]
        assert isinstance(box, forms.ModelChoiceField)
        box.queryset = shop.suppliers.all()
        for name, label in {"supplier": "Supplier", "status": "Status"}.items():
            self.fields[name].widget.attrs |= {"aria-label": label, "class": "select"}
