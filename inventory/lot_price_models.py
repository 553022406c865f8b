"""The prices that lots had of their own: each change is a row, and the row changes the lot."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from shops.models import Shop, User
from smartkirana.db_rules import SameShop, append_only


class LotPriceChange(models.Model):
    """A lot's own selling price from now on, rupees a unit; none: the product's price again. Writing it sets the lot's price."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="lot_price_changes", db_index=False)
    lot = models.ForeignKey("inventory.StockLot", models.PROTECT, related_name="price_changes", db_constraint=False)
    old_price = models.DecimalField("old price ₹", max_digits=10, decimal_places=2, null=True, blank=True)
    price = models.DecimalField("price ₹", max_digits=10, decimal_places=2, null=True, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField("when", auto_now_add=True)

    class Meta:
        constraints = [
            SameShop(field="lot", name="inventory_lotpricechange_lot_same_shop"),
            models.CheckConstraint(
                name="inventory_lotpricechange_changes",
                condition=Q(price=None, old_price__isnull=False)
                | Q(price__gt=0, old_price=None)
                | Q(price__gt=0, old_price__isnull=False) & ~Q(price=F("old_price")),
            ),
        ]
        triggers = [
            append_only("inventory_lotpricechange"),
            pgtrigger.Trigger(
                name="set_price",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func="UPDATE inventory_stocklot SET price = NEW.price WHERE id = NEW.lot_id AND shop_id = NEW.shop_id; RETURN NULL;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_price} → {self.price}"
