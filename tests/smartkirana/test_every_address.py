"""Every address of the house, found by walking the URL patterns, so that a new page cannot be forgotten."""

import re

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from shops.access import RIGHTS, Can
from shops.models import Role
from shops.services import remove_member
from tests import factories

SAMPLES = {"int": "1", "slug": "x", "str": "x", "path": "x/y", "uuid": "00000000-0000-4000-8000-000000000000"}
NOT_OURS = ("admin/", "api/v1/")  # test_admin_pages.py and test_api_table.py walk these
OF_A_SHOP = "s/<slug:shop>/"
NO_ADDRESS = "^api(/.*)?$"  # whatever under /api/ is none
WAYS_IN = {
    "sign-in/code/", "sign-in/code/check/", "sign-in/passkey/", "sign-in/second-step/",
    "password/forgot/", "password/forgot/check/", "password/new/",
}  # fmt: skip


def addresses():
    """(route, view) for every pattern but the admin's."""

    def walk(patterns, before):
        for pattern in patterns:
            route = before + str(pattern.pattern)
            if route.startswith(NOT_OURS) or route == "api/":
                continue
            if isinstance(pattern, URLPattern):
                yield route, pattern.callback
            else:
                yield from walk(pattern.url_patterns, route)

    return list(walk(get_resolver().url_patterns, ""))


def pages_of_a_shop():
    return [(route, view) for route, view in addresses() if route.startswith(OF_A_SHOP)]


def url(route, shop):
    """The route with something in each place. A KeyError here: a new converter wants a sample above."""
    route = route.replace("<slug:shop>", shop.slug)
    return "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda place: SAMPLES[place[1] or "str"], route)


def answers(client, shop, method):
    return {route: getattr(client, method)(url(route, shop)) for route, _ in pages_of_a_shop()}


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def test_the_walk_finds_the_pages_we_know():
    routes = [route for route, _ in addresses()]
    assert {"", "health", "sign-in/", "s/<slug:shop>/people/<int:member>/", "s/<slug:shop>/settings/"} <= set(routes)
    assert not [route for route in routes if "(?P" in route], "a regular expression cannot be walked: use path()"


def test_every_view_says_who_may_come():
    silent = [route for route, view in addresses() if not hasattr(view, "access")]
    assert silent == [], "decorate them with shop_page, signed_in or open_to_all"


def test_every_page_of_a_shop_asks_for_a_right():
    wrong = [route for route, view in pages_of_a_shop() if view.access[0] != "shop" or view.access[1] not in list(Can)]
    assert wrong == []


def test_only_these_pages_are_open_to_all():
    public = {route for route, view in addresses() if view.access[0] == "open"}
    bills = {"b/<slug:bill_code>/", "b/<slug:bill_code>/bill.pdf"}
    khatas = {"k/<slug:khata_key>/", "k/<slug:khata_key>/statement.pdf", "k/<slug:khata_key>/<int:entry_no>/disagree/"}
    assert public == {"health", "join/", "sign-in/", "sign-out/"} | WAYS_IN | bills | khatas | {NO_ADDRESS}


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_is_not_signed_in_is_sent_to_sign_in(shop, method):
    for route, answer in answers(Client(), shop, method).items():
        assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/sign-in/"), route


@pytest.mark.parametrize("method", ["get", "post"])
def test_htmx_is_told_to_move_to_the_sign_in(shop, method):
    for route, answer in answers(Client(headers={"HX-Request": "true"}), shop, method).items():
        assert (answer.status_code, answer.headers.get("HX-Redirect", "").split("?")[0]) == (200, "/sign-in/"), route


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who", ["stranger", "owner of another shop", "removed member", "member of a closed shop"])
def test_nobody_from_outside_learns_that_a_page_is_there(shop, other_shop, who, method):
    person = factories.make_member(shop, Role.OWNER) if who in ("removed member", "member of a closed shop") else None
    if who == "removed member":
        remove_member(membership=shop.memberships.get(user=person))
    elif who == "member of a closed shop":
        shop.is_active = False
        shop.save(update_fields=["is_active"])
    person = person or (other_shop.owner if who == "owner of another shop" else factories.make_user())
    found = {route: answer.status_code for route, answer in answers(signed_in(person), shop, method).items() if answer.status_code != 404}
    assert found == {}


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", list(Role))
def test_a_member_without_the_right_is_refused(shop, role, method):
    client = signed_in(factories.make_member(shop, role))
    closed = [route for route, view in pages_of_a_shop() if view.access[1] not in RIGHTS[role]]
    let_in = {}
    for route in closed:
        answer = getattr(client, method)(url(route, shop))
        if answer.status_code != 403:
            let_in[route] = answer.status_code
    assert let_in == {}


@pytest.mark.parametrize("role", list(Role))
def test_a_member_with_the_right_is_never_refused_nor_does_anything_break(shop, role):
    client = signed_in(factories.make_member(shop, role))
    for route, view in pages_of_a_shop():
        if view.access[1] in RIGHTS[role]:
            status = client.get(url(route, shop)).status_code
            assert status in (200, 204, 302, 400, 404, 405, 422), route
