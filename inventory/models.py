"""Stock: every unit lies in a lot, and every change is a movement that is never altered."""

import pgtrigger
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from catalog.models import Product
from inventory.bill_file_models import BillFile, BillFileMapping, SupplierItem  # noqa: F401  (they are tables of this app too)
from inventory.count_models import CountedLot, CountEntry, Recount, StockTake  # noqa: F401
from inventory.lot_price_models import LotPriceChange  # noqa: F401
from inventory.order_models import PurchaseOrder, PurchaseOrderLine  # noqa: F401
from inventory.pace_models import PaceDay, SalesPace  # noqa: F401
from inventory.purchase_models import GoodsReceipt, PurchaseReturn, PurchaseReturnLine, ReceiptLine  # noqa: F401
from inventory.repack_models import Recipe, RecipePart, Repack  # noqa: F401
from inventory.supplier_models import Settlement, Supplier, SupplierEntry, SupplierPayment  # noqa: F401
from shops.models import Shop, User
from smartkirana.db_rules import InsertOnlyManager, SameShop, append_only, refuse, shop_key
from smartkirana.money import ZERO


class StockLot(models.Model):
    """Units of a product that came together: one cost, one MRP, one best-before.

    on_hand (in the product's unit, 3 places) and value (rupees) are the sums of the lot's movements; the database adds
    them up itself and refuses any other way of changing them. Whoever empties a lot takes what value is left in it.
    Whose it is and what it cost stay as they were; batch, MRP, price and date may be put right.
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="lots")
    product = models.ForeignKey(Product, models.PROTECT, related_name="lots", db_constraint=False, db_index=False)
    batch = models.CharField("batch", max_length=40, blank=True)
    mrp = models.DecimalField("MRP ₹", max_digits=10, decimal_places=2, null=True, blank=True)
    price = models.DecimalField("own selling price ₹", max_digits=10, decimal_places=2, null=True, blank=True)
    expiry = models.DateField("best before", null=True, blank=True)
    unit_cost = models.DecimalField("cost ₹", max_digits=12, decimal_places=4)
    credit_rate = models.DecimalField("input GST credited %", max_digits=9, decimal_places=6, default=ZERO)
    credit_igst = models.BooleanField("credited as IGST", default=False)
    on_hand = models.DecimalField("in stock", max_digits=13, decimal_places=3, default=ZERO, editable=False)
    value = models.DecimalField("value ₹", max_digits=14, decimal_places=2, default=ZERO, editable=False)
    created_at = models.DateTimeField("came in", auto_now_add=True)

    class Meta:
        constraints = [
            shop_key("inventory_stocklot"),
            SameShop(field="product", name="inventory_stocklot_product_same_shop"),
            models.CheckConstraint(name="inventory_stocklot_cost", condition=Q(unit_cost__gte=0)),
            models.CheckConstraint(
                name="inventory_stocklot_price_within_mrp",
                condition=Q(price=None) | Q(price__gt=0) & (Q(mrp=None) | Q(price__lte=F("mrp"))),
            ),
            models.UniqueConstraint(fields=["shop", "id", "product"], name="inventory_stocklot_product_key"),
            models.CheckConstraint(name="inventory_stocklot_empty_is_worth_nothing", condition=~Q(on_hand=0) | Q(value=0)),
            models.CheckConstraint(
                name="inventory_stocklot_value_has_its_sign",
                condition=Q(on_hand=0) | Q(on_hand__gt=0, value__gte=0) | Q(on_hand__lt=0, value__lte=0),
            ),
        ]
        indexes = [
            models.Index(fields=["shop", "product"], include=["on_hand", "value"], name="inventory_lot_by_product"),
            models.Index(fields=["shop", "expiry"], condition=Q(on_hand__gt=0, expiry__isnull=False), name="inventory_lot_by_expiry"),
            models.Index(fields=["shop"], condition=Q(on_hand__lt=0), name="inventory_lot_below_zero"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="moved_only_by_movements",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=f"""
                    IF TG_OP = 'INSERT' THEN
                        IF NEW.on_hand <> 0 OR NEW.value <> 0 THEN
                            {refuse("inventory_stocklot_starts_empty", "a lot starts empty: write a movement")}
                        END IF;
                    ELSIF (NEW.on_hand <> OLD.on_hand OR NEW.value <> OLD.value) AND pg_trigger_depth() < 2 THEN
                        {refuse("inventory_stocklot_moved_only_by_movements", "stock changes only by a movement")}
                    ELSIF NEW.on_hand < 0 AND NEW.on_hand < OLD.on_hand
                        AND (SELECT stock_policy FROM shops_shop WHERE id = NEW.shop_id) = 'block' THEN
                        {refuse("inventory_stocklot_below_zero", "not enough stock in the lot")}
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="priced_only_by_a_change",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("price"),
                condition=pgtrigger.Condition("OLD.price IS DISTINCT FROM NEW.price AND pg_trigger_depth() < 1"),
                func=refuse("inventory_stocklot_priced_only_by_a_change", "the price of a lot changes only by a LotPriceChange"),
            ),
            pgtrigger.Trigger(
                name="stays_what_it_is",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "ROW(OLD.shop_id, OLD.product_id, OLD.unit_cost, OLD.credit_rate, OLD.credit_igst, OLD.created_at) IS DISTINCT FROM "
                    "ROW(NEW.shop_id, NEW.product_id, NEW.unit_cost, NEW.credit_rate, NEW.credit_igst, NEW.created_at)"
                ),
                func=refuse("inventory_stocklot_stays_what_it_is", "a lot keeps its product, its cost and its credit"),
            ),
            pgtrigger.Trigger(
                name="never_deleted",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func=refuse("inventory_stocklot_never_deleted", "lots are never deleted"),
            ),
        ]

    def __str__(self) -> str:
        return self.batch or f"lot {self.pk}"


class StockDocument(models.Model):
    """The paper behind an act of the stock room: why, by whom, when. An adjustment has a reason; every other kind is one."""

    class Kind(models.TextChoices):
        OPENING = "opening", "Opening stock"
        ADJUSTMENT = "adjustment", "Adjustment"
        RECEIPT = "receipt", "Supplier's bill"
        RETURN = "return", "Returned to supplier"
        PAYMENT = "payment", "Paid to supplier"
        BALANCE = "balance", "Supplier's opening balance"
        COUNT = "count", "Stock take"
        REPACK = "repack", "Repacked"

    class Reason(models.TextChoices):
        OPENING = "opening", "Opening stock"
        DAMAGE = "damage", "Damaged"
        LOSS = "loss", "Lost or stolen"
        EXPIRED = "expired", "Past its date"
        CORRECTION = "correction", "Count was wrong"
        OWN_USE = "own_use", "Own use"
        SAMPLE = "sample", "Given as a sample"
        FOUND = "found", "Found"
        RECEIPT = "receipt", "Bought"
        RETURN = "return", "Returned to supplier"
        PAYMENT = "payment", "Paid to supplier"
        BALANCE = "balance", "Supplier's opening balance"
        COUNT = "count", "Stock take"
        REPACK = "repack", "Repacked"

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="stock_documents")
    kind = models.CharField(max_length=10, choices=Kind)
    reason = models.CharField("reason", max_length=10, choices=Reason)
    note = models.CharField("note", max_length=200, blank=True)
    day = models.DateField("day")
    request_key = models.UUIDField("key of the form it came from", null=True, blank=True, editable=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            shop_key("inventory_stockdocument"),
            models.UniqueConstraint(fields=["shop", "request_key"], name="inventory_stockdocument_request_key"),
            models.CheckConstraint(
                name="inventory_stockdocument_reason",
                condition=Q(kind="adjustment", reason__in=["damage", "loss", "expired", "correction", "own_use", "sample", "found"])
                | ~Q(kind="adjustment") & Q(reason=F("kind")),
            ),
        ]
        triggers = [append_only("inventory_stockdocument")]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}, {self.day}"


class StockMovement(models.Model):
    """Units in (+) or out (−) of a lot, with their value in rupees, for a reason and a document."""

    class Reason(models.TextChoices):
        OPENING = "opening", "Opening stock"
        SALE = "sale", "Sold"
        SALE_CANCELLED = "cancelled", "Bill cancelled"
        SALE_RETURNED = "came_back", "Brought back"
        PURCHASE = "receipt", "Bought"
        PURCHASE_RETURN = "return", "Returned to supplier"
        DAMAGE = "damage", "Damaged"
        LOSS = "loss", "Lost or stolen"
        EXPIRED = "expired", "Past its date"
        CORRECTION = "correction", "Count was wrong"
        OWN_USE = "own_use", "Own use"
        SAMPLE = "sample", "Given as a sample"
        FOUND = "found", "Found"
        COUNT = "count", "Stock take"
        REPACK = "repack", "Repacked"

    class Document(models.TextChoices):
        ORDER = "order", "Bill"
        CREDIT_NOTE = "credit", "Credit note"
        STOCK_DOCUMENT = "stock", "Stock paper"

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="movements", db_index=False)
    lot = models.ForeignKey(StockLot, models.PROTECT, related_name="movements", db_constraint=False)
    product = models.ForeignKey(Product, models.PROTECT, related_name="movements", db_constraint=False, db_index=False)
    quantity = models.DecimalField("quantity", max_digits=13, decimal_places=3)
    value = models.DecimalField("value ₹", max_digits=14, decimal_places=2)
    unit_cost = models.DecimalField("cost ₹", max_digits=12, decimal_places=4)
    reason = models.CharField(max_length=10, choices=Reason)
    document = models.CharField(max_length=8, choices=Document)
    document_id = models.BigIntegerField()
    document_line = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField("when")

    class Meta:
        constraints = [
            SameShop(field="lot", name="inventory_stockmovement_lot_same_shop", also=("product_id",)),
            SameShop(field="product", name="inventory_stockmovement_product_same_shop"),
            models.CheckConstraint(name="inventory_stockmovement_moves", condition=~Q(quantity=0)),
        ]
        indexes = [
            models.Index(fields=["shop", "product", "-id"], name="inventory_movement_history"),
            models.Index(fields=["shop", "document", "document_id"], name="inventory_movement_document"),
            BrinIndex(fields=["at"], autosummarize=True, name="inventory_movement_at"),
        ]
        triggers = [
            append_only("inventory_stockmovement"),
            pgtrigger.Trigger(
                name="add_to_lots",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="new_rows"),
                func="""
                    UPDATE inventory_stocklot AS lot
                       SET on_hand = lot.on_hand + moved.quantity, value = lot.value + moved.value
                      FROM (SELECT lot_id, sum(quantity) AS quantity, sum(value) AS value FROM new_rows GROUP BY lot_id) AS moved
                     WHERE lot.id = moved.lot_id;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} {self.quantity}"


class StockEvent(models.Model):
    """A fact about stock, written last in its act; the ledger posts from it. One row, one journal entry."""

    class Kind(models.TextChoices):
        OPENED = "opened", "Opening stock entered"
        ADJUSTED = "adjusted", "Stock adjusted"
        RECEIVED = "received", "Goods received"
        RETURNED = "returned", "Goods returned to supplier"
        PAID = "paid", "Supplier paid"
        OWED = "owed", "Supplier's opening balance entered"
        COUNTED = "counted", "Stock take posted"
        REPACKED = "repacked", "Goods repacked"

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="stock_events")
    kind = models.CharField(max_length=10, choices=Kind)
    stock_document = models.OneToOneField(StockDocument, models.PROTECT, related_name="event", db_constraint=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = InsertOnlyManager()

    class Meta:
        constraints = [SameShop(field="stock_document", name="inventory_stockevent_document_same_shop")]
        triggers = [append_only("inventory_stockevent")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"
