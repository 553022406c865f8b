"""A supplier's file brought in by a person: the columns looked over, goods chosen, the filled bill saved; the next file goes faster."""

from decimal import Decimal as D

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.conftest import sign_in
from tests.browser.test_counter import problems
from tests.browser.test_counter_goods import axe
from tests.inventory.bill_files import goods_of, item, rows, xlsx_file
from tests.inventory.buying import books_agree, make_supplier

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def files(tmp_path):
    """Writes a supplier's sheet where the browser can pick it up."""

    def write(items, total, name):
        file = xlsx_file(rows(items, total=total), name=name)
        path = tmp_path / name
        path.write_bytes(file.read())
        return path

    return write


def bring(page, path):
    page.get_by_label("Supplier").select_option(label="Gupta Agencies")
    page.get_by_label("Their file").set_input_files(path)
    page.get_by_role("button", name="Read the file").click()


def test_a_file_becomes_a_bill_and_the_next_one_needs_no_questions(page, shop, files):
    goods_of(shop, 3)
    tea = factories.make_product(shop, "Tata Tea Premium 250 g", sku="TEA", price="140", mrp="140", cost="100")
    make_supplier(shop, "Gupta Agencies")
    strange = item(7, code="TTP", ean="", name="TATA TEA PREM", rate="1200", mrp="140", total="1260", qty="1", pack="")
    sign_in(page, shop.owner)
    page.goto(f"/s/{shop.slug}/purchases/new/")
    page.get_by_role("link", name="Bring in a file").click()
    bring(page, files([*(item(n) for n in range(3)), strange], "1,546.65", "november.xlsx"))

    expect(page.get_by_label("Description of Goods")).to_have_value("name")
    expect(page.get_by_label("Sr", exact=True)).to_have_value("")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".unmatched li")).to_have_count(1)
    box = page.get_by_label("Goods", exact=True)
    box.press_sequentially("tata")
    expect(page.locator("#goods option")).to_have_attribute("value", "Tata Tea Premium 250 g · TEA")
    box.fill("Tata Tea Premium 250 g · TEA")
    page.get_by_label("Pieces in their pack").fill("12")
    page.get_by_role("button", name="Fill the bill").click()

    expect(page.locator("[data-row]")).to_have_count(4)
    expect(page.get_by_label("Bill number")).to_have_value("GA/2211")
    expect(page.locator("#sums")).to_contain_text("The same as on the paper.")  # at once, nothing typed
    assert not shop.goods_receipts.exists()
    page.get_by_role("button", name="Save the bill").click()
    expect(page.get_by_role("heading", name="GA/2211")).to_be_visible()
    receipt = shop.goods_receipts.get()
    assert (receipt.total, tea.lots.get().on_hand) == (D("1546.65"), 12)
    books_agree(shop)

    page.goto(f"/s/{shop.slug}/purchases/new/file/")
    expect(page.get_by_text("Files not entered yet")).to_have_count(0)
    bring(page, files([item(1), strange], "1,355.55", "december.xlsx"))
    expect(page.locator("[data-row]")).to_have_count(2)
    expect(page.locator("[data-row]").last.get_by_label("pc in a pack")).to_have_value("12")
    expect(page.locator("#sums")).to_contain_text("The same as on the paper.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1366])
def test_pages_are_accessible_and_nothing_scrolls_sideways(page, shop, files, width, scheme):
    goods_of(shop, 2)
    make_supplier(shop, "Gupta Agencies")
    page.errors_expected = True  # the browser notes the refusal
    page.set_viewport_size({"width": width, "height": 740})
    page.emulate_media(color_scheme=scheme)
    sign_in(page, shop.owner)
    page.goto(f"/s/{shop.slug}/purchases/new/file/")
    looked_at(page)
    strange = item(
        1, code="A-VERY-LONG-CODE-OF-THE-SUPPLIER/2026", ean="", name="SURF EXCEL MATIC FRONT LOAD POWDER 2KG OFFER PACK", qty="two"
    )
    bring(page, files([item(0), strange], "191.10", "GA_2211_november_invoice_for_sharma_kirana_and_general_stores.xlsx"))
    expect(page.get_by_role("heading", name="What is each column?")).to_be_visible()
    looked_at(page)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Fill the bill").click()
    expect(page.get_by_text("Choose the goods, or leave it out.")).to_be_visible()
    page.locator("summary", has_text="whose goods are known").click()
    looked_at(page)
    page.get_by_label("Leave it out").check()
    page.get_by_role("button", name="Fill the bill").click()
    expect(page.locator("#sums")).to_contain_text("The paper asks for")
    looked_at(page)


def looked_at(page):
    assert not problems(axe(page))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
