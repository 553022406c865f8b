"""A scripted cashier sells two hundred recorded baskets by keyboard alone: keys counted, time told, bills, stock and books compared."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from statistics import median
from time import perf_counter

import pytest

from ledger import checks
from ledger.models import Posting
from orders.models import Payment
from tests import factories
from tests.browser import make_baskets as made
from tests.browser.cashier import READY, Cashier, see
from tests.browser.conftest import sign_in
from tests.proofs import share

pytestmark = pytest.mark.django_db(transaction=True)
D = Decimal
STOCK = D(5000)
PATIENCE = 600  # s for all of them, however busy the machine is


@pytest.fixture
def baskets() -> list[dict]:
    return json.loads(made.FILE.read_text())


@pytest.fixture
def goods(shop) -> dict:
    shop.upi_id = "sharma@okbank"
    shop.save(update_fields=["upi_id"])
    packets = {
        name: factories.make_product(shop, name, price=price, mrp=mrp, cost="0.90", gst=gst, stock=STOCK, barcodes=[(code, 1)])
        for (name, price, mrp, gst), code in zip(made.PACKETS, made.CODES, strict=True)
    }
    loose = {
        name: factories.make_product(shop, name, price=price, mrp=None, cost="20", stock=STOCK, unit="kg", loose=True, plu=int(plu))
        for plu, name, price in made.LOOSE
    }
    for n, phone in enumerate(made.PHONES):
        factories.make_customer(shop, f"Customer {n}", f"+91{phone}", credit_limit=D(1_000_000))
    return packets | loose


@pytest.fixture
def hands(page, shop, goods) -> Cashier:
    sign_in(page, factories.make_member(shop))
    page.goto(f"/s/{shop.slug}/counter/")
    see(page, READY)
    return Cashier(page)


def acts(hands: Cashier) -> dict[str, Callable[..., object]]:
    """What each step of a basket is at the keyboard."""
    return {
        "scan": hands.scan,
        "times": lambda count, code: (hands.type(f"{count}*"), hands.scan(code)),
        "weight": lambda weight, plu: hands.enter(f"{weight}*{plu}"),
        "plu": lambda plu, weight: (hands.enter(plu), hands.enter(weight)),
        "name": lambda text, _: hands.enter(text),
        "make": lambda count: hands.enter(f"*{count}"),
        "more": lambda: hands.enter("+"),
        "remove": lambda: hands.press("Delete"),
        "undo": lambda: hands.press("Control+z"),
        "off": hands.discount,
        "bill_off": hands.discount_bill,
        "hold": hands.hold,
        "recall": hands.recall,
        "phone": hands.choose_customer,
        "cash": hands.pay_cash,
        "given": hands.pay_given,
        "upi": hands.pay_upi,
        "khata": hands.pay_khata,
        "split": hands.pay_split,
    }


def sell(hands: Cashier, basket: dict) -> list[float]:
    """Do a basket's steps and count its keys; the milliseconds of it, and of who was served in between."""
    act, took, inner, keys, started = acts(hands), 0.0, [], 0, perf_counter()
    for what, *given in basket["steps"]:
        if what == "serve":
            inner += sell(hands, given[0])
            continue
        before = hands.keys
        act[what](*given)
        keys += hands.keys - before
    took = (perf_counter() - started) * 1000 - sum(inner)
    assert keys == basket["keys"], basket["steps"]
    return [*inner, took]


def test_two_hundred_baskets_by_keyboard_alone(hands, shop, goods, baskets, capsys):
    baskets = baskets[: share(200, part=5)]
    times = [took for basket in baskets for took in sell(hands, basket)]
    with capsys.disabled():
        print(
            f"\n{len(baskets)} baskets, {hands.keys} keys, {sum(times) / 1000:.1f} s: median {median(times):.0f}, most {max(times):.0f} ms"
        )
    assert sum(times) < PATIENCE * 1000
    paid = made.as_paid(baskets)
    bills_are(shop, paid)
    stock_is(goods, paid)
    books_are(shop, paid)


def bills_are(shop, baskets) -> None:
    """Bill by bill, in the order they were paid: goods, total, customer, payments."""
    orders = list(shop.orders.order_by("pk").prefetch_related("lines", "payments").select_related("customer"))
    assert len(orders) == len(baskets)
    for n, (order, basket) in enumerate(zip(orders, baskets, strict=True)):
        sold: dict[str, Decimal] = defaultdict(Decimal)
        for line in order.lines.all():
            sold[line.name] += line.quantity
        assert sold == {name: D(count) for name, count in basket["lines"].items()}, n
        assert order.total == D(basket["total"]), n
        assert (order.customer.short_phone if order.customer else "") == basket["phone"], n
        assert payments(order) == {(method, D(amount), given and D(given)) for method, amount, given in basket["paid"]}, n


def payments(order) -> set:
    return {(p.method, p.amount, p.tendered if p.change else None) for p in order.payments.all()}


def stock_is(goods, baskets) -> None:
    for name, product in goods.items():
        sold = sum((D(basket["lines"].get(name, 0)) for basket in baskets), D(0))
        assert sum(lot.on_hand for lot in product.lots.all()) == STOCK - sold, name


def books_are(shop, baskets) -> None:
    """Every rule of the books holds, and cash, UPI and khata stand at what the baskets say."""
    assert {rule.name: found for rule, found in checks.run([shop.pk]) if found} == {}
    taken: dict[str, Decimal] = defaultdict(Decimal)
    for basket in baskets:
        for method, amount, _ in basket["paid"]:
            taken[method] += D(amount)
    assert {m: sum(p.amount for p in Payment.objects.filter(shop=shop, method=m)) for m in taken} == taken
    cash = Posting.objects.filter(shop=shop, account__code="1001")
    assert sum(p.debit - p.credit for p in cash) == taken["cash"]
    assert sum(customer.outstanding for customer in shop.customers.all()) == taken["khata"]


def others(steps: list) -> list:
    """Who is served in between; each pays by one key of their own."""
    return [step for step in steps if step[0] == "serve"]


@pytest.mark.parametrize(
    ("job", "budget", "steps"),
    [
        ("5 scanned items, exact cash, print", 1, [*[["scan", code] for code in made.CODES[:5]], ["cash"]]),
        ("5 scanned items, ₹500 given", 3, [*[["scan", code] for code in made.CODES[5:10]], ["given", "5"]]),
        ("12 packets of one kind, 1.5 kg sugar by PLU, UPI", 12, [["times", 12, made.CODES[0]], ["weight", "1.5", "42"], ["upi"]]),
        (
            "the same on khata, known phone",
            12 + 12,
            [["times", 12, made.CODES[0]], ["weight", "1.5", "42"], ["phone", made.PHONES[0]], ["khata"]],
        ),
        (
            "hold, serve another, recall",
            2 + 1,
            [["scan", made.CODES[0]], ["hold"], ["serve", {"steps": [["scan", made.CODES[1]], ["cash"]], "keys": 1}], ["recall"], ["cash"]],
        ),
        ("discount 5 % on a line", 4 + 1, [["scan", made.CODES[0]], ["off", "5%"], ["cash"]]),
    ],
)
def test_the_jobs_of_the_keystroke_table_stay_within_it(hands, shop, job, budget, steps):
    sell(hands, {"steps": steps, "keys": sum(made.keys_of(step) for step in steps)})
    assert hands.keys - len(others(steps)) <= budget
    assert shop.orders.count() == 1 + len(others(steps))


def test_the_recorded_baskets_are_those_of_the_seed(baskets):
    """baskets.json is what make_baskets.py makes: a change of one is a change of both."""
    assert baskets == made.all_baskets()
    assert len(made.as_paid(baskets)) == 200
    assert {step[0] for basket in baskets for step in basket["steps"]} == {*acts(Cashier(None)), "serve"}
