"""Counting with a phone in the hand and a scanner: scan, quantity, Enter, next; a bad network loses and doubles nothing."""

from contextlib import contextmanager
from decimal import Decimal as D

import pytest
from playwright.sync_api import expect

from inventory.models import CountEntry
from tests import factories
from tests.browser.conftest import fresh_profile, sign_in
from tests.browser.test_counter import problems
from tests.browser.test_counter_goods import axe
from tests.browser.till import CODES, scan
from tests.inventory.buying import books_agree
from tests.inventory.counting_world import open_take

pytestmark = pytest.mark.django_db(transaction=True)
SALT, BISCUITS, BUTTER = CODES[:3]


@pytest.fixture
def take(shop, goods):
    return open_take(shop, name="Before Diwali")


@contextmanager
def counting(chromium, live_server, user, take, width=360, height=740):
    """The counting screen on a phone of `user`; what the page reports as an error fails the test."""
    context = fresh_profile(chromium, live_server, width, height, has_touch=width < 500, is_mobile=width < 500)
    page = context.new_page()
    page.errors_expected = False
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    sign_in(page, user)
    page.goto(f"/s/{take.shop.slug}/stock/takes/{take.pk}/")
    expect(page.locator("#count-scan")).to_be_focused()
    try:
        yield page
    finally:
        context.close()
    assert page.errors_expected or not errors, errors


@pytest.fixture
def phone(chromium, live_server, shop, take):
    with counting(chromium, live_server, factories.make_member(shop), take) as page:
        yield page


def enter(page, code, quantity):
    """Scan, wait for the goods, write how much, Enter, and the cursor is back for the next scan."""
    scan(page, code)
    expect(page.locator("#id_quantity")).to_be_focused()
    page.keyboard.type(quantity)
    page.keyboard.press("Enter")
    expect(page.locator("#count-goods .entered")).to_be_visible()
    expect(page.locator("#count-scan")).to_be_focused()
    expect(page.locator("#count-scan")).to_have_value("")


def counted(take):
    return [(e.product.name, e.quantity) for e in take.entries.select_related("product").order_by("pk")]


def test_two_phones_count_by_scanning_and_the_owner_approves(chromium, live_server, shop, take, goods):
    ravi, sita = factories.make_member(shop), factories.make_member(shop)
    with counting(chromium, live_server, ravi, take) as one, counting(chromium, live_server, sita, take) as two:
        enter(one, SALT, "60")
        enter(two, BISCUITS, "97")
        enter(two, SALT, "38")
        expect(two.locator(".how-far")).to_contain_text("2 of 6 counted")
        expect(two.locator(".mine li")).to_have_count(2)
        assert two.evaluate("document.documentElement.scrollWidth") == 360
        assert two.locator(".count-head").bounding_box()["height"] < 90
        scan(two, "42")  # loose sugar by its PLU
        expect(two.get_by_role("heading", name="Sugar, loose")).to_be_visible()
        two.keyboard.type("48.250")
        two.keyboard.press("Enter")
        expect(two.locator(".how-far")).to_contain_text("3 of 6 counted")
    with counting(chromium, live_server, shop.owner, take, 1366, 768) as page:
        page.get_by_role("button", name="The counting is done").click()
        page.get_by_role("button", name="End it").click()
        expect(page.locator(".differences tbody tr")).to_have_count(3)
        expect(page.locator(".stats")).to_contain_text("−₹")
        page.get_by_role("button", name="Approve and post").click()
        page.get_by_role("button", name="Approve", exact=True).click()
        expect(page.locator("main")).to_contain_text("Approved")
    assert goods[0].lots.get().on_hand == 98
    assert goods[1].lots.get().on_hand == 97
    assert goods[2].lots.get().on_hand == 100  # nobody counted it
    assert shop.lots.get(product__plu=42).on_hand == D("48.250")
    books_agree(shop)


def test_wrong_entry_is_taken_back_with_a_finger(phone, take):
    enter(phone, SALT, "600")
    phone.get_by_role("button", name="Take Tata Salt 1 kg back").tap()
    expect(phone.locator(".mine li.off")).to_contain_text("taken back")
    enter(phone, SALT, "60")
    assert [quantity for _, quantity in counted(take)] == [600, -600, 60]


def test_scanning_the_same_goods_again_adds_one(phone, take):
    scan(phone, SALT)
    expect(phone.locator("#id_quantity")).to_be_focused()
    scan(phone, SALT)
    expect(phone.locator("#id_quantity")).to_have_value("2")
    scan(phone, SALT)
    expect(phone.locator("#id_quantity")).to_have_value("3")
    phone.keyboard.press("Enter")
    expect(phone.locator(".entered")).to_be_visible()
    assert counted(take) == [("Tata Salt 1 kg", 3)]


def test_other_goods_scanned_before_these_are_entered_take_nothing_away(phone, take):
    scan(phone, SALT)
    expect(phone.locator("#id_quantity")).to_be_focused()
    phone.keyboard.type("12")
    phone.locator("#count-scan").focus()
    scan(phone, BISCUITS)
    expect(phone.locator(".unwritten")).to_be_visible()
    expect(phone.locator("#id_quantity")).to_have_value("12")
    expect(phone.locator("#id_quantity")).to_be_focused()
    phone.keyboard.press("Enter")
    expect(phone.locator(".entered")).to_be_visible()
    assert counted(take) == [("Tata Salt 1 kg", 12)]


def test_quantity_typed_before_the_goods_are_there_is_theirs(phone, take):
    phone.route("**/find/**", lambda route: (phone.wait_for_timeout(600), route.continue_()))
    scan(phone, SALT, "14")
    expect(phone.locator(".entered")).to_be_visible()
    expect(phone.locator("#count-scan")).to_be_focused()
    assert counted(take) == [("Tata Salt 1 kg", 14)]


def test_goods_scanned_while_an_entry_is_on_its_way_come_after_it(phone, take):
    phone.route("**/goods/**", lambda route: (phone.wait_for_timeout(600), route.continue_()))
    scan(phone, SALT)
    expect(phone.locator("#id_quantity")).to_be_focused()
    scan(phone, "14", BISCUITS)
    expect(phone.get_by_role("heading", name="Parle-G 800 g")).to_be_visible()
    expect(phone.locator("#id_quantity")).to_be_focused()
    scan(phone, "3")
    expect(phone.locator(".entered")).to_contain_text("Parle-G 800 g")
    assert counted(take) == [("Tata Salt 1 kg", 14), ("Parle-G 800 g", 3)]


def test_unknown_code_is_said_and_the_next_scan_goes_on(phone, take):
    scan(phone, "8909999999990")
    expect(phone.locator("#count-goods [role=alert]")).to_contain_text("8909999999990")
    enter(phone, SALT, "5")
    assert counted(take) == [("Tata Salt 1 kg", 5)]


def test_scan_finds_its_way_wherever_the_cursor_is(phone, take):
    phone.get_by_role("heading", name="What I counted last").tap()
    scan(phone, SALT)
    expect(phone.get_by_role("heading", name="Tata Salt 1 kg")).to_be_visible()


def test_entry_without_an_answer_is_sent_again_and_counts_once(phone, take):
    phone.errors_expected = True
    lost = []

    def lose(route):
        if lost:
            return route.continue_()
        lost.append(route.fetch())  # it arrives; its answer does not
        return route.abort("internetdisconnected")

    phone.route("**/goods/**", lose)
    scan(phone, SALT)
    expect(phone.locator("#id_quantity")).to_be_focused()
    phone.keyboard.type("60")
    phone.keyboard.press("Enter")
    expect(phone.locator(".unsent")).to_be_visible()
    expect(phone.locator("#id_quantity")).to_have_value("60")
    expect(phone.locator(".entered")).to_be_visible(timeout=9000)
    expect(phone.locator("#count-scan")).to_be_focused()
    assert counted(take) == [("Tata Salt 1 kg", 60)]


def test_the_goods_and_their_quantity_are_above_the_fold_for_the_owner_too(chromium, live_server, shop, take):
    with counting(chromium, live_server, shop.owner, take) as page:
        scan(page, SALT)
        button = page.locator(".how-much .btn").bounding_box()
        assert button["y"] + button["height"] < 740 - 56  # the tabs at the bottom


def test_lots_of_several_looks_are_chosen_by_keyboard(chromium, live_server, shop, take, goods):
    factories.stock_up(goods[0], 20, mrp=D("55.00"), batch="B7")
    with counting(chromium, live_server, shop.owner, take, 1366, 650) as page:
        scan(page, SALT)
        expect(page.get_by_label("MRP ₹\xa055.00 · batch B7")).to_be_focused()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
        expect(page.locator("#id_quantity")).to_be_focused()
        page.keyboard.type("19")
        page.keyboard.press("Enter")
        expect(page.locator(".mine")).to_contain_text("batch B7")
    assert CountEntry.objects.get().lot.batch == "B7"


def test_counting_is_usable_with_a_screen_reader(phone):
    scan(phone, SALT)
    expect(phone.locator("#id_quantity")).to_be_focused()
    assert not problems(axe(phone))
