"""The books, the day and the money over the API: the same figures as the pages."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from orders.bill import Tender
from orders.models import DrawerEvent
from shops.models import Role
from smartkirana.dates import shop_today
from tests import factories
from tests.api_client import Api
from tests.ledger.books import balance

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return factories.make_shop()


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, stock=500)


@pytest.fixture
def api(shop):
    return Api(shop, shop.owner)


# --- books ------------------------------------------------------------------------------------------------------
def test_both_sides_of_the_trial_balance_come_to_the_same(shop, soap, api):
    factories.make_order(shop, [(soap, 2)])
    found = api.get("/books/trial-balance").json()
    assert found["agrees"]
    assert found["debit_total"] == found["credit_total"]
    rows = {row["account_code"]: row for row in found["rows"]}
    assert (rows["1001"]["debit"], rows["2101"]["credit"], rows["2003"]["together"]) == ("105.00", "2.50", "-5.00")
    assert "5003" not in rows
    everything = api.get("/books/trial-balance?all=true").json()["rows"]
    assert "5003" in {row["account_code"] for row in everything}
    assert api.get("/books/trial-balance?on=2026-01-01").json()["rows"] == []


def test_an_account_with_its_balances(shop, soap, api):
    for _ in range(3):
        factories.make_order(shop, [(soap, 2)])
    answer = api.get("/books/accounts/1001?limit=2&page=2")
    found = answer.json()
    assert (answer["X-Total-Count"], found["opening"], found["closing"]) == ("3", "0.00", "315.00")
    assert [line["balance"] for line in found["lines"]] == ["315.00"]
    assert api.get("/books/accounts/9999").status_code == 404
    assert api.get("/books/accounts/1001?from=2020-01-01&to=2026-01-01").json()["code"] == "period_long"


def test_the_day_book_has_every_posting_of_its_entries(shop, soap, api):
    order = factories.make_order(shop, [(soap, 2)])
    first = api.get("/books/day-book").json()[0]
    assert first["bill_number"] == order.bill_number
    assert first["description"] == f"Bill {order.bill_number}"
    assert sum(Decimal(p["debit"]) for p in first["postings"]) == sum(Decimal(p["credit"]) for p in first["postings"]) == Decimal(185)
    assert len(api.get("/books/day-book?kind=bills").json()) == 1
    assert len(api.get("/books/day-book?account=3090").json()) == 1
    assert api.get("/books/day-book?account=9999").status_code == 404


def test_profit_and_loss_account_by_account(shop, soap, api):
    factories.make_order(shop, [(soap, 2)])
    found = api.get("/books/reports/profit-loss").json()
    assert [(row["account_code"], row["amount"]) for row in found["revenue"]["rows"]] == [("4010", "100.00")]
    assert (found["net_profit"], found["net_profit_before"], found["order_count"]) == ("20.00", "0.00", 1)


def test_the_value_of_the_stock_on_a_day(shop, soap, api):
    factories.make_order(shop, [(soap, 2)])
    found = api.get("/books/stock-value").json()
    assert found["agrees"]
    assert (found["total"], found["booked"]) == ("19920.00", "19920.00")
    assert found["rows"][0] | {"product_id": 0, "sku": ""} == {
        "product_id": 0, "product_name": "Soap", "sku": "", "category": "", "unit": soap.unit, "quantity": "498.000",
        "unit_cost": "40.0000", "value": "19920.00",
    }  # fmt: skip
    assert api.get("/books/stock-value?q=butter").json()["rows"] == []


def test_lists_of_the_books_do_not_ask_more_for_more_rows(shop, soap, api, django_assert_max_num_queries):
    for many in (1, 15):
        for _ in range(many):
            factories.make_order(shop, [(soap, 1)], payments=[Tender("upi", None)])
        for path in ("/books/day-book", "/books/accounts/1003", "/books/stock-value", "/money/cash-book"):
            with django_assert_max_num_queries(16):
                assert api.get(f"{path}?limit=100").status_code == 200


# --- the day ----------------------------------------------------------------------------------------------------
def test_the_running_day_and_its_close(shop, soap, api):
    factories.make_order(shop, [(soap, 2)])
    running = api.get("/day").json()
    assert (running["day"], running["bills"], running["net"]) == (shop_today().isoformat(), 1, "105.00")
    assert running["figures"]["money"]["drawers"] == "105.00"
    key = uuid4()
    closed = api.post("/day/close", {}, key=key)
    assert closed.status_code == 200
    assert closed.json()["number"] == 1
    assert len(closed.json()["seal"]) == 64
    assert api.post("/day/close", {}, key=key).json() == closed.json()
    assert api.get("/day").json()["is_closed"]
    assert [z["number"] for z in api.get("/day/z").json()] == [1]
    assert api.get("/day/z/1").json()["seal"] == closed.json()["seal"]
    assert api.get("/day/z/2").status_code == 404


def test_a_day_to_come_is_not_closed(api):
    tomorrow = (shop_today() + timedelta(days=1)).isoformat()
    assert api.post("/day/close", {"day": tomorrow}).json()["code"] == "bad_day"


def test_a_manager_closes_the_day_and_does_not_see_where_the_money_is(shop, soap):
    api = Api(shop, factories.make_member(shop, Role.MANAGER))
    assert "money" not in api.get("/day").json()["figures"]
    assert "money" not in api.post("/day/close", {}).json()["figures"]
    assert Api(shop, factories.make_member(shop, Role.ACCOUNTANT)).post("/day/close", {}).status_code == 403
    assert Api(shop, factories.make_member(shop, Role.STAFF)).get("/day").status_code == 403


# --- money ------------------------------------------------------------------------------------------------------
def test_where_the_money_is_and_moving_it(shop, soap, api):
    factories.make_order(shop, [(soap, 4)])
    till = shop.counters.get()
    key = uuid4()
    body = {"counter_id": till.pk, "reason": "to_bank", "amount": "100", "words": "Evening"}
    moved = api.post("/money/moves", body, key=key)
    assert (moved.status_code, moved.json()["amount"]) == (201, "-100.00")
    assert api.post("/money/moves", body, key=key).json() == moved.json()
    assert DrawerEvent.objects.filter(shop=shop, reason="to_bank").count() == 1
    found = api.get("/money").json()
    assert (found["bank"], found["cash"], found["drawers"][0]["cash"]) == ("100.00", "110.00", "110.00")
    assert balance(shop, "1002") == 100


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"counter_id": None, "reason": "to_safe"}, 400, "bad_place"),
        ({"amount": 0}, 400, "bad_amount"),
        ({"amount": "-5"}, 422, "does_not_fit"),
        ({"amount": "1.005"}, 422, "does_not_fit"),
        ({"reason": "milk"}, 422, "does_not_fit"),
        ({"counter_id": 999999}, 404, "not_found"),
    ],
)
def test_moves_that_cannot_be(shop, api, change, status, code):
    body = {"counter_id": shop.counters.get().pk, "reason": "owner_gave", "amount": "10"}
    answer = api.post("/money/moves", body | change)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not shop.drawer_events.exists()


def test_only_the_owner_moves_money(shop):
    body = {"reason": "owner_gave", "amount": "10"}
    assert Api(shop, factories.make_member(shop, Role.ACCOUNTANT)).post("/money/moves", body).status_code == 403
    assert Api(shop, factories.make_member(shop, Role.ACCOUNTANT)).get("/money").status_code == 200
    assert Api(shop, factories.make_member(shop, Role.MANAGER)).get("/money").status_code == 403


def test_a_strangers_counter_is_not_there(shop, api):
    other = factories.make_shop("Other").counters.get()
    assert api.post("/money/moves", {"counter_id": other.pk, "reason": "owner_gave", "amount": "10"}).status_code == 404
    assert api.get(f"/money/cash-book?counter_id={other.pk}").status_code == 404


def test_the_cash_book(shop, soap, api):
    factories.make_order(shop, [(soap, 2)])
    found = api.get(f"/money/cash-book?counter_id={shop.counters.get().pk}").json()
    assert (found["opening"], found["came"], found["closing"], len(found["days"])) == ("0.00", "105.00", "105.00", 1)
    assert [(line["came"], line["balance"]) for line in found["lines"]] == [("105.00", "105.00")]
    assert api.get("/money/cash-book?of=safe").json()["closing"] == "0.00"
