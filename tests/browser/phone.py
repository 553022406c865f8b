"""A phone in the hand: a touch screen, and fingers that press long or swipe. Playwright's own touch only taps."""

from __future__ import annotations

from contextlib import contextmanager

from tests.browser.conftest import fresh_profile, sign_in
from tests.browser.till import open_counter

PHONE = {"width": 360, "height": 740}


@contextmanager
def phone(chromium, live_server, user, shop, *, script: str = "", address: str = "", size=PHONE, **options):
    """The counter's page of `shop`, or the one at `address`, on a phone of `user`; `script` runs before the page's own.

    What the page reports as an error fails.
    """
    context = fresh_profile(chromium, live_server, **size, has_touch=True, is_mobile=True, **options)
    page = context.new_page()
    page.errors_expected = False
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    if script:
        page.add_init_script(script)
    sign_in(page, user)
    try:
        if address:
            page.goto(f"/s/{shop.slug}/{address}")
        yield page if address else open_counter(page, shop)
    finally:
        context.close()
    assert page.errors_expected or not errors, errors


def finger(page):
    """→ touch(kind, x, y): the browser's own touch events, which become pointer events and clicks as a real finger's do."""
    wire = page.context.new_cdp_session(page)

    def touch(kind: str, x: float = 0, y: float = 0) -> None:
        points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
        wire.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    return touch


def swipe(page, row, part: float) -> None:
    """A finger goes left over `part` of the row's width."""
    box = row.bounding_box()
    touch, y = finger(page), box["y"] + box["height"] / 2
    x = box["x"] + 100 if part < 0.25 else box["x"] + box["width"] * 0.95 - 140  # on the name, not on a button
    touch("touchStart", x, y)
    for step in range(1, 9):
        touch("touchMove", x - box["width"] * part * step / 8, y)
        page.wait_for_timeout(16)
    page.wait_for_timeout(150)  # lifted at rest: after a flick Chromium takes the next tap for the end of the fling
    touch("touchEnd")


def press_long(page, row) -> None:
    box = row.bounding_box()
    touch = finger(page)
    touch("touchStart", box["x"] + 40, box["y"] + 12)
    page.wait_for_timeout(650)
    touch("touchEnd")
