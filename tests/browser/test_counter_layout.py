"""What the counter's looks promise on a phone, a small phone and a laptop, also with letters of twice the size, light and dark."""

import pytest
from playwright.sync_api import expect

from catalog.barcodes import in_store_ean
from tests import factories
from tests.browser.conftest import fresh_profile, sign_in
from tests.browser.test_counter import problems
from tests.browser.till import CODES, lines, open_counter, scan

pytestmark = pytest.mark.django_db(transaction=True)

BIG = "addEventListener('DOMContentLoaded', () => { document.documentElement.style.fontSize = '200%'; });"
LONG = "Haldiram's Nagpur Aloo Bhujia Family Value Saver Pack 1 kg"
LONG_CODE = in_store_ean("20", 99)
SIZES = {"phone": (360, 740), "small phone": (320, 640), "laptop": (1366, 650)}

# What can be pressed and is in sight, but not wholly within the screen; what scrolls inside its own box is reached by scrolling
CUT = """() => [...document.querySelectorAll("button, a, input:not([type=hidden])")].filter((e) => {
  const box = e.getBoundingClientRect();
  if (!box.width || !e.checkVisibility({ visibilityProperty: true })) return false;
  if (e.closest(".skip, .lines, .strip, .bills, .side, .menu, .panel, .pay")) return false;
  return box.left < -1 || box.right > innerWidth + 1 || box.top < -1 || box.bottom > innerHeight + 1;
}).map((e) => e.outerHTML.slice(0, 100))"""
# Left out: the mark "weigh" and the quantity, which lie in a row that is itself pressed
PRESSED = ".till button, .till input:not([type=hidden]), .side button, .side .btn"
SMALL = """(pressed) => [...document.querySelectorAll(pressed)].filter((e) => {
  const box = e.getBoundingClientRect();
  if (!box.width || !e.checkVisibility({ visibilityProperty: true }) || e.matches(".weigh, .lines .qty")) return false;
  return box.height < 47.5 || box.width < 47.5;
}).map((e) => [e.outerHTML.slice(0, 100), e.getBoundingClientRect().width, e.getBoundingClientRect().height].join(" "))"""


@pytest.fixture
def on(chromium, live_server, shop, goods):
    """→ open(size, big, scheme): the counter's page with a long name in stock and Ramesh, who has 9812345321."""
    factories.make_product(shop, LONG, stock=5, local_name="हल्दीराम", barcodes=[(LONG_CODE, 1)])
    factories.make_customer(shop, "Ramesh Kumar Sharma", "+919812345321")
    user = shop.memberships.get(role="owner").user
    contexts = []

    def open_on(size: str, *, big: bool = False, scheme: str = "light"):
        width, height = SIZES[size]
        phone = size != "laptop"
        context = fresh_profile(chromium, live_server, width, height, has_touch=phone, is_mobile=phone, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        if big:
            page.add_init_script(BIG)
        sign_in(page, user)
        return open_counter(page, shop)

    yield open_on
    for context in contexts:
        context.close()


def states(page):
    """Goes from state to state of the counter and yields the name of each."""
    yield "empty"
    scan(page, CODES[0], LONG_CODE)
    expect(lines(page)).to_have_count(2)
    page.keyboard.press("F6")
    scan(page, "5%")
    expect(lines(page).nth(1).locator(".off")).to_be_visible()
    scan(page, CODES[1])
    expect(lines(page)).to_have_count(3)
    page.keyboard.press("F7")
    scan(page, "50")
    expect(lines(page).nth(2).locator(".rate s")).to_be_visible()
    yield "three lines"
    scan(page, "42")
    expect(lines(page).locator(".qty")).to_have_count(4)
    yield "weighing"
    scan(page, "1.5", "9812345321")
    expect(page.locator("#customer")).to_contain_text("Ramesh")
    yield "customer"
    page.keyboard.press("F1")
    expect(page.locator("#side .keys")).to_be_visible()
    yield "keys"
    page.keyboard.press("Escape")
    page.locator("#online").click()
    expect(page.locator("#side .link-list")).to_be_visible()
    yield "connection"
    page.keyboard.press("Escape")
    page.keyboard.press("F8")
    expect(page.locator("#pay-cash")).to_be_focused()
    yield "paying"
    page.keyboard.press("Escape")
    page.keyboard.press("F10")
    expect(page.locator("#qr .qr")).to_be_attached()
    yield "UPI"
    page.keyboard.press("Escape")
    page.keyboard.press("F9")
    expect(page.locator("#saved")).to_contain_text("S1/")
    yield "saved"
    scan(page, "#1")
    expect(page.locator("#side .old-bill")).to_be_visible()
    yield "old bill"


def amount(page, state: str):
    """Where the amount to pay, or what was paid, stands. A list over the whole of a phone stands before it, and is closed by one tap."""
    return page.locator("#saved .change strong") if state == "saved" else page.locator("[data-total]")


@pytest.mark.parametrize("big", [False, True], ids=["usual letters", "letters twice the size"])
@pytest.mark.parametrize("size", SIZES)
def test_the_amount_never_leaves_the_screen_and_nothing_is_cut_off(on, size, big):
    page = on(size, big=big)
    for state in states(page):
        page.wait_for_timeout(100)
        where = f"{size}, {state}"
        if state not in {"keys", "connection", "old bill"}:
            expect(amount(page, state), where).to_be_in_viewport(ratio=1)
            box = amount(page, state).bounding_box()
            assert box["x"] + box["width"] <= SIZES[size][0], where
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollTop === 0"), where
        assert page.evaluate(CUT) == [], where


@pytest.mark.parametrize("size", ["phone", "small phone"])
def test_what_a_thumb_presses_is_48_pixels_wide_and_high(on, size):
    page = on(size)
    for state in states(page):
        page.wait_for_timeout(100)
        assert page.evaluate(SMALL, PRESSED) == [], f"{size}, {state}"


def test_the_rows_of_a_phone_are_as_high_as_drawn(on):
    page = on("phone")
    scan(page, *CODES)
    expect(lines(page)).to_have_count(5)
    heights = {name: page.locator(name).bounding_box()["height"] for name in (".till-top", ".total", ".entry", ".acts")}
    assert heights == {".till-top": 44, ".total": 56, ".entry": pytest.approx(53, abs=1), ".acts": pytest.approx(58, abs=2)}
    assert [round(row.bounding_box()["height"]) for row in lines(page).all()] == [56] * 5
    assert page.locator(".acts button:visible").all_inner_texts() == ["Cash", "UPI", "Khata", "Hold"]
    page.locator(".total").tap()
    expect(page.locator("#panel")).to_be_visible()


def test_a_laptop_shows_thirteen_lines_numbered_and_the_note_of_a_long_name(on, shop):
    more = [in_store_ean("20", 100 + n) for n in range(12)]
    for n, code in enumerate(more):
        factories.make_product(shop, f"Biscuit {n}", stock=9, barcodes=[(code, 1)])
    page = on("laptop")
    scan(page, LONG_CODE)
    expect(lines(page)).to_have_count(1)
    page.keyboard.press("F6")
    scan(page, "5%")
    expect(lines(page).locator(".off")).to_have_text("less 5% −2.63")
    assert lines(page).locator(".off").bounding_box()["width"] > 50, "the name does not push it out"
    scan(page, *more)
    expect(lines(page)).to_have_count(13)
    page.locator("#lines-box").evaluate("box => box.scrollTo(0, 0)")
    for n in (0, 11):
        expect(lines(page).nth(n)).to_be_in_viewport(ratio=1)
    assert [row.evaluate("e => e.getBoundingClientRect().height") <= 36 for row in lines(page).all()] == [True] * 13


def test_the_upi_code_lies_over_nothing_on_a_laptop(on):
    page = on("laptop")
    for state in states(page):
        if state != "UPI":
            continue
        qr = page.locator("#qr .qr").bounding_box()
        assert min(qr["width"], qr["height"]) >= 140
        for other in page.locator(".tender:visible, .finish, .upi-marks").all():
            box = other.bounding_box()
            apart = box["y"] + box["height"] <= qr["y"] + 1 or qr["y"] + qr["height"] <= box["y"] + 1 or box["x"] >= qr["x"] + qr["width"]
            assert apart, other.inner_text()
        break


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["phone", "laptop"])
def test_axe_finds_nothing_in_any_state(on, size, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page = on(size, scheme=scheme)
    for state in states(page):
        page.wait_for_timeout(250)
        assert problems(Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]})) == [], f"{size}, {scheme}, {state}"
