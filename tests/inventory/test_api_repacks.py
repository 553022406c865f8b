"""Packing and recipes over the API."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import Recipe, Repack
from shops.models import Role
from tests import factories
from tests.api_client import Api
from tests.inventory.buying import books_agree

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


@pytest.fixture
def sack(shop):
    return factories.make_product(shop, "Sugar loose", unit="kg", price="50", mrp=None, cost="40", stock="50")


@pytest.fixture
def packet(shop):
    return factories.make_product(shop, "Sugar 1 kg", price="55", mrp="55", cost="0")


@pytest.fixture
def body(sack, packet):
    return {"taken": [{"product_id": sack.pk, "quantity": "10"}], "made": [{"product_id": packet.pk, "quantity": 10, "batch": "P1"}]}


def test_packing_moves_goods_and_cost_once_for_a_key(api, staff, shop, body, packet):
    key = uuid4()
    made, again = (api.post("/repacks", body | {"packing_cost": 20, "note": "Monday"}, key=key) for _ in range(2))

    assert (made.status_code, made.content) == (201, again.content), made.content
    told = made.json()
    assert (told["kind"], told["note"], told["packing_cost"]) == ("break", "Monday", "20.00")
    assert [(one["name"], one["quantity"], one["value"]) for one in told["taken"]] == [("Sugar loose", "10.000", "400.00")]
    assert [(one["name"], one["quantity"], one["unit_cost"]) for one in told["made"]] == [("Sugar 1 kg", "10.000", "42.0000")]
    assert api.get(f"/repacks/{told['id']}").json() == told
    assert api.get(f"/products/{packet.pk}").json()["current_stock"] == "10.000"
    seen = staff.get("/repacks").json()[0]
    assert (seen["packing_cost"], seen["made"][0]["value"], seen["made"][0]["quantity"]) == (None, None, "10.000")
    assert Repack.objects.count() == 1
    books_agree(shop)


def test_who_may_not_price_packs_all_the_same(staff, body):
    assert staff.post("/repacks", body).status_code == 201
    for more in ({"price": 54}, {"mrp": 56}, {"cost_share": 100}):
        assert staff.post("/repacks", body | {"made": [body["made"][0] | more]}).status_code == 403


@pytest.mark.parametrize(
    ("side", "change", "status", "field"),
    [
        ("taken", {"quantity": 51}, 400, "taken.0.quantity"),
        ("taken", {"product_id": 10**15}, 404, None),
        ("taken", {"lot_id": 10**15}, 404, None),
        ("made", {"quantity": "1.5"}, 400, "made.0.quantity"),
        ("made", {"quantity": 2}, 400, "made.0.quantity"),
        ("made", {"price": 60}, 400, "made.0.price"),
        ("made", {"cost_share": 50}, 400, "made.0.cost_share"),
        ("made", {"expiry": "2020-01-01"}, 400, "made.0.expiry"),
        ("made", {"quantity": 0}, 422, None),
    ],
)
def test_what_cannot_be_packed(api, body, side, change, status, field):
    answer = api.post("/repacks", body | {side: [body[side][0] | change]})
    assert answer.status_code == status, answer.content
    assert field is None or field in answer.json()["fields"], answer.json()
    assert not Repack.objects.exists()


def test_recipes_are_kept_changed_and_put_away(api, staff, body):
    recipe = {side: [{key: one[key] for key in ("product_id", "quantity")} for one in body[side]] for side in ("taken", "made")}
    made = api.post("/recipes", recipe | {"name": "Sugar"})

    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["name"], told["taken"][0]["quantity"], told["made"][0]["name"]) == ("Sugar", "10.000", "Sugar 1 kg")
    assert api.post("/recipes", recipe | {"name": "SUGAR"}).status_code == 409
    assert api.post("/recipes", recipe | {"name": "X", "made": recipe["taken"]}).json()["code"] == "same_goods"
    changed = api.put(f"/recipes/{told['id']}", recipe | {"name": "Sugar packets", "note": "By hand"}).json()
    assert (changed["name"], changed["note"]) == ("Sugar packets", "By hand")
    assert staff.get("/recipes").json() == [changed]
    assert staff.get(f"/recipes/{told['id']}").json() == changed
    assert staff.put(f"/recipes/{told['id']}", recipe | {"name": "Y"}).status_code == 403
    packed = staff.post("/repacks", body | {"recipe_id": told["id"]}).json()
    assert packed["recipe_name"] == "Sugar packets"
    assert api.post(f"/recipes/{told['id']}/in-use", {"in_use": False}).json()["is_active"] is False
    assert (api.get("/recipes").json(), len(api.get("/recipes?put_away=true").json())) == ([], 1)


def test_another_shops_rows_are_not_there(api, body, sack, packet):
    made = api.post("/repacks", body).json()
    part = {"product_id": sack.pk, "quantity": 1}
    kept = api.post("/recipes", {"name": "S", "taken": [part], "made": [part | {"product_id": packet.pk}]}).json()
    other = factories.make_shop("Other")
    theirs = Api(other, other.owner)
    recipe = {"name": "S", "taken": [part], "made": [part]}
    answers = [
        theirs.get(f"/repacks/{made['id']}"),
        theirs.get(f"/recipes/{kept['id']}"),
        theirs.put(f"/recipes/{kept['id']}", recipe),
        theirs.post(f"/recipes/{kept['id']}/in-use", {"in_use": False}),
        theirs.post("/repacks", body),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert Recipe.objects.get().is_active


def test_lists_take_the_same_queries_for_one_and_twenty(api, shop, body, sack, packet):
    def asked(path):
        with CaptureQueriesContext(connection) as caught:
            assert api.get(path).status_code == 200
        return len(caught)

    small = {"taken": [body["taken"][0] | {"quantity": 1}], "made": [body["made"][0] | {"quantity": 1}]}
    parts = {side: [{"product_id": one[side][0]["product_id"], "quantity": 1} for one in (small,)] for side in ("taken", "made")}
    api.post("/repacks", small)
    api.post("/recipes", parts | {"name": "R"})
    one = [asked("/repacks?limit=100"), asked("/recipes")]
    for n in range(20):
        api.post("/repacks", small)
        api.post("/recipes", parts | {"name": f"R{n}"})
    assert [asked("/repacks?limit=100"), asked("/recipes")] == one
