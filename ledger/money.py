"""Where the shop's money is: drawers, safe, bank, on its way, and what is owed. Rupees."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum

from ledger import chart
from orders.models import Order, Payment
from shops.models import Counter, Shop
from smartkirana.money import ZERO


@dataclass(frozen=True)
class MoneyNow:
    """Each place and what is there now. `none` is cash that was in no drawer; `late` counts the claims behind `upi` and `card`."""

    drawers: list[tuple[Counter, object]]
    none: Decimal
    safe: Decimal
    bank: Decimal
    upi: Decimal
    card: Decimal
    khata: Decimal
    owed: Decimal
    unseen: int

    @property
    def cash(self) -> Decimal:
        """All notes and coins."""
        return sum((till.cash for till, _ in self.drawers), ZERO) + self.none + self.safe

    @property
    def own(self) -> Decimal:
        """Cash and bank, and what is on its way there."""
        return self.cash + self.bank + self.upi + self.card


def money_now(shop: Shop) -> MoneyNow:
    """Four queries."""
    codes = (chart.CASH, chart.SAFE, chart.BANK, chart.UPI_CLEARING, chart.CARD_CLEARING, chart.KHATA, chart.PAYABLE)
    accounts = dict(shop.accounts.filter(code__in=codes).values_list("pk", "code"))
    rows = shop.postings.filter(account_id__in=list(accounts)).values_list("account_id").order_by()
    held = dict.fromkeys(codes, ZERO) | {accounts[pk]: debit - credit for pk, debit, credit in rows.annotate(Sum("debit"), Sum("credit"))}
    open_ones = {shift.counter_id: shift for shift in shop.shifts.filter(closed_at=None).select_related("cashier")}
    tills = list(shop.counters.all())
    unseen = shop.payments.filter(state=Payment.State.CLAIMED, reverses=None, reversed_by=None)
    unseen = unseen.exclude(order__status=Order.Status.CANCELLED)
    return MoneyNow(
        drawers=[(till, open_ones.get(till.pk)) for till in tills if till.is_active or till.cash],
        none=held[chart.CASH] - sum((till.cash for till in tills), ZERO),
        safe=held[chart.SAFE],
        bank=held[chart.BANK],
        upi=held[chart.UPI_CLEARING],
        card=held[chart.CARD_CLEARING],
        khata=held[chart.KHATA],
        owed=-held[chart.PAYABLE],
        unseen=unseen.aggregate(n=Count("pk"))["n"],
    )
