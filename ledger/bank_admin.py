"""Admin of the bank's files. All of it is read here; pages of the shop write it."""

from __future__ import annotations

from django.contrib import admin

from ledger.models import BankFile, BankLayout, BankLine, BankMatch, BankStatement
from smartkirana.admin_tools import LongReadOnlyAdmin, ReadOnlyAdmin, ShopFilter


@admin.register(BankFile)
class BankFileAdmin(ReadOnlyAdmin):
    list_display = ("filename", "source", "account", "by", "created_at", "shop")
    list_filter = (ShopFilter, "source")
    list_select_related = ("by", "shop")
    search_fields = ("filename", "account")
    fields = ("shop", "by", "filename", "source", "account", "headings", "mapping", "created_at")


@admin.register(BankLayout)
class BankLayoutAdmin(ReadOnlyAdmin):
    list_display = ("account", "source", "changed_by", "changed_at", "shop")
    list_filter = (ShopFilter, "source")
    list_select_related = ("changed_by", "shop")
    search_fields = ("account",)


@admin.register(BankStatement)
class BankStatementAdmin(LongReadOnlyAdmin):
    list_display = ("account", "filename", "first_day", "last_day", "read", "known", "by", "at", "shop")
    list_filter = (ShopFilter, "source")
    list_select_related = ("by", "shop")
    search_fields = ("account", "filename")


@admin.register(BankLine)
class BankLineAdmin(LongReadOnlyAdmin):
    list_display = ("day", "amount", "charge", "net", "reference", "state", "statement", "payment", "shop")
    list_filter = (ShopFilter, "state")
    list_select_related = ("statement", "payment", "shop")
    search_fields = ("reference", "text")


@admin.register(BankMatch)
class BankMatchAdmin(LongReadOnlyAdmin):
    list_display = ("at", "kind", "line", "payment", "charge", "reason", "by", "shop")
    list_filter = (ShopFilter, "kind")
    list_select_related = ("line", "payment", "by", "shop")
    search_fields = ("reason", "line__reference")
