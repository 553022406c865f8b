"""A pair of hands at the counter: every key counts, a scanner's do not."""

from __future__ import annotations

import time

from playwright.sync_api import Page

REFIRE = 0.08  # s: the counter takes the same code within 60 ms for one scan heard twice
# What the page shows when it is ready for the next key; a person waits for the same.
READY = "() => 'ready' in document.documentElement.dataset"
PANEL_OPEN = "() => document.getElementById('pay').dataset.state === 'paying'"
NEW_BILL = "key => document.querySelector('#bill [name=key]').value !== key"
ALL_DRAWN = "() => !document.getElementById('slots').children.length"
ASKS_IN_BOX = "() => !document.getElementById('prompt').hidden"
HAS_CUSTOMER = "() => Boolean(document.querySelector('#customer [name=customer]'))"


def see(page: Page, condition: str, arg: object = None, *, patience_ms: int = 10_000) -> None:
    """Wait until `condition`, a JavaScript function of `arg`, is true. Playwright's own way uses eval, which the page's policy forbids."""
    seen = page.evaluate(
        f"""([arg, patience]) => new Promise((done) => {{
            const until = performance.now() + patience;
            const look = () => {{
                if (({condition})(arg)) done(true);
                else if (performance.now() > until) done(false);
                else setTimeout(look, 4);
            }};
            look();
        }})""",
        [arg, patience_ms],
    )
    assert seen, f"never seen: {condition} of {arg!r}; the page says: {page.inner_text('body')[:500]}"


class Cashier:
    """Works the counter's page by keyboard alone. `keys` counts presses (a chord such as Alt+K is one); scans are not counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys = page, 0
        self._scanned = "", 0.0

    def scan(self, *codes: str) -> None:
        """As a hand scanner: the whole code at once, then Enter; it reads the same code again only after a while."""
        for code in codes:
            if code == self._scanned[0]:
                time.sleep(max(0, self._scanned[1] + REFIRE - time.monotonic()))
            self.page.keyboard.insert_text(code)
            self.page.keyboard.press("Enter")
            self._scanned = code, time.monotonic()

    def press(self, *names: str) -> None:
        for name in names:
            self.page.keyboard.press(name)
            self.keys += 1

    def type(self, text: str) -> None:
        """Letter by letter, as a person does."""
        self.page.keyboard.type(text)
        self.keys += len(text)

    def enter(self, text: str) -> None:
        """A text into the entry box, and Enter."""
        self.type(text)
        self.press("Enter")

    def see(self, condition: str, arg: object = None) -> None:
        """Wait until the page shows it."""
        see(self.page, condition, arg)

    # --- the ends of a bill ------------------------------------------------------------------------------------
    def bill_key(self) -> str:
        return self.page.input_value("#bill [name=key]")

    def pay_cash(self) -> None:
        """Exact cash: one key."""
        self._paid("F9")

    def pay_given(self, text: str) -> None:
        """Cash with change: a single 1, 2 or 5 stands for a note of ₹100, ₹200 or ₹500."""
        self._open("F8")
        self.type(text)
        self._paid("Enter")

    def pay_upi(self) -> None:
        self._open("F10")
        self._paid("Enter")

    def pay_khata(self) -> None:
        """All of it on the khata of the customer on the bill."""
        self._open("Alt+k")
        self._paid("Enter")

    def pay_split(self, cash: str) -> None:
        """So much in cash, the rest by UPI: the cursor moves on to UPI by itself."""
        self._open("F8")
        self.type(cash)
        self.press("Enter")
        self._paid("Enter")

    def choose_customer(self, phone: str) -> None:
        self.enter(phone)
        self.see(HAS_CUSTOMER)

    # --- a bill that waits ---------------------------------------------------------------------------------------
    def hold(self) -> None:
        """Put the bill aside; a new one stands there."""
        self._another_bill("F3")

    def recall(self) -> None:
        """Take up the only bill that waits; the one at hand is empty."""
        self._another_bill("F3")

    def _another_bill(self, key: str) -> None:
        bill = self.bill_key()
        self.press(key)
        self.see(NEW_BILL, bill)

    # --- discounts -----------------------------------------------------------------------------------------------
    def discount(self, off: str) -> None:
        """Off the line at hand, such as 5% or 12.50."""
        self._off(off, "F6")

    def discount_bill(self, off: str) -> None:
        """Off the whole bill: the same key again."""
        self._off(off, "F6", "F6")

    def _off(self, off: str, *keys: str) -> None:
        self.see(ALL_DRAWN)  # the line at hand is the one that is seen
        self.press(*keys)
        self.see(ASKS_IN_BOX)
        self.enter(off)

    def _open(self, key: str) -> None:
        self.press(key)
        self.see(PANEL_OPEN)

    def _paid(self, key: str) -> None:
        bill = self.bill_key()
        self.press(key)
        self.see(NEW_BILL, bill)
        self.paid()

    def paid(self) -> None:
        """For those who wait for more than the next bill."""
