"""Taking up an invitation: a new person, a known one, and what a stranger may not learn."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from shops.errors import ShopError
from shops.models import Invitation, Membership, Role, User
from shops.services import WRONG_CODE, invite, join, remove_member
from tests import factories

PHONE = "9876511111"
E164 = f"+91{PHONE}"
NEW = "teen-shabd-yaad"


@pytest.fixture
def code(shop):
    return invite(shop=shop, by=shop.owner, name="Deepak", phone=E164, role=Role.STAFF)[1]


def send(client, code, phone=PHONE, password=NEW, ip="10.0.0.1"):
    return client.post("/join/", {"phone": phone, "code": code, "password": password}, REMOTE_ADDR=ip)


def test_a_new_person_joins_and_is_signed_in(shop, client, code):
    answer = send(client, code)
    assert answer.status_code == 302
    assert answer.url.startswith(f"/s/{shop.slug}/")
    person = User.objects.get(phone=E164)
    assert (person.name, person.check_password(NEW)) == ("Deepak", True)
    place = Membership.objects.get(user=person)
    assert (place.shop, place.role, place.added_by) == (shop, "staff", shop.owner)
    assert client.get(f"/s/{shop.slug}/more/").status_code == 200
    assert "This device" in client.get("/devices/").content.decode()


@pytest.mark.parametrize("typed", ["{}-{}", " {} {} ", "{}{}"])
def test_the_code_may_be_typed_with_gaps_and_small_letters(client, code, typed):
    assert send(client, typed.format(code[:4], code[4:]).lower()).status_code == 302


def test_a_code_is_good_once(client, browser, code):
    send(client, code)
    assert send(browser(), code).status_code == 422
    with pytest.raises(ShopError) as refused:
        join(phone=E164, code=code, password=NEW)
    assert refused.value.code == "wrong_code"


def test_a_code_is_good_for_seven_days(client, code):
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert send(client, code).status_code == 422


def test_a_code_taken_back_is_worth_nothing(client, code):
    Invitation.objects.all().delete()
    assert send(client, code).status_code == 422


def test_a_code_of_a_closed_shop_is_worth_nothing(shop, client, code):
    shop.is_active = False
    shop.save(update_fields=["is_active"])
    assert send(client, code).status_code == 422


def test_a_code_belongs_to_its_phone(client, code):
    answer = send(client, code, phone="9876522222")
    assert WRONG_CODE in answer.content.decode()
    assert not User.objects.filter(phone="+919876522222").exists()


def test_a_stranger_cannot_learn_whether_a_phone_is_known(shop, browser, code):
    factories.make_user("Known", phone="+919876533333")
    pages = []
    for phone in (PHONE, "9876533333", "9876544444", shop.owner.phone.as_e164):
        page = send(browser(), "ABCD-EFGH", phone=phone).content.decode()
        assert WRONG_CODE in page
        pages.append(page.replace(phone, ""))
    assert len({page.split("<main")[1].split("</main")[0].partition("csrfmiddlewaretoken")[0] for page in pages}) == 1


def test_who_has_an_account_is_asked_to_sign_in_first_but_only_after_the_right_code(shop, client):
    person = factories.make_user("Asha", phone=E164)
    code = invite(shop=shop, by=shop.owner, name="Asha", phone=E164, role=Role.MANAGER)[1]
    answer = send(client, code)
    assert answer.url == "/sign-in/?next=%2Fjoin%2F"
    person.refresh_from_db()
    assert person.check_password(factories.PASSWORD)
    assert not Membership.objects.filter(user=person).exists()
    assert Invitation.objects.get().accepted_at is None


def test_a_signed_in_person_joins_with_the_code_alone(shop, browser):
    person = factories.make_user("Asha", phone=E164)
    code = invite(shop=shop, by=shop.owner, name="Asha", phone=E164, role=Role.MANAGER)[1]
    client = browser(person)
    assert 'name="password"' not in client.get("/join/").content.decode()
    assert client.post("/join/", {"code": code}).url == f"/s/{shop.slug}/counter/"
    assert Membership.objects.get(user=person).role == "manager"


def test_a_signed_in_person_cannot_take_up_anothers_code(shop, browser, code):
    person = factories.make_user()
    answer = browser(person).post("/join/", {"code": code, "phone": PHONE})
    assert answer.status_code == 422
    assert not Membership.objects.filter(user=person).exists()


def test_who_was_removed_comes_back_by_a_new_invitation(shop, browser):
    person = factories.make_member(shop, Role.STAFF, user=factories.make_user(phone=E164))
    remove_member(membership=shop.memberships.get(user=person))
    code = invite(shop=shop, by=shop.owner, name="Asha", phone=E164, role=Role.MANAGER)[1]
    browser(person).post("/join/", {"code": code})
    place = shop.memberships.get(user=person)
    assert (place.is_active, place.role) == (True, "manager")


def test_taking_up_an_old_invitation_never_lowers_a_role(shop):
    code = invite(shop=shop, by=shop.owner, name="Asha", phone=E164, role=Role.STAFF)[1]
    person = factories.make_member(shop, Role.OWNER, user=factories.make_user(phone=E164))
    assert join(phone=E164, code=code, user=person).role == "owner"


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("", "Choose a password"),
        ("short", "at least 8 characters"),
        ("password123", "too common"),
        (PHONE, "The phone is no secret"),
        ("98765 11111!", "The phone is no secret"),
        ("deepak99", "similar to the name"),
    ],
)
def test_a_weak_password_is_refused_and_the_code_stays_good(client, code, password, sentence):
    answer = send(client, code, password=password)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not User.objects.filter(phone=E164).exists()
    assert send(client, code).status_code == 302


def test_codes_cannot_be_guessed_for_long(client, code):
    statuses = [send(client, "ABCD-EFGH", ip=f"10.0.0.{n}").status_code for n in range(6)]
    assert statuses == [422] * 5 + [429]
    assert send(client, code, ip="10.0.0.99").status_code == 429
    cache.clear()
    assert send(client, code).status_code == 302


def test_one_address_cannot_guess_for_many_phones(client, db):
    statuses = [send(client, "ABCD-EFGH", phone=f"98765000{n:02d}").status_code for n in range(21)]
    assert statuses == [422] * 20 + [429]


@pytest.mark.parametrize("typed", ["", "x" * 21, "\x00", "🔑🔑🔑", "<script>"])
def test_nonsense_is_refused_without_breaking(client, code, typed):
    assert send(client, typed).status_code == 422


def test_no_code_stands_in_an_address(client, code):
    assert client.get(f"/join/?code={code}").content.decode().count(code) == 0
    assert client.put("/join/").status_code == 405
