"""A stock take in a few words: counted by hand, ended, approved."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

from inventory.count_approval import approve_stock_take
from inventory.counting import count_goods, finish_counting, newest_movement, open_stock_take
from inventory.models import StockTake
from tests import factories

D = Decimal


def open_take(shop, **scope) -> StockTake:
    return open_stock_take(shop=shop, by=factories.owner_of(shop), request_key=uuid4(), **scope)


def count(take, product, quantity, *, by=None, **more):
    """One entry: called up and written at once, unless `seen` says otherwise."""
    more.setdefault("seen", newest_movement(product))
    who = by or factories.owner_of(take.shop)
    return count_goods(take=take, by=who, product=product, counted=D(str(quantity)), request_key=more.pop("request_key", uuid4()), **more)


def approve(take, **more):
    """End the counting and approve; the paper."""
    take = finish_counting(take=take)
    return approve_stock_take(take=take, by=factories.owner_of(take.shop), request_key=more.pop("request_key", uuid4()), **more)


def stock(product) -> list[Decimal]:
    """What the product's lots hold, the oldest lot first."""
    return list(product.lots.order_by("pk").values_list("on_hand", flat=True))
