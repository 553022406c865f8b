"""Forms of the pages on bills and customers: they parse and shape, the rules are in the services."""

from __future__ import annotations

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from orders.credit_models import CreditNoteLine
from orders.models import Customer, Order, Payment
from orders.selectors import WAITING
from shops.models import Counter, Shop
from smartkirana.dates import FIRST_DAY, LAST_DAY


class DayInput(forms.DateInput):
    """The browser's own calendar; it sends and takes ISO dates."""

    input_type = "date"

    def __init__(self, label: str) -> None:
        super().__init__(format="%Y-%m-%d", attrs={"aria-label": label, "min": FIRST_DAY.isoformat(), "max": LAST_DAY.isoformat()})


class BillFilter(forms.Form):
    """What the list of bills is narrowed to; every part may be left out."""

    q = forms.CharField(required=False, max_length=80)
    start = forms.DateField(required=False, widget=DayInput("From this day"), input_formats=["%Y-%m-%d"])
    end = forms.DateField(required=False, widget=DayInput("To this day"), input_formats=["%Y-%m-%d"])
    counter = forms.ModelChoiceField(Counter.objects.none(), required=False, empty_label="All counters")
    paid = forms.ChoiceField(required=False, choices=[("", "Paid any way"), *Payment.Method.choices])
    status = forms.ChoiceField(
        required=False, choices=[("", "All bills"), *Order.Status.choices, (WAITING, _lazy("Still to be handed over"))]
    )

    def __init__(self, *args, shop: Shop, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["counter"].queryset = shop.counters.all()
        for name, label in {"counter": "Counter", "paid": "How it was paid", "status": "Sold or cancelled"}.items():
            if name in self.fields:
                self.fields[name].widget.attrs["aria-label"] = label

    def clean(self) -> dict:
        data = super().clean()
        start, end = data.get("start"), data.get("end")
        for name, day in (("start", start), ("end", end)):
            if day and not FIRST_DAY <= day <= LAST_DAY:
                self.add_error(name, "Give a date between 2000 and 2099.")
        if start and end and start > end:
            self.add_error("end", "The last day comes before the first. Exchange the dates.")
        return data


class ClaimFilter(BillFilter):
    """What the list of claims is narrowed to."""

    paid = status = None
    method = forms.ChoiceField(required=False, choices=[("", "UPI, card and bank"), *((m.value, m.label) for m in Payment.WAITS)])
    late = forms.ChoiceField(required=False, choices=[("", _lazy("Any age")), ("3", _lazy("Not seen after 3 days"))])

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["method"].widget.attrs["aria-label"] = "How it was paid"
        self.fields["late"].widget.attrs["aria-label"] = "How long it has waited"

    def clean_late(self) -> bool:
        return self.cleaned_data["late"] == "3"


class NoteFilter(BillFilter):
    """What the list of credit notes is narrowed to."""

    paid = status = None
    went = forms.ChoiceField(required=False, choices=[("", "Went anywhere"), *CreditNoteLine.Where.choices])

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["went"].widget.attrs["aria-label"] = "Where the goods went"


class CancelForm(forms.Form):
    """Why a bill is cancelled."""

    reason = forms.CharField(
        label="Why is it cancelled?", max_length=200, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class CustomerFilter(forms.Form):
    """What the list of customers is narrowed to."""

    q = forms.CharField(required=False, max_length=80)
    owes = forms.BooleanField(required=False)


class CustomerForm(forms.ModelForm):
    """Everything a shop writes down of a customer. Phone and GSTIN stay text here: the service reads them."""

    phone = forms.CharField(
        label="Phone", max_length=20, help_text="Ten digits.", widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})
    )
    gstin = forms.CharField(
        label="GSTIN",
        max_length=20,
        required=False,
        help_text="For a registered buyer: it goes on the invoice.",
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )

    class Meta:
        model = Customer
        fields = [
            "name", "phone", "local_name", "address", "state_code", "gstin", "group", "language", "email", "credit_limit", "due_days",
            "price_list",
        ]  # fmt: skip
        help_texts = {
            "price_list": _lazy("At the counter the bill takes its prices from this list."),
            "state_code": "Only if goods are delivered there: another state than the shop's means IGST.",
            "credit_limit": "Leave empty for no limit.",
            "group": "Your own word: regulars, office, hotel.",
            "language": "Of what is sent to them; empty: the shop's.",
        }

    def __init__(self, *args, shop: Shop, may_set_prices: bool, **kwargs) -> None:
        """may_set_prices: without it the price list stays what it is, and the form does not ask for it."""
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["phone"] = self.instance.short_phone
        lists = shop.price_lists.filter(Q(is_active=True) | Q(pk=self.instance.price_list_id))
        if may_set_prices and lists.exists():
            self.fields["price_list"].queryset = lists
            self.fields["price_list"].empty_label = _("Prices of everybody")
        else:
            del self.fields["price_list"]

    def details(self) -> dict:
        """The cleaned fields as the service takes them."""
        return {"price_list": self.instance.price_list} | {name: self.cleaned_data[name] for name in self.fields}

    def _post_clean(self) -> None:
        """The instance is left as it is: the service writes it, and says what is wrong."""
