"""What must hold for a product's figures, in words: asked by the form while typing, by the service, and by the import for each row."""

from __future__ import annotations

from decimal import Decimal

from catalog.units import decimals_of, name_of
from smartkirana.money import rupees

LARGEST_PRICE = Decimal("9999999.99")
LARGEST_QUANTITY = Decimal("999999.999")
LARGEST_PLU = 99999
LONGEST = {"sku": 40, "name": 120, "local_name": 120, "category": 60, "subcategory": 60, "search_words": 200, "shelf": 40}  # letters

ABOVE_MRP = "Above the MRP of {mrp}. Nobody may sell above MRP."
COST_ABOVE = "Above the selling price of {price}: every sale would lose money."
NO_PRICE = "The selling price must be above zero."

Problem = tuple[str, str]  # field, sentence


def price_problems(*, mrp: Decimal | None, price: Decimal | None, cost: Decimal | None) -> list[Problem]:
    """MRP ≥ price ≥ cost, all sane; rupees a unit. Each problem stands at the field to change."""
    found: list[Problem] = []
    for field, amount in (("mrp", mrp), ("price", price), ("cost", cost)):
        if amount is not None and amount < 0:
            found.append((field, "An amount cannot be below zero."))
        elif amount is not None and amount > LARGEST_PRICE:
            found.append((field, f"More than {rupees(LARGEST_PRICE)}. Check the figure."))
    if found:
        return found
    if mrp is not None and mrp == 0:
        found.append(("mrp", "The MRP must be above zero. Leave it empty for goods without one."))
    if price is not None and price == 0:
        found.append(("price", NO_PRICE))
    if mrp and price and price > mrp:
        found.append(("price", ABOVE_MRP.format(mrp=rupees(mrp))))
    if price and cost is not None and cost > price:
        found.append(("cost", COST_ABOVE.format(price=rupees(price))))
    return found


def level_problems(*, unit: str, **levels: Decimal | None) -> list[Problem]:
    """min_stock, max_stock and reorder_quantity: not negative, in steps the unit has, the maximum not under the minimum."""
    found = [(field, sentence) for field, level in levels.items() if level is not None and (sentence := quantity_problem(unit, level))]
    least, most = levels.get("min_stock"), levels.get("max_stock")
    if not found and most is not None and least is not None and most < least:
        found.append(("max_stock", "The maximum is under the minimum."))
    return found


def quantity_problem(unit: str, amount: Decimal) -> str:
    """Why `amount` cannot be a quantity in this unit, or ""."""
    if amount < 0:
        return "A quantity cannot be below zero."
    if amount > LARGEST_QUANTITY:
        return "More than 9,99,999. Check the figure."
    places = decimals_of(unit)
    if -amount.normalize().as_tuple().exponent > places:
        return f"At most {places} decimals for a {name_of(unit)}." if places else f"A {name_of(unit)} is sold whole: no decimals."
    return ""


def plu_problem(plu: int | None) -> str:
    """Why `plu` cannot be a code to type, or ""."""
    return "" if plu is None or 1 <= plu <= LARGEST_PLU else "A code to type is a number from 1 to 99999."


def margin(price: Decimal | None, cost: Decimal | None) -> Decimal | None:
    """What stays of the selling price after the cost, in percent of the price; None while it cannot be said."""
    if not price or not cost or price <= 0:
        return None
    return ((price - cost) * 100 / price).quantize(Decimal("0.1"))
