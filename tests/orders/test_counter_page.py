"""The counter's page: who may open it, which counter it is, and how it works without JavaScript."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shops.models import Role
from tests import factories


@pytest.fixture
def staff(shop, client):
    user = factories.make_member(shop)
    client.force_login(user)
    return client


def address(shop, name="counter"):
    return reverse(f"orders:{name}", args=[shop.slug])


def lines_of(*rows):
    """Posted lines: (product, quantity) or (product, quantity, mrp, price)."""
    full = [(*row, row[0].mrp or "", row[0].price)[:4] if len(row) == 2 else row for row in rows]
    return {
        "line-product": [getattr(row[0], "pk", row[0]) for row in full],
        "line-quantity": [row[1] for row in full],
        "line-mrp": [row[2] for row in full],
        "line-price": [row[3] for row in full],
    }


def test_opens_at_the_only_counter_with_an_empty_bill(staff, shop):
    page = staff.get(address(shop)).content.decode()
    assert "Counter 1" in page
    assert 'id="entry"' in page
    assert 'name="line-product"' not in page


def test_every_opened_page_has_its_own_request_key(staff, shop):
    first, second = (staff.get(address(shop)).context["key"] for _ in range(2))
    assert first != second


def test_has_nothing_inline(staff, shop):
    page = staff.get(address(shop)).content.decode()
    assert " style=" not in page
    assert " onclick" not in page
    assert "<script>" not in page


def test_accountant_may_not_sell(shop, client):
    client.force_login(factories.make_member(shop, Role.ACCOUNTANT))
    assert client.get(address(shop)).status_code == 403


def test_stranger_gets_404_and_nobody_goes_to_sign_in(shop, other_shop, client):
    assert "/sign-in/" in client.get(address(shop)).url
    client.force_login(other_shop.owner)
    assert client.get(address(shop)).status_code == 404


def test_several_counters_ask_once_and_the_device_remembers(staff, shop):
    second = shop.counters.create(name="Back counter", code="S2")
    asked = staff.get(address(shop)).content.decode()
    assert "Which counter is this?" in asked
    answer = staff.post(address(shop, "counter_choose"), {"counter": second.pk})
    assert answer.url == address(shop)
    assert staff.get(address(shop)).context["till"] == second


def test_choosing_a_counter_of_another_shop_is_refused_in_words(staff, shop, other_shop):
    shop.counters.create(name="Back counter", code="S2")
    for bad in (other_shop.counters.get().pk, "", "x", "9" * 30, "-1"):
        answer = staff.post(address(shop, "counter_choose"), {"counter": bad})
        assert answer.status_code == 422, bad
    assert "Which counter is this?" in staff.get(address(shop)).content.decode()


def test_a_shop_without_an_open_counter_says_who_opens_one(staff, shop):
    shop.counters.update(is_active=False)
    assert "No counter is in use" in staff.get(address(shop)).content.decode()


def test_without_javascript_a_typed_code_is_added_to_the_posted_lines(staff, shop):
    soap = factories.make_product(shop, stock=5)
    tea = factories.make_product(shop, "Tea", stock=5, plu=7)
    page = staff.post(address(shop), {"code": "7", **lines_of((soap, "2"))}).content.decode()
    assert page.count('name="line-product"') == 2
    assert f'name="line-product" value="{tea.pk}"' in page


def test_without_javascript_an_unknown_code_keeps_the_lines(staff, shop):
    soap = factories.make_product(shop, stock=5)
    answer = staff.post(address(shop), {"code": "777", **lines_of((soap, "2"))})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Not in list: 777" in page
    assert page.count('name="line-product"') == 1


def test_query_count_is_flat_in_the_lines(staff, shop):
    products = [factories.make_product(shop, f"Soap {n}", stock=5) for n in range(20)]
    code = products[0].barcodes.create(shop=shop, code="ABC1").code
    counts = []
    for many in (1, 20):
        with CaptureQueriesContext(connection) as seen:
            staff.post(address(shop), {"code": code, **lines_of(*((p, "1") for p in products[:many]))})
        counts.append(len(seen))
    assert counts[0] == counts[1]
