"""Admin of what happens at the counters besides the bills: read here, never altered."""

from __future__ import annotations

import json

from django.contrib import admin
from django.utils.html import format_html

from orders.shift_models import DrawerEvent, Shift
from orders.till_models import Approval, TillEvent
from smartkirana.admin_tools import LongReadOnlyAdmin, ShopFilter


@admin.register(Approval)
class ApprovalAdmin(LongReadOnlyAdmin):
    """What was let pass for which bill, by whose PIN, and why."""

    list_display = ("at", "approved_by", "asked_by", "percent", "rate", "khata", "take_back", "unpaid", "reason", "counter", "shop")
    list_filter = (ShopFilter, "rate", "at")
    list_select_related = ("approved_by__user", "approved_by__shop", "asked_by", "counter", "shop")
    search_fields = ("reason", "approved_by__user__name", "asked_by__name")


@admin.register(TillEvent)
class TillEventAdmin(LongReadOnlyAdmin):
    """The counter's log of every shop; owners and managers read theirs on its own page, with sums by person."""

    exclude = ("details",)
    readonly_fields = ("what_else",)
    list_display = ("at", "kind", "by", "signed_in", "amount", "reason", "counter", "shop")
    list_filter = (ShopFilter, "kind", "day")
    list_select_related = ("by", "signed_in", "counter", "shop")
    search_fields = ("reason", "by__name")

    @admin.display(description="details")
    def what_else(self, event: TillEvent) -> str:
        return format_html("<pre>{}</pre>", json.dumps(event.details, ensure_ascii=False, indent=2))


@admin.register(Shift)
class ShiftAdmin(LongReadOnlyAdmin):
    """Whose shift it was, from when to when. What was counted stands among the drawer events."""

    list_display = ("opened_at", "closed_at", "counter", "cashier", "shop")
    list_filter = (ShopFilter, "opened_at")
    list_select_related = ("counter", "cashier", "shop")
    search_fields = ("cashier__name",)


@admin.register(DrawerEvent)
class DrawerEventAdmin(LongReadOnlyAdmin):
    """Cash counted, put in and taken out."""

    exclude = ("notes", "request_key")
    readonly_fields = ("pieces",)
    list_display = ("at", "kind", "reason", "counter", "amount", "difference", "safe", "words", "by", "shop")
    list_filter = (ShopFilter, "kind", "reason", "day")
    list_select_related = ("counter", "by", "shop")
    search_fields = ("words", "by__name")

    @admin.display(description="notes and coins")
    def pieces(self, event: DrawerEvent) -> str:
        return ", ".join(f"₹ {worth} × {many}" for worth, many in event.notes.items()) or "–"
