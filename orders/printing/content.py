"""What a bill says on paper: only what was frozen with it. Nothing here reads the shop, a product or a customer as they are now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from orders.models import BillPrint, Order, OrderEvent, OrderLine, Payment
from orders.titles import BILL_OF_SUPPLY, CASH_MEMO, INVOICE_CUM_BILL, TAX_INVOICE_AND_BILL
from orders.upi import PLAIN_MASK, QUIET_ZONE, QrPath, qr_path, upi_link
from shops.gstin import STATES, UNION_TERRITORIES_WITHOUT_LEGISLATURE
from smartkirana.errors import Refusal
from smartkirana.money import ZERO
from smartkirana.words import rupees_in_words

TAXABLE = "taxable"


@dataclass(frozen=True)
class TaxGroup:
    """Goods of one HSN code and rate; `hsn` is "" when grouped by rate alone. Amounts in rupees, rates in percent.

    is_sum  the row under the groups, with their sums and a word in place of the code
    """

    hsn: str
    rate: Decimal | None
    value: Decimal
    cgst: Decimal
    sgst: Decimal
    igst: Decimal
    cess: Decimal
    is_sum: bool = False

    @property
    def tax(self) -> Decimal:
        return self.cgst + self.sgst + self.igst + self.cess


@dataclass(frozen=True)
class Bill:
    """A bill ready for paper.

    mark  the print this is, from its second copy on; None for the original and for the electronic document
    link  the bill's public address, for its code on the paper; "" leaves the code out
    khata_link  the private page of its customer's khata: for the customer's own paper alone
    """

    order: Order
    lines: Sequence[OrderLine]
    payments: Sequence[Payment]
    cancelled: OrderEvent | None
    mark: BillPrint | None
    link: str = ""
    khata_link: str = ""
    note = None  # a credit note's paper has one (printing/credit_note.py)

    @property
    def language(self) -> str:
        """The language of its papers, "en" or "hi": the shop's on the day."""
        return language_of(self.order)

    @property
    def seller(self) -> dict:
        return self.order.printed["seller"]

    @property
    def buyer(self) -> dict | None:
        return self.order.printed.get("buyer")

    @property
    def shows_tax(self) -> bool:
        """A bill of supply and a cash memo carry no rate and no tax (Rule 49)."""
        return self.order.title not in (BILL_OF_SUPPLY, CASH_MEMO)

    @property
    def is_mixed(self) -> bool:
        return self.order.title in (INVOICE_CUM_BILL, TAX_INVOICE_AND_BILL)

    @property
    def has_discounts(self) -> bool:
        return any(line.discount or line.bill_discount for line in self.lines)

    @property
    def has_cess(self) -> bool:
        return self.shows_tax and any(line.cess_rate or line.cess for line in self.lines)

    @property
    def place_of_supply(self) -> str:
        code = self.order.place_of_supply
        return f"{STATES.get(code, '')} ({code})"

    @property
    def state_tax(self) -> str:
        """The state's half by its name: union territories without a legislature levy UTGST."""
        return "UTGST" if self.order.place_of_supply in UNION_TERRITORIES_WITHOUT_LEGISLATURE else "SGST"

    @property
    def words(self) -> str:
        return rupees_in_words(self.order.total)

    @property
    def khata(self) -> Decimal:
        return sum((p.amount for p in self.payments if p.method == Payment.Method.KHATA), ZERO)

    @property
    def by_hsn(self) -> list[TaxGroup]:
        return _groups(self.lines, lambda line: (line.hsn, _rate(line)))

    @property
    def by_rate(self) -> list[TaxGroup]:
        return _groups(self.lines, lambda line: ("", _rate(line)))

    @property
    def to_pay(self) -> Decimal:
        """Rupees the bill left to be paid by phone: what went to khata, and UPI that failed. UPI shown as paid is not asked for again."""
        return self.khata + sum((p.amount for p in self.payments if p.state == Payment.State.FAILED), ZERO)

    def link_qr(self, quiet_zone: int = QUIET_ZONE) -> QrPath | None:
        """The code of the bill's public address, if it has one."""
        return qr_path(self.link, quiet_zone=quiet_zone, mask=PLAIN_MASK) if self.link else None

    def khata_qr(self) -> QrPath | None:
        """The code of the customer's khata, on a bill of which something went there."""
        return qr_path(self.khata_link, mask=PLAIN_MASK) if self.khata_link and self.khata else None

    def qr(self, quiet_zone: int = QUIET_ZONE) -> QrPath | None:
        """The shop's UPI code, for what is left to pay; a bill paid already has the code without an amount.

        None without a UPI id, and on a cancelled bill.
        """
        link = self.pay_link(self.to_pay or None)
        return qr_path(link, quiet_zone=quiet_zone) if link else None

    def pay_link(self, amount: Decimal | None) -> str:
        """The UPI link that pays `amount` rupees for this bill (None: the payer types it); "" when it can't be paid so."""
        if not self.seller.get("upi_id") or self.cancelled:
            return ""
        try:
            return upi_link(
                pa=self.seller["upi_id"],
                pn=self.seller["upi_name"],
                amount=amount,
                reference=self.order.bill_number,
                note=f"Bill {self.order.bill_number}",
            )
        except Refusal:  # the id was wrong on the day; the bill is good without its code
            return ""


def language_of(order: Order) -> str:
    """The language a bill was made in; bills from before there was a choice are in English."""
    return "hi" if order.printed["seller"].get("language") == "hi" else "en"


def _rate(line: OrderLine) -> Decimal | None:
    return line.rate if line.supply_class == TAXABLE else None


def _groups(lines: Iterable[OrderLine], key) -> list[TaxGroup]:
    sums: dict[tuple, list[Decimal]] = {}
    for line in lines:
        row = sums.setdefault(key(line), [ZERO] * 5)
        for place, amount in enumerate((line.taxable, line.cgst, line.sgst, line.igst, line.cess)):
            row[place] += amount
    ordered = sorted(sums, key=lambda k: (k[0], -1 if k[1] is None else k[1]))
    return [TaxGroup(*group, *sums[group]) for group in ordered]
