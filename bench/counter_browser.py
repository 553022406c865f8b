"""The counter in a real Chromium against a real server: from the key to what the cashier sees (counter.md's budgets)."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import batched
from statistics import median

from django.urls import reverse
from playwright.sync_api import Browser, Page

from bench import cashier_jobs, chromium, clock, server
from bench.clock import Result, p95
from bench.codes import some_codes
from shops.models import Role, Shop
from tests.browser.cashier import Cashier, see

BILLS, LINES = 20, 8  # 160 scans of different codes, 160 second scans, 20 payments
STORM = 30
PACE = 60  # ms between two letters of a quick typist
MBIT, DELAY = 3, 40  # an ordinary mobile line: 3 Mbit/s, 40 ms to the server


def measure(shop: Shop) -> list[Result]:
    owner = shop.memberships.get(role=Role.OWNER).user
    with server.running() as site, chromium.running() as browser:
        context = chromium.signed_in(browser, site, shop, owner)
        page = chromium.open_counter(context, shop)
        hands = chromium.Hands(page)
        results = [*scans_and_payments(hands, shop), storm(hands), names(hands, shop), *cashier_jobs.measure(hands, shop)]
        page.close()
        state = context.storage_state()
        context.close()
        return [*results, *opening(browser, site, shop, state), forty_lines(site, shop, owner)]


def scans_and_payments(hands: Cashier, shop: Shop) -> list[Result]:
    """Bills of eight packets, each scanned twice, paid by one key; each time beside what it cannot do without."""
    page, line = hands.page, reverse("orders:counter_line", args=[shop.slug])
    asked, again, paid, bare, frames, posts = [], [], [], [], [], []
    for codes in batched(some_codes(BILLS * LINES), LINES):
        others = some_codes(LINES)
        for code, other in zip(codes, others, strict=True):
            hands.scan(code)
            asked.append(page.evaluate("watch.since('line')"))
            bare.append(page.evaluate("url => watch.bare(url)", f"{line}?code={other}"))
        for code in codes:
            hands.scan(code)
            again.append(page.evaluate("watch.since('line')"))
            frames.append(page.evaluate("watch.frame()"))
        hands.press("F9")
        paid.append(page.evaluate("watch.since('print')"))
        hands.paid()
        posts.append(page.evaluate(REQUESTS, [reverse("orders:counter_pay", args=[shop.slug]), "/receipt"]))
        page.evaluate("watch.forget(); performance.clearResourceTimings()")
    kept = page.evaluate("watch.kept")
    return [
        said("browser: scan to line painted, server asked", asked, bare, most=150),
        said("browser: second scan of a code, page alone", again, frames, most=50),
        said("browser: F9 to print start", paid, posts, most=300),
        clock.count("browser: bills posted before they lay on the device", BILLS - sum(kept), most=0, unit=f"of {len(kept)}"),
    ]


# What the browser's own clock says of the requests without which nothing is paid and printed: the POST and the receipt's page.
REQUESTS = """([pay, receipt]) => performance.getEntriesByType("resource")
    .filter((one) => one.name.includes(pay) || one.name.includes(receipt)).reduce((sum, one) => sum + one.duration, 0)"""


def said(
    what: str, ours: list[float], floor: list[float], *, most: float, of: Callable[[list[float]], float] = p95, name: str = "p95"
) -> Result:
    """One line: the p95 (or `of`) beside the floor's, and the medians in words."""
    budget = f"{name} ≤ {most:g} ms (median {median(ours):.0f}, floor's {median(floor):.0f})"
    return clock.told(Result(what, of(ours), of(floor), budget, of(ours) <= most))


def storm(hands: Cashier) -> Result:
    """Thirty scans in three seconds, every code three times: what the bill holds afterwards."""
    codes = some_codes(STORM // 3) * 3
    started = time.monotonic()
    for n, code in enumerate(codes):
        time.sleep(max(0, started + n * 3 / STORM - time.monotonic()))
        hands.scan(code)
    took = time.monotonic() - started
    hands.see("() => document.getElementById('waiting').hidden")
    hands.page.wait_for_timeout(500)
    held = hands.page.evaluate("[...document.querySelectorAll('#lines .qty')].reduce((sum, cell) => sum + Number(cell.value), 0)")
    hands.pay_cash()
    return clock.count(f"browser: lost of 30 scans in {took:.1f} s", STORM - held, most=0, unit="scans")


def names(hands: Cashier, shop: Shop) -> Result:
    """Three letters into the box at a quick typist's pace: from the last key to the list painted."""
    page, search = hands.page, reverse("orders:counter_search", args=[shop.slug])
    ours, bare = [], []
    for word in ["amu", "bis", "sug", "tea", "dal", "oil", "sal", "ric", "sha", "but"] * 4:
        page.keyboard.type(word, delay=PACE)
        ours.append(page.evaluate("watch.since('found')"))
        hands.press("Escape", "Escape")
        page.evaluate("watch.forget()")
        bare.append(page.evaluate("url => watch.bare(url)", f"{search}?q={word}"))
    return said("browser: third letter to list of names painted", ours, bare, most=80)


def opening(browser: Browser, site: server.Site, shop: Shop, state) -> list[Result]:
    """The counter opened on a slow line with nothing in the cache, then again; the floor is the time its bytes need on the line."""
    cold, again, wire, wire_again = [], [], [], []
    for _ in range(4):
        context = browser.new_context(viewport=chromium.LAPTOP, base_url=f"http://{site.host}", storage_state=state)
        context.add_init_script(chromium.WATCH)
        for times, floor in ((cold, wire), (again, wire_again), (again, wire_again)):
            page = context.new_page()
            chromium.slow_line(page, mbit=MBIT, delay_ms=DELAY, cached=times is again)
            times.append(opened_after(page, shop))
            floor.append(page.evaluate(BYTES) * 8 / (MBIT * 1000) + DELAY)
            page.close()
        context.close()
    return [
        said(f"browser: counter opened cold at {MBIT} Mbit/s", cold, wire, most=4000, of=max, name="worst"),
        said(f"browser: counter opened again at {MBIT} Mbit/s", again, wire_again, most=1000, of=max, name="worst"),
    ]


BYTES = """performance.getEntriesByType("navigation").concat(performance.getEntriesByType("resource")).reduce((sum, one) => sum + one.transferSize, 0)"""


def opened_after(page: Page, shop: Shop) -> float:
    """Milliseconds from the address to the counter ready and painted."""
    page.goto(reverse("orders:counter", args=[shop.slug]))
    see(page, "() => watch.openedAfter", patience_ms=60_000)
    return page.evaluate("watch.openedAfter")


def forty_lines(site: server.Site, shop: Shop, owner) -> Result:
    """The same server takes a bill of 40 lines over a kept connection."""
    site.connection.close()  # the server has given up waiting on it; the next request opens another
    site.sign_in(shop, owner)
    products = list(shop.products.order_by("pk").values_list("pk", flat=True)[:5000])
    pay = site.payer(shop, products, lines=40)
    return clock.within("a bill of 40 lines over HTTP", pay, lambda: site.get("/health"), most=200, times=30)
