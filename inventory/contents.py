"""How much a unit of goods holds, so that a sack can be compared with the packets made of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from catalog.models import Product

THOUSANDTH, ONE = Decimal("0.001"), Decimal(1)
MEASURES = dict.fromkeys(("kg", "kgs", "kilo"), ("kg", ONE)) | dict.fromkeys(("g", "gm", "gms", "gram", "grams"), ("kg", THOUSANDTH))
MEASURES |= dict.fromkeys(("l", "ltr", "lit", "litre", "litres"), ("l", ONE)) | {"ml": ("l", THOUSANDTH)}
SIZE = re.compile(rf"(?<![\w.])([0-9]{{1,6}}(?:\.[0-9]{{1,3}})?)\s?({'|'.join(sorted(MEASURES, key=len, reverse=True))})\b", re.IGNORECASE)


class Content(NamedTuple):
    """`amount` kilograms ("kg") or litres ("l")."""

    amount: Decimal
    measure: str


def content_of(product: Product) -> Content | None:
    """What one unit of the product holds: goods sold by weight or measure themselves, others by the last size in their name.

    "Sugar, loose" by the kg: 1 kg; "Tea 250 g": 0.25 kg; "Sugar sack 50 kg": 50 kg; "Soap": None.
    """
    if product.unit in ("kg", "g", "l", "ml"):
        measure, factor = MEASURES[product.unit]
        return Content(factor, measure)
    sizes = SIZE.findall(product.name)
    if not sizes:
        return None
    number, word = sizes[-1]
    measure, factor = MEASURES[word.lower()]
    amount = Decimal(number) * factor
    return Content(amount, measure) if amount else None


def size_in_words(product: Product) -> str:
    """The size as a label prints it: "1 kg", "250 g"; "" when the name tells none, or goods are sold by measure anyway."""
    sizes = [] if product.unit in ("kg", "g", "l", "ml") else SIZE.findall(product.name)
    if not sizes:
        return ""
    number, word = sizes[-1]
    short = {"kg": ("kg", "g"), "l": ("L", "ml")}[MEASURES[word.lower()][0]]
    return f"{number} {short[MEASURES[word.lower()][1] != ONE]}"


def together(goods: Iterable[tuple[Product, Decimal]]) -> Content | None:
    """What quantities of several products hold together; None when one of them is unknown or they are measured differently."""
    parts = [(content_of(product), count) for product, count in goods]
    if not parts or any(one is None for one, _ in parts) or len({one.measure for one, _ in parts if one}) > 1:
        return None
    total = sum((one.amount * count for one, count in parts if one), Decimal(0))
    return Content(total, next(one.measure for one, _ in parts if one))
