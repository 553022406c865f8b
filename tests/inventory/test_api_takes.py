"""Stock takes over the API: counted without the books' figures, then decided on by the owner."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import CountEntry, StockTake
from ledger.models import JournalEntry
from shops.models import Role
from tests import factories
from tests.api_client import Api
from tests.inventory.buying import books_agree

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return factories.make_shop()


@pytest.fixture
def owner(shop):
    return Api(shop, shop.owner)


@pytest.fixture
def staff(shop):
    return Api(shop, factories.make_member(shop, Role.STAFF))


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, "Soap", stock="10", barcodes=[("SOAP-1", 1), ("SOAP-12", 12)])


@pytest.fixture
def tea(shop):
    return factories.make_product(shop, "Tea", stock="5")


@pytest.fixture
def take(owner, soap):
    answer = owner.post("/stock-takes", {"name": "Diwali"})
    assert answer.status_code == 201, answer.content
    return f"/stock-takes/{answer.json()['id']}"


def test_a_stock_take_goes_its_whole_way(owner, staff, shop, soap, tea, take):
    called = staff.get(f"{take}/goods?q=soap-12").json()["goods"]
    assert (called["product_id"], called["pieces"], called["counted"]) == (soap.pk, "12.000", [])
    assert "book" not in called
    counted = staff.post(f"{take}/counts", {"product_id": soap.pk, "quantity": 8, "seen": called["newest_movement"]})
    assert (counted.status_code, counted.json()["quantity"]) == (201, "8.000"), counted.content
    assert [row["name"] for row in staff.get(f"{take}/left").json()] == ["Tea"]
    told = staff.get(take).json()
    assert (told["status"], told["goods_counted"], told["goods"], told["name"]) == ("open", 1, 2, "Diwali")
    assert staff.post(f"{take}/finish").status_code == 403
    assert owner.post(f"{take}/approve", {}).json()["code"] == "still_counting"

    assert owner.post(f"{take}/finish").json()["status"] == "review"
    assert staff.post(f"{take}/counts", {"product_id": tea.pk, "quantity": 1}).json()["code"] == "not_counting"
    review = owner.get(f"{take}/review").json()
    assert (review["short"], review["found"], review["net"], review["differing"]) == ("-80.00", "0.00", "-80.00", 1)
    assert (review["uncounted_lots"], review["uncounted_value"]) == (1, "200.00")
    row = review["rows"][0]
    assert (row["name"], row["counted"], row["book"], row["difference"], row["value"]) == ("Soap", "8.000", "10.000", "-2.000", "-80.00")
    assert [lot["name"] for lot in owner.get(f"{take}/uncounted").json()] == ["Tea"]
    assert staff.get(f"{take}/review").status_code == 403

    assert owner.post(f"{take}/recount", {"product_ids": [soap.pk]}).json() == {"goods": 1, "status": "open"}
    staff.post(f"{take}/counts", {"product_id": soap.pk, "quantity": 9})
    owner.post(f"{take}/finish")
    assert owner.post(f"{take}/go-on").json()["status"] == "open"
    owner.post(f"{take}/finish")
    entries, key = JournalEntry.objects.count(), uuid4()
    done, again = (owner.post(f"{take}/approve", {"uncounted": "zero", "note": "Looked twice"}, key=key) for _ in range(2))
    assert (done.status_code, done.content) == (200, again.content), done.content
    assert (done.json()["status"], done.json()["uncounted"], bool(done.json()["document_id"])) == ("approved", "zero", True)
    assert JournalEntry.objects.count() == entries + 1
    stock = {row["product_name"]: row["current_stock"] for row in owner.get("/inventory/status").json()}
    assert stock == {"Soap": "9.000", "Tea": "0.000"}
    posted = owner.get(f"{take}/review").json()
    assert (posted["short"], sorted(row["name"] for row in posted["rows"])) == ("-240.00", ["Soap", "Tea"])
    assert owner.post(f"{take}/cancel").json()["code"] == "decided"
    books_agree(shop)


def test_an_entry_is_taken_back_by_who_made_it(owner, staff, soap, take):
    entry = staff.post(f"{take}/counts", {"product_id": soap.pk, "quantity": 8}).json()

    assert owner.post(f"{take}/counts/{entry['id']}/undo").json()["code"] == "not_yours"
    back, again = (staff.post(f"{take}/counts/{entry['id']}/undo") for _ in range(2))
    assert (back.status_code, back.json()["reverses_id"], back.json()["quantity"]) == (201, entry["id"], "-8.000")
    assert back.json() == again.json()
    assert staff.get(f"{take}/goods/{soap.pk}").json()["counted"] == []
    assert [row["id"] for row in staff.get(f"{take}/counts").json()] == [entry["id"]]
    assert staff.post(f"{take}/counts/{10**15}/undo").status_code == 404


def test_the_same_key_counts_once(staff, soap, take):
    body, key = {"product_id": soap.pk, "quantity": 8}, uuid4()
    first, again = (staff.post(f"{take}/counts", body, key=key) for _ in range(2))
    assert first.content == again.content
    assert CountEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"category": "Soap", "shelf": "R1"}, 404),
        ({"shelf": "R1", "words": "soap"}, 400),
        ({"words": "nothing like it"}, 400),
        ({"name": "N" * 100}, 400),
        ({"name": "N" * 121}, 422),
    ],
)
def test_what_cannot_be_opened(owner, soap, body, status):
    assert owner.post("/stock-takes", body).status_code == status
    assert not StockTake.objects.exists()


def test_what_cannot_be_counted(staff, shop, soap, take):
    theirs = factories.make_product(factories.make_shop("Other"), stock="1")
    path = f"{take}/counts"
    assert staff.post(path, {"product_id": soap.pk, "quantity": "0.5"}).status_code == 400
    assert staff.post(path, {"product_id": soap.pk, "quantity": -1}).status_code == 422
    assert staff.post(path, {"product_id": theirs.pk, "quantity": 1}).status_code == 404
    assert staff.post(path, {"product_id": soap.pk, "quantity": 1, "lot_id": theirs.lots.get().pk}).status_code == 404
    assert staff.get(f"{take}/goods/{theirs.pk}").status_code == 404
    assert staff.get(f"{take}/goods?q=nothing").json() == {"goods": None, "of_this_take": False, "found": []}


def test_a_category_is_named_and_a_take_called_off(owner, shop):
    category = shop.categories.create(name="Soaps")
    factories.make_product(shop, "Soap", category=category)
    made = owner.post("/stock-takes", {"category": "soaps"}).json()
    assert made["about"] == "Soaps"
    assert owner.post(f"/stock-takes/{made['id']}/cancel").json()["status"] == "cancelled"
    assert owner.get(f"/stock-takes/{made['id']}/review").json()["rows"] == []
    assert [one["status"] for one in owner.get("/stock-takes").json()] == ["cancelled"]


def test_another_shops_stock_take_is_not_there(take):
    other = factories.make_shop("Other")
    theirs = Api(other, other.owner)
    gets = [theirs.get(take + more) for more in ("", "/goods?q=x", "/goods/1", "/counts", "/left", "/review", "/uncounted")]
    posts = [theirs.post(f"{take}/{act}", {}) for act in ("finish", "go-on", "approve", "cancel")]
    more = [theirs.post(f"{take}/counts", {"product_id": 1, "quantity": 1}), theirs.post(f"{take}/recount", {"product_ids": [1]})]
    assert {answer.status_code for answer in [*gets, *posts, *more]} == {404}


def test_lists_take_the_same_queries_for_one_and_thirty(owner, staff, shop, soap, take):
    def asked(path):
        with CaptureQueriesContext(connection) as caught:
            assert owner.get(path).status_code == 200
        return len(caught)

    tea = factories.make_product(shop, "Tea", stock="5")
    owner.post(f"{take}/counts", {"product_id": soap.pk, "quantity": 8})
    paths = (
        "/stock-takes?limit=100",
        f"{take}/left?limit=100",
        f"{take}/counts",
        f"{take}/review?limit=100",
        f"{take}/uncounted?limit=100",
    )
    one = [asked(path) for path in paths]
    for n in range(30):
        goods = factories.make_product(shop, f"Goods {n}", stock="3", category=shop.categories.create(name=f"C{n}"))
        factories.make_product(shop, f"Left {n}", stock="3", category=goods.category)
        owner.post(f"{take}/counts", {"product_id": goods.pk, "quantity": 1})
        owner.post("/stock-takes", {"words": "tea"})
    assert [asked(path) for path in paths] == one
    assert tea.name == "Tea"
