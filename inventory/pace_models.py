"""How fast goods sell: one row for each product, worked out anew once a day from the movements."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from catalog.models import Product
from inventory.supplier_models import Supplier
from shops.models import Shop
from smartkirana.db_rules import SameShop
from smartkirana.money import ZERO


class SalesPace(models.Model):
    """What a product sold in the 28 days before the day it was worked out, cancelled bills taken off.

    sold_28   product's unit
    days      over how many days that is: 28, fewer for goods that came later, never under 7
    per_day   sold_28 / days, product's unit
    supplier  whose bill brought the product last
    last_sold day of its newest sale before that day, cancelled or not; None: never sold
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="sales_paces", db_index=False)
    product = models.ForeignKey(Product, models.CASCADE, related_name="sales_paces", db_constraint=False, db_index=False)
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="+", null=True, blank=True, db_constraint=False, db_index=False)
    sold_28 = models.DecimalField("sold in 28 days", max_digits=13, decimal_places=3, default=ZERO)
    days = models.PositiveSmallIntegerField("days", default=28)
    per_day = models.DecimalField("sold a day", max_digits=14, decimal_places=4, default=ZERO)

    last_sold = models.DateField("last sold", null=True, blank=True)

    class Meta:
        constraints = [
            SameShop(field="product", name="inventory_salespace_product_same_shop"),
            SameShop(field="supplier", name="inventory_salespace_supplier_same_shop"),
            models.UniqueConstraint(fields=["shop", "product"], name="inventory_salespace_once"),
            models.CheckConstraint(
                name="inventory_salespace_figures", condition=Q(sold_28__gte=0, per_day__gte=0, days__gte=7, days__lte=28)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.per_day} a day"


class PaceDay(models.Model):
    """On which shop day a shop's paces were worked out last. Its row is locked while that is done, so that it is done once."""

    shop = models.OneToOneField(Shop, models.PROTECT, related_name="pace_day")
    computed_on = models.DateField("worked out on", null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.computed_on}"
