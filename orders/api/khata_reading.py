"""Khatas as the API shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from orders.khata import selectors
from orders.khata.selectors import Age
from orders.khata.words import words
from orders.models import Customer, KhataDispute, KhataEntry
from shops.models import Shop
from smartkirana.dates import shop_today
from smartkirana.money import ZERO

NO_AGE = Age((ZERO,) * len(selectors.BANDS), ZERO)
BAND_NAMES = ("days_0_30", "days_31_60", "days_61_90", "days_91_more")


def age_out(age: Age | None) -> dict[str, Any]:
    age = age or NO_AGE
    return dict(zip(BAND_NAMES, age.bands, strict=True)) | {"late": age.late}


def rows_out(shop: Shop, shown: Sequence[Customer]) -> list[dict[str, Any]]:
    """Customers of `khatas` as rows of the list; 2 queries."""
    ages, reminded = selectors.ages(shop, shown, shop_today()), selectors.last_reminded(shop, shown)
    return [
        {
            "customer_id": one.pk,
            "name": one.name,
            "phone": one.short_phone,
            "group": one.group,
            "outstanding": one.outstanding,
            "credit_limit": one.credit_limit,
            "owes_since": one.oldest,
            "last_paid_on": one.paid_on,
            "last_reminded_at": reminded.get(one.pk),
            "age": age_out(ages.get(one.pk)),
        }
        for one in shown
    ]


def khata_out(shop: Shop, customer: Customer) -> dict[str, Any]:
    """One khata without its entries. `customer` is one of `khatas`."""
    return rows_out(shop, [customer])[0] | {
        "last_entry": customer.khata_number,
        "due_days": customer.due_days,
        "has_opening_balance": customer.entries.filter(kind=KhataEntry.Kind.OPENING, reversed_by=None).exists(),
        "members": list(customer.members.all()),
    }


def entry_out(entry: KhataEntry) -> dict[str, Any]:
    """An entry of `selectors.entries`."""
    same = ("number", "kind", "amount", "balance", "open", "day", "due", "at", "order_id", "payment_id", "receipt", "note")
    return {name: getattr(entry, name) for name in same} | {
        "words": words(entry),
        "by": entry.by.name,
        "invoice_number": entry.order.bill_number if entry.order_id else None,
        "payment_state": entry.payment.state if entry.payment_id else None,
        "member": entry.member.name if entry.member_id else None,
        "reverses": entry.reverses.number if entry.reverses_id else None,
        "code": entry.short_code,
    }


def dispute_out(dispute: KhataDispute) -> dict[str, Any]:
    entry = dispute.entry
    return {
        "id": dispute.pk,
        "customer_id": dispute.customer_id,
        "customer_name": str(dispute.customer),
        "entry_number": entry.number,
        "entry_amount": entry.amount,
        "invoice_number": entry.order.bill_number if entry.order_id else None,
        "words": dispute.words,
        "at": dispute.at,
    }
