"""The counter in a real Chromium: what a cashier does with keys and a scanner."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from catalog.barcodes import ean_check_digit
from tests import factories
from tests.browser.till import CODES, NAMES, lines, open_counter, saved, scan, total

pytestmark = pytest.mark.django_db(transaction=True)


def test_scan_five_then_one_key_sells_prints_and_opens_a_new_bill(counter, shop, goods):
    scan(counter, *CODES)
    expect(lines(counter)).to_have_count(5)
    expect(total(counter)).to_have_text("₹\u00a0263.00")
    counter.keyboard.press("F9")
    expect(counter.locator("#saved")).to_contain_text("S1/")
    expect(lines(counter)).to_have_count(0)
    expect(counter.locator("#entry")).to_be_focused()
    order = shop.orders.get()
    assert order.total == Decimal("263.00")
    assert {lot.on_hand for product in goods for lot in product.lots.all()} == {Decimal(99)}
    expect(counter.frame_locator("#paper").locator("body")).to_contain_text(order.bill_number)
    counter.wait_for_timeout(800)
    assert order.prints.count() == 1, "the first print is written down when it goes to paper"
    expect(counter.locator("#entry")).to_be_focused()
    scan(counter, CODES[0])
    expect(lines(counter)).to_have_count(1)


def test_keys_alone_make_a_bill_with_change(counter, shop):
    scan(counter, CODES[0], "*3", "1.5*42", "42", "0.25", "amul", "-")
    expect(counter.locator("#say")).to_contain_text("Amul Butter 100 g removed")
    expect(lines(counter)).to_have_count(3)
    counter.keyboard.press("ArrowUp")
    counter.keyboard.press("ArrowUp")
    counter.keyboard.press("F2")
    counter.keyboard.type("2")
    counter.keyboard.press("Enter")
    expect(total(counter)).to_have_text("₹\u00a0182.00")
    counter.keyboard.press("F8")
    counter.keyboard.type("5")
    expect(counter.locator(".tender[data-method=cash] .hint")).to_have_text("₹\u00a0500.00")
    counter.keyboard.press("Enter")
    expect(saved(counter)).to_have_text("₹\u00a0318.00")
    assert {(line.name, line.quantity) for line in shop.orders.get().lines.all()} == {
        (NAMES[0], Decimal(2)),
        ("Sugar, loose", Decimal("1.5")),
        ("Sugar, loose", Decimal("0.25")),
    }


def test_a_second_scan_goes_into_its_line_and_three_times_waits_for_its_scan(counter):
    scan(counter, CODES[0], CODES[1])
    expect(lines(counter)).to_have_count(2)
    scan(counter, "3*")
    expect(counter.locator("#times")).to_have_text("3 ×")
    scan(counter, CODES[0], f"2*{CODES[1]}")
    expect(lines(counter).nth(0).locator(".qty")).to_have_value("4")
    expect(lines(counter).nth(1).locator(".qty")).to_have_value("3")


def test_the_bill_outlives_a_reload_a_new_tab_of_it_and_a_lost_local_storage(counter, shop):
    customer = factories.make_customer(shop, "Ramesh", "+919812345321")
    scan(counter, *CODES[:3], "2*" + CODES[0], customer.short_phone)
    expect(counter.locator("#customer")).to_contain_text("Ramesh")
    expect(total(counter)).to_have_text("₹\u00a0263.00")
    key = counter.input_value("[name=key]")
    counter.reload()
    expect(total(counter)).to_have_text("₹\u00a0263.00")
    expect(counter.locator("#customer")).to_contain_text("Ramesh")
    assert counter.input_value("[name=key]") == key
    counter.evaluate("localStorage.clear()")
    counter.reload()
    expect(lines(counter)).to_have_count(3)
    counter.keyboard.press("F9")
    expect(counter.locator("#saved")).to_contain_text("S1/")
    assert str(shop.orders.get().request_key) == key
    counter.reload()
    expect(counter.locator("[data-sub]")).to_have_text("Nothing yet")
    assert counter.input_value("[name=key]") != key


def test_two_tabs_hold_two_bills(counter, context, shop):
    scan(counter, CODES[0])
    expect(lines(counter)).to_have_count(1)
    second = open_counter(context.new_page(), shop)
    expect(lines(second)).to_have_count(0)
    scan(second, CODES[1])
    expect(lines(second)).to_have_count(1)
    counter.bring_to_front()
    counter.reload()
    expect(lines(counter).locator(".item")).to_contain_text(NAMES[0])
    counter.keyboard.press("F9")
    expect(counter.locator("#saved")).to_contain_text("S1/")
    expect(lines(second)).to_have_count(1)


def test_pay_pressed_twice_makes_one_bill(counter, shop):
    scan(counter, CODES[0])
    counter.keyboard.press("F8")
    counter.keyboard.press("Enter")
    counter.keyboard.press("Enter")
    counter.keyboard.press("F9")
    expect(counter.locator("#saved")).to_contain_text("S1/")
    counter.wait_for_timeout(300)
    assert shop.orders.count() == 1


def test_thirty_scans_in_three_seconds_lose_none(counter):
    """Ten a second, while the server is slow to answer."""
    counter.route(re.compile("/counter/line"), lambda route: (counter.wait_for_timeout(40), route.continue_()))
    for n in range(30):
        counter.keyboard.insert_text(CODES[n % 5])
        counter.keyboard.press("Enter")
        counter.wait_for_timeout(70)
    expect(lines(counter)).to_have_count(5)
    for n in range(5):
        expect(lines(counter).nth(n).locator(".qty")).to_have_value("6")


def test_scans_wait_while_a_question_is_open_and_come_after_it(counter, goods):
    factories.stock_up(goods[0], 24, mrp=Decimal(60))
    scan(counter, CODES[0])
    expect(counter.locator(".chooser")).to_be_visible()
    scan(counter, CODES[1], CODES[2])
    expect(counter.locator("#waiting")).to_have_text("2 scans waiting")
    expect(lines(counter)).to_have_count(0)
    scan(counter, "2")
    expect(lines(counter)).to_have_count(3)
    expect(lines(counter).nth(0).locator("[name=line-mrp]")).to_have_value("60.00")
    expect(counter.locator("#waiting")).to_be_hidden()


def test_more_than_99_pieces_are_asked_once(counter):
    scan(counter, CODES[0])
    expect(lines(counter)).to_have_count(1)
    scan(counter, "*120")
    expect(counter.locator("#say")).to_contain_text("120 pc of Tata Salt 1 kg: sure?")
    expect(lines(counter).locator(".qty")).to_have_value("1")
    counter.keyboard.press("Escape")
    expect(lines(counter).locator(".qty")).to_have_value("1")
    scan(counter, "*120", "")
    expect(lines(counter).locator(".qty")).to_have_value("120")
    scan(counter, "+")
    expect(lines(counter).locator(".qty")).to_have_value("121")


def test_a_scan_into_a_quantity_cell_is_a_scan(counter):
    scan(counter, CODES[0])
    expect(lines(counter)).to_have_count(1)
    counter.keyboard.press("F2")
    scan(counter, CODES[1])
    expect(lines(counter)).to_have_count(2)
    expect(lines(counter).nth(0).locator(".qty")).to_have_value("1")
    expect(counter.locator("#entry")).to_be_focused()


def test_a_loose_item_waits_for_its_weight_and_cannot_be_paid_without(counter, shop):
    scan(counter, "42")
    expect(lines(counter).locator(".qty")).to_be_focused()
    counter.keyboard.press("F9")
    expect(counter.locator("#say")).to_contain_text("Sugar, loose has no quantity yet")
    counter.keyboard.type("1.250")
    counter.keyboard.press("Enter")
    expect(total(counter)).to_have_text("₹\u00a055.00")
    assert not shop.orders.exists()


def test_upi_and_cash_together(counter, shop):
    scan(counter, *CODES[:2])
    expect(total(counter)).to_have_text("₹\u00a0105.00")
    counter.keyboard.press("F8")
    counter.keyboard.type("55")
    counter.keyboard.press("Enter")
    expect(counter.locator("#pay-upi")).to_be_focused()
    expect(counter.locator("#qr svg")).to_be_visible()
    expect(counter.locator("#qr")).to_contain_text("50.00")
    counter.keyboard.press("Enter")
    expect(counter.locator("#saved")).to_contain_text("not yet seen")
    paid = shop.orders.get().payments.values_list("method", "amount", "state")
    assert set(paid) == {("cash", Decimal(55), "seen"), ("upi", Decimal(50), "claimed")}


def test_khata_for_a_known_phone(counter, shop):
    customer = factories.make_customer(shop, "Ramesh", "+919812345321", credit_limit=Decimal(1000))
    scan(counter, CODES[0])
    counter.keyboard.press("Alt+k")
    expect(counter.locator("#say")).to_contain_text("Khata needs a customer")
    scan(counter, "9812345321")
    expect(counter.locator("#customer")).to_contain_text("Ramesh")
    counter.keyboard.press("Alt+k")
    expect(counter.locator("#pay-khata")).to_be_focused()
    counter.keyboard.press("Enter")
    expect(counter.locator("#saved")).to_contain_text("Khata")
    customer.refresh_from_db()
    assert customer.outstanding == Decimal(53)


def test_an_unknown_phone_becomes_a_customer_on_a_second_enter(counter, shop):
    scan(counter, "9812345321")
    expect(counter.locator("#say")).to_contain_text("9812345321 is new here")
    assert not shop.customers.exists()
    scan(counter, "")
    expect(counter.locator("#customer")).to_contain_text("9812345321")
    assert shop.customers.get().short_phone == "9812345321"


def test_what_the_server_refuses_stays_as_it_was(counter, shop, goods):
    scan(counter, CODES[0])
    expect(lines(counter)).to_have_count(1)
    shop.products.filter(pk=goods[0].pk).update(price=Decimal("51.00"))
    counter.errors_expected = True  # Chromium logs a 422
    counter.keyboard.press("F9")
    expect(counter.locator("#say")).to_contain_text("now costs ₹51.00")
    expect(lines(counter)).to_have_count(1)
    counter.keyboard.press("Delete")
    scan(counter, CODES[0])
    expect(total(counter)).to_have_text("₹\u00a051.00")
    counter.keyboard.press("F9")
    expect(counter.locator("#saved")).to_contain_text("S1/")
    assert shop.orders.count() == 1


def test_a_lost_answer_is_asked_for_again_and_bills_once(counter, shop):
    """The server saves the bill, the answer never arrives: the page asks again under the same key, and scans wait meanwhile."""
    lost = []

    def lose_once(route):
        if lost:
            return route.continue_()
        lost.append(route.fetch())
        return route.abort()

    counter.errors_expected = True
    counter.route(re.compile("/counter/pay"), lose_once)
    scan(counter, CODES[0])
    counter.keyboard.press("F9")
    expect(counter.locator("#say")).to_contain_text("No answer yet")
    scan(counter, CODES[1])
    expect(counter.locator("#saved")).to_contain_text("Already saved")
    expect(lines(counter).locator(".item")).to_contain_text(NAMES[1])
    assert shop.orders.count() == 1


def test_misread_and_unknown_codes_say_so_in_one_line(counter):
    scan(counter, "8901234567891")
    expect(counter.locator("#say")).to_contain_text("Misread code. Scan again.")
    unknown = "890103086527" + ean_check_digit("890103086527")
    scan(counter, unknown)
    expect(counter.locator("#say")).to_contain_text(f"Not in list: 8901…{unknown[-3:]}")
    counter.keyboard.press("Escape")
    scan(counter, "jhgfdsa")
    expect(counter.locator("#say")).to_contain_text("Nothing is called “jhgfdsa”")
    expect(lines(counter)).to_have_count(0)


def test_the_list_of_names_is_walked_by_arrows(counter):
    counter.keyboard.type("a 100")
    expect(counter.locator("#found li")).to_have_count(1)
    counter.keyboard.press("Control+a")
    counter.keyboard.type("500 tea")
    expect(counter.locator("#found li")).to_have_count(1)
    counter.keyboard.press("Enter")
    expect(lines(counter).locator(".item")).to_contain_text(NAMES[3])
    expect(counter.locator("#found")).to_be_hidden()


def test_the_page_adds_as_the_server_does(counter):
    """Sums of the page's arithmetic against the server's over awkward quantities and rates."""
    from smartkirana.money import money, rupee_round

    cases = [("1.5", "44.33"), ("0.005", "1.00"), ("0.333", "99.99"), ("12", "0.05"), ("99999.999", "99999999.99"), ("0.045", "0.10")]
    got = counter.evaluate(
        """async (cases) => {
            const m = await import(document.querySelector('script[src*="counter/main"]').src.replace("main", "money"));
            return cases.map(([q, p]) => { const g = m.gross(m.milli(q), m.paise(p));
                return ["none", "half", "rupee"].map((mode) => m.plain(m.rounded(g, mode))); });
        }""",
        cases,
    )
    for (quantity, price), by_mode in zip(cases, got, strict=True):
        exact = money(Decimal(quantity) * Decimal(price))
        assert by_mode == [str(rupee_round(exact, mode)[0]) for mode in ("none", "half", "rupee")], (quantity, price)


def test_a_phone_shows_the_sum_and_never_scrolls_sideways(counter):
    counter.set_viewport_size({"width": 360, "height": 740})
    scan(counter, *CODES, "42", "0.5")
    expect(lines(counter)).to_have_count(6)
    expect(total(counter)).to_be_in_viewport()
    for act in ("", "F8"):
        if act:
            counter.keyboard.press(act)
            expect(counter.locator("#panel")).to_be_visible()
        assert counter.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(counter.get_by_role("button", name="Pay and print")).to_be_in_viewport()


def test_axe_finds_nothing_on_the_bill_and_in_the_payment_panel(counter):
    from axe_playwright_python.sync_playwright import Axe

    scan(counter, *CODES[:2], "42", "0.5")
    expect(lines(counter)).to_have_count(3)
    options = {"runOnly": ["wcag2a", "wcag2aa"]}
    assert not problems(Axe().run(counter, options=options))
    counter.keyboard.press("F8")
    expect(counter.locator("#pay-cash")).to_be_focused()
    assert not problems(Axe().run(counter, options=options))


def problems(found) -> list[str]:
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:150]}" for rule in found.response["violations"]]
