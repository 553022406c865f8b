"""Sixty days of bills: more on week-ends and after pay-day, a morning and an evening rush, cash, UPI and khata."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from inventory.services import adjust_stock
from orders.bill import BillLine, Tender
from orders.khata.acts import Act, take_payment
from orders.models import Customer, Order, PaymentEvent
from orders.payments import mark_failed, mark_seen
from orders.return_plan import BackLine, Exchange, Where
from orders.returning import take_back
from orders.services import cancel_order, place_order
from shops.models import Role, Shop, User
from smartkirana.demo.world import DAYS, ZONE, Goods
from smartkirana.errors import Refusal
from smartkirana.money import money, rupee_round

WEEKDAY = (0.9, 0.85, 0.9, 0.95, 1.05, 1.3, 1.35)  # Monday … Sunday
HOURS = {7: 6, 8: 10, 9: 11, 10: 9, 11: 7, 12: 5, 13: 3, 16: 4, 17: 8, 18: 13, 19: 14, 20: 11, 21: 5}
LINES = {1: 20, 2: 22, 3: 18, 4: 13, 5: 10, 6: 7, 7: 5, 8: 3, 10: 2}
WEIGHTS = ("0.100", "0.250", "0.500", "1.000", "1.500", "2.000", "5.000")
NOTES = (10, 20, 50, 100, 200, 500)
REASONS = ("Customer left the goods", "Wrong customer", "Scanned twice", "Card did not work")


BROUGHT_BACK = ("Wrong item", "Damaged or spoiled", "Past its date", "Not wanted")


class Days:
    """The trade of one shop, day by day; the same seed gives the same days."""

    def __init__(self, shop: Shop, goods: list[Goods], customers: list[tuple[Customer, float]], random: Random, per_day: float) -> None:
        self.shop, self.goods, self.random, self.per_day = shop, goods, random, per_day
        self.counters = list(shop.counters.all())
        members = {m.role: m.user for m in shop.memberships.select_related("user")}
        self.owner: User = members[Role.OWNER]
        self.cashiers = [members.get(Role.STAFF, self.owner), self.owner]
        self.paces = [g.pace for g in goods]
        self.customers, self.visits = [c for c, _ in customers], [v for _, v in customers]
        self.owes = {c.pk: Decimal(0) for c in self.customers}

    def run(self, today: date, told: Callable[[int], None], morning: Callable[[date], None] = lambda day: None) -> int:
        """Sell from DAYS days ago up to `today` (not after now), after what each `morning` brings; returns how many bills."""
        bills = 0
        now = datetime.now(ZONE)
        for day in (today - timedelta(days=n) for n in range(DAYS, -1, -1)):
            morning(day)
            for at in self.times(day):
                if at < now:
                    bills += self.sell(at) is not None
            self.mishaps(day)
            self.khata_money(day, now)
            if day < today:
                self.look_at_the_bank(day)
            told(bills)
        return bills

    def times(self, day: date) -> list[datetime]:
        pay_day = 1.25 if day.day <= 7 else 0.9 if day.day >= 24 else 1.0
        count = round(self.per_day * WEEKDAY[day.weekday()] * pay_day * self.random.uniform(0.9, 1.1))
        hours = self.random.choices(list(HOURS), weights=list(HOURS.values()), k=count)
        clock = [time(h, self.random.randrange(60), self.random.randrange(60)) for h in hours]
        return sorted(datetime.combine(day, t, ZONE) for t in clock)

    def sell(self, at: datetime) -> Order | None:
        random = self.random
        customer = random.choices(self.customers, weights=self.visits)[0] if self.customers and random.random() < 0.22 else None
        lines = list(self.basket())
        tenders, customer = self.tenders(lines, customer)
        order = place_order(
            shop=self.shop,
            counter=self.counters[0] if random.random() < 0.7 else self.counters[-1],
            cashier=random.choices(self.cashiers, weights=(3, 1))[0],
            lines=[line for line, _ in lines],
            payments=tenders,
            request_key=UUID(int=random.getrandbits(128), version=4),
            customer=customer,
            at=at,
        )
        if random.random() < 0.006:
            cancel_order(
                shop=self.shop, bill_number=order.bill_number, by=self.owner, reason=random.choice(REASONS), at=at + timedelta(minutes=9)
            )
        elif random.random() < 0.012:
            self.bring_back(order, at + timedelta(minutes=random.randrange(11, 90)))
        return order

    def bring_back(self, order: Order, at: datetime) -> None:
        """A customer comes back with one of the goods, for money or, in the shop's own time, for something else."""
        random = self.random
        line = random.choice(list(order.lines.all()))
        key = UUID(int=random.getrandbits(128), version=4)
        where = random.choices(Where.values, weights=(6, 3, 1))[0]
        count = min(line.quantity, Decimal(1))
        new = random.choice(self.goods).product if random.random() < 0.4 else None
        exchange = Exchange([BillLine(new.pk, Decimal(1))]) if new is not None and not new.decimals else None
        reason = random.choice(BROUGHT_BACK)
        if at >= datetime.now(ZONE):
            return
        try:
            take_back(
                shop=self.shop, counter=order.counter, by=self.owner, bill_number=order.bill_number, at=at, reason=reason,
                lines=[BackLine(line.line_no, count, where)], how="cash", exchange=exchange, request_key=key,
            )  # fmt: skip
        except Refusal:  # a khata at its limit, goods that are sold out: then nothing comes back
            return

    def basket(self) -> Iterator[tuple[BillLine, Goods]]:
        count = self.random.choices(list(LINES), weights=list(LINES.values()))[0]
        for g in dict.fromkeys(self.random.choices(self.goods, weights=self.paces, k=count)):
            if g.product.decimals:
                quantity = Decimal(self.random.choices(WEIGHTS, weights=(6, 16, 28, 30, 6, 10, 4))[0])
            else:
                quantity = Decimal(self.random.choices((1, 2, 3, 4, 6), weights=(62, 22, 7, 5, 4))[0])
            yield BillLine(product_id=g.product.pk, quantity=quantity), g

    def tenders(self, lines: list[tuple[BillLine, Goods]], customer: Customer | None) -> tuple[list[Tender], Customer | None]:
        """How it is paid; khata only within the customer's limit, notes rounded up as people do."""
        random = self.random
        total, _ = rupee_round(sum((money(line.quantity * g.product.price) for line, g in lines), Decimal(0)), self.shop.rounding)
        certain = not any(g.two_mrps for _, g in lines)
        if customer and customer.credit_limit and random.random() < 0.45 and self.owes[customer.pk] + total + 50 <= customer.credit_limit:
            self.owes[customer.pk] += total + 50
            return [Tender("khata", None)], customer
        way = random.choices(("cash", "upi", "card", "split"), weights=(47, 46, 4, 3))[0]
        if way == "split" and certain and total > 100:
            return [Tender("cash", Decimal(100)), Tender("upi", None, reference=self.utr())], customer
        if way in ("upi", "split"):
            return [Tender("upi", None, reference=self.utr() if random.random() < 0.5 else "")], customer
        if way == "card":
            return [Tender("card", None, reference=f"{random.randrange(10**6):06d}")], customer
        note = next((n for n in NOTES if n >= total), None)
        given = Decimal(note) if certain and note and total and random.random() < 0.6 else None
        return [Tender("cash", total if given else None, tendered=given)], customer

    def look_at_the_bank(self, day: date) -> None:
        """The owner goes through the day's UPI and card money before closing; a few payments stay open, one in a while never came."""
        claims = self.shop.payments.filter(state="claimed", reverses=None, at__date=day).exclude(order__status=Order.Status.CANCELLED)
        say = {"shop": self.shop, "by": self.owner, "at": datetime.combine(day, time(22, 15), ZONE), "how": PaymentEvent.How.OWNER}
        for pk in claims.values_list("pk", flat=True):
            luck = self.random.random()
            if luck < 0.004:
                mark_failed(payment_id=pk, reason="Not in the bank's app", **say)
            elif luck < 0.99:
                mark_seen(payment_id=pk, **say)

    def khata_money(self, day: date, now: datetime) -> None:
        """Now and then somebody brings money for the khata: all of it, or a round part; most in cash."""
        at = datetime.combine(day, time(20, 40), ZONE)
        for customer in self.customers if at < now else ():
            owes = self.owes[customer.pk]
            if owes < 200 or self.random.random() > (0.12 if day.day <= 7 else 0.03):
                continue
            customer.refresh_from_db(fields=["outstanding"])
            part = customer.outstanding if self.random.random() < 0.4 else (customer.outstanding * 2 / 3 // 100 * 100)
            if part <= 0:
                continue
            way = self.random.choices(("cash", "upi"), weights=(7, 3))[0]
            act = Act(self.shop, customer, self.owner, counter=self.counters[0], at=at)
            take_payment(act, amount=part, method=way, reference=self.utr() if way == "upi" else "")
            self.owes[customer.pk] = customer.outstanding - part

    def utr(self) -> str:
        return f"6{self.random.randrange(10**11):011d}"

    def mishaps(self, day: date) -> None:
        """Once or twice a week something breaks or spoils."""
        if self.random.random() < 0.25:
            product = self.random.choice(self.goods).product
            lot = product.lots.filter(on_hand__gt=2).first()
            if lot is not None:
                adjust_stock(
                    shop=self.shop,
                    by=self.owner,
                    product=product,
                    change=Decimal(-1),
                    reason="damage",
                    note="packet torn",
                    lot=lot,
                    day=day,
                )
