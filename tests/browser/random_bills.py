"""A shop of sixty goods and any number of bills from it, from one seed: mixed rates, weights, amounts, discounts, quantity prices, offers.

Everything is plain text and numbers, so that the page, the server's rules and the database can each be given the same bill.
"""

from __future__ import annotations

import random
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

D = Decimal
GOODS, SEED = 60, 20261125
RATES = {"other-0": "0", "other-5": "5", "other-18": "18", "other-40": "40"}
PAISA = D("0.01")
DISCOUNTS = ("5%", "10%", "2.5%", "33.33%", "0.01%", "100%", "1", "12.50", "0.01", "99.99")
PERCENTS = ("2.5", "5", "10", "33.33")


def rupees(dice: random.Random, most: int, least: int = 1) -> Decimal:
    return D(dice.randint(least, most)) / 100


def make_goods(dice: random.Random) -> list[dict]:
    """Packets by the piece and loose goods by the gram; some without MRP, every third with cheaper prices for more."""
    return [_good(dice, n) for n in range(GOODS)]


def _good(dice: random.Random, n: int) -> dict:
    price = rupees(dice, 60_000, 50)
    loose = n % 4 == 3
    steps = sorted(dice.sample(["2", "3", "6", "12", "24"] if not loose else ["0.500", "2.500", "10", "1.005"], 2), key=D)
    slabs = [[least, f"{price * share / 100:.2f}"] for least, share in zip(steps, (95, 88), strict=True)] if n % 3 == 0 else []
    return {
        "number": n,
        "name": f"Goods {n:02d}",
        "price": f"{price:.2f}",
        "mrp": "" if loose else f"{price + rupees(dice, 3000, 0):.2f}",
        "gst": dice.choice(list(RATES)),
        "decimals": 3 if loose else 0,
        "slabs": [slab for slab in slabs if D(slab[1]) < price],
    }


def make_offers(dice: random.Random) -> list[dict]:
    """A dozen offers of every kind, each on one product or on a set of up to three; overlapping ones too."""
    offers = []
    for number in range(1, 13):
        kind = ("percent", "amount", "buy_get", "combo")[number % 4]
        on = dice.sample(range(20), 3 if kind == "combo" else 1)
        figures = {
            "percent": {"percent": dice.choice(PERCENTS)},
            "amount": {"amount": f"{rupees(dice, 900):.2f}"},
            "buy_get": {"buy": dice.choice(["1", "2", "3"]), "get": "1"},
            "combo": {"price": f"{rupees(dice, 40_000, 5000):.2f}"},
        }[kind]
        offers.append({"id": number, "kind": kind, "name": f"Offer {number}", "on": on, **figures})
    return offers


def make_bill(dice: random.Random, goods: list[dict]) -> dict:
    """One to twelve lines; every fifth bill has a discount of its own, every tenth goes to another state."""
    count = dice.choice([1, 1, 2, 2, 3, 3, 4, 5, 6, 8, 12])
    pool = goods[:20] if dice.random() < 0.5 else goods  # the first twenty are the ones with offers
    return {
        "rounding": dice.choice(["rupee", "rupee", "half", "none"]),
        "other_state": dice.random() < 0.1,
        "discount": dice.choice(DISCOUNTS) if dice.random() < 0.2 else "",
        "lines": [_line(dice, one) for one in dice.sample(pool, count)],
    }


def _line(dice: random.Random, good: dict) -> dict:
    line = {"good": good["number"], "quantity": "", "amount": "", "rate": "", "off": ""}
    if good["decimals"] and dice.random() < 0.25:
        line["amount"] = dice.choice(["10.00", "20.00", "50.00", f"{rupees(dice, 50_000, 500):.2f}"])
    elif good["decimals"]:
        line["quantity"] = f"{D(dice.choice([250, 500, 750, 1000, dice.randint(1, 9999)])) / 1000:.3f}"
    else:
        line["quantity"] = str(dice.choice([1, 1, 1, 2, 3, 6, dice.randint(1, 40)]))
    if dice.random() < 0.1:
        line["rate"] = f"{rupees(dice, int(D(good['price']) * 100)):.2f}"
    if dice.random() < 0.15:
        line["off"] = dice.choice(DISCOUNTS)
    return line


def quantity_for(amount: Decimal, price: Decimal) -> Decimal:
    """What an amount buys of goods sold by the gram without MRP: rounded down."""
    return (amount / price).quantize(D("0.001"), ROUND_FLOOR)


def world(count: int) -> tuple[list[dict], list[dict], list[dict]]:
    """Goods, offers and `count` bills; the same for the same count."""
    dice = random.Random(SEED)
    goods, offers = make_goods(dice), make_offers(dice)
    return goods, offers, [make_bill(dice, goods) for _ in range(count)]


def half_up(amount: Decimal) -> Decimal:
    return amount.quantize(PAISA, ROUND_HALF_UP)
