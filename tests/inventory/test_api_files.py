"""A supplier's file, an order's paper and labels, over the API."""

from decimal import Decimal

import pytest

from inventory.ordering import OrderedLine, save_order
from shops.models import Role
from tests import factories
from tests.api_client import Api
from tests.inventory.buying import make_supplier

ROWS = [["Code", "Item", "Qty", "Rate", "GST %"], ["A1", "Soap", "2", "40", "5"], ["B2", "Display stand", "1", "9", "18"]]
COLUMNS = {"code": 0, "name": 1, "quantity": 2, "rate": 3, "gst": 4}


@pytest.fixture
def api(shop):
    return Api(shop, factories.make_member(shop, Role.MANAGER))


@pytest.fixture
def supplier(shop):
    return make_supplier(shop, "Gupta Agencies")


@pytest.fixture
def brought(api, supplier):
    body = {"supplier_id": supplier.pk, "filename": "bill.csv", "rows": ROWS}
    return api.post("/purchase-files", body, key=True).json()


def test_a_file_is_matched_and_its_lines_are_entered_as_a_bill(shop, api, supplier, brought):
    soap = factories.make_product(shop, "Soap", price="50", mrp="55", cost="30")
    at = f"/purchase-files/{brought['id']}"
    matched = api.put(f"{at}/columns", {"columns": COLUMNS}).json()
    assert (matched["needs_columns"], [one["product_id"] for one in matched["lines"]]) == (False, [soap.pk])
    (stand,) = matched["unknown"]
    assert (stand["said"], stand["code"]) == ("Display stand", "B2")
    told = api.put(f"{at}/goods", {"goods": [{"line": stand["line"], "product_id": None}]}).json()
    assert told["unknown"] == []
    lines = [{name: value for name, value in one.items() if name not in ("line", "said") and value} for one in told["lines"]]
    bill = {"supplier_id": supplier.pk, "bill_number": "GA/7", "bill_date": "2026-11-20", "lines": lines}
    entered = api.post("/purchases", bill, key=True)
    assert entered.status_code == 201, entered.content
    assert soap.lots.get().on_hand == 2
    assert api.delete(at).status_code == 200
    assert api.get("/purchase-files").json() == []


def test_goods_are_said_and_asked_for_again(shop, api, brought):
    soap, stand = factories.make_product(shop, "Savon"), factories.make_product(shop, "Stand")
    at = f"/purchase-files/{brought['id']}"
    unknown = api.put(f"{at}/columns", {"columns": COLUMNS}).json()["unknown"]
    goods = [{"line": one["line"], "product_id": pk.pk} for one, pk in zip(unknown, (soap, stand), strict=True)]
    said = api.put(f"{at}/goods", {"goods": goods}).json()
    assert [one["product_id"] for one in said["lines"]] == [soap.pk, stand.pk]
    again = api.put(f"{at}/ask-again", {"line": said["lines"][0]["line"]}).json()
    assert [one["said"] for one in again["unknown"]] == ["Soap"]
    refused = api.put(f"{at}/goods", {"goods": [{"line": 99, "product_id": soap.pk}]})
    assert (refused.status_code, refused.json()["code"]) == (400, "no_such_line")


def test_one_key_brings_one_file(api, supplier):
    body = {"supplier_id": supplier.pk, "filename": "bill.csv", "rows": ROWS}
    first, second = (api.post("/purchase-files", body, key="9e4f2f1e-98c7-4bd0-8a30-0f3a50e55b01") for _ in "ab")
    assert first.json() == second.json()
    assert len(api.get("/purchase-files").json()) == 1


def test_an_order_and_labels_come_on_paper(shop, api, supplier):
    soap = factories.make_product(shop, "Soap")
    order = save_order(shop=shop, by=shop.owner, supplier=supplier, lines=[OrderedLine(soap, Decimal(2))])
    assert api.get(f"/purchase-orders/{order.pk}/order.pdf").content[:4] == b"%PDF"
    labels = api.post("/inventory/labels.pdf", {"items": [{"product_id": soap.pk, "count": 3}]})
    assert (labels.content[:4], labels.headers["Content-Type"]) == (b"%PDF", "application/pdf")
    assert soap.barcodes.count() == 1, "goods without a code get the shop's own"


def test_labels_of_strange_goods_lots_and_places_are_refused(shop, api, other_shop):
    soap, oil = factories.make_product(shop, "Soap", stock=1), factories.make_product(shop, "Oil", stock=1)
    theirs = factories.make_product(other_shop, "Theirs")
    assert api.post("/inventory/labels.pdf", {"items": [{"product_id": theirs.pk, "count": 1}]}).status_code == 404
    wrong = api.post("/inventory/labels.pdf", {"items": [{"product_id": soap.pk, "lot_id": oil.lots.get().pk, "count": 1}]})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "bad_lot")
    many = api.post("/inventory/labels.pdf", {"items": [{"product_id": one.pk, "count": 300} for one in (soap, oil)]})
    assert (many.status_code, many.json()["code"]) == (400, "too_many")
    place = api.post("/inventory/labels.pdf", {"items": [{"product_id": soap.pk, "count": 1}], "start": 65})
    assert place.status_code in (200, 400)
    assert place.status_code == 200 or place.json()["code"] == "bad_place"
