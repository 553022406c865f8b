"""A stock take of 5,000 products: looked through and approved in a few statements and seconds."""

import time
from decimal import Decimal as D
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import F, Sum
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models import Product
from inventory.count_approval import approve_stock_take
from inventory.counting import finish_counting
from inventory.models import CountedLot, CountEntry
from inventory.services import Opening, enter_opening_stock
from smartkirana.bulk import insert_rows
from tests import factories
from tests.inventory.buying import books_agree
from tests.inventory.counting_world import open_take

GOODS = 5000
NEVER = 100  # of them nobody counted


@pytest.fixture
def counted(shop):
    """The stock take, its entries written in bulk as `count_goods` writes each: book 20 to 26, counted 20 to 24."""
    like = {"price": D("52.50"), "mrp": D("52.50"), "cost": D("40"), "gst_goods": factories.goods()}
    goods = Product.objects.bulk_create(Product(shop=shop, sku=f"G{n:05}", name=f"Goods {n}", **like) for n in range(GOODS))
    openings = [Opening(product, D(20 + n % 7), D("40.1234"), mrp=product.mrp) for n, product in enumerate(goods)]
    enter_opening_stock(shop=shop, by=shop.owner, openings=openings)
    take = open_take(shop)
    newest = dict(shop.movements.values_list("product", "pk"))
    lots = {lot.product_id: lot for lot in shop.lots.all()}
    entries = CountEntry.objects.bulk_create(
        CountEntry(shop=shop, take=take, product=p, quantity=D(20 + n % 5), book=lots[p.pk].on_hand, seen=newest[p.pk], newest=newest[p.pk],
                   by=shop.owner)
        for n, p in enumerate(goods[:-NEVER])
    )  # fmt: skip
    insert_rows([CountedLot(shop=shop, entry=e, product_id=e.product_id, lot=lots[e.product_id], book=e.book) for e in entries])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE inventory_stocklot, inventory_stockmovement, inventory_countentry, inventory_countedlot, catalog_product")
    return take


def test_five_thousand_products_are_looked_through_and_approved(client, shop, counted):
    client.force_login(shop.owner)
    for name in ("stock_take", "count_left", "count_review"):
        client.get(reverse(f"inventory:{name}", args=[shop.slug, counted.pk]))  # templates are read once
        began, worked = time.monotonic(), time.process_time()
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse(f"inventory:{name}", args=[shop.slug, counted.pk])).status_code == 200
        print(f"{name}: {time.monotonic() - began:.2f} s, {time.process_time() - worked:.2f} s of our own, {len(asked)} statements")
        assert len(asked) <= 13
    take = finish_counting(take=counted)
    began, worked = time.monotonic(), time.process_time()
    with CaptureQueriesContext(connection) as asked:
        approve_stock_take(take=take, by=shop.owner, uncounted="zero", request_key=uuid4())
    print(f"approve: {time.monotonic() - began:.2f} s, {time.process_time() - worked:.2f} s of our own, {len(asked)} statements")
    assert len(asked) <= 20
    assert time.process_time() - worked < 10  # our own work; the database's is the statements
    assert not shop.lots.filter(count_entries=None, product__count_entries__isnull=False).exclude(
        on_hand=F("product__count_entries__quantity")
    )
    assert shop.lots.filter(product__count_entries=None).aggregate(s=Sum("on_hand"))["s"] == 0
    connection.check_constraints()
    books_agree(shop)
