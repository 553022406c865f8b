"""Five thousand acts in any order: after each the stock is worth what account 1003 says, and at the end of a shop's life every rule of the
books holds.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import Sum
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from catalog.off import Off
from inventory.count_approval import approve_stock_take
from inventory.count_selectors import review
from inventory.counting import cancel_stock_take, count_goods, finish_counting, open_stock_take
from inventory.errors import StockError
from inventory.purchase_returns import Returned, return_to_supplier
from inventory.repacking import Made, Taken, repack_goods
from inventory.services import Opening, adjust_stock, enter_opening_stock
from inventory.suppliers import pay_supplier
from ledger.models import Posting
from orders.bill import BillLine, Tender
from orders.errors import OrderError
from orders.refunds import GIVEN_BY, Permit
from orders.return_plan import BackLine, Exchange, Where
from orders.returning import take_back
from orders.services import cancel_order, place_order
from smartkirana.money import ZERO
from tests import factories
from tests.inventory.buying import OTHER_STATE, books_agree, buy, make_supplier, received
from tests.proofs import WHOLE, fresh_statistics, share

D = Decimal
ACTS = share(2500)  # done under each of two stock policies
AT_ONCE, A_LIFE = share(5, part=2), 100  # shops of one search; most acts of a shop
REFUSED = (StockError, OrderError)

# In the three units' own steps: packets, kilograms, pieces at no tax.
GOODS = (
    ("Soap", {"price": "52.50", "mrp": "55", "cost": "38.1111", "gst": "other-18"}),
    ("Dal", {"price": "100", "mrp": None, "cost": "71.4286", "gst": "other-0", "unit": "kg"}),
    ("Biscuits", {"price": "10", "mrp": "10", "cost": "7.3333", "gst": "other-5"}),
)
which = st.integers(0, len(GOODS) - 1)
counts = st.integers(1, 30)
grams = st.integers(0, 999)
costs = st.sampled_from([D("0"), D("0.01"), D("4.0001"), D("33.3333"), D("40")])
places = st.integers(0, 9)
taking = st.sampled_from(["damage", "loss", "expired", "own_use", "sample"])
correcting = st.sampled_from(["found", "correction"])


class Shop(RuleBasedStateMachine):
    """One shop's life. What its rules refuse does not happen and leaves everything as it was, which the next look shows."""

    policy = "warn"
    done: Counter = Counter()

    def tries(self, what: str, act: Callable):
        """What `act` answers; None when the shop's rules refuse it."""
        try:
            answer = act()
        except REFUSED:
            return None
        self.done[what] += 1
        return answer

    @initialize(rounding=st.sampled_from(["none", "rupee"]))
    def opens(self, rounding):
        self.shop = factories.make_shop(f"Shop {uuid4().hex[:8]}", stock_policy=self.policy, rounding=rounding)
        self.by = self.shop.owner
        self.goods = [factories.make_product(self.shop, name, **details) for name, details in GOODS]
        self.near = make_supplier(self.shop, "Gupta Agencies")
        self.far = make_supplier(self.shop, "Bengaluru Traders", gstin=OTHER_STATE)
        self.bills: list = []
        self.receipts: list = []
        self.lots_seen = 0
        self.take = None
        self.asha = factories.make_customer(self.shop)

    def amount(self, number: int, count: int, gram: int) -> Decimal:
        """A quantity the product's unit allows."""
        return D(count) + (D(gram) / 1000 if self.goods[number].unit == "kg" else 0)

    @rule(number=which, count=counts, gram=grams, cost=costs)
    def enters_opening_stock(self, number, count, gram, cost):
        self.lots_seen += 1
        lot = Opening(
            self.goods[number], self.amount(number, count, gram), cost, expiry=date(2099, 1, 1 + self.lots_seen % 28), credit_rate=D(5)
        )
        self.tries("opening", lambda: enter_opening_stock(shop=self.shop, by=self.by, openings=[lot]))

    @rule(
        number=which,
        count=counts,
        gram=grams,
        cost=costs,
        far=st.booleans(),
        off=st.sampled_from(["0", "1.7", "10"]),
        free=st.integers(0, 2),
    )
    def receives(self, number, count, gram, cost, far, off, free):
        line = received(self.goods[number], self.amount(number, count, gram), cost, free=D(free), discount=Off(percent=D(off)))
        supplier = self.far if far else self.near
        receipt = self.tries("receipt", lambda: buy(supplier, line, other_charges=D("0.11"), discount=Off(percent=D("1.7"))))
        self.receipts += [receipt] if receipt else []

    @rule(place=places, count=counts, gram=grams)
    def gives_back(self, place, count, gram):
        if not self.receipts:
            return
        receipt = self.receipts[place % len(self.receipts)]
        line = receipt.lines.get()
        number = next(n for n, product in enumerate(self.goods) if product.pk == line.product_id)
        back = [Returned(line.pk, self.amount(number, count, gram))]
        self.tries("purchase return", lambda: return_to_supplier(shop=self.shop, by=self.by, receipt=receipt, returned=back))

    @rule(rupees=counts, far=st.booleans())
    def pays(self, rupees, far):
        supplier = self.far if far else self.near
        self.tries("payment", lambda: pay_supplier(shop=self.shop, by=self.by, supplier=supplier, amount=D(rupees), method="cash"))

    @rule(number=which, count=counts, gram=grams, reason=taking)
    def loses(self, number, count, gram, reason):
        self._adjusts(number, -self.amount(number, count, gram), reason)

    @rule(number=which, count=counts, gram=grams, reason=correcting)
    def finds(self, number, count, gram, reason):
        self._adjusts(number, self.amount(number, count, gram), reason)

    @rule(number=which, other=which, count=counts, gram=grams, into=counts, packing=st.sampled_from(["0", "0.07", "12"]))
    def packs(self, number, other, count, gram, into, packing):
        taken, made = [Taken(self.goods[number], self.amount(number, count, gram))], [Made(self.goods[other], D(into))]
        self.tries("repack", lambda: repack_goods(shop=self.shop, by=self.by, taken=taken, made=made, packing_cost=D(packing)))

    def _adjusts(self, number, change, reason):
        product = self.goods[number]
        self.tries(reason, lambda: adjust_stock(shop=self.shop, by=self.by, product=product, change=change, reason=reason))

    @rule(number=which, count=counts, gram=grams, other=which, more=counts, paid=st.sampled_from(["cash", "upi", "khata"]))
    def sells(self, number, count, gram, other, more, paid):
        lines = [BillLine(self.goods[number].pk, self.amount(number, count, gram)), BillLine(self.goods[other].pk, D(more))]
        sale = {
            "shop": self.shop,
            "counter": self.shop.counters.get(),
            "cashier": self.by,
            "lines": lines,
            "payments": [Tender(paid, None)],
            "customer": self.asha if paid == "khata" else None,
        }
        bill = self.tries("sale", lambda: place_order(**sale, request_key=uuid4()))
        self.bills += [bill] if bill else []

    @rule(place=places)
    def cancels(self, place):
        if not self.bills:
            return
        number = self.bills[place % len(self.bills)].bill_number
        self.tries("cancelled bill", lambda: cancel_order(shop=self.shop, bill_number=number, by=self.by, reason="wrong"))

    @rule(
        place=places,
        back=st.lists(st.tuples(st.integers(1, 2), counts, grams, st.sampled_from(Where.values)), min_size=1, max_size=2),
        how=st.sampled_from(GIVEN_BY),
        new=st.none() | st.tuples(which, counts),
    )
    def takes_back(self, place, back, how, new):
        """Goods of a bill come back: to the shelf, damaged or for the supplier; for money, to a khata, or for other goods."""
        if not self.bills:
            return
        bill = self.bills[place % len(self.bills)]
        sold = list(bill.lines.all())
        lines = []
        for no, n, g, went in back:
            line = sold[no % len(sold)]
            units = D(n) + (D(g) / 1000 if line.unit == "kg" else 0)
            lines.append(BackLine(line.line_no, min(units, line.quantity), went))
        ask = {"shop": self.shop, "counter": self.shop.counters.get(), "by": self.by, "bill_number": bill.bill_number, "lines": lines}
        exchange = new and Exchange([BillLine(self.goods[new[0]].pk, D(new[1]))])
        permit = Permit(unpaid=True)
        note = self.tries(
            "customer return",
            lambda: take_back(**ask, how=how, customer=self.asha, exchange=exchange, permit=permit, request_key=uuid4()),
        )
        if note and new:
            self.done["exchange"] += 1
            self.bills.append(note.exchange)

    @rule(number=which, count=st.integers(0, 60), gram=grams)
    def counts(self, number, count, gram):
        product = self.goods[number]
        if self.take is None:
            self.take = open_stock_take(shop=self.shop, by=self.by)
        self.tries("count", lambda: count_goods(take=self.take, by=self.by, product=product, counted=self.amount(number, count, gram)))

    @rule(uncounted=st.sampled_from(["leave", "zero"]))
    def approves_the_count(self, uncounted):
        if self.take is None:
            return
        finish_counting(take=self.take)
        meant = self.stock_by_product()
        for one in review(self.take, show="all").goods:
            meant[one.product.pk] += one.difference
        if self.tries("stock take", lambda: approve_stock_take(take=self.take, by=self.by, uncounted=uncounted)):
            assert uncounted == "zero" or self.stock_by_product() == meant
        else:
            cancel_stock_take(take=self.take, by=self.by)
        self.take = None

    def stock_by_product(self) -> dict[int, Decimal]:
        return {product.pk: product.lots.aggregate(s=Sum("on_hand", default=D(0)))["s"] for product in self.goods}

    @invariant()
    def stock_is_worth_what_account_1003_says(self):
        if not hasattr(self, "shop"):
            return
        of_1003 = Posting.objects.filter(shop=self.shop, account__code="1003")
        books = of_1003.aggregate(value=Sum("debit", default=ZERO) - Sum("credit", default=ZERO))["value"]
        assert books == self.shop.lots.aggregate(value=Sum("value", default=ZERO))["value"]

    def teardown(self):
        if not hasattr(self, "shop"):
            return
        connection.check_constraints()
        fresh_statistics()
        books_agree(self.shop)
        self.nothing_came_back_for_more_than_it_cost()
        moved = self.shop.lots.annotate(quantities=Sum("movements__quantity", default=0), values=Sum("movements__value", default=ZERO))
        for lot in moved:
            assert (lot.on_hand, lot.value) == (lot.quantities, lot.values)

    def nothing_came_back_for_more_than_it_cost(self):
        """Of a bill that came back whole all was given back, to the paisa."""
        for bill in self.bills:
            back = bill.credit_notes.aggregate(total=Sum("total", default=ZERO))["total"]
            assert back <= bill.total
            lines = bill.lines.annotate(back=Sum("returned__quantity", default=D(0)))
            if all(line.back == line.quantity for line in lines):
                assert back == bill.total


@pytest.mark.parametrize("policy", ["warn", "block"])
def test_after_each_of_five_thousand_acts_the_stock_is_worth_what_the_books_say(db, monkeypatch, policy):
    monkeypatch.setattr(Shop, "policy", policy)
    monkeypatch.setattr(Shop, "done", Counter())
    life = settings(max_examples=AT_ONCE, stateful_step_count=A_LIFE, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    seeds = itertools.count()  # the same lives everywhere, but never the same lives twice
    while sum(Shop.done.values()) < ACTS:
        run_state_machine_as_test(seed(next(seeds))(Shop), settings=life)
    assert {"sale", "receipt", "damage", "count"} <= Shop.done.keys()
    if WHOLE:
        assert {"cancelled bill", "purchase return", "correction"} <= Shop.done.keys()
        assert {"repack", "stock take", "customer return", "exchange"} <= Shop.done.keys()
