"""The admin in a real Chromium: its calendars, choosers and inlines work under the strict policy, and the console stays empty."""

import os
import re

import pytest
from playwright.sync_api import expect

from catalog.models import GstRate, Product
from orders.models import Order
from tests.browser.conftest import sign_in
from tests.smartkirana.admin_world import make_platform_admin, make_world
from tests.smartkirana.admin_world import page as address

pytestmark = pytest.mark.django_db(transaction=True)
PICTURES = os.environ.get("PICTURES", "")


def picture(page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=False)


@pytest.fixture
def world(page):
    shop = make_world("Sharma")
    sign_in(page, shop.owner)
    return shop


def test_an_owner_looks_around_and_changes_a_product(page, world):
    product = Product.objects.filter(shop=world).earliest("pk")
    page.goto("/admin/")
    expect(page.get_by_role("link", name="SmartKirana")).to_be_visible()
    picture(page, "admin-index")
    page.goto(address(Product, "changelist"))
    picture(page, "admin-products")
    page.get_by_role("link", name="Sharma Soap 1").click()
    page.get_by_label("Selling price ₹").fill("45")
    page.locator("#id_category + .select2").click()
    page.get_by_role("option", name="Sharma Shelf").click()
    page.get_by_text("Add another Barcode").click()
    page.locator("#id_barcodes-1-code").fill("NEW-CODE")
    picture(page, "admin-product")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist .success")).to_contain_text("changed successfully")
    product.refresh_from_db()
    assert product.price == 45
    assert product.barcodes.filter(code="NEW-CODE").exists()


def test_a_bill_is_read_and_not_written(page, world):
    bill = Order.objects.filter(shop=world).first()
    page.goto(address(Order, "changelist"))
    picture(page, "admin-bills")
    page.goto(address(Order, "change", bill.pk))
    expect(page.get_by_text("Sharma Soap 1").first).to_be_visible()
    expect(page.get_by_role("button", name="Save", exact=True)).to_have_count(0)
    picture(page, "admin-bill")
    page.get_by_role("link", name="View on site").click()
    expect(page).to_have_url(re.compile(f"/s/{world.slug}/"))


def test_a_platform_admin_uses_calendar_and_inline_of_the_gst_tables(page):
    sign_in(page, make_platform_admin())
    page.goto(address(GstRate, "add"))
    page.locator(".datetimeshortcuts a").first.click()
    expect(page.locator("#id_valid_from")).not_to_have_value("")
    page.locator("#calendarlink0").click()
    expect(page.locator("#calendarbox0")).to_be_visible()
    picture(page, "admin-calendar")
    for theme in ("dark", "light"):
        page.emulate_media(color_scheme=theme)
        page.goto("/admin/catalog/gstgoods/")
        picture(page, f"admin-goods-{theme}")
