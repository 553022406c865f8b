"""The seal worked out again in Python, from the rows alone: anybody can check what a Z report says."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, timedelta
from decimal import Decimal

from ledger.closing import close_day
from orders.bill import Tender
from orders.shifts import move_cash
from smartkirana.dates import shop_today
from tests import factories

D = Decimal


def as_json(*facts) -> str:
    return json.dumps(list(facts), ensure_ascii=False, separators=(", ", ": "))


def seal_by_hand(shop, z) -> str:
    """As ledger/seals.py says it in words."""
    rows = [z.previous, str(z.number), z.day.isoformat()]
    entries = shop.journal.filter(date__lte=z.day).order_by("id")
    for entry in entries.filter(date__gt=z.after) if z.after else entries:
        written = entry.created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        head = (entry.pk, entry.date.isoformat(), entry.source_kind, entry.source_id, entry.reverses_id, entry.narration, written)
        rows.append(as_json(*head))
        for p in entry.postings.select_related("account").order_by("id"):
            named = (p.customer_id, p.supplier_id, p.counter_id)
            rows.append(as_json(p.pk, p.date.isoformat(), p.account.code, *named, str(p.debit), str(p.credit)))
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def test_python_comes_to_the_same_seals(shop):
    soap = factories.make_product(shop, stock=50)
    asha = factories.make_customer(shop)
    for ago in (2, 1, 0):
        day = shop_today() - timedelta(days=ago)
        factories.make_order(shop, [(soap, 2)], customer=asha, payments=[Tender("cash", D(5)), Tender("khata", None)])
        move_cash(
            shop=shop, by=shop.owner, counter=shop.counters.get(), reason="other_out", amount=D("12.50"),
            words='क्या "quoted" \\ back | slash — “curly” 🧂',
        )  # fmt: skip
        close_day(shop=shop, day=day, by=shop.owner)
    closes = list(shop.day_closes.order_by("number"))
    assert [z.seal for z in closes] == [seal_by_hand(shop, z) for z in closes]
    assert [z.previous for z in closes] == ["", closes[0].seal, closes[1].seal]
    assert sum(z.entries for z in closes) == shop.journal.count()


def test_a_day_without_entries_is_sealed_by_what_came_before(shop):
    first = close_day(shop=shop, day=shop_today() - timedelta(days=1), by=shop.owner)
    second = close_day(shop=shop, day=shop_today(), by=shop.owner)
    assert [first.seal, second.seal] == [seal_by_hand(shop, first), seal_by_hand(shop, second)]
    assert first.seal != second.seal
