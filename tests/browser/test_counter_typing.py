"""Typing at the counter faster than the server answers, and while paper comes out."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from catalog.barcodes import in_store_ean
from tests import factories
from tests.browser.cashier import Cashier, see
from tests.browser.conftest import sign_in

pytestmark = pytest.mark.django_db(transaction=True)
CODE = in_store_ean("20", 1)


@pytest.fixture
def hands(page, shop):
    factories.make_product(shop, "Amul Butter 100 g", stock=100, barcodes=[(CODE, 1)])
    factories.make_product(shop, "Amul Milk 500 ml", stock=100)
    sign_in(page, factories.make_member(shop))
    page.goto(f"/s/{shop.slug}/counter/")
    see(page, "() => 'ready' in document.documentElement.dataset")
    return Cashier(page)


COUNTED = """() => {
    window.asked = 0; window.most = 0;
    let live = 0;
    const send = XMLHttpRequest.prototype.send;
    XMLHttpRequest.prototype.send = function (...given) {
        asked += 1; live += 1; most = Math.max(most, live);
        this.addEventListener("readystatechange", () => { live -= this.readyState === 4; });
        return send.apply(this, given);
    };
}"""


def test_fast_typing_asks_little_and_ends_at_the_whole_word(hands):
    """Eleven letters while the server takes its time: never more than two questions on their way, and the last answer is for all of it."""
    page = hands.page
    page.evaluate(COUNTED)
    page.route(re.compile("/counter/search"), lambda route: (page.wait_for_timeout(60), route.continue_()))
    hands.type("amul butter")
    expect(page.locator("#found [data-product]")).to_have_count(1)
    assert page.get_attribute("#found [data-asked]", "data-asked") == "amul butter"
    assert page.evaluate("most") == 2
    assert page.evaluate("asked") < len("amul butter") - 1


def test_letters_typed_back_show_the_list_of_what_stands_there(hands):
    hands.type("amul b")
    expect(hands.page.locator("#found [data-product]")).to_have_count(1)
    hands.press("Backspace", "Backspace")
    expect(hands.page.locator("#found [data-product]")).to_have_count(2)
    hands.press("Backspace", "Backspace", "Backspace")
    expect(hands.page.locator("#found")).to_be_hidden()


def test_nothing_submits_the_bill_behind_the_scripts_back(hands):
    """A page that prints runs no listener, yet Enter in a field still presses the form's submit button, if there is one."""
    hands.scan(CODE)
    expect(hands.page.locator("#lines tr.line")).to_have_count(1)
    hands.press("F8")
    expect(hands.page.locator("#pay-cash")).to_be_focused()
    hands.page.evaluate("""() => {
        for (const kind of ["keydown", "click", "submit"]) addEventListener(kind, (event) => event.stopImmediatePropagation(), true);
    }""")
    key = hands.bill_key()
    hands.page.keyboard.press("Enter")
    hands.page.wait_for_timeout(300)
    assert hands.bill_key() == key
    expect(hands.page.locator("#lines tr.line")).to_have_count(1)
