"""What goes wrong at the API's edges is JSON too: addresses and methods that are none, bodies that are no JSON, and our own bugs."""

import logging

import pytest
from django.test import Client

from orders.api import order_views
from tests import factories
from tests.api_client import ROOT, Api


@pytest.fixture
def api(shop):
    return Api(shop, shop.owner)


def told(answer) -> tuple:
    return answer.status_code, answer.headers["Content-Type"].split(";")[0], answer.json()["code"]


def test_an_address_that_is_none(api):
    for path in ("/nothing", "/orders/1/nothing"):
        assert told(api.get(path)) == (404, "application/json", "no_such_address")


def test_a_method_that_an_address_does_not_have_is_told_those_it_has(api):
    answer = api.call("PATCH", "/products")
    assert told(answer) == (405, "application/json", "no_such_method")
    assert answer.headers["Allow"] == "GET, POST"
    assert "GET, POST" in answer.json()["detail"]


@pytest.mark.parametrize("body", [b"{", b"\xff", b"NaN", b"[1, Infinity]"])
def test_a_body_that_is_no_json(api, body):
    headers = {"Authorization": f"Bearer {api.token}"}
    answer = Client().post(f"{ROOT}/products", body, content_type="application/json", headers=headers)
    assert answer.status_code == 422
    assert answer.json()["code"] in ("bad_json", "does_not_fit")


def test_a_bug_is_logged_and_told_as_json_without_its_words(api, shop, monkeypatch, caplog):
    def broken(*args, **kwargs):
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr(order_views, "place", broken)
    api.client = Client(raise_request_exception=False)
    soap = factories.make_product(shop, stock=1)
    with caplog.at_level(logging.ERROR, "django.request"):
        answer = api.post("/orders", {"items": [{"product_id": soap.pk, "quantity": 1}]}, key=True)
    assert told(answer) == (500, "application/json", "broken")
    assert "secret" not in answer.content.decode()
    assert "the secret of the house" in caplog.text
    assert not shop.orders.exists()


def test_every_answer_is_for_the_caller_alone(api):
    for path in ("/products", "/nothing", "/orders/999999"):
        assert api.get(path).headers["Cache-Control"] == "no-store"
