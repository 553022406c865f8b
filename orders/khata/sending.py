"""What is sent to a customer about their khata: the words, and WhatsApp's address with them. Always in the customer's language."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from orders.khata.statement import language_of
from orders.khata.words import words
from orders.models import Customer, KhataEntry
from smartkirana.money import rupees


def private_address(request: HttpRequest, customer: Customer) -> str:
    """The private page's address at the host that was asked; "" while there is none."""
    return request.build_absolute_uri(reverse("private:khata", args=[customer.link_key])) if customer.link_key else ""


def balance_words(customer: Customer) -> str:
    """ "You owe ₹ 120.00", or what was paid ahead."""
    if customer.outstanding < 0:
        return _("You have {amount} with us.").format(amount=rupees(-customer.outstanding))
    return _("You owe {amount}.").format(amount=rupees(customer.outstanding)) if customer.outstanding else _("You owe nothing.")


def receipt_words(customer: Customer, entry: KhataEntry, address: str) -> str:
    """What is sent with an entry: what happened, its number and check code, and the balance now."""
    with translation.override(language_of(customer)):
        what = _("{shop}: {what} {amount}, entry {number} ({code}).").format(
            shop=customer.shop.name, what=words(entry), amount=rupees(abs(entry.amount)), number=entry.number, code=entry.short_code
        )
        return " ".join(part for part in (what, balance_words(customer), address) if part)


def reminder_words(customer: Customer, address: str) -> str:
    """A reminder of what is owed, with the private page's address."""
    with translation.override(language_of(customer)):
        words_ = _("Namaste {name}, {amount} is open in your khata at {shop}. Please pay when you can.").format(
            name=customer, amount=rupees(customer.outstanding), shop=customer.shop.name
        )
        look = _("See it and pay here: {link}").format(link=address) if address else ""
        return " ".join(part for part in (words_, look) if part)


def whatsapp(customer: Customer, text: str) -> str:
    """Opens WhatsApp with the message written, to the customer's phone."""
    return f"https://wa.me/{customer.phone.as_e164.removeprefix('+')}?text={quote(text)}"
