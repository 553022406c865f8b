"""PINs of the counter: what they may be, what is kept of them, and that five wrong tries are five, whoever counts."""

import os
import subprocess
import sys
import textwrap
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from shops import pins
from shops.errors import ShopError
from shops.models import Membership, Pin, Role
from shops.pins import MOST_TRIES, WrongPin, check_pin, clear_pin, set_pin
from shops.services import change_role, remove_member, restore_member
from smartkirana.db_rules import broken_rule
from tests import factories
from tests.at_once import at_once

GOOD = "4826"


@pytest.fixture
def place(shop):
    """Anil, staff of the shop."""
    anil = factories.make_member(shop, Role.STAFF, user=factories.make_user("Anil", "+919876543218"))
    return shop.memberships.select_related("user", "shop").get(user=anil)


@pytest.fixture
def with_pin(place):
    set_pin(membership=place, pin=GOOD, by=place.user)
    return place


def refusal(act, *args, **kwargs) -> str:
    with pytest.raises(ShopError) as refused:
        act(*args, **kwargs)
    return refused.value.code


def refused_tries(place, tries) -> list[str]:
    return [refusal(check_pin, place, pin) for pin in tries]


# --- setting one ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("weak", ["0000", "1111", "999999", "1234", "4321", "6789", "123456", "1212", "121212", "123123", "2580",
                                  "1984", "2011", "9876", "6543", "43218"])  # fmt: skip
def test_what_people_try_first_is_refused(place, weak):
    assert refusal(set_pin, membership=place, pin=weak, by=place.user) == "weak_pin"
    assert not Pin.objects.exists()


@pytest.mark.parametrize("bad", ["", "123", "4826173", "48a6", "48 26", "-482", "４８２", "4.826", "²³⁴⁵"])
def test_only_four_to_six_digits_are_a_pin(place, bad):
    assert refusal(set_pin, membership=place, pin=bad, by=place.user) == "bad_pin"


@pytest.mark.parametrize(("set_as", "typed"), [("4826", " 4826 "), ("४८२६", "4826"), ("48261", "४८२६१"), ("048261", "048261")])
def test_digits_count_in_any_script(place, set_as, typed):
    set_pin(membership=place, pin=set_as, by=place.user)
    assert check_pin(place, typed).membership_id == place.pk


def test_only_a_hash_is_kept_and_it_is_bound_to_the_person(with_pin, shop):
    kept = with_pin.pin
    assert GOOD not in kept.hash
    assert kept.digits == 4
    other = shop.memberships.get(user=factories.make_member(shop))
    Pin.objects.create(shop=shop, membership=other, digits=4, set_by=other.user, hash=kept.hash)
    assert refusal(check_pin, other, GOOD) == "wrong_pin", "a hash moved to another row opens nothing"


def test_the_database_refuses_digits_for_a_hash(place):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Pin.objects.create(shop=place.shop, membership=place, digits=4, set_by=place.user, hash=GOOD)
    assert broken_rule(refused.value) == "shops_pin_hashed"


def test_the_database_keeps_a_pin_in_its_shop_and_as_it_was_set(with_pin, other_shop):
    kept = with_pin.pin
    theirs = other_shop.memberships.get()
    with pytest.raises(IntegrityError) as refused, transaction.atomic():  # noqa: PT012
        Pin.objects.create(shop=with_pin.shop, membership=theirs, digits=4, set_by=theirs.user, hash=kept.hash)
        connection.check_constraints()
    assert broken_rule(refused.value) == "shops_pin_membership_same_shop"
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Pin.objects.filter(pk=kept.pk).update(hash=kept.hash + "x")
    assert broken_rule(refused.value) == "shops_pin_frozen"


def test_two_people_of_a_shop_may_have_the_same(with_pin, shop):
    other = shop.memberships.get(user=shop.owner)
    set_pin(membership=other, pin=GOOD, by=shop.owner)
    assert check_pin(other, GOOD).pk != check_pin(with_pin, GOOD).pk


def test_a_secret_that_was_changed_leaves_pins_as_they_are_while_it_is_named(with_pin, settings):
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another secret"
    assert check_pin(with_pin, GOOD)
    settings.SECRET_KEY_FALLBACKS = []
    assert refusal(check_pin, with_pin, GOOD) == "wrong_pin"


def test_an_owner_sets_a_first_pin_and_cannot_set_one_over_the_persons_own(place, shop):
    first = set_pin(membership=place, pin=GOOD, by=shop.owner)
    assert first.is_first
    own = set_pin(membership=place, pin="7391", by=place.user)
    assert not own.is_first
    assert refusal(set_pin, membership=place, pin=GOOD, by=shop.owner) == "has_pin"
    assert clear_pin(membership=place, by=shop.owner) is True
    assert clear_pin(membership=place, by=shop.owner) is False
    assert refusal(check_pin, place, "7391") == "no_pin"


def test_a_removed_person_loses_it_and_starts_without_one(with_pin, shop):
    remove_member(membership=with_pin)
    assert not Pin.objects.exists()
    assert refusal(set_pin, membership=with_pin, pin=GOOD, by=shop.owner) == "not_at_work"
    restore_member(membership=with_pin, role=Role.STAFF, by=shop.owner)
    assert refusal(check_pin, with_pin, GOOD) == "no_pin"


def test_the_database_itself_ends_a_pin_with_the_work(with_pin):
    Membership.objects.filter(pk=with_pin.pk).update(is_active=False)
    assert not Pin.objects.exists()


def test_another_role_keeps_the_pin(with_pin):
    change_role(membership=with_pin, role=Role.MANAGER)
    assert check_pin(with_pin, GOOD)


# --- wrong tries ------------------------------------------------------------------------------------------------
def test_says_how_many_tries_are_left_then_locks_for_five_minutes(with_pin, monkeypatch):
    left = []
    for _ in range(MOST_TRIES):
        with pytest.raises(WrongPin) as wrong:
            check_pin(with_pin, "7391")
        left.append((wrong.value.code, wrong.value.left))
    assert left == [("wrong_pin", 4), ("wrong_pin", 3), ("wrong_pin", 2), ("wrong_pin", 1), ("pin_locked", 0)]
    assert "5 minutes" in wrong.value.message
    assert "Anil" in wrong.value.message
    assert refusal(check_pin, with_pin, GOOD) == "pin_locked", "not even the right one, until then"
    now = timezone.now()
    monkeypatch.setattr(pins.timezone, "now", lambda: now + timedelta(minutes=4, seconds=50))
    assert refusal(check_pin, with_pin, GOOD) == "pin_locked"
    monkeypatch.setattr(pins.timezone, "now", lambda: now + timedelta(minutes=5, seconds=1))
    assert check_pin(with_pin, GOOD)


def test_the_right_one_begins_the_count_anew(with_pin):
    assert refused_tries(with_pin, ["7391"] * 4) == ["wrong_pin"] * 4
    assert check_pin(with_pin, GOOD)
    assert refused_tries(with_pin, ["7391"] * 5) == ["wrong_pin"] * 4 + ["pin_locked"]


def test_each_further_lock_in_a_row_is_twice_as_long(with_pin, monkeypatch):
    now, waited = timezone.now(), []
    for _ in range(7):
        monkeypatch.setattr(pins.timezone, "now", lambda at=now: at)
        refused_tries(with_pin, ["7391"] * 5)
        until = Pin.objects.get().locked_until
        waited.append(round((until - now).total_seconds() / 60))
        now = until + timedelta(seconds=1)
    assert waited == [5, 10, 20, 40, 80, 80, 80]


def test_wrong_tries_of_long_ago_do_not_count(with_pin, monkeypatch):
    refused_tries(with_pin, ["7391"] * 4)
    later = timezone.now() + timedelta(minutes=6)
    monkeypatch.setattr(pins.timezone, "now", lambda: later)
    assert refused_tries(with_pin, ["7391"] * 2) == ["wrong_pin"] * 2


def test_what_is_no_pin_is_not_counted(with_pin):
    assert refused_tries(with_pin, ["8901234567890"] * 9) == ["bad_pin"] * 9, "a scan that lands in the field costs no try"
    assert check_pin(with_pin, GOOD)


def test_a_new_pin_begins_the_count_anew(with_pin):
    refused_tries(with_pin, ["7391"] * 5)
    set_pin(membership=with_pin, pin="6157", by=with_pin.user)
    assert check_pin(with_pin, "6157")


def test_tries_at_one_person_do_not_lock_another(with_pin, shop):
    own = shop.memberships.get(user=shop.owner)
    set_pin(membership=own, pin="6157", by=shop.owner)
    refused_tries(with_pin, ["7391"] * 5)
    assert check_pin(own, "6157")


def test_a_try_is_refused_inside_a_transaction_which_could_take_its_count_back(with_pin, transactional_db):
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        check_pin(with_pin, GOOD)


# --- across workers -----------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_of_forty_tries_at_once_five_are_looked_at(monkeypatch):
    shop = factories.make_shop()
    place = shop.memberships.select_related("user", "shop").get()
    set_pin(membership=place, pin=GOOD, by=shop.owner)
    looked_at = []
    real = pins.check_password
    monkeypatch.setattr(pins, "check_password", lambda *given: looked_at.append(1) or real(*given))

    def tries(number):
        return [refusal(check_pin, place, f"73{number:02d}") for _ in range(2)]

    found = at_once([lambda n=n: tries(n) for n in range(20)])
    codes = sorted(code for pair in found for code in pair)
    assert codes == ["pin_locked"] * 36 + ["wrong_pin"] * 4
    assert len(looked_at) == MOST_TRIES
    assert refusal(check_pin, place, GOOD) == "pin_locked"


TRY = """
    import sys, django
    django.setup()
    from shops.models import Membership
    from shops.pins import check_pin
    from shops.errors import ShopError
    try:
        check_pin(Membership.objects.select_related("user", "shop").get(pk=int(sys.argv[1])), sys.argv[2])
    except ShopError as error:
        print(error.code)
"""


@pytest.mark.django_db(transaction=True)
def test_tries_count_together_in_two_processes():
    shop = factories.make_shop()
    place = shop.memberships.select_related("user", "shop").get()
    set_pin(membership=place, pin=GOOD, by=shop.owner)
    assert refused_tries(place, ["7391"] * 2) == ["wrong_pin"] * 2
    database = settings.DATABASES["default"] | {"NAME": connection.settings_dict["NAME"]}
    other = f"from django.conf import settings; settings.DATABASES['default'].update({ {'NAME': database['NAME']}!r})"
    code = textwrap.dedent(TRY).replace("django.setup()", f"{other}\ndjango.setup()", 1)
    world = os.environ | {"DJANGO_SETTINGS_MODULE": "smartkirana.settings", "SMARTKIRANA_ENV": "local"}
    other_worker = [sys.executable, "-c", code, str(place.pk), "7391"]
    told = [subprocess.run(other_worker, env=world, capture_output=True, text=True, check=True).stdout.strip() for _ in range(2)]
    assert told == ["wrong_pin", "wrong_pin"]
    assert refused_tries(place, ["7391", GOOD]) == ["pin_locked", "pin_locked"]
    assert subprocess.run([*other_worker[:-1], GOOD], env=world, capture_output=True, text=True, check=True).stdout.strip() == "pin_locked"
