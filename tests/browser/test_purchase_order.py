"""A purchase order by keyboard alone: written, sent, half of it received."""

import pytest
from playwright.sync_api import expect

from smartkirana.dates import shop_today
from tests import factories
from tests.browser.conftest import sign_in
from tests.browser.test_counter import problems
from tests.browser.test_counter_goods import axe
from tests.browser.test_goods_receipt import CARTON, SALT, date_keys, fill, press
from tests.browser.till import scan
from tests.inventory.buying import make_supplier

pytestmark = pytest.mark.django_db(transaction=True)


def walk_to(page, wanted):
    """Tab on until `wanted` has the cursor."""
    for _ in range(120):
        if wanted.evaluate("it => it === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("Tab never comes there")


def test_order_is_written_sent_and_half_received_by_keyboard(page, shop):
    salt = factories.make_product(shop, "Salt 1 kg", price="25", mrp="28", cost="20", barcodes=[(SALT, 1)])
    factories.make_product(shop, "Tea 250 g", price="120", mrp="140", cost="100", gst="other-18", barcodes=[("T1", 1), (CARTON, 12)])
    make_supplier(shop, "Gupta Agencies")
    sign_in(page, shop.owner)
    page.goto(f"/s/{shop.slug}/purchases/orders/new/")

    expect(page.get_by_label("Supplier", exact=True)).to_be_focused()
    page.keyboard.type("Gupta")
    press(page, "Enter")
    expect(page.locator("#find-product")).to_be_focused()
    scan(page, SALT)
    row = page.locator("[data-row]")
    expect(row).to_have_count(1)
    expect(row.first.get_by_label("Packs", exact=True)).to_be_focused()
    page.keyboard.type("4")
    fill(page, "pc in a pack", "10", 0)
    fill(page, "Pack price ₹", "190", 0)
    press(page, "Enter")
    scan(page, CARTON)
    expect(row).to_have_count(2)
    expect(row.last.get_by_label("pc in a pack")).to_have_value("12")
    scan(page, CARTON)
    expect(row.last.get_by_label("Packs", exact=True)).to_have_value("2")
    expect(page.locator("#sums")).to_contain_text("760.00")
    expect(page.locator("#sums")).to_contain_text("1 without a price")
    assert problems(axe(page)) == []
    press(page, "Control+Enter")

    order_heading = page.get_by_role("heading", name="PO/")
    expect(order_heading).to_be_visible()
    order = shop.purchase_orders.get()
    assert problems(axe(page)) == []
    walk_to(page, page.get_by_role("button", name="Mark as sent"))
    press(page, "Enter")
    expect(page.locator("main .badge.info").first).to_have_text("Sent")

    walk_to(page, page.get_by_role("link", name="Receive these goods"))
    press(page, "Enter")
    expect(page.get_by_text(f"These goods come on order {order.number}")).to_be_visible()
    expect(row).to_have_count(2)
    expect(page.get_by_label("Bill number")).to_be_focused()
    page.keyboard.type("GA/77")
    fill(page, "Bill date", date_keys(shop_today()))
    expect(row.first.get_by_label("Pack price ₹")).to_have_value("190")
    walk_to(page, row.last.get_by_role("button", name="Take Tea 250 g off"))
    press(page, "Enter")
    expect(row).to_have_count(1)
    walk_to(page, row.first.get_by_label("Packs", exact=True))
    page.keyboard.type("2")
    press(page, "Control+Enter")
    expect(page.get_by_role("heading", name="GA/77")).to_be_visible()

    walk_to(page, page.get_by_role("link", name=order.number))
    press(page, "Enter")
    expect(order_heading).to_be_visible()
    expect(page.locator("main")).to_contain_text("Part received")
    order.refresh_from_db()
    assert order.status == "part"
    assert list(order.lines.values_list("received", flat=True)) == [20, 0]
    assert salt.lots.get().on_hand == 20
