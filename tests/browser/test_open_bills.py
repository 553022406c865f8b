"""Several open bills at one counter: tabs, hold and recall, two windows of one device."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.till import CODES, NAMES, key_of, lines, open_counter, said, saved, scan, tabs, total, until_ready, wait_until_kept

pytestmark = pytest.mark.django_db(transaction=True)


def hold(page):
    page.keyboard.press("F3")
    expect(lines(page)).to_have_count(0)


def test_hold_serve_another_and_recall_take_two_keys(counter, shop):
    scan(counter, *CODES[:3])
    expect(lines(counter)).to_have_count(3)
    key = key_of(counter)
    hold(counter)  # one
    expect(said(counter)).to_contain_text("Bill ₹\u00a0158.00 is on hold")
    expect(tabs(counter).first).to_contain_text(re.compile(r"1 ?Bill ?₹\s158\.00 ?held \d\d:\d\d"))
    scan(counter, CODES[4])
    counter.keyboard.press("F9")
    expect(saved(counter)).to_have_text("₹\u00a053.00")
    counter.keyboard.press("F3")  # two: the only bill that waits comes at once
    expect(lines(counter)).to_have_count(3)
    expect(total(counter)).to_have_text("₹\u00a0158.00")
    assert key_of(counter) == key
    counter.keyboard.press("F9")
    expect(saved(counter)).to_have_text("₹\u00a0158.00")
    expect(tabs(counter)).to_have_count(1)
    assert set(shop.orders.values_list("total", flat=True)) == {Decimal(53), Decimal(158)}
    assert str(shop.orders.get(total=158).request_key) == key


def test_of_several_bills_on_hold_one_is_chosen_by_number_name_or_arrows(counter, shop):
    factories.make_customer(shop, "Ramesh ji", "+919812345321")
    for texts in ([CODES[0]], [CODES[1], "9812345321"], [CODES[2], CODES[3]]):
        scan(counter, *texts)
        expect(lines(counter)).to_have_count(len([text for text in texts if len(text) == 13]))
        if len(texts[-1]) == 10:
            expect(counter.locator("#customer")).to_contain_text("Ramesh ji")
        hold(counter)
    picks = counter.locator("#side .pick")
    counter.keyboard.press("F3")
    expect(picks).to_have_count(3)
    expect(picks.nth(1)).to_contain_text(re.compile(r"2 ?Ramesh ji ?₹\s53\.00 ?1 item · held \d\d:\d\d"))
    counter.keyboard.type("3")
    counter.keyboard.press("Enter")
    expect(lines(counter)).to_have_count(2)
    hold(counter)
    counter.keyboard.press("F3")
    expect(picks).to_have_count(3)
    counter.keyboard.type("rame")
    expect(counter.locator("#side .pick:visible")).to_have_count(1)
    counter.keyboard.press("Enter")
    expect(counter.locator("#customer")).to_contain_text("Ramesh ji")
    hold(counter)
    counter.keyboard.press("Alt+h")
    expect(picks).to_have_count(3)
    counter.keyboard.press("ArrowDown")
    counter.keyboard.press("Enter")
    expect(lines(counter).locator(".item")).to_contain_text([NAMES[0]])
    expect(counter.locator("#side")).to_be_hidden()
    expect(counter.locator("#entry")).to_be_focused()


def test_a_scan_while_the_list_is_open_is_a_scan_and_escape_changes_nothing(counter):
    for code in CODES[:2]:
        scan(counter, code)
        expect(lines(counter)).to_have_count(1)
        hold(counter)
    counter.keyboard.press("F3")
    expect(counter.locator("#side .pick")).to_have_count(2)
    scan(counter, CODES[4])
    expect(lines(counter).locator(".item")).to_contain_text([NAMES[4]])
    expect(counter.locator("#side")).to_be_hidden()
    expect(tabs(counter)).to_have_count(3)
    counter.keyboard.press("Escape")
    counter.keyboard.press("Escape")
    expect(lines(counter)).to_have_count(1)


def test_page_keys_plus_and_clicks_go_from_bill_to_bill(counter):
    scan(counter, CODES[0])
    counter.locator("#bills .plus").click()
    expect(tabs(counter)).to_have_count(2)
    expect(counter.locator("#entry")).to_be_focused()
    scan(counter, CODES[1], CODES[2])
    expect(lines(counter)).to_have_count(2)
    expect(tabs(counter).nth(0)).to_contain_text("open")
    expect(tabs(counter).nth(1)).to_have_attribute("aria-current", "true")
    counter.keyboard.press("PageUp")
    expect(lines(counter)).to_have_count(1)
    expect(tabs(counter).nth(0)).to_have_attribute("aria-current", "true")
    counter.keyboard.press("PageDown")
    expect(lines(counter)).to_have_count(2)
    expect(tabs(counter)).to_have_count(2)  # the lines are there a moment before the other bill's tab is drawn again
    tabs(counter).nth(0).click()
    expect(lines(counter)).to_have_count(1)
    expect(counter.locator("#entry")).to_be_focused()
    counter.locator("#bills .plus").click()
    counter.locator("#bills .plus").click()  # one empty bill is enough
    expect(tabs(counter)).to_have_count(3)
    counter.keyboard.press("PageUp")
    expect(lines(counter)).to_have_count(2)
    expect(tabs(counter)).to_have_count(2)


def test_everything_of_a_bill_goes_and_comes_with_it(counter, shop):
    factories.make_customer(shop, "Ramesh ji", "+919812345321")
    scan(counter, "3*" + CODES[0], CODES[1], "1.250*42", "9812345321")
    expect(counter.locator("#customer")).to_contain_text("Ramesh ji")
    counter.keyboard.press("ArrowUp")
    counter.keyboard.press("F8")
    counter.keyboard.type("100")
    counter.keyboard.press("Enter")
    expect(counter.locator("#pay-upi")).to_be_focused()
    hold(counter)
    expect(counter.locator("#customer")).to_be_hidden()
    expect(counter.locator("#panel")).to_be_hidden()
    expect(tabs(counter).first).to_contain_text("Ramesh ji")
    counter.keyboard.press("F8")
    expect(counter.locator("#pay-cash")).to_have_value("")
    counter.keyboard.press("F3")
    expect(lines(counter)).to_have_count(3)
    assert [cell.input_value() for cell in lines(counter).locator(".qty").all()] == ["3", "1", "1.25"]
    expect(lines(counter).nth(1)).to_have_attribute("aria-selected", "true")
    expect(counter.locator("#customer")).to_contain_text("Ramesh ji")
    counter.keyboard.press("F8")
    expect(counter.locator("#pay-cash")).to_have_value("100")


def test_three_times_waiting_for_its_scan_does_not_reach_another_bill(counter):
    scan(counter, CODES[0])
    expect(lines(counter)).to_have_count(1)
    scan(counter, "3*")
    expect(counter.locator("#times")).to_be_visible()
    hold(counter)
    expect(counter.locator("#times")).to_be_hidden()
    scan(counter, CODES[1])
    expect(lines(counter).locator(".qty")).to_have_value("1")


def test_turning_away_answers_no_question(counter, goods):
    factories.stock_up(goods[1], 24, mrp=Decimal(60))
    scan(counter, CODES[0])
    expect(lines(counter)).to_have_count(1)
    scan(counter, CODES[1])
    expect(counter.locator(".chooser")).to_be_visible()
    hold(counter)
    expect(counter.locator(".chooser")).to_have_count(0)
    expect(tabs(counter).first).to_contain_text("53.00")


def test_at_most_twenty_bills_are_open(counter):
    counter.evaluate(
        """() => { const { shop } = bill.dataset, place = `kirana:bill:${shop}/${bill.elements.counter.value}/`;
            for (let n = 0; n < 19; n += 1) localStorage.setItem(place + n, JSON.stringify({ key: String(n), rev: 1, opened: n, touched: n,
                aside: true, name: `Customer ${n}`, count: 1, total: "10.00", state: { rows: [], sel: -1, fields: {} } })); }"""
    )
    scan(counter, CODES[0])
    counter.keyboard.press("F3")
    expect(said(counter)).to_contain_text("20 bills are open")
    counter.locator("#bills .plus").click()
    expect(said(counter)).to_contain_text("20 bills are open")
    expect(lines(counter)).to_have_count(1)
    expect(tabs(counter)).to_have_count(20)
    expect(counter.locator("#bills [aria-current]")).to_be_in_viewport()
    assert counter.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("locks", [True, False], ids=["with locks", "plain http, without locks"])
def test_a_bill_is_at_hand_in_one_window_only(counter, context, shop, locks):
    if not locks:
        context.add_init_script("delete Navigator.prototype.locks")
        counter.reload()
        until_ready(counter)
    scan(counter, CODES[0])
    expect(lines(counter)).to_have_count(1)
    wait_until_kept(counter)
    second = open_counter(context.new_page(), shop)
    expect(lines(second)).to_have_count(0)
    expect(tabs(second).first).to_contain_text("other window")
    tabs(second).first.click()
    expect(said(second)).to_contain_text("at hand in another window")
    second.keyboard.press("F3")
    expect(said(second)).to_contain_text("No bill is waiting")
    counter.bring_to_front()
    hold(counter)
    second.bring_to_front()
    expect(tabs(second).first).to_contain_text("held")
    second.keyboard.press("F3")
    expect(lines(second).locator(".item")).to_contain_text([NAMES[0]])
    counter.bring_to_front()
    expect(tabs(counter).first).to_contain_text("other window")
    counter.keyboard.press("PageUp")
    expect(lines(counter)).to_have_count(0)
    second.bring_to_front()
    second.keyboard.press("F9")
    expect(saved(second)).to_have_text("₹\u00a053.00")
    counter.bring_to_front()
    expect(tabs(counter)).to_have_count(1)
    assert shop.orders.count() == 1


def test_a_bill_on_hold_outlives_the_window_and_is_not_opened_unasked(counter, context, shop):
    scan(counter, CODES[0])
    expect(lines(counter)).to_have_count(1)
    hold(counter)
    scan(counter, CODES[1])
    expect(lines(counter)).to_have_count(1)
    wait_until_kept(counter)
    counter.close()
    second = open_counter(context.new_page(), shop)
    expect(lines(second).locator(".item")).to_contain_text([NAMES[1]])
    expect(tabs(second)).to_have_count(2)
    second.keyboard.press("PageUp")
    expect(lines(second).locator(".item")).to_contain_text([NAMES[0]])


def test_the_tabs_are_clean_for_axe_and_fit_a_phone(counter, shop):
    from axe_playwright_python.sync_playwright import Axe

    factories.make_customer(shop, "Ramesh Kumar Agarwal", "+919812345321")
    for texts in ([CODES[0], "9812345321"], [CODES[1]], [CODES[2]]):
        scan(counter, *texts)
        expect(lines(counter)).to_have_count(1)
        if len(texts) == 2:
            expect(counter.locator("#customer")).to_be_visible()
        hold(counter)
    counter.keyboard.press("F3")
    expect(counter.locator("#side .pick")).to_have_count(3)
    found = Axe().run(counter, options={"runOnly": ["wcag2a", "wcag2aa"]}).response["violations"]
    assert not found, [f"{rule['id']}: {rule['nodes'][0]['html'][:150]}" for rule in found]
    counter.set_viewport_size({"width": 360, "height": 740})
    assert counter.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert all(pick.bounding_box()["height"] >= 48 for pick in counter.locator("#side .pick").all())
    counter.keyboard.press("Escape")
    expect(counter.locator("#bills [aria-current]")).to_be_in_viewport()
    expect(counter.locator("#bills .plus")).to_be_in_viewport()
