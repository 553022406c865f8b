"""A scale's label as a line of the bill: the row of its product, with the weight, the amount or the pieces that the label says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from catalog.amounts import AmountError, is_measured, quantity_worth, sold_by
from catalog.labels.reading import PIECES, PRICE, Label
from catalog.models import Product
from orders.errors import OrderError, UnknownCode

if TYPE_CHECKING:
    from orders.counter_selectors import Row

PER_KG = {"kg": Decimal(1), "g": Decimal(1000), "l": Decimal(1), "ml": Decimal(1000)}  # units that a weight can be said in


def unknown_item(label: Label) -> UnknownCode:
    """What is said when no product has the item number of a label."""
    sentence = _("Label’s item {item} is not in the list").format(item=label.item)
    return UnknownCode("label_unknown", sentence, label.code)


def labelled(rows: Sequence[Row], label: Label) -> list[Row]:
    """The rows of a label's product with what the label says in place of a piece or an awaited weight.

    Raises OrderError "label_empty", "label_weight", "label_pieces", "label_amount".
    """
    product = rows[0].product
    if label.value == 0:
        raise OrderError("label_empty", _("The label of {name} says 0. Weigh it again").format(name=product.name), "code")
    if label.holds == PRICE:
        return [_by_amount(row, label.value) for row in rows]
    quantity = _pieces(product, label) if label.holds == PIECES else _weight(product, label)
    return [replace(row, quantity=quantity, pack=quantity, code=label.code) for row in rows]


def _weight(product: Product, label: Label) -> Decimal:
    """Kilograms in the product's own unit; what is sold whole has no weight."""
    if product.unit not in PER_KG:
        sentence = _("{name} is sold by the {unit}, not by weight. Scan its own code")
        raise OrderError("label_weight", sentence.format(name=product.name, unit=sold_by(product)), "code")
    return label.value * PER_KG[product.unit]


def _pieces(product: Product, label: Label) -> Decimal:
    if is_measured(product):
        sentence = _("{name} is sold by the {unit}; its label counts pieces. Print it by weight or price")
        raise OrderError("label_pieces", sentence.format(name=product.name, unit=sold_by(product)), "code")
    return label.value


def _by_amount(row: Row, amount: Decimal) -> Row:
    """The line's total is the label's price; a label with a price makes a line of its own, so its row bears no code to add up by."""
    given = replace(row, amount_given=amount, code="")
    try:
        quantity = quantity_worth(row.product, amount, price=given.list_price, mrp=row.choice.mrp)
    except AmountError as refusal:
        raise OrderError("label_amount", refusal.message, "code") from None
    return replace(given, quantity=quantity, pack=quantity)
