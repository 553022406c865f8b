"""The products page sorted by stock: the same order as a plain Python sort, whatever narrows it, page after page."""

from __future__ import annotations

import random
from decimal import Decimal
from itertools import batched

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.views import PER_PAGE
from orders.bill import BillLine
from shops.models import Shop
from tests import factories

D = Decimal
WORDS = ["Soap", "Soda", "Salt", "Sugar", "Tea"]


@pytest.fixture
def goods(shop, other_shop):
    """70 products: none, one or three lots, sold out, below zero, off sale, many with the same stock and some with the same name."""
    shop.stock_policy = Shop.StockPolicy.WARN
    shop.save(update_fields=["stock_policy"])
    dice = random.Random(7)
    shelves = [shop.categories.create(name=name) for name in ("Grain", "Oil")]
    made = []
    for n in range(70):
        name = f"{WORDS[n % 5]} {dice.randrange(30):02d}"
        product = factories.make_product(shop, name, category=dice.choice([*shelves, None]), min_stock=D(4), is_active=n % 9 != 0)
        for _ in range(dice.choice([0, 1, 1, 3])):
            factories.stock_up(product, dice.choice([2, 3, 5, 30]))
        made.append(product)
    for product in made[1:9]:  # on sale, all of them
        factories.make_order(shop, [BillLine(product.pk, in_stock(product) + dice.choice([0, 2]) or D(1))])
    for n in range(5):
        factories.make_product(other_shop, f"Soap {n}", stock=n + 1)
    return made


def in_stock(product) -> Decimal:
    return sum((lot.on_hand for lot in product.lots.all()), D(0))


def naive(goods, sort: str, keep) -> list[int]:
    """Sorted by stock, name and key; from the end when the heading says so."""
    kept = sorted((p for p in goods if keep(p)), key=lambda p: (in_stock(p), p.name, p.pk), reverse=sort.startswith("-"))
    return [p.pk for p in kept]


def pages(client, shop, **query) -> list[int]:
    """The keys of all pages, one after the other."""
    url, found = reverse("catalog:products", args=[shop.slug]), []
    for number in range(1, 10):
        page = client.get(url, query | {"page": number}).context["table"].page
        rows = [row.record for row in page.object_list]
        assert all(record.stock == in_stock(record) for record in rows)
        found += [record.pk for record in rows]
        if not page.has_next():
            return found
    raise AssertionError("too many pages")


FILTERS = {
    "all": ({}, lambda p: True),
    "in": ({"stock": "in"}, lambda p: p.is_active and in_stock(p) > 0),
    "low": ({"stock": "low"}, lambda p: p.is_active and 0 < in_stock(p) <= p.min_stock),
    "out": ({"stock": "out"}, lambda p: p.is_active and in_stock(p) <= 0),
    "off": ({"stock": "off"}, lambda p: not p.is_active),
    "words": ({"q": "so"}, lambda p: p.name.startswith("So")),
    "words and out": ({"q": "so", "stock": "out"}, lambda p: p.name.startswith("So") and p.is_active and in_stock(p) <= 0),
    "nothing": ({"q": "zzz"}, lambda p: False),
}


@pytest.mark.parametrize("sort", ["stock", "-stock"])
def test_every_filter_sorts_like_a_plain_sort(client, shop, goods, sort):
    client.force_login(shop.owner)
    for what, (query, keep) in FILTERS.items():
        assert pages(client, shop, sort=sort, **query) == naive(goods, sort, keep), what
    oil = shop.categories.get(name="Oil").pk
    assert pages(client, shop, sort=sort, category=oil) == naive(goods, sort, lambda p: p.category_id == oil)


def test_the_world_holds_every_hard_case(goods):
    stocks = [in_stock(p) for p in goods]
    assert min(stocks) < 0
    assert any(not p.lots.exists() for p in goods)
    assert any(p.lots.exists() and in_stock(p) == 0 for p in goods)
    assert len(set(stocks)) < len(stocks) / 3, "many ties"
    assert len({(in_stock(p), p.name) for p in goods}) < len(goods), "same stock and name: the key decides"
    assert len(list(batched(goods, PER_PAGE))) == 3


def test_another_shops_lots_are_not_summed(client, shop, other_shop):
    factories.make_product(shop, "Soap", stock=5)
    factories.make_product(other_shop, "Soap", stock=90)
    client.force_login(shop.owner)
    page = client.get(reverse("catalog:products", args=[shop.slug]), {"sort": "-stock"}).context["table"].page
    assert [(row.record.name, row.record.stock) for row in page.object_list] == [("Soap", D(5))]


def test_query_count_is_flat_when_sorted_by_stock(client, shop, goods):
    client.force_login(shop.owner)
    url = reverse("catalog:products", args=[shop.slug])

    def count(**query) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(url, {"sort": "stock", **query})
        return len(queries)

    count()
    assert count(q=goods[0].name) == count() == count(page=2) == count(category=shop.categories.first().pk)
