"""A shop that packs: a sack, packets, and one line of code that makes these of that."""

from __future__ import annotations

from decimal import Decimal

from inventory.models import Repack
from inventory.repacking import Made, Taken, repack_goods
from shops.models import Shop
from tests import factories

D = Decimal


def make_sack(shop: Shop, name: str = "Sugar sack 50 kg", *, stock=4, cost="2000", **extra):
    """Sacks of 50 kg at ₹ 2,000, of which four are there."""
    return factories.make_product(shop, name, price="2400", mrp=None, cost=cost, unit="bag", stock=stock, **extra)


def make_packet(shop: Shop, name: str = "Sugar 1 kg", *, price="50", mrp="52", cost="40", **extra):
    """Packets, none there yet."""
    return factories.make_product(shop, name, price=price, mrp=mrp, cost=cost, **extra)


def pack(shop: Shop, taken, made, **more) -> Repack:
    """`taken` and `made` are (product, quantity) pairs, or `Taken` and `Made`."""
    ins = [one if isinstance(one, Taken) else Taken(one[0], D(str(one[1]))) for one in taken]
    outs = [one if isinstance(one, Made) else Made(one[0], D(str(one[1]))) for one in made]
    more["packing_cost"] = D(str(more.get("packing_cost", 0)))
    return repack_goods(shop=shop, by=factories.owner_of(shop), taken=ins, made=outs, **more)
