"""The counter in the hand: a swipe removes a line, a long press tells what can be done to it, loose goods are weighed on a pad."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.phone import phone, press_long, swipe
from tests.browser.till import CODES, NAMES, lines, said, scan, total

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def till(chromium, live_server, shop, goods):
    with phone(chromium, live_server, factories.make_member(shop, "owner"), shop) as page:
        yield page


def undo_bar(page):
    return page.locator("#undo")


def pad(page):
    return page.locator("#pad")


def tap_pad(page, *keys):
    for key in keys:
        pad(page).locator(".pad-keys").get_by_role("button", name=key, exact=True).tap()


# --- fingers on a line ----------------------------------------------------------------------------------------
def test_a_swipe_left_removes_the_line_and_undo_brings_it_back(till):
    scan(till, *CODES[:3])
    expect(lines(till)).to_have_count(3)
    swipe(till, lines(till).nth(1), 0.5)
    expect(lines(till).locator(".item b")).to_have_text([NAMES[0], NAMES[2]])
    expect(undo_bar(till)).to_contain_text(f"{NAMES[1]} removed")
    undo_bar(till).get_by_role("button", name="Undo").tap()
    expect(lines(till).locator(".item b")).to_have_text(NAMES[:3])
    expect(undo_bar(till)).to_be_hidden()


def test_a_short_swipe_changes_nothing(till):
    scan(till, *CODES[:2])
    expect(lines(till)).to_have_count(2)
    swipe(till, lines(till).nth(0), 0.2)
    till.wait_for_timeout(200)
    expect(lines(till)).to_have_count(2)
    expect(undo_bar(till)).to_be_hidden()
    assert lines(till).nth(0).evaluate("row => getComputedStyle(row).transform") == "none", "the line is back in its place"


def test_the_undo_bar_is_gone_after_five_seconds_and_with_the_next_change(till):
    scan(till, *CODES[:3])
    expect(lines(till)).to_have_count(3)
    swipe(till, lines(till).nth(0), 0.5)
    expect(undo_bar(till)).to_be_visible()
    scan(till, CODES[4])
    expect(undo_bar(till)).to_be_hidden()
    swipe(till, lines(till).nth(0), 0.5)
    expect(undo_bar(till)).to_be_visible()
    till.wait_for_timeout(4000)
    expect(undo_bar(till)).to_be_visible()
    till.wait_for_timeout(1500)
    expect(undo_bar(till)).to_be_hidden()


def test_a_long_press_opens_what_can_be_done_to_that_line(till):
    scan(till, *CODES[:2])
    expect(lines(till)).to_have_count(2)
    press_long(till, lines(till).nth(0))
    sheet = till.locator("#side")
    expect(sheet.get_by_role("heading")).to_have_text(NAMES[0])
    expect(sheet.get_by_role("button", name="Quantity")).to_contain_text("1 pc")
    expect(sheet.locator(".line-sheet b")).to_have_text(["Quantity", "Rate", "Discount", "Batch", "Remove the line"])
    sheet.get_by_role("button", name="Remove the line").tap()
    expect(sheet).to_be_hidden()
    expect(lines(till).locator(".item b")).to_have_text([NAMES[1]])


def test_a_discount_by_thumbs_alone_has_a_percent_sign(till):
    scan(till, CODES[0])
    expect(lines(till)).to_have_count(1)
    press_long(till, lines(till).first)
    till.locator("#side").get_by_role("button", name="Discount").tap()
    box = till.locator("#entry")
    expect(box).to_have_attribute("inputmode", "decimal")
    till.keyboard.type("10")
    till.get_by_role("button", name="Percent").tap()
    expect(box).to_have_value("10%")
    till.get_by_role("button", name="Add", exact=True).tap()
    expect(lines(till).locator(".off")).to_have_text("less 10% −5.25")


def test_one_more_and_one_less_are_there_for_the_thumb(till):
    scan(till, CODES[0])
    lines(till).get_by_role("button", name="One more").tap()
    expect(lines(till).locator(".qty")).to_have_value("2")
    lines(till).get_by_role("button", name="One less").tap()
    expect(lines(till).locator(".qty")).to_have_value("1")


# --- the pad -----------------------------------------------------------------------------------------------------
def test_loose_goods_bring_the_pad_and_a_weight_key_is_enough(till):
    scan(till, "42")
    expect(pad(till)).to_be_visible()
    expect(till.locator("#entry")).to_be_focused()
    assert till.locator("#entry").get_attribute("inputmode") == "none", "the on-screen keyboard stays closed"
    expect(total(till)).to_be_in_viewport()
    tap_pad(till, "0.5 kg")
    expect(pad(till)).to_be_hidden()
    expect(lines(till).locator(".qty")).to_have_value("0.5")
    expect(total(till)).to_have_text("₹\u00a022.00")


def test_ten_rupees_of_it_is_one_key_too(till):
    scan(till, "42")
    tap_pad(till, "₹10")
    expect(lines(till).locator(".amount")).to_have_text("10.00")
    expect(pad(till)).to_be_hidden()


def test_digits_show_what_they_come_to_and_wait_for_ok(till, shop):
    scan(till, "42")
    tap_pad(till, "1", "Point", "Point", "2", "5")
    expect(pad(till).locator("output")).to_have_text("1.25 kg = ₹\u00a055.00")
    expect(total(till)).to_have_text("₹\u00a00.00")
    tap_pad(till, "Clear", "2", "OK")
    expect(lines(till).locator(".qty")).to_have_value("2")
    till.locator(".acts").get_by_role("button", name="Cash").tap()
    expect(till.locator("#saved")).to_contain_text("S1/")
    assert shop.orders.get().lines.get().quantity == Decimal(2)


def test_ok_without_a_weight_says_so_and_a_scan_goes_on_beside_the_pad(till):
    scan(till, "42")
    tap_pad(till, "OK")
    expect(said(till).locator("[data-kind=bad]")).to_be_visible()
    expect(pad(till)).to_be_visible()
    scan(till, CODES[0])
    expect(lines(till)).to_have_count(2)
    expect(pad(till)).to_be_hidden()


def test_a_tap_on_a_weight_opens_the_pad_for_that_line(till):
    scan(till, "42")
    tap_pad(till, "1 kg")
    scan(till, CODES[0])
    expect(lines(till)).to_have_count(2)
    lines(till).nth(0).locator(".qty").tap()
    expect(pad(till)).to_contain_text("Sugar, loose")
    tap_pad(till, "5 kg")
    expect(lines(till).nth(0).locator(".qty")).to_have_value("5")


def test_every_key_of_the_pad_is_wide_enough_for_a_thumb(till):
    scan(till, "42")
    expect(pad(till)).to_be_visible()
    for width in (360, 320):
        till.set_viewport_size({"width": width, "height": 740})
        boxes = [key.bounding_box() for key in pad(till).locator("button").all()]
        assert len(boxes) == 23
        assert [box for box in boxes if box["width"] < 47.5 or box["height"] < 47.5] == []


def test_on_a_laptop_the_mark_on_the_line_opens_it(counter):
    scan(counter, "42")
    expect(lines(counter).locator(".qty")).to_be_focused()
    expect(pad(counter)).to_be_hidden()
    lines(counter).locator(".weigh").click()
    expect(pad(counter)).to_be_visible()
    pad(counter).get_by_role("button", name="0.75 kg").click()
    expect(lines(counter).locator(".qty")).to_have_value("0.75")
