"""Price lists and offers as a manager meets them, in a real Chromium."""

from decimal import Decimal as D

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from catalog.offers.services import OfferDetails, save_offer
from catalog.prices.services import save_price_list, set_prices
from smartkirana.dates import shop_today
from tests import factories
from tests.browser.conftest import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop():
    return factories.make_shop()


@pytest.fixture
def goods(shop):
    """Soap at 50, tea at 149."""
    soap = factories.make_product(shop, "Soap", price="50.00", mrp="52.50", sku="SOAP", cost="30")
    return soap, factories.make_product(shop, "Red Label Tea", price="149.00", mrp="155.00", sku="TEA")


@pytest.fixture
def manager(page, shop, goods):
    sign_in(page, shop.owner)
    return page


def url(shop, name, *args):
    return reverse(f"catalog:{name}", args=[shop.slug, *args])


def test_a_price_is_set_in_its_row_and_a_wrong_one_is_told_there(manager, shop, goods):
    hotels = save_price_list(shop=shop, name="Hotels")
    manager.goto(url(shop, "price_list", hotels.pk))
    expect(manager.locator("main")).to_contain_text("No prices on this list yet")
    manager.get_by_role("searchbox").fill("soa")
    price = manager.get_by_label("Price of Soap on this list")
    price.fill("47.50")
    price.press("Enter")
    expect(manager.locator("tr", has_text="Soap").get_by_role("status")).to_contain_text("Set")
    assert str(shop.list_prices.get().price) == "47.50"
    manager.errors_expected = True
    price.fill("53")
    price.press("Enter")
    expect(manager.locator("tr", has_text="Soap").get_by_role("alert")).to_contain_text("above the MRP")
    assert str(shop.list_prices.get().price) == "47.50"


def test_the_offer_form_shows_what_its_kind_needs_and_finds_goods_while_typing(manager, shop):
    manager.goto(url(shop, "offer_new"))
    expect(manager.get_by_label("Percent off", exact=True).last).to_be_visible()
    expect(manager.get_by_text("What is in the set")).to_be_hidden()
    manager.get_by_label("A set for one price").check()
    expect(manager.get_by_text("What is in the set")).to_be_visible()
    expect(manager.get_by_text("On what", exact=True)).to_be_hidden()
    first, second = (manager.get_by_label(f"Product {number} of the set", exact=True) for number in (1, 2))
    first.press_sequentially("red la")
    expect(manager.locator("datalist#goods option")).to_have_attribute("value", "Red Label Tea · TEA")
    first.fill("Red Label Tea · TEA")
    second.fill("SOAP")
    manager.get_by_label("Price of one set").fill("180")
    manager.get_by_label("Name", exact=True).fill("Bath and tea")
    manager.get_by_role("button", name="Save").click()
    expect(manager.locator("main")).to_contain_text("Red Label Tea + Soap")
    expect(manager.locator("main")).to_contain_text("Running")


def test_axe_finds_nothing_and_nothing_scrolls_sideways(manager, shop, goods):
    from axe_playwright_python.sync_playwright import Axe

    soap, tea = goods
    hotels = save_price_list(shop=shop, name="Hotels")
    set_prices(by=shop.owner, product=soap, price_list=hotels, steps=[(D(0), D(48)), (D(12), D(25))])
    details = OfferDetails("Set", "combo", shop_today(), price=D(150), parts=[(soap, D(1)), (tea, D(1))])
    offer = save_offer(shop=shop, by=shop.owner, details=details)
    pages = [
        url(shop, "price_lists"),
        url(shop, "price_list", hotels.pk),
        url(shop, "list_steps", hotels.pk, soap.pk),
        url(shop, "price_paste", hotels.pk),
        url(shop, "slabs"),
        url(shop, "offers"),
        url(shop, "offer_new"),
        url(shop, "offer", offer.pk),
        url(shop, "product", soap.pk),
    ]
    for width in (1366, 360):
        manager.set_viewport_size({"width": width, "height": 700})
        for where in pages:
            manager.goto(where)
            found = Axe().run(manager)
            assert found.violations_count == 0, (where, found.generate_report())
            assert manager.evaluate("document.documentElement.scrollWidth <= innerWidth"), (where, width)
