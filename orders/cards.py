"""Numbers on cards: a badge that names somebody of the shop, a card that names a customer.

`KS-17-8Q4M2KXT`: kind, number, and a check made with the installation's secret, so that from one card nobody can tell the next.
A card only says who is meant. Whoever shows a badge still types their PIN.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

STAFF, CUSTOMER = "KS", "KC"
KINDS = (STAFF, CUSTOMER)
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # as in join codes: nothing that is misread
CHECK_LETTERS = 8
_CARD = re.compile(rf"({STAFF}|{CUSTOMER})-([1-9][0-9]{{0,17}})-([{LETTERS}]{{{CHECK_LETTERS}}})")


def card_of(kind: str, id: int) -> str:
    """The text of the card for a row: STAFF and a membership's id, or CUSTOMER and a customer's."""
    assert kind in KINDS
    assert id > 0
    return f"{kind}-{id}-{_check(kind, id, settings.SECRET_KEY)}"


def read_card(text: str) -> tuple[str, int] | None:
    """(kind, id) of a card as scanned or typed, in small letters too; None for everything else. The row may be another shop's."""
    match = _CARD.fullmatch(text.strip().upper()) if text.isascii() and len(text) < 60 else None
    if match is None:
        return None
    kind, id, check = match[1], int(match[2]), match[3]
    if any(constant_time_compare(check, _check(kind, id, secret)) for secret in _secrets()):
        return kind, id
    return None


def _secrets() -> Iterator[str]:
    """The installation's secret, then those it had before: cards live longer than secrets."""
    yield settings.SECRET_KEY
    yield from settings.SECRET_KEY_FALLBACKS


def _check(kind: str, id: int, secret: str) -> str:
    number = int(salted_hmac("orders.card", f"{kind}:{id}", secret=secret, algorithm="sha256").hexdigest(), 16)
    letters = []
    for _ in range(CHECK_LETTERS):
        number, rest = divmod(number, len(LETTERS))
        letters.append(LETTERS[rest])
    return "".join(letters)
