"""Admin of stock: lots, the movements they are the sum of, and the papers behind them. All of it is read here, none written."""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from inventory import bill_file_admin, count_admin, purchase_admin  # noqa: F401  (they register their own tables)
from inventory.models import (
    LotPriceChange,
    PaceDay,
    Recipe,
    RecipePart,
    Repack,
    SalesPace,
    StockDocument,
    StockEvent,
    StockLot,
    StockMovement,
)
from smartkirana.admin_tools import LongReadOnlyAdmin, ReadOnlyAdmin, ReadOnlyInline, ShopFilter


class BelowZero(admin.SimpleListFilter):
    """Lots by what is in them."""

    title = "in stock"
    parameter_name = "holds"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("some", "Something"), ("none", "Nothing"), ("under", "Below zero")]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        holds = {"some": {"on_hand__gt": 0}, "none": {"on_hand": 0}, "under": {"on_hand__lt": 0}}.get(self.value() or "")
        return queryset.filter(**holds) if holds else queryset


class MovementInline(ReadOnlyInline):
    model = StockMovement
    fields = ("at", "reason", "quantity", "unit_cost", "value", "by")
    verbose_name_plural = "movements, the newest first"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).select_related("by").order_by("-pk")


@admin.register(StockLot)
class StockLotAdmin(LongReadOnlyAdmin):
    list_display = ("product", "batch", "expiry", "mrp", "unit_cost", "on_hand", "value", "created_at", "shop")
    list_filter = (ShopFilter, BelowZero, "expiry")
    list_select_related = ("product", "shop")
    search_fields = ("product__name", "product__sku", "batch")
    inlines = (MovementInline,)


class EventInline(ReadOnlyInline):
    model = StockEvent
    fields = ("kind", "by", "at")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).select_related("by")


@admin.register(StockDocument)
class StockDocumentAdmin(LongReadOnlyAdmin):
    list_display = ("day", "kind", "reason", "note", "by", "at", "shop")
    list_filter = (ShopFilter, "kind", "reason", "day")
    list_select_related = ("by", "shop")
    search_fields = ("note",)
    date_hierarchy = "day"
    inlines = (EventInline,)


@admin.register(StockMovement)
class StockMovementAdmin(LongReadOnlyAdmin):
    list_display = ("at", "product", "lot", "reason", "quantity", "unit_cost", "value", "by", "shop")
    list_filter = (ShopFilter, "reason", "document", "at")
    list_select_related = ("product", "lot", "by", "shop")
    search_fields = ("product__name", "product__sku")


@admin.register(StockEvent)
class StockEventAdmin(LongReadOnlyAdmin):
    list_display = ("at", "kind", "stock_document", "by", "shop")
    list_filter = (ShopFilter, "kind", "at")
    list_select_related = ("stock_document", "by", "shop")


@admin.register(SalesPace)
class SalesPaceAdmin(LongReadOnlyAdmin):
    list_display = ("product", "sold_28", "days", "per_day", "supplier", "shop")
    list_filter = (ShopFilter,)
    list_select_related = ("product", "supplier", "shop")
    search_fields = ("product__name", "product__sku")


@admin.register(PaceDay)
class PaceDayAdmin(LongReadOnlyAdmin):
    list_display = ("shop", "computed_on")
    list_filter = (ShopFilter,)
    list_select_related = ("shop",)


@admin.register(LotPriceChange)
class LotPriceChangeAdmin(LongReadOnlyAdmin):
    list_display = ("at", "lot", "old_price", "price", "by", "shop")
    list_filter = (ShopFilter, "at")
    list_select_related = ("lot", "by", "shop")
    search_fields = ("lot__batch", "lot__product__name")


# --- packing --------------------------------------------------------------------------------------------------
class PartInline(ReadOnlyInline):
    model = RecipePart
    fields = ("side", "product", "quantity")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).select_related("product")


@admin.register(Recipe)
class RecipeAdmin(ReadOnlyAdmin):
    list_display = ("name", "kind", "is_active", "changed_by", "updated_at", "shop")
    list_filter = (ShopFilter, "kind", "is_active")
    list_select_related = ("changed_by", "shop")
    search_fields = ("name", "note")
    inlines = (PartInline,)


@admin.register(RecipePart)
class RecipePartAdmin(ReadOnlyAdmin):
    list_display = ("recipe", "side", "product", "quantity", "shop")
    list_filter = (ShopFilter, "side")
    list_select_related = ("recipe", "product", "shop")
    search_fields = ("recipe__name", "product__name")


@admin.register(Repack)
class RepackAdmin(LongReadOnlyAdmin):
    list_display = ("document", "kind", "recipe", "packing_cost", "value_taken", "value_made", "shop")
    list_filter = (ShopFilter, "kind")
    list_select_related = ("document", "recipe", "shop")
    search_fields = ("recipe__name", "document__note")
