"""Passkeys: added with the password, then a way in by themselves and a second step. Made in software here; in a browser in
tests/browser/test_passkey.py."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from shops.second_step import needs_second_step
from tests import factories
from tests.passkeys import Passkey, make_passkey, options_on
from tests.shops.test_second_step import SAFER, STEP, is_in, reauthenticated, sign_in

ADD, IN = "/safer-sign-in/passkeys/add/", "/sign-in/passkey/"
JSON = {"Accept": "application/json"}


@pytest.fixture
def person(db):
    return factories.make_user("Meena", "+919876543210")


@pytest.fixture
def own(person, browser):
    """The person's browser, the password just given."""
    return reauthenticated(browser(person))


@pytest.fixture
def passkey(person, own):
    """A passkey of the person, added as a browser would."""
    key = Passkey(person)
    options = options_on(own.get(ADD).content.decode())["creation_options"]
    answer = own.post(ADD, {"name": "My phone", "credential": json.dumps(key.make(options))})
    assert answer.url == "/safer-sign-in/recovery-codes/"
    return key


def asked(client) -> dict:
    return client.get(IN, headers=JSON).json()["request_options"]


def test_adding_one_names_it_and_gives_recovery_codes(person, own, passkey):
    page = own.get(SAFER).content.decode()
    assert "My phone" in page
    assert "10 are left" in page
    assert needs_second_step(person)


def test_the_browser_is_asked_to_keep_it_and_to_look_who_it_is(person, own):
    options = options_on(own.get(ADD).content.decode())["creation_options"]["publicKey"]
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["rp"] == {"id": "testserver", "name": "SmartKirana"}
    assert options["user"]["name"] == "9876543210"


def test_it_signs_in_by_itself_and_without_a_second_step(person, passkey):
    client = Client()
    assert "/sign-in/passkey/" in client.get("/sign-in/").content.decode()
    answer = client.post(IN, {"credential": json.dumps(passkey.use(asked(client))), "next": "/devices/"})
    assert (answer.status_code, answer.url) == (302, "/devices/")
    assert is_in(client)


def test_it_is_the_second_step_after_the_password(person, passkey):
    client, answer = sign_in(person)
    assert answer.url == STEP
    options = options_on(client.get(STEP).content.decode())["request_options"]
    assert client.post(STEP, {"credential": json.dumps(passkey.use(options))}).status_code == 302
    assert is_in(client)


def test_an_answer_is_good_once_and_for_the_browser_that_was_asked(person, passkey):
    client, other = Client(), Client()
    answer = json.dumps(passkey.use(asked(client)))
    asked(other)
    assert other.post(IN, {"credential": answer}).url == "/sign-in/"
    assert not is_in(other)
    assert client.post(IN, {"credential": answer}).url == "/"
    client.post("/sign-out/")
    assert client.post(IN, {"credential": answer}).url == "/sign-in/"


def test_a_key_nobody_added_opens_nothing(person, passkey):
    client = Client()
    assert client.post(IN, {"credential": json.dumps(Passkey(person).use(asked(client)))}).url == "/sign-in/"
    assert "not right" in client.get("/sign-in/").content.decode()


def test_a_device_that_was_not_unlocked_opens_nothing(person, own, passkey):
    from allauth.mfa.webauthn.internal.auth import AuthenticatorData

    passkey.flags = AuthenticatorData.FLAG.UP
    client = Client()
    assert client.post(IN, {"credential": json.dumps(passkey.use(asked(client)))}).url == "/sign-in/"
    options = options_on(own.get(ADD).content.decode())["creation_options"]
    careless = Passkey(person, verified=False)
    assert own.post(ADD, {"credential": json.dumps(careless.make(options))}).status_code == 422


def test_another_sites_answer_opens_nothing(person, passkey):
    passkey.host = "elsewhere.example"
    client = Client()
    assert client.post(IN, {"credential": json.dumps(passkey.use(asked(client)))}).url == "/sign-in/"


def test_on_the_internet_the_address_it_was_asked_at_must_be_ours(person, passkey, settings):
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False
    client = Client()
    right = passkey.use(asked(client))
    passkey._said = lambda kind, challenge: Passkey._said(Passkey(person, host="testserver.elsewhere.example"), kind, challenge)
    assert client.post(IN, {"credential": json.dumps(passkey.use(asked(client)))}).url == "/sign-in/"
    assert right
    del passkey._said
    assert client.post(IN, {"credential": json.dumps(passkey.use(asked(client)))}).url == "/"


def test_a_closed_account_is_not_opened(person, passkey):
    person.is_active = False
    person.save(update_fields=["is_active"])
    client = Client()
    client.post(IN, {"credential": json.dumps(passkey.use(asked(client)))})
    assert not is_in(client)


def test_removing_the_last_one_takes_the_recovery_codes_too(person, own, passkey):
    key = Authenticator.objects.get(user=person, type="webauthn")
    url = f"/safer-sign-in/passkeys/{key.pk}/remove/"
    assert "My phone" in own.get(url).content.decode()
    assert own.post(url).url == SAFER
    assert not Authenticator.objects.filter(user=person).exists()
    assert sign_in(person)[1].url == "/"


def test_a_name_that_is_left_out_is_the_devices(person, own):
    client = reauthenticated(own)
    options = options_on(client.get(ADD).content.decode())["creation_options"]
    agent = "Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36"
    client.post(ADD, {"name": "", "credential": json.dumps(Passkey(person).make(options))}, headers={"User-Agent": agent})
    assert str(Authenticator.objects.get(user=person, type="webauthn")) == "Chrome on Android"


def test_two_people_on_one_computer_are_told_apart(person, passkey):
    other = factories.make_user("Asha")
    kept = make_passkey(other, "Asha's")
    client = Client()
    client.post(IN, {"credential": json.dumps(passkey.use(asked(client)))})
    assert int(client.session["_auth_user_id"]) == person.pk != kept.user_id


def test_without_json_the_address_leads_to_the_sign_in_page(client, db):
    assert client.get(IN).url == "/sign-in/"
    assert client.put(IN).status_code == 405
