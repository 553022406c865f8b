"""Goods made out of other goods: how it is usually done (Recipe), and each time it was done (Repack)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from catalog.models import Product
from inventory.purchase_models import rupees_field
from shops.models import Shop, User
from smartkirana.db_rules import SameShop, append_only, never_deleted, shop_key


class RepackKind(models.TextChoices):
    """What is done. Packets of the same stuff share its cost by weight; different goods by what they sell for."""

    BREAK = "break", "Break bulk"
    KIT = "kit", "Make up a kit"
    APART = "apart", "Take a kit apart"


class Recipe(models.Model):
    """What goes in and what comes out, kept so that next time it is one click. It may change; what was packed does not."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="recipes", db_index=False)
    name = models.CharField("name", max_length=60)
    kind = models.CharField("what is done", max_length=5, choices=RepackKind)
    note = models.CharField("note", max_length=200, blank=True)
    is_active = models.BooleanField("in use", default=True)
    request_key = models.UUIDField("key of the form it came from", null=True, blank=True, editable=False)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            shop_key("inventory_recipe"),
            models.UniqueConstraint("shop", Upper("name"), name="inventory_recipe_name"),
            models.UniqueConstraint(fields=["shop", "request_key"], name="inventory_recipe_request_key"),
            models.CheckConstraint(name="inventory_recipe_named", condition=~Q(name="")),
            models.CheckConstraint(name="inventory_recipe_kind", condition=Q(kind__in=RepackKind.values)),
        ]
        triggers = [never_deleted("inventory_recipe")]

    def __str__(self) -> str:
        return self.name


class RecipePart(models.Model):
    """`quantity` (product's unit) of a product that the recipe takes, or makes."""

    class Side(models.TextChoices):
        TAKEN = "taken", "goes in"
        MADE = "made", "comes out"

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="recipe_parts", db_index=False)
    recipe = models.ForeignKey(Recipe, models.PROTECT, related_name="parts", db_constraint=False)
    side = models.CharField(max_length=5, choices=Side)
    product = models.ForeignKey(Product, models.PROTECT, related_name="recipe_parts", db_constraint=False, db_index=False)
    quantity = models.DecimalField("quantity", max_digits=13, decimal_places=3)

    class Meta:
        ordering = ["id"]
        constraints = [
            SameShop(field="recipe", name="inventory_recipepart_recipe_same_shop"),
            SameShop(field="product", name="inventory_recipepart_product_same_shop"),
            # Once in a recipe, on one side only: nothing is made out of itself.
            models.UniqueConstraint(fields=["recipe", "product"], name="inventory_recipepart_once"),
            models.CheckConstraint(name="inventory_recipepart_quantity", condition=Q(quantity__gt=0)),
            models.CheckConstraint(name="inventory_recipepart_side", condition=Q(side__in=["taken", "made"])),
        ]
        indexes = [models.Index(fields=["shop", "product"], name="inventory_recipe_by_product")]

    def __str__(self) -> str:
        return f"{self.quantity} {self.get_side_display()}"


class Repack(models.Model):
    """Goods taken out of their lots and made into others; the movements of its paper are its lines. Rupees.

    value_taken   what left the lots; with packing_cost it is what the made goods cost
    value_made    value_taken + packing_cost: a normal loss raises the cost of the rest (AS-2); the lots took in what the movements say
    taken_content, made_content  kilograms or litres, where both sides can be told (`content_in` says which); their difference is the loss
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="repacks", db_index=False)
    document = models.OneToOneField("inventory.StockDocument", models.PROTECT, related_name="repack", db_constraint=False)
    kind = models.CharField("what was done", max_length=5, choices=RepackKind)
    recipe = models.ForeignKey(Recipe, models.PROTECT, related_name="repacks", null=True, blank=True, db_constraint=False)
    packing_cost = rupees_field("packing ₹")
    value_taken = rupees_field("value taken ₹")
    value_made = rupees_field("value made ₹")
    taken_content = models.DecimalField("content taken", max_digits=17, decimal_places=3, null=True, blank=True)
    made_content = models.DecimalField("content made", max_digits=17, decimal_places=3, null=True, blank=True)
    content_in = models.CharField("content in", max_length=2, blank=True, choices=[("kg", "kilogram"), ("l", "litre")])

    class Meta:
        constraints = [
            shop_key("inventory_repack"),
            SameShop(field="document", name="inventory_repack_document_same_shop"),
            SameShop(field="recipe", name="inventory_repack_recipe_same_shop"),
            models.CheckConstraint(name="inventory_repack_signs", condition=Q(packing_cost__gte=0, value_taken__gte=0)),
            models.CheckConstraint(name="inventory_repack_adds_up", condition=Q(value_made=F("value_taken") + F("packing_cost"))),
            models.CheckConstraint(name="inventory_repack_kind", condition=Q(kind__in=RepackKind.values)),
            models.CheckConstraint(
                name="inventory_repack_content",
                condition=Q(content_in="", taken_content=None, made_content=None)
                | Q(content_in__in=["kg", "l"], taken_content__gt=0, made_content__gt=0),
            ),
        ]
        indexes = [models.Index(fields=["shop", "-id"], name="inventory_repack_newest")]
        triggers = [append_only("inventory_repack")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def loss(self):
        """Kilograms or litres lost on the way (below zero: more came out than the name of what went in says); None when unknown."""
        return None if self.taken_content is None else self.taken_content - self.made_content

    @property
    def loss_percent(self):
        """The loss in percent of what went in, one place."""
        return None if self.taken_content is None else round(self.loss * 100 / self.taken_content, 1)
