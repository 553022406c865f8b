"""A supplier's bill entered by keyboard alone: scans, packs, free goods, discounts, freight, and the sums while one writes."""

from decimal import Decimal as D

import pytest
from playwright.sync_api import expect

from smartkirana.dates import shop_today
from tests import factories
from tests.browser.conftest import sign_in
from tests.browser.test_counter import problems
from tests.browser.test_counter_goods import axe
from tests.browser.till import scan
from tests.inventory.buying import books_agree, buy, make_supplier, received

pytestmark = pytest.mark.django_db(transaction=True)

SALT, CARTON = "8901234567890", "18901234567897"


@pytest.fixture
def salt(shop):
    return factories.make_product(shop, "Salt 1 kg", price="25", mrp="28", cost="20", barcodes=[(SALT, 1)])


@pytest.fixture
def tea(shop):
    return factories.make_product(shop, "Tea 250 g", price="120", mrp="140", cost="100", gst="other-18", barcodes=[("T1", 1), (CARTON, 12)])


@pytest.fixture
def entry(page, shop, salt, tea):
    make_supplier(shop, "Deshmukh Distributors", gstin="29AABCR1718E1ZL")
    make_supplier(shop, "Gupta Agencies")
    sign_in(page, shop.owner)
    page.goto(f"/s/{shop.slug}/purchases/new/")
    return page


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def go_to(page, label, row=None):
    """Tab on until the box with this label has the cursor."""
    place = page.locator("[data-row]").nth(row) if row is not None else page
    wanted = place.get_by_label(label)
    for _ in range(40):
        if wanted.evaluate("box => box === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {label}")


def fill(page, label, text, row=None):
    go_to(page, label, row)
    page.keyboard.type(text)


def date_keys(day):
    """As one types into the browser's date box (its language here is English of the United States)."""
    return f"{day:%m%d%Y}"


def test_bill_is_entered_by_keyboard_only(entry, shop, salt, tea):
    page = entry
    expect(page.get_by_label("Supplier", exact=True)).to_be_focused()
    page.keyboard.type("Gupta")
    fill(page, "Bill number", "GA/2211")
    fill(page, "Bill date", date_keys(shop_today()))
    press(page, "Enter")

    expect(page.locator("#find-product")).to_be_focused()
    scan(page, SALT)
    row = page.locator("[data-row]")
    expect(row).to_have_count(1)
    expect(row.first.get_by_label("Packs", exact=True)).to_be_focused()
    page.keyboard.type("4")
    fill(page, "pc in a pack", "10", 0)
    fill(page, "Free pc", "2", 0)
    fill(page, "Pack price ₹", "210", 0)
    fill(page, "Discount", "5%", 0)
    press(page, "Enter")

    scan(page, CARTON)
    expect(row).to_have_count(2)
    expect(row.last.get_by_label("pc in a pack")).to_have_value("12")
    scan(page, CARTON)  # the cursor is in a figure's box: the scan finds its way all the same
    expect(row).to_have_count(2)
    expect(row.last.get_by_label("Packs", exact=True)).to_have_value("2")
    fill(page, "Pack price ₹", "1260", 1)
    expect(row.last.get_by_text("Sell at ₹\xa0126.00")).to_be_visible()
    go_to(page, "Sell at ₹", 1)
    press(page, "Tab", "Enter")  # the button that fills it in
    expect(row.last.get_by_label("Sell at ₹")).to_have_value("126.00")

    fill(page, "Freight and charges with tax", "66.36")
    fill(page, "Total on the paper", "3900")
    expect(page.locator("#sums")).to_contain_text("The paper asks for ₹")
    press(page, "Control+a")
    page.keyboard.type("3888")
    expect(page.locator("#sums")).to_contain_text("The same as on the paper.")
    press(page, "Control+Enter")

    expect(page.get_by_role("heading", name="GA/2211")).to_be_visible()
    receipt = shop.goods_receipts.get()
    assert receipt.total == D("3888.00")
    assert (salt.lots.get().on_hand, tea.lots.get().on_hand) == (42, 24)
    assert salt.lots.get().unit_cost == D("19.3800")
    tea.refresh_from_db()
    assert tea.price == 126
    expect(page.locator("main")).to_contain_text("4 × 10 + 2 free")
    books_agree(shop)


def test_refused_bill_keeps_what_was_typed_and_puts_the_cursor_at_the_mistake(entry, shop):
    page = entry
    page.errors_expected = True  # the browser notes the refusal
    page.keyboard.type("Gupta")
    fill(page, "Bill number", "GA/1")
    go_to(page, "Find goods for the next line")
    scan(page, SALT)
    expect(page.locator("[data-row]")).to_have_count(1)
    press(page, "Control+Enter")
    expect(page.get_by_label("Bill date")).to_be_focused()
    expect(page.get_by_label("Bill number")).to_have_value("GA/1")
    expect(page.locator("[data-row]")).to_have_count(1)
    assert not shop.goods_receipts.exists()


def test_fast_scans_each_count_once(entry):
    page = entry
    go_to(page, "Find goods for the next line")
    scan(page, *[SALT, CARTON] * 3)
    row = page.locator("[data-row]")
    expect(row).to_have_count(2)
    for n in range(2):
        expect(row.nth(n).get_by_label("Packs", exact=True)).to_have_value("3")


def test_goods_are_found_by_name_and_chosen_with_the_arrows(entry):
    page = entry
    go_to(page, "Find goods for the next line")
    page.keyboard.type("tea")
    expect(page.locator("#found a")).to_have_count(1)
    press(page, "ArrowDown", "Enter")
    expect(page.locator("[data-row] .who b")).to_have_text("Tea 250 g")


def test_enter_leads_through_the_whole_bill(entry):
    page = entry
    page.keyboard.type("Gupta")
    press(page, "Enter")
    expect(page.get_by_label("Bill number")).to_be_focused()
    page.keyboard.type("GA/1")
    press(page, "Enter")
    expect(page.get_by_label("Bill date")).to_be_focused()
    page.keyboard.type(date_keys(shop_today()))
    press(page, "Enter")
    scan(page, SALT)
    expect(page.locator("[data-row]").get_by_label("Packs", exact=True)).to_be_focused()
    press(page, "Enter")
    page.keyboard.type("18")
    press(page, "Enter", "Enter")  # to the search, and with nothing more to scan to the foot
    expect(page.get_by_label("Discount on the whole bill")).to_be_focused()
    press(page, *["Enter"] * 6)
    expect(page.get_by_role("button", name="Save the bill")).to_be_focused()
    press(page, "Enter")
    expect(page.get_by_role("heading", name="GA/1")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1366])
def test_pages_are_accessible_and_nothing_scrolls_sideways(entry, shop, salt, tea, width, scheme):
    page = entry
    page.set_viewport_size({"width": width, "height": 740})
    page.emulate_media(color_scheme=scheme)
    page.on("dialog", lambda dialog: dialog.accept())  # a half-typed bill is left behind
    gupta = shop.suppliers.get(name="Gupta Agencies")
    bought = buy(gupta, received(tea, 2, 1260, pack_size=D(12), batch="B7"), number="SVR/PUN/2026-27/LONG/0001")
    page.get_by_label("Supplier", exact=True).select_option(label="Gupta Agencies")
    scan_into_finder(page, CARTON, SALT)
    page.locator("[data-row]").first.get_by_label("Pack price").fill("1500")
    page.locator("#id_paper_total").fill("2000")
    expect(page.locator("#sums")).to_contain_text("The paper asks for")
    for address in ("", "purchases/", f"purchases/{bought.pk}/", f"purchases/{bought.pk}/return/"):
        if address:
            page.goto(f"/s/{shop.slug}/{address}")
        assert not problems(axe(page)), address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address


def scan_into_finder(page, *codes):
    for n, code in enumerate(codes, 1):
        page.locator("#find-product").focus()
        scan(page, code)
        expect(page.locator("[data-row]")).to_have_count(n)
