"""Goods that come back, by a person at the counter: the bill's code scanned, lines chosen by keys, the difference paid."""

from __future__ import annotations

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from orders.models import CreditNote
from orders.public import code_of
from shops.models import Role
from tests import factories
from tests.browser.conftest import sign_in
from tests.browser.phone import phone as phone_of
from tests.browser.till import CODES, open_counter, scan

pytestmark = pytest.mark.django_db(transaction=True)
D = Decimal


@pytest.fixture
def bill(shop, goods):
    return factories.make_order(shop, [(product, 2) for product in goods[:3]])


@pytest.fixture
def till(page, shop, bill):
    """The counter, open for the owner."""
    sign_in(page, shop.owner)
    return open_counter(page, shop)


def balance(page):
    return page.locator("[data-balance]")


def box(page, line):
    return page.locator(f"#back-{line}")


def note_of(page, shop) -> CreditNote:
    """The note whose page is open."""
    page.wait_for_url("**/returns/**")
    return shop.credit_notes.get()


def test_a_piece_comes_back_for_cash_by_the_code_on_the_bill(till, shop, bill, live_server):
    scan(till, f"{live_server.url}/b/{code_of(bill)}/")
    expect(till.locator("#side")).to_contain_text(bill.bill_number)
    till.keyboard.press("r")
    expect(box(till, 1)).to_be_focused()
    till.keyboard.press("ArrowDown")
    till.keyboard.press("1")
    till.keyboard.press("F9")
    note = note_of(till, shop)
    expect(till.locator("body")).to_contain_text("Give back ₹ 52.50.")
    assert [(line.order_line.line_no, line.quantity) for line in note.lines.all()] == [(2, 1)]
    assert [(p.method, p.amount) for p in note.refunds.all()] == [("cash", D("-52.50"))]


def test_a_typed_number_opens_the_same(till, bill):
    scan(till, f"#{int(bill.bill_number[-6:])}")
    expect(till.locator("#side")).to_contain_text(bill.bill_number)
    till.keyboard.press("r")
    expect(box(till, 1)).to_be_focused()


def test_an_exchange_takes_the_difference_by_keys_alone(till, shop, goods, bill):
    ghee = factories.make_product(shop, "Ghee", price="80", mrp="85", stock=9, barcodes=[("8901234567890", D(1))])
    scan(till, f"#{int(bill.bill_number[-6:])}")
    expect(till.locator("#side")).to_contain_text(bill.bill_number)
    till.keyboard.press("r")
    expect(box(till, 1)).to_be_focused()
    till.keyboard.press("1")
    scan(till, "8901234567890")  # into the quantity: no quantity is so long
    expect(till.locator("#new-rows")).to_contain_text("Ghee")
    expect(box(till, 1)).to_have_value("1")
    expect(balance(till)).to_have_text("₹\u00a027.50")
    expect(till.locator("#return-sums")).to_contain_text("Customer pays")
    till.keyboard.press("F9")
    note = note_of(till, shop)
    assert [(p.method, p.amount) for p in note.exchange.payments.order_by("id")] == [("credit", D("52.50")), ("cash", D("27.50"))]
    assert note.exchange.lines.get().product == ghee
    expect(till.locator("body")).to_contain_text("Take ₹ 27.50.")


def test_a_scan_before_the_script_has_come_saves_nothing_and_is_taken_up(till, shop, goods, bill):
    factories.make_product(shop, "Ghee", price="80", mrp="85", stock=9, barcodes=[("8901234567890", D(1))])
    till.route("**/orders/returns*.js", lambda route: (till.wait_for_timeout(1500), route.continue_()))
    till.goto(f"/s/{shop.slug}/bills/{bill.slug}/return/", wait_until="commit")
    expect(box(till, 1)).to_be_focused()
    till.keyboard.press("1")
    scan(till, "8901234567890")
    expect(till.locator("#new-rows")).to_contain_text("Ghee")
    expect(box(till, 1)).to_have_value("1")
    assert not shop.credit_notes.exists()


def test_saving_waits_for_what_the_screen_says(till, shop, bill):
    till.goto(f"/s/{shop.slug}/bills/{bill.slug}/return/")
    till.route("**/return/sums/", lambda route: (till.wait_for_timeout(300), route.continue_()))
    expect(box(till, 1)).to_be_focused()
    till.keyboard.press("2")
    till.keyboard.press("F9")
    note_of(till, shop)
    assert shop.credit_notes.get().lines.get().quantity == 2


def test_too_many_are_refused_where_they_stand(till, shop, bill):
    till.errors_expected = True
    till.goto(f"/s/{shop.slug}/bills/{bill.slug}/return/")
    till.keyboard.press("5")
    expect(till.locator("#return-sums [role=alert]")).to_contain_text("Only 2 pc")
    till.keyboard.press("Control+Enter")
    expect(till.locator("#bad-1")).to_contain_text("Only 2 pc of Tata Salt 1 kg can still come back.")
    expect(box(till, 1)).to_be_focused()
    assert not shop.credit_notes.exists()


def test_staff_ask_for_a_pin_on_the_same_page(page, shop, bill):
    manager = factories.make_seller(shop, Role.MANAGER, "Mohan")
    sign_in(page, factories.make_member(shop))
    page.goto(f"/s/{shop.slug}/bills/{bill.slug}/return/")
    expect(box(page, 1)).to_be_focused()
    page.keyboard.press("1")
    page.keyboard.press("F9")
    expect(page.locator("#pin")).to_be_focused()
    page.keyboard.type(factories.PIN)
    page.keyboard.press("Enter")
    note_of(page, shop)
    assert shop.approvals.get().approved_by == manager


def test_goods_are_found_by_name_and_taken_off_again(till, shop, goods, bill):
    till.goto(f"/s/{shop.slug}/bills/{bill.slug}/return/")
    till.locator("#find-new").click()
    scan(till, "colgate")
    till.locator("#new-found a").first.click()
    expect(till.locator("#new-rows")).to_contain_text("Colgate")
    till.get_by_role("button", name="Take Colgate 200 g off").click()
    expect(till.locator("#new-rows .new-row")).to_have_count(0)


def test_an_exchange_on_a_phone(chromium, live_server, shop, goods, bill):
    with phone_of(chromium, live_server, shop.owner, shop, address=f"bills/{bill.slug}/") as phone:
        phone.get_by_role("link", name="Return or exchange").click()
        box(phone, 3).fill("1")
        phone.locator("#find-new").fill(CODES[4])
        phone.get_by_role("button", name="Add").click()
        expect(phone.locator("#new-rows")).to_contain_text("Colgate")
        expect(balance(phone)).to_have_text("₹\u00a00.50")
        phone.locator(".how label", has_text="UPI").click()
        assert phone.evaluate("document.documentElement.scrollWidth") <= 360
        phone.get_by_role("button", name="Take back").click()
        note_of(phone, shop)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(page, shop, goods, bill, colours):
    from axe_playwright_python.sync_playwright import Axe

    factories.make_member(shop)
    sign_in(page, shop.owner)
    page.emulate_media(color_scheme=colours)
    page.goto(f"/s/{shop.slug}/bills/{bill.slug}/return/")
    page.keyboard.press("1")
    expect(balance(page)).to_be_visible()
    pages = [None, f"/s/{shop.slug}/returns/"]
    for address in pages:
        for width in (360, 1366):
            page.set_viewport_size({"width": width, "height": 740})
            if address:
                page.goto(address)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert Axe().run(page).response["violations"] == []
        if address is None:
            page.keyboard.press("F9")
            page.wait_for_url("**/returns/**")
            assert Axe().run(page).response["violations"] == []
