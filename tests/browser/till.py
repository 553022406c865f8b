"""What tests do at the counter's page, and what they find on it."""

from __future__ import annotations

from catalog.barcodes import in_store_ean

NAMES = ["Tata Salt 1 kg", "Parle-G 800 g", "Amul Butter 100 g", "Red Label Tea 500 g", "Colgate 200 g"]
CODES = [in_store_ean("20", n) for n in range(1, 6)]


def open_counter(page, shop):
    page.goto(f"/s/{shop.slug}/counter/")
    return until_ready(page)


def until_ready(page):
    page.locator("html[data-ready]").wait_for(state="attached")
    return page


def scan(page, *texts):
    """As a scanner does: keys to wherever the cursor is, then Enter."""
    for text in texts:
        page.keyboard.type(text)
        page.keyboard.press("Enter")


def lines(page):
    return page.locator("#lines tr.line")


def total(page):
    return page.locator("[data-total]")


def saved(page):
    return page.locator("#saved .change strong")


def tabs(page):
    """The open bills in the top bar."""
    return page.locator("#bills [data-bill]")


def said(page):
    return page.locator("#say")


def key_of(page) -> str:
    """The request key of the bill at hand."""
    return page.input_value("[name=key]")


def wait_until_kept(page) -> None:
    """Until the last change of the bill at hand is on the disk."""
    for _ in range(400):
        if page.evaluate("Number(bill.dataset.kept) > 0 && bill.dataset.kept === bill.dataset.rev"):
            return
        page.wait_for_timeout(25)
    raise AssertionError("the last change is not on the disk after 10 seconds")
