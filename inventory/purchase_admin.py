"""Admin of suppliers, their accounts and their bills. All of it is read here; pages of the shop write it."""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from inventory.models import (
    GoodsReceipt,
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseReturn,
    PurchaseReturnLine,
    ReceiptLine,
    Settlement,
    Supplier,
    SupplierEntry,
    SupplierPayment,
)
from smartkirana.admin_tools import LongReadOnlyAdmin, ReadOnlyAdmin, ReadOnlyInline, ShopFilter


class StillOpen(admin.SimpleListFilter):
    """Papers by what is open of them."""

    title = "settled"
    parameter_name = "settled"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("no", "Open bill"), ("spare", "Paid ahead"), ("yes", "Settled")]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        still = {"no": {"open__gt": 0}, "spare": {"open__lt": 0}, "yes": {"open": 0}}.get(self.value() or "")
        return queryset.filter(**still) if still else queryset


# --- whom one buys from ---------------------------------------------------------------------------------------
@admin.register(Supplier)
class SupplierAdmin(ReadOnlyAdmin):
    list_display = ("name", "phone", "gstin", "balance", "due_days", "is_active", "shop")
    list_filter = (ShopFilter, "is_active", "composition")
    list_select_related = ("shop",)
    search_fields = ("name", "phone", "gstin")


class SettlesInline(ReadOnlyInline):
    model = Settlement
    fk_name = "paid"
    fields = ("bill", "amount", "document")
    verbose_name_plural = "bills it settled"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).select_related("bill", "document")


class SettledByInline(ReadOnlyInline):
    model = Settlement
    fk_name = "bill"
    fields = ("paid", "amount", "document")
    verbose_name_plural = "settled by"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).select_related("paid", "document")


@admin.register(SupplierEntry)
class SupplierEntryAdmin(LongReadOnlyAdmin):
    list_display = ("day", "number", "supplier", "document", "amount", "open", "due", "shop")
    list_filter = (ShopFilter, StillOpen, "day")
    list_select_related = ("supplier", "document", "shop")
    search_fields = ("number__startswith", "supplier__name")
    inlines = (SettlesInline, SettledByInline)


@admin.register(Settlement)
class SettlementAdmin(LongReadOnlyAdmin):
    list_display = ("document", "supplier", "bill", "paid", "amount", "shop")
    list_filter = (ShopFilter,)
    list_select_related = ("document", "supplier", "bill", "paid", "shop")
    search_fields = ("bill__number__startswith", "paid__number__startswith", "supplier__name")


@admin.register(SupplierPayment)
class SupplierPaymentAdmin(LongReadOnlyAdmin):
    list_display = ("document", "method", "amount", "discount", "reference", "shop")
    list_filter = (ShopFilter, "method")
    list_select_related = ("document", "shop")
    search_fields = ("reference",)


# --- their bills ----------------------------------------------------------------------------------------------
class ReceiptLineInline(ReadOnlyInline):
    model = ReceiptLine
    fields = ("line_no", "name", "hsn", "packs", "pack_size", "free", "price", "taxable", "gst_rate", "cost", "batch", "expiry")
    ordering = ("line_no",)


@admin.register(GoodsReceipt)
class GoodsReceiptAdmin(LongReadOnlyAdmin):
    list_display = ("bill_number", "bill_date", "supplier", "taxable", "total", "cost", "order", "document", "shop")
    list_filter = (ShopFilter, "inter_state", "reverse_charge", "bill_date")
    list_select_related = ("supplier", "order", "document", "shop")
    search_fields = ("bill_number__startswith", "supplier__name")
    inlines = (ReceiptLineInline,)


@admin.register(ReceiptLine)
class ReceiptLineAdmin(LongReadOnlyAdmin):
    list_display = ("receipt", "line_no", "name", "quantity", "price", "taxable", "gst_rate", "cost", "unit_cost", "shop")
    list_filter = (ShopFilter, "credit")
    list_select_related = ("receipt", "shop")
    search_fields = ("name", "batch")


class ReturnLineInline(ReadOnlyInline):
    model = PurchaseReturnLine
    fields = ("receipt_line", "quantity", "taxable", "cgst", "sgst", "igst", "cess", "value")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).select_related("receipt_line")


@admin.register(PurchaseReturn)
class PurchaseReturnAdmin(LongReadOnlyAdmin):
    list_display = ("document", "receipt", "taxable", "total", "value", "shop")
    list_filter = (ShopFilter,)
    list_select_related = ("document", "receipt", "shop")
    search_fields = ("receipt__bill_number__startswith",)
    inlines = (ReturnLineInline,)


@admin.register(PurchaseReturnLine)
class PurchaseReturnLineAdmin(LongReadOnlyAdmin):
    list_display = ("purchase_return", "receipt_line", "quantity", "taxable", "value", "shop")
    list_filter = (ShopFilter,)
    list_select_related = ("purchase_return", "receipt_line", "shop")
    search_fields = ("receipt_line__name",)


# --- what was asked of them -----------------------------------------------------------------------------------
class OrderLineInline(ReadOnlyInline):
    model = PurchaseOrderLine
    fields = ("name", "packs", "pack_size", "quantity", "cost", "received")


@admin.register(PurchaseOrder)
class PurchaseOrderAdmin(LongReadOnlyAdmin):
    list_display = ("number", "supplier", "status", "expected", "by", "at", "sent_at", "closed_at", "shop")
    list_filter = (ShopFilter, "status", "at")
    list_select_related = ("supplier", "by", "shop")
    search_fields = ("number__startswith", "supplier__name")
    inlines = (OrderLineInline,)


@admin.register(PurchaseOrderLine)
class PurchaseOrderLineAdmin(LongReadOnlyAdmin):
    list_display = ("order", "name", "packs", "pack_size", "quantity", "cost", "received", "shop")
    list_filter = (ShopFilter,)
    list_select_related = ("order", "shop")
    search_fields = ("name", "order__number__startswith")
