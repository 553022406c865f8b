"""Ctrl+Z at the counter: twenty steps, kept with the bill."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.till import CODES, NAMES, lines, said, saved, scan, tabs, total, until_ready, wait_until_kept

pytestmark = pytest.mark.django_db(transaction=True)
UNDO, REDO = "Control+z", "Control+y"


def seen(page) -> list[tuple[str, str]]:
    """The lines as they stand: name and quantity."""
    return [(row.get_attribute("data-name"), row.locator(".qty").input_value()) for row in lines(page).all()]


def undo(page, *sentences: str) -> None:
    for sentence in sentences:
        page.keyboard.press(UNDO)
        expect(said(page)).to_contain_text(sentence)


def choose(page, number: str) -> None:
    scan(page, CODES[0])
    expect(page.locator(".chooser")).to_be_visible()
    scan(page, number)


def test_each_kind_of_change_is_undone_in_turn_and_told(counter, shop):
    factories.make_customer(shop, "Ramesh ji", "+919812345321")
    scan(counter, CODES[0], CODES[1], "*5", "9812345321")
    expect(counter.locator("#customer")).to_contain_text("Ramesh ji")
    counter.keyboard.press("ArrowUp")
    counter.keyboard.press("Delete")
    expect(lines(counter)).to_have_count(1)
    undo(counter, f"Undone: {NAMES[0]} is back")
    assert seen(counter) == [(NAMES[0], "1"), (NAMES[1], "5")]
    expect(total(counter)).to_have_text("₹\u00a0315.00")
    undo(counter, "Undone: the customer is as before")
    expect(counter.locator("#customer")).to_be_hidden()
    undo(counter, f"Undone: {NAMES[1]}, 1 pc again", f"Undone: {NAMES[1]} is off the bill")
    assert seen(counter) == [(NAMES[0], "1")]
    undo(counter, f"Undone: {NAMES[0]} is off the bill", "Nothing to undo")
    expect(lines(counter)).to_have_count(0)


def test_what_was_undone_can_be_done_again_until_something_else_is_done(counter):
    scan(counter, CODES[0], CODES[1])
    expect(lines(counter)).to_have_count(2)
    for key in (UNDO, UNDO, REDO, "Control+Shift+z"):
        counter.keyboard.press(key)
    expect(lines(counter)).to_have_count(2)
    undo(counter, "is off the bill")
    scan(counter, CODES[2])
    expect(lines(counter)).to_have_count(2)
    counter.keyboard.press(REDO)
    expect(said(counter)).to_contain_text("Nothing to do again")
    assert [name for name, _ in seen(counter)] == [NAMES[0], NAMES[2]]


def test_twenty_steps_back_and_no_further(counter):
    scan(counter, CODES[0], *["+"] * 24)
    expect(lines(counter).locator(".qty")).to_have_value("25")
    for _ in range(20):
        counter.keyboard.press(UNDO)
    expect(lines(counter).locator(".qty")).to_have_value("5")
    undo(counter, "Nothing to undo")
    expect(lines(counter).locator(".qty")).to_have_value("5")


def test_undo_outlives_a_reload_and_goes_with_a_bill_on_hold(counter):
    scan(counter, CODES[0], CODES[1])
    expect(lines(counter)).to_have_count(2)
    wait_until_kept(counter)
    counter.reload()
    until_ready(counter)
    undo(counter, "is off the bill")
    assert seen(counter) == [(NAMES[0], "1")]
    counter.keyboard.press("F3")
    expect(lines(counter)).to_have_count(0)
    undo(counter, "Nothing to undo")
    counter.keyboard.press("F3")
    expect(lines(counter)).to_have_count(1)
    counter.keyboard.press(REDO)
    expect(lines(counter)).to_have_count(2)


def test_weighed_goods_go_in_one_step(counter):
    scan(counter, CODES[0], "42")
    expect(lines(counter)).to_have_count(2)
    scan(counter, "1.250")
    expect(total(counter)).to_have_text("₹\u00a0108.00")
    undo(counter, "Undone: Sugar, loose is off the bill")
    assert seen(counter) == [(NAMES[0], "1")]


def test_the_choice_of_an_mrp_is_undone_as_well(counter, goods):
    factories.stock_up(goods[0], 24, mrp=Decimal(60))
    choose(counter, "2")
    expect(lines(counter).locator("[name=line-mrp]")).to_have_value("60.00")
    undo(counter, "is off the bill")
    choose(counter, "1")
    expect(lines(counter).locator("[name=line-mrp]")).to_have_value("52.50")


def test_in_a_field_with_text_the_key_edits_the_text(counter):
    scan(counter, CODES[0])
    expect(lines(counter)).to_have_count(1)
    counter.keyboard.type("jee")
    counter.keyboard.press(UNDO)
    expect(counter.locator("#entry")).not_to_have_value("jee")
    expect(lines(counter)).to_have_count(1)
    counter.keyboard.press("F2")  # a cell that shows what its line holds has no text of its own
    counter.keyboard.press(UNDO)
    expect(lines(counter)).to_have_count(0)


def test_a_saved_bill_is_never_undone(counter, shop):
    scan(counter, CODES[0])
    counter.keyboard.press("F9")
    expect(saved(counter)).to_have_text("₹\u00a053.00")
    undo(counter, "Nothing to undo")
    expect(lines(counter)).to_have_count(0)
    expect(tabs(counter)).to_have_count(1)
    assert shop.orders.count() == 1


def test_an_undone_bill_adds_up_for_the_server(counter, shop):
    scan(counter, "3*" + CODES[0], CODES[1], CODES[2], "-", "+")
    expect(lines(counter)).to_have_count(2)
    undo(counter, f"Undone: {NAMES[1]}, 1 pc again", f"Undone: {NAMES[2]} is back")
    counter.keyboard.press("F9")
    expect(saved(counter)).to_be_visible()
    sold = {(line.name, line.quantity) for line in shop.orders.get().lines.all()}
    assert sold == {(NAMES[0], Decimal(3)), (NAMES[1], Decimal(1)), (NAMES[2], Decimal(1))}
