"""Selling by amount: how much of a product ₹20 buys. Pure arithmetic, no database.

The line's total stays the amount that was asked for; only the quantity is worked out, and rounded down to what the unit
allows, so that nobody is sold less than nothing or pays for a gram that is not there.
"""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.models import Product
from catalog.units import name_of
from smartkirana.errors import Refusal
from smartkirana.money import money

FINE = {"g", "ml"}  # units without decimals that are measured all the same


class AmountError(Refusal):
    """Codes: no_amount, too_little, above_mrp, not_whole; field "amount"."""


def step_of(product: Product) -> Decimal:
    """The smallest quantity of `product` in its unit: 0.001 for kg, 1 for pieces."""
    return Decimal(1).scaleb(-product.decimals)


def is_measured(product: Product) -> bool:
    """True for goods by weight or measure, of which any amount of money buys some; False for what is sold whole."""
    return bool(product.decimals) or product.unit in FINE


def quantity_for(amount: Decimal, price: Decimal, step: Decimal, mrp: Decimal | None = None) -> Decimal:
    """The quantity, a multiple of `step`, that `amount` rupees buy at `price` rupees a unit; rounded down, above zero.

    With an MRP (rupees a unit) the amount may not be more than the MRP of that quantity, to the paisa. Where only the rounding
    made it so, the quantity is one step more; a price above the MRP is refused.
    Raises AmountError "no_amount", "too_little", "above_mrp".
    """
    if amount <= 0 or price <= 0:
        raise AmountError("no_amount", _("Give an amount above zero."), "amount")
    if mrp is not None and price > mrp:
        raise AmountError("above_mrp", _("₹{price} is above MRP ₹{mrp}. Not allowed").format(price=price, mrp=mrp), "amount")
    quantity = amount // (price * step) * step
    if quantity == 0:
        raise AmountError("too_little", _("₹{amount} is too little for any of it.").format(amount=amount), "amount")
    if mrp is not None and amount > money(mrp * quantity):
        quantity += step
    return quantity


def quantity_worth(product: Product, amount: Decimal, *, price: Decimal, mrp: Decimal | None = None) -> Decimal:
    """`quantity_for` of a product in its own unit and steps. Goods that are sold whole need an amount that is a whole number of prices.

    Raises AmountError as there, and "not_whole".
    """
    if not is_measured(product) and price > 0 and amount % price:
        sentence = _("₹{amount} is no whole number of {name} at ₹{price}.")
        raise AmountError("not_whole", sentence.format(amount=amount, name=product.name, price=price), "amount")
    return quantity_for(amount, price, step_of(product), mrp)


def sold_by(product: Product) -> str:
    """The unit's name for a sentence: "kilogram"."""
    return name_of(product.unit)
