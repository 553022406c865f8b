"""Suppliers' bills that come as files: the file on its way in, and what is remembered of each supplier's files."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.lookups import Exact

from catalog.models import Product
from inventory.supplier_models import Supplier
from shops.models import Shop, User
from smartkirana.db_rules import SameShop, shop_key


def json_is(field: str, kind: str) -> Exact:
    """The JSON of `field` is an "object" or an "array"."""
    return Exact(Func(F(field), function="jsonb_typeof", output_field=models.CharField()), Value(kind))


class BillFile(models.Model):
    """A supplier's bill brought in as a file and not saved yet. It goes when the bill is saved, or forgotten.

    rows      [[line of the file, [cells as text]], …] below the headings
    about     what stands above the headings: {"number", "date"} of the bill, as text
    mapping   field → number of the column (from 0); empty until somebody said or it was remembered
    left_out  keys of items that are not taken in, see `bill_files.reading.Item.key`
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="bill_files", db_index=False)
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="bill_files", db_constraint=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    filename = models.CharField("file", max_length=120)
    headings = models.JSONField(default=list)
    rows = models.JSONField(default=list)
    about = models.JSONField(default=dict)
    mapping = models.JSONField(default=dict)
    inclusive = models.BooleanField("rates with tax", default=False)
    left_out = models.JSONField(default=list)
    request_key = models.UUIDField("key of the form it came from", null=True, blank=True, editable=False)
    created_at = models.DateTimeField("brought in", auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            shop_key("inventory_billfile"),
            SameShop(field="supplier", name="inventory_billfile_supplier_same_shop"),
            models.UniqueConstraint(fields=["shop", "request_key"], name="inventory_billfile_request_key"),
            models.CheckConstraint(name="inventory_billfile_headings", condition=json_is("headings", "array")),
            models.CheckConstraint(name="inventory_billfile_rows", condition=json_is("rows", "array")),
            models.CheckConstraint(name="inventory_billfile_about", condition=json_is("about", "object")),
            models.CheckConstraint(name="inventory_billfile_mapping", condition=json_is("mapping", "object")),
            models.CheckConstraint(name="inventory_billfile_left_out", condition=json_is("left_out", "array")),
        ]

    def __str__(self) -> str:
        return self.filename


class BillFileMapping(models.Model):
    """How the columns of a supplier's files were matched: once for each row of headings that their files have.

    signature  SHA-256 of the headings in their search form; mapping  field → number of the column (from 0)
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="bill_file_mappings", db_index=False)
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="bill_file_mappings", db_constraint=False, db_index=False)
    signature = models.CharField(max_length=64)
    headings = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    inclusive = models.BooleanField("rates with tax", default=False)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField("matched", auto_now=True)

    class Meta:
        verbose_name = "columns of a supplier's files"
        verbose_name_plural = "columns of suppliers' files"
        constraints = [
            SameShop(field="supplier", name="inventory_billfilemapping_supplier_same_shop"),
            models.UniqueConstraint(fields=["shop", "supplier", "signature"], name="inventory_billfilemapping_once"),
            models.CheckConstraint(name="inventory_billfilemapping_signed", condition=Q(signature__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(name="inventory_billfilemapping_mapping", condition=json_is("mapping", "object") & ~Q(mapping={})),
        ]

    def __str__(self) -> str:
        return f"files of {self.supplier_id}"


class SupplierItem(models.Model):
    """What a supplier calls goods of ours, and how many pieces of them a pack of theirs holds.

    key  their item code in capitals, or the name in its search form; said  as it stood in the file
    """

    class Kind(models.TextChoices):
        CODE = "code", "Item code"
        NAME = "name", "Name"

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="supplier_items", db_index=False)
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="items", db_constraint=False, db_index=False)
    kind = models.CharField("known by", max_length=4, choices=Kind)
    key = models.CharField(max_length=200)
    said = models.CharField("they call it", max_length=200)
    product = models.ForeignKey(Product, models.CASCADE, related_name="supplier_items", db_constraint=False)
    pack_size = models.DecimalField("pieces in a pack", max_digits=10, decimal_places=3, default=1)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField("matched", auto_now=True)

    class Meta:
        verbose_name = "supplier's item"
        constraints = [
            SameShop(field="supplier", name="inventory_supplieritem_supplier_same_shop"),
            SameShop(field="product", name="inventory_supplieritem_product_same_shop"),
            models.UniqueConstraint(fields=["shop", "supplier", "kind", "key"], name="inventory_supplieritem_once"),
            models.CheckConstraint(name="inventory_supplieritem_named", condition=~Q(key="")),
            models.CheckConstraint(name="inventory_supplieritem_kind", condition=Q(kind__in=["code", "name"])),
            models.CheckConstraint(name="inventory_supplieritem_pack", condition=Q(pack_size__gt=0)),
        ]

    def __str__(self) -> str:
        return self.said
