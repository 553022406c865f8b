"""Admin of the khata: entries are read here, they are written on the khata's own pages."""

from __future__ import annotations

from django.contrib import admin

from orders.models import KhataDispute, KhataEntry, KhataMember, KhataReminder, KhataSettlement
from smartkirana.admin_tools import LongReadOnlyAdmin, ShopFilter


@admin.register(KhataEntry)
class KhataEntryAdmin(LongReadOnlyAdmin):
    """Numbered entries with their check codes."""

    list_display = ("customer", "number", "kind", "amount", "balance", "open", "day", "short_code", "by", "shop")
    list_filter = (ShopFilter, "kind", "day")
    list_select_related = ("customer", "by", "shop")
    search_fields = ("customer__name", "customer__phone", "receipt")


@admin.register(KhataSettlement)
class KhataSettlementAdmin(LongReadOnlyAdmin):
    """Which payment met which debt."""

    list_display = ("customer", "owed", "paid", "amount", "because", "shop")
    list_filter = (ShopFilter,)
    list_select_related = ("customer", "owed", "paid", "because", "shop")
    search_fields = ("customer__name", "customer__phone")


@admin.register(KhataMember)
class KhataMemberAdmin(LongReadOnlyAdmin):
    """Households."""

    list_display = ("name", "customer", "limit", "is_active", "shop")
    list_filter = (ShopFilter, "is_active")
    list_select_related = ("customer", "shop")
    search_fields = ("name", "customer__name", "customer__phone")


@admin.register(KhataDispute)
class KhataDisputeAdmin(LongReadOnlyAdmin):
    """What customers do not agree with, and how it was settled."""

    list_display = ("at", "customer", "entry", "words", "settled_at", "settled_by", "answer", "shop")
    list_filter = (ShopFilter, "settled_at")
    list_select_related = ("customer", "entry", "settled_by", "shop")
    search_fields = ("customer__name", "customer__phone", "words", "answer")


@admin.register(KhataReminder)
class KhataReminderAdmin(LongReadOnlyAdmin):
    """Who was reminded of what, when and how."""

    list_display = ("at", "customer", "way", "amount", "by", "shop")
    list_filter = (ShopFilter, "way", "at")
    list_select_related = ("customer", "by", "shop")
    search_fields = ("customer__name", "customer__phone")
