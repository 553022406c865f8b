"""Lists of products out and in, and the counter's tiles, over the API."""

import base64

import pytest

from catalog.models import Product
from shops.models import Role
from tests import factories
from tests.api_client import Api

ROWS = [["Name", "Selling price", "HSN", "GST %"], ["Salt", "10", "2501", "0"], ["Sugar", "dear", "1701", "5"]]


@pytest.fixture
def owner(shop):
    return Api(shop, shop.owner)


@pytest.fixture
def clerk(shop):
    return Api(shop, factories.make_member(shop, Role.STAFF))


# --- lists ------------------------------------------------------------------------------------------------------
def test_a_list_is_brought_in_step_by_step(shop, owner, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        made = owner.post("/product-lists", {"filename": "goods.csv", "rows": ROWS})
    assert (made.status_code, made.json()["status"], made.json()["headings"]) == (201, "uploaded", ROWS[0])
    at = f"/product-lists/{made.json()['id']}"
    owner.put(f"{at}/columns", {"columns": made.json()["columns"]})
    checked = owner.get(at).json()
    assert (checked["status"], checked["rows_new"], checked["rows_bad"]) == ("checked", 1, 1)
    assert [(row["line"], row["value"]) for row in owner.get(f"{at}/bad-rows").json()] == [(3, "dear")]
    assert not Product.objects.filter(shop=shop).exists()
    owner.post(f"{at}/confirm")
    assert owner.get(at).json()["status"] == "done"
    assert Product.objects.get(shop=shop).name == "Salt"
    again = owner.post(f"{at}/confirm")
    assert (again.status_code, again.json()["code"]) == (400, "not_now")


def test_a_list_is_forgotten_before_it_is_written(shop, owner):
    at = f"/product-lists/{owner.post('/product-lists', {'filename': 'goods.csv', 'rows': ROWS}).json()['id']}"
    assert owner.delete(at).status_code == 200
    assert owner.get(at).status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"filename": "a.csv"}, 400),
        ({"filename": "a.csv", "content": "***"}, 400),
        ({"filename": "a.pdf", "content": base64.b64encode(b"%PDF-1.7").decode()}, 400),
        ({"rows": ROWS}, 422),
    ],
)
def test_what_is_no_list_is_refused(shop, owner, body, status):
    assert owner.post("/product-lists", body).status_code == status


def test_goods_go_out_as_files_with_the_cost_for_those_who_may_see_it(shop, owner, clerk):
    factories.make_product(shop, "Salt", cost="7.25")
    text = owner.get("/product-lists/products.csv")
    assert (text.headers["Content-Type"], "7.25" in text.content.decode()) == ("text/csv; charset=utf-8", True)
    assert text.headers["Cache-Control"] == "no-store"
    assert "7.25" not in clerk.get("/product-lists/products.csv").content.decode()
    for name in ("products.xlsx", "template.xlsx"):
        assert owner.get(f"/product-lists/{name}").content[:2] == b"PK"
    assert {"name", "price"} <= {one["field"] for one in owner.get("/product-lists/fields").json()}


def test_who_may_not_change_goods_brings_no_list(shop, clerk):
    assert clerk.post("/product-lists", {"filename": "a.csv", "rows": ROWS}).status_code == 403


# --- tiles ------------------------------------------------------------------------------------------------------
def test_tiles_are_put_moved_and_taken_off(shop, owner):
    salt, sugar = (factories.make_product(shop, name, plu=plu) for plu, name in ((1, "Salt"), (2, "Sugar")))
    for product in (salt, sugar, salt):
        answer = owner.post("/tiles", {"product_id": product.pk})
    assert [(one["product_name"], one["code"], one["position"]) for one in answer.json()] == [("Salt", "1", 1), ("Sugar", "2", 2)]
    last = answer.json()[1]["id"]
    assert [one["product_name"] for one in owner.post(f"/tiles/{last}/move", {"to": "up"}).json()] == ["Sugar", "Salt"]
    assert [one["product_name"] for one in owner.delete(f"/tiles/{last}").json()] == ["Salt"]


def test_goods_without_a_code_and_of_another_shop_get_no_tile(shop, owner, other_shop):
    bare = factories.make_product(shop, "Bare")
    refused = owner.post("/tiles", {"product_id": bare.pk})
    assert (refused.status_code, refused.json()["code"]) == (400, "no_code")
    assert owner.post("/tiles", {"product_id": factories.make_product(other_shop, "Theirs", plu=1).pk}).status_code == 404
