"""A supplier's bill with which goods came in: written once, as it stood on the paper and as it was costed."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from catalog.models import Product
from inventory.order_models import PurchaseOrder
from inventory.supplier_models import Supplier
from shops.models import Shop
from smartkirana.db_rules import SameShop, append_only, refuse, shop_key
from smartkirana.money import ZERO


def rupees_field(label: str, **extra) -> models.DecimalField:
    """Rupees with paise, zero unless said."""
    return models.DecimalField(label, max_digits=14, decimal_places=2, default=ZERO, **extra)


COUNT_ON_ORDER = pgtrigger.Trigger(
    name="count_on_order",
    level=pgtrigger.Statement,
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    referencing=pgtrigger.Referencing(new="new_rows"),
    func="""
        IF NOT EXISTS (SELECT 1 FROM inventory_goodsreceipt AS bill
                        WHERE bill.id IN (SELECT receipt_id FROM new_rows) AND bill.order_id IS NOT NULL) THEN
            RETURN NULL;
        END IF;
        UPDATE inventory_purchaseorderline AS line
           SET received = line.received + came.quantity
          FROM (SELECT bill.order_id, new_rows.product_id, sum(new_rows.quantity) AS quantity
                  FROM new_rows JOIN inventory_goodsreceipt AS bill ON bill.id = new_rows.receipt_id
                 WHERE bill.order_id IS NOT NULL GROUP BY bill.order_id, new_rows.product_id) AS came
         WHERE line.order_id = came.order_id AND line.product_id = came.product_id;
        UPDATE inventory_purchaseorder AS wanted
           SET status = CASE WHEN sums.whole THEN 'received' ELSE 'part' END,
               closed_at = CASE WHEN sums.whole THEN now() END
          FROM (SELECT order_id, bool_and(received >= quantity) AS whole, bool_or(received > 0) AS some
                  FROM inventory_purchaseorderline
                 WHERE order_id IN (SELECT bill.order_id FROM new_rows JOIN inventory_goodsreceipt AS bill ON bill.id = new_rows.receipt_id)
                 GROUP BY order_id) AS sums
         WHERE wanted.id = sums.order_id AND sums.some AND wanted.status IN ('sent', 'part');
        RETURN NULL;
    """,
)


class GoodsReceipt(models.Model):
    """The supplier's bill. Rupees; discount is all trade discount, charges are taxed with the goods, other_charges not taxed.

    total = taxable + taxes (under reverse charge the shop owes them to the government instead) + other_charges − cash_discount + round_off.
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="goods_receipts", db_index=False)
    document = models.OneToOneField("inventory.StockDocument", models.PROTECT, related_name="receipt", db_constraint=False)
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="receipts", db_constraint=False, db_index=False)
    order = models.ForeignKey(
        PurchaseOrder, models.PROTECT, related_name="receipts", null=True, blank=True, db_constraint=False, db_index=False
    )
    bill_number = models.CharField("supplier's bill number", max_length=32)
    bill_date = models.DateField("bill date")
    year = models.CharField("financial year of the bill", max_length=5)
    supplier_gstin = models.CharField("supplier's GSTIN", max_length=15, blank=True)
    inter_state = models.BooleanField("from another state", default=False)
    reverse_charge = models.BooleanField("tax under reverse charge", default=False)
    inclusive = models.BooleanField("prices with tax", default=False)
    gross = rupees_field("goods ₹")
    discount = rupees_field("discount ₹")
    charges = rupees_field("charges ₹")
    taxable = rupees_field("taxable ₹")
    cgst = rupees_field("CGST ₹")
    sgst = rupees_field("SGST ₹")
    igst = rupees_field("IGST ₹")
    cess = rupees_field("cess ₹")
    other_charges = rupees_field("charges without tax ₹")
    cash_discount = rupees_field("cash discount ₹")
    round_off = rupees_field("round off ₹")
    total = rupees_field("total ₹")
    cost = rupees_field("cost of the goods ₹")

    class Meta:
        constraints = [
            shop_key("inventory_goodsreceipt"),
            SameShop(field="document", name="inventory_goodsreceipt_document_same_shop"),
            SameShop(field="supplier", name="inventory_goodsreceipt_supplier_same_shop"),
            SameShop(field="order", name="inventory_goodsreceipt_order_same_supplier", also=("supplier_id",)),
            models.UniqueConstraint("shop", "supplier", "year", Upper("bill_number"), name="inventory_goodsreceipt_bill_once"),
            models.CheckConstraint(name="inventory_goodsreceipt_numbered", condition=~Q(bill_number="")),
            models.CheckConstraint(
                name="inventory_goodsreceipt_adds_up",
                condition=Q(
                    reverse_charge=False,
                    total=F("taxable")
                    + F("cgst")
                    + F("sgst")
                    + F("igst")
                    + F("cess")
                    + F("other_charges")
                    - F("cash_discount")
                    + F("round_off"),
                )
                | Q(reverse_charge=True, total=F("taxable") + F("other_charges") - F("cash_discount") + F("round_off")),
            ),
            models.CheckConstraint(
                name="inventory_goodsreceipt_tax_heads",
                condition=Q(cgst=F("sgst")) & (Q(inter_state=True, cgst=0) | Q(inter_state=False, igst=0)),
            ),
            models.CheckConstraint(name="inventory_goodsreceipt_rounded", condition=Q(round_off__gte=-1, round_off__lte=1)),
            models.CheckConstraint(name="inventory_goodsreceipt_signs", condition=Q(taxable__gte=0, total__gte=0, cost__gte=0)),
        ]
        indexes = [
            models.Index(fields=["shop", "supplier", "-id"], name="inventory_receipt_by_supplier"),
            models.Index(fields=["order"], condition=Q(order__isnull=False), name="inventory_receipt_by_order"),
        ]
        triggers = [
            append_only("inventory_goodsreceipt"),
            pgtrigger.Trigger(  # locks the order too: two bills of one order are counted one after the other
                name="order_expects_goods",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.order_id IS NOT NULL"),
                func=f"""
                    PERFORM 1 FROM inventory_purchaseorder
                      WHERE id = NEW.order_id AND status IN ('sent', 'part', 'received') FOR NO KEY UPDATE;
                    IF NOT FOUND THEN
                        {refuse("inventory_goodsreceipt_order_expects_goods", "no goods come on an order that is not sent, or ended")}
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.bill_number


class ReceiptLine(models.Model):
    """A line of a supplier's bill. `packs` of `pack_size` pieces are charged at `price` each, `free` pieces came for nothing.

    cost  rupees that all its pieces are worth; credited  the input tax claimed on it; the lot holds what did not fill a lot below zero
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="receipt_lines", db_index=False)
    receipt = models.ForeignKey(GoodsReceipt, models.PROTECT, related_name="lines", db_constraint=False)
    line_no = models.PositiveSmallIntegerField("line")
    product = models.ForeignKey(Product, models.PROTECT, related_name="receipt_lines", db_constraint=False, db_index=False)
    lot = models.ForeignKey("inventory.StockLot", models.PROTECT, related_name="receipt_lines", db_constraint=False)
    name = models.CharField("goods", max_length=120)
    hsn = models.CharField("HSN", max_length=8, blank=True)
    supply_class = models.CharField("supply", max_length=10)
    packs = models.DecimalField("packs", max_digits=12, decimal_places=3)
    pack_size = models.DecimalField("pieces in a pack", max_digits=10, decimal_places=3)
    free = models.DecimalField("free pieces", max_digits=12, decimal_places=3, default=ZERO)
    quantity = models.DecimalField("pieces", max_digits=13, decimal_places=3)
    price = models.DecimalField("price of a pack ₹", max_digits=12, decimal_places=4)
    gross = rupees_field("gross ₹")
    discount = rupees_field("line discount ₹")
    bill_discount = rupees_field("share of the bill's discount ₹")
    charge = rupees_field("share of the charges ₹")
    taxable = rupees_field("taxable ₹")
    gst_rate = models.DecimalField("GST %", max_digits=5, decimal_places=2, default=ZERO)
    cess_rate = models.DecimalField("cess %", max_digits=5, decimal_places=2, default=ZERO)
    cgst = rupees_field("CGST ₹")
    sgst = rupees_field("SGST ₹")
    igst = rupees_field("IGST ₹")
    cess = rupees_field("cess ₹")
    credit = models.BooleanField("input credit taken", default=False)
    other_charge = rupees_field("share of charges without tax ₹")
    cash_discount = rupees_field("share of the cash discount ₹")
    cost = rupees_field("cost ₹")
    unit_cost = models.DecimalField("cost of a piece ₹", max_digits=12, decimal_places=4)
    batch = models.CharField("batch", max_length=40, blank=True)
    mrp = models.DecimalField("MRP ₹", max_digits=10, decimal_places=2, null=True, blank=True)
    expiry = models.DateField("best before", null=True, blank=True)

    class Meta:
        ordering = ["line_no"]
        constraints = [
            SameShop(field="receipt", name="inventory_receiptline_receipt_same_shop"),
            SameShop(field="product", name="inventory_receiptline_product_same_shop"),
            SameShop(field="lot", name="inventory_receiptline_lot_same_shop", also=("product_id",)),
            shop_key("inventory_receiptline"),
            models.UniqueConstraint(fields=["receipt", "line_no"], name="inventory_receiptline_once"),
            models.CheckConstraint(
                name="inventory_receiptline_pieces",
                condition=Q(quantity=F("packs") * F("pack_size") + F("free"), quantity__gt=0, packs__gte=0, pack_size__gt=0, free__gte=0),
            ),
            models.CheckConstraint(
                name="inventory_receiptline_value",
                condition=Q(taxable__gte=0, cost__gte=0, cgst=F("sgst")),
            ),
        ]
        indexes = [models.Index(fields=["shop", "product", "-id"], name="inventory_receipt_by_product")]
        triggers = [append_only("inventory_receiptline"), COUNT_ON_ORDER]

    def __str__(self) -> str:
        return f"{self.line_no} {self.name}"

    @property
    def tax(self):
        """All tax of the line, rupees."""
        return self.cgst + self.sgst + self.igst + self.cess


class PurchaseReturn(models.Model):
    """A debit note: goods of one bill that went back. Rupees; total = taxable + taxes (none under reverse charge) − cash discount.

    `value` is what left the stock; what it differs from the bought price is a price variance of the books.
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="purchase_returns", db_index=False)
    document = models.OneToOneField("inventory.StockDocument", models.PROTECT, related_name="purchase_return", db_constraint=False)
    receipt = models.ForeignKey(GoodsReceipt, models.PROTECT, related_name="returns", db_constraint=False)
    taxable = rupees_field("taxable ₹")
    cgst = rupees_field("CGST ₹")
    sgst = rupees_field("SGST ₹")
    igst = rupees_field("IGST ₹")
    cess = rupees_field("cess ₹")
    cash_discount = rupees_field("cash discount ₹")
    total = rupees_field("total ₹")
    value = rupees_field("left the stock ₹")

    class Meta:
        constraints = [
            shop_key("inventory_purchasereturn"),
            SameShop(field="document", name="inventory_purchasereturn_document_same_shop"),
            SameShop(field="receipt", name="inventory_purchasereturn_receipt_same_shop"),
            models.CheckConstraint(name="inventory_purchasereturn_tax_heads", condition=Q(cgst=F("sgst"))),
            models.CheckConstraint(name="inventory_purchasereturn_signs", condition=Q(taxable__gte=0, total__gte=0)),
        ]
        triggers = [append_only("inventory_purchasereturn")]

    def __str__(self) -> str:
        return f"return of {self.receipt_id}"


class PurchaseReturnLine(models.Model):
    """Pieces of one line of the bill that went back, out of the lot they came in with."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="purchase_return_lines", db_index=False)
    purchase_return = models.ForeignKey(PurchaseReturn, models.PROTECT, related_name="lines", db_constraint=False)
    receipt_line = models.ForeignKey(ReceiptLine, models.PROTECT, related_name="returned", db_constraint=False)
    quantity = models.DecimalField("pieces", max_digits=13, decimal_places=3)
    taxable = rupees_field("taxable ₹")
    cgst = rupees_field("CGST ₹")
    sgst = rupees_field("SGST ₹")
    igst = rupees_field("IGST ₹")
    cess = rupees_field("cess ₹")
    cash_discount = rupees_field("cash discount ₹")
    value = rupees_field("left the stock ₹")

    class Meta:
        ordering = ["id"]
        constraints = [
            SameShop(field="purchase_return", name="inventory_purchasereturnline_return_same_shop"),
            SameShop(field="receipt_line", name="inventory_purchasereturnline_line_same_shop"),
            models.UniqueConstraint(fields=["purchase_return", "receipt_line"], name="inventory_purchasereturnline_once"),
            models.CheckConstraint(name="inventory_purchasereturnline_moves", condition=Q(quantity__gt=0, cgst=F("sgst"))),
        ]
        triggers = [
            append_only("inventory_purchasereturnline"),
            pgtrigger.Trigger(
                name="no_more_than_came",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func=f"""
                    IF (SELECT sum(quantity) FROM inventory_purchasereturnline WHERE receipt_line_id = NEW.receipt_line_id)
                       > (SELECT quantity FROM inventory_receiptline WHERE id = NEW.receipt_line_id) THEN
                        {refuse("inventory_purchasereturnline_no_more_than_came", "more would go back than came")}
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity}"
