"""Who comes into the admin, and by which sign-in."""

import pytest
from django.contrib.contenttypes.models import ContentType

from catalog.models import Product
from orders.models import Customer, Order
from shops.models import Membership, Role
from tests import factories
from tests.smartkirana.admin_world import make_platform_admin, make_world

pytestmark = pytest.mark.django_db


def test_a_stranger_is_sent_to_the_sign_in_page_of_the_house(client):
    answer = client.get("/admin/orders/order/", follow=True)
    assert answer.request["PATH_INFO"] == "/sign-in/"
    assert "next=/admin/orders/order/" in answer.redirect_chain[-1][0].replace("%2F", "/")


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_admin_has_no_sign_in_form_of_its_own(client, method):
    user = make_platform_admin()
    answer = getattr(client, method)("/admin/login/", {"username": str(user.phone), "password": factories.PASSWORD})
    assert answer.status_code == 302
    assert answer.url.startswith("/sign-in/")
    assert "_auth_user_id" not in client.session


def test_wrong_tries_lock_the_admins_sign_in(client):
    user = make_platform_admin()
    place = client.get("/admin/", follow=True).request
    address = f"{place['PATH_INFO']}?{place['QUERY_STRING']}"
    for _ in range(5):
        assert client.post(address, {"login": str(user.phone), "password": "wrong"}).status_code in (422, 429)
    answer = client.post(address, {"login": str(user.phone), "password": factories.PASSWORD})
    assert answer.status_code in (422, 429)
    assert "_auth_user_id" not in client.session


def test_after_signing_in_one_is_where_one_wanted_to_be(client):
    user = make_platform_admin()
    answer = client.post("/sign-in/?next=/admin/orders/order/", {"login": str(user.phone), "password": factories.PASSWORD})
    assert (answer.status_code, answer.url) == (302, "/admin/orders/order/")


def test_the_login_address_takes_those_who_are_in_onward_within_the_house(client, shop):
    client.force_login(shop.owner)
    assert client.get("/admin/login/?next=/admin/catalog/").url == "/admin/catalog/"
    assert client.get("/admin/login/?next=https://elsewhere.example/").url == "/admin/"
    assert client.get("/admin/login/?next=//elsewhere.example/").url == "/admin/"


@pytest.mark.parametrize("role", [Role.MANAGER, Role.STAFF, Role.ACCOUNTANT])
def test_other_roles_stay_outside(client, shop, role):
    client.force_login(factories.make_member(shop, role))
    assert client.get("/admin/", follow=True).status_code == 403
    assert client.get("/admin/catalog/product/").status_code == 302
    assert client.get("/admin/autocomplete/").status_code == 302


def test_somebody_marked_as_staff_by_an_old_habit_stays_outside(client, shop):
    client.force_login(factories.make_user("Old Hand", is_staff=True))
    assert client.get("/admin/", follow=True).status_code == 403


def test_a_removed_owner_and_the_owner_of_a_closed_shop_stay_outside(client, shop, other_shop):
    partner = factories.make_member(shop, Role.OWNER)
    Membership.objects.filter(shop=shop, user=partner).update(is_active=False)
    client.force_login(partner)
    assert client.get("/admin/", follow=True).status_code == 403
    other_shop.is_active = False
    other_shop.save(update_fields=["is_active"])
    client.force_login(other_shop.owner)
    assert client.get("/admin/", follow=True).status_code == 403


def test_an_owner_comes_in_and_sees_the_house_and_not_the_engine_room(client, shop):
    client.force_login(shop.owner)
    page = client.get("/admin/").content.decode()
    assert "/admin/catalog/product/" in page
    for hidden in ("django_q", "/admin/usersessions/", "/admin/shops/user/add/", "/admin/shops/shop/add/"):
        assert hidden not in page
    for closed in (
        "/admin/django_q/schedule/",
        "/admin/django_q/ormq/",
        "/admin/usersessions/usersession/",
    ):
        assert client.get(closed).status_code == 403


def test_passwords_are_changed_on_the_page_that_counts_tries(client, shop):
    client.force_login(shop.owner)
    assert client.get("/admin/password_change/").url == "/password/"
    assert client.post("/admin/password_change/", {"old_password": "guess"}).url == "/password/"


def test_view_on_site_leads_to_own_rows_only(client):
    mine, theirs = make_world("Sharma"), make_world("Zebra")
    client.force_login(mine.owner)
    for model in (Order, Customer):
        kind = ContentType.objects.get_for_model(model).pk
        own, foreign = (model.objects.filter(shop=shop).first() for shop in (mine, theirs))
        assert client.get(f"/admin/r/{kind}/{own.pk}/").url.startswith(f"/s/{mine.slug}/")
        for kind_text in (kind, f"+{kind}", f"0{kind}"):
            for key in (foreign.pk, f"+{foreign.pk}", f"0{foreign.pk}"):
                assert client.get(f"/admin/r/{kind_text}/{key}/").status_code == 404
    product = ContentType.objects.get_for_model(Product).pk
    assert client.get(f"/admin/r/{product}/1/").status_code == 404, "products have no page of their own to view"
    assert client.get("/admin/r/none/such/").status_code == 404
