"""Claims through the REST API: what waits, and what became of it."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ledger.checks import run
from orders.bill import Tender
from orders.khata.acts import Act, take_payment
from orders.models import Payment
from shops.models import Role
from tests import factories
from tests.api_client import Api


@pytest.fixture
def owner(shop):
    return Api(shop, shop.owner)


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, stock=100)


@pytest.fixture
def claim(shop, soap) -> Payment:
    return factories.make_order(shop, [(soap, 2)], payments=[Tender("upi", None, reference="612345678901")]).payments.get()


def problem(answer, status: int) -> str:
    assert answer.status_code == status, answer.content
    return answer.json()["detail"]


def found(shop) -> list:
    return [breach for _rule, breaches in run([shop.pk]) for breach in breaches]


def test_what_waits_is_listed_and_narrowed(shop, owner, soap, claim):
    asha = factories.make_customer(shop)
    factories.make_order(shop, [(soap, 2)], payments=[Tender("khata", None)], customer=asha)
    khata = take_payment(Act(shop, asha, shop.owner), amount=Decimal(50), method="bank").payment
    factories.make_order(shop, [(soap, 1)])
    answer = owner.get("/payments/claims")
    assert [row["id"] for row in answer.json()] == [khata.pk, claim.pk]
    assert answer["X-Total-Count"] == "2"
    row = answer.json()[1]
    assert (row["method"], row["amount"], row["state"], row["invoice_number"]) == ("upi", "105.00", "claimed", claim.order.bill_number)
    assert answer.json()[0]["khata_customer_id"] == asha.pk
    for query, ids in (
        ("method=bank_transfer", [khata.pk]),
        ("q=6123", [claim.pk]),
        ("late=true", []),
        ("from=2020-01-01&to=2020-01-02", []),
    ):
        assert [row["id"] for row in owner.get(f"/payments/claims?{query}").json()] == ids
    sums = owner.get("/payments/claims/summary").json()
    assert (sums["count"], sums["amount"], [way["method"] for way in sums["ways"]]) == (2, "155.00", ["UPI", "Bank transfer"])
    problem(owner.get("/payments/claims?counter_id=999999"), 404)


def test_it_was_seen_once(shop, owner, claim):
    answer = owner.post(f"/payments/{claim.pk}/seen", {})
    assert answer.status_code == 200, answer.content
    assert (answer.json()["state"], [(one["kind"], one["how"]) for one in answer.json()["said"]]) == ("seen", [("seen", "owner")])
    assert owner.post(f"/payments/{claim.pk}/seen", {"how": "soundbox"}).json()["said"] == owner.get(f"/payments/{claim.pk}").json()["said"]
    assert owner.get("/payments/claims").json() == []
    assert found(shop) == []


def test_it_never_came_and_then_it_did_not_come_again(shop, owner, claim):
    problem(owner.post(f"/payments/{claim.pk}/failed", {"reason": " "}), 400)
    problem(owner.post(f"/payments/{claim.pk}/failed", {}), 422)
    answer = owner.post(f"/payments/{claim.pk}/failed", {"reason": "Not in the app", "how": "statement"})
    assert (answer.json()["state"], answer.json()["said"][0]["note"]) == ("failed", "Not in the app")
    assert owner.post(f"/payments/{claim.pk}/seen", {}).json()["state"] == "seen"
    assert "stays seen" in problem(owner.post(f"/payments/{claim.pk}/failed", {"reason": "Again"}), 400)
    assert found(shop) == []


def test_cash_is_not_waited_for(shop, owner, soap):
    cash = factories.make_order(shop, [(soap, 1)]).payments.get()
    problem(owner.post(f"/payments/{cash.pk}/seen", {}), 400)


def test_who_may_say_what(shop, other_shop, owner, claim):
    staff = Api(shop, factories.make_member(shop))
    accountant = Api(shop, factories.make_member(shop, Role.ACCOUNTANT))
    problem(staff.post(f"/payments/{claim.pk}/failed", {"reason": "x"}), 403)
    assert staff.post(f"/payments/{claim.pk}/seen", {}).json()["said"][0]["how"] == "cashier"
    assert accountant.get("/payments/claims").status_code == 200
    theirs = factories.make_order(
        other_shop, [(factories.make_product(other_shop, stock=1), 1)], payments=[Tender("upi", None)]
    ).payments.get()
    problem(owner.get(f"/payments/{theirs.pk}"), 404)
    for act in ("seen", "failed"):
        problem(owner.post(f"/payments/{theirs.pk}/{act}", {"reason": "x"}), 404)


def test_the_list_takes_the_same_queries_whatever_its_length(shop, owner, soap):
    counts = []
    for many in (1, 29):
        for _ in range(many):
            factories.make_order(shop, [(soap, 1)], payments=[Tender("upi", None)])
        with CaptureQueriesContext(connection) as asked:
            owner.get("/payments/claims?limit=100")
        counts.append(len(asked))
    assert counts[0] == counts[1]
