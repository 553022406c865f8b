"""The camera at a scan field: each code acts as if typed and Enter pressed, and no keyboard opens over the picture."""

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.phone import phone
from tests.browser.test_counter import problems
from tests.browser.test_counter_camera import CAMERA, NONE, READER, bars_of, in_sight
from tests.browser.test_counter_goods import axe
from tests.inventory.buying import make_supplier
from tests.inventory.counting_world import open_take

pytestmark = pytest.mark.django_db(transaction=True)

SALT, CARTON, UNKNOWN = "8901234567890", "18901234567897", "8901030535024"


@pytest.fixture
def on_phone(chromium, live_server, shop):
    factories.make_product(shop, "Salt 1 kg", price="25", mrp="28", cost="20", barcodes=[(SALT, 1)])
    factories.make_product(shop, "Tea 250 g", price="120", mrp="140", cost="100", barcodes=[("T1", 1), (CARTON, 12)])
    make_supplier(shop, "Gupta Agencies")
    return lambda script: phone(chromium, live_server, shop.owner, shop, script=script, address="purchases/new/")


def start(page):
    page.get_by_role("button", name="Scan with the camera").tap()
    expect(page.locator("[data-cam-last]")).to_have_text("Hold a barcode into the picture")


def test_codes_become_lines_of_the_bill_and_packs(on_phone):
    with on_phone(CAMERA + READER) as page:
        start(page)
        in_sight(page, SALT)
        rows = page.locator("[data-row]")
        expect(rows).to_have_count(1)
        expect(page.locator("[data-cam-last]")).to_have_text("✓ Salt 1 kg")
        assert page.evaluate("document.activeElement.matches('input, select')") is False, "no keyboard over the picture"
        in_sight(page, SALT, CARTON)
        expect(rows).to_have_count(2)
        expect(rows.last.get_by_label("pc in a pack")).to_have_value("12")
        in_sight(page)
        page.wait_for_timeout(1500)
        in_sight(page, CARTON)
        expect(rows.last.get_by_label("Packs", exact=True)).to_have_value("2")
        in_sight(page, UNKNOWN)
        expect(page.locator("[data-cam-last]")).to_contain_text("No product has this name or code.")
        expect(page.locator("#camera-strip")).to_be_in_viewport()
        assert not problems(axe(page))
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.get_by_role("button", name="Switch the camera off").tap()
        expect(page.locator("#camera-strip")).to_be_hidden()
        assert page.evaluate("camera.open") == 0


def test_a_form_that_comes_back_refused_keeps_camera_and_button(on_phone):
    with on_phone(CAMERA + READER) as page:
        page.errors_expected = True  # the browser notes the refusal
        start(page)
        in_sight(page, SALT)
        expect(page.locator("[data-row]")).to_have_count(1)
        page.get_by_role("button", name="Save the bill").tap()
        expect(page.get_by_text("Not saved yet.")).to_be_visible()
        in_sight(page, CARTON)
        expect(page.locator("[data-row]")).to_have_count(2)
        expect(page.get_by_role("button", name="Scan with the camera")).to_have_attribute("aria-pressed", "true")


def test_a_camera_that_may_not_be_used_is_one_sentence(on_phone):
    with on_phone(CAMERA + READER) as page:
        page.evaluate("camera.error = 'NotAllowedError'")
        page.get_by_role("button", name="Scan with the camera").tap()
        expect(page.locator("#toasts .bad")).to_contain_text("The camera is not allowed here")
        expect(page.locator("#camera-strip")).to_be_hidden()


def test_without_a_camera_there_is_no_button(on_phone):
    with on_phone(CAMERA.replace("camera.none ?", "true ?")) as page:
        page.wait_for_timeout(200)
        expect(page.locator("[data-camera-for]")).to_be_hidden()


def test_a_browser_without_a_reader_loads_the_vendored_one_when_asked(on_phone):
    with on_phone(CAMERA + NONE) as page:
        assert page.locator("script[src*=zxing]").count() == 0
        start(page)
        page.evaluate("bars => camera.show(bars)", bars_of(SALT))
        expect(page.locator("[data-row] .who b")).to_have_text(["Salt 1 kg"], timeout=15_000)


def test_goods_are_counted_by_the_camera_piece_by_piece(chromium, live_server, shop, on_phone):
    take = open_take(shop, name="Before Diwali")
    place = f"stock/takes/{take.pk}/"
    with phone(chromium, live_server, shop.owner, shop, script=CAMERA + READER, address=place) as page:
        start(page)
        in_sight(page, SALT)
        expect(page.locator("[data-cam-last]")).to_have_text("✓ Salt 1 kg")
        assert page.evaluate("document.activeElement.matches('#id_quantity, #count-scan')") is False, "no keyboard over the picture"
        in_sight(page)
        page.wait_for_timeout(1500)
        in_sight(page, SALT)
        expect(page.locator("[data-cam-last]")).to_have_text("Salt 1 kg × 2")
        expect(page.locator("#id_quantity")).to_have_value("2")
        page.get_by_role("button", name="Enter").tap()
        expect(page.locator("#count-goods .entered")).to_be_visible()
        in_sight(page, UNKNOWN)
        expect(page.locator("[data-cam-last]")).to_contain_text("No goods of this stock take have the code")
        assert not problems(axe(page))
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert [(entry.product.name, entry.quantity) for entry in take.entries.all()] == [("Salt 1 kg", 2)]
