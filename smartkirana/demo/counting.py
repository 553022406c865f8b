"""A stock take of the demo: two people counted most of a category, a few things differ, and the owner has not looked yet."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from django.db.models import Count

from inventory.counting import count_goods, finish_counting, open_stock_take
from inventory.models import StockTake
from inventory.selectors import stock_of
from shops.models import Role, Shop

MOST, LEFT_OUT = 18, 2  # products looked at, and how many of them nobody found time for
OFF = (0, 0, 0, 0, -1, 0, 0, 1, 0, -2)  # pieces that a shelf differs by


def count_some(shop: Shop, random: Random) -> StockTake:
    """Count packed goods of the smallest category that has enough of them; what is below zero is not counted."""
    owner = shop.memberships.get(role=Role.OWNER).user
    staff = [member.user for member in shop.memberships.filter(role__in=(Role.STAFF, Role.MANAGER)).select_related("user")]
    sizes = shop.categories.annotate(packed=Count("products")).filter(packed__gte=MOST).order_by("packed", "pk")
    category = sizes.first() or shop.categories.latest("pk")
    take = open_stock_take(shop=shop, by=owner, category=category, name="Before Diwali")
    goods = [p for p in shop.products.filter(category=category, is_active=True).order_by("name")[:MOST] if stock_of(p) >= 2]
    for n, product in enumerate(goods[: -LEFT_OUT or None]):
        count_goods(take=take, by=staff[n % len(staff)], product=product, counted=stock_of(product) + Decimal(random.choice(OFF)))
    return finish_counting(take=take)
