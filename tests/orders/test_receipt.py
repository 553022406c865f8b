"""Receipts on rolls, and who is told that a paper is a duplicate."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from orders.bill import BillLine, Tender
from orders.errors import OrderError
from orders.prints import record_original, record_print
from orders.public import code_of
from orders.services import cancel_order
from orders.upi import PLAIN_MASK, qr_path
from shops.models import Role, Shop
from tests import factories
from tests.at_once import at_once

D = Decimal
UNCOUNTED = "not printed by the program"


def address(order, name="receipt", **query) -> str:
    url = reverse(f"orders:{name}", args=[order.shop.slug, order.slug])
    return url + ("?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else "")


def words(html: str) -> str:
    """The page's text, one space between words."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


@pytest.fixture
def shop(db):
    return factories.make_shop(local_name="शर्मा किराना", fssai="11526012000123", upi_id="sharma@okbank")


@pytest.fixture
def order(shop):
    atta = factories.make_product(
        shop, "Wheat atta 10 kg", local_name="गेहूँ का आटा", price="420", mrp="450", cost="300", stock=50, hsn="1101"
    )
    return factories.make_order(shop, [BillLine(atta.pk, D(2), discount=D("20"))], payments=[Tender("cash", None, tendered=D("900"))])


@pytest.fixture
def owner(client, shop):
    client.force_login(shop.owner)
    return client


def test_has_everything_on_it_in_order(owner, order):
    text = words(owner.get(address(order)).text)
    at = -1
    for part in (
        "Sharma Kirana", "शर्मा किराना", "14 Tilak Road", "Pune 411030 · Maharashtra (27)", "GSTIN 27AAPFU0939F1ZV", "FSSAI 11526012000123",
        "Tax Invoice", order.bill_number, "Counter 1", "Wheat atta 10 kg", "गेहूँ का आटा",
        "2 pc × 420.00 · MRP 450.00 · less 20.00 · 1101 · 5%",
        "820.00", "1 item, with GST", "Total", "₹ 820.00", "Cash", "820.00", "Given 900.00, change", "80.00", "You saved ₹ 80.00",
        "GST", "CGST", "SGST", "5%", "780.96", "19.52", "19.52", "This bill on your phone", "Exchange within 7 days",
        "Thank you, come again.",
    ):  # fmt: skip
        at = text.find(part, at + 1)
        assert at >= 0, part


def test_paper_is_the_counters_or_the_one_asked_for(owner, shop, order):
    assert '<body class="r80"' in owner.get(address(order)).text
    assert '<body class="r58"' in owner.get(address(order, paper="r58")).text
    shop.counters.update(paper="r58")
    assert '<body class="r58"' in owner.get(address(order)).text
    assert '<body class="r58"' in owner.get(address(order, paper="nonsense")).text
    shop.counters.update(paper="a4")
    assert '<body class="r80"' in owner.get(address(order)).text


def test_stays_the_same_whatever_the_shop_changes(owner, shop, order):
    before = words(owner.get(address(order)).text)
    Shop.objects.filter(pk=shop.pk).update(
        name="New", address="Else", gstin="", scheme="unregistered", upi_id="", language="hi", receipt_footer=""
    )
    shop.products.update(name="New thing", hsn="9999")
    shop.counters.update(name="New till")
    assert words(owner.get(address(order)).text) == before


def test_upi_code_is_for_what_is_left_to_pay(owner, shop, order):
    assert "Scan to pay" not in owner.get(address(order)).text
    asha = factories.make_customer(shop)
    product = shop.products.get()
    khata = factories.make_order(shop, [(product, 1)], customer=asha, payments=[Tender("cash", D(20)), Tender("khata", None)])
    assert "Scan to pay ₹ 400.00 by UPI" in owner.get(address(khata)).text


def test_who_paid_by_upi_is_not_asked_to_pay_again(owner, shop, order):
    paid = factories.make_order(shop, [(shop.products.get(), 1)], payments=[Tender("upi", None, reference="T1")])
    assert "Scan to pay" not in owner.get(address(paid)).text


def test_the_codes_stand_side_by_side_in_whole_printer_dots(owner, shop, order):
    asha = factories.make_customer(shop)
    khata = factories.make_order(shop, [(shop.products.get(), 1)], customer=asha, payments=[Tender("khata", None)])
    for paper, room in (("r80", 72), ("r58", 48)):
        page = owner.get(address(khata, paper=paper)).text
        assert page.count('<div class="codes') == 1
        found = re.findall(r'width="([\d.]+)mm" height="\1mm" viewBox="0 0 (\d+)', page)
        assert len(found) == 2
        assert sum(float(mm) for mm, _size in found) <= room
        assert {float(mm) / int(size) * 8 for mm, size in found} <= {4.0, 5.0, 6.0}


def test_a_long_upi_code_goes_under_the_bills_on_a_narrow_roll(owner, shop, order):
    Shop.objects.filter(pk=shop.pk).update(upi_id=f"{'a' * 60}@okhdfcbank", upi_name="शर्मा किराना और जनरल स्टोर")
    asha = factories.make_customer(shop)
    product = shop.products.get()
    product.shop.refresh_from_db()
    khata = factories.make_order(
        Shop.objects.get(pk=shop.pk), [(product, 1)], counter=shop.counters.get(), customer=asha, payments=[Tender("khata", None)]
    )
    assert owner.get(address(khata, paper="r58")).text.count('<div class="codes one">') == 2
    assert owner.get(address(khata, paper="r80")).text.count('<div class="codes">') == 1


def test_the_bills_own_code_is_its_public_address(owner, shop, order):
    page = owner.get(address(order)).text
    link = f"http://testserver/b/{code_of(order)}/"
    assert qr_path(link, mask=PLAIN_MASK).d in page
    assert link not in words(page), "the address is for cameras, not for people to type"


def test_composition_and_cash_memo_show_no_tax(client, db):
    for scheme, title in ((Shop.Scheme.COMPOSITION, "Bill of Supply"), (Shop.Scheme.UNREGISTERED, "Cash Memo")):
        shop = factories.make_shop(scheme=scheme)
        client.force_login(shop.owner)
        text = client.get(address(factories.make_order(shop, [(factories.make_product(shop, stock=9), 2)]))).text
        assert title in text
        assert "CGST" not in text
        assert "5%" not in text
        assert ("not eligible to collect tax" in text) is (scheme == "composition")


def test_may_be_framed_by_our_own_pages_only(owner, order):
    headers = owner.get(address(order)).headers
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    bill = owner.get(order.get_absolute_url()).headers
    assert bill["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in bill["Content-Security-Policy"]


def test_ladder(client, shop, order, other_shop):
    assert client.get(address(order)).status_code == 302
    assert client.post(address(order, "bill_print"), {"paper": "r80"}).status_code == 302
    client.force_login(other_shop.owner)
    assert client.get(address(order)).status_code == 404
    assert client.post(address(order, "bill_print"), {"paper": "r80"}).status_code == 404
    client.force_login(factories.make_member(shop, Role.ACCOUNTANT))
    assert client.get(address(order)).status_code == 200
    assert client.post(address(order)).status_code == 405
    assert not order.prints.exists()


# --- its language ---------------------------------------------------------------------------------------------
@pytest.fixture
def hindi(shop):
    """A bill made while the shop's receipts were in Hindi."""
    shop.language = "hi"
    shop.save(update_fields=["language"])
    soap = factories.make_product(shop, "Soap", price="42.37", mrp="50", cost="20", gst="other-18", stock=50, hsn="3402")
    return factories.make_order(
        shop, [BillLine(soap.pk, D(2), discount=D("4.74"))], customer=factories.make_customer(shop), payments=[Tender("khata", None)]
    )


def test_a_hindi_receipt_is_in_hindi_altogether(owner, hindi):
    page = owner.get(address(hindi)).text
    text, at = words(page), -1
    for part in (
        "टैक्स इनवॉइस", "सामान", "रकम ₹", "छूट 4.74", "1 सामान , GST सहित", "कुल", "₹ 80.00", "खाता", "आपकी बचत ₹ 20.00", "मूल्य",
        "यह बिल आपके फ़ोन पर", "UPI से ₹ 80.00 देने के लिए स्कैन करें", "धन्यवाद, फिर पधारें।",
    ):  # fmt: skip
        at = text.find(part.replace(" ,", ","), at + 1)
        assert at >= 0, part
    for english in ("Total", "item", "Amount", "Khata", "less", "saved", "Value", "Scan", "Thank"):
        assert english not in text
    assert '<article id="paper" lang="hi">' in page


def test_the_screens_language_and_the_papers_are_two(client, shop, order, hindi):
    person = factories.make_member(shop)
    client.force_login(person)
    page = client.get(address(hindi)).text
    assert '<html lang="en">' in page
    assert ">Print</button>" in page
    type(person).objects.filter(pk=person.pk).update(language="hi")
    page = client.get(address(order)).text
    assert '<html lang="hi">' in page
    assert ">छापें</button>" in page
    assert "Thank you, come again." in page


def test_marks_are_in_both_languages_so_that_nobody_misses_them(owner, shop, hindi):
    record_print(order=hindi, by=shop.owner, paper="r80")
    row = record_print(order=hindi, by=shop.owner, paper="r80")
    cancel_order(shop=shop, bill_number=hindi.bill_number, by=shop.owner, reason="ग़लत सामान")
    text = words(owner.get(address(hindi, copy=row.copy_no)).text)
    assert text.count("प्रतिलिपि · DUPLICATE") == 2
    assert text.count("रद्द · CANCELLED") == 2
    assert "प्रति 2" in text


# --- originals and duplicates --------------------------------------------------------------------------------
def test_looking_writes_nothing_and_its_paper_would_say_duplicate(owner, order):
    for _ in range(3):
        assert UNCOUNTED in owner.get(address(order)).text
    assert not order.prints.exists()


def test_first_print_is_the_original_and_the_next_is_marked(owner, shop, order):
    first = owner.post(address(order, "bill_print"), {"paper": "r80"})
    assert first.status_code == 302
    page = owner.get(first.url).text
    assert "DUPLICATE" not in page
    assert "data-print-now" in page
    second = owner.post(address(order, "bill_print"), {"paper": "r58"})
    page = owner.get(second.url).text
    assert '<body class="r58"' in page
    assert "DUPLICATE" in page
    assert UNCOUNTED not in page
    assert f"by {shop.owner} · copy 2" in words(page)
    assert [(p.copy_no, p.paper, p.by) for p in order.prints.order_by("copy_no")] == [(1, "r80", shop.owner), (2, "r58", shop.owner)]


def test_a4_goes_to_the_pdf(owner, order):
    response = owner.post(address(order, "bill_print"), {"paper": "a4"})
    assert response.url.endswith(f"{order.slug}/invoice.pdf?copy=1")
    assert owner.get(response.url).status_code == 200


def test_counters_own_print_is_the_original_once(owner, order):
    key = order.request_key
    page = owner.get(address(order, first=key)).text
    assert "DUPLICATE" not in page
    assert 'id="first-print"' in page
    for _ in range(2):  # the script may send twice
        assert owner.post(address(order, "bill_print"), {"first": key, "paper": "r80"}).status_code == 204
    assert order.prints.get().copy_no == 1
    assert UNCOUNTED in owner.get(address(order, first=key)).text


def test_a_wrong_key_is_no_way_to_an_unmarked_paper(owner, order):
    assert UNCOUNTED in owner.get(address(order, first="00000000-0000-0000-0000-000000000000")).text


def test_an_old_print_cannot_be_printed_again_unmarked(owner, order):
    url = owner.post(address(order, "bill_print"), {"paper": "r80"}).url
    assert UNCOUNTED not in owner.get(url).text
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        page = owner.get(url).text
    assert UNCOUNTED in page
    assert "data-print-now" not in page


@pytest.mark.parametrize("paper", ["", "r90", "<b>", "A4"])
def test_unknown_paper_is_refused(owner, order, paper):
    assert owner.post(address(order, "bill_print"), {"paper": paper}).status_code == 400
    assert not order.prints.exists()


def test_cancelled_bill_says_so_on_paper(owner, shop, order):
    cancel_order(shop=shop, bill_number=order.bill_number, by=shop.owner, reason="Wrong goods")
    text = words(owner.get(address(order)).text)
    assert text.count("CANCELLED") == 2
    assert "Wrong goods" in text


def test_original_is_recorded_once_and_prints_are_limited(shop, order, monkeypatch):
    assert record_original(order=order, by=shop.owner, paper="r80").pk == record_original(order=order, by=shop.owner, paper="r58").pk
    monkeypatch.setattr("orders.prints.MOST_PRINTS", 2)
    record_print(order=order, by=shop.owner, paper="r80")
    with pytest.raises(OrderError) as refused:
        record_print(order=order, by=shop.owner, paper="r80")
    assert refused.value.code == "too_many_prints"


@pytest.mark.django_db(transaction=True)
def test_prints_at_once_get_numbers_without_gap_or_repeat():
    shop = factories.make_shop()
    order = factories.make_order(shop, [(factories.make_product(shop, stock=9), 1)])
    prints = at_once([lambda: record_print(order=order, by=shop.owner, paper="r80")] * 6)
    assert sorted(one.copy_no for one in prints) == [1, 2, 3, 4, 5, 6]
