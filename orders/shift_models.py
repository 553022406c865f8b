"""Shifts at a counter, and everything that puts cash into a drawer or takes it out besides bills. See docs/day-close.md."""

import pgtrigger
from django.db import models
from django.db.models import F, Func, Q, TextField
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inventory.models import StockDocument
from orders.fields import rupees_field
from shops.models import Counter, Shop, User
from smartkirana.db_rules import InsertOnlyManager, SameShop, append_only, never_deleted, refuse, shop_key
from smartkirana.money import ZERO


class Shift(models.Model):
    """Somebody's time at a counter's drawer, from one count to the next. Only a `DrawerEvent` ends it."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="shifts", db_index=False)
    counter = models.ForeignKey(Counter, models.PROTECT, related_name="shifts", db_constraint=False, db_index=False)
    cashier = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    opened_at = models.DateTimeField("opened", default=timezone.now)
    closed_at = models.DateTimeField("ended", null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            shop_key("orders_shift"),
            SameShop(field="counter", name="orders_shift_counter_same_shop"),
            models.UniqueConstraint(fields=["shop", "counter"], condition=Q(closed_at=None), name="orders_shift_one_open"),
        ]
        indexes = [models.Index(fields=["shop", "-id"], name="orders_shift_newest")]
        triggers = [
            never_deleted("orders_shift"),
            pgtrigger.Trigger(
                name="ends_by_event",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=f"""
                    IF TG_OP = 'INSERT' THEN
                        IF NEW.closed_at IS NOT NULL THEN
                            {refuse("orders_shift_starts_open", "a shift starts open")}
                        END IF;
                    ELSIF pg_trigger_depth() < 2 OR (to_jsonb(NEW) - 'closed_at') IS DISTINCT FROM (to_jsonb(OLD) - 'closed_at') THEN
                        {refuse("orders_shift_frozen", "a shift ends only by an event, the rest never changes")}
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.counter}, {timezone.localtime(self.opened_at):%-d %b %H:%M}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class DrawerEvent(models.Model):
    """A fact about cash: a shift was opened or ended with a count, or cash was put in or taken out. The ledger posts from it.

    Rupees. `amount` is what the drawer of `counter` holds more by it; without a counter it is the safe that holds it more.
    difference  counted more (+) or less (−) than the drawer should have held; `safe` more in the safe by a count:
                amount = difference − safe
    expected, counted  of the drawer; at an opening after what came from the safe. A shift ended without counting has no `counted`.
    notes       by worth, how many: {"500": 3}; empty when only the sum was given
    paper       the payment of a supplier, which the ledger posts from its own event
    """

    class Kind(models.TextChoices):
        OPENED = "opened", _("Shift opened")
        MOVED = "moved", _("Put in or taken out")
        CLOSED = "closed", _("Shift ended")

    class Reason(models.TextChoices):
        MILK = "milk", _("Milk")
        TEA = "tea", _("Tea and snacks")
        SUPPLIER = "supplier", _("Paid to a supplier")
        OWNER_TOOK = "owner_took", _("Owner took")
        TO_SAFE = "to_safe", _("Put into the safe or taken home")
        TO_BANK = "to_bank", _("Taken to the bank")
        OTHER_OUT = "other_out", _("Other, taken out")
        FROM_SAFE = "from_safe", _("Change from the safe or home")
        FROM_BANK = "from_bank", _("Fetched from the bank")
        OWNER_GAVE = "owner_gave", _("Owner put in")
        OTHER_IN = "other_in", _("Other, put in")

    TAKES = (Reason.MILK, Reason.TEA, Reason.SUPPLIER, Reason.OWNER_TOOK, Reason.TO_SAFE, Reason.TO_BANK, Reason.OTHER_OUT)
    PUTS = (Reason.FROM_SAFE, Reason.FROM_BANK, Reason.OWNER_GAVE, Reason.OTHER_IN)
    NEEDS_WORDS = (Reason.OTHER_OUT, Reason.OTHER_IN)

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="drawer_events", db_index=False)
    kind = models.CharField("what", max_length=6, choices=Kind)
    counter = models.ForeignKey(
        Counter, models.PROTECT, null=True, blank=True, related_name="drawer_events", db_constraint=False, db_index=False
    )
    shift = models.ForeignKey(Shift, models.PROTECT, null=True, blank=True, related_name="events", db_constraint=False)
    reason = models.CharField("reason", max_length=10, choices=Reason, blank=True, default="")
    words = models.CharField("in words", max_length=200, blank=True)
    amount = rupees_field("amount ₹")
    expected = rupees_field("should be ₹", null=True, blank=True)
    counted = rupees_field("counted ₹", null=True, blank=True)
    difference = rupees_field("over (+) or short (−) ₹", default=ZERO)
    safe = rupees_field("into the safe ₹", default=ZERO)
    notes = models.JSONField("notes and coins", default=dict, blank=True)
    paper = models.OneToOneField(StockDocument, models.PROTECT, null=True, blank=True, related_name="drawer_event", db_constraint=False)
    request_key = models.UUIDField("request key", null=True, blank=True)
    day = models.DateField("day of the books")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField("when", default=timezone.now)

    objects = InsertOnlyManager()

    class Meta:
        ordering = ["id"]
        constraints = [
            SameShop(field="counter", name="orders_drawerevent_counter_same_shop"),
            SameShop(field="shift", name="orders_drawerevent_shift_same_shop"),
            SameShop(field="paper", name="orders_drawerevent_paper_same_shop"),
            models.UniqueConstraint(fields=["shop", "request_key"], name="orders_drawerevent_once"),
            models.UniqueConstraint(fields=["shift", "kind"], condition=~Q(kind="moved"), name="orders_drawerevent_shift_once"),
            models.CheckConstraint(
                name="orders_drawerevent_of_its_kind",
                condition=Q(kind="moved", expected=None, counted=None, difference=0, safe=0) & ~Q(reason="") & ~Q(amount=0)
                | ~Q(kind="moved")
                & Q(shift__isnull=False, counter__isnull=False, reason="", paper=None, expected__isnull=False)
                & (Q(kind="closed", counted=None, difference=0) | Q(counted=F("expected") + F("difference")))
                & Q(amount=F("difference") - F("safe")),
            ),
            models.CheckConstraint(
                name="orders_drawerevent_way",
                condition=~Q(kind="moved")
                | Q(reason__in=["milk", "tea", "supplier", "owner_took", "to_safe", "to_bank", "other_out"], amount__lt=0)
                | Q(reason__in=["from_safe", "from_bank", "owner_gave", "other_in"], amount__gt=0),
            ),
            models.CheckConstraint(
                name="orders_drawerevent_place", condition=Q(counter__isnull=False) | ~Q(reason__in=["supplier", "to_safe", "from_safe"])
            ),
            models.CheckConstraint(name="orders_drawerevent_paper_pays", condition=Q(paper__isnull=True) ^ Q(reason="supplier")),
            models.CheckConstraint(name="orders_drawerevent_words", condition=~Q(reason__in=["other_out", "other_in"]) | ~Q(words="")),
            models.CheckConstraint(name="orders_drawerevent_counted", condition=Q(counted=None) | Q(counted__gte=0)),
            models.CheckConstraint(
                name="orders_drawerevent_notes",
                condition=Exact(Func(F("notes"), function="jsonb_typeof", output_field=TextField()), "object"),
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "day", "id"], name="orders_drawerevent_day"),
            models.Index(fields=["shop", "counter", "-id"], name="orders_drawerevent_newest"),
        ]
        triggers = [
            append_only("orders_drawerevent"),
            pgtrigger.Trigger(
                name="end_shift",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.kind = 'closed'"),
                func=f"""
                    UPDATE orders_shift SET closed_at = NEW.at
                     WHERE id = NEW.shift_id AND shop_id = NEW.shop_id AND counter_id = NEW.counter_id AND closed_at IS NULL;
                    IF NOT FOUND THEN
                        {refuse("orders_drawerevent_shift_is_open", "no open shift of this counter to end")}
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"
