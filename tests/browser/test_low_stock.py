"""Running low, on a phone and on a laptop: levels set in their rows by keyboard, the list narrowed while typing, the bell."""

from decimal import Decimal as D

import pytest
from playwright.sync_api import expect

from inventory.models import SalesPace
from inventory.pace import fresh_pace
from shops.notice_models import Notice
from smartkirana.dates import shop_today
from tests import factories
from tests.browser.conftest import sign_in
from tests.inventory.buying import buy, make_supplier, received

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def goods(shop):
    """Milk goes in two days, tea in nine; salt is out."""
    supplier = make_supplier(shop, "Gupta Agencies and Sons Wholesale Provision Merchants", lead_days=7)
    milk = factories.make_product(shop, "Milk, toned, one litre pouch of the dairy at the corner of the market")
    tea = factories.make_product(shop, "Tea")
    buy(supplier, received(milk, 10, 30), received(tea, 18, 30))
    salt = factories.make_product(shop, "Salt", min_stock=D(4))
    fresh_pace(shop)
    SalesPace.objects.filter(product=milk).update(sold_28=140, per_day=5)
    SalesPace.objects.filter(product=tea).update(sold_28=56, per_day=2)
    lines = [{"text": "1 product runs out within 3 days", "url": "inventory:low_stock", "query": "?within=3"}]
    Notice.objects.create(shop=shop, kind="stock", day=shop_today(), title=lines[0]["text"], lines=lines)
    return {"milk": milk, "tea": tea, "salt": salt}


@pytest.mark.parametrize("width", [360, 1366])
def test_levels_are_set_and_the_list_is_narrowed_by_keyboard(page, shop, goods, width):
    page.set_viewport_size({"width": width, "height": 768})
    sign_in(page, shop.owner)
    page.goto(f"/s/{shop.slug}/stock/low/")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(3)
    expect(page.get_by_label("1 new notice")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.get_by_label("Maximum of Salt").focus()
    page.keyboard.type("20")
    page.keyboard.press("Enter")
    expect(page.locator(f"#product-{goods['salt'].pk}").get_by_role("status")).to_be_visible()
    expect(page.get_by_label("Maximum of Salt")).to_be_focused()
    goods["salt"].refresh_from_db()
    assert goods["salt"].max_stock == 20

    page.get_by_label("Runs out within").focus()
    page.keyboard.type("3")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Milk")
    assert "within=3" in page.url


@pytest.mark.parametrize("width", [360, 1366])
def test_bell_leads_to_the_notice_and_on_to_the_goods(page, shop, goods, width):
    page.set_viewport_size({"width": width, "height": 768})
    sign_in(page, shop.owner)
    page.goto(f"/s/{shop.slug}/stock/low/")
    bell = page.get_by_label("1 new notice")
    bell.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Notices")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Mark as seen").press("Enter")
    expect(page.get_by_label("Notices", exact=True)).to_be_visible()
    expect(page.get_by_text("seen by")).to_be_visible()
    page.get_by_role("link", name="1 product runs out within 3 days").press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)


@pytest.mark.parametrize("width", [360, 1366])
def test_what_is_written_beside_goods_is_ticked_and_ordered(page, shop, goods, width):
    page.errors_expected = True  # the browser notes the refusal
    page.set_viewport_size({"width": width, "height": 768})
    sign_in(page, shop.owner)
    page.goto(f"/s/{shop.slug}/stock/low/")
    page.get_by_label("Order of Tea, piece").fill("12")
    expect(page.locator(f"#product-{goods['tea'].pk} .check")).to_be_checked()
    page.get_by_label("Order of Milk").fill("")
    page.get_by_role("button", name="Order the ticked").click()
    expect(page.locator("#order-problem")).to_contain_text("Milk")
    expect(page.locator("#order-problem")).to_be_in_viewport()
    expect(page.get_by_label("Order of Tea, piece")).to_have_value("12")
    page.get_by_label("Order of Milk").fill("30")
    page.get_by_role("button", name="Order the ticked").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("PO/")
    order = shop.purchase_orders.get()
    assert sorted(order.lines.values_list("name", "quantity")) == [(goods["milk"].name, D(30)), ("Tea", D(12))]
