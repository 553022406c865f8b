"""A real Chromium, one for each worker, driven against the live server."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

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
    until_the_server_is_idle()


def until_the_server_is_idle() -> None:
    """Requests that a closed page left behind are answered first: emptying the tables would wait for them, and they for it."""
    busy = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
    for _ in range(100):
        with connection.cursor() as cursor:
            cursor.execute(busy)
            if not cursor.fetchone()[0]:
                return
        time.sleep(0.05)


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
