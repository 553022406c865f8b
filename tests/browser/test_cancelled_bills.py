"""What leaves a bill is written down: removed lines, and bills cancelled at the counter."""

import pytest
from playwright.sync_api import expect

from tests.browser.till import CODES, NAMES, key_of, lines, said, scan, tabs, until_ready, wait_until_kept

pytestmark = pytest.mark.django_db(transaction=True)
CANCEL = "Control+Backspace"


@pytest.fixture
def noted(counter):
    """The till's log, as far as this page wrote it."""
    told: list[dict] = []
    counter.expose_function("toldToTheTest", lambda note: told.append(note))
    counter.evaluate("document.addEventListener('till:note', (event) => toldToTheTest(event.detail))")
    return told


def cancel(page) -> None:
    page.keyboard.press(CANCEL)
    expect(said(page)).to_contain_text("once more cancels it")
    page.keyboard.press(CANCEL)


def test_a_removed_line_is_noted_with_its_amount_whatever_took_it_off(counter, noted):
    scan(counter, "3*" + CODES[0], CODES[1], "2*" + CODES[2])
    expect(lines(counter)).to_have_count(3)
    key = key_of(counter)
    counter.keyboard.press("Delete")
    expect(lines(counter)).to_have_count(2)
    scan(counter, "-")
    expect(lines(counter)).to_have_count(1)
    counter.keyboard.press("Control+z")
    counter.keyboard.press("Control+z")
    counter.keyboard.press("Control+z")
    expect(lines(counter)).to_have_count(2)
    assert [(note["kind"], note["request_key"], note["amount"], note["details"]["name"], note["details"]["how"]) for note in noted] == [
        ("line_removed", key, "105.00", NAMES[2], "removed"),
        ("line_removed", key, "52.50", NAMES[1], "removed"),
        ("line_removed", key, "105.00", NAMES[2], "undo"),
    ]
    assert noted[0]["details"]["quantity"] == "2"


def test_fewer_pieces_and_a_line_never_weighed_are_no_removed_line(counter, noted):
    scan(counter, "3*" + CODES[0], "-", "42")
    expect(lines(counter)).to_have_count(2)
    counter.locator("#entry").focus()
    counter.keyboard.press("Delete")
    expect(lines(counter)).to_have_count(1)
    assert not noted


def test_two_lines_are_cancelled_by_the_key_pressed_twice(counter, noted):
    scan(counter, CODES[0], CODES[1])
    expect(lines(counter)).to_have_count(2)
    key = key_of(counter)
    cancel(counter)
    expect(lines(counter)).to_have_count(0)
    expect(said(counter)).to_contain_text("Bill cancelled: 2 lines, ₹\u00a0105.00")
    assert key_of(counter) != key
    assert [(note["kind"], note["request_key"], note["amount"]) for note in noted] == [("bill_voided", key, "105.00")]
    assert [line["name"] for line in noted[0]["details"]["lines"]] == NAMES[:2]
    counter.reload()
    until_ready(counter)
    expect(tabs(counter)).to_have_count(1)
    expect(lines(counter)).to_have_count(0)


@pytest.mark.parametrize(("answer", "reason"), [("3", "Wrong goods billed"), ("spilled the oil", "spilled the oil")])
def test_three_lines_ask_for_a_reason(counter, noted, answer, reason):
    scan(counter, *CODES[:3])
    expect(lines(counter)).to_have_count(3)
    cancel(counter)
    expect(counter.locator("#side .pick")).to_have_count(5)
    counter.keyboard.press("Enter")  # no reason, no cancelling
    expect(lines(counter)).to_have_count(3)
    counter.keyboard.type(answer)
    counter.keyboard.press("Enter")
    expect(lines(counter)).to_have_count(0)
    expect(counter.locator("#entry")).to_be_focused()
    assert [note["details"]["reason"] for note in noted] == [reason]


def test_a_bill_that_grew_meanwhile_is_not_cancelled(counter, noted):
    scan(counter, *CODES[:3])
    expect(lines(counter)).to_have_count(3)
    counter.keyboard.press(CANCEL)
    expect(said(counter)).to_contain_text("once more cancels it")
    scan(counter, CODES[3])
    expect(lines(counter)).to_have_count(4)
    cancel(counter)
    expect(counter.locator("#side .pick")).to_have_count(5)
    scan(counter, CODES[4])
    expect(lines(counter)).to_have_count(5)
    assert not noted


def test_escape_and_one_press_never_clear_a_bill(counter, noted):
    scan(counter, CODES[0])
    expect(lines(counter)).to_have_count(1)
    for key in ("Escape", "Escape", CANCEL, "Escape", CANCEL, "ArrowUp", CANCEL):
        counter.keyboard.press(key)
    expect(said(counter)).to_contain_text("once more cancels it")
    expect(lines(counter)).to_have_count(1)
    counter.keyboard.press("Escape")
    counter.keyboard.type("jeera")
    for _ in range(3):
        counter.keyboard.press(CANCEL)  # in the box it takes back a word, as everywhere
        counter.keyboard.type("x")
    counter.keyboard.press("Escape")
    wait_until_kept(counter)
    expect(lines(counter)).to_have_count(1)
    assert not noted


def test_an_empty_bill_needs_no_cancelling(counter, noted):
    counter.keyboard.press(CANCEL)
    counter.keyboard.press(CANCEL)
    expect(said(counter)).to_contain_text("nothing to cancel")
    assert not noted
