"""A newcomer's path from sign-in to the books, in a real Chromium, in the demo's own shop."""

import subprocess
from io import StringIO
from random import Random

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from smartkirana.dates import shop_today
from smartkirana.demo import world
from smartkirana.money import indian

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop():
    """The demo's main shop with its goods and stock, before any bill."""
    shop = world.make_main_shop()
    goods = world.make_goods(shop, "small_shop.csv", 100_000)
    world.stock_up(shop, goods, shop_today(), Random(1))
    return shop


def test_sign_in_scan_five_take_cash_and_see_it_everywhere(page, shop, tmp_path):
    packets = [p for p in shop.products.order_by("pk") if p.barcodes.exists()][:5]
    before = {p.pk: p.lots.get().on_hand for p in packets}

    page.goto("/")
    page.get_by_label("Phone").fill(world.OWNER)
    page.get_by_label("Password", exact=True).fill(world.PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_text("Counter 1").click()
    page.wait_for_selector("html[data-ready]")

    for product in packets:
        page.keyboard.type(product.barcodes.first().code)
        page.keyboard.press("Enter")
    expect(page.locator("#lines tr.line")).to_have_count(5)
    page.keyboard.press("F9")
    expect(page.locator("#saved")).to_contain_text("S1/")

    order = shop.orders.get()
    receipt = page.frame_locator("#paper").locator("body")
    expect(receipt).to_contain_text(order.bill_number)
    expect(receipt).to_contain_text(packets[0].name)
    assert {p.pk: p.lots.get().on_hand for p in packets} == {pk: left - 1 for pk, left in before.items()}

    page.goto(f"/s/{shop.slug}/bills/")
    page.get_by_role("link", name=order.bill_number).first.click()
    expect(page.locator("main")).to_contain_text(packets[4].name)
    paper = tmp_path / "invoice.pdf"
    paper.write_bytes(page.request.get(page.locator("a[href$='invoice.pdf']").first.get_attribute("href")).body())
    text = subprocess.run(["pdftotext", "-layout", paper, "-"], capture_output=True, text=True, check=True).stdout
    for told in (order.bill_number, order.title.split()[0], shop.gstin, packets[0].name, indian(order.total)):
        assert told in text

    page.goto(f"/s/{shop.slug}/books/profit-loss/")
    expect(page.locator("main")).to_contain_text(indian(order.taxable + order.exempt))
    call_command("check_books", stdout=StringIO())
