"""The last bill of a counter, for its "print again"; and how a bill says it prints."""

import re

import pytest
from django.urls import reverse

from orders import checks
from orders.services import cancel_order
from shops.models import Role
from shops.services import add_counter
from tests import factories


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, stock=50)


@pytest.fixture
def clerk(client, shop):
    client.force_login(factories.make_member(shop))
    return client


def last(client, shop, counter=None):
    return client.get(reverse("orders:counter_last", args=[shop.slug]), {"counter": (counter or shop.counters.first()).pk})


def test_says_how_the_newest_bill_prints(clerk, shop, soap):
    factories.make_order(shop, [(soap, 1)])
    order = factories.make_order(shop, [(soap, 2)], customer=factories.make_customer(shop, phone="+919812345321"))
    shop.counters.update(printer="raw", paper="r58")
    said = dict(re.findall(r'data-([\w-]+)="([^"]*)"', last(clerk, shop).text))
    assert said["paper-of"] == order.bill_number
    assert (said["printer"], said["paper"], said["key"]) == ("raw", "r58", str(order.request_key))
    assert said["print"] == f"/s/{shop.slug}/bills/{order.slug}/print/"
    assert said["bill"] == order.get_absolute_url()
    assert said["whatsapp"].startswith("https://wa.me/919812345321?text=")
    assert "data-now" not in last(clerk, shop).text, "it is printed when it is asked for"


def test_each_counter_has_its_own_last_bill(clerk, shop, soap):
    second = add_counter(shop=shop, name="Milk window", code="S2")
    order = factories.make_order(shop, [(soap, 1)])
    assert order.bill_number in last(clerk, shop).text
    answer = last(clerk, shop, second)
    assert answer.status_code == 200
    assert "No bill was made at Milk window yet." in answer.text
    newer = factories.make_order(shop, [(soap, 1)], counter=second)
    assert newer.bill_number in last(clerk, shop, second).text
    assert order.bill_number in last(clerk, shop).text


def test_a_cancelled_bill_is_still_the_last(clerk, shop, soap):
    order = factories.make_order(shop, [(soap, 1)])
    cancel_order(shop=shop, bill_number=order.bill_number, by=shop.owner, reason="x")
    assert order.bill_number in last(clerk, shop).text


def test_another_shops_counter_is_none(clerk, shop, other_shop, soap):
    answer = last(clerk, shop, other_shop.counters.first())
    assert "not in use" in answer.text
    assert "data-paper-of" not in answer.text


def test_ladder(client, shop, other_shop):
    assert last(client, shop).status_code == 302
    client.force_login(other_shop.owner)
    assert last(client, shop).status_code == 404
    client.force_login(factories.make_member(shop, Role.ACCOUNTANT))
    assert last(client, shop).status_code == 403
    client.force_login(shop.owner)
    assert client.post(reverse("orders:counter_last", args=[shop.slug])).status_code == 405


def test_queries_do_not_grow_with_bills(clerk, shop, soap, django_assert_max_num_queries):
    for _ in range(3):
        factories.make_order(shop, [(soap, 1)])
    with django_assert_max_num_queries(6):
        last(clerk, shop)


def test_a_saved_bill_prints_by_itself_once_and_a_repeated_answer_does_not(clerk, shop, soap):
    fields = {
        "key": "6f1c0f4e-7f0e-4a57-9a3e-6c2f0a4be001", "counter": shop.counters.first().pk, "exact": "cash",
        "line-product": soap.pk, "line-mrp": "any", "line-quantity": "2", "line-price": "52.50",
    }  # fmt: skip
    url, htmx = reverse("orders:counter_pay", args=[shop.slug]), {"HX-Request": "true"}
    assert "data-now" in clerk.post(url, fields, headers=htmx).text
    again = clerk.post(url, fields, headers=htmx).text
    assert "data-paper-of" in again
    assert "data-now" not in again


def test_a_machine_that_cannot_join_conjuncts_is_told_so(monkeypatch):
    assert checks.hindi_letters_join(None) == []
    monkeypatch.setattr("orders.printing.strips.can_shape", lambda: False)
    (found,) = checks.hindi_letters_join(None)
    assert found.id == "orders.W001"
    assert "libfribidi" in found.hint
