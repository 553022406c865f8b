"""What the page of programs parses: a key's name and rights, a webhook's address and events."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from shops.access import Can
from shops.api.keys import SCOPES
from shops.forms import NameField
from shops.webhook_models import Happening
from shops.webhook_urls import LONGEST_URL

# The rights of a key in the words of the shop.
WORDS = {
    Can.ENTER: _("See the shop’s name and how it sells"),
    Can.SELL: _("Make bills"),
    Can.SEE_BILLS: _("See bills and customers"),
    Can.CANCEL_BILL: _("Cancel bills and take goods back"),
    Can.MARK_SEEN: _("Mark UPI and card money as seen"),
    Can.SEE_GOODS: _("See goods, prices and stock"),
    Can.EDIT_GOODS: _("Change goods and prices"),
    Can.ADJUST_STOCK: _("Adjust and count stock"),
    Can.BUY: _("Buy goods and pay suppliers"),
    Can.SEE_COST: _("See what goods cost"),
    Can.SEE_DAY: _("See what a day came to"),
    Can.CLOSE_DAY: _("Close the day"),
    Can.SEE_BOOKS: _("Read the books and bank files"),
}
SCOPE_CHOICES = [(scope, WORDS[right]) for scope, right in SCOPES.items()]
NO_RIGHT = _("Choose what the key may do.")
NO_EVENT = _("Choose what the program is told of.")


class KeyForm(forms.Form):
    """A new key."""

    name = NameField(label=_("What it is for"), max_length=60, error_messages={"required": _("Write what the key is for.")})
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        help_text=_("Give it no more than it needs. It can never do more than you may yourself."),
        choices=SCOPE_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": NO_RIGHT, "invalid_choice": NO_RIGHT},
    )


class WebhookForm(forms.Form):
    """An address and what it is told of."""

    url = forms.CharField(
        label=_("Address of the program"),
        help_text=_("It begins with https:// and can be reached from anywhere."),
        max_length=LONGEST_URL,
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false", "placeholder": "https://"}),
        error_messages={"required": _("Give the whole address, such as https://example.in/smartkirana.")},
    )
    events = forms.MultipleChoiceField(
        label=_("Tell it when"),
        choices=Happening.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": NO_EVENT, "invalid_choice": NO_EVENT},
    )


class WebhookChangeForm(WebhookForm):
    """The same, and whether it is told at all."""

    active = forms.BooleanField(
        label=_("In use"), required=False, help_text=_("Switched off, nothing is sent; what happens meanwhile is not told later.")
    )
