"""Goods that came back: credit notes. An issued note keeps its own copy of everything printed, and what it gave back for each line."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from orders.fields import rupees_field
from shops.models import Counter, Shop, User
from smartkirana.db_rules import SameShop, append_only, refuse, shop_key
from smartkirana.money import ZERO


class CreditNote(models.Model):
    """Goods of one bill that came back, and what was given back for them (CGST section 34, Rule 53(1A)). Never changed.

    Amounts in rupees, all from zero up but the round-off: subtotal − discount = Σ line totals; + round_off = total = −Σ refunds.
    taxable + exempt + cgst + sgst + igst + cess − after_tax_reduction = subtotal − discount.
    commercial  made after the law's last day for the bill: the price comes back, the tax stays paid
    cost        what the stock took the goods back at, the damaged ones too
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="credit_notes", db_index=False)
    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="credit_notes", db_constraint=False)
    counter = models.ForeignKey(Counter, models.PROTECT, related_name="credit_notes", db_constraint=False, db_index=False)
    customer = models.ForeignKey("orders.Customer", models.PROTECT, null=True, blank=True, related_name="credit_notes", db_constraint=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    request_key = models.UUIDField("request key")
    number = models.CharField("number", max_length=16)
    day = models.DateField("date")
    at = models.DateTimeField("time")
    title = models.CharField("kind of note", max_length=40)
    commercial = models.BooleanField("without GST", default=False)
    reason = models.CharField("reason", max_length=200, blank=True)
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
    printed = models.JSONField("what was printed", help_text="Seller, buyer, counter and the bill as they were on the day.")

    class Meta:
        verbose_name = "credit note"
        constraints = [
            shop_key("orders_creditnote"),
            SameShop(field="order", name="orders_creditnote_order_same_shop"),
            SameShop(field="counter", name="orders_creditnote_counter_same_shop"),
            SameShop(field="customer", name="orders_creditnote_customer_same_shop"),
            models.UniqueConstraint(fields=["shop", "request_key"], name="orders_creditnote_request_key"),
            models.UniqueConstraint(fields=["shop", "number"], name="orders_creditnote_number"),
            models.CheckConstraint(name="orders_creditnote_number_form", condition=Q(number__regex=r"^[A-Z0-9][A-Z0-9/-]{0,15}$")),
            models.CheckConstraint(name="orders_creditnote_equal_halves", condition=Q(cgst=F("sgst"))),
            models.CheckConstraint(name="orders_creditnote_one_kind_of_tax", condition=Q(igst=0) | Q(cgst=0, inter_state=True)),
            models.CheckConstraint(name="orders_creditnote_without_gst", condition=Q(commercial=False) | Q(cgst=0, igst=0, cess=0)),
            models.CheckConstraint(name="orders_creditnote_adds_up", condition=Q(total=F("subtotal") - F("discount") + F("round_off"))),
            models.CheckConstraint(
                name="orders_creditnote_tax_adds_up",
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
            models.CheckConstraint(name="orders_creditnote_amounts", condition=Q(total__gte=0, subtotal__gte=0, discount__gte=0)),
        ]
        indexes = [models.Index(fields=["shop", "day", "id"], name="orders_creditnote_day")]
        triggers = [
            append_only("orders_creditnote"),
            pgtrigger.Trigger(
                name="of_a_bill_that_stands",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                # The bill's row stays locked until the act ends: its notes come one after the other, and none beside its cancelling.
                func=f"""
                    IF (SELECT status FROM orders_order WHERE id = NEW.order_id FOR NO KEY UPDATE) = 'cancelled' THEN
                        {refuse("orders_creditnote_of_a_bill_that_stands", "nothing comes back of a cancelled bill")}
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("orders:credit_note", args=[self.shop.slug, self.slug])

    @property
    def slug(self) -> str:
        """The number as it stands in an address: CNS1-2627-00001."""
        return self.number.replace("/", "-")

    @property
    def tax(self) -> object:
        """All GST and cess that the note takes back, rupees."""
        return self.cgst + self.sgst + self.igst + self.cess

    @property
    def goods_total(self) -> object:
        """The goods after discounts, before round-off, rupees: the sum of the lines."""
        return self.subtotal - self.discount


class CreditNoteLine(models.Model):
    """Units of one line of the bill that came back, with their share of its amounts (rupees), and where they went."""

    class Where(models.TextChoices):
        SHELF = "shelf", "To the shelf"
        DAMAGED = "damaged", "Damaged"
        SUPPLIER = "supplier", "For the supplier"

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="credit_note_lines", db_index=False)
    credit_note = models.ForeignKey(CreditNote, models.PROTECT, related_name="lines", db_constraint=False, db_index=False)
    order_line = models.ForeignKey("orders.OrderLine", models.PROTECT, related_name="returned", db_constraint=False)
    line_no = models.PositiveIntegerField("line")
    where = models.CharField("went", max_length=8, choices=Where, default=Where.SHELF)
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
    discount = rupees_field("discount ₹", default=ZERO)
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
        ordering = ["credit_note", "line_no"]
        verbose_name = "credit note line"
        constraints = [
            SameShop(field="credit_note", name="orders_creditnoteline_note_same_shop"),
            SameShop(field="order_line", name="orders_creditnoteline_line_same_shop"),
            models.UniqueConstraint(fields=["credit_note", "line_no"], name="orders_creditnoteline_once"),
            models.CheckConstraint(name="orders_creditnoteline_quantity_above_zero", condition=Q(quantity__gt=0)),
            models.CheckConstraint(
                name="orders_creditnoteline_adds_up", condition=Q(total=F("gross") - F("discount") - F("bill_discount"), total__gte=0)
            ),
            models.CheckConstraint(
                name="orders_creditnoteline_tax_adds_up",
                condition=Q(total=F("taxable") + F("cgst") + F("sgst") + F("igst") + F("cess") - F("after_tax_reduction"), cgst=F("sgst")),
            ),
        ]
        indexes = [models.Index(fields=["shop"], name="orders_creditnoteline_aside", condition=Q(where="supplier"))]
        triggers = [
            append_only("orders_creditnoteline"),
            pgtrigger.Trigger(
                name="no_more_than_sold",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func=f"""
                    IF (SELECT sum(quantity) FROM orders_creditnoteline WHERE order_line_id = NEW.order_line_id)
                       > (SELECT quantity FROM orders_orderline WHERE id = NEW.order_line_id) THEN
                        {refuse("orders_creditnoteline_no_more_than_sold", "more would come back than was sold")}
                    END IF;
                    IF NOT EXISTS (SELECT FROM orders_creditnote AS note JOIN orders_orderline AS line ON line.order_id = note.order_id
                                    WHERE note.id = NEW.credit_note_id AND line.id = NEW.order_line_id) THEN
                        {refuse("orders_creditnoteline_of_its_bill", "the line is of another bill")}
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def all_discount(self) -> object:
        """Its share of the line's own discount and of the bill's, rupees."""
        return self.discount + self.bill_discount
