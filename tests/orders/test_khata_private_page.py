"""The customer's own page of the khata: true, private, revocable; and what happens when they do not agree."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from orders.bill import Tender
from orders.khata import acts
from orders.khata.acts import Act
from orders.khata.people import customer_of_key, dispute, give_link, revoke_link, settle_dispute
from orders.models import KhataDispute
from tests import factories

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture(autouse=True)
def nobody_asked_yet():
    cache.clear()


@pytest.fixture
def asha(shop):
    shop.upi_id = "sharma@okbank"
    shop.save()
    soap = factories.make_product(shop, "Soap", price="50", mrp="55", stock=100)
    customer = factories.make_customer(shop, "Asha", phone="+919876500001")
    factories.make_order(shop, [(soap, 3)], customer=customer, payments=[Tender("khata", None)])
    acts.take_payment(Act(shop, customer, shop.owner), amount=D("40"), method="cash")
    customer.refresh_from_db()
    give_link(customer=customer)
    return customer


def address(customer, name="khata", *args):
    return reverse(f"private:{name}", args=[customer.link_key, *args])


def test_anybody_with_the_link_sees_entries_bills_balance_and_how_to_pay(asha):
    response = Client().get(address(asha))
    for words in ("₹ 110.00", asha.orders.get().bill_number, "/b/", "upi://pay", "am=110.00", "no. 2", "I don’t agree"):
        assert words in response.text.replace("&amp;", "&"), words


def test_it_is_not_indexed_not_kept_and_tells_nobody_where_it_stands(asha):
    headers = Client().get(address(asha)).headers
    assert "noindex" in headers["X-Robots-Tag"]
    assert headers["Referrer-Policy"] == "same-origin"
    assert "max-age=0" in headers["Cache-Control"]
    assert "private" in headers["Cache-Control"]


def test_it_tells_nothing_of_others_nor_of_phone_and_address(asha, shop):
    asha.address = "Flat 5, Karve Road"
    asha.save()
    other = factories.make_customer(shop, "Ravi")
    text = Client().get(address(asha)).text
    for secret in ("Ravi", "9876500001", "Karve Road", str(other.pk) + "/khata"):
        assert secret not in text, secret


@pytest.mark.parametrize("key", ["x", "0" * 26, "A" * 26, "i" * 26, "0" * 27])
def test_a_guessed_key_is_not_there(asha, key):
    assert Client().get(f"/k/{key}/").status_code == 404


def test_a_revoked_link_shows_nothing_and_the_next_is_another(asha):
    old = asha.link_key
    revoke_link(customer=asha)
    assert customer_of_key(old) is None
    assert Client().get(f"/k/{old}/").status_code == 404
    assert give_link(customer=asha) != old


def test_a_closed_shops_khatas_are_not_shown(asha, shop):
    shop.is_active = False
    shop.save(update_fields=["is_active"])
    assert Client().get(address(asha)).status_code == 404


def test_guessing_is_slowed_down(asha):
    client = Client()
    answers = [client.get("/k/" + "0" * 26 + "/").status_code for _ in range(121)]
    assert answers[0] == 404
    assert 429 in answers  # 60 a minute; the minute may have turned in between


def test_i_do_not_agree_marks_the_entry_until_it_is_settled(asha, shop):
    client = Client(enforce_csrf_checks=True)
    page = client.get(address(asha))
    token = page.text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    answer = client.post(address(asha, "disagree", 1), {"words": "I took only two", "csrfmiddlewaretoken": token})
    assert answer.headers["Location"].endswith("#entry-1")
    assert "You don’t agree: the shop sees it" in client.get(address(asha)).text
    owner = Client()
    owner.force_login(shop.owner)
    listed = owner.get(reverse("orders:khata_disputes", args=[shop.slug]))
    assert "I took only two" in listed.text
    assert asha.orders.get().bill_number in listed.text
    said = KhataDispute.objects.get()
    owner.post(reverse("orders:khata_settle", args=[shop.slug, said.pk]), {"note": "counted the packets together"})
    assert "Settled: counted the packets together" in Client().get(address(asha)).text
    assert "Everybody agrees" in owner.get(reverse("orders:khata_disputes", args=[shop.slug])).text


def test_saying_it_twice_says_it_once_and_settling_needs_words(asha, shop):
    first = dispute(customer=asha, number=1, words="no")
    assert dispute(customer=asha, number=1, words="no, no") == first
    owner = Client()
    owner.force_login(shop.owner)
    refused = owner.post(reverse("orders:khata_settle", args=[shop.slug, first.pk]), {"note": " "})
    assert (refused.status_code, "Write the reason." in refused.text) == (422, True)
    settled = settle_dispute(dispute=first, by=shop.owner, answer="shown")
    assert settle_dispute(dispute=first, by=shop.owner, answer="other").answer == settled.answer == "shown"


def test_an_entry_that_is_not_there_cannot_be_disputed(asha):
    answer = Client().post(address(asha, "disagree", 99), {"words": "x"})
    assert (answer.status_code, "There is no entry 99" in answer.text) == (422, True)


def test_the_statement_is_the_customers_too(asha):
    assert Client().get(address(asha, "statement")).content[:5] == b"%PDF-"


def test_a_hindi_customer_reads_hindi(asha):
    asha.language = "hi"
    asha.save()
    assert '<html lang="hi">' in Client().get(address(asha)).text
