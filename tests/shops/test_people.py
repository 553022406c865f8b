"""The list of people, and inviting them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shops.models import Invitation, Role
from shops.services import CODE_LETTERS, invite, remove_member
from tests import factories

PHONE = "9876511111"


@pytest.fixture
def asked(shop):
    return invite(shop=shop, by=shop.owner, name="Deepak", phone=f"+91{PHONE}", role=Role.STAFF)


def send(client, shop, **data):
    return client.post(f"/s/{shop.slug}/people/invite/", {"name": "Deepak", "phone": PHONE, "role": "staff"} | data)


# --- the list -------------------------------------------------------------------------------------------------
def test_shows_who_works_here_who_is_asked_and_who_left(shop, browser, asked):
    factories.make_member(shop, user=factories.make_user("Anil"))
    factories.make_member(shop, user=factories.make_user("Ravi"))
    remove_member(membership=shop.memberships.get(user__name="Ravi"))
    page = browser(shop.owner).get(f"/s/{shop.slug}/people/").content.decode()
    assert page.index("Anil") < page.index("Deepak") < page.index("Ravi")
    assert "2 people work here" in page
    assert asked[1] not in page
    assert asked[0].code_hash not in page


def test_only_the_owner_gets_to_the_list(ladder):
    assert ladder("people/")


def test_the_list_takes_as_many_queries_for_twenty_as_for_one(shop, browser, django_assert_num_queries):
    client = browser(shop.owner)
    url = f"/s/{shop.slug}/people/"
    client.get(url)
    with django_assert_num_queries(5):
        client.get(url)
    for _ in range(20):
        factories.make_member(shop)
    with django_assert_num_queries(5):
        assert client.get(url).content.count(b"<tr>") == 22


def test_of_another_shop_nobody_is_shown(shop, other_shop, browser):
    invite(shop=other_shop, by=other_shop.owner, name="Theirs", phone=f"+91{PHONE}", role=Role.STAFF)
    page = browser(shop.owner).get(f"/s/{shop.slug}/people/").content.decode()
    assert "Theirs" not in page
    assert other_shop.owner.name not in page


# --- inviting -------------------------------------------------------------------------------------------------
def test_an_invitation_shows_its_code_once_and_keeps_only_a_hash(shop, browser):
    answer = send(browser(shop.owner), shop)
    assert answer.status_code == 200
    code = answer.context["code"]
    assert len(code) == 9
    assert set(code) - {"-"} <= set(CODE_LETTERS)
    assert code in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    kept = Invitation.objects.get()
    assert code.replace("-", "") not in str(vars(kept))
    assert timedelta(days=6, hours=23) < kept.expires_at - timezone.now() <= timedelta(days=7)
    assert (kept.name, kept.phone.as_e164, kept.role, kept.invited_by) == ("Deepak", f"+91{PHONE}", "staff", shop.owner)


def test_codes_have_no_letters_that_are_misread():
    assert not set("01OILU") & set(CODE_LETTERS)
    assert len(set(CODE_LETTERS)) == len(CODE_LETTERS) >= 30


def test_two_codes_are_never_the_same(shop):
    codes = {invite(shop=shop, by=shop.owner, name="D", phone=f"+91{PHONE}", role="staff")[1] for _ in range(20)}
    assert len(codes) == 20
    assert shop.invitations.count() == 1


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"name": ""}, "Say who it is"),
        ({"name": "\u200b\u202e"}, "Say who it is"),
        ({"phone": "12345"}, "Type the ten digits"),
        ({"phone": ""}, "Type the ten digits"),
        ({"role": "boss"}, "Select a valid choice"),
        ({"role": ""}, "required"),
        ({"name": "x" * 81}, "at most 80"),
    ],
)
def test_a_bad_invitation_is_refused_in_a_sentence(shop, browser, data, sentence):
    answer = send(browser(shop.owner), shop, **data)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Invitation.objects.exists()


def test_who_works_here_is_not_invited_again(shop, browser):
    member = factories.make_member(shop, user=factories.make_user("Anil", phone=f"+91{PHONE}"))
    answer = send(browser(shop.owner), shop)
    assert answer.status_code == 422
    assert f"{member.name} works here already, as staff" in answer.content.decode()


def test_only_the_owner_invites(ladder):
    assert ladder("people/invite/")
    assert ladder("people/invite/", "post")


# --- its code again, and taking it back -----------------------------------------------------------------------
def test_a_new_code_ends_the_old_one(shop, browser, asked):
    invitation, code = asked
    answer = browser(shop.owner).post(f"/s/{shop.slug}/people/invited/{invitation.pk}/new-code/")
    assert answer.context["code"].replace("-", "") != code
    again = Invitation.objects.get()
    assert (again.pk, again.code_hash != invitation.code_hash) == (invitation.pk, True)


def test_an_invitation_can_be_taken_back(shop, browser, asked):
    answer = browser(shop.owner).post(f"/s/{shop.slug}/people/invited/{asked[0].pk}/withdraw/")
    assert answer.url == f"/s/{shop.slug}/people/"
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("act", ["new-code", "withdraw"])
def test_only_the_owner_of_that_shop_touches_an_invitation(shop, other_shop, browser, ladder, asked, act):
    path = f"people/invited/{asked[0].pk}/{act}/"
    assert ladder(path, "post")
    assert browser(other_shop.owner).post(f"/s/{other_shop.slug}/{path}").status_code == 404
    assert browser(shop.owner).get(f"/s/{shop.slug}/{path}").status_code == 405
    assert Invitation.objects.get().code_hash == asked[0].code_hash
