"""Who may open the stock room's pages: the ladder, for every one of them."""

import pytest
from django.urls import reverse

from shops.models import Role
from tests import factories
from tests.inventory.buying import buy, make_supplier, received
from tests.inventory.counting_world import open_take

OF_PRODUCT = {"set_minimum", "adjust", "adjust_after", "history"}
OF_TAKE = {"stock_take", "count_find", "count_left", "count_review", "count_enter"}
COUNTING = {"stock_takes", "stock_take", "count_find", "count_left", "count_enter"}
DECIDING = {"count_review"}
SEEN_BY_ALL = {"low_stock", "below_zero", "history"}
EDITING = {"set_minimum", "opening", "opening_find", "opening_paste", "new_stock_take"}
ADJUSTING = {"adjust_find", "adjust", "adjust_after"} | COUNTING
OF_BILL = {"purchase", "purchase_return"}
OF_SUPPLIER = {"supplier", "supplier_statement_file", "change_supplier", "pay_supplier", "supplier_opening"}
SEEING_COST = {"purchases", "purchase", "suppliers", "supplier", "supplier_statement_file"}
BUYING = {"new_purchase", "purchase_find", "purchase_return", "new_supplier", "change_supplier", "pay_supplier", "supplier_opening"}
NAMES = sorted(SEEN_BY_ALL | EDITING | ADJUSTING | SEEING_COST | BUYING | DECIDING)
POSTED = {"set_minimum", "opening", "opening_paste", "adjust", "new_stock_take", "count_enter"} | BUYING
WHOLE = {"purchase", "supplier_statement_file"}  # never asked for in part


def address(shop, name, product):
    place = []
    if name in OF_PRODUCT:
        place = [product.pk]
    elif name in OF_BILL | OF_SUPPLIER:
        bill = product.receipt_lines.get().receipt
        place = [bill.supplier_id if name in OF_SUPPLIER else bill.pk]
    elif name in OF_TAKE:
        place = [shop.stock_takes.get().pk, *([product.pk] if name == "count_enter" else [])]
    return reverse(f"inventory:{name}", args=[shop.slug, *place])


@pytest.fixture
def soap(shop):
    """Some on the shelf, and some from a supplier."""
    soap = factories.make_product(shop, stock=10)
    buy(make_supplier(shop), received(soap, 1, 40))
    open_take(shop)
    return soap


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("role", list(Role))
def test_each_role_gets_what_it_may(client, shop, soap, name, role):
    client.force_login(factories.make_member(shop, role))
    may = name in SEEN_BY_ALL
    may |= name in EDITING and role in (Role.OWNER, Role.MANAGER)
    may |= name in SEEING_COST and role != Role.STAFF
    may |= name in BUYING and role in (Role.OWNER, Role.MANAGER)
    may |= name in ADJUSTING and role != Role.ACCOUNTANT
    may |= name in DECIDING and role == Role.OWNER
    expected = {200, 302} if may else {403}
    assert client.get(address(shop, name, soap)).status_code in expected
    if name in POSTED and not may:
        assert client.post(address(shop, name, soap)).status_code == 403


@pytest.mark.parametrize("name", NAMES)
def test_stranger_gets_404(client, shop, other_shop, soap, name):
    client.force_login(other_shop.owner)
    assert client.get(address(shop, name, soap)).status_code == 404
    assert client.post(address(shop, name, soap)).status_code == 404


@pytest.mark.parametrize("name", NAMES)
def test_anonymous_is_sent_to_sign_in(client, shop, soap, name):
    response = client.get(address(shop, name, soap))
    assert response.status_code == 302
    assert reverse("account_login") in response.url
    fragment = client.get(address(shop, name, soap), headers={"HX-Request": "true"})
    assert reverse("account_login") in fragment["HX-Redirect"]


@pytest.mark.parametrize("name", sorted(OF_PRODUCT))
def test_another_shops_product_is_not_found(client, shop, other_shop, name):
    theirs = factories.make_product(other_shop, stock=1)
    client.force_login(shop.owner)
    assert client.get(address(shop, name, theirs)).status_code == 404
    if name in POSTED:
        assert client.post(address(shop, name, theirs), {"reason": "damage", "quantity": "1", "min_stock": "1"}).status_code == 404
    assert theirs.lots.get().on_hand == 1


@pytest.mark.parametrize("name", sorted(OF_PRODUCT))
@pytest.mark.parametrize("pk", [0, 10**12, 10**30])
def test_a_product_that_is_not_there_is_not_found(client, shop, name, pk):
    client.force_login(shop.owner)
    assert client.get(reverse(f"inventory:{name}", args=[shop.slug, pk])).status_code == 404


@pytest.mark.parametrize("name", sorted(set(NAMES) - POSTED))
def test_pages_that_only_show_refuse_a_post(client, shop, soap, name):
    client.force_login(shop.owner)
    assert client.post(address(shop, name, soap)).status_code == 405


@pytest.mark.parametrize("name", sorted(set(NAMES) - WHOLE))
def test_page_and_fragment_are_kept_apart(client, shop, soap, name):
    client.force_login(shop.owner)
    page = client.get(address(shop, name, soap))
    fragment = client.get(address(shop, name, soap), headers={"HX-Request": "true"})
    assert "HX-Request" in page["Vary"]
    assert b"<html" not in fragment.content


ACTS = {
    "count_end": (Role.OWNER, Role.MANAGER),
    **dict.fromkeys(("count_recount", "count_go_on", "count_approve", "count_cancel"), (Role.OWNER,)),
}


@pytest.mark.parametrize("name", sorted(ACTS))
@pytest.mark.parametrize("role", list(Role))
def test_acts_of_a_stock_take_are_for_whom_they_are(client, shop, soap, name, role):
    client.force_login(factories.make_member(shop, role))
    answer = client.post(reverse(f"inventory:{name}", args=[shop.slug, shop.stock_takes.get().pk]))
    assert answer.status_code in ({302, 422} if role in ACTS[name] else {403})
    assert client.get(reverse(f"inventory:{name}", args=[shop.slug, shop.stock_takes.get().pk])).status_code in (403, 405)


@pytest.mark.parametrize("name", sorted([*ACTS, *OF_TAKE - {"count_enter"}]))
def test_another_shops_stock_take_is_not_found(client, shop, other_shop, name):
    factories.make_product(other_shop, stock=1)
    theirs = open_take(other_shop)
    client.force_login(shop.owner)
    call = client.post if name in ACTS else client.get
    assert call(reverse(f"inventory:{name}", args=[shop.slug, theirs.pk])).status_code == 404
    theirs.refresh_from_db()
    assert theirs.status == "open"
