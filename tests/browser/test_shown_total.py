"""The total the cashier saw goes with the bill, and the server holds it against its own."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import expect

from tests.browser.till import CODES, lines, saved, scan, total

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_posted_bill_carries_the_total_that_was_shown(counter, shop):
    scan(counter, CODES[0], CODES[1])
    expect(total(counter)).to_have_text("₹\u00a0105.00")
    with counter.expect_request("**/counter/pay") as asked:
        counter.keyboard.press("F9")
    assert parse_qs(asked.value.post_data)["total"] == ["105.00"]
    expect(saved(counter)).to_have_text("₹\u00a0105.00")
    assert shop.orders.get().total == Decimal(105)


def test_a_page_that_shows_another_total_is_refused_and_keeps_its_bill(counter, shop):
    scan(counter, CODES[0])
    expect(lines(counter)).to_have_count(1)
    counter.errors_expected = True  # Chromium logs the 422
    counter.evaluate("document.querySelector('[name=total]').value = '50.00'")
    counter.keyboard.press("F9")
    expect(counter.locator("#say")).to_contain_text("comes to ₹53.00, not ₹50.00")
    expect(lines(counter)).to_have_count(1)
    assert not shop.orders.exists()
