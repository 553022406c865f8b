"""Purchase orders over the API."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import PurchaseOrder
from shops.models import Role
from smartkirana.dates import shop_today
from tests import factories
from tests.api_client import Api
from tests.inventory.buying import make_supplier

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return factories.make_shop()


@pytest.fixture
def api(shop):
    return Api(shop, factories.make_member(shop, Role.MANAGER))


@pytest.fixture
def order(shop):
    gupta, soap = make_supplier(shop, "Gupta"), factories.make_product(shop, "Soap", cost="30")
    lines = [{"product_id": soap.pk, "packs": 4, "pack_size": 12, "cost": "360"}]
    return {"supplier_id": gupta.pk, "lines": lines, "note": "Before Diwali"}


def test_an_order_goes_its_whole_way(api, order):
    made = api.post("/purchase-orders", order)

    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["status"], told["supplier_name"], told["worth"], told["goods"], told["note"]) == (
        "draft", "Gupta", "1440.00", 1, "Before Diwali",
    )  # fmt: skip
    assert told["number"].startswith("PO/")
    path = f"/purchase-orders/{told['id']}"
    lines = [order["lines"][0] | {"packs": 2}]
    changed = api.put(path, {"lines": lines, "note": "Soon", "expected": str(shop_today()), "revision": told["revision"]}).json()
    assert (changed["worth"], changed["note"], changed["lines"][0]["quantity"]) == ("720.00", "Soon", "24.000")
    assert api.put(path, {"lines": order["lines"], "revision": told["revision"]}).json()["code"] == "changed"
    sent = api.post(f"{path}/send").json()
    assert (sent["status"], bool(sent["sent_at"])) == ("sent", True)
    assert api.post(f"{path}/send").json() == sent
    assert api.put(path, {"lines": lines}).json()["code"] == "not_draft"
    bill = {"supplier_id": order["supplier_id"], "bill_number": "A1", "bill_date": str(shop_today()), "order_id": told["id"]}
    api.post("/purchases", bill | {"lines": [{"product_id": lines[0]["product_id"], "packs": 20, "price": 30}]})
    part = api.get(path).json()
    assert (part["status"], part["lines"][0]["received"], part["lines"][0]["missing"]) == ("part", "20.000", "4.000")
    assert part["purchases"][0]["bill_number"] == "A1"
    assert api.post(f"{path}/cancel", {}).status_code == 400
    assert api.post(f"{path}/close", {}).json()["code"] == "no_reason"
    closed = api.post(f"{path}/close", {"reason": "No more made"}).json()
    assert (closed["status"], closed["reason"]) == ("closed", "No more made")


def test_the_same_key_writes_one_order(api, order):
    key = uuid4()
    first, again = (api.post("/purchase-orders", order, key=key) for _ in range(2))

    assert first.content == again.content
    assert PurchaseOrder.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"lines": []}, 422, "lines"),
        ({"supplier_id": 10**15}, 404, None),
        ({"lines": [{"product_id": 10**15, "packs": 1}]}, 404, None),
        ({"expected": "1999-01-01"}, 422, "expected"),
    ],
)
def test_what_cannot_be_ordered(api, order, change, status, field):
    answer = api.post("/purchase-orders", order | change)
    assert answer.status_code == status, answer.content
    assert field is None or field in answer.json()["fields"]


def test_goods_that_stand_twice_are_told_by_their_line(api, order):
    answer = api.post("/purchase-orders", order | {"lines": order["lines"] * 2})
    assert (answer.status_code, answer.json()["code"]) == (400, "twice")
    assert "lines.1.packs" in answer.json()["fields"]


def test_lists_narrow_and_take_the_same_queries(api, shop, order):
    def asked():
        with CaptureQueriesContext(connection) as caught:
            assert api.get("/purchase-orders?limit=100").status_code == 200
        return len(caught)

    first = api.post("/purchase-orders", order).json()
    one = asked()
    for _ in range(20):
        api.post("/purchase-orders", order)
    assert asked() == one
    api.post(f"/purchase-orders/{first['id']}/cancel", {"reason": "Not now"})
    assert [row["id"] for row in api.get("/purchase-orders?status=cancelled").json()] == [first["id"]]
    assert api.get("/purchase-orders?status=open&limit=1")["X-Total-Count"] == "20"
    assert api.get(f"/purchase-orders?supplier_id={order['supplier_id']}&q=nobody").json() == []


def test_roles_and_strangers(shop, api, order):
    theirs_shop = factories.make_shop("Other")
    theirs = Api(theirs_shop, theirs_shop.owner)
    path = f"/purchase-orders/{api.post('/purchase-orders', order).json()['id']}"

    acts = [theirs.post(f"{path}/{act}", {}) for act in ("send", "close", "cancel")]
    answers = [theirs.get(path), theirs.put(path, {"lines": order["lines"]}), *acts]
    assert {answer.status_code for answer in answers} == {404}
    staff = Api(shop, factories.make_member(shop, Role.STAFF))
    assert staff.get(path).status_code == 403
