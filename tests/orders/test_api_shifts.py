"""Shifts, drawers and the counter's log through the REST API."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ledger.checks import run
from orders.bill import Tender
from orders.models import TillEvent
from shops.models import Role
from shops.services import add_counter
from tests import factories
from tests.api_client import Api
from tests.inventory.buying import make_supplier

D = Decimal


@pytest.fixture
def owner(shop):
    return Api(shop, shop.owner)


@pytest.fixture
def till(shop):
    return shop.counters.get()


def problem(answer, status: int) -> str:
    assert answer.status_code == status, answer.content
    return answer.json()["detail"]


def good(answer, status: int = 200) -> dict:
    assert answer.status_code == status, answer.content
    return answer.json()


def found(shop) -> list:
    return [breach for _rule, breaches in run([shop.pk]) for breach in breaches]


def begun(api, till, amount="2000", **more) -> dict:
    return good(api.post("/shifts", {"counter_id": till.pk, "amount": amount} | more), 201)


def test_a_shift_from_its_first_count_to_its_last(shop, owner, till):
    shift = begun(owner, till, None, notes={"500": 3, "100": 5})
    assert (shift["began_with"], shift["closed_at"], shift["expected"], shift["taken"]) == ("2000.00", None, None, [])
    factories.make_order(shop, [(factories.make_product(shop, stock=10), 2)])
    path = f"/shifts/{shift['id']}"
    move = good(owner.post(f"{path}/moves", {"reason": "tea", "amount": 30}), 201)
    assert (move["amount"], move["reason"]) == ("-30.00", "tea")
    assert "Write what" in problem(owner.post(f"{path}/moves", {"reason": "other_out", "amount": 30}), 400)
    counted = good(owner.post(f"{path}/count", {"amount": 2060}))
    assert (counted["expected"], counted["difference"], counted["needs_reason"]) == ("2075.00", "-15.00", True)
    assert TillEvent.objects.get(kind="drawer_counted").amount == D(2060)
    assert "short" in problem(owner.post(f"{path}/end", {"counted": counted["counted"]}), 400)
    ended = good(owner.post(f"{path}/end", {"counted": counted["counted"], "to_safe": 60, "reason": "Change given wrong"}))
    assert (ended["expected"], ended["difference"], ended["to_safe"], ended["stays"]) == ("2075.00", "-15.00", "60.00", "2000.00")
    assert (ended["moved"], ended["cash_sold"], ended["taken"]) == (
        "-30.00", "105.00", [{"method": "cash", "count": 1, "amount": "105.00"}],
    )  # fmt: skip
    assert "over" in problem(owner.post(f"{path}/moves", {"reason": "tea", "amount": 1}), 400)
    assert "over" in problem(owner.post(f"{path}/count", {"amount": 1}), 400)
    assert found(shop) == []


def test_the_end_needs_a_count_of_this_shift_that_is_still_true(shop, owner, till):
    shift = begun(owner, till)
    path = f"/shifts/{shift['id']}/end"
    for wrong in ("", "made up", "a:b:c"):
        assert "Count" in problem(owner.post(path, {"counted": wrong}), 400)
    counted = good(owner.post(f"/shifts/{shift['id']}/count", {"amount": 2000}))["counted"]
    factories.make_order(shop, [(factories.make_product(shop, stock=10), 1)])
    assert "Count once more" in problem(owner.post(path, {"counted": counted}), 400)
    assert good(owner.post(path, {"uncounted": True}))["counted"] is None
    assert found(shop) == []


def test_drawers_and_shifts_that_are_over_are_listed(shop, owner, till):
    second = add_counter(shop=shop, name="Second", code="S2")
    shift = begun(owner, till)
    drawers = {one["counter_id"]: one["shift"] for one in owner.get("/shifts/drawers").json()}
    assert (drawers[till.pk]["id"], drawers[second.pk]) == (shift["id"], None)
    assert owner.get("/shifts").json() == []
    good(owner.post(f"/shifts/{shift['id']}/end", {"uncounted": True}))
    assert [row["id"] for row in owner.get("/shifts").json()] == [shift["id"]]


def test_claims_of_the_shift_stand_with_it(shop, owner, till):
    shift = begun(owner, till)
    factories.make_order(shop, [(factories.make_product(shop, stock=10), 2)], payments=[Tender("upi", None)])
    told = good(owner.get(f"/shifts/{shift['id']}"))
    assert [(one["method"], one["amount"]) for one in told["claims"]] == [("upi", "105.00")]
    assert told["taken"][0]["method"] == "upi"


def test_the_same_key_opens_and_moves_once(shop, owner, till):
    key = uuid4()
    body = {"counter_id": till.pk, "amount": 100}
    first, again = (good(owner.post("/shifts", body, key=key), 201) for _ in range(2))
    assert first == again
    assert "open at this counter" in problem(owner.post("/shifts", body), 400)
    other = uuid4()
    for _ in range(2):
        good(owner.post(f"/shifts/{first['id']}/moves", {"reason": "milk", "amount": 10}, key=other), 201)
    assert good(owner.get(f"/shifts/{first['id']}"))["moved"] == "-10.00"


def test_suppliers_are_paid_by_who_may_buy(shop, owner, till):
    staff = Api(shop, factories.make_member(shop))
    shift, supplier = begun(staff, till), make_supplier(shop)
    asked = {"reason": "supplier", "amount": 100, "supplier_id": supplier.pk}
    problem(staff.post(f"/shifts/{shift['id']}/moves", asked), 403)
    problem(owner.post(f"/shifts/{shift['id']}/moves", asked | {"supplier_id": 999_999}), 404)
    assert good(owner.post(f"/shifts/{shift['id']}/moves", asked), 201)["amount"] == "-100.00"
    assert found(shop) == []


@pytest.mark.parametrize(
    ("bad", "status"),
    [
        ({}, 400),
        ({"amount": -1}, 422),
        ({"notes": {"7": 1}}, 422),
        ({"notes": {"500": -1}}, 422),
        ({"notes": {"500": 1}, "amount": 1}, 400),
    ],
)
def test_what_is_no_count(owner, till, bad, status):
    problem(owner.post("/shifts", {"counter_id": till.pk} | bad), status)


def test_whose_shift_it_is(shop, other_shop, owner, till):
    one, other = (Api(shop, factories.make_member(shop)) for _ in range(2))
    shift = begun(one, till)
    problem(other.get(f"/shifts/{shift['id']}"), 403)
    for act in ("moves", "count", "end"):
        problem(other.post(f"/shifts/{shift['id']}/{act}", {"reason": "tea", "amount": 1}), 403)
    assert good(one.get(f"/shifts/{shift['id']}"))["taken"] == []
    problem(one.post(f"/shifts/{shift['id']}/end", {"uncounted": True}), 403)
    problem(Api(shop, factories.make_member(shop, Role.ACCOUNTANT)).get("/shifts"), 403)
    good(Api(shop, factories.make_member(shop, Role.MANAGER)).get(f"/shifts/{shift['id']}"))
    theirs = begun(Api(other_shop, other_shop.owner), other_shop.counters.get())
    problem(owner.get(f"/shifts/{theirs['id']}"), 404)
    problem(owner.post("/shifts", {"counter_id": other_shop.counters.get().pk, "amount": 1}), 404)


def test_the_list_takes_the_same_queries_whatever_its_length(owner, till):
    counts = []
    for many in (1, 9):
        for _ in range(many):
            shift = begun(owner, till, "0")
            owner.post(f"/shifts/{shift['id']}/end", {"uncounted": True})
        with CaptureQueriesContext(connection) as asked:
            owner.get("/shifts?limit=100")
        counts.append(len(asked))
    assert counts[0] == counts[1]


# --- the counter ------------------------------------------------------------------------------------------------
def test_a_code_says_what_it_costs(shop, owner):
    tea = factories.make_product(shop, "Tea", stock=5, plu=77)
    factories.stock_up(tea, 3, mrp=D(60))
    rows = good(owner.get("/counter/price?code=77"))
    assert [(row["product_name"], row["mrp"], row["price"], row["in_stock"]) for row in rows] == [
        ("Tea", "52.50", "52.50", "5.000"),
        ("Tea", "60.00", "52.50", "3.000"),
    ]
    assert "Not in list" in problem(owner.get("/counter/price?code=8901030865237"), 404)
    assert "Misread" in problem(owner.get("/counter/price?code=8901030865230"), 400)
    problem(owner.get("/counter/price"), 422)


def test_goods_are_found_by_name(shop, other_shop, owner):
    factories.make_product(shop, "Parle-G")
    factories.make_product(other_shop, "Parle Monaco")
    assert [row["product_name"] for row in owner.get("/counter/search?q=parl").json()] == ["Parle-G"]
    assert owner.get("/counter/search?q=p").json() == []


def test_the_log_is_for_who_may_cancel_bills(shop, owner, till):
    shift = begun(owner, till)
    owner.post(f"/shifts/{shift['id']}/count", {"amount": 1999})
    answer = owner.get(f"/counter/log?counter_id={till.pk}&person_id={shop.owner.pk}&kind=drawer_counted")
    (row,) = answer.json()
    assert (row["kind"], row["amount"], row["details"]) == ("drawer_counted", "1999.00", {"expected": "2000.00", "difference": "-1.00"})
    assert owner.get("/counter/log?from=2020-01-01&to=2020-01-02").json() == []
    problem(owner.get("/counter/log?from=2020-01-01&to=2021-01-01"), 400)
    problem(owner.get("/counter/log?kind=lost"), 400)
    problem(owner.get("/counter/log?counter_id=999999"), 404)
    problem(Api(shop, factories.make_member(shop)).get("/counter/log"), 403)
