"""Who may open the books: owner and accountant of the shop, nobody else."""

import pytest
from django.urls import reverse

from shops.models import Role
from tests import factories

PAGES = ("profit_loss", "day_book", "trial_balance", "accounts", "account")
NAMES = [*PAGES, *(f"{page}_csv" for page in PAGES)]


def address(shop, name):
    return reverse(f"ledger:{name}", args=[shop.slug, "1001"] if name in ("account", "account_csv") else [shop.slug])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("role", [Role.OWNER, Role.ACCOUNTANT])
def test_owner_and_accountant_see_the_books(client, shop, name, role):
    client.force_login(factories.make_member(shop, role))
    assert client.get(address(shop, name)).status_code == 200


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("role", [Role.STAFF, Role.MANAGER])
def test_staff_and_manager_are_told_no(client, shop, name, role):
    client.force_login(factories.make_member(shop, role))
    assert client.get(address(shop, name)).status_code == 403


@pytest.mark.parametrize("name", NAMES)
def test_stranger_gets_404(client, shop, other_shop, name):
    client.force_login(other_shop.owner)
    assert client.get(address(shop, name)).status_code == 404


@pytest.mark.parametrize("name", NAMES)
def test_removed_accountant_gets_404(client, shop, name):
    person = factories.make_member(shop, Role.ACCOUNTANT)
    shop.memberships.filter(user=person).update(is_active=False)
    client.force_login(person)
    assert client.get(address(shop, name)).status_code == 404


@pytest.mark.parametrize("name", NAMES)
def test_anonymous_is_sent_to_sign_in(client, shop, name):
    response = client.get(address(shop, name))
    assert response.status_code == 302
    assert reverse("account_login") in response.url


@pytest.mark.parametrize("name", NAMES)
def test_books_are_only_read_here(client, shop, name):
    client.force_login(shop.owner)
    assert client.post(address(shop, name)).status_code == 405


@pytest.mark.parametrize("name", ["account", "account_csv"])
@pytest.mark.parametrize("code", ["9999", "cash", "0"])
def test_unknown_account_is_404(client, shop, name, code):
    client.force_login(shop.owner)
    assert client.get(reverse(f"ledger:{name}", args=[shop.slug, code])).status_code == 404
