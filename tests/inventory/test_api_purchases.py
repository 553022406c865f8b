"""Suppliers' bills and goods sent back, over the API."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import GoodsReceipt, PurchaseReturn
from shops.models import Role
from smartkirana.dates import shop_today
from tests import factories
from tests.api_client import Api
from tests.inventory.buying import books_agree, buy, make_supplier, received

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return factories.make_shop()


@pytest.fixture
def api(shop):
    return Api(shop, factories.make_member(shop, Role.MANAGER))


@pytest.fixture
def gupta(shop):
    return make_supplier(shop, "Gupta", due_days=7)


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, "Soap", price="50", mrp="55", cost="30")


@pytest.fixture
def bill(gupta, soap):
    lines = [{"product_id": soap.pk, "packs": 2, "pack_size": 12, "price": "360", "free": 1, "batch": "B7", "mrp": 55}]
    return {"supplier_id": gupta.pk, "bill_number": "GA/1", "bill_date": str(shop_today()), "lines": lines}


def test_a_bill_takes_goods_in_and_owes_for_them(api, shop, bill, gupta, soap):
    answer = api.post("/purchases", bill | {"note": "By tempo"})

    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert (told["taxable"], told["cgst"], told["sgst"], told["igst"], told["total"]) == ("720.00", "18.00", "18.00", "0.00", "756.00")
    assert (told["supplier_name"], told["bill_number"], told["open"], told["note"]) == ("Gupta", "GA/1", "756.00", "By tempo")
    assert told["due"] == str(shop_today() + timedelta(days=7))
    line = told["lines"][0]
    assert (line["quantity"], line["free"], line["unit_cost"], line["batch"]) == ("25.000", "1.000", "28.8000", "B7")
    assert (line["may_go_back"], line["went_back"], line["credit"]) == ("25.000", "0.000", True)
    assert api.get(f"/purchases/{told['id']}").json() == told
    assert api.get(f"/products/{soap.pk}").json()["current_stock"] == "25.000"
    assert [one["id"] for one in api.get(f"/purchases?supplier_id={gupta.pk}&q=ga/").json()] == [told["id"]]
    assert api.get(f"/purchases?end={shop_today() - timedelta(days=1)}").json() == []
    books_agree(shop)


def test_a_preview_writes_nothing(api, bill):
    told = api.post("/purchases/preview", bill | {"discount": "10%", "charges": 20}).json()

    assert (told["discount"], told["charges"], told["total"]) == ("72.00", "20.00", "701.40")
    assert (told["lines"][0]["quantity"], told["round_off"]) == ("25.000", "0.00")
    assert not GoodsReceipt.objects.exists()


@pytest.mark.parametrize(
    ("head", "line", "status", "code", "field"),
    [
        ({"paper_total": 700}, {}, 400, "total_differs", None),
        ({"bill_date": "2090-01-01"}, {}, 400, "bad_bill_date", "bill_date"),
        ({"discount": "1000"}, {}, 400, "bad_discount", None),
        ({"received_on": "2020-01-01"}, {}, 400, "bad_day", "received_on"),
        ({}, {"packs": 0, "free": 0}, 400, "bad_quantity", "lines.0.packs"),
        ({}, {"price": 900}, 400, "cost_above_price", "lines.0.price"),
        ({}, {"expiry": "2020-01-01"}, 400, "expired", "lines.0.expiry"),
        ({}, {"sell_at": 60}, 400, "above_mrp", "lines.0.sell_at"),
        ({}, {"batch": "B" * 41}, 400, "bad_batch", "lines.0.batch"),
        ({}, {"discount": "a lot"}, 422, "does_not_fit", "lines.0.discount"),
        ({}, {"product_id": 10**15}, 404, "not_found", None),
        ({"supplier_id": 10**15}, {}, 404, "not_found", None),
        ({"order_id": 10**15}, {}, 404, "not_found", None),
        ({"lines": []}, {}, 422, "does_not_fit", "lines"),
    ],
)
def test_what_cannot_be_entered(api, bill, head, line, status, code, field):
    body = {**bill, "lines": [bill["lines"][0] | line]} | head

    answer = api.post("/purchases", body)

    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content
    assert field is None or field in answer.json()["fields"], answer.json()
    assert not GoodsReceipt.objects.exists()


def test_a_bill_is_entered_once(api, bill):
    key = uuid4()
    first, again = (api.post("/purchases", bill, key=key) for _ in range(2))

    assert (first.status_code, first.content) == (201, again.content)
    assert api.post("/purchases", bill).status_code == 409
    assert GoodsReceipt.objects.count() == 1


def test_goods_go_back_and_the_supplier_is_owed_less(api, shop, bill, gupta):
    made = api.post("/purchases", bill).json()
    path, line = f"/purchases/{made['id']}/returns", made["lines"][0]["id"]
    body, key = {"lines": [{"line_id": line, "quantity": 5}], "note": "Leaking"}, uuid4()

    back, again = (api.post(path, body, key=key) for _ in range(2))

    assert (back.status_code, back.content) == (201, again.content), back.content
    told = back.json()
    assert (told["purchase_id"], told["note"], told["taxable"], told["total"]) == (made["id"], "Leaking", "144.00", "151.20")
    assert told["number"].startswith("DN/")
    assert api.get(path).json() == [told]
    now = api.get(f"/purchases/{made['id']}").json()
    assert (now["lines"][0]["went_back"], now["lines"][0]["may_go_back"], now["open"]) == ("5.000", "20.000", "604.80")
    assert now["returns"] == [told]
    assert PurchaseReturn.objects.count() == 1
    books_agree(shop)


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ([{"quantity": 26}], 400),
        ([{"quantity": "0.5"}], 400),
        ([{"quantity": 0}], 422),
        ([{"quantity": 2}, {"quantity": 3}], 400),
        ([{"line_id": 10**15, "quantity": 1}], 400),
        ([], 422),
    ],
)
def test_what_cannot_go_back(api, bill, lines, status):
    made = api.post("/purchases", bill).json()
    sent = [{"line_id": made["lines"][0]["id"]} | line for line in lines]

    answer = api.post(f"/purchases/{made['id']}/returns", {"lines": sent})

    assert answer.status_code == status, answer.content
    assert not PurchaseReturn.objects.exists()


def test_roles_and_strangers(shop, bill):
    theirs = buy(make_supplier(factories.make_shop("Other")), received(factories.make_product(factories.Shop.objects.last()), 1, "30"))
    accountant, staff = (Api(shop, factories.make_member(shop, role)) for role in (Role.ACCOUNTANT, Role.STAFF))

    assert accountant.get("/purchases").status_code == 200
    assert accountant.post("/purchases", bill).status_code == 403
    assert staff.get("/purchases").status_code == 403
    owner = Api(shop, shop.owner)
    for answer in (
        owner.get(f"/purchases/{theirs.pk}"),
        owner.get(f"/purchases/{theirs.pk}/returns"),
        owner.post(f"/purchases/{theirs.pk}/returns", {"lines": [{"line_id": 1, "quantity": 1}]}),
        owner.get(f"/purchases?supplier_id={theirs.supplier_id}"),
    ):
        assert answer.status_code == 404


def test_the_list_takes_the_same_queries_for_one_and_thirty(api, gupta, soap):
    def asked():
        with CaptureQueriesContext(connection) as caught:
            assert api.get("/purchases?limit=100").status_code == 200
        return len(caught)

    buy(gupta, received(soap, 1, "30"))
    one = asked()
    for _ in range(30):
        buy(gupta, received(soap, 1, "30"))
    assert asked() == one
