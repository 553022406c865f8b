"""The second step: an authenticator app and recovery codes, asked after password and code; set up with the password, on an own device."""

import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from shops.errors import TooManyTries
from shops.models import Role
from shops.second_step import needs_second_step, second_step_is_right
from smartkirana.web import HANDED_OVER
from tests import factories
from tests.at_once import at_once
from tests.shops.test_codes import pass_time
from tests.smartkirana.admin_world import make_platform_admin

STEP, SAFER = "/sign-in/second-step/", "/safer-sign-in/"
SECRET = generate_totp_secret()


@pytest.fixture
def person(db):
    return factories.make_user("Meena", "+919876543210")


@pytest.fixture
def with_app(person):
    """A person with an authenticator app and recovery codes."""
    TOTP.activate(person, SECRET)
    RecoveryCodes.activate(person)
    return person


def app_code(later=0, secret=SECRET) -> str:
    """What the app shows, `later` half minutes from now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def paper_codes(person) -> list[str]:
    return Authenticator.objects.get(user=person, type="recovery_codes").wrap().get_unused_codes()


def sign_in(person, client=None, **fields):
    client = client or Client()
    return client, client.post("/sign-in/", {"login": person.phone.as_e164, "password": factories.PASSWORD, **fields})


def is_in(client) -> bool:
    return client.get("/devices/").status_code == 200


def reauthenticated(client):
    assert client.post("/this-is-me/?next=/safer-sign-in/", {"password": factories.PASSWORD}).url == SAFER
    return client


@pytest.fixture
def own(person, browser):
    """The person's browser, the password just given."""
    return reauthenticated(browser(person))


# --- signing in -------------------------------------------------------------------------------------------------
def test_the_app_is_asked_after_the_password(with_app):
    client, answer = sign_in(with_app, next="/devices/")
    assert answer.url == STEP
    assert not is_in(client)
    page = client.get(STEP)
    assert "Second step" in page.content.decode()
    done = client.post(STEP, {"code": app_code()})
    assert (done.status_code, done.url) == (302, "/devices/")
    assert is_in(client)


def test_the_app_is_asked_after_a_code_by_sms_too(with_app, box, django_capture_on_commit_callbacks):
    client = Client()
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/sign-in/code/", {"phone": "9876543210"})
    assert client.post("/sign-in/code/check/", {"code": box.code()}).url == STEP
    assert not is_in(client)
    assert client.post(STEP, {"code": app_code()}).status_code == 302
    assert is_in(client)


def test_the_app_is_asked_after_a_new_password_too(with_app, box, django_capture_on_commit_callbacks):
    client = Client()
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/password/forgot/", {"phone": "9876543210"})
    client.post("/password/forgot/check/", {"code": box.code()})
    assert client.post("/password/new/", {"password": "teen-shabd-yaad"}).url == STEP
    assert not is_in(client)


@pytest.mark.django_db
def test_at_the_admins_door_too():
    admin = make_platform_admin()
    TOTP.activate(admin, SECRET)
    client = Client()
    answer = client.post("/sign-in/?next=/admin/", {"login": str(admin.phone), "password": factories.PASSWORD})
    assert answer.url == STEP
    assert client.get("/admin/", follow=True).request["PATH_INFO"] != "/admin/"
    assert client.post(STEP, {"code": app_code()}).url == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_who_has_none_is_not_asked(person):
    client, answer = sign_in(person)
    assert answer.url == "/"
    assert is_in(client)


def test_a_wrong_code_is_refused_in_a_sentence(with_app):
    client, _ = sign_in(with_app)
    answer = client.post(STEP, {"code": app_code(later=9)})
    assert answer.status_code == 422
    assert "This code is not right" in answer.content.decode()
    assert "Type the code of your app" in client.post(STEP, {"code": ""}).content.decode()
    assert not is_in(client)


def test_a_recovery_code_opens_once(with_app):
    code = paper_codes(with_app)[0]
    client, _ = sign_in(with_app)
    assert client.post(STEP, {"code": f"{code[:4]} {code[4:]}"}).status_code == 302
    again, _ = sign_in(with_app)
    assert again.post(STEP, {"code": code}).status_code == 422
    assert len(paper_codes(with_app)) == 9


def test_without_the_first_step_there_is_no_second(with_app):
    client = Client()
    assert client.get(STEP).url == "/sign-in/"
    assert client.post(STEP, {"code": app_code()}).url == "/sign-in/"
    assert not is_in(client)


def test_one_may_go_back_and_sign_in_as_somebody_else(with_app):
    client, _ = sign_in(with_app)
    assert client.get("/sign-in/").url == STEP
    assert client.post("/sign-out/", {"next": "/sign-in/"}).url == "/sign-in/"
    assert client.get("/sign-in/").status_code == 200


@pytest.mark.parametrize("credential", ["", "{}", "[]", "1", '"x"', "[" * 19_000, '{"id": "\\u0000"}', "{" * 30_000,
                                        '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}',
                                        '{"id": 1, "rawId": [], "type": {}, "response": {"userHandle": 7}}'])  # fmt: skip
def test_what_is_no_passkey_is_refused(with_app, own, credential):
    client, _ = sign_in(with_app)
    client.get(STEP)
    assert client.post(STEP, {"credential": credential}).status_code == 422
    stranger = Client()
    stranger.get("/sign-in/passkey/", headers={"Accept": "application/json"})
    assert stranger.post("/sign-in/passkey/", {"credential": credential}).url == "/sign-in/"
    own.get("/safer-sign-in/passkeys/add/")
    assert own.post("/safer-sign-in/passkeys/add/", {"credential": credential}).status_code == 422


# --- the rule that pages and API share --------------------------------------------------------------------------
def test_says_who_needs_it(person):
    assert not needs_second_step(person)
    TOTP.activate(person, SECRET)
    assert needs_second_step(person)


def test_the_clock_may_be_half_a_minute_off(with_app):
    with time_machine.travel(time.time(), tick=False):
        assert second_step_is_right(with_app, app_code(later=-1))
        assert second_step_is_right(with_app, app_code(later=1))
        assert not second_step_is_right(with_app, app_code(later=2))


def test_a_code_is_good_once_and_no_earlier_one_after_it(with_app):
    with time_machine.travel(time.time(), tick=False):
        assert second_step_is_right(with_app, app_code())
        assert not second_step_is_right(with_app, app_code())
        assert not second_step_is_right(with_app, app_code(later=-1))
        used = app_code()
    with time_machine.travel(time.time() + 30, tick=False):
        assert not second_step_is_right(with_app, used)
        assert second_step_is_right(with_app, app_code())


def test_five_wrong_ones_lock_it_for_five_minutes_on_pages_and_api_together(with_app):
    client, _ = sign_in(with_app)
    for _ in range(3):
        client.post(STEP, {"code": "000000"})
    for _ in range(2):
        assert not second_step_is_right(with_app, "111111")
    with pytest.raises(TooManyTries) as refused:
        second_step_is_right(with_app, app_code())
    assert 200 < refused.value.wait <= 300
    answer = client.post(STEP, {"code": app_code()})
    assert answer.status_code == 422
    assert "Too many tries" in answer.content.decode()
    pass_time(301)
    assert client.post(STEP, {"code": app_code()}).status_code == 302


def test_fifty_wrong_ones_are_all_for_a_day(with_app):
    for _ in range(10):
        for _ in range(5):
            assert not second_step_is_right(with_app, "12345678")
        pass_time(301)
    with pytest.raises(TooManyTries) as refused:
        second_step_is_right(with_app, app_code())
    assert refused.value.wait > 3600


@pytest.mark.parametrize("bad", ["", "x" * 5000, "\x00", "²", "१२३४५६"])
def test_what_is_no_code_is_a_wrong_one(with_app, bad):
    assert not second_step_is_right(with_app, bad)


@pytest.mark.django_db(transaction=True)
def test_one_code_used_by_four_at_once_is_right_once():
    person = factories.make_user("Meena", "+919876543210")
    TOTP.activate(person, SECRET)
    code = app_code()
    assert sorted(at_once([lambda: second_step_is_right(person, code)] * 4)) == [False, False, False, True]


# --- what is kept -----------------------------------------------------------------------------------------------
def test_a_stolen_database_tells_no_secret(with_app, settings):
    for kept in Authenticator.objects.filter(user=with_app):
        assert SECRET not in str(kept.data)
    codes = paper_codes(with_app)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another secret of this installation"
    assert paper_codes(with_app) == codes
    assert second_step_is_right(with_app, app_code())
    settings.SECRET_KEY_FALLBACKS = []
    assert paper_codes(with_app) != codes
    assert not second_step_is_right(with_app, app_code(later=1))


# --- setting it up ----------------------------------------------------------------------------------------------
CHANGES = ("app/", "passkeys/add/", "recovery-codes/new/")


def test_from_the_devices_page_to_an_app_and_recovery_codes(person, own):
    assert f'href="{SAFER}"' in own.get("/devices/").content.decode()
    assert "Nothing is added yet" in own.get(SAFER).content.decode()
    page = own.get("/safer-sign-in/app/")
    shown = page.content.decode()
    assert "data:image/svg+xml;base64," in shown
    secret = re.search(r'id="app-key">(\w+)<', shown)[1]
    assert own.post("/safer-sign-in/app/", {"code": "000000"}).status_code == 422
    answer = own.post("/safer-sign-in/app/", {"code": app_code(secret=secret)})
    assert answer.url == "/safer-sign-in/recovery-codes/"
    codes = own.get(answer.url).content.decode()
    assert all(code in codes for code in paper_codes(person))
    now = own.get(SAFER).content.decode()
    assert "Authenticator app" in now
    assert "10 are left" in now
    assert sign_in(person)[1].url == STEP


def test_removing_the_app_takes_the_second_step_away(with_app, own):
    assert own.get("/safer-sign-in/app/").url == "/safer-sign-in/app/remove/"
    assert own.get("/safer-sign-in/app/remove/").status_code == 200
    assert own.post("/safer-sign-in/app/remove/").url == SAFER
    assert not Authenticator.objects.filter(user=with_app).exists()
    assert sign_in(with_app)[1].url == "/"


def test_new_recovery_codes_end_the_old_ones(with_app, own):
    old = paper_codes(with_app)
    assert own.get("/safer-sign-in/recovery-codes/new/").status_code == 200
    assert own.post("/safer-sign-in/recovery-codes/new/").url == "/safer-sign-in/recovery-codes/"
    assert not set(old) & set(paper_codes(with_app))


def test_without_a_second_step_there_are_no_recovery_codes(person, own):
    assert own.get("/safer-sign-in/recovery-codes/").status_code == 404
    answer = own.post("/safer-sign-in/recovery-codes/new/")
    assert answer.status_code == 422
    assert "Add one first" in answer.content.decode()


@pytest.mark.parametrize("page", [*CHANGES, "recovery-codes/", "app/remove/"])
def test_the_password_is_asked_before_anything_is_shown_or_changed(with_app, browser, page):
    if page == "app/":
        Authenticator.objects.filter(user=with_app).delete()
    client = browser(with_app)
    for answer in (client.get(f"{SAFER}{page}"), client.post(f"{SAFER}{page}")):
        if answer.status_code != 405:
            assert answer.status_code == 302
            assert answer.url.startswith("/this-is-me/?next=%2Fsafer-sign-in%2F")
    shown = client.get(f"/this-is-me/?next={SAFER}{page}").content.decode()
    assert "Before you change how you sign in" in shown
    assert client.post(f"/this-is-me/?next={SAFER}{page}", {"password": "wrong"}).status_code == 422
    assert client.get(f"{SAFER}{page}").status_code == 302
    reauthenticated(client)
    assert client.get(f"{SAFER}{page}").status_code == 200
    with time_machine.travel(time.time() + 301):
        assert client.get(f"{SAFER}{page}").status_code == 302


def test_nobody_changes_it_while_somebody_else_may_stand_there(person, own):
    session = own.session
    session[HANDED_OVER] = {"x": 0}
    session.save()
    for page in ("", *CHANGES, "recovery-codes/", "app/remove/", "passkeys/1/remove/"):
        assert own.get(f"{SAFER}{page}").url.startswith("/this-is-me/"), page


@pytest.mark.parametrize("page", ["", *CHANGES, "recovery-codes/", "app/remove/", "passkeys/1/remove/"])
def test_without_a_session_it_is_the_sign_in(client, db, page):
    assert client.get(f"{SAFER}{page}").url.startswith("/sign-in/?next=")


def test_owners_are_advised_until_they_have_one(shop, browser):
    words = "Add a second step."
    owner, clerk = shop.owner, factories.make_member(shop, Role.STAFF)
    assert words in browser(owner).get("/devices/").content.decode()
    assert words not in browser(clerk).get("/devices/").content.decode()
    TOTP.activate(owner, SECRET)
    assert words not in browser(owner).get("/devices/").content.decode()


def test_a_passkey_of_another_person_is_not_there(person, own):
    other = Authenticator.objects.create(user=factories.make_user(), type="webauthn", data={"name": "x", "credential": {}})
    assert own.get(f"/safer-sign-in/passkeys/{other.pk}/remove/").status_code == 404
    assert own.post(f"/safer-sign-in/passkeys/{other.pk}/remove/").status_code == 404
    assert Authenticator.objects.filter(pk=other.pk).exists()


def test_ten_passkeys_are_enough(person, own):
    for number in range(10):
        Authenticator.objects.create(user=person, type="webauthn", data={"name": f"key {number}", "credential": {}})
    page = own.get(SAFER).content.decode()
    assert page.count("/remove/") == 10
    answer = own.post("/safer-sign-in/passkeys/add/", {"credential": '{"id": "x"}'})
    assert answer.url == SAFER
    assert "You have ten passkeys already" in own.get(SAFER).content.decode()


# --- help by the people who run the installation ----------------------------------------------------------------
def test_a_platform_admin_lets_somebody_in_who_lost_all(client, with_app):
    client.force_login(make_platform_admin())
    listed = client.get("/admin/mfa/authenticator/").content.decode()
    assert "Meena" in listed
    app = Authenticator.objects.get(user=with_app, type="totp")
    shown = client.get(f"/admin/mfa/authenticator/{app.pk}/change/").content.decode()
    assert "secret" not in shown
    assert client.get("/admin/mfa/authenticator/", {"data__secret__startswith": "g"}).status_code == 400
    assert client.post(f"/admin/mfa/authenticator/{app.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not needs_second_step(with_app)
    assert not Authenticator.objects.filter(user=with_app).exists()


def test_an_owner_sees_nothing_of_it_in_the_admin(client, shop):
    client.force_login(shop.owner)
    assert client.get("/admin/mfa/authenticator/").status_code == 403
