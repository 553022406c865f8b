"""Sign-in by the API: `/auth`."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shops.accounts import account_for
from shops.models import Membership, Role, User
from tests import factories
from tests.api_client import Api
from tests.at_once import at_once

pytestmark = pytest.mark.django_db
ASHA = {"name": "Asha Patil", "phone": "9876512345"}


@pytest.fixture
def nobody():
    return Api()


def register(shop, caller=None, **about):
    return (caller or Api()).post("/auth/register", {"shop_id": shop.pk, **ASHA, **about})


def sign_in(shop, phone, password=factories.PASSWORD, **more):
    return Api().post("/auth/login", {"shop_id": shop.pk, "phone": phone, "password": password, **more})


# --- signing up ---------------------------------------------------------------------------------------------------
def test_anybody_may_become_a_customer_and_is_signed_in_at_once(shop):
    answer = register(shop, password="neem-lane-42", email="asha@example.in")
    told = answer.json()
    assert answer.status_code == 201
    assert (told["phone"], told["name"], told["role"], told["token_type"]) == ("9876512345", "Asha Patil", "customer", "bearer")
    me = Api(token=told["access_token"]).get("/auth/me").json()
    assert me == {
        "user_id": told["user_id"], "phone": "9876512345", "name": "Asha Patil", "email": "asha@example.in",
        "role": "customer", "shop_id": shop.pk,
    }  # fmt: skip
    assert sign_in(shop, "9876512345", "neem-lane-42").json()["user_id"] == told["user_id"]


def test_one_phone_has_one_account_in_a_shop_and_another_in_each_other_shop(shop, other_shop):
    first = register(shop).json()["user_id"]
    again = register(shop, phone="+91 98765 12345")
    assert (again.status_code, again.json()["code"]) == (409, "phone_taken")
    assert "already exists" in again.json()["detail"]
    assert register(other_shop).json()["user_id"] != first


def test_who_works_in_the_shop_has_an_account_there_already(shop):
    assert register(shop, phone=shop.owner.short_phone).status_code == 409


def test_another_role_needs_an_owner_of_that_shop(shop, other_shop):
    for caller in (Api(), Api(other_shop, other_shop.owner), Api(shop, factories.make_member(shop, Role.MANAGER))):
        answer = register(shop, caller, role="staff")
        assert answer.status_code == 403, answer.content
    assert not User.objects.filter(phone="+919876512345").exists()
    answer = register(shop, Api(shop, shop.owner), role="staff", password="neem-lane-42")
    assert answer.status_code == 201
    assert Membership.objects.get(shop=shop, user=answer.json()["user_id"]).role == "staff"
    assert sign_in(shop, "9876512345", "neem-lane-42").json()["role"] == "staff"


def test_an_owner_gets_no_token_to_somebody_elses_account(shop, other_shop):
    theirs = factories.make_member(other_shop, Role.STAFF)
    answer = register(shop, Api(shop, shop.owner), role="staff", phone=theirs.short_phone)
    assert answer.status_code == 409
    assert not shop.memberships.filter(user=theirs).exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"phone": "12345"}, "phone"), ({"name": ""}, "name"), ({"name": "a\x00b"}, "name"), ({"role": "king"}, "role"),
        ({"email": "asha"}, "email"), ({"shop_id": "x"}, "shop_id"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(shop, wrong, field):
    answer = register(shop, **wrong)
    assert answer.status_code == 422
    assert field in answer.json()["fields"]


def test_a_weak_password_and_an_unknown_shop_are_told(shop):
    weak = register(shop, password="12345678")
    assert (weak.status_code, weak.json()["code"]) == (400, "bad_password")
    gone = Api().post("/auth/register", {"shop_id": 10**9, **ASHA})
    assert (gone.status_code, gone.json()["code"]) == (404, "not_found")


# --- signing in ---------------------------------------------------------------------------------------------------
def test_unknown_phone_wrong_password_and_unknown_shop_are_told_alike(shop):
    wrong = sign_in(shop, shop.owner.short_phone, "not-it")
    others = [sign_in(shop, "9000000001", "not-it"), Api().post("/auth/login", {"shop_id": 10**9, "phone": "9000000002", "password": "x"})]
    assert wrong.status_code == 401
    assert all((one.status_code, one.content) == (401, wrong.content) for one in others)


def test_unknown_and_known_phones_cost_the_same_hash_and_queries(shop, monkeypatch):
    hashed = []
    check, make = User.check_password, User.set_password
    monkeypatch.setattr(User, "check_password", lambda self, text: (hashed.append("one"), check(self, text))[1])
    monkeypatch.setattr(User, "set_password", lambda self, text: (hashed.append("one"), make(self, text))[1])
    asked = []
    for phone in (shop.owner.short_phone, "9000000001"):
        with CaptureQueriesContext(connection) as queries:
            sign_in(shop, phone, "not-it")
        asked.append([query["sql"].split()[0] for query in queries])
    assert asked[0] == asked[1]
    assert hashed == ["one", "one"]


def test_after_five_tries_the_phone_waits_and_a_right_one_starts_anew(shop):
    phone = shop.owner.short_phone
    for _ in range(4):
        assert sign_in(shop, phone, "not-it").status_code == 401
    assert sign_in(shop, phone).status_code == 200
    for _ in range(5):
        assert sign_in(shop, phone, "not-it").status_code == 401
    locked = sign_in(shop, phone)
    assert locked.status_code == 429
    assert 0 < int(locked["Retry-After"]) <= 300
    assert sign_in(shop, factories.make_member(shop).short_phone).status_code == 200


def test_somebody_removed_or_of_another_shop_is_nobody(shop, other_shop):
    member = factories.make_member(shop)
    assert sign_in(other_shop, member.short_phone).status_code == 401
    shop.memberships.filter(user=member).update(is_active=False)
    assert sign_in(shop, member.short_phone).status_code == 401


# --- tokens -------------------------------------------------------------------------------------------------------
def test_a_refresh_token_is_good_once_and_a_copy_ends_the_session(shop, nobody):
    first = sign_in(shop, shop.owner.short_phone).json()
    second = nobody.post("/auth/refresh", {"refresh_token": first["refresh_token"]})
    assert second.status_code == 200
    assert Api(token=second.json()["access_token"]).get("/auth/me").status_code == 200
    copied = nobody.post("/auth/refresh", {"refresh_token": first["refresh_token"]})
    assert (copied.status_code, copied.json()["code"]) == (401, "signed_out")
    for token in (first["access_token"], second.json()["access_token"]):
        assert Api(token=token).get("/auth/me").status_code == 401
    assert nobody.post("/auth/refresh", {"refresh_token": second.json()["refresh_token"]}).status_code == 401


def test_an_access_token_refreshes_nothing_and_a_refresh_token_opens_nothing(shop, nobody):
    tokens = sign_in(shop, shop.owner.short_phone).json()
    assert nobody.post("/auth/refresh", {"refresh_token": tokens["access_token"]}).status_code == 401
    assert Api(token=tokens["refresh_token"]).get("/auth/me").status_code == 401


def test_a_device_signed_out_elsewhere_is_out_at_once(shop):
    laptop, phone = Api(shop, shop.owner), Api(shop, shop.owner)
    devices = phone.get("/auth/sessions").json()
    assert [one["is_this"] for one in devices] == [True, False]
    assert phone.delete(f"/auth/sessions/{devices[1]['id']}").status_code == 200
    assert laptop.get("/auth/me").status_code == 401
    assert phone.get("/auth/me").status_code == 200
    assert phone.delete(f"/auth/sessions/{devices[1]['id']}").status_code == 404


def test_a_new_password_ends_the_tokens_of_the_old(shop):
    caller = Api(shop, shop.owner)
    shop.owner.set_password("another-pass-42")
    shop.owner.save()
    assert caller.get("/auth/me").status_code == 401


def test_the_session_of_a_token_opens_no_page(shop, client):
    """The key of its session is in no token: it is encrypted there."""
    caller = Api(shop, shop.owner)
    key = caller.token.split(".")[1]
    client.cookies["sessionid"] = key
    assert client.get(f"/s/{shop.slug}/products/").status_code == 302


def test_a_token_in_the_address_is_taken_only_where_the_setting_says_so(shop, settings):
    token = Api(shop, shop.owner).token
    assert Api().get(f"/auth/me?token={token}").status_code == 401
    settings.API_QUERY_TOKEN = True
    assert Api().get(f"/auth/me?token={token}").status_code == 200


def test_too_many_calls_are_told_how_long_to_wait(shop, settings):
    settings.API_PER_MINUTE, settings.API_STRANGERS_PER_MINUTE = 3, 2
    caller = Api(shop, shop.owner)
    assert [caller.get("/auth/me").status_code for _ in range(4)] == [200, 200, 200, 429]
    strangers = [Api().get("/auth/me") for _ in range(3)]
    assert strangers[-1].status_code == 429
    assert int(strangers[-1]["Retry-After"]) > 0


# --- codes --------------------------------------------------------------------------------------------------------
def ask(shop, phone):
    return Api().post("/auth/send-otp", {"shop_id": shop.pk, "phone": phone})


def verify(shop, phone, otp):
    return Api().post("/auth/verify-otp", {"shop_id": shop.pk, "phone": phone, "otp": otp})


@pytest.mark.django_db(transaction=True)
def test_a_code_signs_in_once_and_known_and_unknown_phones_are_told_alike(shop, box):
    known, unknown = ask(shop, shop.owner.short_phone), ask(shop, "9000000001")
    assert (known.status_code, known.content) == (200, unknown.content)
    code = box.code()
    assert len(code) == 6
    assert code.encode() not in known.content
    assert verify(shop, shop.owner.short_phone, "000000" if code != "000000" else "111111").status_code == 401
    answer = verify(shop, shop.owner.short_phone, code)
    assert (answer.status_code, answer.json()["role"]) == (200, "owner")
    again = verify(shop, shop.owner.short_phone, code)
    assert (again.status_code, again.json()["code"]) == (401, "bad_code")
    assert verify(shop, "9000000001", code).content == again.content


@pytest.mark.django_db(transaction=True)
def test_a_code_of_one_shop_opens_no_other(shop, other_shop, box):
    both = factories.make_member(shop)
    factories.make_member(other_shop, user=both)
    ask(shop, both.short_phone)
    assert verify(other_shop, both.short_phone, box.code()).status_code == 401


@pytest.mark.django_db(transaction=True)
def test_the_password_of_whoever_typed_the_number_first_is_void_once_its_owner_proves_it(shop, box):
    squatter = Api(token=register(shop, password="neem-lane-42").json()["access_token"])
    ask(shop, "9876512345")
    answer = verify(shop, "9876512345", box.code())
    assert answer.status_code == 200
    assert account_for("+919876512345", shop).phone_proven_at is not None
    assert squatter.get("/auth/me").status_code == 401
    assert sign_in(shop, "9876512345", "neem-lane-42").status_code == 401
    assert Api(token=answer.json()["access_token"]).get("/auth/me").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_two_who_come_with_one_refresh_token_at_once_get_one_pair(shop):
    token = sign_in(shop, shop.owner.short_phone).json()["refresh_token"]
    answers = at_once([lambda: Api().post("/auth/refresh", {"refresh_token": token})] * 4)
    assert sorted(one.status_code for one in answers) == [200, 401, 401, 401]
