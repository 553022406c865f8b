"""The shop, its counters, people and notices over the API."""

from __future__ import annotations

import pytest

from shops.models import Invitation, Membership, Notice, Role
from smartkirana.dates import shop_today
from tests import factories
from tests.api_client import Api

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(shop):
    return Api(shop, shop.owner)


# --- the shop ---------------------------------------------------------------------------------------------------
def test_the_shop_says_who_it_is_and_is_changed_in_part(shop, api):
    assert api.get("/shop").json()["gstin"] == factories.GSTIN
    changed = api.put("/shop", {"receipt_footer": "Come again", "remind_every": 3, "nonsense": 1})
    assert (changed.status_code, changed.json()["receipt_footer"], changed.json()["remind_every"]) == (200, "Come again", 3)
    shop.refresh_from_db()
    assert (shop.receipt_footer, shop.name) == ("Come again", "Sharma Kirana")
    assert api.put("/shop", {"receipt_footer": ""}).json()["receipt_footer"] == ""


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"gstin": "27AAPFU0939F1ZX"}, 400, "gstin"),
        ({"gstin": ""}, 400, "gstin"),
        ({"pincode": "012345"}, 400, "pincode"),
        ({"remind_from": 20, "remind_until": 9}, 400, "remind_until"),
        ({"name": "\u200b"}, 400, "name"),
        ({"rounding": "up"}, 422, "rounding"),
        ({"name": "x" * 81}, 422, "name"),
    ],
)
def test_what_the_page_refuses_the_api_refuses(shop, api, body, status, field):
    answer = api.put("/shop", body)
    assert (answer.status_code, list(answer.json()["fields"])) == (status, [field])


def test_counters(shop, api):
    made = api.post("/shop/counters", {"name": "Milk window", "code": "m1", "paper": "r58"})
    assert (made.status_code, made.json()["code"]) == (201, "M1")
    assert api.post("/shop/counters", {"name": "Again", "code": "M1"}).status_code == 409
    assert api.post("/shop/counters", {"name": "Bad", "code": "1M"}).status_code == 400
    pk = made.json()["id"]
    assert api.put(f"/shop/counters/{pk}", {"is_active": False}).json() == made.json() | {"is_active": False}
    first = shop.counters.get(code="S1").pk
    assert api.put(f"/shop/counters/{first}", {"is_active": False}).json()["code"] == "last_counter"
    assert api.put(f"/shop/counters/{first}", {"printer": "raw", "paper": "a4"}).status_code == 400
    assert [till["code"] for till in api.get("/shop/counters").json()] == ["M1", "S1"]
    other = factories.make_shop("Other").counters.get().pk
    assert api.put(f"/shop/counters/{other}", {"name": "Mine"}).status_code == 404


def test_counter_rules(shop, api):
    assert api.put("/shop/counter-rules/staff", {"discount_percent": "7.5"}).json()["discount_percent"] == "7.50"
    rules = {row["role"]: row for row in api.get("/shop/counter-rules").json()}
    assert (rules["staff"]["discount_percent"], rules["staff"]["may_cancel_open_bill"]) == ("7.50", True)
    assert api.put("/shop/counter-rules/owner", {}).status_code == 422
    assert api.put("/shop/counter-rules/staff", {"discount_percent": 101}).status_code == 422


# --- people -----------------------------------------------------------------------------------------------------
def test_a_person_is_invited_given_a_role_and_removed(shop, api):
    asked = api.post("/people/invitations", {"name": "Ravi", "phone": "9811111111", "role": "staff"})
    assert (asked.status_code, asked.json()["phone"], len(asked.json()["code"])) == (201, "9811111111", 8)
    listed = api.get("/people/invitations").json()
    assert [one["name"] for one in listed] == ["Ravi"]
    assert "code" not in listed[0]
    ravi = factories.make_member(shop)
    place = Membership.objects.get(user=ravi)
    assert api.put(f"/people/{place.pk}", {"role": "manager"}).json()["role"] == "manager"
    assert api.delete(f"/people/{place.pk}").status_code == 200
    people = {one["id"]: one for one in api.get("/people").json()}
    assert people[place.pk]["is_active"] is False
    assert api.put(f"/people/{place.pk}", {"role": "staff"}).json()["is_active"] is True
    assert not {"password", "pin", "token", "session"} & set(people[place.pk])
    assert api.delete(f"/people/invitations/{asked.json()['id']}").status_code == 200
    assert not Invitation.objects.exists()


def test_the_last_owner_stays(shop, api):
    place = Membership.objects.get(user=shop.owner)
    assert api.delete(f"/people/{place.pk}").json()["code"] == "last_owner"
    assert api.put(f"/people/{place.pk}", {"role": "staff"}).json()["code"] == "last_owner"


def test_who_works_here_is_not_invited_and_strangers_are_not_there(shop, api):
    ravi = factories.make_member(shop)
    body = {"name": "Ravi", "phone": ravi.short_phone, "role": "staff"}
    assert api.post("/people/invitations", body).json()["code"] == "already_member"
    other = Membership.objects.get(user=factories.make_shop("Other").owner)
    assert api.put(f"/people/{other.pk}", {"role": "staff"}).status_code == 404
    assert api.delete(f"/people/{other.pk}").status_code == 404
    assert api.delete("/people/invitations/999999").status_code == 404


def test_the_list_of_people_does_not_ask_more_for_more_people(shop, api, django_assert_max_num_queries):
    for many in (1, 10):
        for _ in range(many):
            factories.make_member(shop)
        with django_assert_max_num_queries(10):
            api.get("/people?limit=100")


@pytest.mark.parametrize("role", [Role.MANAGER, Role.STAFF, Role.ACCOUNTANT])
def test_only_owners_run_the_shop(shop, role):
    api = Api(shop, factories.make_member(shop, role))
    assert api.get("/shop").status_code == api.get("/shop/counters").status_code == 200
    for method, path in (
        ("PUT", "/shop"),
        ("POST", "/shop/counters"),
        ("PUT", "/shop/counter-rules/staff"),
        ("POST", "/people/invitations"),
    ):
        body = {"name": "A", "code": "B", "phone": "9811111111"}
        assert api.call(method, path, body).status_code == 403
    assert api.get("/people").status_code == 403


# --- notices ----------------------------------------------------------------------------------------------------
def test_notices_are_listed_and_seen(shop, api):
    lines = [{"text": "2 products expire within 15 days", "url": "inventory:expiry", "query": "?days=15"}, {"text": "Hello"}]
    notice = Notice.objects.create(shop=shop, kind="stock", day=shop_today(), title="Look", lines=lines)
    found = api.get("/notices").json()
    assert [line["page"] for line in found[0]["lines"]] == [f"/s/{shop.slug}/stock/expiry/?days=15", ""]
    assert api.post(f"/notices/{notice.pk}/seen").json()["seen_by"] == str(shop.owner)
    assert api.get("/notices?new_only=true").json() == []
    assert api.post("/notices/seen").json() == {"message": "0 marked as seen."}
    theirs = Notice.objects.create(shop=factories.make_shop("Other"), kind="stock", day=shop_today(), title="Theirs", lines=[])
    assert api.post(f"/notices/{theirs.pk}/seen").status_code == 404
    theirs.refresh_from_db()
    assert theirs.seen_at is None
    assert Api(shop, factories.make_member(shop, Role.STAFF)).get("/notices").status_code == 403
