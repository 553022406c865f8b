"""Admin of stock: lots, the movements they are the sum of, and the papers behind them. All of it is read here, none written."""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from inventory import count_admin, purchase_admin  # noqa: F401  (each registers its own tables)
from inventory.models import StockDocument, StockEvent, StockLot, StockMovement
from smartkirana.admin_tools import LongReadOnlyAdmin, ReadOnlyInline, ShopFilter


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
