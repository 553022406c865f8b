"""What the pages of cash are asked for: whose cash to show, and what to move."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory.forms import figure
from ledger.cash_book import ALL, NO_DRAWER, SAFE
from ledger.forms import MOST_DAYS, PeriodForm
from orders.models import DrawerEvent
from orders.shift_forms import DrawerForm
from shops.models import Counter, Shop

Reason = DrawerEvent.Reason
FROM_THE_SAFE = "safe"
# What the owner may do with a drawer, and with the safe.
OF_A_DRAWER = (Reason.TO_SAFE, Reason.FROM_SAFE, Reason.TO_BANK, Reason.FROM_BANK, Reason.OWNER_TOOK, Reason.OWNER_GAVE)
OF_THE_SAFE = (Reason.TO_BANK, Reason.FROM_BANK, Reason.OWNER_TOOK, Reason.OWNER_GAVE)


class CashBookForm(PeriodForm):
    """A period, and whose cash: a drawer ("counter-7"), the safe, cash of no drawer, or all."""

    of = forms.ChoiceField(required=False, widget=forms.Select(attrs={"class": "select"}))

    def __init__(self, *args: Any, shop: Shop, **kwargs: Any) -> None:
        super().__init__(*args, longest=MOST_DAYS, **kwargs)
        self.counters = {f"counter-{till.pk}": till for till in shop.counters.all()}
        field = cast(forms.ChoiceField, self.fields["of"])
        field.choices = [
            (ALL, _("All cash")),
            *((key, _("Drawer of {counter}").format(counter=till.name)) for key, till in self.counters.items()),
            (SAFE, _("Safe or home")),
            (NO_DRAWER, _("Cash of no drawer")),
        ]
        field.error_messages["invalid_choice"] = _("Choose one from the list.")
        field.widget.attrs["aria-label"] = _("Whose cash")

    def place(self) -> tuple[str, Counter | None]:
        """For `cash_postings`."""
        chosen = self.cleaned_data["of"] or ALL
        return chosen, self.counters.get(chosen)


class MoneyMoveForm(DrawerForm):
    """Where from or into, what happens, how much."""

    place = forms.ChoiceField(
        label=gettext_lazy("Which cash"),
        widget=forms.Select(attrs={"class": "select"}),
        error_messages={"required": gettext_lazy("Choose a drawer or the safe."), "invalid_choice": gettext_lazy("Choose from the list.")},
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("What happens"),
        widget=forms.Select(attrs={"class": "select"}),
        choices=[("", gettext_lazy("Choose …")), *((reason.value, reason.label) for reason in OF_A_DRAWER)],
        error_messages={"required": gettext_lazy("Choose what happens."), "invalid_choice": gettext_lazy("Choose from the list.")},
    )
    amount = figure(digits=10, places=2, label=gettext_lazy("Amount"))
    words = forms.CharField(label=gettext_lazy("In words"), max_length=200, required=False)

    def __init__(self, data: QueryDict | None = None, *, shop: Shop) -> None:
        super().__init__(data)
        self.counters = {f"counter-{till.pk}": till for till in shop.counters.all() if till.is_active or till.cash}
        drawers = [(key, _("Drawer of {counter}").format(counter=till.name)) for key, till in self.counters.items()]
        cast(forms.ChoiceField, self.fields["place"]).choices = [(FROM_THE_SAFE, _("Safe or home")), *drawers]
        self.fields["amount"].error_messages["required"] = _("Give an amount in rupees and paise.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("place") == FROM_THE_SAFE and data.get("reason") and data["reason"] not in OF_THE_SAFE:
            self.add_error("place", _("Between a drawer and the safe: choose the drawer here."))
        return data

    def answer(self) -> dict[str, Any]:
        """For `move_cash`."""
        data = self.cleaned_data
        return {"counter": self.counters.get(data["place"]), "reason": data["reason"], "amount": data["amount"], "words": data["words"]}
