"""What happens at a counter besides its bills: approvals given by PIN, and a log of what an owner wants to know of."""

import uuid

from django.db import models
from django.db.models import F, Func, Q, TextField
from django.db.models.functions import Cast
from django.db.models.lookups import Exact, LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shops.models import Counter, Membership, Shop, User
from smartkirana.db_rules import SameShop, append_only, shop_key

MOST_DETAILS = 1000  # bytes


class Approval(models.Model):
    """Somebody whose limits reach far enough let a bill pass, proven by their PIN. It counts for that bill's request key alone."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="approvals", db_index=False)
    public_id = models.UUIDField("id", default=uuid.uuid4)
    request_key = models.UUIDField("request key of the bill")
    counter = models.ForeignKey(Counter, models.PROTECT, related_name="approvals", db_constraint=False, db_index=False)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    approved_by = models.ForeignKey(Membership, models.PROTECT, related_name="approvals", db_constraint=False, db_index=False)
    percent = models.DecimalField("discount up to %", max_digits=5, decimal_places=2, default=0)
    rate = models.BooleanField("another rate", default=False)
    khata = models.DecimalField("khata up to ₹", max_digits=13, decimal_places=2, null=True, blank=True)
    take_back = models.DecimalField("goods back up to ₹", max_digits=13, decimal_places=2, null=True, blank=True)
    unpaid = models.BooleanField("more money than was paid", default=False)
    reason = models.CharField("reason", max_length=200)
    at = models.DateTimeField("when", default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            shop_key("orders_approval"),
            SameShop(field="counter", name="orders_approval_counter_same_shop"),
            SameShop(field="approved_by", name="orders_approval_approved_by_same_shop"),
            models.UniqueConstraint(fields=["shop", "public_id"], name="orders_approval_once"),
            models.CheckConstraint(name="orders_approval_percent", condition=Q(percent__gte=0, percent__lte=100)),
            models.CheckConstraint(name="orders_approval_khata", condition=Q(khata=None) | Q(khata__gte=0)),
            models.CheckConstraint(name="orders_approval_take_back", condition=Q(take_back__gte=0) | Q(take_back=None, unpaid=False)),
            models.CheckConstraint(
                name="orders_approval_of_something",
                condition=Q(percent__gt=0) | Q(rate=True) | Q(khata__isnull=False) | Q(take_back__isnull=False),
            ),
            models.CheckConstraint(name="orders_approval_reason", condition=~Q(reason="")),
        ]
        indexes = [models.Index(fields=["shop", "request_key"], name="orders_approval_of_bill")]
        triggers = [append_only("orders_approval")]

    def __str__(self) -> str:
        return f"{self.public_id}"


class TillEvent(models.Model):
    """Something that happened at a counter, told by the counter's page or by the server. Sent again, it changes nothing.

    by         who stood at the counter; signed_in: whose sign-in the device had
    amount     rupees it was about, where it was about any
    at_device  by the clock of the device, which may be wrong and may have been without a connection
    """

    class Kind(models.TextChoices):
        LINE_REMOVED = "line_removed", _("Line removed")
        LINE_REDUCED = "line_reduced", _("Quantity lowered")
        BILL_VOIDED = "bill_voided", _("Open bill cancelled")
        PRICE_CHANGED = "price_changed", _("Rate changed")
        DISCOUNT_GIVEN = "discount_given", _("Discount given")
        NO_SALE = "no_sale", _("Drawer without a sale")
        DRAWER_OPENED = "drawer_opened", _("Drawer opened")
        REPRINT = "reprint", _("Printed again")
        LOCKED = "locked", _("Locked")
        SWITCHED = "switched", _("Unlocked or taken over")
        APPROVAL = "approval", _("Approved")
        TOOK_BACK = "took_back", _("Goods taken back")
        PIN_WRONG = "pin_wrong", _("Wrong PIN")
        PIN_LOCKED = "pin_locked", _("PIN locked")
        PIN_SET = "pin_set", _("PIN set")
        PIN_CLEARED = "pin_cleared", _("PIN cleared")
        RULES_CHANGED = "rules_changed", _("Counter rules changed")
        DRAWER_COUNTED = "drawer_counted", _("Drawer counted")

    # What the page of the counter may tell of; the rest only the server knows.
    TOLD_BY_PAGE = (
        Kind.LINE_REMOVED,
        Kind.LINE_REDUCED,
        Kind.BILL_VOIDED,
        Kind.PRICE_CHANGED,
        Kind.DISCOUNT_GIVEN,
        Kind.NO_SALE,
        Kind.DRAWER_OPENED,
        Kind.REPRINT,
    )

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="till_events", db_index=False)
    counter = models.ForeignKey(
        Counter, models.PROTECT, null=True, blank=True, related_name="till_events", db_constraint=False, db_index=False
    )
    kind = models.CharField("what", max_length=16, choices=Kind)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    signed_in = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    request_key = models.UUIDField("request key of the bill", null=True, blank=True)
    amount = models.DecimalField("amount ₹", max_digits=13, decimal_places=2, null=True, blank=True)
    reason = models.CharField("reason", max_length=200, blank=True)
    details = models.JSONField("details", default=dict, blank=True)
    client_id = models.UUIDField("id given by the device", default=uuid.uuid4)
    day = models.DateField("date")
    at = models.DateTimeField("when", default=timezone.now)
    at_device = models.DateTimeField("by the device’s clock", null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "counter event"
        constraints = [
            SameShop(field="counter", name="orders_tillevent_counter_same_shop"),
            models.UniqueConstraint(fields=["shop", "client_id"], name="orders_tillevent_once"),
            models.CheckConstraint(name="orders_tillevent_amount", condition=Q(amount=None) | Q(amount__gte=0)),
            models.CheckConstraint(
                name="orders_tillevent_details",
                condition=Exact(Func(F("details"), function="jsonb_typeof", output_field=TextField()), "object")
                & LessThanOrEqual(
                    Func(Cast("details", TextField()), function="octet_length", output_field=models.IntegerField()), MOST_DETAILS
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "-id"], name="orders_tillevent_newest"),
            models.Index(fields=["shop", "day", "id"], name="orders_tillevent_day"),
        ]
        triggers = [append_only("orders_tillevent")]

    def __str__(self) -> str:
        return self.get_kind_display()
