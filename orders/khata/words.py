"""What a khata entry is, in words a customer understands."""

from __future__ import annotations

from django.utils.translation import gettext as _

from orders.models import KhataEntry

Kind = KhataEntry.Kind


def words(entry: KhataEntry) -> str:
    """What happened, without amount: "Bill S1/26-27/000012", "You paid, UPI". No query when order, payment and reverses are read."""
    bill = entry.order.bill_number if entry.order_id else ""
    way = entry.payment.get_method_display() if entry.payment_id else ""
    said = {
        Kind.OPENING: _("Balance of the old book"),
        Kind.SALE: _("Bill {bill}"),
        Kind.CANCELLED: _("Bill {bill} cancelled"),
        Kind.RETURNED: _("Goods of bill {bill} returned"),
        Kind.PAYMENT: _("Paid, {way}"),
        Kind.DISCOUNT: _("Let off"),
        Kind.GAVE: _("Given, {way}"),
        Kind.WRITTEN_OFF: _("Written off"),
        Kind.CLAIM_FAILED: _("{way} payment never came"),
        Kind.CLAIM_CAME: _("{way} payment came after all"),
        Kind.REVERSAL: _("Entry {number} taken back"),
    }[Kind(entry.kind)]
    number = entry.reverses.number if entry.reverses_id else ""
    return said.format(bill=bill, way=_(way) if way else "", number=number)
