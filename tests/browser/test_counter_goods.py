"""Goods at the counter in a real Chromium: labels of the shop's scales, tiles, and a product made without leaving the bill."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from catalog.barcodes import ean_check_digit, in_store_ean
from catalog.labels.presets import preset
from catalog.labels.reading import label_of
from catalog.labels.services import add_format
from catalog.tiles.services import add_tile
from shops.models import Role
from tests import factories
from tests.browser.conftest import sign_in
from tests.browser.test_counter import lines, open_counter, problems, saved, scan, total

pytestmark = pytest.mark.django_db(transaction=True)
SOAP = in_store_ean("20", 1)
UNKNOWN = "890123456789" + ean_check_digit("890123456789")
OTHER = "890103086527" + ean_check_digit("890103086527")


@pytest.fixture
def goods(shop):
    """Soap with a barcode at ₹52.50, loose sugar (42) at ₹44 and onions (7) at ₹30 a kilogram; labels by weight (21) and price (22)."""
    for key in ("grams", "paise"):
        add_format(shop=shop, **preset(key).fields())
    loose = {"mrp": None, "unit": "kg", "loose": True, "stock": 50}
    return {
        "soap": factories.make_product(shop, "Soap", stock=100, barcodes=[(SOAP, 1)]),
        "sugar": factories.make_product(shop, "Sugar, loose", price="44", cost="38", plu=42, local_name="चीनी", **loose),
        "onion": factories.make_product(shop, "Onion", price="30", cost="20", plu=7, **loose),
    }


@pytest.fixture
def counter(page, shop, goods):
    sign_in(page, factories.make_member(shop, Role.MANAGER))
    return open_counter(page, shop)


def label(key, item, value) -> str:
    return label_of(preset(key), item, Decimal(value))


def quantities(page) -> list[str]:
    return [cell.input_value() for cell in lines(page).locator(".qty").all()]


def say(page):
    return page.locator("#say")


# --- labels -------------------------------------------------------------------------------------------------------
def test_a_weight_label_and_a_price_label_are_whole_lines_and_sold_so(counter, shop):
    scan(counter, label("grams", 42, "1.250"), label("paise", 42, "20.00"))
    expect(lines(counter)).to_have_count(2)
    assert quantities(counter) == ["1.25", "0.454"]
    expect(lines(counter).nth(1).locator(".amount")).to_have_text("20.00")
    expect(total(counter)).to_have_text("₹\u00a075.00")
    counter.keyboard.press("F9")
    expect(counter.locator("#saved")).to_contain_text("S1/")
    sold = shop.orders.get().lines.values_list("quantity", "gross")
    assert list(sold) == [(Decimal("1.250"), Decimal("55.00")), (Decimal("0.454"), Decimal("20.00"))]


def test_two_bags_of_one_weight_are_two_lines_and_two_of_one_label_twice_as_much(counter):
    bag = label("grams", 42, "0.500")
    scan(counter, bag, bag)
    expect(lines(counter)).to_have_count(2)
    assert quantities(counter) == ["0.5", "0.5"]
    scan(counter, f"2*{bag}")
    expect(total(counter)).to_have_text("₹\u00a088.00")


def test_two_price_labels_of_one_price_are_both_billed(counter):
    bag = label("paise", 42, "20.00")
    scan(counter, bag, bag)
    expect(lines(counter)).to_have_count(2)
    expect(total(counter)).to_have_text("₹\u00a040.00")


def test_an_item_that_is_not_in_the_list_and_a_misread_label_are_told(counter):
    scan(counter, label("grams", 123, "1"))
    expect(say(counter)).to_contain_text("Label’s item 00123 is not in the list")
    counter.keyboard.press("Escape")
    good = label("grams", 42, "1")
    scan(counter, good[:-1] + str((int(good[-1]) + 1) % 10))
    expect(say(counter)).to_contain_text("Misread code. Scan again.")
    expect(lines(counter)).to_have_count(0)


def test_the_settings_page_reads_a_label_while_it_is_scanned(page, shop, goods):
    sign_in(page, shop.owner)
    page.goto(f"/s/{shop.slug}/settings/labels/")
    page.keyboard.type(label("paise", 42, "20.00"))
    expect(page.locator("#tried")).to_contain_text("0.454 kg × ₹\u00a044.00")
    page.keyboard.press("Enter")
    expect(page.locator("#tried strong")).to_have_text("₹\u00a020.00")
    page.locator("#formats").get_by_role("button", name="Try Price in paise, up to ₹999.99 earlier").click()
    expect(page.locator(".formats.named li").first).to_contain_text("Price in paise")
    assert not problems(axe(page))
    page.goto(f"/s/{shop.slug}/settings/labels/new/?preset=paise-checked")
    expect(page.locator("#drawing")).to_contain_text("08450")
    page.get_by_label("Digits of the item").fill("5")
    expect(page.locator("#drawing")).to_contain_text("These are 14 digits")
    assert not problems(axe(page))


# --- tiles --------------------------------------------------------------------------------------------------------
def test_a_tile_does_what_typing_its_code_does(counter):
    counter.locator(".tile", has_text="Onion").click()
    expect(lines(counter).locator(".qty")).to_be_focused()
    counter.keyboard.type("0.5")
    counter.keyboard.press("Enter")
    expect(total(counter)).to_have_text("₹\u00a015.00")
    counter.keyboard.type("2*")
    counter.locator(".tile", has_text="Sugar").click()
    expect(total(counter)).to_have_text("₹\u00a0103.00")
    expect(counter.locator("#entry")).to_be_focused()
    expect(counter.locator("#entry")).to_have_value("")
    counter.keyboard.type("₹20*")
    counter.locator(".tile", has_text="Onion").click()
    expect(lines(counter).nth(2).locator(".amount")).to_have_text("20.00")


def test_a_tile_is_never_taken_for_a_weight(counter):
    """Typed, 7 would be seven kilograms of what is waiting."""
    counter.locator(".tile", has_text="Sugar").click()
    expect(lines(counter)).to_have_count(1)
    counter.locator(".tile", has_text="Onion").click()
    expect(lines(counter)).to_have_count(2)
    assert quantities(counter) == ["", ""]


def test_the_same_tile_again_asks_for_the_weight_that_is_awaited(counter):
    tile = counter.locator(".tile", has_text="Sugar")
    tile.click()
    expect(lines(counter).locator(".qty")).to_be_focused()
    tile.click()
    expect(lines(counter).locator(".qty")).to_be_focused()
    expect(lines(counter)).to_have_count(1)


def test_tiles_wait_their_turn_while_a_question_is_open(counter, goods):
    factories.stock_up(goods["soap"], 24, mrp=Decimal(60))
    scan(counter, SOAP)
    expect(counter.locator(".chooser")).to_be_visible()
    counter.locator(".tile", has_text="Onion").click()
    expect(counter.locator("#waiting")).to_have_text("1 scan waiting")
    counter.keyboard.press("Enter")
    expect(lines(counter)).to_have_count(2)


def test_many_tiles_open_on_a_laptop_and_swipe_on_a_phone(counter, shop, goods):
    for number in range(100, 122):
        add_tile(shop=shop, product=factories.make_product(shop, f"Thing {number}", mrp=None, unit="kg", loose=True, plu=number))
    open_counter(counter, shop)
    last = counter.locator(".tile").last
    expect(last).not_to_be_in_viewport()
    counter.get_by_role("button", name="All tiles").click()
    expect(counter.locator("#tiles")).to_have_attribute("data-open", "")
    expect(counter.locator("#entry")).to_be_focused()
    counter.get_by_role("button", name="All tiles").click()
    counter.set_viewport_size({"width": 360, "height": 740})
    expect(counter.get_by_role("button", name="All tiles")).to_be_hidden()
    assert counter.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = counter.locator(".tile").first.bounding_box()
    assert box["height"] >= 48
    counter.locator("#tile-strip").evaluate("strip => strip.scrollTo(strip.scrollWidth, 0)")
    expect(last).to_be_in_viewport()


def test_the_arrows_walk_the_tiles_and_tab_stops_once(counter):
    first = counter.locator(".tile").first
    first.focus()
    counter.keyboard.press("ArrowRight")
    expect(counter.locator(".tile").nth(1)).to_be_focused()
    expect(first).to_have_attribute("tabindex", "-1")
    counter.keyboard.press("Enter")
    expect(lines(counter)).to_have_count(1)


# --- adding in place --------------------------------------------------------------------------------------------------
def fill_in(page, name="Ghee 1 L", mrp="685", word="ghee"):
    """As a quick hand does: each Enter goes to the next empty box."""
    expect(page.locator("#id_name")).to_be_focused()
    for text in (name, mrp):
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    expect(page.locator("#id_hsn")).to_be_focused()
    page.keyboard.type(word)
    expect(page.locator(".gst-choice :checked")).to_have_count(1)


def test_an_unknown_code_becomes_a_product_and_a_line_without_leaving_the_bill(counter, shop):
    scan(counter, SOAP)
    expect(lines(counter)).to_have_count(1)
    key = counter.input_value("[name=key]")
    scan(counter, UNKNOWN)
    expect(say(counter)).to_contain_text(f"Not in list: 8901…{UNKNOWN[-3:]}")
    expect(say(counter)).to_contain_text("add item")
    scan(counter, "")
    fill_in(counter)
    counter.keyboard.press("Enter")
    expect(lines(counter)).to_have_count(2)
    expect(lines(counter).nth(1)).to_contain_text("Ghee 1 L")
    expect(counter.locator("#side")).to_be_hidden()
    expect(counter.locator("#entry")).to_be_focused()
    assert counter.input_value("[name=key]") == key
    made = shop.products.get(name="Ghee 1 L")
    assert (made.price, made.barcodes.get().code) == (Decimal(685), UNKNOWN)
    scan(counter, UNKNOWN)
    expect(lines(counter).nth(1).locator(".qty")).to_have_value("2")
    counter.keyboard.press("F9")
    expect(saved(counter)).to_have_text("₹\u00a01,423.00")


def test_scans_that_come_meanwhile_wait_and_go_on(counter):
    scan(counter, UNKNOWN)
    expect(say(counter)).to_contain_text("Not in list")
    scan(counter, SOAP)
    expect(counter.locator("#waiting")).to_have_text("1 scan waiting")
    scan(counter, "")
    expect(counter.locator("#id_name")).to_be_focused()
    counter.keyboard.type("Ghee 1 L")
    scan(counter, SOAP)
    expect(counter.locator("#id_name")).to_have_value("Ghee 1 L")
    expect(counter.locator("#waiting")).to_have_text("2 scans waiting")
    counter.keyboard.press("Enter")
    counter.keyboard.type("685")
    scan(counter, SOAP)
    expect(counter.locator("#id_mrp")).to_have_value("685")
    expect(counter.locator("#waiting")).to_have_text("3 scans waiting")
    counter.keyboard.press("Enter")
    counter.keyboard.type("ghee")
    expect(counter.locator(".gst-choice :checked")).to_have_count(1)
    counter.keyboard.press("Enter")
    expect(lines(counter)).to_have_count(2)
    expect(lines(counter).nth(0)).to_contain_text("Ghee 1 L")
    expect(lines(counter).nth(1).locator(".qty")).to_have_value("3")
    expect(counter.locator("#waiting")).to_be_hidden()


def test_the_same_unknown_code_twice_is_asked_once_and_makes_two(counter, shop):
    scan(counter, UNKNOWN)
    counter.wait_for_timeout(100)  # within 60 ms it would be one scan heard twice
    scan(counter, UNKNOWN)
    expect(counter.locator("#waiting")).to_have_text("1 scan waiting")
    scan(counter, "")
    fill_in(counter)
    counter.keyboard.press("Enter")
    expect(lines(counter).locator(".qty")).to_have_value("2")
    assert shop.products.filter(name="Ghee 1 L").count() == 1


def test_what_is_wrong_stands_beside_its_field_and_the_bill_is_untouched(counter, shop):
    scan(counter, SOAP, UNKNOWN)
    expect(say(counter)).to_contain_text("Not in list")
    scan(counter, "")
    fill_in(counter)
    counter.get_by_label("Selling price").fill("700")
    counter.errors_expected = True  # Chromium logs a 422
    counter.keyboard.press("Enter")
    expect(counter.locator("#side")).to_contain_text("Above the MRP of ₹ 685.00")
    expect(counter.get_by_label("Selling price")).to_be_focused()
    expect(counter.locator("#id_name")).to_have_value("Ghee 1 L")
    expect(lines(counter)).to_have_count(1)
    assert not problems(axe(counter))
    counter.get_by_label("Selling price").fill("680")
    counter.keyboard.press("Enter")
    expect(lines(counter)).to_have_count(2)


def test_escape_skips_and_the_next_scan_goes_on(counter, shop):
    for leave_form in (False, True):
        scan(counter, UNKNOWN)
        expect(say(counter)).to_contain_text("Not in list")
        if leave_form:
            counter.get_by_role("button", name="add item").click()
            expect(counter.locator("#id_name")).to_be_focused()
        counter.keyboard.press("Escape")
        expect(counter.locator("#side")).to_be_hidden()
        expect(counter.locator("#entry")).to_be_focused()
        scan(counter, SOAP)
        expect(lines(counter)).to_have_count(1)
        counter.wait_for_timeout(100)
    expect(lines(counter).locator(".qty")).to_have_value("2")
    assert shop.products.count() == 3


def test_a_lost_answer_leaves_the_form_and_saving_again_makes_one(counter, shop):
    lost = []

    def lose_once(route):
        if lost or route.request.method == "GET":
            return route.continue_()
        lost.append(route.fetch())
        return route.abort()

    counter.errors_expected = True
    counter.route(re.compile("/counter/product"), lose_once)
    scan(counter, UNKNOWN)
    expect(say(counter)).to_contain_text("Not in list")
    scan(counter, "")
    fill_in(counter)
    counter.keyboard.press("Enter")
    expect(say(counter)).to_contain_text("press Save again")
    expect(counter.locator("#id_name")).to_have_value("Ghee 1 L")
    counter.keyboard.press("Enter")
    expect(lines(counter)).to_have_count(1)
    assert shop.products.filter(name="Ghee 1 L").count() == 1


def test_goods_of_a_scale_that_nobody_entered_come_with_their_weight(counter, shop):
    scan(counter, label("grams", 123, "0.750"))
    expect(say(counter)).to_contain_text("Label’s item 00123")
    scan(counter, "")
    expect(counter.locator("#id_name")).to_be_focused()
    counter.keyboard.type("Cashew")
    counter.get_by_label("Selling price").fill("1000")
    counter.locator("#id_hsn").fill("kaju")
    expect(counter.locator(".gst-choice :checked")).to_have_count(1)
    counter.get_by_role("button", name="Save, and on the bill").click()
    expect(total(counter)).to_have_text("₹\u00a0750.00")
    assert shop.products.get(name="Cashew").plu == 123


def test_who_may_not_add_is_told_whom_to_ask(page, shop, goods):
    sign_in(page, factories.make_member(shop))
    open_counter(page, shop)
    scan(page, UNKNOWN)
    expect(say(page)).to_contain_text("Ask the owner to add it.")
    scan(page, SOAP)
    expect(page.locator("#waiting")).to_have_text("1 scan waiting")
    page.keyboard.press("Escape")
    expect(lines(page)).to_have_count(1)
    scan(page, OTHER)
    expect(say(page)).to_contain_text("Ask the owner to add it.")
    scan(page, "")
    expect(page.locator("#side")).to_be_hidden()
    scan(page, SOAP)
    expect(lines(page).locator(".qty")).to_have_value("2")


def test_an_expired_batch_is_put_aside_and_enter_takes_the_other(counter, shop):
    from datetime import timedelta

    from smartkirana.dates import shop_today

    milk = factories.make_product(shop, "Milk", plu=9)
    gone, good = shop_today() - timedelta(days=3), shop_today() + timedelta(days=80)
    factories.stock_up(milk, 5, expiry=gone)
    factories.stock_up(milk, 5, expiry=good)
    scan(counter, "9")
    expect(say(counter)).to_contain_text(f"Expired {gone:%-d %b}. Put aside. Other batch: exp {good:%b %y} [Enter]")
    scan(counter, "")
    expect(lines(counter)).to_contain_text(f"exp {good:%b %y}")


def test_axe_finds_nothing_on_tiles_question_and_form(counter):
    counter.locator(".tile").first.click()
    expect(lines(counter)).to_have_count(1)
    counter.keyboard.press("Escape")
    scan(counter, UNKNOWN)
    expect(say(counter)).to_contain_text("Not in list")
    assert not problems(axe(counter))
    scan(counter, "")
    expect(counter.locator("#id_name")).to_be_focused()
    assert not problems(axe(counter))


def axe(page):
    from axe_playwright_python.sync_playwright import Axe

    return Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]})
