"""A real Chromium for the bench: signs in at the real sign-in page, opens the counter, can be put on a slow line."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench.server import PASSWORD, Site
from shops.models import Shop, User
from tests.browser.cashier import READY, Cashier, see
from tests.browser.conftest import ARGS, CHROMIUM

WATCH = Path(__file__).with_name("counter_watch.js").read_text()
LAPTOP = {"width": 1366, "height": 650}


@contextmanager
def running() -> Iterator[Browser]:
    """Start Chromium; stop it, whatever happens. Playwright's event loop looks like async code to Django."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=str(CHROMIUM) if CHROMIUM.exists() else None, args=ARGS)
            yield browser
            browser.close()
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def signed_in(browser: Browser, site: Site, shop: Shop, user: User) -> BrowserContext:
    """A fresh profile, signed in by phone and password, at the shop's first counter."""
    context = browser.new_context(viewport=LAPTOP, base_url=f"http://{site.host}")
    context.add_init_script(WATCH)
    page = context.new_page()
    page.goto(reverse("account_login"))
    page.fill("[name=login]", str(user.phone).removeprefix("+91"))
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/accounts/" not in url and "login" not in url)
    page.goto(reverse("orders:counter", args=[shop.slug]))
    if page.locator("#entry").count() == 0:
        page.locator("main form button").first.click()
    see(page, READY)
    page.close()
    return context


def open_counter(context: BrowserContext, shop: Shop) -> Page:
    page = context.new_page()
    page.goto(reverse("orders:counter", args=[shop.slug]))
    see(page, READY)
    return page


def slow_line(page: Page, *, mbit: float, delay_ms: float, cached: bool) -> None:
    """Put the page on a line of `mbit` Mbit/s each way with `delay_ms` from request to first byte; without its cache unless `cached`."""
    tools = page.context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.send("Network.setCacheDisabled", {"cacheDisabled": not cached})
    speed = mbit * 1_000_000 / 8
    tools.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": delay_ms, "downloadThroughput": speed, "uploadThroughput": speed},
    )


class Hands(Cashier):
    """A cashier who looks up until the receipt is printed: while Chromium prints it hears no key, and a machine's next one would come in just then."""

    def paid(self) -> None:
        self.page.evaluate("watch.since('printed')")
