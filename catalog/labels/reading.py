"""What a scale's label says. Pure: formats and a code in, item and value out (GS1 General Specifications, restricted circulation).

A label is an EAN-13 that the shop prints itself: leading digits, item number, value, check digit. A scale may put a check digit of
the value's own before the value. UPC-A labels of 12 digits are the EAN-13 with a zero before them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from django.utils.translation import gettext as _

from catalog.barcodes import ean_check_digit
from catalog.counter_models import LABEL_DIGITS
from smartkirana.errors import Refusal

WEIGHT, PRICE, PIECES = "weight", "price", "pieces"


class LabelError(Refusal):
    """Code: misread; field "code"."""


class Format(Protocol):
    """What reading needs of a `LabelFormat`."""

    name: str
    prefix: str
    item_digits: int
    value_digits: int
    holds: str
    decimals: int
    own_check: bool
    is_active: bool


@dataclass(frozen=True)
class Label:
    """A label as one format reads it: `item` as printed, `value` in kilograms, rupees or pieces, as `holds` says."""

    format: Format
    code: str
    item: str
    value: Decimal

    @property
    def holds(self) -> str:
        return self.format.holds

    @property
    def number(self) -> int:
        """The item number without the zeros before it."""
        return int(self.item)


@dataclass(frozen=True)
class Part:
    """Some digits of a label and what they stand for: prefix, item, own-check, value or check."""

    kind: str
    digits: str


def is_in_store(code: str) -> bool:
    """True for an EAN-13 that no maker may use: 20 to 29, 02 and 04 are for the shop's own labels."""
    return len(code) == LABEL_DIGITS and code.isascii() and code.isdigit() and (code[0] == "2" or code[:2] in ("02", "04"))


def as_ean13(text: str) -> str:
    """A scanned label as 13 digits; other text as it is."""
    code = text.strip()
    return f"0{code}" if len(code) == LABEL_DIGITS - 1 and code.isascii() and code.isdigit() else code


def taking(formats: Iterable[Format], text: str) -> Format | None:
    """The first format in use, in the order given, whose leading digits the label has."""
    code = as_ean13(text)
    if not is_in_store(code):
        return None
    return next((one for one in formats if one.is_active and code.startswith(one.prefix)), None)


def read_label(formats: Iterable[Format], text: str) -> Label | None:
    """The item number and the value on a label; None when no format takes it. The first format that does ends the search.

    Raises LabelError "misread" when a check digit of the label that a format takes is wrong.
    """
    found = taking(formats, text)
    if found is None:
        return None
    code = as_ean13(text)
    of = {part.kind: part.digits for part in parts(found, code)}
    if of["check"] != ean_check_digit(code[:-1]) or (found.own_check and of["own-check"] != value_check_digit(of["value"])):
        raise LabelError("misread", _("Misread code. Scan again."), "code")
    return Label(found, code, of["item"], Decimal(int(of["value"])).scaleb(-found.decimals))


def parts(one: Format, code: str) -> list[Part]:
    """The digits of a 13-digit code as the format divides them."""
    lengths = {
        "prefix": len(one.prefix),
        "item": one.item_digits,
        "own-check": int(one.own_check),
        "value": one.value_digits,
        "check": 1,
    }
    found, at = [], 0
    for kind, length in lengths.items():
        if length:
            found.append(Part(kind, code[at : at + length]))
        at += length
    return found


def label_of(one: Format, item: int, value: Decimal) -> str:
    """The label a scale with this format prints: for trying out and for tests. Raises ValueError for what does not fit the digits."""
    number, figure = f"{item:0{one.item_digits}d}", f"{int(value.scaleb(one.decimals)):0{one.value_digits}d}"
    if len(number) > one.item_digits or len(figure) > one.value_digits:
        raise ValueError(f"{item} and {value} do not fit {one.name}")
    body = one.prefix + number + (value_check_digit(figure) if one.own_check else "") + figure
    return body + ean_check_digit(body)


def value_check_digit(digits: str) -> str:
    """The check digit of a value of 4 or 5 digits (GS1 General Specifications 7.9.2 to 7.9.4). Raises ValueError for another length."""
    if len(digits) == 4:
        weighed = zip(digits, (_two_minus, _two_minus, _three, _five_minus), strict=True)
        return str(sum(weigh(int(digit)) for digit, weigh in weighed) * 3 % 10)
    if len(digits) == 5:
        weighed = zip(digits, (_five_plus, _two_minus, _five_minus, _five_plus, _two_minus), strict=True)
        rest = -sum(weigh(int(digit)) for digit, weigh in weighed) % 10
        return next(str(digit) for digit in range(10) if _five_minus(digit) == rest)
    raise ValueError("only a value of 4 or 5 digits has a check digit of its own")


def _two_minus(digit: int) -> int:
    return (2 * digit - 2 * digit // 10) % 10


def _three(digit: int) -> int:
    return 3 * digit % 10


def _five_plus(digit: int) -> int:
    return (5 * digit + 5 * digit // 10) % 10


def _five_minus(digit: int) -> int:
    return (5 * digit - 5 * digit // 10) % 10
