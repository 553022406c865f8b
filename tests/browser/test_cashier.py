"""Who stands at the counter: approvals by PIN, locking, handing over; done by keys in a real Chromium."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from catalog.barcodes import in_store_ean
from orders.till_models import TillEvent
from shops.models import Role
from shops.pins import set_pin
from tests import factories
from tests.browser.conftest import sign_in
from tests.browser.till import lines, open_counter, scan, total

pytestmark = pytest.mark.django_db(transaction=True)
CODES = [in_store_ean("20", n) for n in range(1, 4)]


@pytest.fixture
def goods(shop):
    names = ["Tata Salt 1 kg", "Parle-G 800 g", "Amul Butter 100 g"]
    return [
        factories.make_product(shop, name, price="100", mrp="100", stock=50, barcodes=[(code, 1)])
        for name, code in zip(names, CODES, strict=True)
    ]


@pytest.fixture
def people(shop):
    """The owner Suresh with PIN 4826, and staff Meena, who signs in, with PIN 7391."""
    owner = shop.memberships.get(role=Role.OWNER)
    owner.user.name = "Suresh"
    owner.user.save(update_fields=["name"])
    meena = factories.make_member(shop, user=factories.make_user("Meena"))
    for user, pin in ((owner.user, "4826"), (meena, "7391")):
        set_pin(membership=shop.memberships.get(user=user), pin=pin, by=user)
    return owner.user, meena


@pytest.fixture
def counter(page, shop, goods, people):
    sign_in(page, people[1])
    return open_counter(page, shop)


def test_a_discount_beyond_the_cashiers_limit_is_approved_by_name_and_pin(counter, shop, people):
    owner, meena = people
    scan(counter, CODES[0])
    expect(lines(counter)).to_have_count(1)
    counter.keyboard.press("F6")
    scan(counter, "5%")
    expect(total(counter)).to_have_text("₹\u00a095.00")
    counter.keyboard.press("F6")
    scan(counter, "12%")
    expect(counter.locator("#side")).to_contain_text("discount up to 12")
    scan(counter, "4826")
    expect(total(counter)).to_have_text("₹\u00a088.00")
    expect(counter.locator("#say")).to_contain_text("Approved by Suresh")
    counter.keyboard.press("F9")
    expect(counter.locator("#saved")).to_contain_text("S1/")
    order = shop.orders.get()
    assert (order.total, order.cashier) == (Decimal(88), meena)
    approval = shop.approvals.get()
    assert (approval.approved_by.user, approval.percent, approval.request_key) == (owner, Decimal(12), order.request_key)


def test_a_wrong_pin_says_how_many_tries_are_left_and_the_bill_stays(counter, shop):
    scan(counter, CODES[0])
    expect(lines(counter)).to_have_count(1)
    counter.errors_expected = True  # Chromium logs the 422
    counter.keyboard.press("F7")
    scan(counter, "90")
    expect(counter.locator("#side")).to_contain_text("another rate")
    scan(counter, "1111")
    expect(counter.locator("#side")).to_contain_text("left")
    counter.keyboard.press("Escape")
    expect(counter.locator("#side")).to_be_hidden()
    expect(total(counter)).to_have_text("₹\u00a0100.00")
    assert not shop.approvals.exists()


def test_what_the_page_lets_through_the_server_still_refuses(counter, shop):
    scan(counter, CODES[0])
    expect(lines(counter)).to_have_count(1)
    counter.errors_expected = True
    counter.evaluate("document.getElementById('bill').dataset.limitPercent = '100'")
    counter.keyboard.press("F6")
    scan(counter, "50%")
    expect(total(counter)).to_have_text("₹\u00a050.00")
    counter.keyboard.press("F9")
    expect(counter.locator("#side")).to_contain_text("discount up to 50")
    assert not shop.orders.exists()
    scan(counter, "4826")
    expect(counter.locator("#side")).to_be_hidden()
    counter.keyboard.press("F9")
    expect(counter.locator("#saved")).to_contain_text("S1/")
    assert shop.orders.get().total == Decimal(50)


def test_locking_keeps_the_bill_and_another_cashier_goes_on_with_it(counter, shop, people):
    owner, _ = people
    scan(counter, *CODES)
    expect(lines(counter)).to_have_count(3)
    key = counter.input_value("[name=key]")
    counter.errors_expected = True  # the lock screen is a 423
    counter.keyboard.press("Alt+l")
    expect(counter.locator("#locked")).to_be_visible()
    counter.goto(f"/s/{shop.slug}/bills/")
    expect(counter.locator("#locked")).to_be_visible()
    counter.locator("label.pin-person", has_text="Suresh").click()
    scan(counter, "4826")
    expect(lines(counter)).to_have_count(3)
    assert counter.input_value("[name=key]") == key
    expect(counter.locator(".till-top > .who")).to_contain_text("Suresh")
    counter.keyboard.press("F9")
    expect(counter.locator("#saved")).to_contain_text("S1/")
    order = shop.orders.get()
    assert (order.cashier, order.lines.count()) == (owner, 3)
    assert {"locked", "switched"} <= set(TillEvent.objects.filter(shop=shop).values_list("kind", flat=True))


def test_a_removed_line_and_a_no_sale_stand_in_the_log(counter, shop):
    scan(counter, CODES[0])
    expect(lines(counter)).to_have_count(1)
    counter.keyboard.press("Delete")
    expect(lines(counter)).to_have_count(0)
    counter.keyboard.press("Alt+o")
    expect(counter.locator("#side")).to_contain_text("Open the drawer")
    scan(counter, "1")
    expect(counter.locator("#say")).to_contain_text("No sale, written down")
    expect(counter.locator("#side")).to_be_hidden()
    counter.wait_for_timeout(500)
    told = {one.kind: one for one in TillEvent.objects.filter(shop=shop)}
    assert told["line_removed"].amount == Decimal(100)
    assert told["no_sale"].reason == "Give change"
