"""What the forms of the drawer parse and shape; what may be is decided in `shifts`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core import signing
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory.forms import figure
from inventory.supplier_forms import RefusableForm
from orders.errors import OrderError
from orders.models import DrawerEvent, Shift
from orders.shifts import MOST_PIECES, WORTHS, Count, count_of
from shops.models import Shop

Reason = DrawerEvent.Reason
COUNTED = "orders.drawer.counted"  # salt of a count that the page carries from the counting to the end
BAD_PIECES = gettext_lazy("Write a whole number.")


def _pieces() -> forms.IntegerField:
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "num", "maxlength": "5"})
    messages = {"invalid": BAD_PIECES, "min_value": BAD_PIECES, "max_value": gettext_lazy("That is too many.")}
    return forms.IntegerField(required=False, min_value=0, max_value=MOST_PIECES, widget=widget, error_messages=messages)


class DrawerForm(RefusableForm):
    """A form that is done once, however often it is pressed."""

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.initial["request_key"] = self.key()


class CountForm(DrawerForm):
    """How many of each note and coin; or only what they come to."""

    amount = figure(digits=10, places=2, label=gettext_lazy("Or only the sum"), required=False)

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        for worth in WORTHS:
            self.fields[f"n{worth}"] = _pieces()

    @property
    def worths(self) -> list[tuple[int, forms.BoundField]]:
        """Each note and coin with its box."""
        return [(worth, self[f"n{worth}"]) for worth in WORTHS]

    def count(self) -> Count:
        """What was counted. Raises OrderError as `count_of` does."""
        data = self.cleaned_data
        given = {worth: data[f"n{worth}"] for worth in WORTHS if data.get(f"n{worth}") is not None}
        return count_of(given, data["amount"])


class OpenForm(CountForm):
    """The count a shift begins with."""

    from_safe = figure(digits=10, places=2, label=gettext_lazy("Just brought from the safe or home"), required=False)
    reason = forms.CharField(label=gettext_lazy("Why it differs"), max_length=200, required=False)

    def answer(self) -> dict[str, Any]:
        """For `open_shift`."""
        data = self.cleaned_data
        return {"count": self.count(), "from_safe": data["from_safe"] or Decimal(0), "reason": data["reason"]}


class EndForm(DrawerForm):
    """After the count: what goes into the safe, and why it differs. The count itself comes along signed: it cannot be changed here."""

    counted = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)
    to_safe = figure(digits=10, places=2, label=gettext_lazy("Into the safe, or home"), required=False)
    reason = forms.CharField(label=gettext_lazy("Why it differs"), max_length=200, required=False)

    def told(self, shift: Shift) -> tuple[Count, Decimal]:
        """As `count_told` of what came along."""
        return count_told(self.cleaned_data.get("counted") or "", shift)


def count_told(text: str, shift: Shift) -> tuple[Count, Decimal]:
    """(the count, what the drawer should have held then) that `signed_count` wrote. Raises OrderError "bad_count" for any other text."""
    try:
        kept = signing.loads(text, salt=COUNTED)
    except signing.BadSignature:
        kept = {}
    if kept.get("shift") != shift.pk:
        raise OrderError("bad_count", _("Count the drawer first."))
    notes = {int(worth): many for worth, many in kept["notes"].items()}
    return Count(Decimal(kept["total"]), notes), Decimal(kept["expected"])


def signed_count(shift: Shift, count: Count, expected: Decimal) -> str:
    """What `count_told` reads."""
    kept = {"shift": shift.pk, "total": str(count.total), "notes": dict(count.notes), "expected": str(expected)}
    return signing.dumps(kept, salt=COUNTED)


def reason_choices(reasons: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(reason, str(Reason(reason).label)) for reason in reasons]


class MoveForm(DrawerForm):
    """Cash put into a drawer or taken out, and what for."""

    reason = forms.ChoiceField(
        label=gettext_lazy("What for"),
        widget=forms.Select(attrs={"class": "select"}),
        error_messages={"required": gettext_lazy("Choose what the money is for."), "invalid_choice": gettext_lazy("Choose from the list.")},
    )
    amount = figure(digits=10, places=2, label=gettext_lazy("Amount"))
    supplier: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None,
        required=False,
        label=gettext_lazy("Supplier"),
        empty_label=gettext_lazy("Choose who is paid"),
        widget=forms.Select(attrs={"class": "select"}),
        error_messages={"invalid_choice": gettext_lazy("Choose from the list.")},
    )
    words = forms.CharField(label=gettext_lazy("In words"), max_length=200, required=False)

    def __init__(self, data: QueryDict | None = None, *, shop: Shop, pays_suppliers: bool) -> None:
        super().__init__(data)
        takes = tuple(reason for reason in DrawerEvent.TAKES if pays_suppliers or reason != Reason.SUPPLIER)
        cast(forms.ChoiceField, self.fields["reason"]).choices = [
            ("", _("Choose …")),
            (_("Taken out"), reason_choices(takes)),
            (_("Put in"), reason_choices(DrawerEvent.PUTS)),
        ]
        self.fields["amount"].error_messages["required"] = _("Give an amount in rupees and paise.")
        if pays_suppliers:
            self.fields["supplier"].queryset = shop.suppliers.filter(is_active=True).order_by("name")  # type: ignore[attr-defined]
        else:
            del self.fields["supplier"]

    def answer(self) -> dict[str, Any]:
        """For `move_cash`."""
        data = self.cleaned_data
        return {"reason": data["reason"], "amount": data["amount"], "words": data["words"], "supplier": data.get("supplier")}
