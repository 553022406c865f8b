"""Locking the counter and taking it over by PIN: nothing opens without one, and never for more than both people may do."""

import re
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orders.cards import CUSTOMER, STAFF, card_of
from orders.till_models import TillEvent
from shops.access import RIGHTS, Can
from shops.models import Role
from shops.pins import clear_pin, set_pin
from shops.services import change_role, remove_member
from tests import factories
from tests.factories import PIN
from tests.orders.test_counter_page import lines_of
from tests.smartkirana.test_every_address import pages_of_a_shop
from tests.smartkirana.test_every_address import url as url_of

HTMX = {"HX-Request": "true"}


def at(shop, name="counter", *args):
    return reverse(f"orders:{name}", args=[shop.slug, *args])


@pytest.fixture
def sunita(shop):
    """Staff with a PIN."""
    return factories.make_seller(shop, name="Sunita")


@pytest.fixture
def device(shop, browser):
    """The owner's own device."""
    return browser(shop.owner)


@pytest.fixture
def locked(device, shop):
    """The same, locked."""
    device.post(at(shop, "counter_lock"))
    return device


def take_over(client, place, pin=PIN, shop=None, **headers):
    return client.post(at(shop or place.shop, "counter_cashier"), {"who": place.pk, "pin": pin, "client_id": uuid4()}, **headers)


def is_locked(client, shop) -> bool:
    return client.get(f"/s/{shop.slug}/more/").status_code == 423


def kinds(shop) -> list[str]:
    return list(shop.till_events.order_by("id").values_list("kind", flat=True))


# --- locking ----------------------------------------------------------------------------------------------------
def test_every_page_of_the_shop_asks_for_a_pin(shop, locked, sunita):
    answers_while_locked = {"counter/cashier", "counter/lock", "counter/log"}
    for route, _view in pages_of_a_shop():
        if route.removeprefix("s/<slug:shop>/") in answers_while_locked:
            continue
        for ask in (locked.get, locked.post):
            answer = ask(url_of(route, shop))
            assert answer.status_code == 423, route
            assert b"is locked" in answer.content, route
            by_htmx = ask(url_of(route, shop), headers=HTMX)
            assert (by_htmx.status_code, by_htmx.content) == (423, b""), route
            assert by_htmx.headers["HX-Trigger"] == '{"shop:locked": {}}'


def test_the_lock_screen_shows_who_can_open_it_and_nothing_of_the_shop(shop, locked, sunita):
    factories.make_member(shop, user=factories.make_user("Without A Pin"))
    factories.make_seller(shop, Role.ACCOUNTANT, "Vakil")
    factories.make_customer(shop, "Ramesh Customer")
    page = locked.get(at(shop)).content.decode()
    assert re.findall(r'name="who" value="(\d+)"', page) == [str(sunita.pk)]
    assert "Sunita" in page
    for hidden in ("Without A Pin", "Vakil", "Ramesh Customer", "Profit", "More", "/settings/"):
        assert hidden not in page
    assert "no-store" in locked.get(at(shop)).headers["Cache-Control"]


def test_a_locked_device_writes_no_bill(shop, locked):
    soap = factories.make_product(shop, stock=5)
    data = {"key": str(uuid4()), "counter": shop.counters.get().pk, "exact": "cash", "total": "52.50", **lines_of((soap, "1"))}
    assert locked.post(at(shop, "counter_pay"), data, headers=HTMX).status_code == 423
    assert not shop.orders.exists()


def test_a_second_lock_is_no_second_entry_of_the_log(shop, device):
    for _ in range(2):
        assert device.post(at(shop, "counter_lock")).url == at(shop)
    assert device.post(at(shop, "counter_lock"), headers=HTMX).headers["HX-Redirect"] == at(shop)
    assert kinds(shop) == ["locked"]


def test_only_this_device_is_locked(shop, locked, browser):
    assert is_locked(locked, shop)
    assert not is_locked(browser(shop.owner), shop)


def test_signing_out_ends_it(shop, locked, client):
    locked.post("/sign-out/")
    locked.force_login(shop.owner)
    assert not is_locked(locked, shop)


# --- unlocking --------------------------------------------------------------------------------------------------
def test_a_pin_opens_it(shop, locked, sunita):
    assert take_over(locked, sunita).url == at(shop)
    assert not is_locked(locked, shop)
    assert kinds(shop) == ["locked", "pin_set", "switched"]
    event = shop.till_events.get(kind="switched")
    assert (event.by, event.signed_in, event.counter) == (sunita.user, shop.owner, shop.counters.get())
    assert event.details == {"with": "PIN", "before": ""}


def test_a_wrong_pin_says_how_many_tries_are_left_and_is_logged(shop, locked, sunita):
    answer = take_over(locked, sunita, "7391")
    assert answer.status_code == 422
    assert "Wrong PIN for Sunita. 4 tries left." in answer.content.decode()
    assert f'value="{sunita.pk}" data-digits="4" checked' in answer.content.decode(), "who was chosen stays chosen"
    assert is_locked(locked, shop)
    event = shop.till_events.get(kind="pin_wrong")
    assert (event.by, event.details) == (shop.owner, {"person": "Sunita"})
    for _ in range(6):
        answer = take_over(locked, sunita, "7391")
    assert "It opens again in 5 minutes." in answer.content.decode()
    assert kinds(shop)[2:] == ["pin_wrong"] * 4 + ["pin_locked"], "tries that are not looked at fill no log"
    assert take_over(locked, sunita).status_code == 422


@pytest.mark.parametrize("data", [{}, {"who": "x", "pin": PIN}, {"pin": PIN}, {"who": "999999", "pin": PIN}, {"who": "0"}])
def test_without_a_name_and_pin_it_stays_locked(shop, locked, sunita, data):
    assert locked.post(at(shop, "counter_cashier"), data).status_code == 422
    assert is_locked(locked, shop)


def test_nobody_of_another_shop_and_no_accountant_opens_it(shop, other_shop, locked):
    set_pin(membership=other_shop.memberships.get(), pin=PIN, by=other_shop.owner)
    for place in (other_shop.memberships.get(), factories.make_seller(shop, Role.ACCOUNTANT)):
        assert take_over(locked, place, shop=shop).status_code == 422
    assert is_locked(locked, shop)


def test_the_persons_own_password_opens_it_and_makes_it_theirs(shop, locked):
    answer = locked.post(at(shop, "counter_cashier"), {"password": "not-this-one"})
    assert (answer.status_code, b"This is not your present password." in answer.content) == (422, True)
    assert locked.post(at(shop, "counter_cashier"), {"password": factories.PASSWORD}).url == at(shop)
    assert not is_locked(locked, shop)
    assert locked.get("/admin/").status_code == 200
    assert shop.till_events.get(kind="switched").details["with"] == "password"


def test_passwords_are_not_tried_without_end(shop, locked):
    cache.clear()
    answers = [locked.post(at(shop, "counter_cashier"), {"password": f"guess-{n}"}) for n in range(6)]
    assert b"Too many tries" in answers[-1].content
    assert locked.post(at(shop, "counter_cashier"), {"password": factories.PASSWORD}).status_code == 422
    cache.clear()


def test_another_persons_password_opens_nothing(shop, locked, sunita):
    sunita.user.set_password("sunitas-own-pass")
    sunita.user.save(update_fields=["password"])
    assert locked.post(at(shop, "counter_cashier"), {"who": sunita.pk, "password": "sunitas-own-pass"}).status_code == 422
    assert is_locked(locked, shop)


# --- what the one who took over may do ----------------------------------------------------------------------------
def test_bills_are_of_who_took_over(shop, locked, sunita):
    soap = factories.make_product(shop, stock=5)
    take_over(locked, sunita)
    data = {"key": str(uuid4()), "counter": shop.counters.get().pk, "exact": "cash", "total": "53.00", **lines_of((soap, "1"))}
    assert locked.post(at(shop, "counter_pay"), data, headers=HTMX).status_code == 200
    order = shop.orders.get()
    assert (order.cashier, order.printed["cashier"]) == (sunita.user, "Sunita")


@pytest.mark.parametrize("role", [Role.STAFF, Role.MANAGER])
def test_an_owners_device_shows_staff_no_more_than_their_own(shop, locked, role):
    take_over(locked, factories.make_seller(shop, role))
    for route, view in pages_of_a_shop():
        right = view.access[1]
        status = locked.get(url_of(route, shop)).status_code
        assert (status == 403) == (right not in RIGHTS[role]), route
    for path in ("/admin/", "/admin/orders/order/", "/devices/"):
        assert locked.get(path).status_code == 302, path
        assert "/this-is-me/" in locked.get(path, follow=True).redirect_chain[-1][0], path


def test_a_staff_device_opened_by_the_owner_sells_with_the_owners_limits_and_opens_no_books(shop, browser):
    owner = shop.memberships.get(user=shop.owner)
    set_pin(membership=owner, pin=PIN, by=shop.owner)
    device = browser(factories.make_member(shop))
    take_over(device, owner)
    page = device.get(at(shop))
    assert page.wsgi_request.cashier == shop.owner
    assert page.wsgi_request.limits.discount_percent == 100
    assert page.wsgi_request.can == RIGHTS[Role.STAFF]
    for closed in ("profit-and-loss/", "people/", "settings/", "settings/counter-rules/"):
        assert device.get(f"/s/{shop.slug}/{closed}").status_code in (403, 404), closed
    assert device.get(f"/s/{shop.slug}/people/").status_code == 403


def test_on_ones_own_device_nothing_changes_and_nothing_more_is_asked(shop, device):
    device.get(f"/s/{shop.slug}/more/")
    with CaptureQueriesContext(connection) as queries:
        answer = device.get(f"/s/{shop.slug}/more/")
    request = answer.wsgi_request
    assert (request.cashier, request.can, request.limits.discount_percent) == (shop.owner, RIGHTS[Role.OWNER], 100)
    assert len(queries) == 3, "session, person, and their place with its limits"


def test_whoever_takes_over_is_read_with_the_same_questions(shop, locked, sunita):
    take_over(locked, sunita)
    with CaptureQueriesContext(connection) as queries:
        request = locked.get(f"/s/{shop.slug}/more/").wsgi_request
    assert (request.cashier, request.limits.discount_percent) == (sunita.user, 5)
    assert len(queries) == 3


# --- it ends at once ----------------------------------------------------------------------------------------------
def removed(place):
    remove_member(membership=place)


def signed_off(place):
    place.user.is_active = False
    place.user.save(update_fields=["is_active"])


def without_pin(place):
    clear_pin(membership=place, by=place.user)


def with_another_pin(place):
    set_pin(membership=place, pin="7391", by=place.user)


def made_accountant(place):
    change_role(membership=place, role=Role.ACCOUNTANT)


@pytest.mark.parametrize("ending", [removed, signed_off, without_pin, with_another_pin, made_accountant])
def test_who_may_no_longer_stand_there_locks_it_and_opens_nothing_of_the_owner(shop, locked, sunita, ending):
    take_over(locked, sunita)
    assert not is_locked(locked, shop)
    ending(sunita)
    assert is_locked(locked, shop)
    assert locked.get(f"/s/{shop.slug}/people/").status_code == 423


def test_another_role_counts_from_the_next_page(shop, locked, sunita):
    take_over(locked, sunita)
    change_role(membership=sunita, role=Role.MANAGER)
    assert locked.get(at(shop)).wsgi_request.limits.discount_percent == 20


# --- several shops, one device --------------------------------------------------------------------------------------
def test_a_pin_of_one_shop_opens_no_other_shop_of_the_person(shop, browser):
    second = factories.make_shop("Second", owner=shop.owner)
    clerk = factories.make_seller(shop)
    device = browser(shop.owner)
    device.post(at(shop, "counter_lock"))
    assert is_locked(device, second), "whoever walks up to the device reaches both"
    take_over(device, clerk)
    assert not is_locked(device, shop)
    assert is_locked(device, second)
    factories.make_member(second, Role.OWNER, user=clerk.user)
    assert is_locked(device, second), "proven by the PIN of the first shop only"


def test_even_ones_own_pin_of_one_shop_opens_that_shop_alone(shop, browser):
    """The first PIN was chosen by that shop's owner, who could open the person's own shop with it."""
    helper = factories.make_user("Meena")
    own_shop = factories.make_shop("Meena Stores", owner=helper)
    place = factories.make_member(shop, user=helper) and shop.memberships.get(user=helper)
    set_pin(membership=place, pin=PIN, by=shop.owner)
    device = browser(helper)
    device.post(at(shop, "counter_lock"))
    take_over(device, place)
    assert not is_locked(device, shop)
    assert is_locked(device, own_shop)
    assert device.get("/admin/").status_code == 302
    device.post("/this-is-me/", {"password": factories.PASSWORD})
    assert not is_locked(device, own_shop)


def test_each_shop_of_a_device_may_have_its_own_cashier(shop, browser):
    second = factories.make_shop("Second", owner=shop.owner)
    here, there = factories.make_seller(shop), factories.make_seller(second)
    device = browser(shop.owner)
    device.post(at(shop, "counter_lock"))
    take_over(device, here)
    take_over(device, there)
    assert device.get(at(shop)).wsgi_request.cashier == here.user
    assert device.get(at(second)).wsgi_request.cashier == there.user


# --- taking over without locking, badges ----------------------------------------------------------------------------
def test_takes_over_an_open_counter(shop, device, sunita):
    answer = device.get(at(shop, "counter_cashier"), headers=HTMX)
    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()
    assert take_over(device, sunita, headers=HTMX).headers["HX-Redirect"] == at(shop)
    assert device.get(at(shop)).wsgi_request.cashier == sunita.user
    assert shop.till_events.get(kind="switched").details["before"] == str(shop.owner)


def test_a_wrong_pin_at_an_open_counter_changes_nothing(shop, device, sunita):
    assert take_over(device, sunita, "7391", headers=HTMX).status_code == 422
    assert device.get(at(shop)).wsgi_request.cashier == shop.owner


def test_a_badge_chooses_its_person_and_opens_nothing(shop, device, sunita):
    factories.make_seller(shop, Role.MANAGER)
    page = device.get(at(shop, "counter_cashier"), {"card": card_of(STAFF, sunita.pk).lower()}, headers=HTMX).content.decode()
    assert re.findall(r'value="(\d+)" data-digits="4" checked', page) == [str(sunita.pk)]
    assert device.get(at(shop)).wsgi_request.cashier == shop.owner


@pytest.mark.parametrize("card", ["KS-1-AAAAAAAA", "x", card_of(CUSTOMER, 1)])
def test_a_badge_that_is_none_says_so(shop, device, sunita, card):
    page = device.get(at(shop, "counter_cashier"), {"card": card}, headers=HTMX).content.decode()
    assert "This badge is of nobody who can take over here." in page


def test_a_press_that_is_repeated_is_one_entry_of_the_log(shop, locked, sunita):
    data = {"who": sunita.pk, "pin": PIN, "client_id": uuid4()}
    for _ in range(2):
        assert locked.post(at(shop, "counter_cashier"), data).status_code == 302
    assert kinds(shop).count("switched") == 1


def test_an_accountant_gets_nothing_by_a_sellers_pin_at_their_own_device(shop, browser, sunita):
    device = browser(factories.make_member(shop, Role.ACCOUNTANT))
    take_over(device, sunita)
    assert device.get(at(shop)).status_code == 403
    assert device.get(f"/s/{shop.slug}/more/").wsgi_request.can == RIGHTS[Role.ACCOUNTANT] & RIGHTS[Role.STAFF]
    assert Can.SEE_BOOKS not in RIGHTS[Role.STAFF]


def test_events_of_all_kinds_fit_their_column():
    assert max(map(len, TillEvent.Kind.values)) <= TillEvent._meta.get_field("kind").max_length
