"""A real Chromium, one for each worker, driven against the live server."""

from __future__ import annotations

import os
import time
from pathlib import Path
from threading import Lock

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.signals import request_finished, request_started

from tests import factories
from tests.browser.till import CODES, NAMES, open_counter

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Chromium hears no Enter while it prints (test_printer.py), and a machine's next key would come in just then.
NO_PAPER = "if (window !== top) window.print = () => dispatchEvent(new Event('beforeprint'))"


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    """One Chromium for the whole worker. Playwright's sync API runs an event loop, which Django takes for async code."""
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM) if CHROMIUM.exists() else None, args=ARGS)
        yield browser
        browser.close()


def fresh_profile(chromium, live_server, width: int = 1366, height: int = 650, **options):
    """A browser that was never here: on a laptop, unless told otherwise."""
    context = chromium.new_context(viewport={"width": width, "height": height}, base_url=live_server.url, **options)
    context.set_default_timeout(10_000)
    context.live_url = live_server.url
    context.add_init_script(NO_PAPER)
    return context


@pytest.fixture
def context(chromium, live_server):
    """A fresh profile on a 1366×650 laptop; whatever the page itself reports as an error fails the test."""
    context = fresh_profile(chromium, live_server)
    yield context
    context.close()


class InHand:
    """How many requests this process is answering, by Django's own signals."""

    def __init__(self) -> None:
        self.lock, self.count = Lock(), 0
        request_started.connect(self.more, weak=False)
        request_finished.connect(self.less, weak=False)

    def more(self, **kwargs) -> None:
        with self.lock:
            self.count += 1

    def less(self, **kwargs) -> None:
        with self.lock:
            self.count -= 1


IN_HAND = InHand()


@pytest.fixture(autouse=True)
def _server_is_idle_at_the_end(request):
    """Requests that a closed page left behind are answered before the tables are emptied: each would wait for the other.

    Made before every browser of the test, so it ends after the last of them is closed, and before the database is emptied.
    """
    if "live_server" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("live_server")
    before = IN_HAND.count
    yield
    quiet, patience = 0, time.monotonic() + 10
    while quiet < 3 and time.monotonic() < patience:  # a request may be read from its socket and not begun
        quiet = quiet + 1 if IN_HAND.count <= before else 0
        time.sleep(0.01)


@pytest.fixture
def page(context):
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.errors_expected = False  # a test that loses answers or is refused sets it
    yield page
    assert page.errors_expected or not errors, errors


def sign_in(page, user) -> None:
    """Give the browser a session of `user`, as the sign-in page would."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": page.context.live_url}])


@pytest.fixture
def goods(shop):
    """Five packets with barcodes, at ₹52.50 each, a hundred of each in stock; loose sugar with PLU 42 at ₹44 a kilogram."""
    shop.upi_id = "sharma@okbank"
    shop.save(update_fields=["upi_id"])
    made = [factories.make_product(shop, name, stock=100, barcodes=[(code, 1)]) for name, code in zip(NAMES, CODES, strict=True)]
    factories.make_product(shop, "Sugar, loose", price="44", mrp=None, cost="38", stock=50, unit="kg", loose=True, plu=42)
    return made


@pytest.fixture
def counter(page, shop, goods):
    """The counter's page, open and ready, for a helper of the shop."""
    sign_in(page, factories.make_member(shop))
    return open_counter(page, shop)
