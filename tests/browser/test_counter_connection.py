"""What the bar says of the connection and of the room on the device, from the counter's own requests."""

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.conftest import sign_in
from tests.browser.till import CODES, lines, open_counter, said, scan, wait_until_kept

pytestmark = pytest.mark.django_db(transaction=True)

ROOM = "navigator.storage.estimate = async () => ({ usage: %d, quota: 1000000000 });"
PERSIST = """
navigator.storage.persisted = async () => false;
navigator.storage.persist = async () => { window.asked = (window.asked ?? 0) + 1; return true; };
"""


def badge(page):
    return page.locator("#online")


def cut(page) -> None:
    """No request gets through any more."""
    page.errors_expected = True
    page.route("**/*", lambda route: route.abort("internetdisconnected"))


def mend(page) -> None:
    page.unroute("**/*")


def test_it_says_online_and_that_nothing_waits(counter):
    expect(badge(counter)).to_have_text("Online, 0 waiting")
    expect(badge(counter)).to_have_attribute("data-state", "online")


def test_a_request_that_fails_says_offline_and_the_first_that_gets_through_online(counter):
    scan(counter, CODES[0])
    expect(lines(counter)).to_have_count(1)
    cut(counter)
    scan(counter, CODES[1])
    expect(badge(counter)).to_have_text("Offline, 0 waiting")
    expect(badge(counter)).to_have_attribute("data-state", "offline")
    mend(counter)
    expect(badge(counter)).to_have_text("Online, 0 waiting", timeout=8000)  # asked again by itself, without a press


def test_a_server_that_refuses_is_still_reached(counter):
    counter.errors_expected = True
    counter.route("**/counter/line/**", lambda route: route.fulfill(status=500, body=""))
    scan(counter, CODES[0])
    counter.wait_for_timeout(400)
    expect(badge(counter)).to_have_attribute("data-state", "online")


def test_the_browsers_own_word_counts_too(counter):
    counter.errors_expected = True
    counter.context.set_offline(True)
    expect(badge(counter)).to_contain_text("Offline")
    counter.context.set_offline(False)
    expect(badge(counter)).to_contain_text("Online")


def test_a_bill_without_an_answer_waits_and_the_list_tells_which(counter):
    scan(counter, *CODES[:2])
    expect(lines(counter)).to_have_count(2)
    wait_until_kept(counter)
    cut(counter)
    counter.keyboard.press("F9")
    expect(badge(counter)).to_have_text("Offline, 1 waiting")
    badge(counter).click()
    side = counter.locator("#side")
    expect(side.get_by_role("heading")).to_have_text("Connection")
    expect(side).to_contain_text("The shop’s server does not answer")
    expect(side.locator(".pick")).to_contain_text(["no answer yet"])
    expect(side.locator(".pick")).to_contain_text(["₹\u00a0105.00"])


def test_a_full_device_is_told_once_and_stays_in_the_bar(page, shop, goods):
    page.add_init_script(ROOM % 990_000_000)
    sign_in(page, factories.make_member(shop))
    counter = open_counter(page, shop)
    expect(said(counter)).to_contain_text("This device is nearly full: room for 50 bills")
    expect(badge(counter)).to_have_text("Online, storage low")
    badge(counter).click()
    expect(counter.locator("#side")).to_contain_text("Only 10 MB are left on this device")


def test_a_device_with_room_says_nothing_of_it(page, shop, goods):
    page.add_init_script(ROOM % 10_000_000)
    sign_in(page, factories.make_member(shop))
    counter = open_counter(page, shop)
    expect(badge(counter)).to_have_text("Online, 0 waiting")
    badge(counter).click()
    expect(counter.locator("#side")).to_contain_text("room for 990 MB more")


def test_the_browser_is_asked_once_to_keep_the_bills_and_with_the_first_goods(page, shop, goods):
    page.add_init_script(PERSIST)
    sign_in(page, factories.make_member(shop))
    counter = open_counter(page, shop)
    assert counter.evaluate("window.asked") is None
    scan(counter, *CODES[:2])
    expect(lines(counter)).to_have_count(2)
    assert counter.evaluate("window.asked") == 1
    wait_until_kept(counter)
    counter.reload()
    scan(counter, CODES[2])
    expect(lines(counter)).to_have_count(3)
    counter.wait_for_timeout(200)
    assert counter.evaluate("window.asked") is None, "not again within the week"
