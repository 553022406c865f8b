"""Changing one's password."""

import pytest

from tests import factories

NEW = "teen-shabd-yaad"


def change(client, old=factories.PASSWORD, new=NEW, again=None):
    return client.post("/password/", {"oldpassword": old, "password1": new, "password2": again or new})


@pytest.fixture
def person(db):
    return factories.make_user("Meena")


def test_changes_it_and_keeps_this_device_signed_in(person, browser):
    client = browser(person)
    answer = change(client)
    assert (answer.status_code, answer.url) == (302, "/")
    person.refresh_from_db()
    assert person.check_password(NEW)
    assert client.get("/devices/").status_code == 200


def test_every_other_device_has_to_sign_in_anew(person, browser):
    other = browser(person)
    assert other.get("/devices/").status_code == 200
    change(browser(person))
    assert other.get("/devices/").url.startswith("/sign-in/")


@pytest.mark.parametrize(
    ("old", "new", "again", "sentence"),
    [
        ("wrong", NEW, NEW, "This is not your present password"),
        (factories.PASSWORD, NEW, NEW + "x", "same password each time"),
        (factories.PASSWORD, "short", "short", "at least 8 characters"),
        (factories.PASSWORD, "password123", "password123", "too common"),
        ("", "", "", "Type it here"),
    ],
)
def test_refuses_in_a_sentence_and_changes_nothing(person, browser, old, new, again, sentence):
    answer = change(browser(person), old, new, again)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    person.refresh_from_db()
    assert person.check_password(factories.PASSWORD)


def test_wrong_present_passwords_cannot_be_tried_for_ever(person, browser):
    client = browser(person)
    answers = [change(client, old="wrong").status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]


def test_without_a_session_it_is_the_sign_in(client, db):
    assert client.get("/password/").url == "/sign-in/?next=%2Fpassword%2F"
    assert change(client).url.startswith("/sign-in/")
