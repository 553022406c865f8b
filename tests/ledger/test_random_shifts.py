"""Whatever happens at two counters, account 1001 is the sum of their drawers and of the cash that was in none."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.suppliers import pay_supplier
from ledger.checks import run
from ledger.closing import close_day
from orders.errors import OrderError
from orders.khata.acts import Act, take_payment
from orders.models import DrawerEvent
from orders.services import cancel_order
from orders.shifts import Count, close_shift, move_cash, open_shift, open_shift_of
from shops.services import add_counter
from smartkirana.dates import shop_today
from tests import factories
from tests.inventory.buying import make_supplier

D = Decimal
rupees = st.decimals("0.01", "5000", places=2)
counters = st.sampled_from(["S1", "M1"])
acts = st.one_of(
    st.tuples(st.just("open"), counters, rupees, rupees),
    st.tuples(st.just("end"), counters, rupees, rupees),
    st.tuples(st.just("move"), counters, st.sampled_from(DrawerEvent.Reason.values), rupees),
    st.tuples(st.just("safe"), counters, st.sampled_from(["to_bank", "from_bank", "owner_took", "owner_gave"]), rupees),
    st.tuples(st.just("sell"), counters, st.integers(1, 3), rupees),
    st.tuples(st.just("cancel"), counters, rupees, rupees),
    st.tuples(st.just("khata"), counters, rupees, rupees),
    st.tuples(st.just("pay"), counters, rupees, rupees),
    st.tuples(st.just("close"), counters, rupees, rupees),
)


class World:
    def __init__(self) -> None:
        self.shop = factories.make_shop()
        add_counter(shop=self.shop, name="Milk window", code="M1")
        self.soap = factories.make_product(self.shop, stock=1000)
        self.asha, self.supplier = factories.make_customer(self.shop), make_supplier(self.shop)

    def till(self, code):
        return self.shop.counters.get(code=code)

    def open(self, code, counted, from_safe):
        open_shift(shop=self.shop, counter=self.till(code), cashier=self.shop.owner, count=Count(counted), from_safe=from_safe, reason="x")

    def end(self, code, counted, to_safe):
        if (shift := open_shift_of(self.till(code))) is not None:
            more = {"to_safe": min(counted, to_safe), "reason": "x"}
            close_shift(shop=self.shop, shift=shift, by=self.shop.owner, count=Count(counted), **more)

    def move(self, code, reason, amount):
        supplier = self.supplier if reason == "supplier" else None
        move_cash(shop=self.shop, by=self.shop.owner, counter=self.till(code), reason=reason, amount=amount, words="x", supplier=supplier)

    def safe(self, code, reason, amount):
        move_cash(shop=self.shop, by=self.shop.owner, reason=reason, amount=amount)

    def sell(self, code, quantity, _):
        factories.make_order(self.shop, [(self.soap, quantity)], counter=self.till(code))

    def cancel(self, *_):
        if bill := self.shop.orders.filter(status="completed").order_by("id").last():
            cancel_order(shop=self.shop, bill_number=bill.bill_number, by=self.shop.owner, reason="x")

    def khata(self, code, amount, _):
        till = self.till(code) if amount > 100 else None
        take_payment(Act(self.shop, self.asha, self.shop.owner, till), amount=amount, method="cash")

    def pay(self, code, amount, _):
        pay_supplier(shop=self.shop, by=self.shop.owner, supplier=self.supplier, amount=amount, method="cash")

    def close(self, code, *_):
        if not self.shop.shifts.filter(closed_at=None).exists():
            close_day(shop=self.shop, day=shop_today(), by=self.shop.owner)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(acts, max_size=25))
def test_cash_is_the_sum_of_its_drawers(steps):
    world = World()
    for name, *asked in steps:
        try:
            getattr(world, name)(*asked)
        except OrderError as refused:
            if refused.code != "shift_open":
                raise
    assert {rule.name: breaches for rule, breaches in run([world.shop.pk]) if breaches} == {}
    cash = world.shop.postings.filter(account__code="1001").aggregate(n=Sum("debit", default=D(0)) - Sum("credit", default=D(0)))["n"]
    outside = world.shop.postings.filter(account__code="1001", counter=None).aggregate(
        n=Sum("debit", default=D(0)) - Sum("credit", default=D(0))
    )["n"]
    assert cash == sum((till.cash for till in world.shop.counters.all()), D(0)) + outside
