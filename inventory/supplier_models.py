"""Whom the shop buys from, what it owes them, and what was paid for what."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.urls import reverse
from phonenumber_field.modelfields import PhoneNumberField

from shops.gstin import STATES
from shops.models import Counter, Shop
from smartkirana.db_rules import SameShop, append_only, never_deleted, refuse, shop_key
from smartkirana.money import ZERO


class Supplier(models.Model):
    """Somebody who sells to the shop. `balance` (rupees owed to them, below zero: paid ahead) is kept by the ledger's postings."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="suppliers")
    name = models.CharField("name", max_length=80)
    phone = PhoneNumberField("phone", region="IN", blank=True)
    email = models.EmailField("e-mail", blank=True)
    address = models.CharField("address", max_length=200, blank=True)
    state_code = models.CharField("state", max_length=2, choices=[(c, f"{n} ({c})") for c, n in STATES.items()])
    gstin = models.CharField("GSTIN", max_length=15, blank=True)
    composition = models.BooleanField("pays GST by composition: charges none", default=False)
    due_days = models.PositiveSmallIntegerField("days to pay", default=0)
    lead_days = models.PositiveSmallIntegerField("days from order to goods", default=2)
    note = models.CharField("note", max_length=200, blank=True)
    balance = models.DecimalField("we owe ₹", max_digits=14, decimal_places=2, default=ZERO, editable=False)
    is_active = models.BooleanField("active", default=True)
    request_key = models.UUIDField("key of the form it came from", null=True, blank=True, editable=False)
    created_at = models.DateTimeField("known since", auto_now_add=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            shop_key("inventory_supplier"),
            models.UniqueConstraint(
                "shop", Upper("name"), name="inventory_supplier_name", violation_error_message="A supplier of this name exists already."
            ),
            models.UniqueConstraint(
                fields=["shop", "gstin"],
                condition=~Q(gstin=""),
                name="inventory_supplier_gstin_once",
                violation_error_message="Another supplier has this GSTIN.",
            ),
            models.UniqueConstraint(fields=["shop", "request_key"], name="inventory_supplier_request_key"),
            models.CheckConstraint(name="inventory_supplier_named", condition=~Q(name="")),
            models.CheckConstraint(name="inventory_supplier_gstin", condition=Q(gstin="") | Q(gstin__regex=r"^[0-9A-Z]{15}$")),
            models.CheckConstraint(name="inventory_supplier_composition", condition=Q(composition=False) | ~Q(gstin="")),
            models.CheckConstraint(name="inventory_supplier_days", condition=Q(due_days__lte=365, lead_days__lte=365)),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="balance_by_postings",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("balance"),
                func=f"""
                    IF NEW.balance <> OLD.balance AND pg_trigger_depth() < 2 THEN
                        {refuse("inventory_supplier_balance_by_postings", "what is owed to a supplier changes only by a posting")}
                    END IF;
                    RETURN NEW;
                """,
            ),
            never_deleted("inventory_supplier"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("inventory:supplier", args=[self.shop.slug, self.pk])

    @property
    def short_phone(self) -> str:
        """The ten digits people say, without +91."""
        return self.phone.as_e164.removeprefix("+91") if self.phone else ""

    @property
    def charges_gst(self) -> bool:
        """Registered and not under composition: its bills carry GST (CGST section 10(4), section 31)."""
        return bool(self.gstin) and not self.composition


class SupplierEntry(models.Model):
    """One paper in a supplier's account: `amount` rupees we owe (+: a bill) or gave (−: a payment, a debit note).

    `open` is what no other entry has settled yet, of the same sign; only settlements move it.
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="supplier_entries", db_index=False)
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="entries", db_constraint=False, db_index=False)
    document = models.OneToOneField("inventory.StockDocument", models.PROTECT, related_name="supplier_entry", db_constraint=False)
    number = models.CharField("our number", max_length=16, blank=True)
    day = models.DateField("day")
    due = models.DateField("to be paid by", null=True, blank=True)
    amount = models.DecimalField("amount ₹", max_digits=14, decimal_places=2)
    open = models.DecimalField("open ₹", max_digits=14, decimal_places=2, editable=False)

    class Meta:
        constraints = [
            shop_key("inventory_supplierentry"),
            SameShop(field="supplier", name="inventory_supplierentry_supplier_same_shop"),
            SameShop(field="document", name="inventory_supplierentry_document_same_shop"),
            models.UniqueConstraint(fields=["shop", "id", "supplier"], name="inventory_supplierentry_supplier_key"),
            models.UniqueConstraint(fields=["shop", "number"], condition=~Q(number=""), name="inventory_supplierentry_number"),
            models.CheckConstraint(
                name="inventory_supplierentry_open",
                condition=Q(amount__gte=0, open__gte=0, open__lte=F("amount")) | Q(amount__lt=0, open__lte=0, open__gte=F("amount")),
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "supplier", "day", "id"], include=["amount"], name="inventory_supplier_statement"),
            models.Index(fields=["shop", "supplier", "day"], condition=~Q(open=0), name="inventory_supplier_open"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="open_by_settlements",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=f"""
                    IF TG_OP = 'INSERT' THEN
                        IF NEW.open <> NEW.amount THEN
                            {refuse("inventory_supplierentry_starts_open", "an entry starts open")}
                        END IF;
                    ELSIF pg_trigger_depth() < 2 OR (to_jsonb(NEW) - 'open') IS DISTINCT FROM (to_jsonb(OLD) - 'open') THEN
                        {refuse("inventory_supplierentry_frozen", "what is open changes only by a settlement, the rest never")}
                    END IF;
                    RETURN NEW;
                """,
            ),
            never_deleted("inventory_supplierentry"),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.day}"


class Settlement(models.Model):
    """Rupees of a payment or a debit note (`paid`) that go to a bill (`bill`) of the same supplier; `document` is the act that said so."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="settlements", db_index=False)
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    bill = models.ForeignKey(SupplierEntry, models.PROTECT, related_name="settled_by", db_constraint=False)
    paid = models.ForeignKey(SupplierEntry, models.PROTECT, related_name="settles", db_constraint=False)
    document = models.ForeignKey("inventory.StockDocument", models.PROTECT, related_name="settlements", db_constraint=False)
    amount = models.DecimalField("amount ₹", max_digits=14, decimal_places=2)

    class Meta:
        constraints = [
            SameShop(field="supplier", name="inventory_settlement_supplier_same_shop"),
            SameShop(field="bill", name="inventory_settlement_bill_same_supplier", also=("supplier_id",)),
            SameShop(field="paid", name="inventory_settlement_paid_same_supplier", also=("supplier_id",)),
            SameShop(field="document", name="inventory_settlement_document_same_shop"),
            models.CheckConstraint(name="inventory_settlement_amount", condition=Q(amount__gt=0)),
        ]
        triggers = [
            append_only("inventory_settlement"),
            pgtrigger.Trigger(
                name="settle",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="new_rows"),
                func="""
                    UPDATE inventory_supplierentry AS entry SET open = entry.open + moved.amount
                      FROM (SELECT id, sum(amount) AS amount
                              FROM (SELECT bill_id AS id, -amount AS amount FROM new_rows
                                    UNION ALL SELECT paid_id, amount FROM new_rows) AS both_sides
                             GROUP BY id) AS moved
                     WHERE entry.id = moved.id;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount}"


class SupplierPayment(models.Model):
    """Money given to a supplier; `discount` rupees they let go on top settle as much of their bills.

    counter  whose drawer the cash came out of; None for cash that was in no drawer
    """

    class Method(models.TextChoices):
        CASH = "cash", "Cash"
        UPI = "upi", "UPI"
        BANK = "bank", "Bank"

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="supplier_payments", db_index=False)
    document = models.OneToOneField("inventory.StockDocument", models.PROTECT, related_name="supplier_payment", db_constraint=False)
    method = models.CharField("paid by", max_length=5, choices=Method)
    amount = models.DecimalField("paid ₹", max_digits=14, decimal_places=2)
    discount = models.DecimalField("discount they gave ₹", max_digits=14, decimal_places=2, default=ZERO)
    reference = models.CharField("reference", max_length=40, blank=True)
    counter = models.ForeignKey(
        Counter, models.PROTECT, null=True, blank=True, related_name="supplier_payments", db_constraint=False, db_index=False
    )

    class Meta:
        constraints = [
            SameShop(field="document", name="inventory_supplierpayment_document_same_shop"),
            SameShop(field="counter", name="inventory_supplierpayment_counter_same_shop"),
            models.CheckConstraint(name="inventory_supplierpayment_amounts", condition=Q(amount__gt=0, discount__gte=0)),
            models.CheckConstraint(name="inventory_supplierpayment_drawer", condition=Q(counter=None) | Q(method="cash")),
        ]
        triggers = [append_only("inventory_supplierpayment")]

    def __str__(self) -> str:
        return f"{self.get_method_display()} {self.amount}"
