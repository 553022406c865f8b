"""The unit price of a line: list prices and quantity slabs. Pure and exact, no database; `static/js/counter/prices.js` is its twin.

Rupees are Decimals with 2 places, quantities 3. A slab is (from quantity, price): it holds from that quantity on, until the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from smartkirana.money import plain

type Slab = tuple[Decimal, Decimal]


def price_for(
    base: Decimal, slabs: Iterable[Slab], quantity: Decimal, mrp: Decimal | None = None, *, ceiling: Decimal | None = None
) -> Decimal:
    """Rupees for one unit when `quantity` is bought.

    base     the lot's own price, else the product's: it stands where no slab reaches down to the quantity
    slabs    in any order; the one with the highest from-quantity that is not above `quantity` replaces the base
    mrp      no price is above it; None for goods without one
    ceiling  a lot's own (clearance) price: no slab is above it
    """
    reached = [slab for slab in slabs if slab[0] <= quantity]
    price = base
    if reached:
        price = max(reached)[1]
        price = price if ceiling is None else min(price, ceiling)
    return price if mrp is None else min(price, mrp)


def merged(of_list: Iterable[Slab], of_all: Iterable[Slab]) -> tuple[Slab, ...]:
    """One row of slabs for a bill with a price list, rising: the list's own, and below where they begin the slabs for everybody."""
    own = sorted(of_list)
    others = sorted(slab for slab in of_all if not own or slab[0] < own[0][0])
    return (*others, *own)


def capped(slabs: Sequence[Slab], *ceilings: Decimal | None) -> tuple[Slab, ...]:
    """The same slabs with no price above any of the ceilings (an MRP, a lot's own price); None is no ceiling."""
    given = [most for most in ceilings if most is not None]
    return tuple((least, min([price, *given])) for least, price in slabs)


def as_data(slabs: Iterable[Slab]) -> list[list[str]]:
    """Slabs for a page's data attribute: [["6", "50.00"]]."""
    return [[plain(least), f"{price:.2f}"] for least, price in slabs]
