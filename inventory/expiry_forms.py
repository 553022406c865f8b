"""What the page of dates parses: the filter, and the lots marked with their new prices."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django import forms
from django.http import QueryDict

from inventory.errors import StockError
from inventory.expiry import BANDS, MOST_LOTS, ExpiryChoice, NewPrice
from inventory.forms import KeyForm
from inventory.models import Supplier
from shops.models import Shop

PAST, ALL = "past", "all"
DAYS = {PAST: -1, ALL: None, **{str(days): days for days in BANDS}}
USUAL = "30"


class ExpiryFilter(forms.Form):
    """What the list is narrowed to; every part may be left out."""

    q = forms.CharField(required=False, max_length=80)
    category = forms.ModelChoiceField(None, required=False, empty_label="All categories")
    supplier = forms.ModelChoiceField(Supplier.objects.none(), required=False, empty_label="All suppliers")
    days = forms.ChoiceField(required=False, choices=[(value, value) for value in DAYS], widget=forms.HiddenInput)

    def __init__(self, data: QueryDict, *, shop: Shop) -> None:
        super().__init__(data)
        for name, rows, label in (("category", shop.categories.all(), "Category"), ("supplier", shop.suppliers.all(), "Supplier")):
            box = self.fields[name]
            assert isinstance(box, forms.ModelChoiceField)
            box.queryset = rows
            box.widget.attrs |= {"aria-label": label, "class": "select"}
            box.error_messages["invalid_choice"] = "Choose from the list."
        self.fields["days"].error_messages["invalid_choice"] = "Choose from the list."

    def choice(self) -> ExpiryChoice:
        """What was asked for; thirty days unless said otherwise."""
        data = self.cleaned_data
        category = data["category"].pk if data["category"] else None
        return ExpiryChoice(data["q"].strip(), category, data["supplier"], DAYS[data["days"] or USUAL])


class MarkedForm(KeyForm):
    """The button pressed (`act`: of one lot, or of all that were ticked as `lot`), and the prices written beside the lots."""

    note = forms.CharField(max_length=200, required=False)

    def act(self) -> str:
        """What the button says, without the lot it stands at."""
        return self.data.get("act", "").partition(":")[0]

    def lots(self) -> list[int]:
        """Ids of the lots. Raises StockError "empty", "no_lot", "too_many"."""
        data = self.data
        one = data.get("act", "").partition(":")[2]
        texts = [one] if one else data.getlist("lot")
        if not texts:
            raise StockError("empty", "Tick the goods first.")
        if len(texts) > MOST_LOTS:
            raise StockError("too_many", f"At most {MOST_LOTS} lots at a time.")
        if not all(text.isascii() and text.isdigit() and len(text) < 19 for text in texts):
            raise StockError("no_lot", "This page is out of date. Load it again.")
        return list(dict.fromkeys(int(text) for text in texts))

    def prices(self) -> list[NewPrice]:
        """The lots with their prices, rupees; an empty box: the product's price again. Raises StockError "bad_price" too."""
        return [NewPrice(pk, self._price(pk)) for pk in self.lots()]

    def _price(self, pk: int) -> Decimal | None:
        text = self.data.get(f"price-{pk}", "").strip().removeprefix("₹").strip()
        if not text:
            return None
        try:
            if len(text) > 20 or not text.isascii():
                raise InvalidOperation
            return Decimal(text)
        except InvalidOperation:
            raise StockError("bad_price", "Write a price in rupees and paise, such as 45.50.", f"price-{pk}") from None
