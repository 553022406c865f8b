"""After sign-in: straight to work in the only shop, a choice of several, a friendly word without any."""

import pytest
from django.urls import reverse

from shops.models import Role
from shops.services import remove_member
from tests import factories


def test_without_a_session_it_is_the_sign_in(client, db):
    assert client.get("/").url == "/sign-in/?next=%2F"
    assert client.get("/shops/").url == "/sign-in/?next=%2Fshops%2F"


@pytest.mark.parametrize(
    ("role", "page"),
    [
        (Role.OWNER, "orders:counter"),
        (Role.MANAGER, "orders:counter"),
        (Role.STAFF, "orders:counter"),
        (Role.ACCOUNTANT, "ledger:profit_loss"),
    ],
)
def test_the_only_shop_opens_where_the_role_works(shop, browser, role, page):
    answer = browser(factories.make_member(shop, role)).get("/")
    assert (answer.status_code, answer.url) == (302, reverse(page, args=[shop.slug]))


def test_several_shops_are_offered_by_name(shop, other_shop, browser):
    factories.make_member(other_shop, Role.ACCOUNTANT, user=shop.owner)
    client = browser(shop.owner)
    assert client.get("/").url == "/shops/"
    page = client.get("/shops/").content.decode()
    assert page.index("<b>Gupta Stores</b>") < page.index("<b>Sharma Kirana</b>")
    assert f'href="/s/{shop.slug}/counter/"' in page


def test_without_a_shop_it_says_how_to_get_into_one(db, browser):
    page = browser(factories.make_user()).get("/", follow=True).content.decode()
    assert "You work in no shop yet" in page
    assert 'href="/join/"' in page


def test_a_shop_left_or_closed_is_not_offered(shop, other_shop, browser):
    person = factories.make_member(shop)
    factories.make_member(other_shop, user=person)
    remove_member(membership=shop.memberships.get(user=person))
    page = browser(person).get("/shops/").content.decode()
    assert "<b>Sharma Kirana</b>" not in page
    assert "<b>Gupta Stores</b>" in page


def test_a_name_with_markup_is_shown_as_typed(browser, db):
    shop = factories.make_shop("<script>alert(1)</script> & Sons")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Sons" in browser(shop.owner).get("/shops/").content.decode()


def test_the_choice_takes_as_many_queries_for_twenty_shops_as_for_one(shop, browser, django_assert_num_queries):
    client = browser(shop.owner)
    client.get("/shops/")
    with django_assert_num_queries(3):
        client.get("/shops/")
    for n in range(19):
        factories.make_shop(f"Shop {n}", owner=shop.owner)
    with django_assert_num_queries(3):
        assert client.get("/shops/").content.count(b'class="monogram"') == 20


def test_nothing_is_changed_by_a_post(shop, browser):
    assert browser(shop.owner).post("/").status_code == 405
    assert browser(shop.owner).post("/shops/").status_code == 405
