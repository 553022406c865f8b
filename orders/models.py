"""Bills: what was sold, to whom, for how much, how it was paid. An issued bill keeps its own copy of everything printed."""

from decimal import Decimal

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from phonenumber_field.modelfields import PhoneNumberField

from catalog.models import PriceList, Product
from orders.credit_models import CreditNote, CreditNoteLine  # noqa: F401
from orders.event_models import BillPrint, OrderEvent  # noqa: F401  (they are tables of this app too)
from orders.fields import rupees_field
from orders.khata_models import (  # noqa: F401  (they are tables of this app too)
    KhataDispute,
    KhataEntry,
    KhataMember,
    KhataReminder,
    KhataSettlement,
)
from orders.payment_models import Payment as Payment
from orders.payment_models import PaymentEvent as PaymentEvent
from orders.shift_models import DrawerEvent, Shift  # noqa: F401  (they are tables of this app too)
from orders.till_models import Approval, TillEvent  # noqa: F401
from shops.gstin import STATES
from shops.models import Counter, Shop, User
from smartkirana.db_rules import SameShop, append_only, frozen_but, moved_only_by, never_deleted, refuse, shop_key
from smartkirana.money import ZERO

HALF_PAISA = Decimal("0.005")  # an amount is rounded half up to the paisa


class Customer(models.Model):
    """Someone the shop knows by phone; may have a khata.

    `outstanding` (rupees owed, below zero: paid ahead) is kept by the ledger's postings, number, balance and code of the last khata
    entry by the entries. At the end of every act the two agree.
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="customers")
    phone = PhoneNumberField("phone", region="IN")
    name = models.CharField("name", max_length=80, blank=True)
    local_name = models.CharField("name in the local language", max_length=80, blank=True)
    address = models.CharField("address", max_length=200, blank=True)
    state_code = models.CharField("state", max_length=2, blank=True, choices=[(c, f"{n} ({c})") for c, n in STATES.items()])
    gstin = models.CharField("GSTIN", max_length=15, blank=True)
    group = models.CharField("group", max_length=40, blank=True)
    language = models.CharField("language", max_length=2, blank=True, choices=[("en", "English"), ("hi", "हिन्दी")])
    email = models.EmailField("e-mail", blank=True)
    credit_limit = rupees_field("khata limit ₹", null=True, blank=True)
    due_days = models.PositiveSmallIntegerField("days to pay", default=30)
    price_list = models.ForeignKey(
        PriceList, models.PROTECT, null=True, blank=True, related_name="customers", db_constraint=False, verbose_name="price list"
    )
    outstanding = rupees_field("owes ₹", default=ZERO, editable=False)
    khata_number = models.PositiveIntegerField("last khata entry", default=0, editable=False)
    khata_balance = rupees_field("balance after it ₹", default=ZERO, editable=False)
    khata_code = models.CharField("its check code", max_length=64, blank=True, editable=False)
    link_key = models.CharField("key of the private page", max_length=32, null=True, blank=True, editable=False)
    is_active = models.BooleanField("active", default=True)
    created_at = models.DateTimeField("known since", auto_now_add=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            shop_key("orders_customer"),
            SameShop(field="price_list", name="orders_customer_price_list_same_shop"),
            models.UniqueConstraint(
                fields=["shop", "phone"], name="orders_customer_phone", violation_error_message="A customer with this phone already exists."
            ),
            models.UniqueConstraint(fields=["link_key"], name="orders_customer_link_key"),
            models.CheckConstraint(name="orders_customer_link", condition=Q(link_key=None) | Q(link_key__regex=r"^[0-9a-z]{26}$")),
            models.CheckConstraint(name="orders_customer_limit", condition=Q(credit_limit=None) | Q(credit_limit__gte=0)),
            models.CheckConstraint(name="orders_customer_gstin", condition=Q(gstin="") | Q(gstin__regex=r"^[0-9A-Z]{15}$")),
        ]
        indexes = [
            models.Index(fields=["shop", "-outstanding", "id"], condition=~Q(outstanding=0), name="orders_customer_owing"),
            models.Index(fields=["shop", "group"], condition=~Q(group=""), name="orders_customer_group"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="outstanding_by_postings",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("outstanding"),
                func=f"""
                    IF NEW.outstanding <> OLD.outstanding AND pg_trigger_depth() < 2 THEN
                        {refuse("orders_customer_outstanding_by_postings", "what a customer owes changes only by a posting")}
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="khata_by_entries",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("khata_number", "khata_balance", "khata_code"),
                func=f"""
                    IF pg_trigger_depth() < 2 AND (NEW.khata_number, NEW.khata_balance, NEW.khata_code)
                       IS DISTINCT FROM (OLD.khata_number, OLD.khata_balance, OLD.khata_code) THEN
                        {refuse("orders_customer_khata_by_entries", "a khata changes only by an entry")}
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="khata_agrees",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("outstanding", "khata_balance"),
                timing=pgtrigger.Deferred,
                func=f"""
                    IF EXISTS (SELECT 1 FROM orders_customer WHERE id = NEW.id AND outstanding <> khata_balance) THEN
                        {refuse("orders_customer_khata_agrees", "what is posted for a customer and the entries of the khata differ")}
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.short_phone

    def get_absolute_url(self) -> str:
        return reverse("orders:customer", args=[self.shop.slug, self.pk])

    @property
    def short_phone(self) -> str:
        """The ten digits people say, without +91."""
        return self.phone.as_e164.removeprefix("+91") if self.phone else ""


class Order(models.Model):
    """A bill. Frozen once written, but for `status` and `fulfilment`, which only an `OrderEvent` moves.

    What is sold over the counter is handed over at once (`fulfilment` "completed"); an order from elsewhere is pending until somebody
    confirms it, packs it and hands it over, one step at a time.

    Amounts in rupees: subtotal − discount = Σ line totals; + round_off = total = Σ payments (what went to khata is one of them).
    taxable + exempt + cgst + sgst + igst + cess − after_tax_reduction = subtotal − discount.
    """

    class Channel(models.TextChoices):
        COUNTER = "counter", "Counter"
        PHONE = "phone", "Phone"
        ONLINE = "online", "Online"

    class Status(models.TextChoices):
        COMPLETED = "completed", "Sold"
        CANCELLED = "cancelled", "Cancelled"

    class Fulfilment(models.TextChoices):
        PENDING = "pending", "Pending"
        CONFIRMED = "confirmed", "Confirmed"
        PACKED = "packed", "Packed"
        COMPLETED = "completed", "Handed over"

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="orders", db_index=False)
    counter = models.ForeignKey(Counter, models.PROTECT, related_name="orders", db_constraint=False, db_index=False)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="orders", db_constraint=False)
    cashier = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    request_key = models.UUIDField("request key")
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.COUNTER)
    status = models.CharField("status", max_length=10, choices=Status, default=Status.COMPLETED)
    fulfilment = models.CharField("goods", max_length=9, choices=Fulfilment, default=Fulfilment.COMPLETED, db_default=Fulfilment.COMPLETED)
    number = models.CharField("order number", max_length=24)
    bill_number = models.CharField("bill number", max_length=16)
    day = models.DateField("date")
    placed_at = models.DateTimeField("time")
    title = models.CharField("kind of bill", max_length=40)
    place_of_supply = models.CharField("place of supply", max_length=2)
    inter_state = models.BooleanField("inter-state", default=False)
    subtotal = rupees_field("goods ₹")
    discount = rupees_field("discount ₹", default=ZERO)
    taxable = rupees_field("taxable ₹", default=ZERO)
    exempt = rupees_field("exempt ₹", default=ZERO)
    cgst = rupees_field("CGST ₹", default=ZERO)
    sgst = rupees_field("SGST ₹", default=ZERO)
    igst = rupees_field("IGST ₹", default=ZERO)
    cess = rupees_field("cess ₹", default=ZERO)
    after_tax_reduction = rupees_field("reduction after tax ₹", default=ZERO)
    round_off = rupees_field("round off ₹", default=ZERO)
    total = rupees_field("total ₹")
    cost = rupees_field("cost of goods ₹", default=ZERO)
    saved = rupees_field("saved on MRP ₹", default=ZERO)
    printed = models.JSONField("what was printed", help_text="Seller, buyer and counter as they were on the day.")
    note = models.CharField("note", max_length=500, blank=True, default="", db_default="")
    exchange_of = models.OneToOneField(
        "orders.CreditNote", models.PROTECT, null=True, blank=True, related_name="exchange", db_constraint=False
    )

    class Meta:
        verbose_name = "bill"
        constraints = [
            shop_key("orders_order"),
            SameShop(field="counter", name="orders_order_counter_same_shop"),
            SameShop(field="customer", name="orders_order_customer_same_shop"),
            SameShop(field="exchange_of", name="orders_order_exchange_of_same_shop"),
            models.UniqueConstraint(fields=["shop", "request_key"], name="orders_order_request_key"),
            models.UniqueConstraint(fields=["shop", "bill_number"], name="orders_order_bill_number"),
            models.UniqueConstraint(fields=["shop", "number"], name="orders_order_number"),
            models.CheckConstraint(name="orders_order_bill_number_form", condition=Q(bill_number__regex=r"^[A-Z0-9][A-Z0-9/-]{0,15}$")),
            models.CheckConstraint(name="orders_order_equal_halves", condition=Q(cgst=F("sgst"))),
            models.CheckConstraint(name="orders_order_one_kind_of_tax", condition=Q(igst=0) | Q(cgst=0, inter_state=True)),
            models.CheckConstraint(name="orders_order_adds_up", condition=Q(total=F("subtotal") - F("discount") + F("round_off"))),
            models.CheckConstraint(
                name="orders_order_tax_adds_up",
                condition=Q(
                    subtotal=F("discount")
                    + F("taxable")
                    + F("exempt")
                    + F("cgst")
                    + F("sgst")
                    + F("igst")
                    + F("cess")
                    - F("after_tax_reduction")
                ),
            ),
            models.CheckConstraint(
                name="orders_order_amounts",
                condition=Q(total__gte=0, subtotal__gte=0, discount__gte=0, taxable__gte=0, exempt__gte=0, cess__gte=0),
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "-id"], name="orders_order_newest"),
            # Lists are ordered by (day, id), both falling: a range of days and one counter's bills are read off an index.
            models.Index(fields=["shop", "day", "id"], name="orders_order_day"),
            models.Index(fields=["shop", "counter", "day", "id"], name="orders_order_counter_day"),
            models.Index(fields=["shop", "day", "id"], name="orders_order_cancelled", condition=Q(status="cancelled")),
            # Orders still to be handed over, and what a customer ordered from elsewhere.
            models.Index(
                fields=["shop", "day", "id"], name="orders_order_waiting", condition=Q(status="completed") & ~Q(fulfilment="completed")
            ),
            models.Index(fields=["shop", "cashier", "day", "id"], name="orders_order_online", condition=Q(channel="online")),
        ]
        triggers = [
            never_deleted("orders_order"),
            frozen_but("orders_order", "status", "fulfilment"),
            moved_only_by("orders_order", "fulfilment", "the goods of a bill move only by an event"),
            pgtrigger.Trigger(
                name="starts_at_an_end",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.fulfilment NOT IN ('pending', 'completed')"),
                func=refuse("orders_order_starts", "a bill starts pending or with its goods handed over"),
            ),
            pgtrigger.Trigger(
                name="status_by_events",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("status"),
                func=f"""
                    IF NEW.status <> OLD.status AND pg_trigger_depth() < 2 THEN
                        {refuse("orders_order_status_by_events", "a bill changes its status only by an event")}
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.bill_number

    def get_absolute_url(self) -> str:
        return reverse("orders:bill", args=[self.shop.slug, self.slug])

    @property
    def slug(self) -> str:
        """The bill number as it stands in an address: S1-26-27-000123."""
        return self.bill_number.replace("/", "-")

    @property
    def is_cancelled(self) -> bool:
        return self.status == self.Status.CANCELLED

    @property
    def is_waiting(self) -> bool:
        """True while the goods of a bill that stands are still to be handed over."""
        return not self.is_cancelled and self.fulfilment != self.Fulfilment.COMPLETED

    @property
    def tax(self) -> object:
        """All GST and cess on the bill, rupees."""
        return self.cgst + self.sgst + self.igst + self.cess

    @property
    def goods_total(self) -> object:
        """The goods after discounts, before round-off, rupees: the sum of the lines."""
        return self.subtotal - self.discount

    @property
    def profit(self) -> object:
        """What the bill leaves over tax and cost of goods, rupees."""
        return self.total - self.tax - self.cost


class OrderLine(models.Model):
    """One line of a bill, with its own copy of what was printed and its own tax. Amounts in rupees."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="order_lines", db_index=False)
    order = models.ForeignKey(Order, models.PROTECT, related_name="lines", db_constraint=False, db_index=False)
    line_no = models.PositiveIntegerField("line")
    product = models.ForeignKey(Product, models.PROTECT, related_name="order_lines", db_constraint=False, db_index=False)
    name = models.CharField("goods", max_length=120)
    local_name = models.CharField(max_length=120, blank=True)
    batch = models.CharField(max_length=40, blank=True)
    hsn = models.CharField("HSN", max_length=8, blank=True)
    unit = models.CharField(max_length=8)
    uqc = models.CharField(max_length=3)
    supply_class = models.CharField(max_length=10)
    quantity = models.DecimalField("quantity", max_digits=13, decimal_places=3)
    mrp = models.DecimalField("MRP ₹", max_digits=10, decimal_places=2, null=True)
    unit_price = models.DecimalField("rate ₹", max_digits=10, decimal_places=2)
    gross = rupees_field("gross ₹")
    list_price = models.DecimalField(
        "list rate ₹", max_digits=10, decimal_places=2, null=True, help_text="When the rate was changed by hand."
    )
    discount = rupees_field("discount ₹", default=ZERO)
    offer = models.CharField("offer", max_length=80, blank=True)
    offer_discount = rupees_field("of which by the offer ₹", default=ZERO)
    bill_discount = rupees_field("share of bill discount ₹", default=ZERO)
    rate = models.DecimalField("GST %", max_digits=5, decimal_places=2)
    cess_rate = models.DecimalField("cess %", max_digits=5, decimal_places=2, default=ZERO)
    taxable = rupees_field("value before tax ₹")
    cgst = rupees_field("CGST ₹", default=ZERO)
    sgst = rupees_field("SGST ₹", default=ZERO)
    igst = rupees_field("IGST ₹", default=ZERO)
    cess = rupees_field("cess ₹", default=ZERO)
    after_tax_reduction = rupees_field(default=ZERO)
    total = rupees_field("amount ₹")
    cost = rupees_field("cost ₹", default=ZERO)

    class Meta:
        ordering = ["order", "line_no"]
        verbose_name = "bill line"
        constraints = [
            shop_key("orders_orderline"),
            SameShop(field="order", name="orders_orderline_order_same_shop"),
            SameShop(field="product", name="orders_orderline_product_same_shop"),
            models.UniqueConstraint(fields=["order", "line_no"], name="orders_orderline_once"),
            models.CheckConstraint(name="orders_orderline_quantity_above_zero", condition=Q(quantity__gt=0)),
            models.CheckConstraint(name="orders_orderline_within_mrp", condition=Q(mrp=None) | Q(unit_price__lte=F("mrp"))),
            models.CheckConstraint(
                name="orders_orderline_amount_within_mrp", condition=Q(mrp=None) | Q(gross__lte=F("mrp") * F("quantity") + HALF_PAISA)
            ),
            models.CheckConstraint(name="orders_orderline_price", condition=Q(unit_price__gte=0, discount__gte=0, bill_discount__gte=0)),
            models.CheckConstraint(name="orders_orderline_offer", condition=Q(offer_discount__gte=0, offer_discount__lte=F("discount"))),
            models.CheckConstraint(
                name="orders_orderline_adds_up", condition=Q(total=F("gross") - F("discount") - F("bill_discount"), total__gte=0)
            ),
            models.CheckConstraint(
                name="orders_orderline_tax_adds_up",
                condition=Q(total=F("taxable") + F("cgst") + F("sgst") + F("igst") + F("cess") - F("after_tax_reduction"), cgst=F("sgst")),
            ),
        ]
        indexes = [models.Index(fields=["shop", "product"], name="orders_orderline_by_product")]
        triggers = [append_only("orders_orderline")]

    def __str__(self) -> str:
        return self.name

    @property
    def all_discount(self) -> object:
        """The line's own discount and its share of the bill's, rupees."""
        return self.discount + self.bill_discount
