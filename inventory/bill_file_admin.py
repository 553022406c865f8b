"""Admin of suppliers' bills that came as files. All of it is read here; pages of the shop write it."""

from __future__ import annotations

from django.contrib import admin

from inventory.models import BillFile, BillFileMapping, SupplierItem
from smartkirana.admin_tools import LongReadOnlyAdmin, ReadOnlyAdmin, ShopFilter


@admin.register(BillFile)
class BillFileAdmin(ReadOnlyAdmin):
    list_display = ("filename", "supplier", "by", "created_at", "shop")
    list_filter = (ShopFilter,)
    list_select_related = ("supplier", "by", "shop")
    search_fields = ("filename", "supplier__name")
    fields = ("shop", "supplier", "by", "filename", "headings", "about", "mapping", "inclusive", "created_at")


@admin.register(BillFileMapping)
class BillFileMappingAdmin(ReadOnlyAdmin):
    list_display = ("supplier", "changed_by", "changed_at", "shop")
    list_filter = (ShopFilter,)
    list_select_related = ("supplier", "changed_by", "shop")
    search_fields = ("supplier__name",)


@admin.register(SupplierItem)
class SupplierItemAdmin(LongReadOnlyAdmin):
    list_display = ("said", "supplier", "product", "pack_size", "changed_at", "shop")
    list_filter = (ShopFilter, "kind")
    list_select_related = ("supplier", "product", "shop")
    search_fields = ("said", "supplier__name", "product__name")
