"""Two presses of the same button at the same moment, each with its own worker: one effect, and nobody sees an error."""

import pytest
from django.test import Client

from shops.services import invite
from tests import factories, hostile
from tests.at_once import at_once
from tests.smartkirana.test_hostile_input import KEY, RIGHT, address, values_of_places

pytestmark = pytest.mark.django_db(transaction=True)

# Act → the table that grows, and by how much. Confirming an import is not here: tests do its work inside the press, where
# two connections of one process would wait for each other; `tests/catalog/test_import.py` presses it twice.
ADDED = {
    "counter/pay": ("orders_order", 1),
    "counter/approve": ("orders_approval", 1),
    "counter/lock": ("orders_tillevent", 1),
    "counter/cashier": ("orders_tillevent", 1),
    "counter/log": ("orders_tillevent", 1),
    "my-pin/": ("shops_pin", 1),
    "people/<int:member>/pin/": ("shops_pin", 1),
    "settings/counter-rules/": ("shops_counterlimits", 2),
    "bills/<slug:number>/cancel/": ("orders_orderevent", 1),
    "bills/<slug:number>/return/": ("orders_creditnote", 1),
    "payments/<int:payment>/seen/": ("orders_paymentevent", 1),
    "payments/<int:payment>/failed/": ("orders_paymentevent", 1),
    "stock/opening/": ("inventory_stockdocument", 1),
    "stock/opening/paste/": ("inventory_stockdocument", 1),
    "stock/adjust/<int:product>/": ("inventory_stockdocument", 1),
    "stock/repack/new/": ("inventory_repack", 1),
    "stock/repack/recipes/new/": ("inventory_recipe", 1),
    "stock/expiry/": ("inventory_lotpricechange", 1),
    "stock/takes/new/": ("inventory_stocktake", 1),
    "stock/takes/<int:take>/goods/<int:product>/": ("inventory_countentry", 1),
    "stock/takes/<int:take>/approve/": ("inventory_stockevent", 1),
    "suppliers/new/": ("inventory_supplier", 1),
    "suppliers/<int:supplier>/pay/": ("inventory_supplierpayment", 1),
    "suppliers/<int:supplier>/opening/": ("inventory_supplierentry", 1),
    "purchases/new/": ("inventory_goodsreceipt", 1),
    "purchases/orders/new/": ("inventory_purchaseorder", 1),
    "purchases/<int:receipt>/return/": ("inventory_purchasereturn", 1),
    "people/invite/": ("shops_invitation", 1),
    "products/new/": ("catalog_product", 1),
    "price-lists/new/": ("catalog_pricelist", 1),
    "price-lists/<int:pk>/paste/": ("catalog_listprice", 1),
    "price-lists/<int:pk>/goods/<int:product>/price/": ("catalog_listprice", 1),
    "offers/new/": ("catalog_offer", 1),
    "customers/new/": ("orders_customer", 1),
    "counter/customer": ("orders_customer", 1),
    "settings/counters/new/": ("shops_counter", 1),
    "join/": ("shops_membership", 1),
    "products/tiles/add/<int:pk>/": ("catalog_favourite", 1),
    "settings/labels/new/": ("catalog_labelformat", 1),
    "counter/product": ("catalog_product", 1),
    "products/<int:pk>/edit/": ("catalog_category", 1),
}
PLAIN = {"name": "Salt", "price": "10", "gst_goods": "", "category": "Spices", "request_key": KEY, "unit": "pc"}


def pressed_twice(clients, url, fields) -> list[int]:
    """Both answers to the same form sent at the same moment."""
    sent = hostile.encoded(fields)
    return [answer.status_code for answer in at_once([lambda one=one: one.post(url, sent, content_type=hostile.FORM) for one in clients])]


def rows(table: str) -> int:
    return sum(count for (name, _), (count, _) in hostile.rows_of_all_tables().items() if name == table)


def fields_for(act, world, client, url):
    """A right form, as the page sends it; without codes of its own for a new product, since only its key can tell it from another."""
    if act == "products/new/":
        return {name: [value] for name, value in {**PLAIN, "gst_goods": str(factories.goods().pk)}.items()}
    if act == "products/<int:pk>/edit/":
        return {
            name: [value] for name, value in {**PLAIN, "gst_goods": str(factories.goods().pk), "price": "52.50", "mrp": "52.50"}.items()
        }
    page = client.get(url)
    shown = hostile.form_on(page.content, url) if page.status_code == 200 else {}
    return shown | {name: [value] for name, value in RIGHT[act](world).items()}


@pytest.mark.parametrize("act", ADDED)
def test_two_presses_at_once_have_one_effect(act):
    world = hostile.make_world("Sharma")
    world.newcomer = "+919876599999"
    _, world.newcomers_code = invite(shop=world.shop, by=world.owner, name="New", phone=world.newcomer, role="staff")
    clients = [Client(), Client()]
    for client in clients:
        if act != "join/":
            client.force_login(world.owner)
    table, more = ADDED[act]
    before = rows(table)
    url = address(act, values_of_places(act, world))
    answers = pressed_twice(clients, url, fields_for(act, world, clients[0], url))
    assert set(answers) <= {200, 204, 302, 422}
    assert min(answers) in (200, 204, 302)
    assert rows(table) == before + more


def test_a_form_gone_back_to_makes_the_other_goods():
    """The Back button brings the old key again; what is typed over it is no second press."""
    world = hostile.make_world("Sharma")
    client = Client()
    client.force_login(world.owner)
    url = address("products/new/", {"shop": world.shop.slug})
    for name in ("Salt", "Salt", "Sugar"):
        client.post(url, {**PLAIN, "name": name, "gst_goods": factories.goods().pk})
    assert sorted(world.shop.products.values_list("name", flat=True)) == [
        "Salt",
        "Sharma Packet",
        "Sharma Sack",
        "Sharma Soap",
        "Sharma Sugar",
        "Sugar",
    ]
