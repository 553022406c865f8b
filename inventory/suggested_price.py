"""Which selling price keeps the margin when goods cost more or less than before. Pure arithmetic; rupees for one piece."""

from __future__ import annotations

from decimal import Decimal

from smartkirana.money import money, rupee_round

COARSE_FROM = Decimal(50)  # rupees: dearer goods are priced in whole rupees, cheaper ones in 50 paise


def suggested_price(*, cost: Decimal, old_cost: Decimal, old_price: Decimal, mrp: Decimal | None) -> Decimal | None:
    """The price of a piece that keeps the margin in percent of the price, half up to 50 paise or a rupee, never above `mrp`.

    None when there is nothing to go by (no cost before, goods for nothing), or when the MRP leaves less than the cost.
    """
    if old_cost <= 0 or cost <= 0:
        return None
    price = money(old_price)
    if cost != old_cost:
        exact = cost * old_price / old_cost
        price, _ = rupee_round(exact, "half" if exact < COARSE_FROM else "rupee")
    if mrp is not None:
        price = min(price, money(mrp))
    return price if price > 0 and price >= cost else None
