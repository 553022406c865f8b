"""The stock take: what people counted, entry by entry, against what the books said at that very moment."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Category, Product
from shops.models import Shop, User
from smartkirana.db_rules import SameShop, append_only, frozen_but, never_deleted, refuse, shop_key


class StockTake(models.Model):
    """One stock take: of a category, a shelf, the goods that some words find, or the whole shop; open, then looked through, then decided.

    Its papers and movements are written when the owner approves it; until then it changes no stock.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Counting")
        REVIEW = "review", _("To be approved")
        APPROVED = "approved", _("Approved")
        CANCELLED = "cancelled", _("Called off")

    class Uncounted(models.TextChoices):
        LEAVE = "leave", _("Left as they were")
        ZERO = "zero", _("Taken as not there")

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="stock_takes", db_index=False)
    number = models.PositiveIntegerField("number")
    name = models.CharField("name", max_length=60, blank=True)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, related_name="stock_takes", db_constraint=False, db_index=False
    )
    shelf = models.CharField("shelf", max_length=40, blank=True)
    words = models.CharField("goods that these words find", max_length=80, blank=True)
    status = models.CharField("status", max_length=10, choices=Status, default=Status.OPEN)
    uncounted = models.CharField("goods nobody counted", max_length=5, choices=Uncounted, default=Uncounted.LEAVE)
    document = models.OneToOneField(
        "inventory.StockDocument", models.PROTECT, null=True, blank=True, related_name="stock_take", db_constraint=False
    )
    request_key = models.UUIDField("key of the form it came from", null=True, blank=True, editable=False)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    opened_at = models.DateTimeField("opened", auto_now_add=True)
    counted_at = models.DateTimeField("counting done", null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField("approved or called off", null=True, blank=True)

    class Meta:
        constraints = [
            shop_key("inventory_stocktake"),
            SameShop(field="category", name="inventory_stocktake_category_same_shop"),
            SameShop(field="document", name="inventory_stocktake_document_same_shop"),
            models.UniqueConstraint(fields=["shop", "number"], name="inventory_stocktake_number"),
            models.UniqueConstraint(fields=["shop", "request_key"], name="inventory_stocktake_request_key"),
            models.CheckConstraint(
                name="inventory_stocktake_one_scope",
                condition=Q(category=None, shelf="") | Q(category=None, words="") | Q(shelf="", words=""),
            ),
            models.CheckConstraint(
                name="inventory_stocktake_decided",
                condition=Q(status__in=["open", "review"], document=None, decided_by=None, decided_at=None)
                | Q(status="approved", document__isnull=False, decided_by__isnull=False, decided_at__isnull=False)
                | Q(status="cancelled", document=None, decided_by__isnull=False, decided_at__isnull=False),
            ),
        ]
        triggers = [
            never_deleted("inventory_stocktake"),
            frozen_but("inventory_stocktake", "status", "uncounted", "document_id", "counted_at", "decided_by_id", "decided_at"),
            pgtrigger.Trigger(
                name="legal_moves",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=f"""
                    IF TG_OP = 'INSERT' THEN
                        IF NEW.status <> 'open' THEN
                            {refuse("inventory_stocktake_legal_moves", "a stock take begins open")}
                        END IF;
                    ELSIF (OLD.status, NEW.status) NOT IN (('open', 'review'), ('open', 'cancelled'), ('review', 'open'),
                                                           ('review', 'approved'), ('review', 'cancelled')) THEN
                        {refuse("inventory_stocktake_legal_moves", "a stock take cannot go from there to there")}
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"Stock take {self.number}" + (f", {self.name}" if self.name else "")


class Recount(models.Model):
    """Goods that are to be counted anew: from here on only their entries of `round` count. The first count is round 1."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", db_index=False)
    take = models.ForeignKey(StockTake, models.PROTECT, related_name="recounts", db_constraint=False, db_index=False)
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    round = models.PositiveSmallIntegerField("round")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField("asked", auto_now_add=True)

    class Meta:
        constraints = [
            SameShop(field="take", name="inventory_recount_take_same_shop"),
            SameShop(field="product", name="inventory_recount_product_same_shop"),
            models.UniqueConstraint(fields=["take", "product", "round"], name="inventory_recount_once"),
            models.CheckConstraint(name="inventory_recount_round", condition=Q(round__gte=2)),
        ]
        triggers = [append_only("inventory_recount")]

    def __str__(self) -> str:
        return f"round {self.round}"


class CountEntry(models.Model):
    """So much of a product was counted in one place. Entries of the same goods add up; a wrong one is taken back by its reverse.

    quantity  in the product's unit, zero or more; the reverse of an entry has it below zero
    lot       stands for all lots of the product that look alike (MRP, batch, best-before); None: all lots of the product together
    book      what the books had of those lots at that moment, read under their lock; never shown to whoever counts
    seen      the newest movement of the product when it was called up, and
    newest    when the entry was written: what lies between them moved while somebody counted
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="count_entries", db_index=False)
    take = models.ForeignKey(StockTake, models.PROTECT, related_name="entries", db_constraint=False, db_index=False)
    product = models.ForeignKey(Product, models.PROTECT, related_name="count_entries", db_constraint=False, db_index=False)
    lot = models.ForeignKey(
        "inventory.StockLot", models.PROTECT, null=True, blank=True, related_name="count_entries", db_constraint=False, db_index=False
    )
    round = models.PositiveSmallIntegerField("round", default=1)
    quantity = models.DecimalField("counted", max_digits=13, decimal_places=3)
    book = models.DecimalField("in the books then", max_digits=13, decimal_places=3)
    seen = models.BigIntegerField(default=0)
    newest = models.BigIntegerField(default=0)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversed_by")
    request_key = models.UUIDField("key of the form it came from", null=True, blank=True, editable=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField("when", auto_now_add=True)

    class Meta:
        constraints = [
            shop_key("inventory_countentry"),
            SameShop(field="take", name="inventory_countentry_take_same_shop"),
            SameShop(field="product", name="inventory_countentry_product_same_shop"),
            SameShop(field="lot", name="inventory_countentry_lot_same_shop", also=("product_id",)),
            models.UniqueConstraint(fields=["shop", "request_key"], name="inventory_countentry_request_key"),
            models.CheckConstraint(
                name="inventory_countentry_sign",
                condition=Q(reverses=None, quantity__gte=0) | Q(reverses__isnull=False, quantity__lte=0),
            ),
            models.CheckConstraint(name="inventory_countentry_seen", condition=Q(seen__gte=0, seen__lte=F("newest"))),
        ]
        indexes = [
            models.Index(fields=["take", "product", "id"], name="inventory_count_by_product"),
            models.Index(fields=["take", "by", "-id"], name="inventory_count_by_person"),
        ]
        triggers = [
            append_only("inventory_countentry"),
            pgtrigger.Trigger(
                name="while_counting",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("of_take", "text"), ("taken_back", "inventory_countentry%ROWTYPE")],
                func=f"""
                    SELECT status INTO of_take FROM inventory_stocktake WHERE id = NEW.take_id FOR SHARE;
                    IF of_take IS DISTINCT FROM 'open' THEN
                        {refuse("inventory_countentry_while_counting", "counted only while the stock take is open")}
                    END IF;
                    IF NEW.reverses_id IS NOT NULL THEN
                        SELECT * INTO taken_back FROM inventory_countentry WHERE id = NEW.reverses_id;
                        IF ROW(NEW.shop_id, NEW.take_id, NEW.product_id, NEW.lot_id, NEW.round, -NEW.quantity) IS DISTINCT FROM
                           ROW(taken_back.shop_id, taken_back.take_id, taken_back.product_id, taken_back.lot_id, taken_back.round,
                               taken_back.quantity) OR taken_back.reverses_id IS NOT NULL THEN
                            {refuse("inventory_countentry_reverses_itself", "an entry is taken back by its exact reverse")}
                        END IF;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity}"


class CountedLot(models.Model):
    """A lot that an entry counted, with what the books had in it at that moment."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", db_index=False)
    entry = models.ForeignKey(CountEntry, models.PROTECT, related_name="lots", db_constraint=False)
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    lot = models.ForeignKey("inventory.StockLot", models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    book = models.DecimalField("in the books then", max_digits=13, decimal_places=3)

    class Meta:
        constraints = [
            SameShop(field="entry", name="inventory_countedlot_entry_same_shop"),
            SameShop(field="lot", name="inventory_countedlot_lot_same_shop", also=("product_id",)),
            models.UniqueConstraint(fields=["entry", "lot"], name="inventory_countedlot_once"),
        ]
        triggers = [append_only("inventory_countedlot")]

    def __str__(self) -> str:
        return f"{self.book}"
