"""Goods that come back, through the REST API."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ledger.checks import run
from orders.bill import Tender
from orders.services import cancel_order
from shops.models import Role
from tests import factories
from tests.api_client import Api


@pytest.fixture
def owner(shop):
    return Api(shop, shop.owner)


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, stock=100)


@pytest.fixture
def order(shop, soap):
    return factories.make_order(shop, [(soap, 4)])


def problem(answer, status: int) -> str:
    assert answer.status_code == status, answer.content
    return answer.json()["detail"]


def found(shop) -> list:
    return [breach for _rule, breaches in run([shop.pk]) for breach in breaches]


def body(order, quantity=1, **more) -> dict:
    return {"order_id": order.pk, "items": [{"item_id": order.lines.get().pk, "quantity": quantity}]} | more


def test_says_what_may_still_come_back(shop, owner, order):
    owner.post("/returns", body(order))
    told = owner.get(f"/returns/of-order/{order.pk}").json()
    (item,) = told["items"]
    assert (item["sold"], item["came_back"], item["may_come_back"]) == ("4.000", "1.000", "3.000")
    assert (told["paid_in_money"], told["open_on_khata"], told["without_gst"]) == ("157.50", "0.00", False)


def test_goods_come_back_for_cash(shop, owner, soap, order):
    asked = body(order, 2, reason="Wrong item")
    assert owner.post("/returns/sums", asked).json()["balance"] == "-105.00"
    assert soap.lots.get().on_hand == 96
    answer = owner.post("/returns", asked | {"expected_balance": "-105.00"})
    assert answer.status_code == 201, answer.content
    note = answer.json()
    assert (note["total"], note["tax_amount"], note["refunds"]) == ("105.00", "5.00", [{"method": "cash", "amount": "105.00"}])
    assert (note["items"][0]["quantity"], note["items"][0]["where"], note["reason"]) == ("2.000", "shelf", "Wrong item")
    assert soap.lots.get().on_hand == 98
    assert owner.get(f"/returns/{note['id']}").json() == note
    assert found(shop) == []


def test_damaged_goods_and_the_khata(shop, owner, soap):
    asha = factories.make_customer(shop)
    order = factories.make_order(shop, [(soap, 2)], customer=asha, payments=[Tender("khata", None)])
    asked = body(order)
    asked["items"][0]["where"] = "damaged"
    note = owner.post("/returns", asked).json()
    assert (note["refunds"][0]["method"], note["customer_name"]) == ("credit", "Asha")
    asha.refresh_from_db()
    assert asha.outstanding == order.total - shop.credit_notes.get().total
    assert found(shop) == []


def test_an_exchange_sells_new_goods_in_the_same_act(shop, owner, order):
    tea = factories.make_product(shop, "Tea", price="100", mrp="100", stock=10)
    asked = body(order, 1, exchange={"items": [{"product_id": tea.pk, "quantity": 1}], "payment_method": "upi"})
    sums = owner.post("/returns/sums", asked).json()
    assert (sums["to_new_goods"], sums["new_total"], sums["balance"]) == (sums["total"], "100.00", "47.50")
    note = owner.post("/returns", asked).json()
    new = owner.get(f"/orders/{note['exchange_order_id']}").json()
    assert [(p["method"], p["amount"]) for p in new["payments"]] == [("credit_note", note["total"]), ("upi", sums["balance"])]
    assert found(shop) == []


def test_what_is_refused(shop, owner, soap, order):
    assert "Only 4 pc" in problem(owner.post("/returns", body(order, 5)), 400)
    assert "now, not" in problem(owner.post("/returns", body(order, 1, expected_balance=-1)), 400)
    problem(owner.post("/returns", body(order, 1, refund_method="credit")), 400)
    problem(owner.post("/returns", body(order, 0)), 422)
    problem(owner.post("/returns", {"order_id": order.pk, "items": [{"item_id": 999_999, "quantity": 1}]}), 404)
    problem(owner.post("/returns", body(order, 1, customer_id=999_999)), 404)
    cancel_order(shop=shop, bill_number=order.bill_number, by=shop.owner, reason="Test")
    for path in ("/returns", "/returns/sums"):
        assert "cancelled" in problem(owner.post(path, body(order)), 400)
    assert not shop.credit_notes.exists()


def test_the_same_key_takes_back_once(shop, owner, order):
    key = uuid4()
    first, again = (owner.post("/returns", body(order), key=key) for _ in range(2))
    assert first.json() == again.json()
    assert shop.credit_notes.count() == 1


def test_who_may_take_goods_back(shop, other_shop, owner, order):
    staff, accountant = Api(shop, factories.make_member(shop)), Api(shop, factories.make_member(shop, Role.ACCOUNTANT))
    assert "approval" in problem(staff.post("/returns", body(order)), 403)
    problem(accountant.post("/returns", body(order)), 403)
    assert accountant.get(f"/returns/of-order/{order.pk}").status_code == 200
    assert Api(shop, factories.make_member(shop, Role.MANAGER)).post("/returns", body(order)).status_code == 201
    theirs = factories.make_order(other_shop, [(factories.make_product(other_shop, stock=1), 1)])
    problem(owner.post("/returns", body(theirs)), 404)
    problem(owner.get(f"/returns/of-order/{theirs.pk}"), 404)
    note = Api(other_shop, other_shop.owner).post("/returns", body(theirs)).json()
    problem(owner.get(f"/returns/{note['id']}"), 404)


def test_the_list_is_narrowed_and_takes_the_same_queries_whatever_its_length(shop, owner, soap):
    counts = []
    for many in (1, 14):
        for _ in range(many):
            owner.post("/returns", body(factories.make_order(shop, [(soap, 1)])))
        with CaptureQueriesContext(connection) as asked:
            answer = owner.get("/returns?limit=100")
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert (len(answer.json()), answer["X-Total-Count"]) == (15, "15")
    assert owner.get("/returns?went=damaged").json() == owner.get("/returns?to=2020-01-01").json() == []
    number = answer.json()[0]["number"]
    assert [row["number"] for row in owner.get(f"/returns?q={number}").json()] == [number]
