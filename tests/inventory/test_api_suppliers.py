"""Suppliers over the API: written down, owed to, paid."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ledger.models import JournalEntry
from shops.models import Role
from smartkirana.dates import shop_today
from tests import factories
from tests.api_client import Api
from tests.inventory.buying import buy, make_supplier, received

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return factories.make_shop()


@pytest.fixture
def api(shop):
    return Api(shop, factories.make_member(shop, Role.MANAGER))


def test_a_supplier_is_written_down_and_changed(api):
    made = api.post("/suppliers", {"name": "Gupta Traders", "phone": "9876543210", "gstin": factories.GSTIN, "due_days": 15})

    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["name"], told["phone"], told["state_code"], told["due_days"], told["balance"]) == (
        "Gupta Traders", "9876543210", "27", 15, "0.00",
    )  # fmt: skip
    changed = api.put(f"/suppliers/{told['id']}", {"due_days": 0, "name": None, "is_active": False})
    assert changed.json() == told | {"due_days": 0, "is_active": False}
    assert api.get(f"/suppliers/{told['id']}").json() == changed.json()
    assert api.get("/suppliers").json() == []
    assert [one["name"] for one in api.get("/suppliers?show=unused").json()] == ["Gupta Traders"]
    assert [one["name"] for one in api.get("/suppliers?q=gup").json()] == ["Gupta Traders"]


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"name": "gupta traders"}, 409, "name_taken"),
        ({"gstin": factories.GSTIN}, 409, "gstin_taken"),
        ({"phone": "12"}, 400, None),
        ({"email": "nobody"}, 400, "bad_email"),
        ({"state_code": "55"}, 400, "bad_state"),
        ({"due_days": 400}, 400, "bad_days"),
        ({"composition": True}, 400, "bad_composition"),
        ({"due_days": -1}, 422, "does_not_fit"),
        ({"name": " "}, 422, "does_not_fit"),
    ],
)
def test_what_a_supplier_cannot_be(api, change, status, code):
    api.post("/suppliers", {"name": "Gupta Traders", "gstin": factories.GSTIN})

    answer = api.post("/suppliers", {"name": "Other"} | change)

    assert answer.status_code == status, answer.content
    assert code in (None, answer.json()["code"])
    assert status != 409 or "already exists" in answer.json()["detail"] or "exists already" in answer.json()["detail"]


def test_the_account_says_what_is_owed_and_how_it_came_to_it(api, shop):
    gupta, soap = make_supplier(shop, "Gupta", due_days=10), factories.make_product(shop)
    late = shop_today() - timedelta(days=40)
    first = buy(gupta, received(soap, 10, "30"), number="A1", date=late)
    second = buy(gupta, received(soap, 5, "30"), number="A2")
    owed = first.total + second.total

    row = api.get("/suppliers?show=overdue").json()[0]
    assert (row["balance"], row["overdue"], row["oldest_open"]) == (str(owed), str(first.total), str(shop_today()))
    assert api.get("/suppliers/owed").json() == {"owed": str(owed), "overdue": str(first.total), "paid_ahead": "0.00"}
    ages = api.get(f"/suppliers/{gupta.pk}/ageing").json()
    assert (ages["open"], ages["overdue"], [band["bills"] for band in ages["bands"]]) == (str(owed), str(first.total), [1, 1, 0, 0, 0])
    bills = api.get(f"/suppliers/{gupta.pk}/open-bills").json()
    assert [(one["bill_number"], one["purchase_id"], one["open"]) for one in bills] == [
        ("A1", first.pk, str(first.total)),
        ("A2", second.pk, str(second.total)),
    ]
    told = api.get(f"/suppliers/{gupta.pk}/statement")
    assert (told.json()["opening"], told.json()["closing"]) == ("0.00", str(owed))
    assert [(one["bill_number"], one["billed"], one["balance"]) for one in told.json()["rows"]] == [
        ("A1", str(first.total), str(first.total)),
        ("A2", str(second.total), str(owed)),
    ]
    assert api.get(f"/suppliers/{gupta.pk}/statement?start=2026-11-02&end=2026-11-01").status_code == 400


def test_paying_settles_bills_and_posts_once_for_a_key(api, shop):
    gupta, soap = make_supplier(shop, "Gupta"), factories.make_product(shop)
    first, second = (buy(gupta, received(soap, 10, "30"), number=number) for number in ("A1", "A2"))
    body = {"amount": str(first.total), "method": "upi", "reference": "UTR 7"}
    entries, key = JournalEntry.objects.count(), uuid4()

    paid, again = (api.post(f"/suppliers/{gupta.pk}/payments", body, key=key) for _ in range(2))

    assert (paid.status_code, paid.content) == (201, again.content), paid.content
    told = paid.json()
    assert (told["amount"], told["method"], told["reference"], told["unused"]) == (str(first.total), "upi", "UTR 7", "0.00")
    assert told["balance"] == str(second.total)
    assert told["number"].startswith("PV/")
    assert JournalEntry.objects.count() == entries + 1
    chosen = second.document.supplier_entry
    some = api.post(
        f"/suppliers/{gupta.pk}/payments", {"amount": 100, "method": "cash", "shares": [{"entry_id": chosen.pk, "amount": 100}]}
    )
    assert some.status_code == 201
    chosen.refresh_from_db()
    assert chosen.open == second.total - 100
    ahead = api.post(f"/suppliers/{gupta.pk}/payments", {"amount": 1000, "method": "bank"}).json()
    assert ahead["unused"] == str(1100 - second.total)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"amount": 0, "method": "cash"}, 400),
        ({"amount": 10, "method": "cash", "discount": 5}, 400),
        ({"amount": 10, "method": "cash", "shares": [{"entry_id": 10**15, "amount": 5}]}, 400),
        ({"amount": 10, "method": "cash", "day": "2090-01-01"}, 400),
        ({"amount": 10, "method": "gold"}, 422),
        ({"amount": -1, "method": "cash"}, 422),
    ],
)
def test_what_cannot_be_paid(api, shop, body, status):
    gupta = make_supplier(shop, "Gupta")
    assert api.post(f"/suppliers/{gupta.pk}/payments", body).status_code == status
    gupta.refresh_from_db()
    assert gupta.balance == 0


def test_the_opening_balance_is_entered_once(api, shop):
    gupta = make_supplier(shop, "Gupta")
    path = f"/suppliers/{gupta.pk}/opening-balance"

    answer = api.post(path, {"way": "owed", "amount": "250.50"})
    assert (answer.status_code, answer.json()["balance"]) == (201, "250.50")
    assert api.post(path, {"way": "ahead", "amount": 10}).status_code == 409
    assert (
        api.post(f"/suppliers/{make_supplier(shop, 'B').pk}/opening-balance", {"way": "ahead", "amount": 10}).json()["balance"] == "-10.00"
    )


def test_staff_see_no_suppliers_and_the_accountant_pays_none(shop):
    gupta = make_supplier(shop, "Gupta")
    staff, accountant = (Api(shop, factories.make_member(shop, role)) for role in (Role.STAFF, Role.ACCOUNTANT))

    assert staff.get("/suppliers").status_code == 403
    assert accountant.get(f"/suppliers/{gupta.pk}").status_code == 200
    assert accountant.post(f"/suppliers/{gupta.pk}/payments", {"amount": 1, "method": "cash"}).status_code == 403


def test_another_shops_supplier_is_not_there(api):
    theirs = make_supplier(factories.make_shop("Other"), "Gupta")
    path = f"/suppliers/{theirs.pk}"

    gets = [api.get(path + more) for more in ("", "/ageing", "/open-bills", "/statement")]
    posts = [
        api.post(path + "/payments", {"amount": 1, "method": "cash"}),
        api.post(path + "/opening-balance", {"way": "owed", "amount": 1}),
    ]
    assert {answer.status_code for answer in [*gets, *posts, api.put(path, {"name": "X"})]} == {404}


def test_lists_take_the_same_queries_for_one_and_thirty(api, shop):
    def asked(path):
        with CaptureQueriesContext(connection) as caught:
            assert api.get(path).status_code == 200
        return len(caught)

    gupta, soap = make_supplier(shop, "Gupta"), factories.make_product(shop)
    buy(gupta, received(soap, 10, "30"), number="A1")
    paths = ("/suppliers?limit=100", f"/suppliers/{gupta.pk}/statement?limit=100", f"/suppliers/{gupta.pk}/open-bills?limit=100")
    one = [asked(path) for path in paths]
    for n in range(30):
        buy(gupta, received(soap, 1, "30"), number=f"B{n}")
        buy(make_supplier(shop, f"S{n}"), received(soap, 1, "30"), number=f"C{n}")
    assert [asked(path) for path in paths] == one
