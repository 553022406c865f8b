"""A khata customer's own page on a 360-px phone: what is owed, the bill behind an entry, "I don't agree", and the shop's answer."""

from __future__ import annotations

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from orders.bill import Tender
from orders.khata.acts import Act, take_payment
from orders.khata.people import give_link, save_member
from orders.models import KhataDispute
from tests import factories
from tests.browser.conftest import sign_in

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def asha(shop):
    shop.upi_id = "sharma@okbank"
    shop.save(update_fields=["upi_id"])
    name = "Lakshmi Venkataraman Subramanian-Iyer of the third floor"
    asha = factories.make_customer(shop, name, phone="+919876500001")
    ravi = save_member(customer=asha, name="Ravi", limit=None)
    atta = factories.make_product(shop, "Wheat atta 10 kg", price="420", mrp="450", stock=500)
    for _ in range(3):
        factories.make_order(shop, [(atta, 2)], customer=asha, member=ravi, payments=[Tender("khata", None)])
    take_payment(Act(shop, asha, shop.owner), amount=Decimal(1000), method="cash")
    give_link(customer=asha)
    return asha


@pytest.fixture(params=["light", "dark"])
def phone(chromium, live_server, request):
    context = chromium.new_context(**PHONE, color_scheme=request.param, base_url=live_server.url)
    yield context.new_page()
    context.close()


def test_the_customer_reads_the_khata_on_a_phone_and_says_what_is_wrong(phone, page, shop, asha):
    from axe_playwright_python.sync_playwright import Axe

    phone.goto(f"/k/{asha.link_key}/")
    expect(phone.locator(".amount")).to_have_text("₹ 1,520.00")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    assert Axe().run(phone).response["violations"] == []
    assert phone.locator(".pay a").get_attribute("href").startswith("upi://pay?pa=sharma@okbank&")
    second = phone.locator("#entry-2")
    second.get_by_text("I don’t agree").tap()
    second.get_by_label("What is wrong?").fill("We were away that day")
    second.get_by_role("button", name="Tell the shop").tap()
    expect(phone.locator("#entry-2 .badge")).to_contain_text("You don’t agree: the shop sees it")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    phone.locator("#entry-1").get_by_role("link").first.tap()
    expect(phone.locator("h1")).to_have_text(shop.name)
    assert "/b/" in phone.url
    settle(page, shop)
    phone.goto(f"/k/{asha.link_key}/")
    expect(phone.locator("#entry-2")).to_contain_text("Settled: The bill was Gupta's")


def settle(page, shop):
    """The owner sees it beside the bill and writes how it was settled, by keyboard."""
    sign_in(page, shop.owner)
    page.goto(f"/s/{shop.slug}/khata/disputes/")
    expect(page.locator(".reminder")).to_contain_text("We were away that day")
    page.get_by_label("How you settled it").focus()
    page.keyboard.type("The bill was Gupta's")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Everybody agrees")).to_be_visible()
    assert KhataDispute.objects.get().settled_by == shop.owner


def test_text_twice_as_large_still_fits_the_phone(phone, asha):
    phone.goto(f"/k/{asha.link_key}/")
    phone.evaluate("document.documentElement.style.fontSize = '200%'")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
