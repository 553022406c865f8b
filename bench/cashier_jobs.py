"""The cashier's jobs of counter.md by keyboard alone: how many keys each takes (scans not counted), and how long at a machine's pace."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from statistics import median
from time import perf_counter

from bench import clock
from bench.clock import Result
from bench.codes import some_codes
from catalog.models import GstGoods, Product
from catalog.services import save_product
from inventory.services import Opening, enter_opening_stock
from orders.models import Customer
from shops.models import Role, Shop
from tests.browser.cashier import Cashier

TIMES = 3
PHONE = "9812345321"


def five_items_exact_cash(hands: Cashier) -> None:
    hands.scan(*some_codes(5))
    hands.pay_cash()


def four_items_500_given(hands: Cashier) -> None:
    hands.scan(*some_codes(4))
    hands.pay_given("5")


def packets_and_sugar(hands: Cashier) -> None:
    """12 packets of one kind, 1.5 kg of item 42."""
    hands.type("12*")
    hands.scan(*some_codes(1))
    hands.enter("1.5*42")


def packets_and_sugar_upi(hands: Cashier) -> None:
    packets_and_sugar(hands)
    hands.pay_upi()


def packets_and_sugar_khata(hands: Cashier) -> None:
    packets_and_sugar(hands)
    hands.choose_customer(PHONE)
    hands.pay_khata()


def hold_serve_recall(hands: Cashier) -> None:
    """Two keys, and F9 for either customer."""
    hands.scan(*some_codes(3))
    hands.hold()
    hands.scan(*some_codes(1))
    hands.pay_cash()
    hands.recall()
    hands.pay_cash()


def discount_on_line(hands: Cashier) -> None:
    """F6, 5, %, Enter; and F9 ends the bill."""
    hands.scan(*some_codes(2))
    hands.discount("5%")
    hands.pay_cash()


JOBS: tuple[tuple[str, int, Callable[[Cashier], None]], ...] = (
    ("5 scanned items, exact cash, print", 1, five_items_exact_cash),
    ("4 scanned items, ₹500 given", 3, four_items_500_given),
    ("12 packets, 1.5 kg sugar by PLU, UPI", 12, packets_and_sugar_upi),
    ("the same on khata, known phone", 24, packets_and_sugar_khata),
    ("hold, serve another, recall; F9 for both", 2 + 2, hold_serve_recall),
    ("5 % off a line; F9", 4 + 1, discount_on_line),
)


def measure(hands: Cashier, shop: Shop) -> list[Result]:
    loose_sugar(shop)
    Customer.objects.get_or_create(shop=shop, phone=f"+91{PHONE}", defaults={"name": "Ramesh", "credit_limit": Decimal(10_000_000)})
    return [_job(hands, what, most, work) for what, most, work in JOBS]


def _job(hands: Cashier, what: str, most: int, work: Callable[[Cashier], None]) -> Result:
    keys, took = [], []
    for _ in range(TIMES):
        hands.keys, started = 0, perf_counter()
        work(hands)
        keys.append(hands.keys)
        took.append((perf_counter() - started) * 1000)
    return clock.count(f"keys: {what}", max(keys), most=most, unit=f"keys ({median(took):.0f} ms, first scan to next bill)")


def loose_sugar(shop: Shop) -> Product:
    """Sugar by the kilogram under the code 42, which the loaded shop gave to a packet."""
    known = shop.products.filter(plu=42, loose=True).first()
    if known:
        return known
    owner = shop.memberships.get(role=Role.OWNER).user
    shop.products.filter(plu=42).update(plu=None)
    gst = GstGoods.objects.get(slug="other-5")
    price = {"price": Decimal(44), "mrp": None, "cost": Decimal(38)}
    sugar = save_product(shop=shop, by=owner, name="Sugar, loose", unit="kg", loose=True, plu=42, gst_goods=gst, **price)
    enter_opening_stock(shop=shop, by=owner, openings=[Opening(product=sugar, quantity=Decimal(90_000), unit_cost=sugar.cost, mrp=None)])
    return sugar
