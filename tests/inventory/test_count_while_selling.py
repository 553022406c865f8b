"""Two people count while three counters sell, with real threads: the lots end at the count plus what happened since."""

import random
from decimal import Decimal as D
from threading import Lock
from uuid import uuid4

import pytest

from inventory.count_approval import approve_stock_take
from inventory.counting import finish_counting, newest_movement
from inventory.errors import StockError
from inventory.models import StockMovement, StockTake
from orders.services import cancel_order
from shops.models import Counter, Shop
from tests import factories
from tests.at_once import at_once
from tests.inventory.buying import books_agree
from tests.inventory.counting_world import count, open_take

pytestmark = pytest.mark.django_db(transaction=True)

GOODS, BILLS = 8, 12


class Shelf:
    """What really stands there of one product: `front`, which customers take from, and `store`, behind.

    Its lock is the one thing that the books cannot know: goods leave the shelf in the moment in which they are sold, and are
    counted in the moment in which the entry is written.
    """

    def __init__(self, product, front, store):
        self.product, self.front, self.store, self.lock = product, front, store, Lock()

    @property
    def all(self):
        return self.front + self.store


def sells(shop_id, counter_id, shelves, seed):
    """A counter: bills of one to three goods, now and then one cancelled, its goods back on the shelf."""
    chance = random.Random(seed)
    shop = Shop.objects.get(pk=shop_id)
    for n in range(BILLS):
        basket = sorted(chance.sample(shelves, chance.randint(1, 3)), key=lambda s: s.product.pk)
        for shelf in basket:
            shelf.lock.acquire()
        try:
            counter = shop.counters.get(pk=counter_id)
            order = factories.make_order(shop, [(shelf.product, 1) for shelf in basket], counter=counter)
            back = n % 5 == 4
            if back:
                cancel_order(shop=shop, bill_number=order.bill_number, by=factories.owner_of(shop), reason="left it")
            for shelf in basket:
                shelf.front -= 0 if back else 1
        finally:
            for shelf in basket:
                shelf.lock.release()


def counts(take_id, user, shelves, place, before=None):
    """A person with a phone: every product in one place; the store behind only after the front of it is counted."""
    take = StockTake.objects.get(pk=take_id)
    for shelf in shelves:
        if before is not None:
            before[shelf.product.pk].wait(60)
        with shelf.lock:
            count(take, shelf.product, getattr(shelf, place), by=user)
        if before is None:
            FRONT_DONE[shelf.product.pk].set()


FRONT_DONE: dict = {}


def test_two_count_while_three_counters_sell():
    from threading import Event

    shop = factories.make_shop()
    chance = random.Random(7)
    counters = [shop.counters.get().pk, *(Counter.objects.create(shop=shop, name=f"Till {n}", code=f"T{n}").pk for n in (2, 3))]
    shelves = []
    for n in range(GOODS):
        product = factories.make_product(shop, f"Goods {n}", stock=100)
        shelves.append(Shelf(product, 60 + chance.randint(-5, 5), 40 + chance.randint(-5, 5)))
        FRONT_DONE[product.pk] = Event()
    take = open_take(shop)
    ravi, sita = factories.make_member(shop), factories.make_member(shop)
    at_once(
        [
            *(lambda n=n, c=c: sells(shop.pk, c, shelves, n) for n, c in enumerate(counters)),
            lambda: counts(take.pk, ravi, shelves, "front"),
            lambda: counts(take.pk, sita, shelves, "store", FRONT_DONE),
        ]
    )
    finish_counting(take=take)

    def approves():
        return approve_stock_take(take=StockTake.objects.get(pk=take.pk), by=factories.owner_of(shop), request_key=uuid4())

    at_once([*(lambda n=n, c=c: sells(shop.pk, c, shelves, 50 + n) for n, c in enumerate(counters)), approves])
    found = [(shelf.product.name, shelf.product.lots.get().on_hand) for shelf in shelves]
    assert found == [(shelf.product.name, D(shelf.all)) for shelf in shelves]
    assert StockMovement.objects.filter(reason="sale").count() > 60
    assert StockMovement.objects.filter(reason="count").exists()
    books_agree(shop)


def test_one_entry_sent_ten_times_at_once_is_one_entry():
    shop = factories.make_shop()
    soap = factories.make_product(shop, stock=10)
    take = open_take(shop)
    key, seen = uuid4(), newest_movement(soap)
    entries = at_once([lambda: count(StockTake.objects.get(pk=take.pk), soap, 4, request_key=key, seen=seen) for _ in range(10)])
    assert {entry.pk for entry in entries} == {take.entries.get().pk}


def test_approved_by_two_at_once_moves_the_stock_once():
    shop = factories.make_shop()
    soap = factories.make_product(shop, stock=10)
    take = open_take(shop)
    count(take, soap, 7)
    finish_counting(take=take)
    results = at_once(
        [lambda: approve_stock_take(take=StockTake.objects.get(pk=take.pk), by=shop.owner, request_key=uuid4()) for _ in range(4)]
    )
    assert sorted(getattr(r, "code", "approved") for r in results) == ["approved", *["decided"] * 3]
    assert soap.lots.get().on_hand == 7
    books_agree(shop)


def test_an_entry_is_in_the_count_or_refused_never_lost_when_the_counting_ends():
    shop = factories.make_shop()
    soap = factories.make_product(shop, stock=10)
    take = open_take(shop)
    count(take, soap, 1)
    results = at_once(
        [
            *(lambda: count(StockTake.objects.get(pk=take.pk), soap, 1) for _ in range(6)),
            lambda: finish_counting(take=StockTake.objects.get(pk=take.pk)),
        ]
    )
    refused = [r for r in results if isinstance(r, StockError)]
    assert {r.code for r in refused} <= {"not_counting"}
    assert take.entries.count() == 7 - len(refused)
    approve_stock_take(take=take, by=shop.owner, request_key=uuid4())
    assert soap.lots.get().on_hand == take.entries.count()
