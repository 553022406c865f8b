"""Ten thousand acts on khatas in any order: after each, balance = postings = entries = the statement's last line, and the chain holds."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pgtrigger
import pytest
from django.db import connection
from django.db.models import F, Sum
from django.utils import timezone
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from ledger.checks import run
from ledger.models import Posting
from orders.bill import BillLine, Tender
from orders.errors import OrderError
from orders.khata import acts, people
from orders.khata.acts import Act
from orders.khata.entries import Share
from orders.khata.selectors import statement_rows, statement_sums
from orders.models import Customer, KhataEntry, Payment
from orders.payments import mark_failed, mark_seen
from orders.refunds import Permit
from orders.return_plan import BackLine
from orders.returning import take_back
from orders.services import cancel_order, place_order
from smartkirana.dates import Period
from smartkirana.money import ZERO
from tests import factories
from tests.proofs import WHOLE, fresh_statistics, share

D = Decimal
ACTS = share(10_000)
AT_ONCE, A_LIFE = share(10, part=2), share(200, part=2)  # khatas of one search; most acts on one
MUST = {"return", "sale", "payment", "chosen", "reversal", "cancelled", "dispute", "late", "seen", "failed", "gave", "written off"}
ALL_TIME = Period(date(2000, 1, 1), date(2099, 12, 31), "all")
rupees = st.integers(1, 90_000).map(lambda paise: D(paise) / 100)
places = st.integers(0, 30)
ways = st.sampled_from(["cash", "upi", "card", "bank"])


class Khata(RuleBasedStateMachine):
    """One customer's khata. What the rules refuse does not happen and leaves everything as it was, which the next look shows."""

    done: Counter = Counter()
    shops = itertools.count()

    def tries(self, what: str, act):
        """What `act` answers; None when it is refused."""
        try:
            answer = act()
        except OrderError:
            return None
        self.done[what] += 1
        return answer

    @initialize(limit=st.sampled_from([None, D(500), D(5000)]))
    def opens(self, limit):
        self.shop = factories.make_shop(f"Shop {uuid4().hex[:8]}", rounding="none")
        self.by = self.shop.owner
        self.counter = self.shop.counters.get()
        self.soap = factories.make_product(self.shop, "Soap", price="12.34", mrp="20", cost="5", stock=1_000_000)
        self.asha = factories.make_customer(self.shop, "Asha", credit_limit=limit)
        self.ravi = people.save_member(customer=self.asha, name="Ravi", limit=D(300))
        self.bills: list = []
        self.claims: list[int] = []
        self.said: list = []

    def act(self, note: str = "") -> Act:
        return Act(self.shop, self.asha, self.by, counter=self.counter, key=uuid4(), note=note)

    @rule(count=st.integers(1, 20), part=st.sampled_from(["khata", "cash", "upi"]), late=st.integers(0, 40), taken_by=st.booleans())
    def sells(self, count, part, late, taken_by):
        at = timezone.now() - timedelta(days=late)
        tenders = [Tender("khata", None)] if part == "khata" else [Tender(part, D("5.00")), Tender("khata", None)]
        sale = {"lines": [BillLine(self.soap.pk, D(count))], "payments": tenders, "customer": self.asha, "request_key": uuid4(), "at": at}
        member = self.ravi if taken_by else None
        bill = self.tries(
            "late" if late else "sale",
            lambda: place_order(shop=self.shop, counter=self.counter, cashier=self.by, member=member, **sale),
        )
        if bill is not None:
            self.bills.append(bill)
            self.claims += bill.payments.filter(method="upi").values_list("pk", flat=True)

    @rule(amount=rupees, way=ways, off=st.sampled_from(["0", "0.01", "3"]))
    def pays(self, amount, way, off):
        entry = self.tries("payment", lambda: acts.take_payment(self.act(), amount=amount, method=way, discount=D(off)))
        if entry is not None and way != "cash":
            self.claims.append(entry.payment_id)

    @rule(place=places, share=st.integers(1, 100), more=rupees)
    def pays_one_entry(self, place, share, more):
        open_ones = list(self.asha.entries.filter(open__gt=0).order_by("number"))
        if open_ones:
            chosen = open_ones[place % len(open_ones)]
            amount = max((chosen.open * share / 100).quantize(D("0.01")), D("0.01"))
            shares = [Share(chosen.pk, amount)]
            self.tries("chosen", lambda: acts.take_payment(self.act(), amount=amount + more, method="cash", shares=shares))

    @rule(amount=rupees)
    def gives(self, amount):
        self.tries("gave", lambda: acts.give(self.act("lent"), amount=amount, method="cash"))

    @rule(amount=rupees, ahead=st.booleans())
    def opens_from_the_old_book(self, amount, ahead):
        self.tries("opening", lambda: acts.enter_opening_balance(self.act(), amount=-amount if ahead else amount))

    @rule(amount=rupees)
    def gives_up(self, amount):
        self.tries("written off", lambda: acts.write_off(self.act("moved away"), amount=amount))

    @rule(place=places)
    def takes_back(self, place):
        number = 1 + place % (Customer.objects.get(pk=self.asha.pk).khata_number or 1)
        self.tries("reversal", lambda: acts.reverse_entry(self.act("wrong"), number=number))

    @rule(place=places)
    def cancels(self, place):
        if self.bills:
            number = self.bills[place % len(self.bills)].bill_number
            self.tries("cancelled", lambda: cancel_order(shop=self.shop, bill_number=number, by=self.by, reason="wrong"))

    @rule(place=places, count=st.integers(1, 6), how=st.sampled_from(["khata", "cash"]))
    def takes_goods_back(self, place, count, how):
        if self.bills:
            ask = {"bill_number": self.bills[place % len(self.bills)].bill_number, "lines": [BackLine(1, D(count))], "how": how}
            who = {"shop": self.shop, "counter": self.counter, "by": self.by}
            self.tries("return", lambda: take_back(**who, **ask, request_key=uuid4(), reason="stale", permit=Permit(unpaid=True)))

    @rule(place=places, came=st.booleans())
    def hears_of_a_claim(self, place, came):
        if self.claims:
            say = {"shop": self.shop, "payment_id": self.claims[place % len(self.claims)], "by": self.by, "how": "owner"}
            self.tries("seen" if came else "failed", lambda: mark_seen(**say) if came else mark_failed(reason="not there", **say))

    @rule(place=places, settled=st.booleans())
    def does_not_agree(self, place, settled):
        said = self.tries("dispute", lambda: people.dispute(customer=self.asha, number=1 + place % 9, words="I paid"))
        if said and settled:
            people.settle_dispute(dispute=said, by=self.by, answer="shown the bill")

    @invariant()
    def everybody_says_the_same(self):
        if not hasattr(self, "shop"):
            return
        customer = Customer.objects.get(pk=self.asha.pk)
        of_postings = Posting.objects.filter(shop=self.shop, customer=customer).aggregate(net=Sum(F("debit") - F("credit"), default=ZERO))
        entries = customer.entries.aggregate(amount=Sum("amount", default=ZERO), open=Sum("open", default=ZERO))
        last = statement_rows(customer, ALL_TIME).last()
        closing = statement_sums(customer, ALL_TIME).closing
        said = {customer.outstanding, customer.khata_balance, of_postings["net"], entries["amount"], entries["open"], closing}
        assert said == {last.moved if last else ZERO}

    def teardown(self):
        if hasattr(self, "shop"):
            connection.check_constraints()
            fresh_statistics()
            broken = {rule.name: found for rule, found in run([self.shop.pk]) if found}
            assert not broken


def test_after_each_of_ten_thousand_acts_balance_postings_entries_and_statement_agree(db, monkeypatch):
    monkeypatch.setattr(Khata, "done", Counter())
    life = settings(max_examples=AT_ONCE, stateful_step_count=A_LIFE, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    seeds = itertools.count()
    while sum(Khata.done.values()) < ACTS:
        run_state_machine_as_test(seed(next(seeds))(Khata), settings=life)
    assert Khata.done.keys() >= (MUST if WHOLE else {"sale", "payment"})


CHANGES = {
    "its amount": {"amount": D("-1.00")},
    "its day": {"day": date(2020, 1, 1)},
    "its note": {"note": "nothing happened"},
    "its person": {"member_id": None},
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_row_changed_behind_the_programs_back_is_named(shop, what):
    soap = factories.make_product(shop, "Soap", price="50", mrp="55", stock=100)
    asha = factories.make_customer(shop, "Asha")
    ravi = people.save_member(customer=asha, name="Ravi", limit=None)
    for _ in range(3):
        factories.make_order(shop, [(soap, 1)], customer=asha, payments=[Tender("khata", None)], member=ravi)
        acts.take_payment(Act(shop, asha, shop.owner, note="a note"), amount=D("10"), method="cash")
    number = 3 if what == "its person" else 4
    with pgtrigger.ignore():
        KhataEntry.objects.filter(customer=asha, number=number).update(**CHANGES[what])
    named = [breach.what for rule, found in run([shop.pk]) if rule.name == "khata_chain" for breach in found]
    assert named
    assert f"khata entry {number}:" in named[0]
    assert "Asha" in named[0]


def test_the_chain_names_a_changed_row_even_when_its_code_was_made_to_fit(shop):
    asha = factories.make_customer(shop, "Asha")
    for _ in range(3):
        acts.take_payment(Act(shop, asha, shop.owner), amount=D("10"), method="cash")
    with pgtrigger.ignore():
        KhataEntry.objects.filter(customer=asha, number=2).update(note="changed", code="0" * 64)
    named = [breach.what for rule, found in run([shop.pk]) if rule.name == "khata_chain" for breach in found]
    assert [n.split(":")[0][-1] for n in named] == ["2", "3"]


def test_payments_of_khatas_wait_among_the_claims(shop):
    asha = factories.make_customer(shop, "Asha")
    acts.take_payment(Act(shop, asha, shop.owner), amount=D("10"), method="upi")
    assert Payment.objects.get(customer=asha).state == "claimed"
    assert not [found for rule, found in run([shop.pk]) if found]
