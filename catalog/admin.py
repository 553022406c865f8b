"""Admin of goods, their codes and prices, and the GST schedules."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import Q
from django.http import HttpRequest

from catalog import price_admin  # noqa: F401 its tables stand beside these
from catalog.barcodes import parse_barcode
from catalog.errors import CatalogError
from catalog.models import Barcode, Category, Favourite, GstGoods, GstRate, ImportJob, LabelFormat, PriceChange, Product
from catalog.services import save_product
from smartkirana.admin_tools import (
    FULL,
    KEEP,
    READ,
    HouseAdmin,
    HouseForm,
    HouseInline,
    LongReadOnlyAdmin,
    LongTable,
    ReadOnlyAdmin,
    ShopFilter,
    saved_as,
)
from smartkirana.errors import Refusal
from smartkirana.text import clean_name, words


# --- the GST schedules: the law's, so shared by all shops -----------------------------------------------------
class GstRateInline(HouseInline):
    model = GstRate
    to_shop = ""
    acts = FULL
    owners_may = READ


@admin.register(GstGoods)
class GstGoodsAdmin(HouseAdmin):
    """Owners read them and choose from them; a platform admin adds what a new notification says."""

    to_shop = ""
    acts = FULL
    owners_may = READ
    fixed = ()
    list_display = ("goods", "hsn", "packing", "supply_class", "slug")
    list_filter = ("supply_class", "packing", "rsp_valuation")
    search_fields = ("hsn__startswith", "goods", "slug")
    search_help_text = "Words of the goods, or the first digits of an HSN"
    inlines = (GstRateInline,)


@admin.register(GstRate)
class GstRateAdmin(HouseAdmin):
    to_shop = ""
    acts = FULL
    owners_may = READ
    fixed = ("goods",)
    list_display = ("goods", "valid_from", "rate", "cess_rate")
    list_filter = ("rate", "valid_from")
    list_select_related = ("goods",)
    search_fields = ("goods__hsn__startswith", "goods__goods")
    autocomplete_fields = ("goods",)
    date_hierarchy = "valid_from"
    ordering = ("goods__hsn", "goods__goods", "-valid_from")


# --- goods ----------------------------------------------------------------------------------------------------
class CategoryForm(HouseForm):
    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])


@admin.register(Category)
class CategoryAdmin(HouseAdmin):
    """A category can go once no product stands in it."""

    acts = owners_may = FULL
    form = CategoryForm
    fields = ("shop", "name", "local_name")
    list_display = ("name", "local_name", "shop")
    list_filter = (ShopFilter,)
    list_select_related = ("shop",)
    search_fields = ("name", "local_name")
    autocomplete_fields = ("shop",)


class BarcodeForm(forms.ModelForm):
    """A code as it is stored, with its check digit looked at."""

    def clean_code(self) -> str:
        try:
            return parse_barcode(self.cleaned_data["code"])
        except Refusal as refusal:
            raise forms.ValidationError(refusal.message) from refusal


class BarcodeInline(HouseInline):
    model = Barcode
    acts = owners_may = FULL
    form = BarcodeForm
    fields = ("code", "pack_quantity")


class OnShelf(admin.SimpleListFilter):
    """Categories of the person's own shops; a shop's name beside them when there is more than one."""

    title = "category"
    parameter_name = "shelf"
    MOST = 100

    def lookups(self, request: HttpRequest, model_admin: HouseAdmin) -> list[tuple[int, str]]:
        mine = model_admin.admin_site.get_model_admin(Category).get_queryset(request)
        rows = list(mine.order_by("name", "pk").values_list("pk", "name", "shop__name")[: self.MOST])
        several = len({shop for _, _, shop in rows}) > 1
        return [(pk, f"{name}, {shop}" if several else name) for pk, name, shop in rows]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        chosen = {str(pk): pk for pk, _ in self.lookup_choices}.get(self.value() or "")
        return queryset if chosen is None else queryset.filter(category=chosen)


@admin.register(Product)
class ProductAdmin(LongTable, HouseAdmin):
    """Saved through the same service as the product page; taken off sale, never deleted."""

    acts = owners_may = KEEP
    ordering = ("-pk",)
    list_display = ("name", "sku", "shop", "category", "unit", "mrp", "price", "cost", "is_active")
    list_filter = (ShopFilter, OnShelf, "is_active", "loose", "perishable", "unit")
    list_select_related = ("shop", "category")
    search_fields = ("search_text",)
    search_help_text = "Words of the name, SKU, PLU or barcode, in any order"
    autocomplete_fields = ("shop", "category", "gst_goods")
    readonly_fields = ("changed_by", "created_at", "updated_at")
    inlines = (BarcodeInline,)
    fieldsets = (
        (None, {"fields": ("shop", ("name", "local_name"), "search_words", ("sku", "unit"), ("category", "subcategory"))}),
        ("In the shop", {"fields": (("shelf", "is_active"),)}),
        ("Prices, rupees a unit", {"fields": (("mrp", "price", "cost"),)}),
        ("Tax", {"fields": ("gst_goods", "hsn")}),
        ("Stock", {"fields": (("min_stock", "max_stock", "reorder_quantity"), "perishable")}),
        ("At the counter", {"fields": ("loose", "plu")}),
        ("Last changed", {"fields": (("changed_by", "updated_at", "created_at"),)}),
    )

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).defer("search_text", "search_vector")

    def get_search_results(self, request: HttpRequest, queryset: models.QuerySet, search_term: str):
        """Every word somewhere in what the product is found by, whatever their order, case and accents."""
        found = words(search_term)
        if search_term.strip() and not found:
            return queryset.none(), False
        return queryset.filter(Q(*(Q(search_text__contains=word) for word in found))), False

    def get_form(self, request: HttpRequest, obj: Product | None = None, change: bool = False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if "sku" in form.base_fields:
            form.base_fields["sku"].required = False
            form.base_fields["sku"].help_text = "Left empty, the next free number."
        return form

    def save_model(self, request: HttpRequest, obj: Product, form: HouseForm, change: bool) -> None:
        """Written in `save_related`, in one act with its barcodes."""

    def save_related(self, request: HttpRequest, form: HouseForm, formsets: list, change: bool) -> None:
        codes = [code for formset in formsets for code in codes_of(formset)]
        fields = {"name", "price", "gst_goods", *form.changed_data} if change else set(form.cleaned_data)
        saved = save_product(
            shop=form.instance.shop,
            by=request.user,
            product=Product.objects.get(pk=form.instance.pk) if change else None,  # the row as it is: the service compares
            barcodes=codes,
            **{name: form.cleaned_data[name] for name in fields - {"shop"}},
        )
        saved_as(form.instance, saved)


def codes_of(formset: forms.BaseInlineFormSet) -> list[tuple[str, object]]:
    """All (code, pieces) that stand after the formset; `save(commit=False)` notes for the admin's log what is new or gone."""
    formset.save(commit=False)
    rows = [f.cleaned_data for f in formset.forms if f.cleaned_data.get("code") and not f.cleaned_data.get("DELETE")]
    codes = [row["code"] for row in rows]
    for code in codes:
        if codes.count(code) > 1:
            raise CatalogError("barcode_twice", f"The barcode {code} stands there twice.", "barcodes")
    return [(row["code"], row["pack_quantity"]) for row in rows]


@admin.register(Barcode)
class BarcodeAdmin(LongReadOnlyAdmin):
    """To find whose a code is. Codes are changed on their product's page."""

    list_display = ("code", "product", "pack_quantity", "shop")
    list_filter = (ShopFilter,)
    list_select_related = ("product", "shop")
    search_fields = ("code__startswith",)
    search_help_text = "The first digits of the code"


@admin.register(PriceChange)
class PriceChangeAdmin(LongReadOnlyAdmin):
    """Written by the database itself at every change."""

    list_display = ("at", "product", "old_price", "price", "old_mrp", "mrp", "old_cost", "cost", "changed_by", "shop")
    list_filter = (ShopFilter, "at")
    list_select_related = ("product", "changed_by", "shop")
    search_fields = ("product__name", "product__sku")


@admin.register(ImportJob)
class ImportJobAdmin(ReadOnlyAdmin):
    """Files of products that came in. The file's own content is not loaded here."""

    exclude = ("content", "problems", "sample", "headers", "mapping")
    list_display = ("filename", "shop", "by", "status", "rows_total", "rows_new", "rows_changed", "created_at")
    list_filter = (ShopFilter, "status", "created_at")
    list_select_related = ("shop", "by")
    search_fields = ("filename",)
    date_hierarchy = "created_at"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).defer(*self.exclude)


# --- the counter ----------------------------------------------------------------------------------------------
@admin.register(LabelFormat)
class LabelFormatAdmin(HouseAdmin):
    """How a shop's scales print labels; the rules are the database's. The page in Settings shows what they look like and tries them."""

    acts = owners_may = FULL
    list_display = ("position", "name", "shop", "prefix", "item_digits", "value_digits", "holds", "decimals", "own_check", "is_active")
    list_display_links = ("name",)
    list_filter = (ShopFilter, "holds", "is_active")
    list_select_related = ("shop",)
    search_fields = ("name", "prefix__startswith")
    autocomplete_fields = ("shop",)
    ordering = ("shop", "position")


@admin.register(Favourite)
class FavouriteAdmin(HouseAdmin):
    """Which goods have a tile at the counter, and in which place."""

    acts = owners_may = FULL
    fixed = ("shop", "product")
    list_display = ("position", "product", "shop")
    list_display_links = ("product",)
    list_filter = (ShopFilter,)
    list_select_related = ("product", "shop")
    search_fields = ("product__name", "product__sku")
    autocomplete_fields = ("shop", "product")
    ordering = ("shop", "position")
