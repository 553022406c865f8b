"""What the forms of the khata parse and shape; what may be is decided in `acts`."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from inventory.forms import day_field, figure
from inventory.supplier_forms import RefusableForm
from orders.khata import selectors
from orders.khata.acts import GIVING, MONEY
from orders.khata.entries import Share
from orders.models import Customer, KhataEntry, Payment
from shops.models import Counter, Shop
from smartkirana.dates import shop_today
from smartkirana.errors import Refusal
from smartkirana.money import ZERO, rupees

BOX = "share-"
CHOOSE_HOW = _("Choose how it was paid.")


class KhataFilter(forms.Form):
    """What the list of khatas is narrowed to; every part may be left out."""

    q = forms.CharField(required=False, max_length=80)
    show = forms.ChoiceField(
        required=False,
        choices=[
            ("", _("Who owes")),
            (selectors.LATE, _("Past their day")),
            (selectors.OVER, _("Over their limit")),
            (selectors.AHEAD, _("Paid ahead")),
            (selectors.DISPUTED, _("Does not agree")),
            (selectors.ALL, _("Everybody")),
        ],
        widget=forms.Select(attrs={"class": "select", "aria-label": _("Which khatas")}),
        error_messages={"invalid_choice": _("Choose from the list.")},
    )
    group = forms.CharField(required=False, max_length=40)
    band = forms.ChoiceField(required=False, choices=[("", "")] + [(str(n), str(n)) for n in range(len(selectors.BANDS))])

    def choice(self) -> selectors.KhataChoice:
        """What was asked for."""
        data = self.cleaned_data
        band = int(data["band"]) if data["band"] else None
        return selectors.KhataChoice(data["q"], data["show"] or selectors.OWING, data["group"], band)


def _text(label: Any, most: int, *, required: bool = False, **extra: Any) -> forms.CharField:
    attrs = {"autocomplete": "off"} | extra.pop("attrs", {})
    return forms.CharField(label=label, max_length=most, required=required, widget=forms.TextInput(attrs=attrs), **extra)


def _way(methods: Sequence[Payment.Method]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("How"),
        choices=[(m.value, m.label) for m in methods],
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE_HOW, "invalid_choice": CHOOSE_HOW},
    )


class _MoneyForm(RefusableForm):
    """An amount and how it moved; at which counter, when the shop has more than one."""

    amount = figure(digits=11, places=2, label=_("Amount"))
    reference = _text(_("Reference"), 40, help_text=_("UTR, cheque number or the last digits."))
    note = _text(_("Note"), 200)

    def __init__(self, data: QueryDict | None, *, shop: Shop, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial={"method": Payment.Method.CASH} | (initial or {}))
        self.fields["amount"].error_messages["required"] = _("Write the amount.")
        self.counters = list(shop.counters.filter(is_active=True).order_by("pk")[:50])
        if len(self.counters) > 1:
            self.fields["counter"] = forms.ChoiceField(
                label=_("Counter"),
                required=False,
                choices=[*((str(c.pk), c.name) for c in self.counters), ("none", _("Away from the counter"))],
                error_messages={"invalid_choice": _("Choose a counter from the list.")},
                help_text=_("Whose drawer the cash goes into."),
            )

    def drawer(self) -> Counter | None:
        """Whose drawer cash lies in: the one chosen, the only one, else none."""
        if len(self.counters) == 1:
            return self.counters[0]
        return next((c for c in self.counters if str(c.pk) == self.cleaned_data.get("counter")), None)


class GotForm(_MoneyForm):
    """Money a customer brings: how much, how, and for which entries. All boxes empty means the oldest first."""

    method = _way(MONEY)
    discount = figure(digits=11, places=2, label=_("Let off"), required=False, help_text=_("What you do not ask for any more."))
    field_order = ("amount", "method", "counter", "discount", "reference", "note")

    def __init__(self, data: QueryDict | None, *, shop: Shop, open_ones: Sequence[KhataEntry], amount: Decimal | None = None) -> None:
        super().__init__(data, shop=shop, initial={"amount": amount})
        self.open_ones = open_ones
        for entry in open_ones:
            self.fields[f"{BOX}{entry.pk}"] = figure(digits=11, places=2, label=_("Of it now"), required=False)
        self.order_fields([*self.field_order, *(f"{BOX}{entry.pk}" for entry in open_ones)])

    @staticmethod
    def asked_for(data: QueryDict) -> list[int]:
        """Ids of the entries whose boxes were filled in, at most 100: they keep their boxes though others may have settled them."""
        ids = (name.removeprefix(BOX) for name, value in data.items() if name.startswith(BOX) and value)
        return [int(pk) for pk in ids if pk.isascii() and pk.isdigit() and len(pk) < 19][:100]

    def rows(self) -> list[tuple[KhataEntry, forms.BoundField]]:
        """The open entries, each with its box."""
        return [(entry, self[f"{BOX}{entry.pk}"]) for entry in self.open_ones]

    def payment(self) -> dict[str, Any]:
        """The arguments for `take_payment`."""
        data = self.cleaned_data
        written = [Share(e.pk, data[f"{BOX}{e.pk}"]) for e in self.open_ones if data.get(f"{BOX}{e.pk}")]
        taken = {name: data[name] for name in ("amount", "method", "reference")}
        return taken | {"discount": data["discount"] or ZERO, "shares": written or None}

    def refuse(self, error: Refusal) -> None:
        """An entry that cannot take what was written for it says so itself."""
        shares = self.payment()["shares"] or () if error.field == "shares" else ()
        still = {entry.pk: entry.open for entry in self.open_ones}
        wrong = [share for share in shares if not 0 < share.amount <= still[share.entry_id]]
        for share in wrong:
            left = still[share.entry_id]
            words = _("Only {left} of it is open.").format(left=rupees(left)) if left else _("It is settled by now.")
            self.add_error(f"{BOX}{share.entry_id}", words if share.amount > 0 else _("Write an amount above zero."))
        if not wrong:
            super().refuse(error)


class GaveForm(_MoneyForm):
    """Money the shop gives on a khata."""

    method = _way(GIVING)
    field_order = ("amount", "method", "counter", "note", "reference")

    def gift(self) -> dict[str, Any]:
        """The arguments for `give`."""
        return {name: self.cleaned_data[name] for name in ("amount", "method", "reference")}


class OpeningForm(RefusableForm):
    """What stood between shop and customer when the books began."""

    way = forms.ChoiceField(
        label=_("How it stood"),
        choices=[("owed", _("The customer owed")), ("ahead", _("The customer had paid ahead"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how it stood."), "invalid_choice": _("Choose how it stood.")},
    )
    amount = figure(digits=11, places=2, label=_("Amount"))
    day = day_field(label=_("On"))
    note = _text(_("Note"), 200, help_text=_("Page of the old book, for example."))

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"way": "owed", "day": shop_today()})
        self.fields["amount"].error_messages["required"] = _("Write the amount.")
        self.fields["day"].error_messages["required"] = _("Write the day.")

    def clean_amount(self) -> Decimal:
        if self.cleaned_data["amount"] <= 0:
            raise forms.ValidationError(_("Write an amount above zero."))
        return self.cleaned_data["amount"]

    def balance(self) -> dict[str, Any]:
        """The arguments for `enter_opening_balance`."""
        data = self.cleaned_data
        return {"amount": data["amount"] if data["way"] == "owed" else -data["amount"], "day": data["day"]}


class WriteOffForm(RefusableForm):
    """Rupees given up, and why."""

    amount = figure(digits=11, places=2, label=_("Give up"))
    note = _text(_("Why it will not be paid"), 200, required=True, error_messages={"required": _("Write why it will not be paid.")})

    def __init__(self, data: QueryDict | None, *, customer: Customer) -> None:
        super().__init__(data, initial={"amount": max(customer.outstanding, ZERO)})
        self.fields["amount"].error_messages["required"] = _("Write the amount.")


class ReasonForm(RefusableForm):
    """Why an entry is taken back, or how a dispute was settled."""

    note = _text(_("Reason"), 200, required=True, error_messages={"required": _("Write the reason.")})


class MemberForm(RefusableForm):
    """Somebody of the household who may take goods on the khata."""

    name = _text(_("Name"), 60, required=True, error_messages={"required": _("Write the name.")})
    limit = figure(digits=11, places=2, label=_("Own limit"), required=False, help_text=_("Empty: only the khata's own limit."))
