"""The A4 bill as a PDF: what the law wants on it, in columns, from frozen data alone."""

import io
import re
import shutil
import subprocess
from decimal import Decimal

import pikepdf
import pytest
from django.urls import reverse

from orders.bill import BillLine, Tender
from orders.printing import columns
from orders.printing.invoice import invoice_pdf, lay_out
from orders.prints import record_print
from orders.selectors import printed_bill
from orders.services import cancel_order
from shops.models import Role, Shop, User
from smartkirana.words import rupees_in_words
from tests import factories

D = Decimal
SPACES = re.compile(r"[\s\u2002\u2009\u00a0]+")


def text_of(pdf: bytes) -> str:
    """The words on the paper in reading order, every run of space as one."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    out = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return SPACES.sub(" ", out)


def pages(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


def fonts(pdf: bytes) -> dict[str, bool]:
    """Font name without its subset tag → embedded."""
    found = {}
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for one in document.objects:
            if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor":
                found[str(one.FontName).split("+")[-1]] = any(key in one for key in ("/FontFile2", "/FontFile3", "/FontFile"))
    return found


def pdf_of(order, mark=None) -> bytes:
    return invoice_pdf(printed_bill(type(order).objects.get(pk=order.pk), mark))


@pytest.fixture
def shop(db):
    return factories.make_shop(local_name="शर्मा किराना", fssai="11526012000123", phone="020 2445 1234", upi_id="sharma@okbank")


@pytest.fixture
def order(shop):
    atta = factories.make_product(
        shop, "Wheat atta 10 kg", local_name="गेहूँ का आटा", price="420", mrp="450", cost="300", stock=50, hsn="1101"
    )
    soap = factories.make_product(shop, "Dishwash bar 500 g", price="42.37", mrp="42.37", cost="20", gst="other-18", stock=50, hsn="3402")
    return factories.make_order(shop, [(atta, 2), (soap, 3)])


def test_carries_everything_rule_46_asks(shop, order):
    text = text_of(pdf_of(order))
    for words in (
        "Sharma Kirana", "14 Tilak Road, Pune 411030", "Maharashtra (27)", f"GSTIN {shop.gstin}", "FSSAI 11526012000123",
        "Tax Invoice", "Original for recipient", f"Number {order.bill_number}", "Date ", "Place of supply Maharashtra (27)",
        "Reverse charge No", "Wheat atta 10 kg", "1101 2 PCS 420.00 800.00 5% 20.00 20.00 840.00",
        "Dishwash bar 500 g", "3402 3 PCS 42.37 107.73 18% 9.69 9.69 127.11", "Total, 2 lines 907.73 29.69 29.69 967.11",
        "1101 800.00 2.5% 20.00 2.5% 20.00 40.00", "3402 107.73 9% 9.69 9% 9.69 19.38", "Total 907.73 29.69 29.69 59.38",
        "Round off −0.11", "₹ 967.00", "You saved ₹ 60.00 on the MRP", "Authorised signatory", "Page 1 of 1",
    ):  # fmt: skip
        assert words in text, words
    assert rupees_in_words(order.total) in text
    assert "CANCELLED" not in text
    assert "DUPLICATE" not in text


def test_only_our_own_fonts_are_in_it_and_hindi_is_set_in_one(order):
    found = fonts(pdf_of(order))
    assert found
    assert all(name.startswith(("SK-Latin", "SK-Deva")) for name in found), found
    assert "SK-Deva" in found
    assert all(found.values())
    assert re.search("[\u0900-\u097f]", text_of(pdf_of(order)))


def test_stays_the_same_whatever_the_shop_changes(shop, order):
    buyer = factories.make_customer(shop, "Annapurna Canteen", gstin="27AAKFA4321M1ZD", address="Market Yard", state_code="27")
    soap = shop.products.get(hsn="3402")
    sold = factories.make_order(shop, [(soap, 1)], customer=buyer, payments=[Tender("khata", None)])
    before = {one: pdf_of(one) for one in (order, sold)}
    Shop.objects.filter(pk=shop.pk).update(
        name="New Name", local_name="नया", address="Elsewhere", city="Goa", pincode="403001", state_code="30", phone="1", gstin="",
        scheme="unregistered", fssai="", upi_id="new@bank", upi_name="New", receipt_footer="New", language="hi", slug="new",
    )  # fmt: skip
    shop.products.update(name="New thing", local_name="नई", hsn="9999")
    shop.customers.update(name="Somebody", gstin="", address="", state_code="")
    shop.counters.update(name="New till")
    User.objects.update(name="Renamed")
    for one, pdf in before.items():
        assert text_of(pdf_of(one)) == text_of(pdf)


@pytest.mark.parametrize("scheme", [Shop.Scheme.COMPOSITION, Shop.Scheme.UNREGISTERED])
def test_who_may_not_charge_tax_shows_none(db, scheme):
    shop = factories.make_shop(scheme=scheme)
    order = factories.make_order(shop, [(factories.make_product(shop, stock=9), 2)])
    text = text_of(pdf_of(order))
    assert ("Bill of Supply" if scheme == "composition" else "Cash Memo") in text
    assert ("Composition taxable person, not eligible to collect tax on supplies" in text) is (scheme == "composition")
    for word in ("CGST", "SGST", "IGST", "Taxable", "Tax by HSN", "Tax Invoice"):
        assert word not in text
    assert ("GSTIN" in text) is (scheme == "composition")


def test_mixed_basket_is_an_invoice_cum_bill_of_supply(shop):
    soap = factories.make_product(shop, stock=9, hsn="3401")
    milk = factories.make_product(shop, "Milk", gst=exempt(), stock=9, mrp=None, hsn="0401")
    text = text_of(pdf_of(factories.make_order(shop, [(soap, 2), (milk, 1)])))
    assert "Invoice-cum-Bill of Supply" in text
    assert "Value before" in text
    assert "exempt" in text
    assert "Exempt goods 52.50" in text


def exempt() -> str:
    from catalog.models import GstGoods

    return GstGoods.objects.filter(supply_class="exempt").order_by("pk").first().slug


def test_buyer_in_another_state_has_igst_and_place_of_supply(shop):
    buyer = factories.make_customer(shop, "Mysore Stores", gstin="29AABCR1718E1ZL", address="1 MG Road, Bengaluru", state_code="29")
    soap = factories.make_product(shop, stock=99, hsn="3401")
    text = text_of(pdf_of(factories.make_order(shop, [(soap, 10)], customer=buyer)))
    for words in (
        "Place of supply Karnataka (29)",
        "GSTIN 29AABCR1718E1ZL",
        "1 MG Road, Bengaluru, Karnataka (29)",
        "IGST 25.00",
        "3401 500.00 5% 25.00 25.00",
    ):
        assert words in text, words
    assert "CGST" not in text
    assert "SGST" not in text


def test_union_territory_without_legislature_names_utgst(db):
    shop = factories.make_shop(state_code="04", gstin="04AAPFU0939F1Z3")
    text = text_of(pdf_of(factories.make_order(shop, [(factories.make_product(shop, stock=9), 1)])))
    assert "UTGST" in text


def test_discounts_have_a_column_and_lower_the_value(shop):
    soap = factories.make_product(shop, stock=99, hsn="3401")
    order = factories.make_order(shop, [BillLine(soap.pk, D(2), discount=D("5.00"))], bill_discount=D("10.00"))
    text = text_of(pdf_of(order))
    for words in ("Discount", "3401 2 PCS 52.50 15.00 85.72 5% 2.14 2.14 90.00", "Goods 105.00", "Discount −15.00", "₹ 90.00"):
        assert words in text, words


def test_cancelled_says_so_with_day_and_reason(shop, order):
    cancel_order(shop=shop, bill_number=order.bill_number, by=shop.owner, reason="Wrong customer")
    text = text_of(pdf_of(order))
    assert "CANCELLED" in text
    assert "Wrong customer" in text
    assert "by UPI" not in text


def test_money_that_is_due_is_asked_for_by_upi(shop, order):
    assert "by UPI" not in text_of(pdf_of(order))
    soap = shop.products.get(hsn="3402")
    owed = factories.make_order(shop, [(soap, 1)], customer=factories.make_customer(shop), payments=[Tender("khata", None)])
    assert "Scan to pay ₹ 42.00 by UPI: sharma@okbank" in text_of(pdf_of(owed))


def test_the_bills_own_code_stands_on_it_when_its_address_is_known(shop, order):
    assert "This bill on your phone" not in text_of(pdf_of(order))
    assert "This bill on your phone" in text_of(invoice_pdf(printed_bill(order, link="https://kirana.example/b/x/")))


def test_a_hindi_bill_has_hindi_headings_in_their_columns(shop, order):
    shop.language = "hi"
    shop.save(update_fields=["language"])
    soap = shop.products.get(hsn="3402")
    pdf = pdf_of(factories.make_order(shop, [(soap, 3)], customer=factories.make_customer(shop), payments=[Tender("khata", None)]))
    assert pages(pdf) == 1
    text = text_of(pdf)
    for english in ("Tax Invoice", "Quantity", "Amount", "Total", "Place of supply", "Khata", "Payment", "Authorised", "Page 1"):
        assert english not in text, english
    assert "3402 3 PCS 42.37 107.73 18% 9.69 9.69 127.11" in text
    cells = ["HSN", "मात्रा", "करयोग्य मूल्य"]
    cols = columns.fitted(
        [columns.Column(("", cells[0]), 12, left=True), *(columns.Column(("", one), 5) for one in cells[1:])], [cells], pt=8
    )
    line = "".join(columns.set_row(cells, cols, pt=8))
    assert abs(columns.width(line) / 1000 * 8 / columns.MM_IN_PT - sum(one.mm for one in cols)) < 0.3


def test_second_print_is_a_numbered_duplicate(shop, order):
    first = record_print(order=order, by=shop.owner, paper="a4")
    again = record_print(order=order, by=factories.make_user("Farida"), paper="a4")
    assert "DUPLICATE" not in text_of(pdf_of(order, first))
    text = text_of(pdf_of(order, again))
    assert "DUPLICATE printed again" in text
    assert "by Farida · copy 2" in text
    assert "Original" not in text


def test_sixty_lines_take_three_pages_with_the_head_on_each(shop):
    goods = [factories.make_product(shop, f"Thing {n} of 500 g", local_name="चीज़", stock=9, hsn=str(1100 + n % 28)) for n in range(60)]
    pdf = pdf_of(factories.make_order(shop, [(one, 1) for one in goods]))
    text = text_of(pdf)
    assert pages(pdf) == 3
    assert text.count("Sr Goods") >= 2
    assert "Page 3 of 3" in text
    assert all(f"Thing {n} of 500 g" in text for n in range(60))
    assert "Total, 60 lines" in text


def test_twelve_lines_stay_on_one_page(shop):
    goods = [factories.make_product(shop, f"Thing {n}", local_name="चीज़", stock=9, hsn=str(1100 + n)) for n in range(12)]
    buyer = factories.make_customer(shop, "Annapurna Canteen", gstin="27AAKFA4321M1ZD", address="Market Yard", state_code="27")
    assert pages(pdf_of(factories.make_order(shop, [(one, 1) for one in goods], customer=buyer))) == 1


@pytest.mark.parametrize("name", ["<b>&amp; “quotes”", "आटा 🌾 عسل", "W" * 120, "a" * 120])
def test_odd_names_are_text_and_break_nothing(shop, name):
    thing = factories.make_product(shop, name, local_name=name, stock=9)
    pdf = pdf_of(factories.make_order(shop, [(thing, 1)]))
    assert pages(pdf) == 1
    if name.startswith("<b>"):
        assert name in text_of(pdf)


# --- columns -------------------------------------------------------------------------------------------------
def test_figures_end_where_their_column_ends(order):
    """Every amount's right edge is within 0.13 mm of its column's, whatever stands before it."""
    cols = [columns.Column(("", "HSN"), 12, left=True), columns.Column(("", "Value"), 25), columns.Column(("", "Tax"), 20)]
    for cells in (["1101", "1.00", "0.05"], ["", "99,99,999.99", "1,234.56"], ["17049090", "", "12.00"], ["1101", "18%", "−5.00"]):
        line = "".join(columns.set_row(cells, cols, pt=8))
        end = columns.width(line) / 1000 * 8 / columns.MM_IN_PT
        assert abs(end - 57) < 0.13, (cells, end)
        upto = line[: line.index(cells[1]) + len(cells[1])] if cells[1] else None
        if upto:
            assert abs(columns.width(upto) / 1000 * 8 / columns.MM_IN_PT - 37) < 0.13


def test_columns_grow_for_large_figures_and_leave_room_for_names(shop):
    gold = factories.make_product(shop, "Saffron", price="9999999.00", mrp="9999999.00", cost="1", stock=9, hsn="09102010")
    order = factories.make_order(shop, [(gold, 9)])
    sheet = lay_out(printed_bill(order))
    assert sheet.dense is True
    assert sheet.figures_mm < 145
    assert "8,99,99,991.00" in text_of(pdf_of(order))


# --- the address ---------------------------------------------------------------------------------------------
def address(order, **query) -> str:
    url = reverse("orders:invoice_pdf", args=[order.shop.slug, order.slug])
    return url + ("?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else "")


def test_every_role_gets_the_file(client, shop, order):
    for person in (shop.owner, *(factories.make_member(shop, role) for role in (Role.MANAGER, Role.STAFF, Role.ACCOUNTANT))):
        client.force_login(person)
        response = client.get(address(order))
        assert response.status_code == 200
        assert response.headers["Content-Type"] == "application/pdf"
        assert response.content.startswith(b"%PDF-")
    assert response.headers["Content-Disposition"] == f'inline; filename="{order.slug}.pdf"'
    assert client.get(address(order, save=1)).headers["Content-Disposition"].startswith("attachment")
    assert not order.prints.exists()


def test_stranger_anonymous_and_wrong_method(client, order, other_shop):
    assert client.get(address(order)).status_code == 302
    client.force_login(other_shop.owner)
    assert client.get(address(order)).status_code == 404
    client.force_login(order.shop.owner)
    assert client.post(address(order)).status_code == 405


@pytest.mark.parametrize("copy", ["1", "7", "0", "-1", "x", "99999", "²"])
def test_a_copy_that_was_never_printed_is_404(client, order, copy):
    client.force_login(order.shop.owner)
    assert client.get(address(order, copy=copy)).status_code == 404


def test_queries_do_not_grow_with_lines(shop, order, django_assert_num_queries):
    fetched = shop.orders.get(pk=order.pk)
    with django_assert_num_queries(2):
        invoice_pdf(printed_bill(fetched))
