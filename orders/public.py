"""A bill's own address, that needs no sign-in: `/b/<code>/`. The code stands on the paper and in what is sent to the customer.

A code is 28 letters and digits, small or capital: who has it may see this one bill, and nobody can make one or guess one. Its last 20
are 100 bits of an HMAC over shop and bill; the first 8 are the bill's id, hidden by a pad that only our key can make, so that codes
do not tell how many bills there are. A code made with an older secret works as long as that stands in SECRET_KEY_FALLBACKS.
"""

from __future__ import annotations

import re
from copy import copy
from dataclasses import replace
from decimal import Decimal
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from orders.models import Order
from orders.printing.content import Bill, language_of
from shops.models import Shop
from smartkirana.money import ZERO, rupees

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u
MISREAD = str.maketrans("ilo", "110")
ID_BITS, SIGNATURE_BITS = 40, 100
LENGTH = (ID_BITS + SIGNATURE_BITS) // 5
WRITTEN = re.compile(rf"(?:https?://[^\s/]+)?(?:/?b/)?([0-9a-z]{{{LENGTH}}})/?", re.IGNORECASE)


# --- the code -------------------------------------------------------------------------------------------------
def code_of(order: Order) -> str:
    """The bill's code."""
    return _code(order.shop_id, order.pk, settings.SECRET_KEY)


def order_of_code(text: str) -> Order | None:
    """The bill that a code, or an address with one, was made for; None for anything else, and for a shop that is closed."""
    written = WRITTEN.fullmatch(text.strip()) if len(text) < 300 else None
    if written is None:
        return None
    code = written[1].lower().translate(MISREAD)
    if set(code) - set(ALPHABET):
        return None
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    found = {order.pk: order for order in Order.objects.filter(pk__in={_id(code, s) for s in secrets}).select_related("shop")}
    for secret in secrets:
        order = found.get(_id(code, secret))
        if order is not None and order.shop.is_active and constant_time_compare(code, _code(order.shop_id, order.pk, secret)):
            return order
    return None


def bill_of_code(shop: Shop, text: str) -> Order | None:
    """The bill of this shop that a scanned code or address stands for, else None."""
    order = order_of_code(text)
    return order if order is not None and order.shop_id == shop.pk else None


def _code(shop_id: int, order_id: int, secret: str) -> str:
    signature = _bits("orders.public.signature", f"{shop_id}:{order_id}", secret, SIGNATURE_BITS)
    number = (order_id ^ _pad(signature, secret)) << SIGNATURE_BITS | signature
    return "".join(ALPHABET[number >> shift & 31] for shift in range(5 * (LENGTH - 1), -1, -5))


def _id(code: str, secret: str) -> int:
    number = 0
    for letter in code:
        number = number << 5 | ALPHABET.index(letter)
    return number >> SIGNATURE_BITS ^ _pad(number & (1 << SIGNATURE_BITS) - 1, secret)


def _pad(signature: int, secret: str) -> int:
    return _bits("orders.public.pad", str(signature), secret, ID_BITS)


def _bits(salt: str, value: str, secret: str, bits: int) -> int:
    return int.from_bytes(salted_hmac(salt, value, secret=secret, algorithm="sha256").digest()) >> 256 - bits


# --- the address, and sending it --------------------------------------------------------------------------------
def bill_link(request: HttpRequest, order: Order) -> str:
    """The bill's address at the host that was asked."""
    return request.build_absolute_uri(reverse("public:bill", args=[code_of(order)]))


def message(order: Order, link: str) -> str:
    """What is sent to the customer with the link, in the bill's language."""
    with translation.override(language_of(order)):
        sentence = _("{shop}: your bill {number} of {total} is here: {link}")
        return sentence.format(shop=order.printed["seller"]["name"], number=order.bill_number, total=rupees(order.total), link=link)


def whatsapp_link(order: Order, link: str) -> str:
    """Opens WhatsApp with the message written; to the bill's customer if it has one, else WhatsApp asks to whom."""
    digits = re.sub(r"\D", "", (order.printed.get("buyer") or {}).get("phone", ""))
    return f"https://wa.me/{'91' if len(digits) == 10 else ''}{digits}?{urlencode({'text': message(order, link)})}".replace("+", "%20")


# --- what a stranger with the link may see ------------------------------------------------------------------------
def for_anybody(bill: Bill) -> Bill:
    """The bill without what concerns only shop and customer: phone and address, who served, why it was cancelled.

    A registered buyer's name, address and GSTIN stay: the law wants them on the document.
    """
    buyer = bill.buyer and {**bill.buyer, "phone": masked(bill.buyer["phone"])}
    if buyer and not buyer["gstin"]:
        buyer["address"] = ""
    order, cancelled = copy(bill.order), copy(bill.cancelled)
    order.printed = {**order.printed, "buyer": buyer, "cashier": ""}
    if cancelled is not None:
        cancelled.reason = ""
    return replace(bill, order=order, cancelled=cancelled, mark=None)


def masked(phone: str) -> str:
    """98xxxxx321: enough to know one's own."""
    return f"{phone[:2]}{'x' * (len(phone) - 5)}{phone[-3:]}" if len(phone) > 5 else ""


def due(bill: Bill) -> Decimal:
    """Rupees still to be paid for this bill: what went to khata and UPI that never came, unless the customer's khata is under that by now.

    A khata paid in part says nothing here: how much is open there is between customer and shop.
    """
    if bill.cancelled:
        return ZERO
    customer = bill.order.customer
    return ZERO if customer and customer.outstanding < bill.to_pay else bill.to_pay
