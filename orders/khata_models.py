"""The khata: numbered entries of what a customer owes, each chained to the one before by a check code, and what has settled what."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.fields import rupees_field
from shops.models import Shop, User
from smartkirana.db_rules import InsertOnlyManager, SameShop, append_only, never_deleted, refuse, shop_key

CODE_LETTERS = 64  # SHA-256 in hexadecimal


def facts(row: str, previous: str) -> str:
    """SQL for the text that an entry's check code is taken over; `row` names the entry, `previous` is SQL for the code before.

    docs/khata.md says the same in words, so that anybody can work a code out again.
    """
    return f"""concat_ws('|', 'khata 1', {row}.shop_id, {row}.customer_id, {row}.number, {row}.kind, {row}.amount, {row}.balance,
        to_char({row}.day, 'YYYY-MM-DD'), to_char({row}.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
        coalesce({row}.member_id::text, ''), coalesce({row}.order_id::text, ''), coalesce({row}.payment_id::text, ''),
        coalesce({row}.reverses_id::text, ''), {row}.by_id, {row}.receipt, {row}.note, {previous})"""


def code(row: str, previous: str) -> str:
    """SQL for an entry's check code."""
    return f"encode(sha256(convert_to({facts(row, previous)}, 'UTF8')), 'hex')"


class KhataMember(models.Model):
    """Somebody of a customer's household who may take goods on the one khata; `limit` in rupees is their own, beside the khata's."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="khata_members", db_index=False)
    customer = models.ForeignKey("orders.Customer", models.PROTECT, related_name="members", db_constraint=False)
    name = models.CharField(_("name"), max_length=60)
    limit = rupees_field(_("own limit ₹"), null=True, blank=True)
    is_active = models.BooleanField(_("may take goods"), default=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            shop_key("orders_khatamember"),
            SameShop(field="customer", name="orders_khatamember_customer_same_shop"),
            models.UniqueConstraint(fields=["shop", "id", "customer"], name="orders_khatamember_customer_key"),
            models.UniqueConstraint(
                fields=["customer", "name"],
                name="orders_khatamember_name",
                violation_error_message=_("Somebody of this name stands in the household already."),
            ),
            models.CheckConstraint(name="orders_khatamember_named", condition=~Q(name="")),
            models.CheckConstraint(name="orders_khatamember_limit", condition=Q(limit=None) | Q(limit__gte=0)),
        ]
        triggers = [never_deleted("orders_khatamember")]

    def __str__(self) -> str:
        return self.name


class KhataEntry(models.Model):
    """One line of a khata: `amount` rupees the customer owes more (+) or less (−). The ledger posts the acts that have no event else.

    number, balance and code are made by the database when the row is written: entries of a customer run 1, 2, 3 …; `balance` is
    what was owed after it; `code` is SHA-256 over its own facts and the code of the entry before. `open` is what no other entry has
    settled yet, of the same sign; only settlements move it. `day` is the day of the books, `at` when it was written, `since` the day from
    which a debt is counted: that of the bill whose money never came, else `day`.
    """

    class Kind(models.TextChoices):
        OPENING = "opening", _("Opening balance")
        SALE = "sale", _("Bill on khata")
        CANCELLED = "cancelled", _("Bill cancelled")
        RETURNED = "returned", _("Goods returned")
        PAYMENT = "payment", _("You got")
        DISCOUNT = "discount", _("Let off")
        GAVE = "gave", _("You gave")
        WRITTEN_OFF = "written_off", _("Written off")
        CLAIM_FAILED = "claim_failed", _("Payment never came")
        CLAIM_CAME = "claim_came", _("Payment came after all")
        REVERSAL = "reversal", _("Reversed")

    MORE = (Kind.SALE, Kind.GAVE, Kind.CLAIM_FAILED)
    LESS = (Kind.CANCELLED, Kind.RETURNED, Kind.PAYMENT, Kind.DISCOUNT, Kind.WRITTEN_OFF, Kind.CLAIM_CAME)
    # Acts of the khata itself: the ledger posts from these entries, and these can be reversed. The others follow another event.
    OWN_ACTS = (Kind.OPENING, Kind.PAYMENT, Kind.DISCOUNT, Kind.GAVE, Kind.WRITTEN_OFF)

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="khata_entries", db_index=False)
    customer = models.ForeignKey("orders.Customer", models.PROTECT, related_name="entries", db_constraint=False, db_index=False)
    number = models.PositiveIntegerField(_("no."), editable=False)
    kind = models.CharField(_("what"), max_length=12, choices=Kind)
    amount = rupees_field(_("amount ₹"))
    balance = rupees_field(_("balance ₹"), editable=False)
    open = rupees_field(_("open ₹"), editable=False)
    day = models.DateField(_("day of the books"))
    since = models.DateField(_("owed since"))
    due = models.DateField(_("to be paid by"), null=True, blank=True)
    member = models.ForeignKey(
        KhataMember, models.PROTECT, null=True, blank=True, related_name="entries", db_constraint=False, verbose_name=_("taken by")
    )
    order = models.ForeignKey("orders.Order", models.PROTECT, null=True, blank=True, related_name="khata_entries", db_constraint=False)
    payment = models.ForeignKey("orders.Payment", models.PROTECT, null=True, blank=True, related_name="khata_entries", db_constraint=False)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversed_by", db_constraint=False)
    receipt = models.CharField(_("receipt"), max_length=16, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    request_key = models.UUIDField("key of the form it came from", null=True, blank=True, editable=False)
    code = models.CharField(_("check code"), max_length=CODE_LETTERS, editable=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(_("when"), default=timezone.now)

    objects = InsertOnlyManager()

    class Meta:
        ordering = ["customer", "number"]
        verbose_name = "khata entry"
        verbose_name_plural = "khata entries"
        constraints = [
            shop_key("orders_khataentry"),
            SameShop(field="customer", name="orders_khataentry_customer_same_shop"),
            SameShop(field="member", name="orders_khataentry_member_same_customer", also=("customer_id",)),
            SameShop(field="order", name="orders_khataentry_order_same_shop"),
            SameShop(field="payment", name="orders_khataentry_payment_same_shop"),
            SameShop(field="reverses", name="orders_khataentry_reverses_same_customer", also=("customer_id",)),
            models.UniqueConstraint(fields=["shop", "id", "customer"], name="orders_khataentry_customer_key"),
            models.UniqueConstraint(fields=["customer", "number"], name="orders_khataentry_number"),
            models.UniqueConstraint(fields=["shop", "request_key"], name="orders_khataentry_request_key"),
            models.UniqueConstraint(fields=["shop", "receipt"], condition=~Q(receipt=""), name="orders_khataentry_receipt"),
            models.UniqueConstraint(
                fields=["order", "kind"], condition=Q(kind__in=["sale", "cancelled"]), name="orders_khataentry_bill_once"
            ),
            models.UniqueConstraint(
                fields=["payment", "kind"],
                condition=Q(payment__isnull=False) & ~Q(kind__in=["reversal", "claim_failed", "claim_came"]),  # these follow PaymentEvents
                name="orders_khataentry_payment_once",
            ),
            models.CheckConstraint(
                name="orders_khataentry_sign",
                condition=Q(kind__in=["sale", "gave", "claim_failed"], amount__gt=0)
                | Q(kind__in=["cancelled", "returned", "payment", "discount", "written_off", "claim_came"], amount__lt=0)
                | Q(kind__in=["opening", "reversal"]) & ~Q(amount=0),
            ),
            models.CheckConstraint(
                name="orders_khataentry_open",
                condition=Q(amount__gte=0, open__gte=0, open__lte=F("amount")) | Q(amount__lt=0, open__lte=0, open__gte=F("amount")),
            ),
            models.CheckConstraint(
                name="orders_khataentry_source",
                condition=Q(kind__in=["sale", "cancelled"], order__isnull=False, reverses=None)
                | Q(kind="returned", order__isnull=False, payment__isnull=False, reverses=None)
                | Q(kind__in=["payment", "gave", "claim_failed", "claim_came"], payment__isnull=False, reverses=None)
                | Q(kind__in=["opening", "discount", "written_off"], order=None, payment=None, reverses=None)
                | Q(kind="reversal", reverses__isnull=False) & ~Q(note=""),
            ),
            models.CheckConstraint(name="orders_khataentry_reason", condition=~Q(kind="written_off") | ~Q(note="")),
        ]
        indexes = [
            models.Index(fields=["shop", "customer", "since"], include=["open"], condition=~Q(open=0), name="orders_khata_open"),
            models.Index(fields=["shop", "day", "id"], name="orders_khata_day"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="chain",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("head", "RECORD"), ("undone", "RECORD")],
                func=f"""
                    SELECT khata_number, khata_balance, khata_code INTO head FROM orders_customer
                     WHERE id = NEW.customer_id AND shop_id = NEW.shop_id FOR NO KEY UPDATE;
                    IF NOT FOUND THEN
                        {refuse("orders_khataentry_customer_same_shop", "no such customer in this shop")}
                    END IF;
                    IF NEW.reverses_id IS NOT NULL THEN
                        SELECT kind, amount INTO undone FROM orders_khataentry WHERE id = NEW.reverses_id;
                        IF undone.kind NOT IN ('opening', 'payment', 'discount', 'gave', 'written_off') OR undone.amount <> -NEW.amount THEN
                            {refuse("orders_khataentry_reverses", "only an act of the khata itself is reversed, and whole")}
                        END IF;
                    END IF;
                    IF NEW.kind = 'opening' AND EXISTS (
                        SELECT FROM orders_khataentry AS first WHERE first.customer_id = NEW.customer_id AND first.kind = 'opening'
                           AND NOT EXISTS (SELECT FROM orders_khataentry AS back WHERE back.reverses_id = first.id)) THEN
                        {refuse("orders_khataentry_opening_once", "an opening balance is written once")}
                    END IF;
                    NEW.number := head.khata_number + 1;
                    NEW.balance := head.khata_balance + NEW.amount;
                    NEW.open := NEW.amount;
                    NEW.code := {code("NEW", "head.khata_code")};
                    UPDATE orders_customer SET khata_number = NEW.number, khata_balance = NEW.balance, khata_code = NEW.code
                     WHERE id = NEW.customer_id;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF pg_trigger_depth() < 2 OR (to_jsonb(NEW) - 'open') IS DISTINCT FROM (to_jsonb(OLD) - 'open') THEN
                        {refuse("orders_khataentry_frozen", "what is open changes only by a settlement, the rest never")}
                    END IF;
                    RETURN NEW;
                """,
            ),
            never_deleted("orders_khataentry"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.amount}"

    @property
    def short_code(self) -> str:
        """The check code as it is printed: eight letters, "3FA9-0C71"."""
        return f"{self.code[:4]}-{self.code[4:8]}".upper()


class KhataSettlement(models.Model):
    """Rupees of `paid` (an entry below zero) that meet `owed` (one above); below zero it takes that back. `because` is the act."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="khata_settlements", db_index=False)
    customer = models.ForeignKey("orders.Customer", models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    owed = models.ForeignKey(KhataEntry, models.PROTECT, related_name="settled_by", db_constraint=False)
    paid = models.ForeignKey(KhataEntry, models.PROTECT, related_name="settles", db_constraint=False)
    because = models.ForeignKey(KhataEntry, models.PROTECT, related_name="settlements", db_constraint=False)
    amount = rupees_field("amount ₹")

    class Meta:
        constraints = [
            SameShop(field="owed", name="orders_khatasettlement_owed_same_customer", also=("customer_id",)),
            SameShop(field="paid", name="orders_khatasettlement_paid_same_customer", also=("customer_id",)),
            SameShop(field="because", name="orders_khatasettlement_because_same_customer", also=("customer_id",)),
            models.CheckConstraint(name="orders_khatasettlement_amount", condition=~Q(amount=0)),
        ]
        triggers = [
            append_only("orders_khatasettlement"),
            pgtrigger.Trigger(
                name="settle",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="new_rows"),
                func="""
                    UPDATE orders_khataentry AS entry SET open = entry.open + moved.amount
                      FROM (SELECT id, sum(amount) AS amount
                              FROM (SELECT owed_id AS id, -amount AS amount FROM new_rows
                                    UNION ALL SELECT paid_id, amount FROM new_rows) AS both_sides
                             GROUP BY id) AS moved
                     WHERE entry.id = moved.id AND moved.amount <> 0;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount}"


class KhataDispute(models.Model):
    """The words "I don't agree", said by the customer of one entry on the private page, until the shop has settled it with them."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="khata_disputes", db_index=False)
    customer = models.ForeignKey("orders.Customer", models.PROTECT, related_name="disputes", db_constraint=False, db_index=False)
    entry = models.ForeignKey(KhataEntry, models.PROTECT, related_name="disputes", db_constraint=False)
    words = models.CharField(_("what the customer says"), max_length=200, blank=True)
    at = models.DateTimeField(_("said"), default=timezone.now)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    answer = models.CharField(_("how it was settled"), max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            shop_key("orders_khatadispute"),
            SameShop(field="entry", name="orders_khatadispute_entry_same_customer", also=("customer_id",)),
            models.UniqueConstraint(fields=["entry"], condition=Q(settled_at=None), name="orders_khatadispute_open_once"),
            models.CheckConstraint(
                name="orders_khatadispute_settled",
                condition=Q(settled_at=None, settled_by=None, answer="")
                | Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(answer=""),
            ),
        ]
        indexes = [models.Index(fields=["shop", "customer"], condition=Q(settled_at=None), name="orders_khatadispute_unsettled")]
        triggers = [
            never_deleted("orders_khatadispute"),
            pgtrigger.Trigger(
                name="settled_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF OLD.settled_at IS NOT NULL OR (to_jsonb(NEW) - ARRAY['settled_at', 'settled_by_id', 'answer'])
                       IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['settled_at', 'settled_by_id', 'answer']) THEN
                        {refuse("orders_khatadispute_frozen", "what was said stays; it is settled once")}
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}"


class KhataReminder(models.Model):
    """A customer was reminded of what they owe: how, of how much, and by whom."""

    class Way(models.TextChoices):
        WHATSAPP = "whatsapp", _("WhatsApp")
        SMS = "sms", _("SMS")
        EMAIL = "email", _("E-mail")

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="khata_reminders", db_index=False)
    customer = models.ForeignKey("orders.Customer", models.PROTECT, related_name="reminders", db_constraint=False, db_index=False)
    way = models.CharField(_("how"), max_length=8, choices=Way)
    amount = rupees_field("amount ₹")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        ordering = ["-id"]
        constraints = [
            SameShop(field="customer", name="orders_khatareminder_customer_same_shop"),
            models.CheckConstraint(name="orders_khatareminder_amount", condition=Q(amount__gt=0)),
        ]
        indexes = [models.Index(fields=["shop", "customer", "-at"], name="orders_khatareminder_last")]
        triggers = [append_only("orders_khatareminder")]

    def __str__(self) -> str:
        return f"{self.get_way_display()} {self.amount}"
