"""The bill's public page: who has the code sees this bill, and nobody sees or learns anything else."""

import re
from collections import Counter
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from orders.bill import Tender
from orders.payments import mark_failed
from orders.prints import record_print
from orders.public import ALPHABET, LENGTH, bill_of_code, code_of, due, for_anybody, masked, message, order_of_code, whatsapp_link
from orders.selectors import printed_bill
from orders.services import cancel_order
from shops.models import Shop
from tests import factories
from tests.orders.test_invoice_pdf import text_of
from tests.orders.test_receipt import words

D = Decimal


@pytest.fixture(autouse=True)
def nobody_was_here(db):
    cache.clear()


@pytest.fixture
def one_minute():
    """All that is asked comes in one minute, however slow the machine."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


@pytest.fixture
def shop(db):
    return factories.make_shop(local_name="शर्मा किराना", phone="020 2445 1234", upi_id="sharma@okbank", upi_name="Sharma")


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, "Soap", price="45", mrp="52.50", stock=50, hsn="3401")


@pytest.fixture
def asha(shop):
    return factories.make_customer(shop, "Asha Kale", "+919876543321", address="12 Secret Lane")


@pytest.fixture
def bill(shop, soap):
    return factories.make_order(shop, [(soap, 2)], cashier=factories.make_member(shop, user=factories.make_user("Sunita")))


@pytest.fixture
def khata(shop, soap, asha):
    return factories.make_order(shop, [(soap, 2)], customer=asha, payments=[Tender("cash", D(50)), Tender("khata", None)])


def page(order, client=None):
    return (client or Client()).get(f"/b/{code_of(order)}/")


# --- the code -------------------------------------------------------------------------------------------------
def test_a_code_opens_its_own_bill(bill, khata):
    assert order_of_code(code_of(bill)) == bill
    assert order_of_code(code_of(khata)) == khata
    assert code_of(bill) != code_of(khata)
    assert re.fullmatch(f"[{ALPHABET}]{{{LENGTH}}}", code_of(bill))


def test_it_may_be_read_in_capitals_and_with_letters_that_look_like_digits(bill):
    code = code_of(bill)
    assert order_of_code(code.upper()) == bill
    assert order_of_code(code.replace("0", "O").replace("1", "l")) == bill


def test_changing_any_one_letter_opens_nothing(bill):
    code = code_of(bill)
    for place in range(LENGTH):
        other = ALPHABET[(ALPHABET.index(code[place]) + 7) % 32]
        assert order_of_code(code[:place] + other + code[place + 1 :]) is None


def test_the_same_number_under_another_secret_opens_nothing(bill, settings):
    code = code_of(bill)
    settings.SECRET_KEY = "another-secret-of-fifty-letters-and-more-0123456789"
    assert order_of_code(code) is None
    settings.SECRET_KEY_FALLBACKS = ["not-this-one"]
    assert order_of_code(code) is None


def test_a_paper_from_before_the_secret_was_changed_still_opens(bill, khata, settings):
    old = code_of(bill)
    settings.SECRET_KEY_FALLBACKS = ["some-other-old-one", settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-of-fifty-letters-and-more-0123456789"
    assert order_of_code(old) == bill
    assert code_of(bill) != old
    assert order_of_code(code_of(bill)) == bill


def test_codes_say_nothing_of_how_many_bills_there_are(shop, soap):
    """Neighbours share no beginning: the number is hidden by a pad that differs from code to code."""
    codes = [code_of(factories.make_order(shop, [(soap, 1)])) for _ in range(6)]
    for place in range(8):
        assert Counter(code[place] for code in codes).most_common(1)[0][1] < 5
    assert len({code[:4] for code in codes}) == 6


def test_the_signature_is_bound_to_the_shop_as_well(bill, other_shop):
    code = code_of(bill)
    bill.shop_id = other_shop.pk
    assert code_of(bill) != code


@pytest.mark.parametrize(
    "text", ["", "x", "0" * LENGTH, "z" * LENGTH, "-" * LENGTH, "é" * LENGTH, "u" * LENGTH, "1" * 5000, "https://x/b//"]
)
def test_nonsense_is_no_code(bill, text):
    assert order_of_code(text) is None


def test_a_scan_finds_the_bill_by_address_or_code_in_its_own_shop_only(bill, shop, other_shop):
    code = code_of(bill)
    for text in (
        code, code.upper(), f"https://kirana.example.in/b/{code}/", f"http://192.168.1.5:8000/b/{code}",
        f"HTTPS://KIRANA.EXAMPLE.IN/B/{code.upper()}/", f" /b/{code}/\n", f"b/{code}",
    ):  # fmt: skip
        assert bill_of_code(shop, text) == bill, text
        assert bill_of_code(other_shop, text) is None
    for text in (f"https://kirana.example.in/b/{code}/x", f"https://kirana.example.in/c/{code}/", f"{code}{code}", f"x{code}"):
        assert bill_of_code(shop, text) is None, text


# --- what it shows --------------------------------------------------------------------------------------------
def test_shows_the_bill_to_anybody(bill):
    answer = page(bill)
    assert answer.status_code == 200
    text = words(answer.text)
    for part in (
        "Sharma Kirana",
        "शर्मा किराना",
        "020 2445 1234",
        "Tax Invoice",
        bill.bill_number,
        "Soap",
        "2 pc × 45.00",
        "₹ 90.00",
        "Cash",
        "CGST",
    ):
        assert part in text, part
    assert 'href="tel:02024451234"' in answer.text
    assert f'href="/b/{code_of(bill)}/bill.pdf"' in answer.text
    assert "Pay " not in text


def test_it_is_for_nobody_elses_eyes(bill):
    answer = page(bill)
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "private" in answer.headers["Cache-Control"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert not answer.cookies
    assert '<meta name="robots" content="noindex, nofollow">' in answer.text


def test_it_tells_nothing_else(khata, shop):
    """No way into the shop, no phone or address of the customer, no khata, not who served."""
    text = page(khata).text
    for secret in (
        "9876543321",
        "98765 43321",
        "Secret Lane",
        shop.owner.name,
        "Owner of",
        f"/s/{shop.slug}",
        "sign-in",
        str(khata.request_key),
    ):
        assert secret not in text, secret
    links = set(re.findall(r'(?:href|src|action)="([^"]*)"', text))
    ours = {link for link in links if not link.startswith(("/static/", "upi://", "tel:"))}
    assert ours == {f"/b/{code_of(khata)}/bill.pdf"}
    assert "<script" not in text
    assert "Asha Kale" in text


def test_the_page_is_the_same_for_who_is_signed_in(bill, shop, client):
    client.force_login(shop.owner)
    assert page(bill, client).text == page(bill).text


def test_a_customer_without_a_name_is_known_by_a_masked_phone(shop, soap):
    unnamed = factories.make_customer(shop, "", "+919876543321")
    text = page(factories.make_order(shop, [(soap, 1)], customer=unnamed)).text
    assert "98xxxxx321" in text
    assert "9876543321" not in text
    assert masked("12345") == ""


def test_a_registered_buyer_keeps_what_the_law_wants(shop, soap):
    buyer = factories.make_customer(shop, "Mysore Stores", gstin="29AABCR1718E1ZL", address="1 MG Road", state_code="29")
    text = page(factories.make_order(shop, [(soap, 1)], customer=buyer)).text
    for part in ("29AABCR1718E1ZL", "1 MG Road", "Karnataka (29)", "IGST"):
        assert part in text
    assert buyer.short_phone not in text


def test_speaks_the_bills_language_whatever_the_browser_asks(bill, shop, soap):
    shop.language = "hi"
    shop.save(update_fields=["language"])
    hindi = factories.make_order(shop, [(soap, 1)], counter=shop.counters.get())
    answer = page(hindi)
    assert '<html lang="hi">' in answer.text
    assert answer.headers["Content-Language"] == "hi"
    assert "PDF डाउनलोड करें" in answer.text
    assert "Download" not in answer.text
    assert '<html lang="en">' in page(bill, Client(headers={"Accept-Language": "hi"})).text


def test_cancelled_is_said_at_the_top_and_why_is_not(bill, shop):
    cancel_order(shop=shop, bill_number=bill.bill_number, by=shop.owner, reason="He is a thief")
    text = page(bill).text
    assert "CANCELLED" in text
    assert "thief" not in text
    pdf = Client().get(f"/b/{code_of(bill)}/bill.pdf").content
    assert "CANCELLED" in text_of(pdf)
    assert "thief" not in text_of(pdf)


def test_a_printed_bills_page_is_no_duplicate(bill, shop):
    for _ in range(3):
        record_print(order=bill, by=shop.owner, paper="r80")
    assert "DUPLICATE" not in page(bill).text
    assert "Original for recipient" in text_of(Client().get(f"/b/{code_of(bill)}/bill.pdf").content)
    assert bill.prints.count() == 3, "reading is not printing"


def test_the_pdf_hides_the_same(khata):
    answer = Client().get(f"/b/{code_of(khata)}/bill.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    text = text_of(answer.content)
    assert "Asha Kale" in text
    assert "98xxxxx321" in text
    for secret in ("9876543321", "Secret Lane", "Served by"):
        assert secret not in text


# --- paying ---------------------------------------------------------------------------------------------------
def pay_links(order):
    return re.findall(r'href="(upi://[^"]*)"', page(order).text)


def test_what_went_to_khata_can_be_paid_by_upi(khata):
    (link,) = pay_links(khata)
    query = parse_qs(urlsplit(link.replace("&amp;", "&")).query)
    assert (query["pa"], query["am"], query["tr"]) == (["sharma@okbank"], ["40.00"], ["S12627000001"])
    assert "Pay ₹\u00a040.00 by UPI" in page(khata).text
    assert 'aria-label="UPI code"' in page(khata).text


def test_a_khata_that_is_settled_asks_for_nothing(shop, soap, asha, khata):
    """A second bill's khata is none of this page's business: as long as as much is owed, this bill is due."""
    second = factories.make_order(shop, [(soap, 1)], customer=asha, payments=[Tender("khata", None)])
    assert len(pay_links(khata)) == 1
    cancel_order(shop=shop, bill_number=second.bill_number, by=shop.owner, reason="x")
    assert len(pay_links(khata)) == 1
    shown = for_anybody(printed_bill(order_of_code(code_of(khata))))
    for owed, asked in (("40.00", "40.00"), ("39.99", "0"), ("0", "0"), ("500", "40.00")):
        shown.order.customer.outstanding = D(owed)
        assert due(shown) == D(asked)


def test_upi_that_never_came_is_asked_for_again_on_page_and_paper(shop, soap, asha):
    for customer in (None, asha):
        order = factories.make_order(shop, [(soap, 2)], customer=customer, payments=[Tender("cash", D(50)), Tender("upi", None)])
        assert pay_links(order) == []
        payment = order.payments.get(method="upi")
        mark_failed(shop=shop, payment_id=payment.pk, by=shop.owner, how="statement", reason="not in the statement")
        (link,) = pay_links(order)
        assert "am=40.00" in link
        assert printed_bill(order_of_code(code_of(order))).to_pay == 40


def test_nothing_to_pay_no_button(bill, shop, soap, khata):
    assert pay_links(bill) == []
    upi = factories.make_order(shop, [(soap, 1)], payments=[Tender("upi", None, reference="T1")])
    assert pay_links(upi) == [], "shown as paid: not asked for a second time"
    cancel_order(shop=shop, bill_number=khata.bill_number, by=shop.owner, reason="x")
    assert pay_links(khata) == []


def test_a_shop_without_upi_has_no_button(asha, shop, soap):
    Shop.objects.filter(pk=shop.pk).update(upi_id="")
    order = factories.make_order(
        Shop.objects.get(pk=shop.pk), [(soap, 1)], counter=shop.counters.get(), customer=asha, payments=[Tender("khata", None)]
    )
    assert pay_links(order) == []


# --- who may not ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["public:bill", "public:bill_pdf"])
def test_a_wrong_code_is_404_and_only_get_is_answered(bill, name):
    code = code_of(bill)
    url = reverse(name, args=[code])
    assert Client().head(url).status_code == 200
    assert Client().post(url).status_code == 405
    assert Client().get(reverse(name, args=[code[:-1] + ("1" if code[-1] == "0" else "0")])).status_code == 404
    assert Client().get(reverse(name, args=["x"])).status_code == 404


def test_a_closed_shops_bills_are_not_shown(bill, shop):
    shop.is_active = False
    shop.save(update_fields=["is_active"])
    assert page(bill).status_code == 404


@pytest.mark.usefixtures("one_minute")
def test_one_address_may_ask_so_often_and_another_is_not_held_up_by_it(bill):
    url = f"/b/{code_of(bill)}/"
    statuses = Counter(Client().get(url if n % 2 else "/b/wrong/").status_code for n in range(64))
    assert statuses[429] == 4
    assert Client(REMOTE_ADDR="10.1.2.3").get(url).status_code == 200
    assert Client().get(url).status_code == 429


@pytest.mark.usefixtures("one_minute")
def test_one_home_has_many_ipv6_addresses_and_counts_as_one(bill):
    url = f"/b/{code_of(bill)}/"
    statuses = Counter(Client(REMOTE_ADDR=f"2001:db8:1:2::{n:x}").get(url).status_code for n in range(1, 63))
    assert statuses[429] == 2
    assert Client(REMOTE_ADDR="2001:db8:1:3::1").get(url).status_code == 200


def test_reading_takes_few_queries_however_long_the_bill(shop, soap):
    long = factories.make_order(shop, [(factories.make_product(shop, f"Thing {n}", stock=9), 1) for n in range(15)])
    short = factories.make_order(shop, [(soap, 1)])
    cache.clear()
    counts = []
    with time_machine.travel(timezone.now(), tick=False):  # a new minute would count the address anew
        page(short)
        for order in (short, long):
            with CaptureQueriesContext(connection) as seen:
                page(order)
            counts.append(len(seen))
    assert counts[0] == counts[1] <= 16


# --- sending --------------------------------------------------------------------------------------------------
def test_whatsapp_has_the_customers_number_and_the_whole_message(khata, bill):
    link = whatsapp_link(khata, "https://kirana.example.in/b/abc/")
    parts = urlsplit(link)
    assert (parts.scheme, parts.netloc, parts.path) == ("https", "wa.me", "/919876543321")
    said = parse_qs(parts.query)["text"][0]
    assert said == f"Sharma Kirana: your bill {khata.bill_number} of ₹ 90.00 is here: https://kirana.example.in/b/abc/"
    assert "+" not in link, "WhatsApp shows the plus of form encoding as a plus"
    assert urlsplit(whatsapp_link(bill, "x")).path == "/"


def test_the_message_is_in_the_bills_language(shop, soap):
    shop.language = "hi"
    shop.save(update_fields=["language"])
    order = factories.make_order(shop, [(soap, 1)], counter=shop.counters.get())
    assert message(order, "LINK") == f"Sharma Kirana: आपका ₹ 45.00 का बिल {order.bill_number} यहाँ देखें: LINK"


@pytest.mark.parametrize("name", ["A&B? #1", "Ram + Sons", "शर्मा", "100% Fresh"])
def test_any_shop_name_arrives_whole(soap, name):
    Shop.objects.filter(pk=soap.shop_id).update(name=name)
    shop = Shop.objects.get(pk=soap.shop_id)
    order = factories.make_order(shop, [(soap, 1)], counter=shop.counters.get())
    assert parse_qs(urlsplit(whatsapp_link(order, "LINK")).query)["text"][0].startswith(f"{name}: ")


def test_the_bills_page_offers_to_send_it(client, shop, khata):
    client.force_login(shop.owner)
    text = client.get(khata.get_absolute_url()).text
    link = f"http://testserver/b/{code_of(khata)}/"
    assert 'href="https://wa.me/919876543321?text=' in text
    assert re.search(r'target="_blank" rel="noopener noreferrer" data-whatsapp', text)
    assert f'data-copy="{link}"' in text
    assert f"is here: {link}" in re.search(r'data-share-text="([^"]*)"', text)[1]
