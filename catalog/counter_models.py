"""What a shop sets up for its counter: how its scales print labels, and the goods that stand on tiles."""

from django.db import models
from django.db.models import Case, Deferrable, F, IntegerField, Q, Value, When
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from shops.models import Shop
from smartkirana.db_rules import SameShop, shop_key

MOST_FORMATS = 8
MOST_TILES = 24
LABEL_DIGITS = 13
IN_STORE = r"^(02|04|2[0-9])[0-9]{0,2}$"


class LabelFormat(models.Model):
    """One way the shop's scales print a label: an EAN-13 of leading digits, item number, value and check digit.

    The formats of a shop are tried in the order of `position`; the first whose leading digits fit ends the search.
    """

    class Holds(models.TextChoices):
        WEIGHT = "weight", _("Weight (kg)")
        PRICE = "price", _("Price (₹)")
        PIECES = "pieces", _("Number of pieces")

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="label_formats")
    position = models.PositiveSmallIntegerField("tried as number")
    name = models.CharField("name", max_length=40)
    prefix = models.CharField("leading digits", max_length=4)
    item_digits = models.PositiveSmallIntegerField("digits of the item", default=5)
    value_digits = models.PositiveSmallIntegerField("digits of the value", default=5)
    holds = models.CharField("the value is", max_length=6, choices=Holds, default=Holds.WEIGHT)
    decimals = models.PositiveSmallIntegerField("decimals of the value", default=3)
    own_check = models.BooleanField("the value has a check digit of its own before it", default=False)
    is_active = models.BooleanField("in use", default=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            shop_key("catalog_labelformat"),
            models.UniqueConstraint(
                fields=["shop", "position"],
                name="catalog_labelformat_position",
                deferrable=Deferrable.IMMEDIATE,  # looked at when a statement ends, so that two may change places in one
                violation_error_message="Another format stands in this place.",
            ),
            models.UniqueConstraint(
                fields=["shop", "prefix"],
                name="catalog_labelformat_prefix",
                violation_error_message="Another format has these leading digits already.",
            ),
            models.CheckConstraint(
                name="catalog_labelformat_at_most_8",
                condition=Q(position__gte=1, position__lte=MOST_FORMATS),
                violation_error_message="A shop has at most 8 formats, in places 1 to 8.",
            ),
            models.CheckConstraint(
                name="catalog_labelformat_in_store",
                condition=Q(prefix__regex=IN_STORE),
                violation_error_message="Labels of a scale begin with 20 to 29, 02 or 04, and up to two digits more.",
            ),
            models.CheckConstraint(
                name="catalog_labelformat_13_digits",
                condition=Q(item_digits__gte=2, item_digits__lte=8, value_digits__gte=2, value_digits__lte=8)
                & Q(
                    value_digits=Value(LABEL_DIGITS - 1)
                    - Length("prefix")
                    - F("item_digits")
                    - Case(When(own_check=True, then=Value(1)), default=Value(0), output_field=IntegerField())
                ),
                violation_error_message="Leading digits, item, value and check digits do not come to 13.",
            ),
            models.CheckConstraint(
                name="catalog_labelformat_decimals",
                condition=Q(holds="weight", decimals__lte=3) | Q(holds="price", decimals__lte=2) | Q(holds="pieces", decimals=0),
                violation_error_message="A weight has at most 3 decimals, a price 2, a number of pieces none.",
            ),
            models.CheckConstraint(
                name="catalog_labelformat_own_check",
                condition=Q(own_check=False) | Q(value_digits__in=(4, 5)),
                violation_error_message="Only a value of 4 or 5 digits has a check digit of its own.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Favourite(models.Model):
    """A product on a tile of the counter, in its place from 1 on."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="favourites")
    product = models.ForeignKey("catalog.Product", models.CASCADE, related_name="favourites", db_constraint=False)
    position = models.PositiveSmallIntegerField("place")

    class Meta:
        ordering = ["position"]
        verbose_name = "counter tile"
        constraints = [
            shop_key("catalog_favourite"),
            SameShop(field="product", name="catalog_favourite_product_same_shop"),
            models.UniqueConstraint(
                fields=["shop", "position"],
                name="catalog_favourite_position",
                deferrable=Deferrable.IMMEDIATE,
                violation_error_message="Another tile stands in this place.",
            ),
            models.UniqueConstraint(
                fields=["shop", "product"], name="catalog_favourite_once", violation_error_message="This product has a tile already."
            ),
            models.CheckConstraint(
                name="catalog_favourite_at_most_24",
                condition=Q(position__gte=1, position__lte=MOST_TILES),
                violation_error_message="There is room for 24 tiles, in places 1 to 24.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.product)
