"""`manage.py create_shop`: by flags, by questions, and nothing half-made."""

import io
import sys

import pytest
from django.core.management import CommandError, call_command

from ledger.models import Account
from shops.models import Shop, User
from tests import factories

FLAGS = {
    "name": "Sharma Kirana",
    "address": "14 Tilak Road",
    "city": "Pune",
    "pincode": "411030",
    "state": "Maharashtra",
    "owner_phone": "98765 43299",
    "owner_name": "Ramesh Sharma",
}


@pytest.fixture(autouse=True)
def password(monkeypatch):
    monkeypatch.setenv("OWNER_PASSWORD", "teen-shabd-yaad")


def create(**flags):
    out = io.StringIO()
    call_command("create_shop", no_input=True, stdout=out, **FLAGS | flags)
    return out.getvalue()


def test_makes_the_shop_its_books_its_counter_and_its_owner(db):
    said = create()
    shop = Shop.objects.get()
    assert f"/s/{shop.slug}/" in said
    assert "teen-shabd-yaad" not in said
    assert (shop.slug, shop.state_code, shop.scheme) == ("sharma-kirana", "27", "unregistered")
    assert [(c.name, c.code) for c in shop.counters.all()] == [("Counter 1", "S1")]
    owner = shop.memberships.get().user
    assert (owner.name, owner.phone.as_e164, owner.check_password("teen-shabd-yaad")) == ("Ramesh Sharma", "+919876543299", True)
    assert Account.objects.filter(shop=shop).count() > 10


def test_a_gstin_tells_the_state_and_the_scheme(db):
    create(gstin=factories.GSTIN, state=None)
    shop = Shop.objects.get()
    assert (shop.scheme, shop.state_code, shop.pan) == ("regular", "27", "AAPFU0939F")


def test_a_known_phone_becomes_the_owner_and_keeps_its_password(db, monkeypatch):
    monkeypatch.delenv("OWNER_PASSWORD")
    known = factories.make_user("Asha", phone="+919876543299")
    create(owner_name=None)
    assert Shop.objects.get().memberships.get().user == known
    known.refresh_from_db()
    assert known.check_password(factories.PASSWORD)


@pytest.mark.parametrize(
    ("flags", "sentences"),
    [
        ({"name": None}, ["--name: "]),
        ({"pincode": "1", "owner_phone": "12"}, ["--pincode: A PIN code has 6 digits", "--owner-phone: Type the ten digits"]),
        ({"state": "Atlantis"}, ["--state: "]),
        ({"gstin": "27AAPFU0939F1ZX"}, ["--gstin: One character of this GSTIN is misread"]),
        ({"scheme": "regular"}, ["--gstin: A registered shop needs its GSTIN"]),
        ({"scheme": "flat"}, ["--scheme: "]),
        ({"counter_code": "12"}, ["--counter-code: One letter"]),
        ({"fssai": "12"}, ["--fssai: An FSSAI number has 14 digits"]),
        ({"slug": "a b"}, ["--slug: "]),
    ],
)
def test_says_every_mistake_and_makes_nothing(db, flags, sentences):
    with pytest.raises(CommandError) as refused:
        create(**flags)
    assert all(sentence in str(refused.value) for sentence in sentences)
    assert not Shop.objects.exists()
    assert not User.objects.exists()


def test_a_slug_in_use_is_refused(shop):
    with pytest.raises(CommandError, match="Another shop has this address"):
        create(slug=shop.slug)
    assert User.objects.count() == 1


@pytest.mark.parametrize(("given", "sentence"), [("", "Set OWNER_PASSWORD"), ("short", "at least 8 characters")])
def test_wants_a_good_password_and_makes_nothing_without(db, monkeypatch, given, sentence):
    monkeypatch.setenv("OWNER_PASSWORD", given)
    with pytest.raises(CommandError, match=sentence):
        create()
    assert not Shop.objects.exists()
    assert not User.objects.exists()


def test_asks_for_what_is_missing_and_again_for_what_was_wrong(db, monkeypatch):
    answers = ["Sharma Kirana", "14 Tilak Road", "Pune", "12", "", "maharashtra", "9876543299", "Ramesh", "411030"]
    typed = io.StringIO("\n".join(answers) + "\n")
    typed.isatty = lambda: True
    monkeypatch.setattr(sys, "stdin", typed)
    call_command("create_shop", stdout=io.StringIO(), stderr=io.StringIO())
    shop = Shop.objects.get()
    assert (shop.name, shop.pincode, shop.state_code, shop.memberships.get().user.name) == ("Sharma Kirana", "411030", "27", "Ramesh")


def test_a_second_shop_of_the_same_name_gets_its_own_address(db):
    create()
    create()
    assert sorted(Shop.objects.values_list("slug", flat=True)) == ["sharma-kirana", "sharma-kirana-2"]
