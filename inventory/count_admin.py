"""Admin of stock takes. All of it is read here; pages of the shop write it."""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from inventory.models import CountedLot, CountEntry, Recount, StockTake
from smartkirana.admin_tools import LongReadOnlyAdmin, ReadOnlyAdmin, ReadOnlyInline, ShopFilter


class RecountInline(ReadOnlyInline):
    model = Recount
    fields = ("product", "round", "by", "at")
    verbose_name_plural = "counted again"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).select_related("product", "by")


@admin.register(StockTake)
class StockTakeAdmin(ReadOnlyAdmin):
    list_display = ("number", "name", "category", "shelf", "words", "status", "opened_by", "opened_at", "decided_by", "decided_at", "shop")
    list_filter = (ShopFilter, "status")
    list_select_related = ("category", "opened_by", "decided_by", "shop")
    search_fields = ("name", "words", "shelf")
    ordering = ("-pk",)
    inlines = (RecountInline,)


class CountedLotInline(ReadOnlyInline):
    model = CountedLot
    fields = ("lot", "book")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).select_related("lot")


@admin.register(CountEntry)
class CountEntryAdmin(LongReadOnlyAdmin):
    list_display = ("at", "product", "lot", "quantity", "book", "round", "take", "by", "shop")
    list_filter = (ShopFilter, "at")
    list_select_related = ("product", "lot", "take", "by", "shop")
    search_fields = ("product__name", "product__sku")
    inlines = (CountedLotInline,)


@admin.register(Recount)
class RecountAdmin(LongReadOnlyAdmin):
    list_display = ("at", "product", "round", "take", "by", "shop")
    list_filter = (ShopFilter,)
    list_select_related = ("product", "take", "by", "shop")


@admin.register(CountedLot)
class CountedLotAdmin(LongReadOnlyAdmin):
    list_display = ("entry", "product", "lot", "book", "shop")
    list_filter = (ShopFilter,)
    list_select_related = ("entry", "product", "lot", "shop")
