"""What must show: 500 payments with fake, late and same-amount ones; what came is seen, what is fake is not, and the books say so."""

import random
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone

from ledger.bank_files.acts import take_in
from ledger.bank_models import BankLine
from ledger.checks import run
from orders.models import Payment
from smartkirana.dates import shop_today
from smartkirana.money import money
from tests import factories
from tests.ledger.bank import bring, confirm_all, paid, row
from tests.ledger.books import balance

D = Decimal
PAYMENTS = 500
FAKE, LATE, PAIRS = 15, 25, 10  # 3 %, 5 %, 2 % of 500
STATEMENT = ("Date", "Narration", "Chq./Ref.No.", "Withdrawal Amt.", "Deposit Amt.")


class World:
    """500 payments over ten days; which of them are fake and which come late is drawn."""

    def __init__(self, shop, seed: int, *, distinct: bool) -> None:
        self.shop, self.dice = shop, random.Random(seed)
        self.rupee = factories.make_product(shop, "Loose rice", price="1", mrp="1", cost="0.5", stock=2_000_000)
        first = datetime.combine(shop_today() - timedelta(days=20), time(9), timezone.get_current_timezone())
        moments = sorted(first + timedelta(days=self.dice.randrange(10), seconds=self.dice.randrange(12 * 3600)) for _ in range(PAYMENTS))
        amounts = self.dice.sample(range(10, 2500), PAYMENTS) if distinct else [self.dice.randint(10, 2500) for _ in range(PAYMENTS)]
        for n in self.dice.sample(range(0, PAYMENTS - 1, 2), PAIRS // 2):
            amounts[n + 1], moments[n + 1] = amounts[n], moments[n] + timedelta(minutes=self.dice.randint(0, 8))
        self.utr = [str(self.dice.randint(10**11, 10**12 - 1)) for _ in range(PAYMENTS)]
        odd = self.dice.sample(range(PAYMENTS), FAKE + LATE)
        self.fake, self.late = set(odd[:FAKE]), set(odd[FAKE:])
        self.payments = [self._pay(n, amount, at) for n, (amount, at) in enumerate(zip(amounts, moments, strict=True))]

    def _pay(self, n: int, amount: int, at: datetime) -> Payment:
        typed = ""
        if self.dice.random() < 0.2:
            typed = str(self.dice.randint(1000, 9999)) if n in self.fake else self.utr[n][-4:]
        return paid(self.shop, self.rupee, amount, reference=typed, at=at)

    def came(self, n: int) -> datetime:
        """When the money of a true payment came."""
        late = timedelta(days=self.dice.randint(1, 4), hours=self.dice.randint(-3, 3)) if n in self.late else timedelta()
        return self.payments[n].at + late + timedelta(seconds=self.dice.randint(-60, 90))

    @property
    def true(self) -> list[int]:
        return [n for n in range(PAYMENTS) if n not in self.fake]

    def states(self, numbers) -> dict[str, int]:
        found = list(Payment.objects.filter(pk__in=[self.payments[n].pk for n in numbers]).values_list("state", flat=True))
        return {state: found.count(state) for state in set(found)}


def settle(world: World, file) -> None:
    """Take the file in and confirm what is sure, then see that it is the truth, in claims and in books."""
    statement = take_in(file=file, by=file.by)
    confirm_all(statement)
    assert world.states(world.fake) == {"claimed": FAKE}  # no fake one matched
    seen = world.states(world.true).get("seen", 0)
    assert seen >= 0.98 * len(world.true), f"{seen} of {len(world.true)}"
    for line in BankLine.objects.filter(payment__isnull=False).select_related("payment"):
        assert line.net + line.charge == line.payment.amount
    books_say_so(world.shop)


def books_say_so(shop) -> None:
    open_claims = shop.payments.filter(state="claimed").aggregate(rupees=Sum("amount", default=D(0)))["rupees"]
    matched = shop.bank_lines.filter(state="matched").aggregate(net=Sum("net", default=D(0)), charge=Sum("charge", default=D(0)))
    assert balance(shop, "1030") == open_claims
    assert (balance(shop, "1002"), balance(shop, "6100")) == (matched["net"], matched["charge"])
    assert {rule.name: breaches for rule, breaches in run([shop.pk]) if breaches} == {}


def test_500_payments_in_a_settlement_report_with_charges(shop):
    world = World(shop, 1, distinct=False)
    rows = []
    for n in world.true:
        payment = world.payments[n]
        mdr = money(payment.amount * D("0.018"))
        rows.append(row(payment, at=world.came(n), charge=mdr, gst=money(mdr * D("0.18")), rrn=world.utr[n], text=f"UPI/{world.utr[n]}/ok"))
    world.dice.shuffle(rows)
    settle(world, bring(shop, rows))
    assert balance(shop, "6100") > 0


def test_500_payments_in_a_bank_statement_that_knows_the_day_only(shop):
    world = World(shop, 3, distinct=True)
    rows = []
    for n in world.true:
        day, utr = timezone.localtime(world.came(n)), world.utr[n]
        rows.append((f"{day:%d/%m/%y}", f"UPI-{utr}-x@ok", f"0000{utr}", "", f"{world.payments[n].amount:,}"))
    settle(world, bring(shop, rows, STATEMENT, source="bank", account="HDFC current"))
