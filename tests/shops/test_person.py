"""One person's role, removing and taking back; and that a shop keeps an owner."""

from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connections, transaction

from shops.errors import ShopError
from shops.models import Membership, Role
from shops.services import change_role, remove_member, restore_member
from smartkirana.db_rules import broken_rule
from tests import factories


@pytest.fixture
def place(shop):
    """Anil, staff of the shop."""
    anil = factories.make_member(shop, Role.STAFF, user=factories.make_user("Anil"))
    return shop.memberships.get(user=anil)


def page(shop, place, act=""):
    return f"/s/{shop.slug}/people/{place.pk}/{act}"


def test_gives_another_role_from_the_next_page_on(shop, place, browser):
    anil = browser(place.user)
    assert anil.get(f"/s/{shop.slug}/people/").status_code == 403
    answer = browser(shop.owner).post(page(shop, place), {"role": "owner"})
    assert answer.url == f"/s/{shop.slug}/people/"
    assert anil.get(f"/s/{shop.slug}/people/").status_code == 200


def test_removing_ends_it_at_once_and_keeps_the_row(shop, place, browser):
    anil = browser(place.user)
    assert anil.get(f"/s/{shop.slug}/more/").status_code == 200
    browser(shop.owner).post(page(shop, place, "remove/"))
    assert anil.get(f"/s/{shop.slug}/more/").status_code == 404
    place.refresh_from_db()
    assert (place.is_active, place.role) == (False, "staff")


def test_a_removed_person_can_be_added_again(shop, place, browser):
    remove_member(membership=place)
    browser(shop.owner).post(page(shop, place), {"role": "manager"})
    place.refresh_from_db()
    assert (place.is_active, place.role, place.added_by) == (True, "manager", shop.owner)


@pytest.mark.parametrize(("act", "data"), [("", {"role": "staff"}), ("remove/", {})])
def test_the_last_owner_stays(shop, browser, act, data):
    own = shop.memberships.get(user=shop.owner)
    answer = browser(shop.owner).post(page(shop, own, act), data, follow=True)
    assert "A shop needs an owner. Make somebody else an owner first." in answer.content.decode()
    own.refresh_from_db()
    assert (own.role, own.is_active) == ("owner", True)


def test_one_of_two_owners_may_leave(shop, place, browser):
    change_role(membership=place, role=Role.OWNER)
    answer = browser(shop.owner).post(page(shop, shop.memberships.get(user=shop.owner), "remove/"))
    assert answer.url == "/"
    assert browser(shop.owner).get(f"/s/{shop.slug}/more/").status_code == 404


def test_an_owner_who_steps_down_is_not_led_to_a_closed_door(shop, place, browser):
    change_role(membership=place, role=Role.OWNER)
    client = browser(shop.owner)
    answer = client.post(page(shop, shop.memberships.get(user=shop.owner)), {"role": "staff"}, follow=True)
    assert answer.status_code in (200, 404)
    assert answer.redirect_chain[0][0] == "/"


@pytest.mark.parametrize("change", [{"role": "staff"}, {"is_active": False}])
def test_the_database_itself_keeps_the_last_owner(shop, place, change):
    restore_member(membership=place, role=Role.OWNER, by=shop.owner)
    remove_member(membership=place)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        shop.memberships.filter(user=shop.owner).update(**change)
    assert broken_rule(refused.value) == "shops_membership_last_owner"
    with pytest.raises(IntegrityError), transaction.atomic():
        shop.memberships.filter(user=shop.owner).delete()


@pytest.mark.django_db(transaction=True)
def test_two_owners_giving_up_at_once_leave_one():
    shop = factories.make_shop()
    factories.make_member(shop, Role.OWNER)
    together, outcomes = Barrier(2), []

    def give_up(pk):
        place = Membership.objects.get(pk=pk)
        together.wait(timeout=20)
        try:
            change_role(membership=place, role=Role.STAFF)
            outcomes.append("staff")
        except ShopError as error:
            outcomes.append(error.code)
        finally:
            connections.close_all()

    threads = [Thread(target=give_up, args=(pk,)) for pk in shop.memberships.values_list("pk", flat=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["last_owner", "staff"]
    assert shop.memberships.filter(role=Role.OWNER, is_active=True).count() == 1


def test_a_role_nobody_knows_is_refused(shop, place, browser):
    assert browser(shop.owner).post(page(shop, place), {"role": "boss"}).status_code == 422
    place.refresh_from_db()
    assert place.role == "staff"


def test_only_the_owner_of_that_shop_gets_to_a_person(shop, other_shop, place, browser, ladder):
    assert ladder(f"people/{place.pk}/")
    assert ladder(f"people/{place.pk}/remove/", "post")
    for act, method in (("", "get"), ("", "post"), ("remove/", "post")):
        assert getattr(browser(other_shop.owner), method)(page(other_shop, place, act)).status_code == 404
    assert browser(shop.owner).get(page(shop, place, "remove/")).status_code == 405
    place.refresh_from_db()
    assert (place.is_active, place.role) == (True, "staff")
