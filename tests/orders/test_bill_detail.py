"""One bill's page, and cancelling from it."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orders.bill import Tender
from orders.services import cancel_order
from shops.models import Role
from tests import factories

D = Decimal


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, stock=500, local_name="साबुन")


@pytest.fixture
def order(shop, soap):
    return factories.make_order(shop, [(soap, 10)])


@pytest.fixture
def owner(client, shop):
    client.force_login(shop.owner)
    return client


def address(order, name="bill") -> str:
    return reverse(f"orders:{name}", args=[order.shop.slug, order.slug])


def test_shows_lines_tax_payments_and_people(owner, order):
    response = owner.get(order.get_absolute_url())
    assert response.status_code == 200
    for words in (order.bill_number, "Tax Invoice", "Soap", "साबुन", "500.00", "12.50", "₹\xa0525.00", "Cash", str(order.shop.owner)):
        assert words in response.text


def test_the_address_spells_the_number_with_hyphens(order):
    assert order.slug == order.bill_number.replace("/", "-")
    assert order.get_absolute_url().endswith(f"/bills/{order.slug}/")


@pytest.mark.parametrize("number", ["S1-26-27-999999", "s1-26-27-000001", "S1-2627-000001", "x", "S1-26-27-000001-", "1"])
def test_unknown_or_oddly_spelt_number_is_404(owner, order, number):
    for name in ("bill", "receipt", "invoice_pdf"):
        assert owner.get(reverse(f"orders:{name}", args=[order.shop.slug, number])).status_code == 404


@pytest.mark.parametrize(("role", "sees"), [(Role.OWNER, True), (Role.MANAGER, True), (Role.ACCOUNTANT, True), (Role.STAFF, False)])
def test_cost_and_profit_are_for_those_who_may_see_costs(client, shop, order, role, sees):
    client.force_login(shop.owner if role == Role.OWNER else factories.make_member(shop, role))
    text = client.get(address(order)).text
    assert ("Cost of goods" in text) is sees
    assert ("Profit before expenses" in text) is sees
    assert ("400.00" in text) is sees


def test_stranger_gets_404_and_anonymous_signs_in(client, order, other_shop):
    assert client.get(address(order)).status_code == 302
    client.force_login(other_shop.owner)
    assert client.get(address(order)).status_code == 404
    assert client.post(address(order, "bill_cancel"), {"reason": "x"}).status_code == 404
    in_own_shop = reverse("orders:bill", args=[other_shop.slug, order.slug])
    assert client.get(in_own_shop).status_code == 404


def test_wrong_methods_are_405(owner, order):
    assert owner.post(address(order)).status_code == 405
    assert owner.get(address(order, "bill_cancel")).status_code == 405
    assert owner.get(address(order, "bill_print")).status_code == 405


def test_query_count_is_flat(owner, shop, soap):
    few = factories.make_order(shop, [(soap, 1)])
    others = [factories.make_product(shop, f"Soap {n}", stock=9) for n in range(20)]
    many = factories.make_order(shop, [(one, 1) for one in others])
    counts = []
    for one in (few, many):
        with CaptureQueriesContext(connection) as caught:
            owner.get(address(one))
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 12


def test_script_in_a_name_stays_text(owner, shop):
    evil = factories.make_product(shop, "<script>alert(1)</script>", stock=5)
    order = factories.make_order(shop, [(evil, 1)])
    for name in ("bill", "receipt"):
        text = owner.get(address(order, name)).text
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text


# --- cancelling ----------------------------------------------------------------------------------------------
def test_cancels_with_a_reason_and_says_so_plainly(owner, shop, order, soap):
    response = owner.post(address(order, "bill_cancel"), {"reason": "Customer left the goods"})
    assert response.status_code == 302
    text = owner.get(response.url).text
    assert "This bill is CANCELLED." in text
    assert "Customer left the goods" in text
    assert str(shop.owner) in text
    assert "Cancel this bill" not in text
    assert soap.lots.get().on_hand == 500


def test_htmx_cancel_is_a_client_redirect(owner, order):
    response = owner.post(address(order, "bill_cancel"), {"reason": "Wrong"}, headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"] == order.get_absolute_url()


def test_cancelling_twice_does_it_once(owner, order, soap):
    for reason in ("First", "Second"):
        assert owner.post(address(order, "bill_cancel"), {"reason": reason}).status_code == 302
    assert order.events.filter(kind="cancelled").count() == 1
    assert order.events.get(kind="cancelled").reason == "First"
    assert order.payments.filter(reverses__isnull=False).count() == 1
    assert soap.lots.get().on_hand == 500


@pytest.mark.parametrize("reason", ["", "   ", "\u200b", "x" * 300])
def test_a_missing_or_endless_reason_is_422_and_changes_nothing(owner, order, soap, reason):
    response = owner.post(address(order, "bill_cancel"), {"reason": reason})
    assert response.status_code == 422
    assert "data-bad" in response.text
    order.refresh_from_db()
    assert not order.is_cancelled
    assert soap.lots.get().on_hand == 490


@pytest.mark.parametrize("role", [Role.STAFF, Role.ACCOUNTANT])
def test_who_may_not_cancel_gets_403_and_no_button(client, shop, order, role):
    client.force_login(factories.make_member(shop, role))
    assert client.post(address(order, "bill_cancel"), {"reason": "x"}).status_code == 403
    assert "Cancel this bill" not in client.get(address(order)).text
    order.refresh_from_db()
    assert not order.is_cancelled


def test_shows_money_given_back(owner, shop, soap):
    order = factories.make_order(shop, [(soap, 2)], payments=[Tender("upi", D(50), reference="4455"), Tender("cash", None)])
    cancel_order(shop=shop, bill_number=order.bill_number, by=shop.owner, reason="Wrong")
    text = owner.get(address(order)).text
    assert "4455" in text
    assert "UPI, given back" in text
    assert "−50.00" in text
