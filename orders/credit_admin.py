"""Admin of credit notes: read here, never altered; goods are taken back on the bill's own page."""

from __future__ import annotations

import json

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html

from orders.credit_models import CreditNote, CreditNoteLine
from orders.models import Payment
from smartkirana.admin_tools import LongReadOnlyAdmin, ReadOnlyInline, ShopFilter


class CreditLineInline(ReadOnlyInline):
    model = CreditNoteLine
    fields = ("line_no", "name", "quantity", "unit", "where", "rate", "taxable", "total", "cost")
    ordering = ("line_no",)


class RefundInline(ReadOnlyInline):
    model = Payment
    fields = ("method", "amount", "reference", "by", "at")
    verbose_name_plural = "given back"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).select_related("by")


@admin.register(CreditNote)
class CreditNoteAdmin(LongReadOnlyAdmin):
    """Every credit note with its lines and what was given back."""

    list_display = ("number", "at", "order", "customer", "total", "commercial", "by", "counter", "shop")
    list_filter = (ShopFilter, "commercial", "day")
    list_select_related = ("order", "customer", "by", "counter", "shop")
    search_fields = ("number__startswith", "order__bill_number__startswith")
    search_help_text = "The beginning of the number of a note or of its bill"
    inlines = (CreditLineInline, RefundInline)
    exclude = ("printed",)
    readonly_fields = ("as_printed",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).defer("printed")

    @admin.display(description="as printed")
    def as_printed(self, note: CreditNote) -> str:
        return format_html("<pre>{}</pre>", json.dumps(note.printed, ensure_ascii=False, indent=2))


@admin.register(CreditNoteLine)
class CreditNoteLineAdmin(LongReadOnlyAdmin):
    """What came back, line by line, and where it went."""

    list_display = ("credit_note", "line_no", "name", "quantity", "unit", "where", "rate", "taxable", "total", "cost", "shop")
    list_filter = (ShopFilter, "where", "supply_class")
    list_select_related = ("credit_note", "shop")
    search_fields = ("name", "hsn__startswith")
