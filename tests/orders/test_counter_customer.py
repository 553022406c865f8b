"""The customer on the bill, by phone; and the UPI code for an amount."""

from decimal import Decimal

import pytest
from django.urls import reverse

from tests import factories

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def ask(shop, client):
    client.force_login(factories.make_member(shop))
    where = reverse("orders:counter_customer", args=[shop.slug])

    def send(method="get", **data):
        return getattr(client, method)(where, data, **HTMX)

    return send


def test_a_known_phone_shows_name_khata_and_limit(ask, shop):
    asha = factories.make_customer(shop, "Asha", "+919812345321", credit_limit=Decimal(5000))
    card = ask(phone="9812345321").content.decode()
    assert f'name="customer" value="{asha.pk}"' in card
    assert "Asha" in card
    assert "5,000.00" in card


def test_an_unknown_phone_asks_and_writes_nothing(ask, shop):
    assert "data-ask-phone" in ask(phone="9812345321").content.decode()
    assert not shop.customers.exists()


def test_the_second_enter_adds_with_the_phone_alone_and_twice_adds_once(ask, shop):
    for _ in range(2):
        assert 'name="customer"' in ask("post", phone="9812345321").content.decode()
    assert shop.customers.get().short_phone == "9812345321"


@pytest.mark.parametrize("phone", ["", "12", "0000000000", "९८१२", "📞", "9" * 50, "\x00"])
def test_what_is_no_phone_is_a_sentence(ask, shop, phone):
    assert "data-refused" in ask(phone=phone).content.decode()
    assert ask("post", phone=phone).status_code == 422
    assert not shop.customers.exists()


def test_another_shops_customer_is_unknown_here(ask, other_shop):
    factories.make_customer(other_shop, "Theirs", "+919812345321")
    answer = ask(phone="9812345321").content.decode()
    assert "Theirs" not in answer
    assert "data-ask-phone" in answer


def test_upi_code_is_for_the_amount(shop, client):
    shop.upi_id = "sharma@okbank"
    shop.save(update_fields=["upi_id"])
    client.force_login(factories.make_member(shop))
    where = reverse("orders:counter_upi", args=[shop.slug])
    assert "<svg" in client.get(where, {"amount": "120.50"}, **HTMX).content.decode()
    for amount in ("", "0", "-1", "NaN", "1e9", "12.345", "९", "x", "9" * 30):
        answer = client.get(where, {"amount": amount}, **HTMX)
        assert answer.status_code == 200
        assert "data-refused" in answer.content.decode(), amount
    assert "data-refused" in client.get(where, {"amount": "5", "key": "x"}, **HTMX).content.decode()


def test_without_a_upi_id_the_place_says_where_to_write_it(shop, client):
    client.force_login(factories.make_member(shop))
    answer = client.get(reverse("orders:counter_upi", args=[shop.slug]), {"amount": "5"}, **HTMX).content.decode()
    assert "UPI id in Settings" in answer
