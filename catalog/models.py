"""What a shop sells: goods, their codes and prices, and the GST rate that the law gives them on a date."""

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Upper
from django.utils import timezone

from catalog.price_models import ListPrice, Offer, OfferPart, PriceList
from catalog.search import SEARCHED, find_text
from catalog.units import UNITS, decimals_of, uqc_of
from shops.models import Shop, User
from smartkirana.db_rules import SameShop, append_only, shop_key
from smartkirana.money import ZERO

__all__ = [
    "Barcode", "Category", "GstGoods", "GstRate", "ImportJob", "ListPrice", "Offer", "OfferPart", "PriceChange", "PriceList", "Product",
]  # fmt: skip


class GstGoods(models.Model):
    """One line of the GST schedules: goods under an HSN prefix that share a rate on every date. Same for all shops."""

    class Packing(models.TextChoices):
        ANY = "any", "loose or packed"
        LOOSE = "loose", "loose, weighed before the buyer"
        PACKED = "packed", "pre-packed and labelled"

    class SupplyClass(models.TextChoices):
        TAXABLE = "taxable", "Taxable"
        NIL_RATED = "nil_rated", "Nil rated"
        EXEMPT = "exempt", "Exempt"
        NON_GST = "non_gst", "Outside GST"

    slug = models.SlugField("key", max_length=60, unique=True)
    hsn = models.CharField(
        "HSN prefix", max_length=8, blank=True, validators=[RegexValidator(r"^([0-9]{2}){0,4}$", "HSN has 2, 4, 6 or 8 digits.")]
    )
    goods = models.CharField("goods", max_length=160)
    packing = models.CharField("packing", max_length=6, choices=Packing, default=Packing.ANY)
    supply_class = models.CharField("class", max_length=10, choices=SupplyClass, default=SupplyClass.TAXABLE)
    rsp_valuation = models.BooleanField("taxed on the printed price (Rule 31D)", default=False)
    note = models.CharField("note", max_length=250, blank=True)

    class Meta:
        ordering = ["hsn", "goods"]
        verbose_name = "goods of the GST schedules"
        verbose_name_plural = "goods of the GST schedules"
        constraints = [models.CheckConstraint(name="catalog_gstgoods_hsn_digits", condition=Q(hsn__regex=r"^[0-9]{0,8}$"))]
        indexes = [models.Index(fields=["hsn"], name="catalog_gstgoods_hsn", opclasses=["varchar_pattern_ops"])]

    def __str__(self) -> str:
        return f"{self.hsn} {self.goods}".strip()


class GstRate(models.Model):
    """The rate (percent, CGST + SGST or IGST) of goods from a date on, until the next row's date."""

    goods = models.ForeignKey(GstGoods, models.CASCADE, related_name="rates")
    valid_from = models.DateField("from")
    rate = models.DecimalField("GST %", max_digits=5, decimal_places=2)
    cess_rate = models.DecimalField("cess %", max_digits=5, decimal_places=2, default=ZERO)

    class Meta:
        ordering = ["goods", "valid_from"]
        verbose_name = "GST rate"
        constraints = [
            models.UniqueConstraint(fields=["goods", "valid_from"], name="catalog_gstrate_one_a_day"),
            models.CheckConstraint(
                name="catalog_gstrate_percent", condition=Q(rate__gte=0, rate__lte=100, cess_rate__gte=0, cess_rate__lte=400)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rate:f} % from {self.valid_from}"


class Category(models.Model):
    """A shelf of the shop, as its people call it."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="categories")
    name = models.CharField("name", max_length=60)
    local_name = models.CharField("name in the local language", max_length=60, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "categories"
        constraints = [
            shop_key("catalog_category"),
            models.UniqueConstraint(
                "shop", Upper("name"), name="catalog_category_name", violation_error_message="This category exists already."
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """Goods as the counter sells them. Prices in rupees with GST in them (that is what MRP means); cost without input credit.

    Stock is not here: it is the sum of the product's lots (`inventory`).
    """

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="products")
    sku = models.CharField("SKU", max_length=40)
    name = models.CharField("name", max_length=120)
    local_name = models.CharField("name in the local language", max_length=120, blank=True)
    search_words = models.CharField("other words people ask with", max_length=200, blank=True)
    shelf = models.CharField("shelf", max_length=40, blank=True)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="products", db_constraint=False)
    subcategory = models.CharField("kind within the category", max_length=60, blank=True)
    unit = models.CharField("sold by", max_length=8, choices=[(u.code, u.name) for u in UNITS], default="pc")
    hsn = models.CharField(
        "HSN", max_length=8, blank=True, validators=[RegexValidator(r"^([0-9]{4}|[0-9]{6}|[0-9]{8})?$", "HSN has 4, 6 or 8 digits.")]
    )
    gst_goods = models.ForeignKey(GstGoods, models.PROTECT, related_name="products", verbose_name="GST")
    mrp = models.DecimalField("MRP ₹", max_digits=10, decimal_places=2, null=True, blank=True)
    price = models.DecimalField("selling price ₹", max_digits=10, decimal_places=2)
    cost = models.DecimalField("cost ₹", max_digits=12, decimal_places=4, default=ZERO, validators=[MinValueValidator(0)])
    min_stock = models.DecimalField("minimum stock", max_digits=12, decimal_places=3, default=ZERO)
    max_stock = models.DecimalField("maximum stock", max_digits=12, decimal_places=3, null=True, blank=True)
    reorder_quantity = models.DecimalField("order at a time", max_digits=12, decimal_places=3, default=ZERO)
    perishable = models.BooleanField("perishable", default=False)
    loose = models.BooleanField("weighed or measured at the counter", default=False)
    plu = models.PositiveIntegerField("code to type (PLU)", null=True, blank=True)
    is_active = models.BooleanField("on sale", default=True)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    request_key = models.UUIDField("key of the form it came from", null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    search_text = models.TextField(editable=False, default="")
    # Each word carries its shop, so that the index is a tenant's own; quoted lexemes need no text parser of PostgreSQL's.
    search_vector = models.GeneratedField(
        expression=RawSQL(
            "array_to_tsvector(array_remove(string_to_array("
            "shop_id::text || ':' || replace(search_text, ' ', ' ' || shop_id::text || ':'), ' '), ''))",
            (),
        ),
        output_field=SearchVectorField(),
        db_persist=True,
        editable=False,
    )

    class Meta:
        constraints = [
            shop_key("catalog_product"),
            SameShop(field="category", name="catalog_product_category_same_shop"),
            models.UniqueConstraint(
                "shop", Upper("sku"), name="catalog_product_sku", violation_error_message="A product with this SKU already exists."
            ),
            models.UniqueConstraint(
                fields=["shop", "plu"], name="catalog_product_plu", violation_error_message="Another product has this PLU."
            ),
            models.UniqueConstraint(fields=["shop", "request_key"], name="catalog_product_request_key"),
            models.CheckConstraint(
                name="catalog_product_price_above_zero",
                condition=Q(price__gt=0),
                violation_error_message="The selling price must be above zero.",
            ),
            models.CheckConstraint(
                name="catalog_product_price_within_mrp",
                condition=Q(mrp=None) | Q(price__lte=F("mrp")),
                violation_error_message="The selling price is above the MRP. Nobody may sell above MRP.",
            ),
            models.CheckConstraint(
                name="catalog_product_cost_within_price",
                condition=Q(cost__gte=0, cost__lte=F("price")),
                violation_error_message="The cost is above the selling price: every piece would lose money.",
            ),
            models.CheckConstraint(name="catalog_product_plu_digits", condition=Q(plu=None) | Q(plu__gte=1, plu__lte=99999)),
            models.CheckConstraint(
                name="catalog_product_stock_levels",
                condition=Q(min_stock__gte=0, reorder_quantity__gte=0) & (Q(max_stock=None) | Q(max_stock__gte=F("min_stock"))),
                violation_error_message="Stock levels cannot be negative, and the maximum cannot be under the minimum.",
            ),
        ]
        indexes = [
            GinIndex(fields=["search_vector"], name="catalog_product_search"),
            models.Index("shop", "name", name="catalog_product_by_name"),
            models.Index("shop", "category", "name", name="catalog_product_by_category"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="price_history",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("price", "mrp", "cost"),
                condition=pgtrigger.Condition(
                    "OLD.price IS DISTINCT FROM NEW.price OR OLD.mrp IS DISTINCT FROM NEW.mrp OR OLD.cost IS DISTINCT FROM NEW.cost"
                ),
                func="""
                    INSERT INTO catalog_pricechange (shop_id, product_id, old_price, price, old_mrp, mrp, old_cost, cost, changed_by_id, at)
                    VALUES (NEW.shop_id, NEW.id, OLD.price, NEW.price, OLD.mrp, NEW.mrp, OLD.cost, NEW.cost, NEW.changed_by_id, now());
                    RETURN NULL;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        """Whatever saves a name or a code also saves the words it is found by. Barcodes see to theirs (`receivers`)."""
        fields = kwargs.get("update_fields")
        if fields is None or SEARCHED & set(fields):
            self.search_text = find_text(self, self.barcodes.values_list("code", flat=True) if self.pk else ())
            if fields is not None:
                kwargs["update_fields"] = {*fields, "search_text"}
        super().save(*args, **kwargs)

    @property
    def decimals(self) -> int:
        """Places a quantity of it may have: 3 for weights and measures, 0 for pieces."""
        return decimals_of(self.unit)

    @property
    def uqc(self) -> str:
        """The unit's code on GST documents, e.g. KGS (gst returns, unit quantity codes)."""
        return uqc_of(self.unit)


class Barcode(models.Model):
    """A code that finds a product; a carton's code stands for `pack_quantity` pieces."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="barcodes")
    product = models.ForeignKey(Product, models.CASCADE, related_name="barcodes", db_constraint=False)
    code = models.CharField("barcode", max_length=48)
    pack_quantity = models.DecimalField("holds", max_digits=10, decimal_places=3, default=1)

    class Meta:
        ordering = ["id"]
        constraints = [
            SameShop(field="product", name="catalog_barcode_product_same_shop"),
            models.UniqueConstraint(
                fields=["shop", "code"], name="catalog_barcode_code", violation_error_message="Another product has this barcode."
            ),
            models.CheckConstraint(name="catalog_barcode_pack_above_zero", condition=Q(pack_quantity__gt=0)),
        ]

    def __str__(self) -> str:
        return self.code


class PriceChange(models.Model):
    """What a product's prices were and became, when, by whom. Written by the database itself at every change."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="price_changes")
    product = models.ForeignKey(Product, models.PROTECT, related_name="price_changes", db_constraint=False)
    old_price = models.DecimalField("price was ₹", max_digits=10, decimal_places=2)
    price = models.DecimalField("price ₹", max_digits=10, decimal_places=2)
    old_mrp = models.DecimalField("MRP was ₹", max_digits=10, decimal_places=2, null=True)
    mrp = models.DecimalField("MRP ₹", max_digits=10, decimal_places=2, null=True)
    old_cost = models.DecimalField("cost was ₹", max_digits=12, decimal_places=4)
    cost = models.DecimalField("cost ₹", max_digits=12, decimal_places=4)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("when")

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [SameShop(field="product", name="catalog_pricechange_product_same_shop")]
        triggers = [append_only("catalog_pricechange")]

    def __str__(self) -> str:
        return f"{self.old_price} → {self.price}"


class ImportJob(models.Model):
    """One file of products on its way in: uploaded, columns matched, checked row by row, then written in one go."""

    class Status(models.TextChoices):
        UPLOADED = "uploaded", "Match the columns"
        CHECKING = "checking", "Checking"
        CHECKED = "checked", "Ready to confirm"
        WRITING = "writing", "Writing"
        DONE = "done", "Done"
        FAILED = "failed", "Stopped"

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="import_jobs")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    filename = models.CharField(max_length=120)
    content = models.BinaryField()
    headers = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=Status, default=Status.UPLOADED)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    rows_new = models.PositiveIntegerField(default=0)
    rows_changed = models.PositiveIntegerField(default=0)
    rows_same = models.PositiveIntegerField(default=0)
    rows_bad = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)
    sample = models.JSONField(default=list)
    message = models.CharField(max_length=250, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    stage_at = models.DateTimeField("in this stage since", default=timezone.now)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.filename


from catalog.counter_models import Favourite, LabelFormat  # noqa: E402, F401  (models of this app, kept in a file of their own)
