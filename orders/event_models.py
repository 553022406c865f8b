"""What becomes of a bill, and that it went to paper."""

from collections.abc import Sequence

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from orders.payment_models import Payment
from shops.models import Counter, Shop, User
from smartkirana.db_rules import InsertOnlyManager, SameShop, append_only, refuse


class OrderEvent(models.Model):
    """A fact about a bill, written last in its act; the ledger posts from it: one row, one journal entry.

    The steps of a bill's goods (STEPS) move neither money nor stock, and have none.
    """

    class Kind(models.TextChoices):
        PLACED = "placed", "Bill made"
        CANCELLED = "cancelled", "Bill cancelled"
        RETURNED = "returned", "Goods came back"
        CONFIRMED = "confirmed", "Order confirmed"
        PACKED = "packed", "Goods packed"
        HANDED_OVER = "handed_over", "Goods handed over"

    STEPS = (Kind.CONFIRMED, Kind.PACKED, Kind.HANDED_OVER)

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="order_events", db_index=False)
    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="events", db_constraint=False)
    kind = models.CharField(max_length=11, choices=Kind)
    credit_note = models.OneToOneField(
        "orders.CreditNote", models.PROTECT, null=True, blank=True, related_name="event", db_constraint=False
    )
    reason = models.CharField("reason", max_length=200, blank=True)
    day = models.DateField("day of the books")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField("when", default=timezone.now)

    objects = InsertOnlyManager()
    # The payments written in the same act, so that the ledger need not read back what was only just saved.
    with_payments: "Sequence[Payment] | None" = None

    class Meta:
        ordering = ["id"]
        constraints = [
            SameShop(field="order", name="orders_orderevent_order_same_shop"),
            SameShop(field="credit_note", name="orders_orderevent_credit_note_same_shop"),
            models.UniqueConstraint(fields=["order", "kind"], name="orders_orderevent_once", condition=~Q(kind="returned")),
            models.CheckConstraint(
                name="orders_orderevent_credit_note",
                condition=Q(kind="returned", credit_note__isnull=False) | ~Q(kind="returned") & Q(credit_note=None),
            ),
            models.CheckConstraint(name="orders_orderevent_reason", condition=~Q(kind="cancelled") | ~Q(reason="")),
        ]
        indexes = [
            models.Index(fields=["shop", "-id"], name="orders_orderevent_newest"),
            models.Index(fields=["shop", "day", "id"], name="orders_orderevent_day"),
        ]
        triggers = [
            append_only("orders_orderevent"),
            pgtrigger.Trigger(
                name="cancel_order",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.kind = 'cancelled'"),
                func=f"""
                    UPDATE orders_order SET status = 'cancelled' WHERE id = NEW.order_id;
                    IF EXISTS (SELECT FROM orders_creditnote WHERE order_id = NEW.order_id) THEN
                        {refuse("orders_orderevent_nothing_came_back", "a bill of which goods came back is not cancelled")}
                    END IF;
                    RETURN NULL;
                """,
            ),
            pgtrigger.Trigger(
                name="move_goods",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.kind IN ('confirmed', 'packed', 'handed_over')"),
                func=f"""
                    UPDATE orders_order
                       SET fulfilment = CASE NEW.kind WHEN 'handed_over' THEN 'completed' ELSE NEW.kind END
                     WHERE id = NEW.order_id AND status = 'completed'
                       AND fulfilment = CASE NEW.kind WHEN 'confirmed' THEN 'pending' WHEN 'packed' THEN 'confirmed' ELSE 'packed' END;
                    IF NOT FOUND THEN
                        {refuse("orders_orderevent_step", "goods move one step at a time, of a bill that stands")}
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.order_id}"


class BillPrint(models.Model):
    """A bill went to paper. The first is the original, every later one is marked DUPLICATE."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="bill_prints", db_index=False)
    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="prints", db_constraint=False)
    paper = models.CharField(max_length=3, choices=Counter.Paper)
    copy_no = models.PositiveSmallIntegerField("copy")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField("when", auto_now_add=True)

    class Meta:
        constraints = [
            SameShop(field="order", name="orders_billprint_order_same_shop"),
            models.UniqueConstraint(fields=["order", "copy_no"], name="orders_billprint_copy"),
        ]
        triggers = [append_only("orders_billprint")]

    def __str__(self) -> str:
        return f"copy {self.copy_no}"
