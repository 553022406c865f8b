"""The bell, the list of notices, and marking them as seen."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from shops.models import Role
from shops.notice_models import Notice
from smartkirana.dates import shop_today
from tests import factories

LINES = [{"text": "7 products run out within 3 days", "url": "inventory:low_stock", "query": "?within=3"}, {"text": "4 expire", "url": ""}]


def told(shop, days_ago=0, **more):
    day = shop_today() - timedelta(days=days_ago)
    return Notice.objects.create(shop=shop, kind="stock", day=day, title="7 products run out", **{"lines": LINES} | more)


def at(shop, name, *args):
    return reverse(f"shops:{name}", args=[shop.slug, *args])


def test_list_shows_each_line_with_its_link(client, shop):
    told(shop)
    client.force_login(shop.owner)
    page = client.get(at(shop, "notices")).content.decode()
    assert f'href="{reverse("inventory:low_stock", args=[shop.slug])}?within=3"' in page
    assert "4 expire" in page


def test_a_line_to_a_page_that_went_away_stands_without_a_link(client, shop):
    told(shop, lines=[{"text": "Gone", "url": "inventory:no_such_page"}])
    client.force_login(shop.owner)
    assert "Gone" in client.get(at(shop, "notices")).content.decode()


def test_empty_list_says_what_will_stand_here(client, shop):
    client.force_login(shop.owner)
    assert "No notices yet" in client.get(at(shop, "notices")).content.decode()


def test_one_is_marked_as_seen_and_keeps_by_whom(client, shop):
    notice, manager = told(shop), factories.make_member(shop, Role.MANAGER)
    for person in (manager, shop.owner):
        client.force_login(person)
        assert client.post(at(shop, "notice_seen", notice.pk)).url == at(shop, "notices")
    notice.refresh_from_db()
    assert notice.seen_by == manager


def test_all_are_marked_as_seen(client, shop, other_shop):
    for days in range(3):
        told(shop, days)
    theirs = told(other_shop)
    client.force_login(shop.owner)
    client.post(at(shop, "all_seen"))
    assert list(Notice.objects.filter(seen_at=None)) == [theirs]


def test_bell_counts_the_new_ones_of_this_shop(client, shop, other_shop):
    told(shop)
    told(shop, 1)
    told(other_shop)
    client.force_login(shop.owner)
    assert "2 new notices" in client.get(at(shop, "bell")).content.decode()
    client.post(at(shop, "all_seen"))
    assert 'aria-label="Notices"' in client.get(at(shop, "bell")).content.decode()


def test_pages_ask_for_the_bell_afterwards_and_count_nothing_themselves(client, shop):
    told(shop)
    client.force_login(shop.owner)
    page = client.get(at(shop, "more")).content.decode()
    assert f'hx-get="{at(shop, "bell")}"' in page
    assert "new notice" not in page


@pytest.mark.parametrize("role", [Role.STAFF, Role.ACCOUNTANT])
def test_others_see_no_bell_and_no_notices(client, shop, role):
    notice = told(shop)
    client.force_login(factories.make_member(shop, role))
    assert "bell" not in client.get(at(shop, "more")).content.decode()
    assert client.get(at(shop, "notices")).status_code == 403
    assert client.get(at(shop, "bell")).status_code == 403
    assert client.post(at(shop, "notice_seen", notice.pk)).status_code == 403


def test_stranger_gets_404_and_another_shops_notice_is_not_found(client, shop, other_shop):
    notice = told(other_shop)
    client.force_login(shop.owner)
    assert client.get(at(other_shop, "notices")).status_code == 404
    assert client.post(at(shop, "notice_seen", notice.pk)).status_code == 404
    notice.refresh_from_db()
    assert notice.seen_at is None


def test_marking_needs_a_post(client, shop):
    client.force_login(shop.owner)
    assert client.get(at(shop, "notice_seen", told(shop).pk)).status_code == 405
    assert client.get(at(shop, "all_seen")).status_code == 405


def test_query_count_is_flat(client, shop, django_assert_num_queries):
    client.force_login(shop.owner)
    told(shop)
    client.get(at(shop, "notices"))
    with django_assert_num_queries(4):
        client.get(at(shop, "notices"))
    for days in range(1, 20):
        told(shop, days)
    with django_assert_num_queries(4):
        client.get(at(shop, "notices"))


def test_the_database_takes_one_a_day_of_a_kind(shop):
    told(shop)
    with pytest.raises(IntegrityError, match="shops_notice_once_a_day"), transaction.atomic():
        told(shop)
