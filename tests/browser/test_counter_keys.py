"""Every key of the counter does what its card says (docs/counter.md has the table)."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from catalog.barcodes import in_store_ean
from tests import factories
from tests.browser.conftest import sign_in
from tests.browser.till import lines, open_counter, scan, tabs, total

pytestmark = pytest.mark.django_db(transaction=True)
CODES = [in_store_ean("20", n) for n in range(1, 4)]


@pytest.fixture
def counter(page, shop):
    """The owner at the counter with two lines, salt and tea at ₹100 each; the salt lies in two batches."""
    shop.upi_id = "sharma@okbank"
    shop.save(update_fields=["upi_id"])
    salt = factories.make_product(shop, "Tata Salt 1 kg", price="100", mrp="100", stock=50, barcodes=[(CODES[0], 1)])
    factories.stock_up(salt, 20, batch="B2")
    factories.make_product(shop, "Red Label Tea", price="100", mrp="100", stock=50, barcodes=[(CODES[1], 1)])
    factories.make_product(shop, "Sugar, loose", price="44", mrp=None, cost="38", stock=50, unit="kg", loose=True, plu=42)
    sign_in(page, shop.owner)
    open_counter(page, shop)
    scan(page, CODES[1], CODES[0])
    expect(lines(page)).to_have_count(2)
    return page


def side(page):
    return page.locator("#side")


@pytest.mark.parametrize("key", ["F2"])
def test_quantity_of_the_line(counter, key):
    counter.keyboard.press(key)
    scan(counter, "3")
    expect(total(counter)).to_have_text("₹\u00a0400.00")


@pytest.mark.parametrize("key", ["F4", "Alt+c"])
def test_customer(counter, shop, key):
    customer = factories.make_customer(shop, "Ramesh", "+919812345321")
    counter.keyboard.press(key)
    expect(counter.locator("#say")).to_contain_text("phone number")
    scan(counter, customer.short_phone)
    expect(counter.locator("#customer")).to_contain_text("Ramesh")


@pytest.mark.parametrize("key", ["F6", "Alt+d"])
def test_discount_on_the_line_and_again_on_the_bill(counter, key):
    counter.keyboard.press(key)
    scan(counter, "10%")
    expect(total(counter)).to_have_text("₹\u00a0190.00")
    counter.keyboard.press(key)
    counter.keyboard.press(key)
    scan(counter, "20")
    expect(total(counter)).to_have_text("₹\u00a0170.00")
    expect(counter.locator("[data-sub]")).to_contain_text("less ₹\u00a020.00")


@pytest.mark.parametrize("key", ["F7", "Alt+r"])
def test_rate_of_the_line_never_above_its_mrp(counter, shop, key):
    counter.keyboard.press(key)
    scan(counter, "120")
    expect(counter.locator("#say")).to_contain_text("₹120.00 is above MRP ₹100.00. Not allowed")
    scan(counter, "90")
    expect(total(counter)).to_have_text("₹\u00a0190.00")
    expect(lines(counter).nth(1).locator(".rate s")).to_have_text("100.00")
    counter.keyboard.press("F9")
    expect(counter.locator("#saved")).to_contain_text("S1/")
    line = shop.orders.get().lines.get(name="Tata Salt 1 kg")
    assert (line.unit_price, line.list_price) == (Decimal(90), Decimal(100))


@pytest.mark.parametrize("key", ["F8", " "])
def test_payment(counter, key):
    counter.keyboard.press(key)
    expect(counter.locator("#pay-cash")).to_be_focused()


@pytest.mark.parametrize("key", ["F9", "Control+Enter"])
def test_exact_cash(counter, shop, key):
    counter.keyboard.press(key)
    expect(counter.locator("#saved")).to_contain_text("S1/")
    assert shop.orders.get().payments.get().method == "cash"


@pytest.mark.parametrize("key", ["F10", "Alt+u"])
def test_upi_shows_its_code(counter, key):
    counter.keyboard.press(key)
    expect(counter.locator("#qr svg")).to_be_visible()


def test_rest_to_khata(counter, shop):
    scan(counter, factories.make_customer(shop, "Ramesh", "+919812345321").short_phone)
    expect(counter.locator("#customer")).to_contain_text("Ramesh")
    counter.keyboard.press("Alt+k")
    expect(counter.locator("#pay-khata")).to_be_focused()


@pytest.mark.parametrize("key", ["F3", "Alt+h"])
def test_hold_and_recall(counter, key):
    counter.keyboard.press(key)
    expect(lines(counter)).to_have_count(0)
    counter.keyboard.press("PageUp")
    expect(lines(counter)).to_have_count(2)
    counter.keyboard.press(key)
    expect(lines(counter)).to_have_count(0)
    scan(counter, CODES[1])
    expect(lines(counter)).to_have_count(1)
    expect(tabs(counter)).to_have_count(2)
    counter.keyboard.press("PageUp")
    expect(lines(counter)).to_have_count(2)
    counter.keyboard.press("PageDown")
    expect(lines(counter)).to_have_count(1)


def test_an_old_bill_by_its_number_is_seen_and_sold_again(counter, shop):
    counter.keyboard.press("F9")
    expect(counter.locator("#saved")).to_contain_text("S1/")
    counter.keyboard.press("Alt+t")
    scan(counter, "1")
    expect(side(counter)).to_contain_text("S1/")
    expect(side(counter)).to_contain_text("Tata Salt 1 kg")
    counter.keyboard.press("c")
    expect(lines(counter)).to_have_count(2)
    scan(counter, "#1")
    expect(side(counter)).to_contain_text("200.00")
    counter.keyboard.press("Escape")
    expect(side(counter)).to_be_hidden()
    scan(counter, "#99")
    expect(counter.locator("#say")).to_contain_text("There is no bill 99")


def test_delete_undo_and_escape(counter):
    counter.keyboard.press("Delete")
    expect(lines(counter)).to_have_count(1)
    counter.keyboard.press("Control+z")
    expect(lines(counter)).to_have_count(2)
    counter.keyboard.press("Escape")
    expect(lines(counter)).to_have_count(2)


def test_another_batch(counter, shop):
    counter.keyboard.press("Alt+b")
    expect(side(counter)).to_contain_text("Batch of Tata Salt 1 kg")
    counter.keyboard.press("2")
    expect(side(counter)).to_be_hidden()
    counter.keyboard.press("F9")
    expect(counter.locator("#saved")).to_contain_text("S1/")
    assert shop.lots.get(batch="B2").on_hand == Decimal(19)


def test_the_key_card(counter):
    counter.keyboard.press("F1")
    expect(side(counter)).to_contain_text("exact cash, print, next bill")
    counter.keyboard.press("Escape")
    counter.keyboard.press("?")
    expect(side(counter)).to_be_visible()


def test_the_calculator_adds_nothing(counter):
    scan(counter, "=12*45+30")
    expect(counter.locator("#say")).to_contain_text("12*45+30 = 570")
    expect(total(counter)).to_have_text("₹\u00a0200.00")


@pytest.mark.parametrize("text", ["₹20*42", "20/42"])
def test_twenty_rupees_of_sugar_come_to_twenty_rupees(counter, shop, text):
    scan(counter, text)
    expect(total(counter)).to_have_text("₹\u00a0220.00")
    counter.keyboard.press("F9")
    expect(counter.locator("#saved")).to_contain_text("S1/")
    line = shop.orders.get().lines.get(name="Sugar, loose")
    assert (line.quantity, line.gross, line.total) == (Decimal("0.454"), Decimal(20), Decimal(20))


def test_a_wholesale_customer_gets_the_wholesale_prices(counter, shop):
    wholesale = shop.price_lists.create(name="Wholesale")
    salt = shop.products.get(name="Tata Salt 1 kg")
    shop.list_prices.create(product=salt, price_list=wholesale, min_quantity=0, price=Decimal(80))
    customer = factories.make_customer(shop, "Hotel", "+919812345322", price_list=wholesale)
    scan(counter, customer.short_phone)
    expect(counter.locator("#customer")).to_contain_text("Hotel")
    expect(total(counter)).to_have_text("₹\u00a0180.00")
    counter.keyboard.press("F9")
    expect(counter.locator("#saved")).to_contain_text("S1/")
    assert shop.orders.get().total == Decimal(180)


def test_a_price_that_changed_meanwhile_is_taken_anew(counter, shop):
    shop.products.filter(name="Tata Salt 1 kg").update(price=Decimal(95))
    counter.errors_expected = True  # the refusal is a 422
    counter.keyboard.press("F9")
    expect(counter.locator("#say")).to_contain_text("now costs ₹95.00")
    expect(total(counter)).to_have_text("₹\u00a0195.00")
    counter.keyboard.press("F9")
    expect(counter.locator("#saved")).to_contain_text("S1/")
    assert shop.orders.get().total == Decimal(195)
