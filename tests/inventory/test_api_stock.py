"""The four operations on stock that outside clients were written against."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import StockDocument
from ledger.models import JournalEntry
from shops.models import Role
from tests import factories
from tests.api_client import Api

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return factories.make_shop()


@pytest.fixture
def api(shop):
    return Api(shop, factories.make_member(shop, Role.STAFF))


def asked(api, path) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert api.get(path).status_code == 200
    return len(caught)


# --- status ---------------------------------------------------------------------------------------------------
def test_status_says_how_each_product_stands(api, shop):
    levels = {"min_stock": Decimal(5), "max_stock": Decimal(20), "reorder_quantity": Decimal(12)}
    for name, stock in {"Out": None, "Under": "4", "At": "5", "Full": "20", "Over": "21"}.items():
        factories.make_product(shop, name, stock=stock, **levels)
    factories.make_product(shop, "Off", stock="9", is_active=False)

    rows = api.get("/inventory/status").json()

    assert {row["product_name"]: row["status"] for row in rows} == {
        "Out": "critical", "Under": "low", "At": "normal", "Full": "normal", "Over": "overstocked",
    }  # fmt: skip
    under = next(row for row in rows if row["product_name"] == "Under")
    assert {name: under[name] for name in ("current_stock", "min_stock_level", "max_stock_level", "reorder_quantity")} == {
        "current_stock": "4.000", "min_stock_level": "5.000", "max_stock_level": "20.000", "reorder_quantity": "12.000",
    }  # fmt: skip
    assert under["sku"]
    assert "Off" in [row["product_name"] for row in api.get("/inventory/status?include_inactive=true").json()]


# --- adjust ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("reason", "change", "kept"),
    [
        ("damage", -2, "damage"),
        ("loss", "-1", "loss"),
        ("DAMAGE", "-2.000", "damage"),
        ("correction", -3, "correction"),
        ("correction", 3, "correction"),
        ("adjustment", 4, "correction"),
        ("adjustment", -4, "correction"),
        ("return", 2, "found"),
        ("return", -2, "correction"),
        ("own_use", -1, "own_use"),
    ],
)
def test_adjusting_moves_stock_and_books(api, shop, reason, change, kept):
    soap = factories.make_product(shop, stock="10")
    before = JournalEntry.objects.count()

    answer = api.post(
        "/inventory/adjust", {"product_id": soap.pk, "quantity_change": change, "adjustment_reason": reason, "notes": "Shelf 3"}
    )

    assert answer.status_code == 200, answer.content
    told = answer.json()
    new = Decimal(10) + Decimal(str(change))
    assert (told["previous_stock"], told["new_stock"]) == ("10.000", f"{new:.3f}")
    assert Decimal(told["quantity_change"]) == Decimal(str(change))
    assert (told["product_id"], told["product_name"], told["reason"]) == (soap.pk, "Soap", reason.lower())
    assert told["timestamp"]
    paper = StockDocument.objects.get(pk=told["document_id"])
    assert (paper.reason, paper.note) == (kept, "Shelf 3")
    assert JournalEntry.objects.count() == before + 1


@pytest.mark.parametrize(
    ("change", "reason", "code"),
    [(-11, "damage", "not_enough_stock"), (1, "damage", "bad_reason"), (0, "correction", "bad_quantity"), ("-1.5", "loss", "bad_quantity")],
)
def test_below_zero_and_other_broken_rules_are_a_400(api, shop, change, reason, code):
    soap = factories.make_product(shop, stock="10")

    answer = api.post("/inventory/adjust", {"product_id": soap.pk, "quantity_change": change, "adjustment_reason": reason})

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert api.get(f"/products/{soap.pk}").json()["current_stock"] == "10.000"


def test_a_reason_nobody_knows_is_a_422_and_a_strangers_product_a_404(api, shop):
    soap, theirs = factories.make_product(shop, stock="10"), factories.make_product(factories.make_shop("Other"), stock="10")
    body = {"quantity_change": -1, "adjustment_reason": "damage"}

    assert api.post("/inventory/adjust", body | {"product_id": soap.pk, "adjustment_reason": "magic"}).status_code == 422
    assert api.post("/inventory/adjust", body).status_code == 422
    assert api.post("/inventory/adjust", body | {"product_id": theirs.pk}).status_code == 404
    lot = theirs.lots.get()
    assert api.post("/inventory/adjust", body | {"product_id": soap.pk, "lot_id": lot.pk}).status_code == 404
    assert api.get(f"/inventory/{theirs.pk}/history").status_code == 404


def test_the_same_key_adjusts_once(api, shop):
    soap, key = factories.make_product(shop, stock="10"), uuid4()
    body = {"product_id": soap.pk, "quantity_change": -2, "adjustment_reason": "loss"}

    first, again = (api.post("/inventory/adjust", body, key=key) for _ in range(2))
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert api.post("/inventory/adjust", body | {"quantity_change": -3}, key=key).status_code == 409
    assert api.get(f"/products/{soap.pk}").json()["current_stock"] == "8.000"


def test_the_accountant_looks_and_customers_do_not(shop):
    soap = factories.make_product(shop, stock="10")
    accountant = Api(shop, factories.make_member(shop, Role.ACCOUNTANT))

    assert accountant.get("/inventory/status").status_code == 200
    body = {"product_id": soap.pk, "quantity_change": -1, "adjustment_reason": "loss"}
    assert accountant.post("/inventory/adjust", body).status_code == 403


# --- history --------------------------------------------------------------------------------------------------
def test_history_is_newest_first_and_says_what_moved_it(api, shop):
    soap = factories.make_product(shop, stock="10")
    bill = factories.make_order(shop, [(soap, 2)])
    api.post("/inventory/adjust", {"product_id": soap.pk, "quantity_change": -1, "adjustment_reason": "damage", "notes": "Wet"})

    rows = api.get(f"/inventory/{soap.pk}/history").json()

    assert [(row["movement_type"], row["quantity"], row["reference_type"]) for row in rows] == [
        ("damage", "-1.000", "stock_document"),
        ("sale", "-2.000", "order"),
        ("opening", "10.000", "stock_document"),
    ]
    assert (rows[0]["notes"], rows[1]["reference_id"], rows[1]["reference_number"]) == ("Wet", bill.pk, bill.bill_number)
    assert rows[1]["moved_by_user_id"] == shop.owner.pk
    assert len(api.get(f"/inventory/{soap.pk}/history?limit=1").json()) == 1
    assert api.get(f"/inventory/{soap.pk}/history?limit=500").status_code == 200
    assert api.get(f"/inventory/{soap.pk}/history?limit=501").status_code == 422


# --- alerts ---------------------------------------------------------------------------------------------------
def test_alerts_say_what_to_order_and_how_urgent_it_is(api, shop):
    factories.make_product(shop, "Low", stock="3", min_stock=Decimal(10), reorder_quantity=Decimal(12))
    factories.make_product(shop, "Out", min_stock=Decimal(10))
    factories.make_product(shop, "Plenty", stock="30", min_stock=Decimal(10))

    answer = api.get("/inventory/alerts/low-stock")

    assert [(r["product_name"], r["current_stock"], r["suggested_order_qty"], r["urgency"]) for r in answer.json()] == [
        ("Out", "0.000", "20.000", "critical"),
        ("Low", "3.000", "24.000", "high"),
    ]
    assert answer["X-Total-Count"] == "2"


def test_lists_take_the_same_queries_for_one_and_thirty(api, shop):
    soap = factories.make_product(shop, "Soap", stock="40", min_stock=Decimal(50))
    factories.make_order(shop, [(soap, 1)])
    paths = ("/inventory/status?limit=100", "/inventory/alerts/low-stock?limit=100", f"/inventory/{soap.pk}/history?limit=500")
    one = [asked(api, path) for path in paths]
    for n in range(30):
        factories.make_product(shop, f"Soap {n}", stock="2", min_stock=Decimal(5))
        factories.make_order(shop, [(soap, 1)])
    assert [asked(api, path) for path in paths] == one
