"""Where one is signed in, and ending it elsewhere."""

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shops.devices import device_words, is_phone
from tests import factories

PHONE = "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36"
LAPTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"


@pytest.fixture
def person(db):
    return factories.make_user("Meena")


def sign_in(person, agent=LAPTOP):
    client = Client(headers={"User-Agent": agent})
    answer = client.post("/sign-in/", {"login": person.phone.as_e164, "password": factories.PASSWORD})
    assert answer.status_code == 302
    return client


def test_lists_each_device_in_words_and_marks_this_one(person):
    sign_in(person, PHONE)
    page = sign_in(person, LAPTOP).get("/devices/").content.decode()
    assert page.index("Firefox on Windows") < page.index("This device") < page.index("Chrome on Android")
    assert page.count("This device") == 1
    assert "127.0.0.1" in page


def test_signs_out_all_others_and_stays(person):
    phone, laptop = sign_in(person, PHONE), sign_in(person)
    assert laptop.post("/devices/").url == "/devices/"
    assert laptop.get("/devices/").status_code == 200
    assert phone.get("/devices/").url.startswith("/sign-in/")
    assert UserSession.objects.filter(user=person).count() == 1


def test_signs_out_one_of_them(person):
    phone, third, laptop = sign_in(person, PHONE), sign_in(person), sign_in(person)
    lost = UserSession.objects.get(user_agent=PHONE)
    assert laptop.post(f"/devices/{lost.pk}/sign-out/").url == "/devices/"
    assert phone.get("/devices/").status_code == 302
    assert third.get("/devices/").status_code == 200


def test_nobody_signs_out_anothers_device(person):
    theirs = sign_in(factories.make_user("Asha"))
    session = UserSession.objects.get(user__name="Asha")
    mine = sign_in(person)
    assert mine.post(f"/devices/{session.pk}/sign-out/").status_code == 404
    assert mine.post("/devices/").status_code == 302
    assert theirs.get("/devices/").status_code == 200


def test_signing_out_drops_off_the_list(person):
    phone, laptop = sign_in(person, PHONE), sign_in(person)
    phone.post("/sign-out/")
    assert "Android" not in laptop.get("/devices/").content.decode()


def test_the_list_is_bounded_by_signing_out_the_oldest_browsers(person, monkeypatch):
    monkeypatch.setattr("shops.signing_out.MOST_DEVICES", 3)
    first = sign_in(person, PHONE)
    of_a_program = UserSession.objects.create(user=person, ip="127.0.0.1", session_key="x" * 32, user_agent="", data={"api_shop": 1})
    others = [sign_in(person) for _ in range(3)]
    assert first.get("/devices/").status_code == 302
    assert all(client.get("/devices/").status_code == 200 for client in others)
    assert UserSession.objects.filter(user=person, data={}).count() == 3
    assert not UserSession.objects.filter(pk=of_a_program.pk).exists(), "it had no session, so the list threw it away"


def test_the_list_asks_the_same_number_of_questions_for_one_device_and_for_ten(person, django_assert_num_queries):
    laptop = sign_in(person)
    laptop.get("/devices/")
    with CaptureQueriesContext(connection) as few:
        laptop.get("/devices/")
    asked = len(few)
    for _ in range(9):
        sign_in(person, PHONE)
    with django_assert_num_queries(asked):
        page = laptop.get("/devices/").content.decode()
    assert page.count("Chrome on Android") == 9


def test_a_changed_password_leaves_no_other_device_on_the_list(person):
    sign_in(person, PHONE)
    laptop = sign_in(person)
    new = "teen-shabd-yaad"
    laptop.post("/password/", {"oldpassword": factories.PASSWORD, "password1": new, "password2": new})
    assert UserSession.objects.get(user=person).user_agent == LAPTOP
    assert "Android" not in laptop.get("/devices/").content.decode()


def test_a_browsers_own_words_are_never_markup(person):
    page = sign_in(person, "<script>alert(1)</script>").get("/devices/").content.decode()
    assert "<script>alert" not in page
    assert "An unknown device" in page


def test_without_a_session_it_is_the_sign_in(client, db):
    assert client.get("/devices/").url == "/sign-in/?next=%2Fdevices%2F"
    assert client.post("/devices/1/sign-out/").url == "/sign-in/?next=%2F"


def test_wrong_method_and_bad_id(person):
    client = sign_in(person)
    assert client.get("/devices/1/sign-out/").status_code == 405
    assert client.post("/devices/99999999999999999999/sign-out/").status_code == 404


@pytest.mark.parametrize(
    ("agent", "words", "phone"),
    [
        (PHONE, "Chrome on Android", True),
        (LAPTOP, "Firefox on Windows", False),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126 Safari/537.36 Edg/126", "Edge on Windows", False),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605 Version/17.5 Mobile Safari/604", "Safari on iPhone", True),
        ("Mozilla/5.0 (Linux; Android 13) SamsungBrowser/25.0 Chrome/121 Mobile Safari/537", "Samsung Internet on Android", True),
        ("Mozilla/5.0 (X11; CrOS x86_64) AppleWebKit/537 Chrome/120 Safari/537", "Chrome on Chromebook", False),
        ("Mozilla/5.0 (Linux)", "A browser on Linux", False),
        ("curl/8.5", "An unknown device", False),
        ("", "An unknown device", False),
    ],
)
def test_a_user_agent_becomes_two_words(agent, words, phone):
    assert (device_words(agent), is_phone(agent)) == (words, phone)
