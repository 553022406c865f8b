"""What the bank, the UPI app or the card machine says came in: files, their lines, and which claim each line was.

A file on its way in (`BankFile`) is nobody's fact yet. Once it is taken in, its lines stand as they were written; which claim a line
was, that it was none, or that this was wrong, is said by a `BankMatch`, which alone moves the line.
"""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inventory.bill_file_models import json_is
from orders.models import Payment
from shops.models import Shop, User
from smartkirana.db_rules import InsertOnlyManager, SameShop, append_only, frozen_but, never_deleted, refuse, shop_key


class Source(models.TextChoices):
    """Whose file it is, and so whose money can stand in it."""

    BANK = "bank", _("Bank statement")
    UPI = "upi", _("UPI app’s report")
    CARD = "card", _("Card machine’s report")


def rupees_column(label: str, **extra) -> models.DecimalField:
    return models.DecimalField(label, max_digits=12, decimal_places=2, **extra)


class BankFile(models.Model):
    """A file brought in and not taken in yet. It goes when it is taken in, or forgotten.

    rows     [[line of the file, [cells as text]], …] below the headings
    mapping  field → number of the column (from 0); empty until somebody said or it was remembered
    account  which account or machine it is of, as the shop calls it
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="bank_files", db_index=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    filename = models.CharField(_("file"), max_length=120)
    source = models.CharField(_("whose file"), max_length=4, choices=Source, default=Source.BANK)
    account = models.CharField(_("account"), max_length=40, blank=True)
    headings = models.JSONField(default=list)
    rows = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    request_key = models.UUIDField("key of the form it came from", null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("brought in"), auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            shop_key("ledger_bankfile"),
            models.UniqueConstraint(fields=["shop", "request_key"], name="ledger_bankfile_request_key"),
            models.CheckConstraint(name="ledger_bankfile_headings", condition=json_is("headings", "array")),
            models.CheckConstraint(name="ledger_bankfile_rows", condition=json_is("rows", "array")),
            models.CheckConstraint(name="ledger_bankfile_mapping", condition=json_is("mapping", "object")),
        ]

    def __str__(self) -> str:
        return self.filename


class BankLayout(models.Model):
    """How the columns of files with these headings were matched, and of which account they were.

    signature  SHA-256 of the headings in their search form; mapping  field → number of the column (from 0)
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="bank_layouts", db_index=False)
    signature = models.CharField(max_length=64)
    headings = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    source = models.CharField(_("whose file"), max_length=4, choices=Source)
    account = models.CharField(_("account"), max_length=40)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField("matched", auto_now=True)

    class Meta:
        verbose_name = "columns of the bank's files"
        verbose_name_plural = "columns of the bank's files"
        constraints = [
            models.UniqueConstraint(fields=["shop", "signature"], name="ledger_banklayout_once"),
            models.CheckConstraint(name="ledger_banklayout_signed", condition=Q(signature__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(name="ledger_banklayout_mapping", condition=json_is("mapping", "object") & ~Q(mapping={})),
        ]

    def __str__(self) -> str:
        return f"files of {self.account}"


class BankStatement(models.Model):
    """A file that was taken in. `read` lines with money in it stood there, `known` of them were known from an earlier file."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="bank_statements", db_index=False)
    source = models.CharField(_("whose file"), max_length=4, choices=Source)
    account = models.CharField(_("account"), max_length=40)
    filename = models.CharField(_("file"), max_length=120)
    file_number = models.BigIntegerField("number of the file it was", editable=False)
    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("to"))
    read = models.PositiveIntegerField(_("lines read"))
    known = models.PositiveIntegerField(_("lines known before"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("taken in"), default=timezone.now)

    class Meta:
        ordering = ["-id"]
        constraints = [
            shop_key("ledger_bankstatement"),
            models.UniqueConstraint(fields=["shop", "file_number"], name="ledger_bankstatement_once"),
            models.CheckConstraint(name="ledger_bankstatement_days", condition=Q(first_day__lte=F("last_day"))),
            models.CheckConstraint(name="ledger_bankstatement_known", condition=Q(known__lte=F("read"))),
            models.CheckConstraint(name="ledger_bankstatement_account", condition=~Q(account="")),
        ]
        triggers = [append_only("ledger_bankstatement")]

    def __str__(self) -> str:
        return f"{self.account}, {self.filename}"


class BankLine(models.Model):
    """Money that came in, as one line of a file says it. Known by account, day, amount, reference and running place.

    amount  rupees that were paid; charge  rupees kept of it (MDR and its GST); net  rupees that reached the bank
    place   1, 2, 3 … among lines that are alike in everything else; at  the moment, where the file says more than the day
    key     the account in its search form
    """

    class State(models.TextChoices):
        OPEN = "open", _("No bill found")
        MATCHED = "matched", _("Matched")
        ASIDE = "aside", _("Not a bill’s money")

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="bank_lines", db_index=False)
    statement = models.ForeignKey(BankStatement, models.PROTECT, related_name="lines", db_constraint=False)
    row = models.PositiveIntegerField(_("row of the file"))
    key = models.CharField(max_length=40)
    day = models.DateField(_("day"))
    at = models.DateTimeField(_("moment"), null=True, blank=True)
    amount = rupees_column(_("amount ₹"))
    charge = rupees_column(_("charge ₹"), default=0)
    net = rupees_column(_("net ₹"))
    reference = models.CharField(_("reference"), max_length=60, blank=True)
    text = models.CharField(_("description"), max_length=200, blank=True)
    place = models.PositiveSmallIntegerField(_("running place"), default=1)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.OPEN)
    payment = models.OneToOneField(Payment, models.PROTECT, null=True, blank=True, related_name="bank_line", db_constraint=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            shop_key("ledger_bankline"),
            SameShop(field="statement", name="ledger_bankline_statement_same_shop"),
            SameShop(field="payment", name="ledger_bankline_payment_same_shop"),
            models.UniqueConstraint(fields=["shop", "key", "day", "amount", "reference", "place"], name="ledger_bankline_once"),
            models.CheckConstraint(name="ledger_bankline_amount", condition=Q(amount__gt=0, charge__gte=0, net=F("amount") - F("charge"))),
            models.CheckConstraint(
                name="ledger_bankline_state",
                condition=Q(state="matched", payment__isnull=False) | Q(state__in=["open", "aside"], payment=None),
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "day"], condition=Q(state="open"), name="ledger_bankline_open"),
            models.Index(fields=["shop", "reference"], condition=~Q(reference=""), name="ledger_bankline_by_reference"),
        ]
        triggers = [
            never_deleted("ledger_bankline"),
            frozen_but("ledger_bankline", "state", "payment_id"),
            pgtrigger.Trigger(
                name="moved_by_matches",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=f"""
                    IF pg_trigger_depth() < 2 AND (TG_OP = 'UPDATE' OR NEW.state <> 'open') THEN
                        {refuse("ledger_bankline_moved_by_matches", "a line of a statement is matched only by an event")}
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.amount}"


class BankMatch(models.Model):
    """What was said of a line, written last in its act; the ledger posts the charge from it.

    charge  rupees kept of the payment, so that payment less charge is what reached the bank
    saw     the payment waited, or was given up, and is seen by this line
    sure    the program was sure of it; else a person chose
    """

    class Kind(models.TextChoices):
        MATCHED = "matched", _("Matched")
        ASIDE = "aside", _("Not a bill’s money")
        UNDONE = "undone", _("Taken back")

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="bank_matches", db_index=False)
    line = models.ForeignKey(BankLine, models.PROTECT, related_name="matches", db_constraint=False)
    kind = models.CharField(_("what"), max_length=7, choices=Kind)
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, blank=True, related_name="bank_matches", db_constraint=False)
    charge = rupees_column(_("charge ₹"), default=0)
    saw = models.BooleanField(_("seen by it"), default=False)
    sure = models.BooleanField(_("found by the program"), default=False)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    day = models.DateField(_("day of the books"))
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(_("when"), default=timezone.now)

    objects = InsertOnlyManager()

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "bank matches"
        constraints = [
            SameShop(field="line", name="ledger_bankmatch_line_same_shop"),
            SameShop(field="payment", name="ledger_bankmatch_payment_same_shop"),
            models.CheckConstraint(
                name="ledger_bankmatch_payment",
                condition=Q(kind="matched", payment__isnull=False) | Q(kind="aside", payment=None) | Q(kind="undone"),
            ),
            models.CheckConstraint(name="ledger_bankmatch_charge", condition=Q(charge=0) | Q(charge__gt=0, payment__isnull=False)),
            models.CheckConstraint(name="ledger_bankmatch_reason", condition=Q(kind="matched") | ~Q(reason="")),
        ]
        indexes = [models.Index(fields=["shop", "-id"], name="ledger_bankmatch_newest")]
        triggers = [
            append_only("ledger_bankmatch"),
            pgtrigger.Trigger(
                name="move_line",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func=f"""
                    IF NEW.kind = 'matched' THEN
                        UPDATE ledger_bankline AS line SET state = 'matched', payment_id = payment.id
                          FROM orders_payment AS payment
                         WHERE line.id = NEW.line_id AND line.state = 'open' AND payment.id = NEW.payment_id
                           AND payment.method IN ('upi', 'card', 'bank') AND payment.reverses_id IS NULL AND payment.state = 'seen'
                           AND payment.amount = line.net + NEW.charge;
                    ELSIF NEW.kind = 'aside' THEN
                        UPDATE ledger_bankline SET state = 'aside' WHERE id = NEW.line_id AND state = 'open';
                    ELSE
                        UPDATE ledger_bankline SET state = 'open', payment_id = NULL
                         WHERE id = NEW.line_id AND state <> 'open' AND payment_id IS NOT DISTINCT FROM NEW.payment_id;
                    END IF;
                    IF NOT FOUND THEN
                        {refuse("ledger_bankmatch_fits", "the line, the payment and the charge do not fit")}
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.line_id}"
