"""What goods cost apart from their own selling price: price lists, prices from a quantity on, and offers with their days."""

from datetime import date

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from shops.models import Shop, User
from smartkirana.db_rules import SameShop, refuse, shop_key
from smartkirana.money import ZERO, plain

FIGURES = ("percent", "amount", "buy", "get", "price")


def _given(*figures: str) -> Q:
    """These figures of an offer are there and no others. Said outright: a check that comes to NULL would let the row in."""
    return Q(**{f"{name}__isnull": name not in figures for name in FIGURES})


class PriceList(models.Model):
    """Prices for some customers, such as "Wholesale". One that is out of use counts for no bill; its prices stay to come back."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="price_lists")
    name = models.CharField("name", max_length=40)
    is_active = models.BooleanField("in use", default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            shop_key("catalog_pricelist"),
            models.UniqueConstraint(
                "shop", Upper("name"), name="catalog_pricelist_name", violation_error_message="A price list of this name exists already."
            ),
            models.CheckConstraint(name="catalog_pricelist_named", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name


class ListPrice(models.Model):
    """A unit of a product costs `price` rupees from `min_quantity` (its unit) on; without a list, for everybody: a quantity slab.

    A quantity of 0 is "any quantity": it makes sense on a list only, since without one it would be the selling price itself.
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="list_prices", db_index=False)
    product = models.ForeignKey("catalog.Product", models.CASCADE, related_name="list_prices", db_constraint=False, db_index=False)
    price_list = models.ForeignKey(PriceList, models.PROTECT, null=True, blank=True, related_name="prices", db_constraint=False)
    min_quantity = models.DecimalField("from quantity", max_digits=12, decimal_places=3, default=ZERO)
    price = models.DecimalField("price ₹", max_digits=10, decimal_places=2)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", editable=False, db_index=False)
    changed_at = models.DateTimeField("changed", auto_now=True)

    class Meta:
        ordering = ["product", "price_list", "min_quantity"]
        verbose_name = "list price"
        constraints = [
            SameShop(field="product", name="catalog_listprice_product_same_shop"),
            SameShop(field="price_list", name="catalog_listprice_list_same_shop"),
            models.UniqueConstraint(
                fields=["shop", "product", "price_list", "min_quantity"],
                name="catalog_listprice_once",
                nulls_distinct=False,
                violation_error_message="There is a price from this quantity on already.",
            ),
            models.CheckConstraint(
                name="catalog_listprice_price_above_zero", condition=Q(price__gt=0), violation_error_message="The price must be above zero."
            ),
            models.CheckConstraint(
                name="catalog_listprice_quantity",
                condition=Q(min_quantity__gt=0) | Q(min_quantity=0, price_list__isnull=False),
                violation_error_message="Without a price list, a price holds from a quantity above zero on.",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="within_mrp",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=f"""
                    IF NEW.price > (SELECT mrp FROM catalog_product WHERE id = NEW.product_id) THEN
                        {refuse("catalog_listprice_within_mrp", "the price is above the MRP")}
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.price} from {plain(self.min_quantity)}"


class Offer(models.Model):
    """Something off on a product, a category or a set of goods, from its first to its last day (both included; none: until ended).

    Bills keep their own copy of what an offer gave: a change here changes no bill that is written.
    """

    class Kind(models.TextChoices):
        PERCENT = "percent", _("Percent off")
        AMOUNT = "amount", _("Rupees off each")
        BUY_GET = "buy_get", _("Buy some, get some free")
        COMBO = "combo", _("A set for one price")

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="offers", db_index=False)
    name = models.CharField("name", max_length=60)
    kind = models.CharField("kind", max_length=8, choices=Kind)
    percent = models.DecimalField("% off", max_digits=5, decimal_places=2, null=True, blank=True)
    amount = models.DecimalField("₹ off each", max_digits=10, decimal_places=2, null=True, blank=True)
    buy = models.DecimalField("buy", max_digits=10, decimal_places=3, null=True, blank=True)
    get = models.DecimalField("get free", max_digits=10, decimal_places=3, null=True, blank=True)
    price = models.DecimalField("price of a set ₹", max_digits=10, decimal_places=2, null=True, blank=True)
    product = models.ForeignKey("catalog.Product", models.PROTECT, null=True, blank=True, related_name="offers", db_constraint=False)
    category = models.ForeignKey("catalog.Category", models.PROTECT, null=True, blank=True, related_name="offers", db_constraint=False)
    first_day = models.DateField("first day")
    last_day = models.DateField("last day", null=True, blank=True)
    on_lists = models.BooleanField("also on bills with a price list", default=False)
    is_active = models.BooleanField("not ended", default=True)
    request_key = models.UUIDField("key of the form it came from", null=True, blank=True, editable=False)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", editable=False, db_index=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField("changed", auto_now=True)

    class Meta:
        ordering = ["-first_day", "-id"]
        constraints = [
            shop_key("catalog_offer"),
            SameShop(field="product", name="catalog_offer_product_same_shop"),
            SameShop(field="category", name="catalog_offer_category_same_shop"),
            models.UniqueConstraint(fields=["shop", "request_key"], name="catalog_offer_request_key"),
            models.CheckConstraint(name="catalog_offer_named", condition=~Q(name="")),
            models.CheckConstraint(
                name="catalog_offer_figures",
                condition=(
                    (Q(kind="percent", percent__gt=0, percent__lte=100) & _given("percent"))
                    | (Q(kind="amount", amount__gt=0) & _given("amount"))
                    | (Q(kind="buy_get", buy__gt=0, get__gt=0) & _given("buy", "get"))
                    | (Q(kind="combo", price__gt=0) & _given("price"))
                ),
                violation_error_message="Give the figures of this kind of offer, above zero, and no others.",
            ),
            models.CheckConstraint(
                name="catalog_offer_scope",
                condition=(
                    Q(kind="combo", product=None, category=None)
                    | (~Q(kind="combo") & Q(product__isnull=False, category=None))
                    | (~Q(kind="combo") & Q(product=None, category__isnull=False))
                ),
                violation_error_message="An offer is on one product or on one category; a set has its goods as parts.",
            ),
            models.CheckConstraint(
                name="catalog_offer_days",
                condition=Q(last_day=None) | Q(last_day__gte=F("first_day")),
                violation_error_message="The last day comes before the first.",
            ),
        ]
        indexes = [
            # What a bill asks: the offers of a shop that are not over. Those that are pile up and stay out of it.
            models.Index(fields=["shop", "last_day"], name="catalog_offer_not_over", condition=Q(is_active=True)),
            models.Index(fields=["shop", "-first_day", "-id"], name="catalog_offer_newest"),
        ]

    def __str__(self) -> str:
        return self.name

    def state(self, day: date) -> str:
        """How it stands on a day: "running", "coming" or "over"."""
        if not self.is_active or (self.last_day is not None and self.last_day < day):
            return "over"
        return "running" if self.first_day <= day else "coming"


class OfferPart(models.Model):
    """What one set of a combo holds of a product, in its unit."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="offer_parts", db_index=False)
    offer = models.ForeignKey(Offer, models.CASCADE, related_name="parts", db_constraint=False, db_index=False)
    product = models.ForeignKey("catalog.Product", models.PROTECT, related_name="offer_parts", db_constraint=False)
    quantity = models.DecimalField("quantity", max_digits=10, decimal_places=3, default=1)

    class Meta:
        ordering = ["offer", "id"]
        constraints = [
            SameShop(field="offer", name="catalog_offerpart_offer_same_shop"),
            SameShop(field="product", name="catalog_offerpart_product_same_shop"),
            models.UniqueConstraint(
                fields=["shop", "offer", "product"],
                name="catalog_offerpart_once",
                violation_error_message="This product is in the set already.",
            ),
            models.CheckConstraint(name="catalog_offerpart_quantity", condition=Q(quantity__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{plain(self.quantity)} × {self.product}"
