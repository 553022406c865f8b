"""What a bill comes to: discounts, tax and round-off. Pure arithmetic, no database.

Rupees are Decimals with 2 places, quantities 3, rates percent of the whole tax (18 is CGST 9 + SGST 9).
Every amount is rounded half up where it arises and then added, so lines, bill, books and returns
agree to the paisa. An inclusive price is split tax first: both halves are equal and what
rounding leaves lands in the taxable value. CGST Act section 15 and Rule 31D (value of goods
taxed on their printed price).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalog.off import Off
from catalog.tax import LineTax, PricingError, line_tax, share_discount
from smartkirana.money import ZERO, Number, money, rupee_round, unit_cost
from smartkirana.money import quantity as to_quantity


@dataclass(frozen=True, slots=True)
class LineIn:
    """One line as asked for.

    price          rupees for one unit (4 places allowed when exclusive); inclusive: tax is in it
    amount         rupees the line comes to whatever quantity x price says ("₹20 of sugar"); None: quantity x price
    offer          rupees off by an offer, first
    line_discount  then rupees or percent off this line by hand, before tax
    taxed          False for exempt goods and for sellers who may not charge tax
    cess_per_unit  rupees of specific cess for one unit
    rsp            printed retail price of one unit, for goods whose tax follows it (Rule 31D)
    """

    quantity: Number
    price: Number
    rate: Number = 0
    cess_rate: Number = 0
    line_discount: Number | Off = 0
    inclusive: bool = True
    taxed: bool = True
    cess_per_unit: Number = 0
    rsp: Number | None = None
    amount: Number | None = None
    offer: Number = 0


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One line in rupees: net = gross - discount - bill_discount; total is what the customer pays. `discount` holds the offer's.

    total = tax.total - after_tax_reduction. The reduction is zero but for goods taxed on their
    printed price and sold for less.
    """

    gross: Decimal
    discount: Decimal
    bill_discount: Decimal
    net: Decimal
    tax: LineTax
    total: Decimal
    after_tax_reduction: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class BillTotals:
    """A bill in rupees: total = taxable + cgst + sgst + igst + cess - after_tax_reduction + round_off.

    gross and discount are sums over the lines; discount holds line and bill discounts. taxable is the
    value of all lines, that of untaxed ones included.
    """

    lines: list[PricedLine]
    gross: Decimal
    discount: Decimal
    taxable: Decimal
    cgst: Decimal
    sgst: Decimal
    igst: Decimal
    cess: Decimal
    after_tax_reduction: Decimal
    round_off: Decimal
    total: Decimal

    @property
    def tax(self) -> Decimal:
        return self.cgst + self.sgst + self.igst + self.cess


def price_bill(
    lines: Sequence[LineIn],
    *,
    bill_discount: Number | Off = 0,
    inter_state: bool = False,
    rounding: str = "rupee",
) -> BillTotals:
    """Price a whole bill; the bill discount (rupees, or percent of the lines' sum, before tax) is shared over its lines.

    rounding  "none", "half" or "rupee". Raises PricingError, its field naming the line, from 0: "lines-2-price".
    """
    gross = [_gross(line, number) for number, line in enumerate(lines)]
    discounts = [_line_discount(line, amount, number) for number, (line, amount) in enumerate(zip(lines, gross, strict=True))]
    nets = [amount - discount for amount, discount in zip(gross, discounts, strict=True)]
    shares = share_discount(_rupees(bill_discount, _sum(nets)), nets)
    priced = [
        _priced_line(line, gross[number], discounts[number], shares[number], inter_state, number) for number, line in enumerate(lines)
    ]
    total, round_off = rupee_round(_sum(line.total for line in priced), rounding)
    return BillTotals(
        lines=priced,
        gross=_sum(gross),
        discount=_sum(discounts) + _sum(shares),
        taxable=_sum(line.tax.taxable for line in priced),
        cgst=_sum(line.tax.cgst for line in priced),
        sgst=_sum(line.tax.sgst for line in priced),
        igst=_sum(line.tax.igst for line in priced),
        cess=_sum(line.tax.cess for line in priced),
        after_tax_reduction=_sum(line.after_tax_reduction for line in priced),
        round_off=round_off,
        total=total,
    )


def _priced_line(line: LineIn, gross: Decimal, discount: Decimal, share: Decimal, inter_state: bool, number: int) -> PricedLine:
    net = gross - discount - share
    if not line.taxed:
        return PricedLine(gross, discount, share, net, LineTax(net), net)
    if line.rsp is not None:
        return _line_on_rsp(line, gross, discount, share, inter_state, number)
    tax = _tax_on(line, net, line.inclusive, inter_state, number)
    return PricedLine(gross, discount, share, net, tax, tax.total)


def _line_on_rsp(line: LineIn, gross: Decimal, discount: Decimal, share: Decimal, inter_state: bool, number: int) -> PricedLine:
    """Rule 31D: value and tax follow the printed price, whatever the customer pays."""
    net = gross - discount - share
    rsp = money(line.rsp or 0)
    if rsp <= 0:
        raise PricingError("rsp", "This item is taxed on its printed price. Give its MRP.", _field(number, "rsp"))
    tax = _tax_on(line, money(to_quantity(line.quantity) * rsp), True, inter_state, number)
    total = net if line.inclusive else net + tax.tax
    if total > tax.total:
        raise PricingError("price_above_rsp", "The price is above the printed price. Sell at the MRP or below.", _field(number, "price"))
    return PricedLine(gross, discount, share, net, tax, total, tax.total - total)


def _tax_on(line: LineIn, net: Decimal, inclusive: bool, inter_state: bool, number: int) -> LineTax:
    try:
        return line_tax(
            net=net,
            rate=line.rate,
            cess_rate=line.cess_rate,
            cess_per_unit=line.cess_per_unit,
            quantity=line.quantity,
            inter_state=inter_state,
            inclusive=inclusive,
        )
    except PricingError as wrong:  # line_tax() does not know which line of the bill it works on
        raise PricingError(wrong.code, wrong.message, _field(number, wrong.field)) from None


def _gross(line: LineIn, number: int) -> Decimal:
    quantity, price = to_quantity(line.quantity), unit_cost(line.price)
    if quantity <= 0:
        raise PricingError("quantity", "Give a quantity above zero.", _field(number, "quantity"))
    if price < 0:
        raise PricingError("price", "A price cannot be below zero.", _field(number, "price"))
    if line.amount is None:
        return money(quantity * price)
    if money(line.amount) <= 0:
        raise PricingError("amount", "Give an amount above zero.", _field(number, "amount"))
    return money(line.amount)


def _line_discount(line: LineIn, gross: Decimal, number: int) -> Decimal:
    """What the offer and the hand take off a line; the hand's percent is of what the offer leaves."""
    offer = money(line.offer)
    discount = offer + _rupees(line.line_discount, gross - offer)
    if min(offer, discount - offer) < 0:
        raise PricingError("discount_negative", "A discount cannot be below zero.", _field(number, "line_discount"))
    if discount > gross:
        raise PricingError("discount_above_line", "The discount is more than the line. Make it smaller.", _field(number, "line_discount"))
    return discount


def _rupees(discount: Number | Off, amount: Decimal) -> Decimal:
    return discount.of(amount) if isinstance(discount, Off) else money(discount)


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)


def _field(number: int, name: str | None) -> str:
    return f"lines-{number}-{name}"
