"""Customers through the REST API."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.prices.services import save_price_list
from orders.bill import Tender
from shops.models import Role
from tests import factories
from tests.api_client import Api


@pytest.fixture
def owner(shop):
    return Api(shop, shop.owner)


@pytest.fixture
def staff(shop):
    return Api(shop, factories.make_member(shop))


def problem(answer, status: int) -> str:
    assert answer.status_code == status, answer.content
    return answer.json()["detail"]


def test_writes_down_a_customer_by_phone_alone(shop, staff):
    answer = staff.post("/customers", {"phone": "98765 43210"})
    assert answer.status_code == 201, answer.content
    assert (answer.json()["phone"], answer.json()["due_days"], answer.json()["outstanding"]) == ("9876543210", 30, "0.00")
    assert shop.customers.get().pk == answer.json()["id"]
    assert "already exists" in problem(staff.post("/customers", {"phone": "+919876543210"}), 409)


def test_changes_only_what_is_given_even_to_zero_and_nothing(shop, staff):
    asha = factories.make_customer(shop, credit_limit=500, group="office", due_days=15)
    answer = staff.put(f"/customers/{asha.pk}", {"credit_limit": 0, "due_days": "0", "group": ""})
    assert answer.status_code == 200, answer.content
    assert (answer.json()["credit_limit"], answer.json()["due_days"], answer.json()["group"]) == ("0.00", 0, "")
    assert (answer.json()["name"], answer.json()["phone"]) == ("Asha", asha.short_phone)
    assert staff.put(f"/customers/{asha.pk}", {"credit_limit": None}).json()["credit_limit"] is None


@pytest.mark.parametrize(
    ("bad", "status"),
    [
        ({"phone": "123"}, 400),
        ({"state_code": "00"}, 400),
        ({"gstin": "27AAPFU0939F1ZX"}, 400),
        ({"email": "nobody"}, 400),
        ({"due_days": 366}, 422),
        ({"credit_limit": -1}, 422),
        ({"credit_limit": 10_000_000}, 400),
        ({"name": "a\x00"}, 422),
        ({"price_list_id": 999_999}, 404),
    ],
)
def test_what_does_not_fit_is_refused(shop, owner, bad, status):
    asha = factories.make_customer(shop)
    problem(owner.put(f"/customers/{asha.pk}", bad), status)
    problem(owner.post("/customers", {"phone": "9876543210"} | bad), status)


def test_price_lists_are_chosen_by_who_may_change_prices(shop, owner, staff):
    asha, trade = factories.make_customer(shop), save_price_list(shop=shop, name="Trade")
    problem(staff.put(f"/customers/{asha.pk}", {"price_list_id": trade.pk}), 403)
    assert owner.put(f"/customers/{asha.pk}", {"price_list_id": trade.pk}).json()["price_list_id"] == trade.pk
    assert staff.put(f"/customers/{asha.pk}", {"name": "Asha P"}).json()["price_list_id"] == trade.pk


def test_the_list_is_searched_narrowed_and_paged(shop, owner):
    soap = factories.make_product(shop, stock=10)
    names = ["Asha", "Bina", "Chitra"]
    people = [factories.make_customer(shop, name) for name in names]
    factories.make_order(shop, [(soap, 1)], customer=people[1], payments=[Tender("khata", None)])
    answer = owner.get("/customers?limit=2")
    assert ([row["name"] for row in answer.json()], answer["X-Total-Count"]) == (names[:2], "3")
    assert [row["name"] for row in owner.get("/customers?q=chit").json()] == ["Chitra"]
    assert [row["name"] for row in owner.get(f"/customers?q={people[0].short_phone}").json()] == ["Asha"]
    (row,) = owner.get("/customers?owing=true").json()
    assert (row["name"], row["outstanding"], row["owes_since"]) == ("Bina", "53.00", str(shop.orders.get().day))


def test_the_list_takes_the_same_queries_whatever_its_length(shop, owner):
    counts = []
    for many in (1, 29):
        for n in range(many):
            factories.make_customer(shop, f"Name {n}")
        with CaptureQueriesContext(connection) as asked:
            owner.get("/customers?limit=100")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_who_may_see_and_who_may_write(shop, other_shop):
    asha, theirs = factories.make_customer(shop), factories.make_customer(other_shop)
    accountant = Api(shop, factories.make_member(shop, Role.ACCOUNTANT))
    assert accountant.get(f"/customers/{asha.pk}").status_code == 200
    problem(accountant.put(f"/customers/{asha.pk}", {"name": "x"}), 403)
    problem(accountant.post("/customers", {"phone": "9876543210"}), 403)
    problem(accountant.get(f"/customers/{theirs.pk}"), 404)
    problem(Api(shop, shop.owner).put(f"/customers/{theirs.pk}", {"name": "x"}), 404)
    problem(Api().get("/customers"), 401)
