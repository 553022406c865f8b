"""Categories, codes, price lists, offers, label formats and GST rates over the API."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Category, Offer, PriceList
from shops.accounts import register_customer
from shops.models import Role
from smartkirana.dates import shop_today
from tests import factories
from tests.api_client import Api

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return factories.make_shop()


@pytest.fixture
def api(shop):
    return Api(shop, factories.make_member(shop, Role.MANAGER))


@pytest.fixture
def owner(shop):
    return Api(shop, shop.owner)


@pytest.fixture
def staff(shop):
    return Api(shop, factories.make_member(shop, Role.STAFF))


@pytest.fixture
def other(shop):
    theirs = factories.make_shop("Other")
    return Api(theirs, theirs.owner)


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, "Soap", price="50", mrp="55", cost="30")


def asked(api, path) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert api.get(path).status_code == 200
    return len(caught)


# --- categories and codes -------------------------------------------------------------------------------------
def test_categories_are_listed_and_made_once(api, staff, shop):
    made = api.post("/categories", {"name": "Biscuits", "local_name": "बिस्कुट"})
    assert (made.status_code, made.json()["local_name"]) == (201, "बिस्कुट")
    again = api.post("/categories", {"name": "BISCUITS"})
    assert (again.status_code, "already exists" in again.json()["detail"]) == (409, True)
    api.post("/categories", {"name": "Atta"})
    customer = Api(shop, register_customer(shop=shop, phone="+919876511111", name="Asha", password=factories.PASSWORD))
    assert [one["name"] for one in customer.get("/categories").json()] == ["Atta", "Biscuits"]
    assert staff.post("/categories", {"name": "Tea"}).status_code == 403
    assert api.post("/categories", {"name": " "}).status_code == 422
    assert Category.objects.count() == 2


def test_a_product_has_many_codes(api, staff, other, shop, soap):
    path = f"/products/{soap.pk}/barcodes"
    codes = [{"code": "8901719101038"}, {"code": "soap-12", "holds": 12}]
    assert api.put(path, {"codes": codes}).json() == [
        {"code": "8901719101038", "holds": "1.000"},
        {"code": "SOAP-12", "holds": "12.000"},
    ]
    assert staff.get(path).json()[1]["holds"] == "12.000"
    assert api.put(path, {"codes": codes[:1] * 2}).json()["code"] == "barcode_twice"
    assert api.put(path, {"codes": [{"code": "8901719101039"}]}).status_code == 400
    tea = factories.make_product(shop, "Tea")
    taken = api.put(f"/products/{tea.pk}/barcodes", {"codes": codes[1:]})
    assert (taken.status_code, list(taken.json()["fields"])) == (409, ["codes"])
    assert api.put(path, {"codes": []}).json() == []
    assert (other.get(path).status_code, other.put(path, {"codes": []}).status_code) == (404, 404)


def test_what_prices_were(api, staff, other, soap):
    api.put(f"/products/{soap.pk}", {"selling_price": 52, "cost_price": 31})
    row = api.get(f"/products/{soap.pk}/price-history").json()[0]
    assert (row["old_price"], row["price"], row["old_cost"], row["cost"]) == ("50.00", "52.00", "30.0000", "31.0000")
    assert staff.get(f"/products/{soap.pk}/price-history").json()[0]["cost"] is None
    assert other.get(f"/products/{soap.pk}/price-history").status_code == 404


# --- price lists ----------------------------------------------------------------------------------------------
def test_slabs_for_everybody(api, staff, other, soap):
    path = f"/products/{soap.pk}/slabs"
    steps = [{"from_quantity": "6.000", "price": "48.00"}, {"from_quantity": "12.000", "price": "46.00"}]
    assert api.put(path, {"steps": steps}).json() == steps
    assert staff.get(path).json() == steps
    refused = api.put(path, {"steps": [{"from_quantity": 6, "price": 50}]})
    assert (refused.status_code, refused.json()["code"]) == (400, "not_under_price")
    assert list(api.put(path, {"steps": [{"from_quantity": 1, "price": 40}]}).json()["fields"]) == ["from_quantity"]
    assert staff.put(path, {"steps": []}).status_code == 403
    assert (other.get(path).status_code, other.put(path, {"steps": []}).status_code) == (404, 404)
    assert api.put(path, {"steps": []}).json() == []


def test_a_price_list_with_its_prices(api, staff, other, shop, soap):
    made = api.post("/price-lists", {"name": "Wholesale"})
    assert made.status_code == 201, made.content
    path = f"/price-lists/{made.json()['id']}"
    assert api.post("/price-lists", {"name": "wholesale"}).status_code == 409
    assert api.post("/price-lists", {"name": "N" * 41}).status_code == 400

    tea = factories.make_product(shop, "Tea", price="100", mrp="110")
    prices = [
        {"product_id": soap.pk, "price": 45},
        {"product_id": soap.pk, "from_quantity": 12, "price": 44},
        {"product_id": tea.pk, "price": 95},
    ]
    assert api.put(f"{path}/prices", {"prices": prices}).json() == {"changed": 3}
    assert api.put(f"{path}/prices", {"prices": prices}).json() == {"changed": 0}
    listed = api.get(f"{path}/prices").json()
    assert [(one["name"], len(one["steps"]), one["steps"][0]["price"]) for one in listed] == [("Soap", 2, "45.00"), ("Tea", 1, "95.00")]
    assert api.put(f"{path}/prices", {"prices": [{"product_id": tea.pk, "price": None}]}).json() == {"changed": 1}
    assert api.put(f"{path}/prices", {"prices": [{"product_id": soap.pk, "price": 56}]}).json()["code"] == "above_mrp"
    assert api.put(f"{path}/prices", {"prices": [{"product_id": 10**15, "price": 5}]}).status_code == 404
    one = f"{path}/products/{soap.pk}"
    assert api.put(one, {"steps": [{"from_quantity": 0, "price": 47}]}).json() == [{"from_quantity": "0.000", "price": "47.00"}]
    assert api.get(one).json()[0]["price"] == "47.00"
    assert (api.get(path).json()["goods"], api.get(path).json()["customers"]) == (1, 0)
    changed = api.put(path, {"name": "Shops", "is_active": False}).json()
    assert (changed["name"], changed["is_active"]) == ("Shops", False)
    assert staff.get("/price-lists").status_code == 403
    gone = [other.get(path), other.get(one), other.put(path, {}), other.get(f"{path}/prices"), other.put(one, {"steps": []})]
    assert {answer.status_code for answer in gone} == {404}
    assert PriceList.objects.count() == 1


# --- offers ---------------------------------------------------------------------------------------------------
def test_offers_of_every_kind(api, staff, other, shop, soap):
    shop.categories.create(name="Soaps")
    tea = factories.make_product(shop, "Tea", price="100", mrp="110")
    kinds = [
        ({"kind": "percent", "percent": 10, "category": "soaps"}, "10\u00a0% off"),
        ({"kind": "amount", "amount": 5, "product_id": soap.pk}, "₹\u00a05.00 off each"),
        ({"kind": "buy_get", "buy": 2, "get": 1, "product_id": soap.pk}, "Buy 2, get 1 free"),
        ({"kind": "combo", "price": 140, "parts": [{"product_id": one.pk, "quantity": 1} for one in (soap, tea)]}, "Set for ₹\u00a0140.00"),
    ]
    for n, (body, says) in enumerate(kinds):
        made = api.post("/offers", body | {"name": f"Offer {n}"})
        assert (made.status_code, made.json().get("says"), made.json().get("state")) == (201, says, "running"), made.content
    path = f"/offers/{made.json()['id']}"
    assert [part["name"] for part in api.get(path).json()["parts"]] == ["Soap", "Tea"]

    later = str(shop_today() + timedelta(days=3))
    changed = api.put(path, kinds[1][0] | {"name": "Other", "first_day": later}).json()
    assert (changed["kind"], changed["parts"], changed["state"], changed["product_name"]) == ("amount", [], "coming", "Soap")
    assert api.post(f"{path}/end").json()["state"] == "over"
    assert [one["name"] for one in api.get("/offers?state=over").json()] == ["Other"]
    assert api.post(f"{path}/resume").json()["is_active"] is True
    assert api.get("/offers?limit=1")["X-Total-Count"] == "4"
    assert staff.get("/offers").status_code == 403
    assert {
        other.get(path).status_code,
        other.post(f"{path}/end").status_code,
        other.put(path, kinds[0][0] | {"name": "X"}).status_code,
    } == {404}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"kind": "percent", "percent": 0}, 400, "bad_figure"),
        ({"kind": "percent"}, 400, "bad_figure"),
        ({"kind": "amount", "amount": 50}, 400, "all_of_it"),
        ({"kind": "amount", "amount": 5, "category": "Soaps"}, 404, "not_found"),
        ({"kind": "amount", "amount": 5, "last_day": "2020-01-01", "first_day": "2019-01-01"}, 400, "day_over"),
        ({"kind": "combo", "price": 10}, 400, "no_parts"),
        ({"kind": "free", "price": 10}, 422, "does_not_fit"),
    ],
)
def test_what_an_offer_cannot_be(api, soap, body, status, code):
    answer = api.post("/offers", {"name": "X", "product_id": soap.pk} | body)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content
    assert not Offer.objects.exists()


# --- label formats --------------------------------------------------------------------------------------------
def test_label_formats_are_the_owners(owner, api, other):
    start = owner.get("/label-formats").json()
    presets = {one["key"]: one for one in owner.get("/label-formats/presets").json()}
    for one in start:
        owner.delete(f"/label-formats/{one['id']}")
    made = owner.post("/label-formats", presets["grams"])
    assert made.status_code == 201, made.content
    rows = owner.post("/label-formats", presets["paise"]).json()
    assert [(one["position"], one["prefix"], one["holds"]) for one in rows] == [(1, "21", "weight"), (2, "22", "price")]
    assert owner.post("/label-formats", presets["grams"]).status_code == 409
    assert owner.post("/label-formats", presets["grams"] | {"prefix": "89"}).json()["code"] == "bad_prefix"
    assert owner.post("/label-formats", presets["grams"] | {"prefix": "27", "value_digits": 4}).json()["code"] == "bad_length"
    second = f"/label-formats/{rows[1]['id']}"
    assert [one["prefix"] for one in owner.post(f"{second}/move", {"to": "up"}).json()] == ["22", "21"]
    assert owner.put(second, presets["paise"] | {"name": "Cheese", "is_active": False}).json()[0]["name"] == "Cheese"
    assert api.get("/label-formats").status_code == 403
    assert {other.delete(second).status_code, other.put(second, presets["paise"]).status_code} == {404}
    assert [one["prefix"] for one in owner.delete(second).json()] == ["21"]


# --- GST ------------------------------------------------------------------------------------------------------
def test_gst_rates_are_looked_up_by_hsn_and_day(staff):
    told = staff.get("/gst-rates?hsn=34011190").json()
    assert told["rates_in_force"] == ["0.00", "5.00", "18.00", "40.00"]
    assert told["lines"][0]["hsn"].startswith("3401")
    assert told["lines"][0]["gst_rate"] == "5.00"
    before = staff.get("/gst-rates?hsn=34011190&on=2025-01-01").json()
    assert before["lines"][0]["gst_rate"] == "18.00"
    assert any("ghee" in one["goods"].lower() for one in staff.get("/gst-rates?q=ghee").json()["lines"])
    assert {one["gst_rate"] for one in staff.get("/gst-rates").json()["lines"]} >= {"5.00", "18.00"}
    assert staff.get("/gst-rates?hsn=34x").status_code == 422


def test_lists_take_the_same_queries_for_one_and_twenty(api, shop, soap):
    made = api.post("/price-lists", {"name": "Wholesale"}).json()
    prices = f"/price-lists/{made['id']}/prices"
    api.put(prices, {"prices": [{"product_id": soap.pk, "price": 45}]})
    combo = {"kind": "combo", "price": 60, "parts": [{"product_id": soap.pk, "quantity": 2}]}
    api.post("/offers", combo | {"name": "First"})
    api.post("/categories", {"name": "First"})
    paths = ["/price-lists?limit=100", f"{prices}?limit=100", "/offers?limit=100", "/categories?limit=100"]
    one = [asked(api, path) for path in paths]
    for n in range(20):
        api.post("/price-lists", {"name": f"L{n}"})
        more = factories.make_product(shop, f"Goods {n}")
        api.put(prices, {"prices": [{"product_id": more.pk, "price": 45}]})
        api.post("/offers", combo | {"name": f"O{n}"})
        api.post("/categories", {"name": f"C{n}"})
    assert [asked(api, path) for path in paths] == one
