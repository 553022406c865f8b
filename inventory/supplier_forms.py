"""What the forms of suppliers parse and shape; what may be is decided in `suppliers`."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from inventory.forms import KeyForm, day_field, figure
from inventory.models import Supplier, SupplierEntry, SupplierPayment
from inventory.supplier_selectors import OVERDUE, OWED, UNUSED, SupplierChoice
from inventory.supplier_statement import statement_span
from inventory.suppliers import Share, SupplierDetails
from shops.gstin import STATES
from smartkirana.dates import Period, PeriodError, period, shop_today
from smartkirana.errors import Refusal
from smartkirana.money import ZERO
from smartkirana.templatetags.kirana import rupees

BOX = "share-"


class SupplierFilter(forms.Form):
    """What the list of suppliers is narrowed to; every part may be left out."""

    q = forms.CharField(required=False, max_length=80)
    show = forms.ChoiceField(
        required=False,
        choices=[("", "In use"), (OWED, "We owe"), (OVERDUE, "Overdue"), (UNUSED, "No longer used")],
        widget=forms.Select(attrs={"class": "select", "aria-label": "Which suppliers"}),
        error_messages={"invalid_choice": "Choose from the list."},
    )

    def choice(self) -> SupplierChoice:
        """What was asked for."""
        return SupplierChoice(**self.cleaned_data)


def _days(label: str, **extra: Any) -> forms.IntegerField:
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "num"})
    return forms.IntegerField(
        label=label, required=False, widget=widget, error_messages={"invalid": "Write a whole number of days."}, **extra
    )


def _text(label: str, most: int, required: bool = False, **extra: Any) -> forms.CharField:
    attrs = {"autocomplete": "off"} | extra.pop("attrs", {})
    return forms.CharField(label=label, max_length=most, required=required, widget=forms.TextInput(attrs=attrs), **extra)


class RefusableForm(KeyForm):
    """A form that shows a service's refusal at the box it belongs to."""

    def refuse(self, error: Refusal) -> None:
        """Put the sentence at its box, or above the form."""
        self.add_error(error.field if error.field in self.fields else None, error.message)


class SupplierForm(RefusableForm):
    """Everything a shop writes down of a supplier. Phone and GSTIN stay text here: the service reads them."""

    name = _text("Name", 80, required=True, error_messages={"required": "Give the supplier a name."})
    phone = _text("Phone", 20, help_text="Ten digits.", attrs={"inputmode": "tel"})
    gstin = _text("GSTIN", 20, help_text="Without it their bills carry no GST.", attrs={"autocapitalize": "characters"})
    state_code = forms.ChoiceField(
        label="State",
        required=False,
        choices=[("", "By the GSTIN, else the shop's own"), *((code, f"{name} ({code})") for code, name in STATES.items())],
        error_messages={"invalid_choice": "Choose a state from the list."},
        help_text="Another state than the shop's means IGST.",
    )
    composition = forms.BooleanField(
        label="Pays GST by composition", required=False, help_text="“Composition taxable person” stands on the bills: they charge no GST."
    )
    due_days = _days("Days to pay", help_text="0: at once. A bill's last day to pay is counted from its date.")
    lead_days = _days("Days from order to goods", help_text="How long it takes until they deliver.")
    email = _text("E-mail", 254, attrs={"inputmode": "email"})
    address = _text("Address", 200)
    note = _text("Note", 200, help_text="Who to ask for, when they come, what they never send.")

    def __init__(self, data: QueryDict | None = None, *, known: Supplier | None = None) -> None:
        super().__init__(data)
        of = known or Supplier()
        self.initial = {name: getattr(of, name) for name in self.fields if name not in ("request_key", "phone")} | {"phone": of.short_phone}

    def details(self) -> SupplierDetails:
        """As the service takes it; days left empty are the usual ones."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "request_key" and value is not None}
        return SupplierDetails(**data)


class PayForm(RefusableForm):
    """Money for a supplier: how much, how, and to which bills. A box for each open bill; all empty means the oldest first."""

    amount = figure(digits=11, places=2, label="Paid")
    method = forms.ChoiceField(
        label="How",
        choices=SupplierPayment.Method.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it was paid.", "invalid_choice": "Choose how it was paid."},
    )
    discount = figure(digits=11, places=2, label="Discount they gave", required=False)
    reference = _text("Reference", 40, help_text="UTR, cheque number, or who took the cash.")
    day = day_field(label="Paid on")
    note = _text("Note", 200)

    def __init__(self, data: QueryDict | None = None, *, bills: Sequence[SupplierEntry], amount: Decimal | None = None) -> None:
        """`amount` stands in the box of a form just opened."""
        super().__init__(data, initial={"method": SupplierPayment.Method.CASH, "day": shop_today(), "amount": amount})
        self.fields["amount"].error_messages["required"] = "Write what you paid."
        self.fields["day"].error_messages["required"] = "Write the day."
        self.bills = bills
        for bill in bills:
            self.fields[f"{BOX}{bill.pk}"] = figure(digits=11, places=2, label="Of it now", required=False)

    @staticmethod
    def asked_for(data: QueryDict) -> list[int]:
        """Ids of the bills whose boxes were filled in, at most 100: they keep their boxes though others may have settled them."""
        ids = (name.removeprefix(BOX) for name, value in data.items() if name.startswith(BOX) and value)
        return [int(pk) for pk in ids if pk.isascii() and pk.isdigit() and len(pk) < 19][:100]

    def rows(self) -> list[tuple[SupplierEntry, forms.BoundField]]:
        """The open bills, each with its box."""
        return [(bill, self[f"{BOX}{bill.pk}"]) for bill in self.bills]

    def shares(self) -> list[Share] | None:
        """What was written beside the bills; None when nothing was: the oldest first."""
        written = [Share(bill.pk, self.cleaned_data[f"{BOX}{bill.pk}"]) for bill in self.bills if self.cleaned_data.get(f"{BOX}{bill.pk}")]
        return written or None

    def worth(self) -> Decimal:
        """Rupees that go to bills: what was paid and what they let go."""
        return self.cleaned_data["amount"] + (self.cleaned_data["discount"] or ZERO)

    def payment(self) -> dict[str, Any]:
        """The arguments for `pay_supplier`."""
        data = self.cleaned_data
        taken = {name: data[name] for name in ("amount", "method", "reference", "day", "note")}
        return taken | {"discount": data["discount"] or ZERO, "shares": self.shares(), "request_key": self.key()}

    def refuse(self, error: Refusal) -> None:
        """A bill that cannot take what was written for it says so itself."""
        too_much = [share for share in self.shares() or () if error.field == "shares" and not 0 < share.amount <= self._open(share)]
        for share in too_much:
            still = self._open(share)
            words = "It is settled by now." if not still else f"Only {rupees(still)} of it is open."
            self.add_error(f"{BOX}{share.entry_id}", words if share.amount > 0 else "Write an amount above zero.")
        if not too_much:
            super().refuse(error)

    def _open(self, share: Share) -> Decimal:
        return next(bill.open for bill in self.bills if bill.pk == share.entry_id)


class OpeningForm(RefusableForm):
    """What stood between shop and supplier when the books began."""

    way = forms.ChoiceField(
        label="How it stood",
        choices=[("owed", "We owed them"), ("ahead", "We had paid ahead")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it stood.", "invalid_choice": "Choose how it stood."},
    )
    amount = figure(digits=11, places=2, label="Amount")
    day = day_field(label="On")
    note = _text("Note", 200)

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"way": "owed", "day": shop_today()})
        self.fields["amount"].error_messages["required"] = "Write the amount."
        self.fields["day"].error_messages["required"] = "Write the day."

    def clean_amount(self) -> Decimal:
        if self.cleaned_data["amount"] <= 0:
            raise forms.ValidationError("Write an amount above zero.")
        return self.cleaned_data["amount"]

    def balance(self) -> dict[str, Any]:
        """The arguments for `enter_supplier_balance`."""
        data = self.cleaned_data
        amount = data["amount"] if data["way"] == "owed" else -data["amount"]
        return {"amount": amount, "day": data["day"], "note": data["note"], "request_key": self.key()}


class StatementFilter(forms.Form):
    """From when to when; without dates this financial year."""

    start = day_field(label="From", required=False)
    end = day_field(label="to", required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        try:
            data["span"] = statement_span(data.get("start"), data.get("end"))
        except PeriodError as refused:
            self.add_error(refused.field if refused.field in self.fields else None, refused.message)
        return data

    @property
    def span(self) -> Period:
        """The days asked for, or this financial year where the asking was wrong."""
        return self.cleaned_data["span"] if self.is_valid() else period("year", shop_today())
