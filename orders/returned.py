"""What goods that come back are worth. Pure arithmetic, no database.

Every amount of a line is shared by cumulative rounding: what the first n units are worth, less what the first m were. So whatever
comes back in whatever steps, the shares of a line add up to the line, and a bill that comes back whole gives back its total, to the
paisa. The line's total is shared first, since that is what people see; its value before tax is what the shares of tax leave of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Protocol

from smartkirana.money import ZERO, money

LAST_DAY = (11, 30)  # section 34(2): 30 November after the end of the financial year of the sale


class SoldLine(Protocol):
    """A line of a bill, amounts in rupees (orders.models.OrderLine is one)."""

    quantity: Decimal
    discount: Decimal
    bill_discount: Decimal
    cgst: Decimal
    igst: Decimal
    cess: Decimal
    after_tax_reduction: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True)
class Worth:
    """What units of a line are worth, rupees: total = gross − discount − bill_discount = taxable + taxes − after_tax_reduction."""

    gross: Decimal = ZERO
    discount: Decimal = ZERO
    bill_discount: Decimal = ZERO
    taxable: Decimal = ZERO
    cgst: Decimal = ZERO
    sgst: Decimal = ZERO
    igst: Decimal = ZERO
    cess: Decimal = ZERO
    after_tax_reduction: Decimal = ZERO
    total: Decimal = ZERO

    def __sub__(self, other: Worth) -> Worth:
        return Worth(*(getattr(self, one.name) - getattr(other, one.name) for one in fields(self)))

    def without_gst(self) -> Worth:
        """The same price, no tax taken back."""
        return Worth(self.gross, self.discount, self.bill_discount, taxable=self.total, total=self.total)


def share(amount: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    """`amount` (rupees) in proportion, half up; all of it for the whole, nothing of nothing."""
    return money(amount * part / whole) if whole else ZERO


def worth_of_first(line: SoldLine, units: Decimal) -> Worth:
    """What the first `units` (product's unit) of a sold line are worth."""
    cgst, igst, cess, after, total, discount, bill_discount = (
        share(amount, units, line.quantity)
        for amount in (line.cgst, line.igst, line.cess, line.after_tax_reduction, line.total, line.discount, line.bill_discount)
    )
    return Worth(
        gross=total + discount + bill_discount,
        discount=discount,
        bill_discount=bill_discount,
        taxable=total + after - 2 * cgst - igst - cess,
        cgst=cgst,
        sgst=cgst,
        igst=igst,
        cess=cess,
        after_tax_reduction=after,
        total=total,
    )


def worth_of(line: SoldLine, before: Decimal, units: Decimal) -> Worth:
    """What `units` of a line are worth of which `before` came back already."""
    return worth_of_first(line, before + units) - worth_of_first(line, before)


def round_off_of(round_off: Decimal, goods: Decimal, before: Decimal, back: Decimal) -> Decimal:
    """The share of a bill's round-off in goods for `back` rupees, after goods for `before` came back; `goods` is what all came to."""
    return share(round_off, before + back, goods) - share(round_off, before, goods)


@dataclass(frozen=True, slots=True)
class LotShare:
    """Units of a lot that come back at a cost, rupees."""

    lot_id: int
    quantity: Decimal
    cost: Decimal


def lots_of_next(sold: Iterable[tuple[int, Decimal, Decimal]], before: Decimal, units: Decimal) -> list[LotShare]:
    """Into which lots the next `units` of a line go back, in the order they left, at the cost they left with.

    sold  the lots that gave the line: (lot, quantity, cost in rupees), all above zero
    """
    shares, start = [], Decimal(0)
    for lot_id, quantity, cost in sold:
        first, last = (min(max(at - start, Decimal(0)), quantity) for at in (before, before + units))
        if last > first:
            shares.append(LotShare(lot_id, last - first, share(cost, last, quantity) - share(cost, first, quantity)))
        start += quantity
    return shares


def summed(worths: Sequence[Worth]) -> Worth:
    """All of them together."""
    return Worth(*(sum((getattr(one, field.name) for one in worths), ZERO) for field in fields(Worth)))


def last_day_for_gst(sold_on: date) -> date:
    """The last day a credit note may take back the tax of a sale (CGST section 34(2))."""
    ends = sold_on.year + (sold_on.month > 3)
    return date(ends, *LAST_DAY)
