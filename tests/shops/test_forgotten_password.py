"""A new password for who forgot theirs: the phone is the proof, and every device is signed out."""

from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from shops.errors import ShopError
from shops.models import User
from shops.passwords import reset_password
from tests import factories
from tests.shops.test_codes import HOURS, pass_time
from tests.shops.test_devices import sign_in

PHONE = "9876543210"
FORGOT, CHECK, NEW = "/password/forgot/", "/password/forgot/check/", "/password/new/"
WORDS = "teen-shabd-yaad"


@pytest.fixture
def person(db):
    return factories.make_user("Meenakumari", f"+91{PHONE}")


@pytest.fixture
def with_code(client, person, box, django_capture_on_commit_callbacks):
    """A browser in which the right code was typed."""
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(FORGOT, {"phone": PHONE}).url == CHECK
    assert client.post(CHECK, {"code": box.code()}).url == NEW
    return client


def test_from_the_sign_in_page_to_a_new_password(client, person, with_code):
    assert f'href="{FORGOT}"' in Client().get("/sign-in/").content.decode()
    assert PHONE in with_code.get(NEW).content.decode()
    answer = with_code.post(NEW, {"password": WORDS})
    assert (answer.status_code, answer.url) == (302, "/")
    assert with_code.get("/devices/").status_code == 200
    assert User.objects.get(pk=person.pk).check_password(WORDS)
    assert with_code.get(NEW).url == FORGOT


def test_the_message_says_what_the_code_is_for(with_code, box):
    assert "new password" in box.messages()[0]["text"]


def test_every_device_is_signed_out_and_its_session_is_gone(person, with_code):
    phone, laptop = sign_in(person), sign_in(person)
    keys = [phone.session.session_key, laptop.session.session_key]
    with_code.post(NEW, {"password": WORDS})
    assert phone.get("/devices/").url.startswith("/sign-in/")
    assert laptop.get("/devices/").url.startswith("/sign-in/")
    assert not Session.objects.filter(pk__in=keys).exists()
    assert UserSession.objects.get(user=person).session_key == with_code.session.session_key


def test_a_token_of_the_api_dies_with_it(shop, person, with_code):
    session = Session.objects.get(pk=sign_in(person).session.session_key)
    of_a_program = UserSession.objects.get(session_key=session.pk)
    of_a_program.data = {"api_shop": shop.pk}
    of_a_program.save(update_fields=["data"])
    with_code.post(NEW, {"password": WORDS})
    assert not Session.objects.filter(pk=session.pk).exists()


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("", "Choose a password."),
        ("short", "at least 8 characters"),
        ("password123", "too common"),
        (f"x{PHONE}", "The phone is no secret"),
        ("meenakumari", "too similar to the name"),
    ],
)
def test_a_weak_password_is_refused_and_another_may_be_tried_without_a_new_code(person, with_code, password, sentence):
    answer = with_code.post(NEW, {"password": password})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert User.objects.get(pk=person.pk).check_password(factories.PASSWORD)
    assert with_code.post(NEW, {"password": WORDS}).status_code == 302


def test_a_wrong_code_leads_nowhere(client, person, box, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        client.post(FORGOT, {"phone": PHONE})
    assert client.post(CHECK, {"code": f"{(int(box.code()) + 1) % 10**6:06}"}).status_code == 422
    assert client.get(NEW).url == FORGOT
    assert client.post(NEW, {"password": WORDS}).url == FORGOT
    assert User.objects.get(pk=person.pk).check_password(factories.PASSWORD)


def test_a_code_for_a_new_password_signs_nobody_in(client, person, box, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        client.post(FORGOT, {"phone": PHONE})
    assert client.post("/sign-in/code/check/", {"code": box.code()}).url == "/sign-in/code/"


def test_the_leave_to_choose_one_ends_after_ten_minutes(person, with_code):
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        assert with_code.post(NEW, {"password": WORDS}).url == FORGOT
    assert User.objects.get(pk=person.pk).check_password(factories.PASSWORD)


def test_the_leave_ends_when_the_password_was_changed_meanwhile(person, with_code):
    person.set_password("another-one-42")
    person.save(update_fields=["password"])
    assert with_code.post(NEW, {"password": WORDS}).url == FORGOT


def test_a_closed_account_stays_closed(person, with_code):
    person.is_active = False
    person.save(update_fields=["is_active"])
    assert with_code.post(NEW, {"password": WORDS}).url == FORGOT


def test_an_unknown_phone_is_answered_the_same(client, person, box, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(FORGOT, {"phone": "9876543299"})
    assert answer.url == CHECK
    assert box.messages() == []
    assert client.post(CHECK, {"code": "123456"}).status_code == 422


def test_the_service_refuses_a_weak_one_and_signs_nobody_out(person):
    device = sign_in(person)
    with pytest.raises(ShopError) as refused:
        reset_password(user=person, new_password="12345678")
    assert refused.value.code == "weak_password"
    assert device.get("/devices/").status_code == 200


def test_asking_for_both_kinds_of_code_is_counted_together(client, person, box):
    assert client.post(FORGOT, {"phone": PHONE}).status_code == 302
    assert client.post("/sign-in/code/", {"phone": PHONE}).status_code == 429
    pass_time(HOURS)
    assert client.post("/sign-in/code/", {"phone": PHONE}).status_code == 302


def test_wrong_method(client, db):
    for url in (FORGOT, CHECK, NEW):
        assert client.put(url).status_code == 405
