"""What the bill in the page must be after each thing a cashier does: the oracle of the test that kills the browser."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from decimal import Decimal

from tests.browser.till import CODES

MOST = 45  # stay clear of the questions that more than 99 pieces or 50 kg ask
LOOSE = "42"


@dataclass(frozen=True)
class Bill:
    """Lines as (code, quantity), the place of the selected one, and the customer's phone."""

    lines: tuple[tuple[str, Decimal], ...] = ()
    sel: int = -1
    customer: str = ""

    def put(self, place: int, code: str, quantity: Decimal) -> Bill:
        lines = list(self.lines)
        lines[place : place + 1] = [(code, quantity)]
        return replace(self, lines=tuple(lines), sel=place)

    def scan(self, code: str, quantity: Decimal) -> Bill:
        """A second scan of the same goods goes into their line."""
        for place, (there, count) in enumerate(self.lines):
            if there == code:
                return self.put(place, code, count + quantity)
        return self.put(len(self.lines), code, quantity)

    def change(self, by: Decimal) -> Bill:
        code, count = self.lines[self.sel]
        return self.put(self.sel, code, count + by)

    def remove(self) -> Bill:
        lines = self.lines[: self.sel] + self.lines[self.sel + 1 :]
        return replace(self, lines=lines, sel=min(self.sel, len(lines) - 1))


class Cashier:
    """Does random things, each one change of the bill: (what to type, or the key to press) and the bill after it."""

    def __init__(self, seed: int, phone: str):
        self.random = random.Random(seed)
        self.phone = phone
        self.start()

    def start(self) -> None:
        self.bill = Bill()
        self.undo: list[Bill] = []

    def act(self) -> tuple[str, Bill]:
        text, after = self.random.choice(self._choices())
        if text == "<Control+z>":
            self.undo = self.undo[:-1]  # a new list: the history still holds the old one
        else:
            self.undo = [*self.undo, self.bill][-20:]
        self.bill = after
        return text, after

    def _choices(self) -> list[tuple[str, Bill]]:
        bill, code, count = self.bill, self.random.choice(CODES), self.random.randint(2, 5)
        weight = Decimal(self.random.randint(1, 900)) / 100
        choices = [(code, bill.scan(code, Decimal(1)))] * 4
        choices += [(f"{count}*{code}", bill.scan(code, Decimal(count)))] * 2
        choices += [(f"{weight}*{LOOSE}", bill.scan(LOOSE, weight))] * 2
        if not bill.customer:
            choices.append((self.phone, replace(bill, customer=self.phone)))
        if bill.lines:
            there, quantity = bill.lines[bill.sel]
            choices += [("+", bill.change(Decimal(1)))] if there != LOOSE else []
            choices += [("-", bill.change(Decimal(-1)))] if there != LOOSE and quantity > 1 else []
            choices += [(f"*{count}", bill.change(count - quantity))] if quantity != count else []
            choices.append(("<Delete>", bill.remove()))
        if self.undo:
            choices += [("<Control+z>", self.undo[-1])] * 2
        return [(text, after) for text, after in choices if all(quantity <= MOST for _, quantity in after.lines) and after != bill]
