"""A sack made into packets by keyboard alone, kept as a recipe, packed again in one click, and the labels printed."""

import re
from decimal import Decimal as D

import pytest
from playwright.sync_api import expect

from inventory.models import Repack
from tests.browser.conftest import sign_in
from tests.browser.test_counter import problems
from tests.browser.test_counter_goods import axe
from tests.browser.till import scan
from tests.inventory.buying import books_agree
from tests.inventory.packing import make_packet, make_sack, pack

pytestmark = pytest.mark.django_db(transaction=True)
DONE = re.compile(r"/stock/repack/[0-9]+/$")
SACK, PACKET = "8901234567890", "8901234567906"


@pytest.fixture
def sack(shop):
    return make_sack(shop, barcodes=[(SACK, 1)])


@pytest.fixture
def packet(shop):
    return make_packet(shop, barcodes=[(PACKET, 1)])


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def test_sack_is_packed_by_keyboard_and_again_by_recipe(page, shop, sack, packet):
    sign_in(page, shop.owner)
    page.goto(f"/s/{shop.slug}/stock/repack/new/")
    expect(page.locator("#find-taken")).to_be_focused()
    scan(page, SACK)
    taken = page.locator("#taken-rows").get_by_label("How much")
    expect(taken).to_be_focused()
    expect(taken).to_have_value("1")
    press(page, "Enter")
    expect(page.locator("#find-made")).to_be_focused()
    page.keyboard.type("sugar 1")
    expect(page.locator("#made-found a")).to_have_count(1)
    press(page, "ArrowDown", "Enter")
    made = page.locator("#made-rows").get_by_label("How much")
    expect(made).to_be_focused()
    page.keyboard.type("49")
    expect(page.locator("#sums")).to_contain_text("1 kg · 2")
    press(page, "Enter")
    expect(page.get_by_label("Packing: bags, labels, labour")).to_be_focused()
    page.keyboard.type("58")
    expect(page.locator("#sums .total")).to_contain_text("2,058.00")
    page.get_by_role("button", name="Sell at ₹ 52.00").click()
    expect(page.get_by_label("Sell at ₹")).to_have_value("52.00")
    press(page, "Control+Enter")
    page.wait_for_url(DONE)
    assert (packet.lots.get().on_hand, packet.lots.get().value) == (49, D("2058.00"))
    page.get_by_role("link", name="Keep as a recipe").click()
    page.get_by_role("textbox", name="Name").fill("Sugar packets")
    press(page, "Control+Enter")
    page.wait_for_url("**/stock/repack/")
    page.get_by_role("link", name="Pack", exact=True).click()
    expect(page.locator("#sums")).to_contain_text("Lost on the way")
    page.locator("[data-save]").click()
    page.wait_for_url(DONE)
    assert Repack.objects.count() == 2
    books_agree(shop)


def test_refused_packing_keeps_what_was_typed(page, shop, sack, packet):
    page.errors_expected = True  # Chromium calls the refusal (422) an error
    sign_in(page, shop.owner)
    page.goto(f"/s/{shop.slug}/stock/repack/new/?taken={sack.pk}&made={packet.pk}")
    page.locator("#taken-rows").get_by_label("How much").fill("9")
    page.locator("#made-rows").get_by_label("How much").fill("441")
    page.get_by_label("Note").fill("Diwali")
    press(page, "Control+Enter")
    expect(page.locator("#taken-rows")).to_contain_text("Only 4 bag of Sugar sack 50 kg in stock.")
    expect(page.locator("#taken-rows").get_by_label("How much")).to_be_focused()
    expect(page.get_by_label("Note")).to_have_value("Diwali")
    assert not Repack.objects.exists()


def test_labels_of_the_packets_open_as_pdf(page, shop, sack, packet):
    done = pack(shop, [(sack, 1)], [(packet, 49)])
    sign_in(page, shop.owner)
    page.goto(f"/s/{shop.slug}/stock/repack/{done.pk}/")
    page.get_by_role("link", name="Print labels").click()
    expect(page.locator("#preview")).to_contain_text("49 labels")
    expect(page.locator("#preview")).to_contain_text("3 sheets")
    page.get_by_label("Paper").select_option("roll")
    expect(page.locator("#preview .paper.one svg text").first).to_have_text("Sugar 1 kg")
    page.get_by_label("How many labels of Sugar 1 kg").fill("2")
    expect(page.locator("#preview")).to_contain_text("2 labels")
    with page.context.expect_event("response", lambda answer: answer.url.endswith("labels.pdf")) as answered:
        press(page, "Control+Enter")
    assert answered.value.status == 200
    assert answered.value.headers["content-type"] == "application/pdf"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1366, 360])
def test_pages_fit_and_are_readable(page, shop, sack, packet, width, scheme):
    done = pack(shop, [(sack, 1)], [(packet, 49)])
    page.set_viewport_size({"width": width, "height": 700})
    page.emulate_media(color_scheme=scheme)
    sign_in(page, shop.owner)
    for path in ("repack/", f"repack/new/?taken={sack.pk}&made={packet.pk}", f"repack/{done.pk}/", f"repack/recipes/new/?repack={done.pk}",
                 f"labels/?repack={done.pk}"):  # fmt: skip
        page.goto(f"/s/{shop.slug}/stock/{path}")
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert not problems(axe(page)), path
