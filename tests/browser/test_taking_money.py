"""The payment panel in a real Chromium: notes, UPI said to be paid and seen, khata against its limit, a clock that is wrong."""

from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from catalog.barcodes import in_store_ean
from ledger.models import Posting
from tests import factories
from tests.browser.conftest import sign_in
from tests.browser.till import lines, open_counter, saved, scan

pytestmark = pytest.mark.django_db(transaction=True)
CODE = in_store_ean("20", 1)


@pytest.fixture
def counter(page, shop):
    shop.upi_id = "sharma@okbank"
    shop.save(update_fields=["upi_id"])
    factories.make_product(shop, "Tata Salt 1 kg", price="263", mrp="263", stock=50, barcodes=[(CODE, 1)])
    sign_in(page, factories.make_member(shop))
    open_counter(page, shop)
    scan(page, CODE)
    expect(lines(page)).to_have_count(1)
    return page


def in_account(shop, code) -> Decimal:
    return sum((p.debit - p.credit for p in Posting.objects.filter(shop=shop, account__code=code)), Decimal(0))


def test_f10_and_enter_make_a_upi_bill_that_is_only_claimed_and_alt_s_sees_it(counter, shop):
    counter.keyboard.press("F10")
    expect(counter.locator("#qr svg")).to_be_visible()
    counter.keyboard.press("Enter")
    expect(counter.locator("#saved")).to_contain_text("not yet seen")
    payment = shop.orders.get().payments.get()
    assert (payment.state, payment.mark) == ("claimed", "shown")
    assert (in_account(shop, "1030"), in_account(shop, "1002")) == (Decimal(263), 0)
    counter.keyboard.press("Alt+s")
    expect(counter.locator("#saved .claim")).to_contain_text("seen")
    expect(counter.locator("#saved")).not_to_contain_text("not yet seen")
    payment.refresh_from_db()
    assert payment.state == "seen"
    assert (in_account(shop, "1030"), in_account(shop, "1002")) == (0, Decimal(263))


@pytest.mark.parametrize(("key", "state"), [("c", "claimed"), ("s", "seen")])
def test_c_says_it_is_claimed_and_s_that_it_was_seen(counter, shop, key, state):
    counter.keyboard.press("F10")
    expect(counter.locator("#qr svg")).to_be_visible()
    counter.keyboard.press(key)
    expect(counter.locator("#saved")).to_contain_text("S1/")
    payment = shop.orders.get().payments.get()
    assert (payment.method, payment.amount, payment.state) == ("upi", Decimal(263), state)


def test_the_likely_notes_are_offered_and_a_tap_gives_the_change(counter, shop):
    counter.keyboard.press("F8")
    offered = counter.locator("#tenders [data-notes] button")
    expect(offered).to_have_text(["₹\u00a0270", "₹\u00a0300", "₹\u00a0400", "₹\u00a0500"])
    offered.nth(3).click()
    counter.keyboard.press("Enter")
    expect(saved(counter)).to_have_text("₹\u00a0237.00")
    assert shop.orders.get().payments.get().tendered == Decimal(500)


def test_the_khata_row_says_what_the_customer_would_owe(counter, shop):
    customer = factories.make_customer(shop, "Ramesh", "+919812345321", credit_limit=Decimal(200))
    scan(counter, customer.short_phone)
    expect(counter.locator("#customer")).to_contain_text("Ramesh")
    counter.keyboard.press("F8")
    counter.locator("#pay-khata").fill("150")
    hint = counter.locator(".tender[data-method=khata] .hint")
    expect(hint).to_have_text("would owe ₹\u00a0150.00")
    counter.locator("#pay-khata").fill("263")
    expect(hint).to_have_text("would owe ₹\u00a0263.00, limit ₹\u00a0200.00")
    counter.errors_expected = True
    counter.keyboard.press("Enter")
    expect(counter.locator("#say")).to_contain_text("would owe ₹263.00, limit ₹200.00")
    assert not shop.orders.exists()


def test_a_device_whose_clock_is_wrong_is_told_and_the_bill_keeps_both_times(counter, shop):
    counter.evaluate("{ const now = Date.now; Date.now = () => now() + 2 * 3600000; }")
    counter.keyboard.press("F9")
    expect(counter.locator("#say")).to_contain_text("Clock differs by 2 h")
    assert shop.orders.get().printed["device_time"]


def test_the_panel_is_clean_for_those_who_cannot_see_it(counter):
    counter.keyboard.press("F10")
    expect(counter.locator("#qr svg")).to_be_visible()
    found = Axe().run(counter, options={"runOnly": ["wcag2a", "wcag2aa"]})
    assert not found.response["violations"], [rule["id"] for rule in found.response["violations"]]
