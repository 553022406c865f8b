"""A bill as it comes from a counter, and as the shop's own data completes it. No locks and no writes here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from django.utils.translation import gettext as _

from catalog.amounts import AmountError, quantity_worth
from catalog.list_prices import price_for
from catalog.models import GstGoods, Product
from catalog.off import NOTHING, Off
from catalog.offer_rules import OfferLine, offers_on
from catalog.terms import Terms
from inventory.models import StockLot
from inventory.services import checked_quantity
from orders.allowance import EVERYTHING, Allowance, GivenLine, NeedsApproval
from orders.choices import Choice, choice, choices
from orders.errors import OrderError
from orders.models import Customer, Payment
from orders.pricing import BillTotals, LineIn, price_bill
from orders.titles import declaration, document_title
from shops.gstin import STATES
from shops.models import Counter, Shop, User
from smartkirana.dates import financial_year
from smartkirana.money import ZERO, money

MOST_LINES = 500
LARGEST_TOTAL = Decimal("99999999.99")
ANY = "any"


@dataclass(frozen=True)
class BillLine:
    """One line as asked for: quantity in the product's unit.

    mrp          which MRP's goods: rupees, None for goods without one, or "any": the first-expiring of which there are enough
    shown_price  rupees a unit on the list as the cashier saw it; a different price now refuses the bill
    amount       rupees the line comes to ("₹20 of sugar", a priced label); the quantity is what they buy
    rate         rupees a unit, changed by hand
    discount     rupees or percent off the line by hand
    lot_id       a batch chosen by hand
    """

    product_id: int
    quantity: Decimal
    mrp: Decimal | Literal["any"] | None = ANY
    shown_price: Decimal | None = None
    discount: Decimal | Off = NOTHING
    amount: Decimal | None = None
    rate: Decimal | None = None
    lot_id: int | None = None


@dataclass(frozen=True)
class Tender:
    """Rupees paid one way; amount None is all that is left to pay. `tendered` is the cash handed over, the change the difference.

    `mark` (Payment.Mark or "") is what the cashier marked: code shown, said to be paid, seen.
    """

    method: str
    amount: Decimal | None
    tendered: Decimal | None = None
    reference: str = ""
    mark: str = ""


@dataclass(frozen=True)
class PreparedLine:
    """A line completed, rupees: `list_price` is the list's for this quantity, `price` what is charged a unit.

    `rate` and `cess_rate` are percent on the day, charged only when `taxed`. `amount` is set for goods sold by the amount.
    """

    line_no: int
    product: Product
    quantity: Decimal
    mrp: Decimal | None
    list_price: Decimal
    price: Decimal
    batch: str
    taxed: bool
    rate: Decimal
    cess_rate: Decimal
    discount: Decimal | Off
    rate_changed: bool = False
    amount: Decimal | None = None
    lot_id: int | None = None
    offer: str = ""
    offer_discount: Decimal = ZERO

    @property
    def gross(self) -> Decimal:
        """Before discounts, rupees."""
        return money(self.quantity * self.price) if self.amount is None else self.amount

    @property
    def listed(self) -> Decimal:
        """What the list and its offers ask for these goods, rupees."""
        return (money(self.quantity * self.list_price) if self.rate_changed else self.gross) - self.offer_discount


@dataclass(frozen=True)
class PreparedBill:
    lines: list[PreparedLine]
    totals: BillTotals
    inter_state: bool
    title: str
    place_of_supply: str
    exempt: Decimal = field(default=ZERO)

    @property
    def given(self) -> list[GivenLine]:
        """What each line gives away by hand."""
        return [GivenLine(one.listed, priced.net, one.rate_changed) for one, priced in zip(self.lines, self.totals.lines, strict=True)]

    @property
    def saved(self) -> Decimal:
        """What the customer saves on the printed prices, or on the rates of goods without one; rupees."""
        pairs = zip(self.lines, self.totals.lines, strict=True)
        return sum(((money(one.mrp * one.quantity) if one.mrp else p.gross) - p.total for one, p in pairs), ZERO)


def prepare(
    *,
    shop: Shop,
    lines: Sequence[BillLine],
    products: dict[int, Product],
    lots: dict[int, list[StockLot]],
    terms: dict[int, Terms],
    customer: Customer | None,
    bill_discount: Decimal | Off,
    day: date,
) -> PreparedBill:
    """Complete the lines with the shop's prices, its offers and the day's rates, and work out the bill.

    `products` carry `gst_rate` and `cess_rate` (percent) of `day`, `terms` their slabs and offers. Raises OrderError, StockError or
    PricingError.
    """
    if not lines:
        raise OrderError("empty", _("The bill is empty. Scan something first."))
    if len(lines) > MOST_LINES:
        raise OrderError("too_many_lines", _("A bill has at most {most} lines. Make a second bill for the rest.").format(most=MOST_LINES))
    ready = with_offers([_prepared(shop, n, line, products, lots, terms, day) for n, line in enumerate(lines, 1)], terms)
    inter = is_inter_state(shop, customer)
    totals = price_bill([_line_in(one, day) for one in ready], bill_discount=bill_discount, inter_state=inter, rounding=shop.rounding)
    if totals.total > LARGEST_TOTAL:
        raise OrderError("too_large", _("This bill is too large for one bill. Check the quantities."))
    exempt = sum((p.tax.taxable for one, p in zip(ready, totals.lines, strict=True) if not is_taxable(one.product)), ZERO)
    return PreparedBill(
        lines=ready,
        totals=totals,
        inter_state=inter,
        title=document_title(
            shop.scheme,
            any(is_taxable(one.product) for one in ready),
            any(not is_taxable(one.product) for one in ready),
            bool(customer and customer.gstin),
        ),
        place_of_supply=customer.state_code if inter else shop.state_code,
        exempt=exempt,
    )


def with_offers(lines: Sequence[PreparedLine], terms: dict[int, Terms]) -> list[PreparedLine]:
    """The lines, each with the offer it takes part in and what that takes off."""
    offers = [
        OfferLine(one.product.pk, one.quantity, one.price, one.gross, terms[one.product.pk].offers, by_hand=one.rate_changed)
        for one in lines
    ]
    if not any(line.offers for line in offers):
        return list(lines)
    found = zip(lines, offers_on(offers), strict=True)
    return [replace(one, offer=taken.offer.name if taken.offer else "", offer_discount=taken.discount) for one, taken in found]


def is_taxable(product: Product) -> bool:
    """Goods with a rate above zero on the day; what has none is exempt, nil rated or outside GST."""
    return bool(product.gst_rate or product.cess_rate)


def supply_class(product: Product) -> str:
    """The class frozen on the line; a rate of zero on goods the schedule taxes on other days means exempt on this one."""
    if is_taxable(product):
        return GstGoods.SupplyClass.TAXABLE
    return product.gst_goods.supply_class if product.gst_goods.supply_class != "taxable" else GstGoods.SupplyClass.EXEMPT


def is_inter_state(shop: Shop, customer: Customer | None) -> bool:
    """A recorded buyer's state other than the shop's makes the sale inter-state (IGST Act section 10(1)(ca)).

    Raises OrderError "composition_inter_state": a composition seller may not sell across the border (CGST section 10(2)(c)).
    """
    inter = bool(customer and customer.state_code and customer.state_code != shop.state_code) and shop.scheme != Shop.Scheme.UNREGISTERED
    if inter and shop.scheme == Shop.Scheme.COMPOSITION:
        raise OrderError(
            "composition_inter_state", "A composition shop may not sell to another state. Take the customer off the bill.", "customer"
        )
    return inter


def _prepared(shop, n: int, line: BillLine, products, lots, terms, day: date) -> PreparedLine:
    product = products.get(line.product_id)
    if product is None:
        raise OrderError(
            "unknown_product", _("Line {n}: this product is not on sale here any more. Remove the line.").format(n=n), f"lines-{n}"
        )
    if product.gst_rate is None:
        sentence = _("{name} has no GST rate on {day}. Set one on its page.").format(name=product.name, day=f"{day:%-d %b %Y}")
        raise OrderError("no_rate", sentence, f"lines-{n}")
    count = checked_quantity(product, line.quantity, field=f"lines-{n}-quantity")
    chosen = _chosen(n, line, product, lots.get(product.pk, []), day)
    listed = list_price(chosen, terms[product.pk], smallest(product) if line.amount is not None else count)
    if line.shown_price is not None and money(line.shown_price) != listed:
        sentence = _("{name} now costs ₹{price}. Look the bill over and pay again.").format(name=product.name, price=listed)
        raise OrderError("price_changed", sentence, f"lines-{n}")
    price = listed if line.rate is None else _checked_rate(n, line.rate, product, chosen.mrp)
    if line.amount is not None:
        _check_amount(n, line.amount, count, product, price, chosen.mrp)
    return PreparedLine(
        line_no=n,
        product=product,
        quantity=count,
        mrp=chosen.mrp,
        list_price=listed,
        price=price,
        batch=chosen.batch,
        taxed=shop.charges_gst and is_taxable(product),
        rate=product.gst_rate,
        cess_rate=product.cess_rate,
        discount=line.discount,
        rate_changed=price != listed,
        amount=line.amount,
        lot_id=line.lot_id,
    )


def list_price(chosen: Choice, terms: Terms, quantity: Decimal) -> Decimal:
    """Rupees a unit on the list when `quantity` is bought. Goods sold by the amount cost what the smallest quantity does."""
    return price_for(chosen.price, terms.slabs, quantity, chosen.mrp, ceiling=chosen.own)


def smallest(product: Product) -> Decimal:
    """The smallest quantity of a product, in its unit: 1, or 0.001 kg."""
    return Decimal(1).scaleb(-product.decimals)


def _chosen(n: int, line: BillLine, product: Product, lots: Sequence[StockLot], day: date) -> Choice:
    """The MRP and the batch the line sells."""
    if line.mrp == ANY:
        ways = choices(product, lots, day)
        return next((way for way in ways if way.stock >= line.quantity), ways[0])
    if line.mrp != product.mrp and line.mrp not in {lot.mrp for lot in lots}:
        sentence = _("{name} with MRP ₹{mrp} is not in stock. Scan it again.").format(name=product.name, mrp=line.mrp)
        raise OrderError("mrp_gone", sentence, f"lines-{n}")
    if line.lot_id is not None and line.lot_id not in {lot.pk for lot in lots if lot.mrp == line.mrp}:
        raise OrderError("batch_gone", _("This batch of {name} is gone. Scan it again.").format(name=product.name), f"lines-{n}")
    return choice(product, lots, line.mrp, day, line.lot_id)


def _check_amount(n: int, amount: Decimal, count: Decimal, product: Product, price: Decimal, mrp: Decimal | None) -> None:
    """Goods sold by the amount: the quantity is what the amount buys at this price, no more and no less."""
    try:
        buys = quantity_worth(product, amount, price=price, mrp=mrp)
    except AmountError as wrong:
        raise OrderError("bad_amount", _("{name}: {reason}").format(name=product.name, reason=wrong.message), f"lines-{n}") from None
    if buys != count:
        sentence = _("₹{amount} buys another quantity of {name} now. Remove the line and enter it again.")
        raise OrderError("amount_changed", sentence.format(amount=amount, name=product.name), f"lines-{n}")


def _checked_rate(n: int, rate: Decimal, product: Product, mrp: Decimal | None) -> Decimal:
    """A rate changed by hand: above zero, to the paisa, and not above the MRP (Packaged Commodities Rules, rule 18(2))."""
    if not rate.is_finite() or not 0 < rate <= LARGEST_TOTAL or rate != money(rate):
        raise OrderError("bad_rate", _("The rate of {name} must be above zero, to the paisa.").format(name=product.name), f"lines-{n}")
    if mrp is not None and rate > mrp:
        raise OrderError("above_mrp", _("₹{price} is above MRP ₹{mrp}. Not allowed").format(price=rate, mrp=mrp), f"lines-{n}")
    return money(rate)


def _line_in(one: PreparedLine, day: date) -> LineIn:
    on_printed_price = one.taxed and one.product.gst_goods.rsp_valuation and one.mrp and day >= RULE_31D_FROM
    return LineIn(
        quantity=one.quantity,
        price=one.price,
        rate=one.rate,
        cess_rate=one.cess_rate,
        line_discount=one.discount,
        taxed=one.taxed,
        rsp=one.mrp if on_printed_price else None,
        amount=one.amount,
        offer=one.offer_discount,
    )


RULE_31D_FROM = date(2026, 2, 1)  # Notification 20/2025-Central Tax


def settle(
    *, payments: Sequence[Tender], total: Decimal, customer: Customer | None, allowance: Allowance = EVERYTHING, exchanged: bool = False
) -> list[Tender]:
    """The payments with their amounts filled in: together exactly the total, rupees; khata has a customer with room. Raises OrderError.

    exchanged  the bill is made in exchange: only then a credit note pays a part of it
    """
    settled = _with_amounts(payments, total)
    for tender in settled:
        _check_tender(tender, exchanged)
    paid = sum((t.amount for t in settled), ZERO)
    if paid != total:
        raise OrderError("not_paid", f"Payments come to ₹{paid}, the bill to ₹{total}. Make them equal.", "payments")
    khata = sum((t.amount for t in settled if t.method == Payment.Method.KHATA), ZERO)
    if khata:
        _check_khata(khata, customer, allowance)
    return settled


def _with_amounts(payments: Sequence[Tender], total: Decimal) -> list[Tender]:
    if sum(t.amount is None for t in payments) > 1:
        raise OrderError("bad_amount", "Give an amount for each payment but one.", "payments")
    left = total - sum((t.amount for t in payments if t.amount is not None and t.amount.is_finite()), ZERO)
    filled = [replace(t, amount=left) if t.amount is None else t for t in payments]
    return [t for t in filled if t.amount or total]  # a bill of nothing needs no payment


def _check_tender(tender: Tender, exchanged: bool) -> None:
    if tender.method not in Payment.Method.values or (tender.method == Payment.Method.CREDIT and not exchanged):
        raise OrderError("bad_method", "Choose how it was paid: cash, UPI, card, bank or khata.", "payments")
    if not tender.amount.is_finite() or not 0 < tender.amount <= LARGEST_TOTAL or tender.amount != money(tender.amount):
        raise OrderError("bad_amount", "Each payment is an amount above zero, to the paisa.", "payments")
    if tender.tendered is None:
        return
    if tender.method != Payment.Method.CASH or not tender.tendered.is_finite() or not tender.amount <= tender.tendered <= LARGEST_TOTAL:
        raise OrderError("too_little", f"₹{tender.tendered} given is not enough for ₹{tender.amount}.", "tendered")


def _check_khata(khata: Decimal, customer: Customer | None, allowance: Allowance) -> None:
    if customer is None:
        raise OrderError("no_customer", _("Khata needs a customer. Type the phone number first."), "customer")
    would = customer.outstanding + khata
    if customer.credit_limit is not None and would > customer.credit_limit and would > allowance.khata:
        sentence = _("{customer} would owe ₹{would}, limit ₹{limit}. Take a part in cash or UPI, or let the owner approve.")
        words = sentence.format(customer=customer, would=would, limit=customer.credit_limit)
        raise NeedsApproval("credit_limit", words, khata=would)


def bill_series(counter: Counter, day: date) -> str:
    """The series a bill's number comes from: one a counter and financial year (CGST Rule 46(b))."""
    return f"{counter.code}/{financial_year(day)}"


def printed_copy(*, shop: Shop, counter: Counter, cashier: User, customer: Customer | None) -> dict:
    """What the paper says about seller, buyer and counter, kept with the bill: nothing the shop changes later alters it."""
    return {
        "seller": {
            "name": shop.name,
            "local_name": shop.local_name,
            "address": shop.address,
            "city": shop.city,
            "pincode": shop.pincode,
            "state_code": shop.state_code,
            "state": STATES[shop.state_code],
            "phone": shop.phone,
            "scheme": shop.scheme,
            "gstin": shop.gstin,
            "fssai": shop.fssai,
            "upi_id": shop.upi_id,
            "upi_name": shop.upi_name or shop.name,
            "footer": shop.receipt_footer,
            "language": shop.language,
        },
        "buyer": customer
        and {
            "name": customer.name,
            "local_name": customer.local_name,
            "phone": customer.short_phone,
            "address": customer.address,
            "state_code": customer.state_code,
            "state": STATES.get(customer.state_code, ""),
            "gstin": customer.gstin,
        },
        "counter": counter.name,
        "counter_code": counter.code,
        "cashier": cashier.name,
        "declaration": declaration(shop.scheme),
    }
