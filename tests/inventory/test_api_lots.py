"""Lots, opening stock, dates, goods running low and goods that sleep, over the API."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import PurchaseOrder, StockDocument
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
def staff(shop):
    return Api(shop, factories.make_member(shop, Role.STAFF))


def days(n: int):
    return shop_today() + timedelta(days=n)


def asked(api, path) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert api.get(path).status_code == 200
    return len(caught)


# --- lots and opening stock -----------------------------------------------------------------------------------
def test_opening_stock_makes_lots_once_for_a_key(api, staff, shop):
    soap = factories.make_product(shop, "Soap", price="50", mrp="55", cost="30")
    line = {"product_id": soap.pk, "quantity": 12, "unit_cost": "31.5"}
    body = {"lines": [line | {"batch": "B7", "expiry": str(days(90)), "credit_taken": True}, line | {"mrp": None}], "note": "Shelf"}
    key = uuid4()

    first, again = (api.post("/inventory/opening", body, key=key) for _ in range(2))

    assert (first.status_code, first.content) == (201, again.content), first.content
    assert (first.json()["lots"], first.json()["value"], first.json()["day"]) == (2, "756.00", str(shop_today()))
    lots = api.get(f"/inventory/{soap.pk}/lots").json()
    assert [(one["batch"], one["mrp"], one["days_left"], one["on_hand"], one["unit_cost"]) for one in lots] == [
        ("B7", "55.00", 90, "12.000", "31.5000"),
        ("", None, None, "12.000", "31.5000"),
    ]
    assert [one["value"] for one in staff.get(f"/inventory/{soap.pk}/lots").json()] == [None, None]
    assert soap.lots.first().credit_rate == 5
    assert staff.post("/inventory/opening", body).status_code == 403
    books_agree(shop)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"quantity": "1.5"}, 400),
        ({"mrp": 0}, 400),
        ({"batch": "B" * 41}, 400),
        ({"product_id": 10**15}, 404),
        ({"unit_cost": -1}, 422),
        ({"quantity": 0}, 422),
    ],
)
def test_what_opening_stock_cannot_be(api, shop, change, status):
    soap = factories.make_product(shop)
    line = {"product_id": soap.pk, "quantity": 1, "unit_cost": 30} | change
    assert api.post("/inventory/opening", {"lines": [line]}).status_code == status
    assert not StockDocument.objects.exists()


def test_how_a_product_was_bought(api, staff, shop):
    soap = factories.make_product(shop)
    bill = buy(make_supplier(shop, "Gupta"), received(soap, 2, "360", pack_size=Decimal(12)), number="A1")
    row = api.get(f"/inventory/{soap.pk}/purchases").json()[0]
    assert (row["purchase_id"], row["bill_number"], row["supplier_name"], row["quantity"]) == (bill.pk, "A1", "Gupta", "24.000")
    assert row["unit_cost"] == "30.0000"
    assert staff.get(f"/inventory/{soap.pk}/purchases").status_code == 403


# --- dates ----------------------------------------------------------------------------------------------------
@pytest.fixture
def dated(shop):
    tea = factories.make_product(shop, "Tea", price="50", mrp="50")
    for expiry in (days(-2), days(5), days(40)):
        factories.stock_up(tea, "10", expiry=expiry)
    return tea


def test_dates_are_listed_marked_down_and_written_off(api, staff, shop, dated):
    listed = api.get("/inventory/expiring?days=60").json()
    assert [(one["days_left"], one["sells_at"], one["suggested_price"]) for one in listed] == [
        (-2, "50.00", None),
        (5, "50.00", "25.00"),
        (40, "50.00", "45.00"),
    ]
    assert [one["days_left"] for one in api.get("/inventory/expiring?days=past").json()] == [-2]
    bands = {one["days"]: (one["lots"], one["value"]) for one in api.get("/inventory/expiring/bands").json()}
    assert (bands["past"], bands["7"], bands["all"]) == ((1, "400.00"), (2, "800.00"), (3, "1200.00"))
    gone, soon, _ = (one["id"] for one in listed)

    marked = api.post("/inventory/mark-down", {"prices": [{"lot_id": soon, "price": 25}]})
    assert marked.json() == [{"lot_id": soon, "old_price": None, "price": "25.00"}]
    assert api.post("/inventory/mark-down", {"prices": [{"lot_id": soon, "price": 25}]}).json() == []
    assert staff.post("/inventory/mark-down", {"prices": [{"lot_id": soon, "price": 20}]}).status_code == 403
    assert api.post("/inventory/mark-down", {"prices": [{"lot_id": soon, "price": 60}]}).json()["code"] == "above_mrp"
    assert api.post("/inventory/mark-down", {"prices": [{"lot_id": gone, "price": 20}]}).json()["code"] == "expired"
    assert api.post("/inventory/mark-down", {"prices": [{"lot_id": soon, "price": None}]}).json()[0]["price"] is None

    assert api.post("/inventory/write-off", {"lot_ids": [soon]}).json()["code"] == "not_expired"
    key = uuid4()
    off, again = (staff.post("/inventory/write-off", {"lot_ids": [gone], "note": "Mouldy"}, key=key) for _ in range(2))
    assert (off.status_code, off.content) == (201, again.content), off.content
    assert (off.json()["lots"], off.json()["value"]) == (1, None)
    assert api.get("/inventory/expiring?days=past").json() == []
    books_agree(shop)


def test_lots_of_others_and_unknown_narrowings(api, dated):
    other = factories.make_shop("Other")
    theirs = Api(other, other.owner)
    lot = dated.lots.first()
    assert theirs.post("/inventory/write-off", {"lot_ids": [lot.pk]}).json()["code"] == "no_lot"
    assert theirs.get(f"/inventory/{dated.pk}/lots").status_code == 404
    assert api.get("/inventory/expiring?category=nothing").status_code == 404
    assert api.get("/inventory/expiring?days=8").status_code == 422


# --- running low and asleep -----------------------------------------------------------------------------------
def test_goods_running_low_are_listed_and_ordered(api, staff, shop):
    gupta = make_supplier(shop, "Gupta", lead_days=4)
    soap = factories.make_product(shop, "Soap", min_stock=Decimal(30), reorder_quantity=Decimal(12))
    buy(gupta, received(soap, 2, "360", pack_size=Decimal(12)))
    lone = factories.make_product(shop, "Lone", min_stock=Decimal(2))

    answer = staff.get("/inventory/running-low")
    assert answer["X-Total-Count"] == "2"
    assert [(one["product_name"], one["supplier_name"], one["suggested_order_qty"]) for one in answer.json()] == [
        ("Lone", "", "4.000"),
        ("Soap", "Gupta", "36.000"),
    ]
    assert [one["product_name"] for one in api.get(f"/inventory/running-low?supplier_id={gupta.pk}").json()] == ["Soap"]
    assert api.get("/inventory/running-low?out_only=true")["X-Total-Count"] == "1"
    assert staff.post("/inventory/running-low/orders", {"everything": True}).status_code == 403

    key = uuid4()
    made, again = (api.post("/inventory/running-low/orders", {"everything": True}, key=key) for _ in range(2))
    assert (made.status_code, made.content) == (201, again.content), made.content
    assert ([one["supplier_name"] for one in made.json()["orders"]], made.json()["left_over"]) == (["Gupta"], [lone.pk])
    assert staff.get("/inventory/running-low?q=soap").json()[0]["on_order"] == "36.000"
    goods = [{"product_id": lone.pk, "quantity": 5}]
    one = api.post("/inventory/running-low/orders", {"goods": goods, "bring_supplier_id": gupta.pk}).json()
    assert one["orders"] == made.json()["orders"]
    assert PurchaseOrder.objects.get().lines.count() == 2
    assert api.post("/inventory/running-low/orders", {}).json()["code"] == "no_lines"
    assert api.post("/inventory/running-low/orders", {"goods": [{"product_id": 10**15, "quantity": 1}]}).status_code == 404


def test_goods_that_sleep_and_goods_below_zero(api, staff, shop):
    factories.make_product(shop, "Slow", stock="4")
    listed = api.get("/inventory/slow?show=cover60").json()
    assert (listed["goods"], listed["rows"]) == (0, [])
    assert api.get("/inventory/slow?page=4").status_code == 200
    assert staff.get("/inventory/slow").status_code == 403
    shop.stock_policy = "warn"
    shop.save(update_fields=["stock_policy"])
    tea = factories.make_product(shop, "Tea", stock="1")
    factories.make_order(shop, [(tea, 3)])
    assert [(one["product_name"], one["current_stock"], one["lowest_lot"]) for one in staff.get("/inventory/below-zero").json()] == [
        ("Tea", "-2.000", "-2.000"),
    ]


def test_lists_take_the_same_queries_for_one_and_thirty(api, shop):
    gupta = make_supplier(shop, "Gupta")
    first = factories.make_product(shop, "Goods", min_stock=Decimal(30))
    factories.stock_up(first, "3", expiry=days(5))
    buy(gupta, received(first, 1, "30"))
    paths = [f"/inventory/{name}?limit=100" for name in ("expiring", "running-low", "slow", "below-zero", f"{first.pk}/purchases")]
    api.get("/inventory/running-low")
    one = [asked(api, path) for path in paths]
    for n in range(30):
        more = factories.make_product(shop, f"Goods {n}", min_stock=Decimal(30), category=shop.categories.create(name=f"C{n}"))
        factories.stock_up(more, "3", expiry=days(5))
        buy(gupta, received(first, 1, "30"))
    assert [asked(api, path) for path in paths] == one
