"""Paying a supplier in a browser: where the money goes stands beside the boxes while one types, and nothing typed is lost."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from playwright.sync_api import expect

from inventory.models import SupplierPayment
from smartkirana.dates import shop_today
from tests import factories
from tests.browser.conftest import sign_in
from tests.inventory.buying import books_agree, buy, make_supplier, owed, received

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def supplier(shop):
    supplier = make_supplier(shop, "Gupta Agencies", gstin="", due_days=15)
    soap = factories.make_product(shop, "Soap")
    for number, packs, days in (("GA/1", 10, 30), ("GA/2", 2, 10)):
        buy(supplier, received(soap, packs, 40), number=number, day=shop_today() - timedelta(days=days))
    return supplier


def row(page, number):
    return page.get_by_role("row").filter(has_text=number)


def test_plan_follows_what_is_typed_and_the_payment_does_as_planned(page, shop, supplier):
    sign_in(page, shop.owner)
    page.goto(f"/s/{shop.slug}/suppliers/{supplier.pk}/pay/")
    expect(page.get_by_label("Paid", exact=True)).to_be_focused()
    page.keyboard.type("420")
    expect(row(page, "GA/1")).to_contain_text("₹ 400.00 settled")
    expect(row(page, "GA/2")).to_contain_text("₹ 20.00 in part")
    row(page, "GA/2").get_by_role("textbox").fill("80")
    expect(row(page, "GA/2")).to_contain_text("₹ 80.00 settled")
    expect(row(page, "GA/1")).to_contain_text("₹ 340.00 in part")
    expect(page.locator("#plan")).to_contain_text("We owe then")
    expect(page.get_by_label("Paid", exact=True)).to_have_value("420")
    page.get_by_text("UPI", exact=True).click()
    page.get_by_role("button", name="Write the payment down").click()
    paid = page.get_by_text("is written down: ₹ 420.00 to Gupta Agencies")
    expect(paid).to_be_visible()
    assert SupplierPayment.objects.get().method == "upi"
    assert owed(supplier) == D(60)
    books_agree(shop)


def test_refused_payment_keeps_what_was_typed_and_goes_on_planning(page, shop, supplier):
    page.errors_expected = True  # the browser notes that it was refused
    sign_in(page, shop.owner)
    page.goto(f"/s/{shop.slug}/suppliers/{supplier.pk}/pay/")
    page.get_by_label("Paid", exact=True).fill("300")
    row(page, "GA/2").get_by_role("textbox").fill("81")
    page.get_by_role("button", name="Write the payment down").click()
    expect(row(page, "GA/2")).to_contain_text("Only ₹ 80.00 of it is open.")
    row(page, "GA/2").get_by_role("textbox").fill("79")
    expect(row(page, "GA/2")).to_contain_text("₹ 79.00 in part")
    expect(page.get_by_label("Paid", exact=True)).to_have_value("300")
