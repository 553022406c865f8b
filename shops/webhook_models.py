"""Programs that are told when something happens in the shop, and every message to them. See docs/api-keys-and-webhooks.md."""

from __future__ import annotations

import uuid

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from smartkirana.db_rules import SameShop, frozen_but, shop_key

SECRET_FORM = r"^whsec_[A-Za-z0-9_-]{32,}$"  # noqa: S105 (no secret, but what one looks like)
# Which events a shop tells of at all stands in its own row, so that a bill of a shop without programs asks nothing.
HEARS = """
    UPDATE shops_shop SET hears = (
        SELECT coalesce(array_agg(DISTINCT event ORDER BY event), '{}')
          FROM shops_webhook AS hook, unnest(hook.events) AS event WHERE hook.shop_id = shops_shop.id AND hook.active)
     WHERE id = coalesce(NEW.shop_id, OLD.shop_id);
    RETURN NULL;
"""


class Happening(models.TextChoices):
    """What programs can be told of."""

    ORDER_PLACED = "order.placed", _("An order is placed")
    BILL_ISSUED = "bill.issued", _("A bill is given")
    ORDER_CANCELLED = "order.cancelled", _("A bill is cancelled")
    RETURN_MADE = "return.made", _("Goods came back")
    PAYMENT_SEEN = "payment.seen", _("UPI, card or bank money is seen")
    STOCK_LOW = "stock.low", _("Goods fall to their minimum")


class Webhook(models.Model):
    """An address that is told of `events`. Its secret signs every message; whoever has it can tell ours from others'."""

    shop = models.ForeignKey("shops.Shop", models.PROTECT, related_name="webhooks")
    url = models.CharField(_("address"), max_length=500)
    events = ArrayField(models.CharField(max_length=20, choices=Happening), verbose_name=_("told of"))
    secret = models.CharField(max_length=80, editable=False)
    active = models.BooleanField(_("in use"), default=True)
    made_by = models.ForeignKey("shops.User", models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        constraints = [
            shop_key("shops_webhook"),
            models.CheckConstraint(name="shops_webhook_url", condition=Q(url__regex=r"^https?://[^[:space:]]+$")),
            models.CheckConstraint(name="shops_webhook_some_event", condition=~Q(events=[])),
            models.CheckConstraint(name="shops_webhook_secret", condition=Q(secret__regex=SECRET_FORM)),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="shop_hears",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=HEARS,
            )
        ]

    def __str__(self) -> str:
        return self.url


class WebhookDelivery(models.Model):
    """One message to one webhook, written in the transaction of what happened. `event_id` is the same for all webhooks told of it.

    next_try_at  when it is sent (again); None once it arrived or was given up
    answer_code  what the other side answered the last time; None when it did not
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        ARRIVED = "arrived", _("Arrived")
        GIVEN_UP = "given_up", _("Given up")

    shop = models.ForeignKey("shops.Shop", models.PROTECT, related_name="webhook_deliveries", db_index=False)
    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries", db_constraint=False)
    event_id = models.UUIDField(_("event"), default=uuid.uuid4)
    kind = models.CharField(_("what happened"), max_length=20, choices=Happening)
    payload = models.JSONField(_("message"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try"), null=True, blank=True, default=timezone.now)
    answer_code = models.PositiveSmallIntegerField(_("answer"), null=True, blank=True)
    answer_text = models.CharField(_("its words"), max_length=200, blank=True)
    made_at = models.DateTimeField(_("happened"), default=timezone.now)
    tried_at = models.DateTimeField(_("last try"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("arrived"), null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "webhook delivery"
        verbose_name_plural = "webhook deliveries"
        constraints = [
            SameShop(field="webhook", name="shops_webhookdelivery_webhook_same_shop"),
            models.UniqueConstraint(fields=["webhook", "event_id"], name="shops_webhookdelivery_once"),
            models.CheckConstraint(
                name="shops_webhookdelivery_state",
                condition=Q(state="waiting", next_try_at__isnull=False)
                | Q(state="arrived", next_try_at=None, delivered_at__isnull=False)
                | Q(state="given_up", next_try_at=None),
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state="waiting"), name="shops_webhookdelivery_due"),
            models.Index(fields=["shop", "-id"], name="shops_webhookdelivery_newest"),
            models.Index(fields=["made_at"], name="shops_webhookdelivery_old"),
        ]
        triggers = [
            frozen_but("shops_webhookdelivery", "state", "tries", "next_try_at", "answer_code", "answer_text", "tried_at", "delivered_at")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"
