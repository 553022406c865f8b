"""The bill on the customer's phone, and sending it there."""

import pytest
from playwright.sync_api import expect

from orders.bill import Tender
from orders.public import code_of
from tests import factories
from tests.browser.conftest import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def order(shop):
    shop.upi_id, shop.phone, shop.local_name = "sharma@okbank", "020 2445 1234", "शर्मा किराना"
    shop.save(update_fields=["upi_id", "phone", "local_name"])
    atta = factories.make_product(shop, "Wheat atta 10 kg", local_name="गेहूँ का आटा", price="420", mrp="450", stock=50)
    return factories.make_order(shop, [(atta, 2)], customer=factories.make_customer(shop), payments=[Tender("khata", None)])


@pytest.mark.parametrize("language", ["en", "hi"])
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(page, shop, order, colours, language):
    from axe_playwright_python.sync_playwright import Axe

    if language == "hi":
        shop.language = "hi"
        shop.save(update_fields=["language"])
        order = factories.make_order(shop, [(shop.products.get(), 1)], counter=shop.counters.get())
    page.emulate_media(color_scheme=colours)
    for width in (320, 360, 1366):
        page.set_viewport_size({"width": width, "height": 740})
        page.goto(f"/b/{code_of(order)}/")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert Axe().run(page).response["violations"] == []


def test_text_twice_as_large_still_fits_a_phone(page, order):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"/b/{code_of(order)}/")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_phone_has_the_button_to_pay_with_and_a_laptop_the_code(chromium, page, order, live_server):
    page.goto(f"/b/{code_of(order)}/")
    expect(page.get_by_role("img", name="UPI code")).to_be_visible()
    phone = chromium.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True, color_scheme="dark", base_url=live_server.url
    )
    try:
        there = phone.new_page()
        there.goto(f"/b/{code_of(order)}/")
        assert there.get_by_role("link", name="Download PDF").bounding_box()["height"] >= 48
        assert there.locator(".pay a").get_attribute("href").startswith("upi://pay?pa=sharma@okbank")
    finally:
        phone.close()


def test_the_phones_own_share_sheet_gets_the_message(page, shop, order):
    page.add_init_script("navigator.share = (what) => { window.shared = what; return Promise.resolve(); };")
    sign_in(page, factories.make_member(shop))
    page.goto(order.get_absolute_url())
    page.get_by_role("button", name="Share").click()
    shared = page.evaluate("window.shared")
    assert shared["title"] == f"{shop.name} {order.bill_number}"
    assert f"/b/{code_of(order)}/" in shared["text"]


def test_without_a_share_sheet_there_is_no_button_for_it(page, shop, order):
    page.add_init_script("delete Navigator.prototype.share;")
    sign_in(page, factories.make_member(shop))
    page.goto(order.get_absolute_url())
    expect(page.get_by_role("link", name="WhatsApp")).to_be_visible()
    expect(page.locator("[data-share]")).to_be_hidden()
