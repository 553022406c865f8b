"""Who may open the stock room's pages: the ladder, for every one of them."""

import pytest
from django.urls import reverse

from inventory.bill_files.acts import set_columns, take_in
from inventory.models import PurchaseOrder
from inventory.ordering import OrderedLine, save_order
from shops.models import Role
from tests import factories
from tests.inventory.buying import D, buy, make_supplier, received
from tests.inventory.counting_world import open_take

SEEN_BY_ALL = {"low_stock", "below_zero", "expiry", "history"}
OF_PRODUCT = {"product_purchases", "set_minimum", "set_maximum", "adjust", "adjust_after", "history"}
EDITING = {"set_minimum", "set_maximum", "opening", "opening_find", "opening_paste"}
ADJUSTING = {"adjust_find", "adjust", "adjust_after"}
OF_TAKE = {"stock_take", "count_find", "count_left", "count_review", "count_enter"}
COUNTING = {"stock_takes", "stock_take", "count_find", "count_left", "count_enter"}
DECIDING = {"count_review"}
EDITING |= {"new_stock_take"}
ADJUSTING |= COUNTING
OF_BILL = {"purchase", "purchase_return"}
OF_FILE = {"bill_file", "enter_bill_file"}
ACTS_ON_FILE = {"bill_file_columns", "bill_file_goods", "bill_file_again", "forget_bill_file"}
OF_SUPPLIER = {"supplier", "supplier_statement_file", "change_supplier", "pay_supplier", "supplier_opening"}
OF_ORDER = {"purchase_order", "order_pdf", "change_order"}
SEEING_COST = {"purchases", "purchase", "suppliers", "supplier", "supplier_statement_file"}
SEEING_COST |= {"purchase_orders", "purchase_order", "order_pdf"}
BUYING = {"new_purchase", "purchase_find", "purchase_return", "new_supplier", "change_supplier", "pay_supplier", "supplier_opening"}
BUYING |= {"new_order", "change_order", "order_find", "bring_bill"} | OF_FILE
SEEING_COST |= {"slow", "slow_file", "product_purchases"}
NAMES = sorted(SEEN_BY_ALL | EDITING | ADJUSTING | SEEING_COST | BUYING | DECIDING)
POSTED = {"set_minimum", "set_maximum", "opening", "opening_paste", "adjust", "expiry", "new_stock_take", "count_enter"} | BUYING - OF_FILE
# Never asked for in part.
WHOLE = {
    "purchase",
    "supplier_statement_file",
    "purchase_order",
    "order_pdf",
    "bring_bill",
    "bill_file",
    "slow_file",
}


def address(shop, name, product):
    place = []
    if name in OF_PRODUCT:
        place = [product.pk]
    elif name in OF_ORDER:
        place = [product.purchase_order_lines.get().order_id]
    elif name in OF_BILL | OF_SUPPLIER:
        bill = product.receipt_lines.get().receipt
        place = [bill.supplier_id if name in OF_SUPPLIER else bill.pk]
    elif name in OF_FILE | ACTS_ON_FILE:
        place = [shop.bill_files.get().pk]
    elif name in OF_TAKE:
        place = [shop.stock_takes.get().pk, *([product.pk] if name == "count_enter" else [])]
    return reverse(f"inventory:{name}", args=[shop.slug, *place])


@pytest.fixture
def soap(shop):
    """Some on the shelf, some from a supplier, some ordered there, and a bill of theirs as a file."""
    soap = factories.make_product(shop, stock=10)
    supplier = make_supplier(shop)
    buy(supplier, received(soap, 1, 40))
    save_order(shop=shop, by=shop.owner, supplier=supplier, lines=[OrderedLine(soap, D(1))])
    file = take_in(shop=shop, by=shop.owner, supplier=supplier, filename="bill.csv", content=b"Item,Qty,Rate\nSoap,1,40\n")
    set_columns(file=file, by=shop.owner, mapping={"name": 0, "quantity": 1, "rate": 2})
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


@pytest.mark.parametrize("name", sorted(set(NAMES) - POSTED - {"low_stock"}))  # it orders, for those who buy: test_order_low_stock.py
def test_pages_that_only_show_refuse_a_post(client, shop, soap, name):
    client.force_login(shop.owner)
    assert client.post(address(shop, name, soap)).status_code == 405


@pytest.mark.parametrize("name", sorted(ACTS_ON_FILE))
def test_acts_on_a_suppliers_file_are_for_those_who_buy(client, shop, other_shop, soap, name):
    url = address(shop, name, soap)
    theirs = reverse(f"inventory:{name}", args=[other_shop.slug, shop.bill_files.get().pk])
    for user, status in ((factories.make_member(shop, Role.STAFF), 403), (factories.make_member(shop, Role.ACCOUNTANT), 403),
                         (other_shop.owner, 404)):  # fmt: skip
        client.force_login(user)
        assert client.post(url).status_code == status
    assert client.post(theirs).status_code == 404
    client.force_login(shop.owner)
    assert client.get(url).status_code == 405
    assert shop.bill_files.exists()


@pytest.mark.parametrize("name", sorted(set(NAMES) - WHOLE))
def test_page_and_fragment_are_kept_apart(client, shop, soap, name):
    client.force_login(shop.owner)
    page = client.get(address(shop, name, soap))
    fragment = client.get(address(shop, name, soap), headers={"HX-Request": "true"})
    assert "HX-Request" in page["Vary"]
    assert b"<html" not in fragment.content


@pytest.mark.parametrize("name", ["send_order", "close_order", "cancel_order", "order_sums"])
@pytest.mark.parametrize("role", list(Role))
def test_orders_move_only_by_those_who_buy(client, shop, other_shop, soap, name, role):
    order = PurchaseOrder.objects.get()
    place = reverse(f"inventory:{name}", args=[shop.slug, *([order.pk] if name != "order_sums" else [])])
    assert reverse("account_login") in client.post(place).url
    client.force_login(other_shop.owner)
    assert client.post(place).status_code == 404
    client.force_login(factories.make_member(shop, role))
    assert client.get(place).status_code in (403, 405)
    may = role in (Role.OWNER, Role.MANAGER)
    assert client.post(place, {"reason": "enough"}).status_code in ({200, 302} if may else {403})
    assert (PurchaseOrder.objects.get().status != "draft") == (may and name != "order_sums")


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
