"""A person's day by keyboard alone: the opening float, bills, money taken out, the count, the Z report."""

from __future__ import annotations

from ledger.checks import run
from shops.models import Role
from smartkirana.dates import shop_today
from tests import factories
from tests.browser.cashier import Cashier
from tests.browser.conftest import sign_in
from tests.browser.till import CODES, open_counter


def focus(page, selector: str) -> None:
    """Tab until the cursor stands there, as a person without a mouse does."""
    for _ in range(80):
        if page.evaluate("selector => document.activeElement?.matches(selector) ?? false", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no Tab leads to {selector}")


def press(page, selector: str) -> None:
    focus(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def type_into(page, selector: str, text: str) -> None:
    focus(page, selector)
    page.keyboard.type(text)


def count(page, *pieces: str) -> None:
    """How many of each worth, the largest first; Enter goes on to the next. Afterwards the cursor is in the last box, the ₹ 1 coins."""
    focus(page, "[data-worth='2000']")
    for n, many in enumerate([*pieces, *[""] * (10 - len(pieces))]):
        page.keyboard.type(many)
        if n < 9:
            page.keyboard.press("Enter")


def test_a_day_from_the_float_to_the_z_report(page, shop, goods):
    sign_in(page, factories.make_member(shop, Role.MANAGER))

    # morning: the float is counted
    page.goto(f"/s/{shop.slug}/drawer/")
    press(page, "main a.btn.go")
    count(page, "", "2", "4", "", "3", "5", "2", "2", "0", "0")  # 2×500, 4×200, 3×50, 5×20, 2×10, 2×5
    assert page.inner_text("[data-count-total]") == "₹ 2,080.00"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "2,080.00" in page.inner_text("main")
    shift = shop.shifts.get()

    # the counter, which shows the shift
    open_counter(page, shop)
    assert page.locator(".shift-sign").count() == 1
    cashier = Cashier(page)
    cashier.scan(CODES[0], CODES[1])
    cashier.pay_cash()
    cashier.scan(CODES[2])
    cashier.pay_upi()
    cashier.scan(CODES[3], CODES[3])
    cashier.pay_given("2")

    # the milkman comes
    page.goto(f"/s/{shop.slug}/drawer/shifts/{shift.pk}/")
    focus(page, "#id_reason")
    page.keyboard.type("Milk")
    type_into(page, "#id_amount", "60")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "60.00" in page.inner_text("main table")

    # evening: counted blind, ₹ 25 are missing
    press(page, "a[href$='/count/']")
    assert "2,230" not in page.inner_text("main")
    count(page, "", "3", "3", "", "1", "2", "1", "1")  # 2,205
    assert page.inner_text("[data-count-total]") == "₹ 2,205.00"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "2,230.00" in page.inner_text("main")
    assert "25.00" in page.inner_text("main .total")
    assert "Not yet seen" in page.inner_text("main")
    type_into(page, "#id_reason", "change given wrongly")
    type_into(page, "#id_to_safe", "2000")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Stayed in the drawer" in page.inner_text("main")
    assert "205.00" in page.inner_text("main")

    # the day is closed
    page.goto(f"/s/{shop.slug}/books/day/")
    focus(page, "form .btn.go")
    page.keyboard.press("Enter")
    page.locator("dialog[open]").wait_for()
    press(page, "dialog .btn.go")
    z = shop.day_closes.get()
    assert page.url.endswith(f"/books/z/{z.number}/")
    assert z.short_seal in page.inner_text("main")
    assert z.figures["counts"][0]["difference"] == "-25.00"
    assert (z.day, z.figures["sold"]["count"]) == (shop_today(), 3)
    assert not [rule.name for rule, breaches in run([shop.pk]) if breaches]
