"""How bills were paid, and what became of money that was only claimed."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.fields import rupees_field
from shops.models import Counter, Shop, User
from smartkirana.dates import shop_today
from smartkirana.db_rules import InsertOnlyManager, SameShop, append_only, frozen_but, never_deleted, refuse, shop_key
from smartkirana.money import ZERO


class Payment(models.Model):
    """Money (or a khata promise) for a bill, or money for a khata (`customer`), in rupees. What is taken back has a second, negative row.

    A row for a khata is above zero when the customer pays, below zero when the shop gives ("You gave"). `counter` is whose drawer cash
    lies in; None for money taken away from any counter.
    A refund is a negative row too, of the bill the goods came from, with `credit_note`: paid out by the shop itself, so seen at once.
    A bill made in exchange is paid in part by the credit note's worth (CREDIT), which the note has as a refund of its own.
    Frozen once written, but for `state`, which only a `PaymentEvent` moves. Cash and khata are facts at once; UPI, card and bank
    money is *claimed* until somebody has seen it.
    """

    class Method(models.TextChoices):
        CASH = "cash", "Cash"
        UPI = "upi", "UPI"
        CARD = "card", "Card"
        BANK = "bank", "Bank transfer"
        KHATA = "khata", "Khata"
        CREDIT = "credit", "Credit note"

    class State(models.TextChoices):
        CLAIMED = "claimed", "Claimed"
        SEEN = "seen", "Seen"
        FAILED = "failed", "Failed"

    class Mark(models.TextChoices):
        SHOWN = "shown", "Code shown"
        CLAIMED = "claimed", "Customer says paid"
        SEEN = "seen", "Seen at the counter"

    WAITS = (Method.UPI, Method.CARD, Method.BANK)

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="payments", db_index=False)
    order = models.ForeignKey("orders.Order", models.PROTECT, null=True, blank=True, related_name="payments", db_constraint=False)
    customer = models.ForeignKey(
        "orders.Customer", models.PROTECT, null=True, blank=True, related_name="payments", db_constraint=False, db_index=False
    )
    counter = models.ForeignKey(Counter, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False, db_index=False)
    method = models.CharField("how", max_length=6, choices=Method)
    amount = rupees_field("amount ₹")
    tendered = rupees_field("given ₹", null=True, blank=True)
    reference = models.CharField("reference", max_length=40, blank=True)
    mark = models.CharField("marked at the counter", max_length=7, choices=Mark, blank=True, default="", db_default="")
    state = models.CharField("state", max_length=8, choices=State)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversed_by", db_constraint=False)
    credit_note = models.ForeignKey("orders.CreditNote", models.PROTECT, null=True, blank=True, related_name="refunds", db_constraint=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField("when", default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            shop_key("orders_payment"),
            SameShop(field="order", name="orders_payment_order_same_shop"),
            SameShop(field="customer", name="orders_payment_customer_same_shop"),
            SameShop(field="counter", name="orders_payment_counter_same_shop"),
            SameShop(field="reverses", name="orders_payment_reverses_same_shop"),
            SameShop(field="credit_note", name="orders_payment_credit_note_same_shop"),
            models.CheckConstraint(
                name="orders_payment_amount",
                condition=Q(order__isnull=False, customer=None, credit_note=None, reverses=None, amount__gt=0)
                | Q(order__isnull=False, customer=None, credit_note=None, reverses__isnull=False, amount__lt=0)
                | Q(order__isnull=False, customer=None, credit_note__isnull=False, reverses=None, amount__lt=0, state="seen")
                | Q(order=None, customer__isnull=False, credit_note=None) & ~Q(amount=0) & ~Q(method__in=["khata", "credit"]),
            ),
            models.CheckConstraint(
                name="orders_payment_tendered", condition=Q(tendered=None) | Q(method="cash", tendered__gte=F("amount"))
            ),
            models.CheckConstraint(name="orders_payment_cash_is_seen", condition=Q(state="seen") | Q(method__in=["upi", "card", "bank"])),
        ]
        indexes = [
            models.Index(fields=["shop", "method", "at"], name="orders_payment_by_method"),
            models.Index(fields=["shop", "customer", "-id"], condition=Q(customer__isnull=False), name="orders_payment_of_khata"),
            models.Index(fields=["shop", "-at", "-id"], name="orders_payment_unseen", condition=Q(state="claimed", reverses=None)),
        ]
        triggers = [
            never_deleted("orders_payment"),
            frozen_but("orders_payment", "state"),
            pgtrigger.Trigger(
                name="state_by_events",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("state"),
                func=f"""
                    IF NEW.state <> OLD.state AND pg_trigger_depth() < 2 THEN
                        {refuse("orders_payment_state_by_events", "a payment changes its state only by an event")}
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="starts_claimed",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition(
                    "NEW.state <> 'claimed' AND NEW.method IN ('upi', 'card', 'bank') AND NEW.reverses_id IS NULL AND NEW.amount > 0"
                ),
                func=refuse("orders_payment_starts_claimed", "UPI, card and bank money is claimed until an event says more"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()} {self.amount}"

    @property
    def change(self) -> object:
        """Rupees handed back."""
        return self.tendered - self.amount if self.tendered is not None else ZERO

    @property
    def owed_by(self) -> int | None:
        """The customer (id) who owes it again if it never comes: of the khata, else of the bill; None when nobody is named."""
        return self.customer_id if self.order_id is None else self.order.customer_id

    @property
    def what_for(self) -> str:
        """What was paid: the bill's number, else whose khata."""
        return self.order.bill_number if self.order_id else _("Khata of {name}").format(name=self.customer)

    @property
    def is_taken_back(self) -> bool:
        """True when its bill is cancelled or its receipt reversed: the money is booked back already."""
        return self.order.is_cancelled if self.order_id else Payment.objects.filter(reverses=self).exists()

    @property
    def waits(self) -> bool:
        """True for money that is claimed and that nobody has seen yet."""
        return self.state == self.State.CLAIMED and self.reverses_id is None

    @property
    def days_waiting(self) -> int:
        """Whole days on the shop's wall since it was taken."""
        return (shop_today() - timezone.localtime(self.at).date()).days

    @property
    def open_kinds(self) -> set[str]:
        """What may still be said of a payment of a bill that stands: seen, failed, or nothing; from its `events`, which are read."""
        if self.method not in self.WAITS or self.reverses_id is not None or self.amount < 0:
            return set()
        said: set[str] = set()
        for event in self.events.all():
            said = set() if event.kind == PaymentEvent.Kind.CLAIMED else {*said, event.kind}
        return {PaymentEvent.Kind.SEEN, PaymentEvent.Kind.FAILED} - said


class PaymentEvent(models.Model):
    """What became of a claim, written last in its act; the ledger posts from it. Seen and failed once each at most, in either order.

    "Waits again" takes back a sight that was somebody else's money (a bank line matched wrongly): from there on it counts anew.
    """

    class Kind(models.TextChoices):
        SEEN = "seen", "Seen"
        FAILED = "failed", "Never came"
        CLAIMED = "claimed", "Waits again"

    class How(models.TextChoices):
        CASHIER = "cashier", "at the counter"
        SOUNDBOX = "soundbox", "by the soundbox"
        OWNER = "owner", "in the bank's app"
        STATEMENT = "statement", "in the bank statement"

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="payment_events", db_index=False)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="events", db_constraint=False)
    kind = models.CharField(max_length=8, choices=Kind)
    was = models.CharField("state before", max_length=8, choices=Payment.State)
    how = models.CharField("found out", max_length=9, choices=How)
    note = models.CharField("note", max_length=200, blank=True)
    day = models.DateField("day of the books")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField("when", default=timezone.now)

    objects = InsertOnlyManager()

    class Meta:
        ordering = ["id"]
        constraints = [
            SameShop(field="payment", name="orders_paymentevent_payment_same_shop"),
            models.CheckConstraint(name="orders_paymentevent_changes", condition=~Q(kind=F("was"))),
            models.CheckConstraint(name="orders_paymentevent_note", condition=Q(kind="seen") | ~Q(note="")),
            models.CheckConstraint(name="orders_paymentevent_waits_again", condition=~Q(kind="claimed") | Q(was="seen")),
        ]
        indexes = [models.Index(fields=["shop", "-id"], name="orders_paymentevent_newest")]
        triggers = [
            append_only("orders_paymentevent"),
            pgtrigger.Trigger(
                name="move_payment",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func=f"""
                    UPDATE orders_payment SET state = NEW.kind
                     WHERE id = NEW.payment_id AND state = NEW.was AND method IN ('upi', 'card', 'bank') AND reverses_id IS NULL
                       AND credit_note_id IS NULL
                       AND NOT EXISTS (SELECT FROM orders_payment AS back WHERE back.reverses_id = NEW.payment_id);
                    IF NOT FOUND THEN
                        {refuse("orders_paymentevent_fits", "no claimed payment of a bill that stands is in that state")}
                    END IF;
                    IF NEW.kind <> 'claimed' AND EXISTS (
                        SELECT FROM orders_paymentevent AS said
                         WHERE said.payment_id = NEW.payment_id AND said.kind = NEW.kind AND said.id < NEW.id
                           AND said.id > (SELECT coalesce(max(id), 0) FROM orders_paymentevent AS again
                                           WHERE again.payment_id = NEW.payment_id AND again.kind = 'claimed')) THEN
                        {refuse("orders_paymentevent_once", "seen and failed are said of a payment once each")}
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.payment_id}"
