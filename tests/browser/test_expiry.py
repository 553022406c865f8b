"""Goods near their date dealt with from the keyboard, and on a phone."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.conftest import sign_in
from tests.inventory.test_expiry_acts import lot_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def dated(page, shop):
    """The page with a lot past its date and one of its last week."""
    milk = factories.make_product(shop, "Milk powder", price="100", mrp="110", cost="80", gst="other-5")
    old, near = lot_for(milk, -2), lot_for(milk, 3)
    sign_in(page, shop.owner)
    page.goto(f"/s/{shop.slug}/stock/expiry/")
    return page, old, near


def test_marked_down_and_written_off_without_the_mouse(dated):
    page, old, near = dated
    price = page.get_by_label("New price of Milk powder")
    price.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("45.50")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".note.good")).to_contain_text("1 lot has a new price.")
    near.refresh_from_db()
    assert near.price == Decimal("45.50")

    page.get_by_role("button", name="Write off").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("Write off 10 pc of Milk powder?")
    page.get_by_role("dialog").get_by_role("button", name="Write off").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".note.good")).to_contain_text("Written off: 1 lot")
    expect(page.locator(".dated tbody tr")).to_have_count(1)
    old.refresh_from_db()
    assert old.on_hand == 0


def test_enter_in_the_price_box_marks_that_lot_down_and_writes_nothing_off(dated):
    page, old, near = dated
    price = page.get_by_label("New price of Milk powder")
    price.fill("44")
    price.press("Enter")
    expect(page.locator(".note.good")).to_contain_text("1 lot has a new price.")
    near.refresh_from_db()
    old.refresh_from_db()
    assert (near.price, old.on_hand) == (Decimal(44), 10)


def test_a_band_narrows_the_list_on_a_phone_and_nothing_sticks_out(dated):
    page, *_ = dated
    page.set_viewport_size({"width": 360, "height": 740})
    page.get_by_role("link", name="Past its date").click()
    expect(page.locator(".dated tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile("days=past"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
