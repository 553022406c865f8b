"""The books: a chart of accounts, journal entries that balance, postings that never change."""

import pgtrigger
from django.db import models
from django.db.models import Q

from inventory.models import Supplier
from ledger.bank_models import BankFile, BankLayout, BankLine, BankMatch, BankStatement  # noqa: F401  (they are tables of this app too)
from ledger.close_models import DayClose as DayClose
from orders.models import Customer
from shops.models import Counter, Shop
from smartkirana.db_rules import SameShop, append_only, refuse, shop_key
from smartkirana.money import ZERO


class Account(models.Model):
    """A page of the ledger. `parent` groups accounts: a balance of 2003 GST Payable is that of its children too."""

    class Type(models.TextChoices):
        ASSET = "asset", "Asset"
        LIABILITY = "liability", "Liability"
        EQUITY = "equity", "Equity"
        INCOME = "income", "Income"
        EXPENSE = "expense", "Expense"

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="accounts")
    code = models.CharField("code", max_length=8)
    name = models.CharField("name", max_length=80)
    type = models.CharField("type", max_length=10, choices=Type)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", db_constraint=False)
    description = models.CharField("what it holds", max_length=160, blank=True)
    is_active = models.BooleanField("in use", default=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            shop_key("ledger_account"),
            SameShop(field="parent", name="ledger_account_parent_same_shop"),
            models.UniqueConstraint(
                fields=["shop", "code"], name="ledger_account_code", violation_error_message="This account code exists already."
            ),
            models.CheckConstraint(name="ledger_account_code_digits", condition=Q(code__regex=r"^[0-9]{4,8}$")),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def debit_normal(self) -> bool:
        """True when a debit makes the account larger (assets and expenses)."""
        return self.type in (self.Type.ASSET, self.Type.EXPENSE)


class JournalEntry(models.Model):
    """One business fact in the books. The pair (source_kind, source_id) is the event it posts: one event, one entry."""

    class Source(models.TextChoices):
        ORDER_EVENT = "order", "Bill"
        STOCK_EVENT = "stock", "Stock"
        PAYMENT_EVENT = "payment", "Payment seen or failed"
        KHATA_ENTRY = "khata", "Khata"
        BANK_MATCH = "bank", "Bank charge"
        DRAWER_EVENT = "drawer", "Drawer"

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="journal", db_index=False)
    date = models.DateField("date")
    narration = models.CharField("narration", max_length=200)
    source_kind = models.CharField(max_length=8, choices=Source)
    source_id = models.BigIntegerField()
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversed_by", db_constraint=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "journal entries"
        constraints = [
            shop_key("ledger_journalentry"),
            models.UniqueConstraint(fields=["shop", "id", "date"], name="ledger_journalentry_date_key"),
            models.UniqueConstraint(fields=["shop", "source_kind", "source_id"], name="ledger_journalentry_one_per_event"),
            SameShop(field="reverses", name="ledger_journalentry_reverses_same_shop"),
        ]
        indexes = [models.Index(fields=["shop", "date", "id"], name="ledger_entry_by_date")]
        triggers = [
            append_only("ledger_journalentry"),
            pgtrigger.Trigger(
                name="day_is_open",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("sealed", "date")],
                func=f"""
                    SELECT sealed_until INTO sealed FROM shops_shop WHERE id = NEW.shop_id FOR KEY SHARE;
                    IF NEW.date <= sealed THEN
                        {refuse("ledger_journalentry_day_is_open", "the books of that day are closed")}
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="entry_has_postings",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func=f"""
                    IF NOT EXISTS (SELECT 1 FROM ledger_posting WHERE entry_id = NEW.id) THEN
                        {refuse("ledger_entry_balanced", "a journal entry needs its postings")}
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date}: {self.narration}"


class Posting(models.Model):
    """Rupees on one side of one account.

    `customer` is whose khata it is, on 1004 only; `supplier` whom we owe it, on 2001 only; `counter` whose drawer, on 1001 only (cash
    that was in no drawer has none).
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="postings", db_index=False)
    entry = models.ForeignKey(JournalEntry, models.PROTECT, related_name="postings", db_constraint=False)
    date = models.DateField("date")
    account = models.ForeignKey(Account, models.PROTECT, related_name="postings", db_constraint=False, db_index=False)
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="postings", db_constraint=False, db_index=False
    )
    supplier = models.ForeignKey(
        Supplier, models.PROTECT, null=True, blank=True, related_name="postings", db_constraint=False, db_index=False
    )
    counter = models.ForeignKey(
        Counter, models.PROTECT, null=True, blank=True, related_name="postings", db_constraint=False, db_index=False
    )
    debit = models.DecimalField("debit ₹", max_digits=14, decimal_places=2, default=ZERO)
    credit = models.DecimalField("credit ₹", max_digits=14, decimal_places=2, default=ZERO)

    class Meta:
        ordering = ["id"]
        constraints = [
            SameShop(field="entry", name="ledger_posting_entry_same_shop", also=("date",)),
            SameShop(field="account", name="ledger_posting_account_same_shop"),
            SameShop(field="customer", name="ledger_posting_customer_same_shop"),
            SameShop(field="supplier", name="ledger_posting_supplier_same_shop"),
            SameShop(field="counter", name="ledger_posting_counter_same_shop"),
            models.CheckConstraint(name="ledger_posting_one_side", condition=Q(debit__gt=0, credit=0) | Q(credit__gt=0, debit=0)),
        ]
        indexes = [
            models.Index(fields=["shop", "account", "date", "id"], include=["debit", "credit"], name="ledger_posting_by_account"),
            models.Index(fields=["shop", "customer", "id"], condition=Q(customer__isnull=False), name="ledger_posting_by_customer"),
            models.Index(fields=["shop", "supplier", "id"], condition=Q(supplier__isnull=False), name="ledger_posting_by_supplier"),
            models.Index(
                fields=["shop", "counter", "date", "id"],
                include=["debit", "credit"],
                condition=Q(counter__isnull=False),
                name="ledger_posting_by_counter",
            ),
        ]
        triggers = [
            append_only("ledger_posting"),
            pgtrigger.Trigger(
                name="entry_balanced",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func="""
                    IF (SELECT sum(debit) <> sum(credit) FROM ledger_posting WHERE entry_id = NEW.entry_id) THEN
                        RAISE EXCEPTION 'debits and credits of entry % differ', NEW.entry_id
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_balanced';
                    END IF;
                    RETURN NULL;
                """,
            ),
            pgtrigger.Trigger(
                name="add_to_khata",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="new_rows"),
                func="""
                    UPDATE orders_customer AS customer SET outstanding = customer.outstanding + p.change
                      FROM (SELECT customer_id, sum(debit - credit) AS change FROM new_rows WHERE customer_id IS NOT NULL GROUP BY customer_id) AS p
                     WHERE customer.id = p.customer_id;
                    RETURN NULL;
                """,  # noqa: E501
            ),
            pgtrigger.Trigger(
                name="add_to_supplier",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="new_rows"),
                func="""
                    UPDATE inventory_supplier AS supplier SET balance = supplier.balance + p.change
                      FROM (SELECT supplier_id, sum(credit - debit) AS change FROM new_rows WHERE supplier_id IS NOT NULL GROUP BY supplier_id) AS p
                     WHERE supplier.id = p.supplier_id;
                    RETURN NULL;
                """,  # noqa: E501
            ),
            pgtrigger.Trigger(
                name="add_to_drawer",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="new_rows"),
                func="""
                    UPDATE shops_counter AS counter SET cash = counter.cash + p.change
                      FROM (SELECT counter_id, sum(debit - credit) AS change FROM new_rows WHERE counter_id IS NOT NULL GROUP BY counter_id) AS p
                     WHERE counter.id = p.counter_id;
                    RETURN NULL;
                """,  # noqa: E501
            ),
            pgtrigger.Trigger(
                name="day_is_open",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="new_rows"),
                func=f"""
                    IF EXISTS (SELECT FROM new_rows JOIN shops_shop AS shop ON shop.id = new_rows.shop_id
                                WHERE new_rows.date <= shop.sealed_until) THEN
                        {refuse("ledger_posting_day_is_open", "the books of that day are closed")}
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.debit or -self.credit}"
