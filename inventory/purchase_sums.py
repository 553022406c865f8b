"""What a supplier's bill comes to, and what its goods cost. Pure arithmetic, no database.

Rupees are Decimals with 2 places, a price of a pack 4, quantities 3, rates percent of the whole tax (18 is CGST 9 + SGST 9). Trade
discounts and freight on the bill are part of the value of the goods (CGST section 15) and are shared over the lines before tax; what is
charged without tax, and a cash discount, come after it. What a piece costs is all of that over all pieces, the free ones too, and tax
only where no credit is taken (AS-2: recoverable tax is no part of cost).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalog.off import NOTHING, Off
from catalog.tax import LineTax, line_tax
from inventory.errors import StockError
from smartkirana.money import ZERO, money, share_out, spread, unit_cost

MOST_ROUNDED = Decimal("1.00")  # rupees that the paper's total may differ from ours; more is a slip in a line


@dataclass(frozen=True, slots=True)
class BoughtLine:
    """A line as it stands on the supplier's bill.

    packs     how many packs are charged (3 places); price  rupees a pack (4 places), with tax in it only where the whole bill says so
    pieces    how many pieces came, those for nothing too, in the product's unit
    discount  trade discount on the line, before tax
    credit    whether the input tax is claimed; if not, it is part of the cost
    """

    packs: Decimal
    price: Decimal
    pieces: Decimal
    discount: Off = NOTHING
    rate: Decimal = ZERO
    cess_rate: Decimal = ZERO
    credit: bool = False


@dataclass(frozen=True, slots=True)
class BillHead:
    """What holds for the whole bill.

    inter_state     IGST instead of CGST and SGST
    taxed           False for a supplier who may not charge tax (unregistered, composition)
    reverse_charge  the shop owes the tax to the government, the supplier charges none (CGST section 9(3))
    inclusive       the prices have the tax in them
    discount        trade discount on the whole bill, before tax; a percent is of the lines' sum
    charges         freight, packing: rupees before tax, taxed as the goods are
    other_charges   rupees without tax (porter, market fee); cash_discount  rupees off after tax
    """

    inter_state: bool = False
    taxed: bool = True
    reverse_charge: bool = False
    inclusive: bool = False
    discount: Off = NOTHING
    charges: Decimal = ZERO
    other_charges: Decimal = ZERO
    cash_discount: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class CostedLine:
    """A line worked out, rupees. `cost` is what its pieces are worth in stock; `piece` the cost of one, 4 places."""

    gross: Decimal
    discount: Decimal
    bill_discount: Decimal
    charge: Decimal
    tax: LineTax
    other_charge: Decimal
    cash_discount: Decimal
    cost: Decimal
    piece: Decimal
    credit: bool


@dataclass(frozen=True, slots=True)
class PurchaseTotals:
    """A supplier's bill, rupees: total = taxable + tax (none under reverse charge) + other charges − cash discount + round_off."""

    lines: list[CostedLine]
    gross: Decimal
    discount: Decimal
    charges: Decimal
    taxable: Decimal
    cgst: Decimal
    sgst: Decimal
    igst: Decimal
    cess: Decimal
    other_charges: Decimal
    cash_discount: Decimal
    round_off: Decimal
    total: Decimal
    cost: Decimal


def add_up(lines: Sequence[BoughtLine], head: BillHead, paper_total: Decimal | None = None) -> PurchaseTotals:
    """Work out a supplier's bill; with `paper_total` (rupees) the round-off makes our total that of the paper.

    Raises StockError "no_lines", "bad_discount", "bad_charges", "total_differs", its field naming the line, from 0: "lines-2-discount".
    """
    if not lines:
        raise StockError("no_lines", "Enter at least one line of the bill.")
    gross = [money(line.packs * line.price) for line in lines]
    off = [_discount(line.discount, amount, f"lines-{n}-discount") for n, (line, amount) in enumerate(zip(lines, gross, strict=True))]
    nets = [amount - less for amount, less in zip(gross, off, strict=True)]
    shares = _shares(_discount(head.discount, sum(nets, ZERO), "discount"), nets)
    charges = _spread(head.charges, nets, lines, "charges")
    taxes = [_tax(head, line, net - share + charge) for line, net, share, charge in zip(lines, nets, shares, charges, strict=True)]
    others = _spread(head.other_charges, nets, lines, "other_charges")
    cash = _shares_of_cash(head, [tax.taxable + _charged(head, tax) + other for tax, other in zip(taxes, others, strict=True)])
    costed = [_costed(*one) for one in zip(lines, gross, off, shares, charges, taxes, others, cash, strict=True)]
    return _totals(costed, head, paper_total)


def _costed(line: BoughtLine, gross, off, share, charge, tax: LineTax, other, cash) -> CostedLine:
    cost = tax.taxable + (ZERO if line.credit else tax.tax) + other - cash
    return CostedLine(gross, off, share, charge, tax, other, cash, cost, unit_cost(cost / line.pieces), line.credit)


def _totals(lines: list[CostedLine], head: BillHead, paper_total: Decimal | None) -> PurchaseTotals:
    def over(amounts: Iterable[Decimal]) -> Decimal:
        return sum(amounts, ZERO)

    exact = over(one.tax.taxable + _charged(head, one.tax) + one.other_charge - one.cash_discount for one in lines)
    round_off = ZERO if paper_total is None else money(paper_total) - exact
    if abs(round_off) > MOST_ROUNDED:
        raise StockError(
            "total_differs", f"The lines come to ₹{exact}, the paper says ₹{money(paper_total or ZERO)}. Check the lines.", "paper_total"
        )
    return PurchaseTotals(
        lines=lines,
        gross=over(one.gross for one in lines),
        discount=over(one.discount + one.bill_discount for one in lines),
        charges=over(one.charge for one in lines),
        taxable=over(one.tax.taxable for one in lines),
        cgst=over(one.tax.cgst for one in lines),
        sgst=over(one.tax.sgst for one in lines),
        igst=over(one.tax.igst for one in lines),
        cess=over(one.tax.cess for one in lines),
        other_charges=over(one.other_charge for one in lines),
        cash_discount=over(one.cash_discount for one in lines),
        round_off=round_off,
        total=exact + round_off,
        cost=over(one.cost for one in lines),
    )


def _tax(head: BillHead, line: BoughtLine, value: Decimal) -> LineTax:
    if not (head.taxed or head.reverse_charge):
        return LineTax(value)
    inclusive = head.inclusive and not head.reverse_charge
    return line_tax(net=value, rate=line.rate, cess_rate=line.cess_rate, inter_state=head.inter_state, inclusive=inclusive)


def _charged(head: BillHead, tax: LineTax) -> Decimal:
    """The tax that the supplier asks for."""
    return ZERO if head.reverse_charge else tax.tax


def _discount(off: Off, amount: Decimal, field: str) -> Decimal:
    rupees = off.of(amount)
    if not 0 <= rupees <= amount:
        raise StockError("bad_discount", f"The discount is more than the ₹{amount} it is taken from. Make it smaller.", field)
    return rupees


def _shares(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    return [money(Decimal(share) / 100) for share in share_out(_paise(amount), [_paise(weight) for weight in weights])]


def _shares_of_cash(head: BillHead, weights: Sequence[Decimal]) -> list[Decimal]:
    if not 0 <= head.cash_discount <= sum(weights, ZERO):
        raise StockError("bad_discount", "The cash discount is more than the bill. Make it smaller.", "cash_discount")
    return _shares(money(head.cash_discount), weights)


def _spread(amount: Decimal, nets: Sequence[Decimal], lines: Sequence[BoughtLine], field: str) -> list[Decimal]:
    """Charges over the lines by value; where nothing has a value (all came for nothing) by pieces."""
    if amount < 0:
        raise StockError("bad_charges", "A charge cannot be below zero.", field)
    weights = [_paise(net) for net in nets] if any(nets) else [int(line.pieces * 1000) for line in lines]
    return [money(Decimal(share) / 100) for share in spread(_paise(amount), weights)]


def _paise(amount: Decimal) -> int:
    return int(money(amount) * 100)
