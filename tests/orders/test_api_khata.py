"""Khatas through the REST API."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ledger.checks import run
from orders.bill import Tender
from orders.khata.people import dispute
from orders.models import Payment
from shops.models import Role, Shop
from shops.services import add_counter
from smartkirana.dates import shop_today
from tests import factories
from tests.api_client import Api

D = Decimal


@pytest.fixture
def owner(shop):
    return Api(shop, shop.owner)


@pytest.fixture
def asha(shop):
    """Owes ₹105 for one bill."""
    asha = factories.make_customer(shop, credit_limit=1000)
    factories.make_order(shop, [(factories.make_product(shop, stock=100), 2)], customer=asha, payments=[Tender("khata", None)])
    return asha


def problem(answer, status: int) -> str:
    assert answer.status_code == status, answer.content
    return answer.json()["detail"]


def written(answer) -> dict:
    assert answer.status_code == 201, answer.content
    return answer.json()


def found(shop) -> list:
    return [breach for _rule, breaches in run([shop.pk]) for breach in breaches]


def test_the_list_says_who_owes_since_when_and_how_old_it_is(shop, owner, asha):
    factories.make_customer(shop, "Ravi")
    answer = owner.get("/khata")
    (row,) = answer.json()
    assert (row["customer_id"], row["outstanding"], row["owes_since"]) == (asha.pk, "105.00", str(shop_today()))
    assert row["age"] == {"days_0_30": "105.00", "days_31_60": "0.00", "days_61_90": "0.00", "days_91_more": "0.00", "late": "0.00"}
    assert answer["X-Total-Count"] == "1"
    assert len(owner.get("/khata?show=all").json()) == 2
    assert owner.get("/khata?show=late").json() == owner.get("/khata?band=3").json() == []
    assert owner.get("/khata?show=lost").status_code == 422


def test_the_summary_and_one_khata(shop, owner, asha):
    owner.post(f"/khata/{factories.make_customer(shop, 'Ravi').pk}/opening", {"amount": 20, "paid_ahead": True})
    told = owner.get("/khata/summary").json()
    assert (told["customers_owing"], told["owed"], told["paid_ahead"], told["open_disputes"]) == (1, "105.00", "20.00", 0)
    one = owner.get(f"/khata/{asha.pk}").json()
    assert (one["last_entry"], one["credit_limit"], one["has_opening_balance"], one["members"]) == (1, "1000.00", False, [])


def test_money_got_pays_the_oldest_and_carries_a_receipt(shop, owner, asha):
    entry = written(owner.post(f"/khata/{asha.pk}/got", {"amount": "50", "note": "Part"}))
    assert (entry["kind"], entry["amount"], entry["balance"], entry["words"]) == ("payment", "-50.00", "55.00", "Paid, Cash")
    assert entry["receipt"]
    assert Payment.objects.get(pk=entry["payment_id"]).counter == shop.counters.get()
    rows = owner.get(f"/khata/{asha.pk}/entries").json()
    assert [(row["number"], row["open"]) for row in rows] == [(2, "0.00"), (1, "55.00")]
    assert owner.get(f"/khata/{asha.pk}/entries/2").json() == entry
    assert found(shop) == []


def test_money_got_by_bank_waits_to_be_seen_and_may_be_shared_and_let_off(shop, owner, asha):
    body = {"amount": 100, "method": "bank_transfer", "reference": "UTR1", "discount": 5, "shares": [{"entry_number": 1, "amount": 100}]}
    entry = written(owner.post(f"/khata/{asha.pk}/got", body))
    assert (entry["payment_state"], owner.get(f"/khata/{asha.pk}").json()["outstanding"]) == ("claimed", "0.00")
    wrong = {"amount": 1, "shares": [{"entry_number": 9, "amount": 1}]}
    assert "no entry 9" in problem(owner.post(f"/khata/{asha.pk}/got", wrong), 400)
    assert found(shop) == []


def test_cash_lies_in_the_drawer_named(shop, owner, asha):
    second = add_counter(shop=shop, name="Second", code="S2")
    away = written(owner.post(f"/khata/{asha.pk}/got", {"amount": 5}))
    there = written(owner.post(f"/khata/{asha.pk}/got", {"amount": 5, "counter_id": second.pk}))
    assert [Payment.objects.get(pk=one["payment_id"]).counter for one in (away, there)] == [None, second]
    problem(owner.post(f"/khata/{asha.pk}/got", {"amount": 5, "counter_id": 999_999}), 404)


def test_gave_opening_write_off_and_taking_back(shop, owner, asha):
    gave = written(owner.post(f"/khata/{asha.pk}/gave", {"amount": 200, "method": "upi"}))
    assert (gave["kind"], gave["balance"]) == ("gave", "305.00")
    assert "limit" in problem(owner.post(f"/khata/{asha.pk}/gave", {"amount": 2000}), 400)
    opened = written(owner.post(f"/khata/{asha.pk}/opening", {"amount": "95", "note": "Page 3"}))
    assert (opened["kind"], opened["balance"]) == ("opening", "400.00")
    problem(owner.post(f"/khata/{asha.pk}/opening", {"amount": 1}), 409)
    lost = written(owner.post(f"/khata/{asha.pk}/write-off", {"amount": 100, "note": "Moved away"}))
    assert (lost["kind"], lost["balance"]) == ("written_off", "300.00")
    problem(owner.post(f"/khata/{asha.pk}/write-off", {"amount": 100, "note": " "}), 400)
    back = written(owner.post(f"/khata/{asha.pk}/entries/{gave['number']}/reverse", {"note": "Wrong person"}))
    assert (back["kind"], back["reverses"], back["balance"]) == ("reversal", gave["number"], "100.00")
    assert "bill" in problem(owner.post(f"/khata/{asha.pk}/entries/1/reverse", {"note": "x"}), 400)
    problem(owner.post(f"/khata/{asha.pk}/entries/99/reverse", {"note": "x"}), 404)
    assert found(shop) == []


def test_the_same_key_writes_once(shop, owner, asha):
    key = uuid4()
    first, again = (owner.post(f"/khata/{asha.pk}/got", {"amount": 5}, key=key) for _ in range(2))
    assert first.json() == again.json()
    assert asha.entries.count() == 2
    problem(owner.post(f"/khata/{asha.pk}/got", {"amount": 6}, key=key), 409)


@pytest.mark.parametrize("bad", [{}, {"amount": 0}, {"amount": -5}, {"amount": "1.005"}, {"amount": 5, "method": "gold"}])
def test_what_is_no_payment(owner, asha, bad):
    problem(owner.post(f"/khata/{asha.pk}/got", bad), 400 if bad == {"amount": 0} else 422)


def test_the_statement(shop, owner, asha):
    owner.post(f"/khata/{asha.pk}/got", {"amount": 5})
    told = owner.get(f"/khata/{asha.pk}/statement").json()
    assert (told["opening"], told["more"], told["less"], told["closing"]) == ("0.00", "105.00", "5.00", "100.00")
    assert [entry["balance"] for entry in told["entries"]] == ["105.00", "100.00"]
    later = owner.get(f"/khata/{asha.pk}/statement?from={shop_today() + timedelta(days=1)}")
    assert (later.json()["opening"], later.json()["entries"]) == ("100.00", [])
    problem(owner.get(f"/khata/{asha.pk}/statement?from=2026-02-02&to=2026-01-01"), 400)


def test_the_household(shop, owner, asha):
    ravi = written(owner.post(f"/khata/{asha.pk}/members", {"name": "Ravi", "limit": "50"}))
    assert ravi == {"id": ravi["id"], "name": "Ravi", "limit": "50.00", "is_active": True}
    assert "already exists" in problem(owner.post(f"/khata/{asha.pk}/members", {"name": "Ravi"}), 409)
    path = f"/khata/{asha.pk}/members/{ravi['id']}"
    assert owner.put(path, {"is_active": False}).json()["is_active"] is False
    assert owner.put(path, {"limit": None}).json() == ravi | {"limit": None, "is_active": False}
    assert owner.get(f"/khata/{asha.pk}/members").json() == [ravi | {"limit": None, "is_active": False}]
    problem(owner.put(f"/khata/{asha.pk}/members/999999", {"name": "x"}), 404)


def test_the_private_link(owner, asha):
    path = f"/khata/{asha.pk}/link"
    assert owner.get(path).json() == {"link": ""}
    link = owner.post(path).json()["link"]
    assert link == owner.post(path).json()["link"] == owner.get(path).json()["link"]
    assert link.startswith("http")
    assert owner.delete(path).status_code == 200
    assert owner.get(path).json() == {"link": ""}


def test_disputes_are_listed_until_they_are_settled(shop, owner, asha):
    said = dispute(customer=asha, number=1, words="Not mine")
    (row,) = owner.get("/khata/disputes").json()
    assert (row["id"], row["words"], row["entry_number"], row["invoice_number"]) == (said.pk, "Not mine", 1, shop.orders.get().bill_number)
    problem(owner.post(f"/khata/disputes/{said.pk}/settle", {"note": " "}), 400)
    assert owner.post(f"/khata/disputes/{said.pk}/settle", {"note": "Shown the bill"}).status_code == 200
    assert owner.get("/khata/disputes").json() == []
    problem(owner.post("/khata/disputes/999999/settle", {"note": "x"}), 404)


def test_reminders_come_with_their_words(shop, owner, asha):
    Shop.objects.filter(pk=shop.pk).update(remind_from=0, remind_until=24)
    late = factories.make_customer(shop, "Ravi", due_days=0)
    at = timezone.now() - timedelta(days=3)
    factories.make_order(shop, [(factories.make_product(shop, "Tea", stock=9), 1)], customer=late, payments=[Tender("khata", None)], at=at)
    (row,) = owner.get("/khata/reminders").json()
    assert (row["customer_id"], row["outstanding"]) == (late.pk, "53.00")
    assert "53.00" in row["text"]
    assert row["whatsapp"].startswith("https://wa.me/91")
    assert written(owner.post(f"/khata/{late.pk}/remind", {}))["way"] == "whatsapp"
    assert owner.get("/khata/reminders").json() == []
    assert "less than" in problem(owner.post(f"/khata/{late.pk}/remind", {}), 400)


def test_who_may_do_what(shop, other_shop, asha):
    staff, accountant = Api(shop, factories.make_member(shop)), Api(shop, factories.make_member(shop, Role.ACCOUNTANT))
    manager = Api(shop, factories.make_member(shop, Role.MANAGER))
    assert accountant.get(f"/khata/{asha.pk}").status_code == staff.get("/khata").status_code == 200
    problem(accountant.post(f"/khata/{asha.pk}/got", {"amount": 1}), 403)
    for act in ("gave", "opening", "write-off", "entries/1/reverse"):
        problem(staff.post(f"/khata/{asha.pk}/{act}", {"amount": 1, "note": "x"}), 403)
    problem(manager.post(f"/khata/{asha.pk}/write-off", {"amount": 1, "note": "x"}), 403)
    theirs = factories.make_customer(other_shop)
    for path in ("", "/entries", "/entries/1", "/statement", "/members", "/link"):
        problem(manager.get(f"/khata/{theirs.pk}{path}"), 404)
    for act in ("got", "gave", "opening", "members", "link", "remind"):
        problem(manager.post(f"/khata/{theirs.pk}/{act}", {"amount": 1, "name": "x"}), 404)


def test_lists_take_the_same_queries_whatever_their_length(shop, owner):
    soap, counts = factories.make_product(shop, stock=500), []
    busy = factories.make_customer(shop, "Busy")
    for many in (1, 19):
        for n in range(many):
            for one in (busy, factories.make_customer(shop, f"Name {n}")):
                factories.make_order(shop, [(soap, 1)], customer=one, payments=[Tender("khata", None)])
        made = []
        for path in ("/khata?limit=100", f"/khata/{busy.pk}/entries?limit=100", f"/khata/{busy.pk}/statement?limit=100"):
            with CaptureQueriesContext(connection) as asked:
                assert owner.get(path).status_code == 200
            made.append(len(asked))
        counts.append(made)
    assert counts[0] == counts[1]
