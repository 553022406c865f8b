"""Signing in with a code that came by SMS."""

import re
from collections import Counter

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shops.code_models import SignInCode
from tests import factories
from tests.proofs import share
from tests.shops.test_codes import HOURS, pass_time

PHONE, STRANGE = "9876543210", "9876543299"
ASK, CHECK = "/sign-in/code/", "/sign-in/code/check/"


@pytest.fixture
def person(db):
    return factories.make_user("Meena", f"+91{PHONE}")


@pytest.fixture
def ask(box, django_capture_on_commit_callbacks):
    """Ask for a code from this browser: the page that follows."""

    def ask(client, phone=PHONE, url=ASK, **fields):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(url, {"phone": phone, **fields})

    return ask


def is_in(client) -> bool:
    return client.get("/devices/").status_code == 200


def test_asks_for_a_code_and_signs_in_with_it(client, person, ask, box):
    assert 'href="/sign-in/code/"' in client.get("/sign-in/").content.decode()
    assert client.get(ASK).status_code == 200
    assert ask(client).url == CHECK
    assert PHONE in client.get(CHECK).content.decode()
    answer = client.post(CHECK, {"code": box.code()})
    assert (answer.status_code, answer.url) == (302, "/")
    assert is_in(client)
    assert int(client.session["_auth_user_id"]) == person.pk
    assert "code_asked" not in client.session


def test_goes_on_to_the_page_that_was_wanted_and_never_outside(client, person, ask, box):
    page = client.get(f"{ASK}?next=/devices/").content.decode()
    assert 'name="next" value="/devices/"' in page
    ask(client, next="/devices/")
    assert client.post(CHECK, {"code": box.code()}).url == "/devices/"
    pass_time(HOURS)
    other = Client()
    ask(other, next="https://elsewhere.example/")
    assert other.post(CHECK, {"code": box.code()}).url == "/"


def test_the_phone_stands_in_no_address(client, person, ask):
    assert PHONE not in ask(client).url
    assert PHONE not in client.get(CHECK).request["PATH_INFO"]


def test_a_wrong_code_is_refused_in_a_sentence(client, person, ask, box):
    ask(client)
    wrong = f"{(int(box.code()) + 1) % 10**6:06}"
    answer = client.post(CHECK, {"code": wrong})
    assert answer.status_code == 422
    assert "This code is not right or has run out. Ask for a new one." in answer.content.decode()
    assert not is_in(client)
    empty = client.post(CHECK, {})
    assert (empty.status_code, "Type the six digits" in empty.content.decode()) == (422, True)


def test_a_code_is_worth_nothing_in_a_browser_that_asked_for_another_phone(person, ask, box):
    ask(Client())
    code = box.code()
    thief = Client()
    assert thief.post(CHECK, {"code": code}).url == ASK
    ask(thief, STRANGE)
    assert thief.post(CHECK, {"code": code}).status_code == 422


def test_a_code_to_sign_in_sets_no_password(client, person, ask, box):
    ask(client)
    assert client.post("/password/forgot/check/", {"code": box.code()}).url == "/password/forgot/"


def masked(answer) -> str:
    """The page but for its token, and for the phone that was typed."""
    page = re.sub(r'(name="csrfmiddlewaretoken" value=|X-CSRFToken": )"\w+"', "", answer.content.decode())
    return page.replace(PHONE, "PHONE").replace(STRANGE, "PHONE")


def test_a_known_and_an_unknown_phone_are_answered_alike(person, ask, box):
    seen = []
    for phone in (PHONE, STRANGE):
        pass_time(HOURS)
        client = Client()
        client.get(ASK)
        with CaptureQueriesContext(connection) as queries:
            asked = client.post(ASK, {"phone": phone})
        shown = client.get(CHECK)
        with CaptureQueriesContext(connection) as more:
            wrong = client.post(CHECK, {"code": "abc"})
        seen.append(
            [
                (asked.status_code, asked.url, sorted(asked.headers)),
                (shown.status_code, masked(shown)),
                (wrong.status_code, masked(wrong)),
                [query["sql"].split()[0] for query in queries],
                [query["sql"].split()[0] for query in more],
            ]
        )
    assert seen[0] == seen[1]
    assert SignInCode.objects.count() == 2


def test_asking_too_often_is_told_with_the_time_to_wait(client, person, ask):
    ask(client)
    answer = ask(client)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 30
    assert "Too many tries. Wait" in answer.content.decode()
    assert ask(Client(), STRANGE).status_code == 302


def test_a_closed_account_gets_no_code(client, person, ask, box):
    person.is_active = False
    person.save(update_fields=["is_active"])
    assert ask(client).url == CHECK
    assert box.messages() == []


def test_a_phone_that_is_none_is_refused(client, db, ask):
    for phone in ("", "12345", "98765\x0043210", "9" * 5000, "abcdefghij"):
        answer = ask(client, phone)
        assert answer.status_code == 422
        assert "ten digits" in answer.content.decode() or "\0" in phone


def test_who_is_in_already_goes_home(browser, person, ask):
    client = browser(person)
    assert client.get(ASK).url == client.get(CHECK).url == client.post(ASK, {"phone": PHONE}).url == "/"


def test_without_a_phone_there_is_no_code_to_check(client, db):
    assert client.get(CHECK).url == ASK
    assert client.post(CHECK, {"code": "123456"}).url == ASK


def test_where_no_sms_leaves_the_house_nothing_is_offered(client, db, settings):
    settings.SMS_BACKEND, settings.LOCAL = "shops.sms.ConsoleSms", False
    page = client.get("/sign-in/").content.decode()
    assert "/sign-in/code/" not in page
    assert "/password/forgot/" not in page
    assert "the people who run this installation" in page
    answer = client.post(ASK, {"phone": PHONE})
    assert answer.status_code == 422
    assert "Sign in with your password" in answer.content.decode()


def test_while_trying_out_the_page_says_where_the_code_is(client, person, settings, capsys, django_capture_on_commit_callbacks):
    settings.SMS_BACKEND = "shops.sms.ConsoleSms"
    with django_capture_on_commit_callbacks(execute=True):
        client.post(ASK, {"phone": PHONE})
    assert "own lines" in client.get(CHECK).content.decode()
    code = re.search(r"SMS to \+91\d+: (\d{6})", capsys.readouterr().out)[1]
    assert client.post(CHECK, {"code": code}).status_code == 302


def test_wrong_method(client, db):
    for url in (ASK, CHECK):
        assert client.put(url).status_code == 405


def test_ten_thousand_posted_guesses_get_nowhere(person, ask, box):
    """Guessing from one address, then each time from another one: the phone's own count ends it, even for the right code."""
    client = Client()
    ask(client)
    right = box.code()
    statuses = [client.post(CHECK, {"code": f"{number:06}"}).status_code for number in guesses(right, share(10_000))]
    assert Counter(statuses) == {422: 20, 429: share(10_000) - 20}
    assert SignInCode.objects.get().tries == 5
    asked = dict(client.session["code_asked"])
    for number in range(share(1000)):
        elsewhere = Client(REMOTE_ADDR=f"198.51.{number // 250}.{number % 250}")
        session = elsewhere.session
        session["code_asked"] = asked
        session.save()
        elsewhere.cookies["sessionid"] = session.session_key
        assert elsewhere.post(CHECK, {"code": right}).status_code == 429
        assert not is_in(elsewhere)


def guesses(right, most):
    """So many codes, the right one not among them: what is proven is that nobody comes far enough to meet it."""
    return [number for number in range(most + 1) if number != int(right)][:most]
