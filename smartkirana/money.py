"""Rupees, quantities and unit costs: one rounding rule, half up, and never a float.

Every amount passes through here before it is stored or compared, so that memory, database
and paper give one answer. Halves go away from zero, so a refund mirrors its sale exactly.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

type Number = Decimal | int | str

PAISA = Decimal("0.01")
ZERO = Decimal("0.00")
_GRAM = Decimal("0.001")
_COST = Decimal("0.0001")
_WHOLE = Decimal("1")
_STEPS = {"none": PAISA, "half": Decimal("0.50"), "rupee": Decimal("1.00")}


def money(x: Number) -> Decimal:
    """Rupees with 2 places.

    Raises TypeError for a float or anything else that is not a Decimal, an int or a string,
    and ValueError for what is no finite number or is too large to keep to the paisa.
    """
    return _to(x, PAISA)


def quantity(x: Number) -> Decimal:
    """A quantity in the product's unit with 3 places (kg to the gram). Raises as money()."""
    return _to(x, _GRAM)


def unit_cost(x: Number) -> Decimal:
    """Rupees for one unit with 4 places. Raises as money()."""
    return _to(x, _COST)


def rupee_round(total: Number, mode: str) -> tuple[Decimal, Decimal]:
    """(rounded, round_off) in rupees: what is asked for and the line that explains it.

    mode  "none", "half" (to 50 paise, still a coin) or "rupee"; half up.
    rounded = total + round_off, and round_off is between -0.50 and +0.50.
    Raises ValueError for another mode.
    """
    if mode not in _STEPS:
        raise ValueError(f"unknown rounding {mode!r}, expected one of {', '.join(_STEPS)}")
    exact, step = money(total), _STEPS[mode]
    rounded = money((exact / step).quantize(_WHOLE, rounding=ROUND_HALF_UP) * step)
    return rounded, rounded - exact


def share_out(amount: int, weights: Sequence[int]) -> list[int]:
    """Spread whole paise over weights (paise) as `spread` does, where no share may be more than its weight.

    Raises ValueError for an amount below zero or above the weights' sum, or a weight below zero.
    """
    if not 0 <= amount <= sum(weights) or any(weight < 0 for weight in weights):
        raise ValueError("an amount is shared over weights from zero up, and is no more than their sum")
    return spread(amount, weights)


def spread(amount: int, weights: Sequence[int]) -> list[int]:
    """Spread whole paise (from zero up) over weights in proportion; the shares add up to the amount exactly.

    Each share is rounded down; what is left goes one paisa each to the largest remainders, the earlier one first.
    """
    if not amount:
        return [0 for _ in weights]
    total = sum(weights)
    parts = [divmod(amount * weight, total) for weight in weights]
    shares = [share for share, _ in parts]
    by_remainder = sorted(range(len(parts)), key=lambda at: -parts[at][1])  # sorted() keeps ties in order
    for at in by_remainder[: amount - sum(shares)]:
        shares[at] += 1
    return shares


def indian(x: Number, places: int = 2, *, minus: str = "-") -> str:
    """Digits in Indian grouping: "12,34,567.50". `minus` may be "\N{MINUS SIGN}" for print."""
    number = _to(x, Decimal(1).scaleb(-places))
    whole, _, fraction = f"{abs(number):f}".partition(".")
    head, groups = whole[:-3], [whole[-3:]]
    while head:
        head, groups = head[:-2], [head[-2:], *groups]
    sign = minus if number < 0 else ""
    return sign + ",".join(groups) + ("." + fraction if fraction else "")


def plain(x: Decimal | None) -> str:
    """The number as it is typed into a box: "10", "0.5"; no idle zeros, no grouping, never "1E+1". Nothing stays empty."""
    return "" if x is None else f"{x.normalize():f}"


def rupees(x: Number, *, minus: str = "-") -> str:
    """Rupees for people: "₹ 1,23,456.50", and "-₹ 500.00" below zero."""
    amount = money(x)
    sign = minus if amount < 0 else ""
    return f"{sign}₹ {indian(abs(amount))}"


def _to(x: Number, step: Decimal) -> Decimal:
    number = _exact(x)
    try:
        rounded = number.quantize(step, rounding=ROUND_HALF_UP)
    except InvalidOperation:
        raise ValueError(f"{x!r} is too large an amount") from None
    return rounded or abs(rounded)  # "-0.00" would print and compare badly as text


def _exact(x: Number) -> Decimal:
    if isinstance(x, bool) or not isinstance(x, Decimal | int | str):
        raise TypeError(f"an amount is a Decimal, an int or a string, not {type(x).__name__}")
    try:
        # Decimal reads "1_000" too; in a form that is a slip of the finger, not a thousand.
        number = Decimal("" if isinstance(x, str) and "_" in x else x)
    except InvalidOperation:
        raise ValueError(f"{x!r} is not a number") from None
    if not number.is_finite():
        raise ValueError(f"{x!r} is not an amount")
    return number
