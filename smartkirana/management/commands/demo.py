"""`manage.py demo`: a believable kirana with 60 days of bills, and a small second shop."""

from __future__ import annotations

import time
from datetime import timedelta
from random import Random

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from shops.models import Shop
from smartkirana.dates import shop_today
from smartkirana.demo import purchases, world
from smartkirana.demo.counting import count_some
from smartkirana.demo.days import Days
from smartkirana.demo.prices import make_prices


class Command(BaseCommand):
    help = "Makes the demo shops on an empty database. For this computer only: everybody knows the password."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing, silently, when there is a shop already")
        parser.add_argument("--seed", type=int, default=2026, help="another number gives other days (default 2026)")
        parser.add_argument("--bills", type=float, default=40, help="bills on an ordinary day (default 40)")

    def handle(self, *, if_empty: bool, seed: int, bills: float, **options) -> None:
        if not settings.LOCAL:
            raise CommandError(
                "The demo is for your own computer only: its password is known to everybody. Set SMARTKIRANA_ENV=local there."
            )
        if Shop.objects.exists():
            if if_empty:
                return
            raise CommandError("There is a shop already. The demo needs an empty database (make reset).")
        started = time.monotonic()
        with connection.cursor() as cursor:  # a demo lost to a power cut is made again
            cursor.execute("SET synchronous_commit = off")
        self.stdout.write("Making the demo shop: goods, customers, opening stock")
        sold = self.make(Random(seed), bills)
        with connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit")
            cursor.execute("ANALYZE")
        self.stdout.write(f"Two shops, {sold} bills, {time.monotonic() - started:.0f} s")

    def make(self, random: Random, per_day: float) -> int:
        today = shop_today()
        shop, small = world.make_main_shop(), world.make_small_shop()
        goods = world.make_goods(shop, "products.csv", 100_000)
        few = world.make_goods(small, "small_shop.csv", 500_000)
        world.make_label_formats(shop)
        customers = world.make_customers(shop)
        world.stock_up(shop, goods, today, random, purchases.FIRST)
        world.stock_up(small, few, today, random)
        buying = purchases.Purchases(shop, goods, random.randrange(10**6))
        buying.begin(today - timedelta(days=world.DAYS + 1))
        sold = Days(shop, goods, customers, random, per_day).run(today, self.tell, buying.morning)
        buying.orders(today)
        count_some(shop, Random(today.toordinal()))
        make_prices(shop, today)
        return sold + Days(small, few, [], random, per_day / 10).run(today, self.tell)

    def tell(self, bills: int) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\r{bills} bills", ending="")
            self.stdout.flush()
