"""The page of all pages, for a phone."""

from shops.models import Role
from tests import factories


def test_shows_the_pages_of_the_role_and_what_concerns_oneself(shop, browser):
    page = browser(shop.owner).get(f"/s/{shop.slug}/more/").content.decode()
    for url in (f"/s/{shop.slug}/people/", f"/s/{shop.slug}/settings/", "/devices/", "/password/", "/shops/", "/sign-out/"):
        assert f'"{url}"' in page


def test_staff_is_not_shown_what_is_closed_to_them(shop, browser):
    page = browser(factories.make_member(shop, Role.STAFF)).get(f"/s/{shop.slug}/more/").content.decode()
    assert f"/s/{shop.slug}/settings/" not in page
    assert "/devices/" in page


def test_every_role_may_come_and_nobody_else(ladder):
    assert ladder("more/", roles=())
