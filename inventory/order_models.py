"""What the shop asked a supplier for: written as a draft, fixed once sent, fulfilled by the supplier's bills."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from inventory.supplier_models import Supplier
from shops.models import Shop, User
from smartkirana.db_rules import SameShop, never_deleted, refuse, shop_key
from smartkirana.money import ZERO


class PurchaseOrder(models.Model):
    """Goods wanted of one supplier. What came of them is counted by the supplier's bills that name the order.

    draft → sent → part received → received; a draft, a sent or a part received one may be closed, and cancelled while nothing came.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SENT = "sent", _("Sent")
        PART_RECEIVED = "part", _("Part received")
        RECEIVED = "received", _("Received")
        CLOSED = "closed", _("Closed")
        CANCELLED = "cancelled", _("Cancelled")

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="purchase_orders", db_index=False)
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="orders", db_constraint=False, db_index=False)
    number = models.CharField("number", max_length=16)
    status = models.CharField("status", max_length=9, choices=Status, default=Status.DRAFT)
    note = models.CharField("note", max_length=200, blank=True)
    expected = models.DateField("expected on", null=True, blank=True)
    reason = models.CharField("why it ended", max_length=200, blank=True)
    request_key = models.UUIDField("key of the form it came from", null=True, blank=True, editable=False)
    revision = models.PositiveIntegerField("times it was written", default=0, editable=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField("written", auto_now_add=True)
    sent_at = models.DateTimeField("sent", null=True, blank=True)
    closed_at = models.DateTimeField("ended", null=True, blank=True)

    class Meta:
        constraints = [
            shop_key("inventory_purchaseorder"),
            SameShop(field="supplier", name="inventory_purchaseorder_supplier_same_shop"),
            models.UniqueConstraint(fields=["shop", "id", "supplier"], name="inventory_purchaseorder_supplier_key"),
            models.UniqueConstraint(fields=["shop", "number"], name="inventory_purchaseorder_number"),
            models.UniqueConstraint(fields=["shop", "request_key"], name="inventory_purchaseorder_request_key"),
            models.CheckConstraint(name="inventory_purchaseorder_numbered", condition=~Q(number="")),
            models.CheckConstraint(name="inventory_purchaseorder_closed_for_a_reason", condition=~Q(status="closed") | ~Q(reason="")),
            models.CheckConstraint(
                name="inventory_purchaseorder_times",
                condition=Q(status="draft", sent_at=None, closed_at=None)
                | Q(status__in=["sent", "part"], sent_at__isnull=False, closed_at=None)
                | Q(status="received", sent_at__isnull=False, closed_at__isnull=False)
                | Q(status__in=["closed", "cancelled"], closed_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "-id"], name="inventory_order_newest"),
            models.Index(fields=["shop", "supplier", "-id"], name="inventory_order_by_supplier"),
            models.Index(fields=["shop", "supplier"], condition=Q(status__in=["draft", "sent", "part"]), name="inventory_order_open"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="starts_as_draft",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.status <> 'draft'"),
                func=refuse("inventory_purchaseorder_starts_as_draft", "an order starts as a draft"),
            ),
            pgtrigger.Trigger(
                name="legal_moves",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF NEW.status <> OLD.status THEN
                        IF (OLD.status, NEW.status) NOT IN (
                            ('draft', 'sent'), ('draft', 'closed'), ('draft', 'cancelled'), ('sent', 'part'), ('sent', 'received'),
                            ('sent', 'closed'), ('sent', 'cancelled'), ('part', 'received'), ('part', 'closed')
                        ) THEN
                            {refuse("inventory_purchaseorder_legal_moves", "an order does not move so")}
                        END IF;
                        IF NEW.status IN ('part', 'received') AND pg_trigger_depth() < 2 THEN
                            {refuse("inventory_purchaseorder_received_by_bills", "only a bill with its goods makes an order received")}
                        END IF;
                        IF NEW.status = 'sent' AND NOT EXISTS (SELECT 1 FROM inventory_purchaseorderline WHERE order_id = NEW.id) THEN
                            {refuse("inventory_purchaseorder_sent_with_lines", "an order without goods is not sent")}
                        END IF;
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="stays_what_it_is",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF ROW(OLD.shop_id, OLD.supplier_id, OLD.number, OLD.by_id, OLD.at, OLD.request_key) IS DISTINCT FROM
                       ROW(NEW.shop_id, NEW.supplier_id, NEW.number, NEW.by_id, NEW.at, NEW.request_key)
                       OR OLD.sent_at IS NOT NULL AND NEW.sent_at IS DISTINCT FROM OLD.sent_at
                       OR OLD.closed_at IS NOT NULL AND ROW(NEW.closed_at, NEW.reason) IS DISTINCT FROM ROW(OLD.closed_at, OLD.reason)
                       OR OLD.status <> 'draft' AND ROW(NEW.note, NEW.expected) IS DISTINCT FROM ROW(OLD.note, OLD.expected) THEN
                        {refuse("inventory_purchaseorder_stays_what_it_is", "an order keeps what was sent")}
                    END IF;
                    RETURN NEW;
                """,
            ),
            never_deleted("inventory_purchaseorder"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("inventory:purchase_order", args=[self.shop.slug, self.pk])

    @property
    def is_draft(self) -> bool:
        """Its lines may still be changed."""
        return self.status == self.Status.DRAFT

    @property
    def is_open(self) -> bool:
        """Goods of it may still come, or it is not sent yet."""
        return self.status in OPEN

    @property
    def may_receive(self) -> bool:
        """A bill may name it: it was sent, and not ended by hand."""
        return self.status in RECEIVABLE


OPEN = frozenset({PurchaseOrder.Status.DRAFT, PurchaseOrder.Status.SENT, PurchaseOrder.Status.PART_RECEIVED})
RECEIVABLE = frozenset({PurchaseOrder.Status.SENT, PurchaseOrder.Status.PART_RECEIVED, PurchaseOrder.Status.RECEIVED})


class PurchaseOrderLine(models.Model):
    """Packs wanted of one product; quantity = packs × pack_size, in the product's unit, as is `received`.

    cost  rupees expected for a pack without tax, None when nobody knows; request_key  the form that wished for it last
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="purchase_order_lines", db_index=False)
    order = models.ForeignKey(PurchaseOrder, models.PROTECT, related_name="lines", db_constraint=False, db_index=False)
    product = models.ForeignKey(Product, models.PROTECT, related_name="purchase_order_lines", db_constraint=False, db_index=False)
    name = models.CharField("goods", max_length=120)
    packs = models.DecimalField("packs", max_digits=12, decimal_places=3)
    pack_size = models.DecimalField("pieces in a pack", max_digits=10, decimal_places=3)
    quantity = models.DecimalField("pieces", max_digits=13, decimal_places=3)
    cost = models.DecimalField("expected price of a pack ₹", max_digits=12, decimal_places=4, null=True, blank=True)
    received = models.DecimalField("came", max_digits=13, decimal_places=3, default=ZERO, editable=False)
    request_key = models.UUIDField("key of the form it came from", null=True, blank=True, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            SameShop(field="order", name="inventory_purchaseorderline_order_same_shop"),
            SameShop(field="product", name="inventory_purchaseorderline_product_same_shop"),
            models.UniqueConstraint(fields=["order", "product"], name="inventory_purchaseorderline_once"),
            models.CheckConstraint(
                name="inventory_purchaseorderline_pieces",
                condition=Q(quantity=F("packs") * F("pack_size"), packs__gt=0, pack_size__gt=0, received__gte=0),
            ),
            models.CheckConstraint(name="inventory_purchaseorderline_cost", condition=Q(cost=None) | Q(cost__gte=0)),
        ]
        indexes = [
            models.Index(fields=["shop", "product"], name="inventory_orderline_by_product"),
            models.Index(fields=["shop", "request_key"], condition=Q(request_key__isnull=False), name="inventory_orderline_by_key"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="received_by_bills",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=f"""
                    IF TG_OP = 'INSERT' AND NEW.received <> 0
                       OR TG_OP = 'UPDATE' AND NEW.received <> OLD.received AND pg_trigger_depth() < 2 THEN
                        {refuse("inventory_purchaseorderline_received_by_bills", "what came of an order is counted by bills")}
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="changed_in_draft",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=f"""
                    IF TG_OP <> 'UPDATE' OR (to_jsonb(NEW) - 'received') IS DISTINCT FROM (to_jsonb(OLD) - 'received') THEN
                        IF TG_OP <> 'INSERT' AND (SELECT status FROM inventory_purchaseorder WHERE id = OLD.order_id) <> 'draft'
                           OR TG_OP <> 'DELETE' AND (SELECT status FROM inventory_purchaseorder WHERE id = NEW.order_id) <> 'draft' THEN
                            {refuse("inventory_purchaseorderline_changed_in_draft", "an order that was sent keeps its lines")}
                        END IF;
                    END IF;
                    IF TG_OP = 'DELETE' THEN
                        RETURN OLD;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.quantity}"

    @property
    def missing(self):
        """What is still to come, in the product's unit; zero once all or more came."""
        return max(self.quantity - self.received, ZERO)

    @property
    def over(self):
        """What came above the order, in the product's unit."""
        return max(self.received - self.quantity, ZERO)
