"""Two hundred baskets of a kirana's morning, from one seed: `python -m tests.browser.make_baskets` writes baskets.json anew.

A basket is what the cashier does (`steps`, then `pay`), and what must come of it: how many keys, which goods, how much money.
Everything here is worked out with plain decimals, apart from the program.
"""

from __future__ import annotations

import json
import random
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from pathlib import Path

from catalog.barcodes import in_store_ean

FILE = Path(__file__).with_name("baskets.json")
BASKETS = 200
# name, price, MRP, GST
PACKETS = (
    ("Tata Salt 1 kg", "28", "30", "other-0"),
    ("Parle-G 800 g", "82.50", "85", "other-5"),
    ("Amul Butter 100 g", "60", "62", "other-5"),
    ("Red Label Tea 500 g", "270", "290", "other-5"),
    ("Colgate 200 g", "126", "130", "other-18"),
    ("Maggi 70 g", "14", "14", "other-5"),
    ("Surf Excel 1 kg", "138.50", "145", "other-18"),
    ("Lux soap 100 g", "37", "40", "other-5"),
    ("Fortune oil 1 l", "152", "165", "other-5"),
    ("Bru coffee 50 g", "118", "125", "other-5"),
    ("Kissan jam 500 g", "161", "170", "other-5"),
    ("Thums Up 750 ml", "40", "40", "other-40"),
    ("Haldiram bhujia 200 g", "54.75", "55", "other-5"),
    ("Dabur honey 250 g", "119", "125", "other-5"),
    ("Vim bar 200 g", "20", "20", "other-18"),
    ("Good Day 200 g", "34.25", "35", "other-5"),
    ("MDH chana masala 100 g", "78", "80", "other-5"),
    ("Clinic Plus 6 ml", "1", "1", "other-5"),
    ("Aashirvaad atta 5 kg", "255", "280", "other-5"),
    ("Agarbatti 100 sticks", "48", "50", "other-5"),
)
LOOSE = (
    ("42", "Sugar, loose", "44"),
    ("43", "Toor dal, loose", "156.50"),
    ("44", "Rice kolam, loose", "62"),
    ("45", "Onion, loose", "31.75"),
)
CODES = [in_store_ean("20", n + 1) for n in range(len(PACKETS))]
PHONES = ("9812345321", "9812345322", "9812345323", "9812345324", "9812345325")
WEIGHTS = ("0.25", "0.5", "0.75", "1", "1.5", "2", "0.375", "1.255", "5")
CHOSEN_BY_NAME = {"butter": 2, "red la": 3, "bhujia": 12, "vim": 14, "honey": 13, "good d": 15}


def keys_of(step: list) -> int:
    """What a step may cost in key presses; a scan with its own Enter costs none."""
    what, *given = step
    enter = 1
    return {
        "scan": lambda code: 0,
        "times": lambda count, code: len(f"{count}*"),
        "weight": lambda weight, plu: len(f"{weight}*{plu}") + enter,
        "plu": lambda plu, weight: len(plu) + enter + len(weight) + enter,
        "name": lambda text, packet: len(text) + enter,
        "make": lambda count: len(f"*{count}") + enter,
        "more": lambda: len("+") + enter,
        "remove": lambda: 1,
        "undo": lambda: 1,
        "off": lambda off: 1 + len(off) + enter,
        "bill_off": lambda off: 2 + len(off) + enter,
        "hold": lambda: 1,
        "serve": lambda other: 0,  # counted for itself
        "recall": lambda: 1,
        "phone": lambda phone: len(phone) + enter,
        "cash": lambda: 1,
        "given": lambda text: 1 + len(text) + enter,
        "upi": lambda: 1 + enter,
        "khata": lambda: 1 + enter,
        "split": lambda cash: 1 + len(cash) + enter + enter,
    }[what](*given)


class Basket:
    """One customer: what is done, and what the bill holds by then."""

    def __init__(self, dice: random.Random) -> None:
        self.dice, self.steps = dice, []
        self.lines: dict[str, Decimal] = {}
        self.offs: dict[str, int] = {}  # percent by line
        self.bill_off = 0

    def do(self, *step) -> None:
        self.steps.append(list(step))

    def put(self, name: str, count: Decimal) -> None:
        self.lines[name] = self.lines.get(name, Decimal(0)) + count

    def packets(self) -> None:
        """A few of one kind: scanned one by one, or `3*` and a scan; now and then with something off."""
        n = self.dice.randrange(len(PACKETS))
        name, code, count = PACKETS[n][0], CODES[n], self.dice.choice([1, 1, 1, 1, 1, 1, 2, 3, 6, 12])
        if count > 3 or (count > 1 and self.dice.random() < 0.5):
            self.do("times", count, code)
        else:
            for _ in range(count):
                self.do("scan", code)
        self.put(name, Decimal(count))
        if self.dice.random() < 0.03 and not self.offs:
            self.offs[name] = self.dice.choice([2, 5])
            self.do("off", f"{self.offs[name]}%")

    def named(self) -> None:
        text, n = self.dice.choice(list(CHOSEN_BY_NAME.items()))
        self.do("name", text, PACKETS[n][0])
        self.put(PACKETS[n][0], Decimal(1))

    def loose(self) -> None:
        free = [one for one in LOOSE if one[1] not in self.lines]
        if not free:
            return self.packets()
        plu, name, _ = self.dice.choice(free)
        weight = self.dice.choice(WEIGHTS)
        self.do(*(("weight", weight, plu) if self.dice.random() < 0.6 else ("plu", plu, weight)))
        return self.put(name, Decimal(weight))

    def change(self) -> None:
        """The newest line is put right: another count, one more, taken off, or undone."""
        n = self.dice.choice([n for n in range(len(PACKETS)) if PACKETS[n][0] not in self.lines])
        self.do("scan", CODES[n])
        way = self.dice.choice(["make", "more", "remove", "undo"])
        count = {"make": self.dice.randrange(2, 20), "more": 2, "remove": 0, "undo": 0}[way]
        self.do(way, *([count] if way == "make" else []))
        if count:
            self.put(PACKETS[n][0], Decimal(count))

    def fill(self, most: int) -> None:
        for _ in range(most):
            self.dice.choices([self.packets, self.named, self.loose, self.change], [70, 8, 15, 7])[0]()

    def total(self) -> Decimal:
        prices = {name: Decimal(price) for name, price, *_ in PACKETS} | {name: Decimal(price) for _, name, price in LOOSE}
        net = Decimal(0)
        for name, count in self.lines.items():
            gross = paisa(prices[name] * count)
            net += gross - paisa(gross * self.offs.get(name, 0) / 100)
        net -= paisa(net * self.bill_off / 100)
        return net.quantize(Decimal(1), ROUND_HALF_UP)


def paisa(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def make(dice: random.Random, *, alone: bool = False) -> dict:
    """A basket; now and then its bill is held while the next customer is served, and taken up again."""
    basket = Basket(dice)
    basket.packets()
    basket.fill(dice.choice([0, 0, 1, 1, 2, 2, 3, 4, 5, 7, 9, 11]))
    if not alone and dice.random() < 0.05:
        basket.do("hold")
        basket.do("serve", make(dice, alone=True))
        basket.do("recall")
        basket.packets()
    if not basket.offs and dice.random() < 0.04:
        basket.bill_off = 3
        basket.do("bill_off", "3%")
    phone = dice.choice(PHONES) if dice.random() < 0.15 else ""
    if phone:
        basket.do("phone", phone)
    total = basket.total()
    pay, paid = pay_for(dice, total, phone)
    basket.do(*pay)
    return {
        "steps": basket.steps,
        "keys": sum(keys_of(step) for step in basket.steps),
        "lines": {name: f"{count:f}" for name, count in basket.lines.items()},
        "total": f"{total}.00",
        "phone": phone,
        "paid": paid,
    }


def as_paid(baskets: list[dict]) -> list[dict]:
    """All of them in the order they are paid: who is served while another waits comes first."""
    ordered = []
    for basket in baskets:
        ordered += [step[1] for step in basket["steps"] if step[0] == "serve"]
        ordered.append(basket)
    return ordered


def pay_for(dice: random.Random, total: Decimal, phone: str) -> tuple[list, list]:
    """The step that pays, and the payments it makes: method, amount, what was handed over."""
    if phone and dice.random() < 0.7:
        return ["khata"], [["khata", f"{total}.00", None]]
    way = dice.choices(["cash", "given", "upi", "split"], [35, 25, 32, 8])[0]
    if way == "given":
        text, handed = note_above(total)
        return ["given", text], [["cash", f"{total}.00", f"{handed}.00"]]
    if way == "split" and total > 20:
        cash = int(total) // 20 * 10
        return ["split", str(cash)], [["cash", f"{cash}.00", None], ["upi", f"{total - cash}.00", None]]
    method = "upi" if way == "upi" else "cash"
    return [method], [[method, f"{total}.00", None]]


def note_above(total: Decimal) -> tuple[str, Decimal]:
    """The money a customer hands over: one note of 100, 200 or 500 by its first digit, else the next full hundred above."""
    for digit in "125":
        if int(digit) < total < int(digit) * 100:
            return digit, Decimal(digit) * 100
    handed = ((total + 1) / 100).quantize(Decimal(1), ROUND_CEILING) * 100
    return str(handed), handed


def all_baskets() -> list[dict]:
    """Two hundred customers, those served in between counted."""
    dice, baskets = random.Random(2026), []
    while len(as_paid(baskets)) < BASKETS:
        baskets.append(make(dice, alone=len(as_paid(baskets)) == BASKETS - 1))
    return baskets


def main() -> None:
    rows = ",\n".join(json.dumps(basket, ensure_ascii=False) for basket in all_baskets())
    FILE.write_text(f"[\n{rows}\n]\n")


if __name__ == "__main__":
    main()
