"""From the list of goods running low to draft orders: what is ticked, or everything listed, grouped by who usually brings it."""

from uuid import uuid4

import pytest
from django.urls import reverse

from catalog.models import Barcode
from inventory.models import PurchaseOrder, PurchaseOrderLine
from shops.models import Role
from tests import factories
from tests.inventory.buying import D, buy, make_supplier, received

HTMX = {"HX-Request": "true"}


@pytest.fixture
def gupta(shop):
    return make_supplier(shop, "Gupta Agencies")


@pytest.fixture
def page(client, shop):
    client.force_login(shop.owner)
    return client


def low(shop, name, supplier=None, *, packs=1, pack_size=1, minimum="10"):
    """Goods under their minimum; `supplier` brought them last, in packs of `pack_size`."""
    product = factories.make_product(shop, name, min_stock=D(minimum), price="100", mrp=None, cost="40")
    if supplier:
        buy(supplier, received(product, packs, 40 * pack_size, pack_size=D(pack_size)))
    else:
        factories.stock_up(product, 1)
    return product


def send(page, shop, act, goods=(), query="", **more):
    """Press a button of the list; `goods` is product → the quantity written beside it."""
    sent = {"act": act, "request_key": str(uuid4()), "product": [str(product.pk) for product in goods]}
    sent |= {f"{product.pk}-quantity": text for product, text in dict(goods).items()} | more
    return page.post(reverse("inventory:low_stock", args=[shop.slug]) + query, sent, headers=HTMX)


def ordered(shop):
    """Supplier → product → pieces in its draft orders."""
    found: dict = {}
    for line in PurchaseOrderLine.objects.filter(shop=shop, order__status="draft").select_related("order__supplier"):
        found.setdefault(line.order.supplier.name, {})[line.name] = line.quantity
    return found


def test_what_is_ticked_goes_to_who_brought_it_last_in_whole_packs(page, shop, gupta):
    soap, salt = low(shop, "Soap", gupta, pack_size=12, minimum="20"), low(shop, "Salt", make_supplier(shop, "Rao Traders"))
    low(shop, "Tea", gupta)
    answer = send(page, shop, "ticked", {soap: "13", salt: "7"})
    assert answer["HX-Redirect"].endswith("/purchases/orders/?status=draft")
    assert ordered(shop) == {"Gupta Agencies": {"Soap": D(24)}, "Rao Traders": {"Salt": D(7)}}


def test_one_order_is_opened_at_once(page, shop, gupta):
    answer = send(page, shop, "ticked", {low(shop, "Soap", gupta): "13"})
    order = PurchaseOrder.objects.get(shop=shop)
    assert answer["HX-Redirect"] == reverse("inventory:purchase_order", args=[shop.slug, order.pk])


def test_all_that_is_listed_is_ordered_as_suggested_and_as_narrowed(page, shop, gupta):
    low(shop, "Soap", gupta, minimum="20"), low(shop, "Salt", gupta)
    assert send(page, shop, "all", query="?q=soap").status_code == 200
    assert ordered(shop) == {"Gupta Agencies": {"Soap": D(39)}}  # up to twice the minimum; one is there


def test_what_is_on_order_is_not_suggested_again(page, shop, gupta):
    soap = low(shop, "Soap", gupta)
    send(page, shop, "ticked", {soap: "15"})
    text = page.get(reverse("inventory:low_stock", args=[shop.slug])).content.decode()
    assert "15 pc on order" in text
    assert 'name="min_stock" inputmode="decimal" autocomplete="off" maxlength="14" aria-label="Minimum of Soap" value="10"' in text
    assert f'name="{soap.pk}-quantity" value="4"' in text  # 1 there, 15 coming, up to 20
    send(page, shop, "all")
    assert ordered(shop) == {"Gupta Agencies": {"Soap": D(19)}}
    answer = send(page, shop, "all")
    assert (answer.status_code, "on order already" in answer.content.decode()) == (422, True)


def test_what_nobody_brought_needs_a_supplier(page, shop, gupta):
    soap, salt = low(shop, "Soap"), low(shop, "Salt", gupta)
    answer = send(page, shop, "ticked", {soap: "13"})
    assert (answer.status_code, "Nobody brought Soap yet" in answer.content.decode()) == (422, True)
    send(page, shop, "ticked", {soap: "13", salt: "3"})
    assert ordered(shop) == {"Gupta Agencies": {"Salt": D(3)}}
    send(page, shop, "ticked", {soap: "13"}, bring=str(gupta.pk))
    assert ordered(shop)["Gupta Agencies"]["Soap"] == 13


def test_a_carton_code_gives_the_pack_of_goods_nobody_brought(page, shop, gupta):
    soap = low(shop, "Soap")
    Barcode.objects.create(shop=shop, product=soap, code="8901234567894", pack_quantity=D(6))
    send(page, shop, "ticked", {soap: "13"}, bring=str(gupta.pk))
    assert ordered(shop) == {"Gupta Agencies": {"Soap": D(18)}}


@pytest.mark.parametrize(("act", "pieces"), [("ticked", 13), ("all", 19)])
def test_pressed_twice_is_ordered_once(page, shop, gupta, act, pieces):
    soap, key = low(shop, "Soap", gupta), str(uuid4())
    answers = [send(page, shop, act, {soap: "13"}, request_key=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0]["HX-Redirect"] == answers[1]["HX-Redirect"]
    assert ordered(shop) == {"Gupta Agencies": {"Soap": D(pieces)}}


@pytest.mark.parametrize("text", ["", "0", "-1", "1.5", "NaN", "Infinity", "1e400", "99999999999", "twelve", "\x00", "<b>"])
def test_a_bad_quantity_is_told_and_what_was_written_stays(page, shop, gupta, text):
    soap, salt = low(shop, "Soap", gupta), low(shop, "Salt", gupta)
    answer = send(page, shop, "ticked", {soap: text, salt: "77"})
    words = answer.content.decode()
    assert (answer.status_code, ordered(shop)) == (422, {})
    assert 'role="alert"' in words
    assert "Soap" in words.split('role="alert"')[1].split("</div>")[0]
    assert f'name="{salt.pk}-quantity" value="77"' in words
    assert words.count(" checked") == 2


def test_nothing_ticked_orders_nothing(page, shop, gupta):
    low(shop, "Soap", gupta)
    answer = send(page, shop, "ticked")
    assert (answer.status_code, "Tick the goods to order" in answer.content.decode()) == (422, True)


def test_goods_and_suppliers_of_another_shop_are_refused(page, shop, other_shop, gupta):
    soap, theirs = low(shop, "Soap"), low(other_shop, "Theirs", make_supplier(other_shop, "Theirs too"))
    assert send(page, shop, "ticked", {theirs: "3"}).status_code == 422
    assert send(page, shop, "ticked", {soap: "3"}, bring=str(theirs.receipt_lines.get().receipt.supplier_id)).status_code == 422
    assert not PurchaseOrderLine.objects.exists()


def test_who_may_not_buy_sees_no_boxes_and_orders_nothing(client, shop, gupta):
    soap = low(shop, "Soap", gupta)
    client.force_login(factories.make_member(shop, Role.STAFF))
    assert 'form="order-form"' not in client.get(reverse("inventory:low_stock", args=[shop.slug])).content.decode()
    assert send(client, shop, "ticked", {soap: "3"}).status_code == 403
    assert ordered(shop) == {}


def test_a_supplier_no_longer_in_use_is_not_the_usual_one(page, shop, gupta):
    soap = low(shop, "Soap", gupta)
    shop.suppliers.update(is_active=False)
    assert "Gupta Agencies" not in page.get(reverse("inventory:low_stock", args=[shop.slug])).content.decode()
    assert send(page, shop, "ticked", {soap: "3"}).status_code == 422


def test_queries_do_not_grow_with_the_list(page, shop, gupta, django_assert_max_num_queries):
    for n in range(12):
        low(shop, f"Soap {n}", gupta)
    with django_assert_max_num_queries(40):
        assert send(page, shop, "all").status_code == 200
    assert len(ordered(shop)["Gupta Agencies"]) == 12


def test_goods_sold_below_zero_are_filled_up_too(page, shop, gupta):
    soap = low(shop, "Soap", gupta)
    factories.make_order(shop, [(soap, 3)])
    send(page, shop, "all")
    assert ordered(shop) == {"Gupta Agencies": {"Soap": D(22)}}
