"""The tax on a line and a discount shared over lines, for bills and for suppliers' bills alike. Pure arithmetic, no database.

Rupees are Decimals with 2 places, quantities 3, rates percent of the whole tax (18 is CGST 9 + SGST 9). CGST Act section 15.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from smartkirana.errors import Refusal
from smartkirana.money import ZERO, Number, money, share_out, unit_cost
from smartkirana.money import quantity as to_quantity


class PricingError(Refusal):
    """A bill cannot be priced. Codes: quantity, price, amount, rate, discount_negative, discount_above_line,
    discount_above_bill, cess_above_price, rsp, price_above_rsp.
    """


@dataclass(frozen=True, slots=True)
class LineTax:
    """Value and tax of a line in rupees. Without IGST, CGST equals SGST."""

    taxable: Decimal
    cgst: Decimal = ZERO
    sgst: Decimal = ZERO
    igst: Decimal = ZERO
    cess: Decimal = ZERO

    @property
    def tax(self) -> Decimal:
        return self.cgst + self.sgst + self.igst + self.cess

    @property
    def total(self) -> Decimal:
        return self.taxable + self.tax


def line_tax(
    *,
    net: Number,
    rate: Number,
    cess_rate: Number = 0,
    cess_per_unit: Number = 0,
    quantity: Number = 0,
    inter_state: bool = False,
    inclusive: bool = True,
) -> LineTax:
    """Split a line's net amount (rupees after discounts) into value and tax.

    inclusive: value + tax = net to the paisa. Otherwise value = net and tax comes on top.
    A net below zero gives the exact mirror, for returns. Raises PricingError: "rate", "cess_above_price".
    """
    amount, r, c = money(net), _percent(rate), _percent(cess_rate)
    specific = money(to_quantity(quantity) * _percent(cess_per_unit))
    # Specific cess comes out of an inclusive price first: it has no rate to be divided by.
    base = amount - specific if inclusive else amount
    if base * amount < 0 or (base and not amount):
        raise PricingError("cess_above_price", "The cess on this item is more than its price. Check the price.", "price")
    whole = 100 + r + c if inclusive else Decimal(100)
    half = ZERO if inter_state else money(base * r / (2 * whole))
    igst = money(base * r / whole) if inter_state else ZERO
    by_rate = money(base * c / whole)
    taxable = base - 2 * half - igst - by_rate if inclusive else base
    return LineTax(taxable, half, half, igst, by_rate + specific)


def share_discount(discount: Number, nets: Sequence[Decimal]) -> list[Decimal]:
    """Spread a discount over amounts (rupees) in proportion; the shares add up to it exactly.

    Each share is rounded down to the paisa; what is left goes one paisa each to the largest
    remainders, the earlier line first. No share is more than its amount.
    Raises PricingError: "discount_negative", "discount_above_bill".
    """
    off, parts = _paise(discount), [_paise(net) for net in nets]
    if off < 0:
        raise PricingError("discount_negative", "A discount cannot be below zero.", "discount")
    if off > sum(parts):
        raise PricingError("discount_above_bill", "The discount is more than the bill. Make it smaller.", "discount")
    return [money(Decimal(share) / 100) for share in share_out(off, parts)]


def _percent(value: Number) -> Decimal:
    percent = unit_cost(value)
    if percent < 0:
        raise PricingError("rate", "A rate of tax cannot be below zero.", "rate")
    return percent


def _paise(amount: Number) -> int:
    return int(money(amount) * 100)
