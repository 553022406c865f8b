"""Admin of the books. What is posted stays; a platform admin may put an account's name right."""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from ledger import bank_admin  # noqa: F401  (registers itself)
from ledger.models import Account, DayClose, JournalEntry, Posting
from smartkirana.admin_tools import EDIT, READ, HouseAdmin, HouseForm, LongReadOnlyAdmin, ReadOnlyInline, ShopFilter


@admin.register(Account)
class AccountAdmin(HouseAdmin):
    """The chart of each shop, as it was opened with the shop. Code, type and place are what the postings rely on."""

    acts = EDIT
    owners_may = READ
    fixed = ("shop", "code", "type", "parent", "is_active")
    fields = ("shop", "code", "name", "type", "parent", "description", "is_active")
    list_display = ("code", "name", "type", "parent", "is_active", "shop")
    list_filter = (ShopFilter, "type", "is_active")
    list_select_related = ("parent", "shop")
    search_fields = ("code__startswith", "name")
    ordering = ("code", "pk")
    list_per_page = 100  # the whole chart at a look

    def save_model(self, request: HttpRequest, obj: Account, form: HouseForm, change: bool) -> None:
        obj.save(update_fields=form.changed_data)


class PostingInline(ReadOnlyInline):
    model = Posting
    fields = ("account", "customer", "debit", "credit")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).select_related("account", "customer")


@admin.register(JournalEntry)
class JournalEntryAdmin(LongReadOnlyAdmin):
    list_display = ("date", "narration", "source_kind", "source_id", "reverses", "created_at", "shop")
    list_filter = (ShopFilter, "source_kind", "date")
    list_select_related = ("reverses", "shop")
    search_fields = ("narration",)
    inlines = (PostingInline,)


@admin.register(Posting)
class PostingAdmin(LongReadOnlyAdmin):
    list_display = ("date", "entry", "account", "customer", "debit", "credit", "shop")
    list_filter = (ShopFilter, "account__type", "date")
    list_select_related = ("entry", "account", "customer", "shop")
    search_fields = ("entry__narration", "account__code__startswith")


@admin.register(DayClose)
class DayCloseAdmin(LongReadOnlyAdmin):
    """Closed days. Their Z reports are read on the shop's own pages."""

    exclude = ("figures",)
    list_display = ("day", "number", "entries", "short_seal", "by", "at", "shop")
    list_filter = (ShopFilter, "day")
    list_select_related = ("by", "shop")
    search_fields = ("seal__startswith",)
