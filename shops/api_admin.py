"""Admin of keys, webhooks and what the API keeps: to read. Keys and secrets are nobody's to see."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from shops.models import ApiAnswer, ApiKey, Rate, Webhook, WebhookDelivery
from smartkirana.admin_tools import LongReadOnlyAdmin, ReadOnlyAdmin, ShopFilter


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnlyAdmin):
    """Keys are made and revoked on the shop's own page. The hash is no column and no filter."""

    exclude = ("hash",)
    list_display = ("name", "start", "made_by", "made_at", "last_used_on", "revoked_at", "shop")
    list_filter = (ShopFilter, ("revoked_at", admin.EmptyFieldListFilter))
    list_select_related = ("made_by", "shop")
    search_fields = ("name", "start__startswith")
    ordering = ("-pk",)

    def lookup_allowed(self, lookup: str, value: object, request: HttpRequest) -> bool:
        return not lookup.startswith("hash") and super().lookup_allowed(lookup, value, request)


@admin.register(Webhook)
class WebhookAdmin(ReadOnlyAdmin):
    """Webhooks are made and changed on the shop's own page. The secret is no column and no filter."""

    exclude = ("secret",)
    list_display = ("url", "active", "made_by", "made_at", "shop")
    list_filter = (ShopFilter, "active")
    list_select_related = ("made_by", "shop")
    search_fields = ("url",)
    ordering = ("-pk",)

    def lookup_allowed(self, lookup: str, value: object, request: HttpRequest) -> bool:
        return not lookup.startswith("secret") and super().lookup_allowed(lookup, value, request)


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(LongReadOnlyAdmin):
    list_display = ("made_at", "kind", "webhook", "state", "tries", "answer_code", "next_try_at", "shop")
    list_filter = (ShopFilter, "state", "kind")
    list_select_related = ("webhook", "shop")
    search_fields = ("webhook__url",)

    def lookup_allowed(self, lookup: str, value: object, request: HttpRequest) -> bool:
        return not lookup.startswith("webhook__secret") and super().lookup_allowed(lookup, value, request)


@admin.register(ApiAnswer)
class ApiAnswerAdmin(LongReadOnlyAdmin):
    """Which requests with an Idempotency-Key were answered. What the answer was is for the caller alone."""

    owners_may = frozenset()
    exclude = ("body", "asked")
    list_display = ("at", "key", "user", "status", "shop")
    list_filter = (ShopFilter, "status")
    list_select_related = ("user", "shop")
    search_fields = ("key__iexact",)

    def lookup_allowed(self, lookup: str, value: object, request: HttpRequest) -> bool:
        return not lookup.startswith(("body", "asked")) and super().lookup_allowed(lookup, value, request)


@admin.register(Rate)
class RateAdmin(LongReadOnlyAdmin):
    """How often something was tried of late. Of no shop, so for platform admins alone."""

    owners_may = frozenset()
    to_shop = ""
    list_display = ("key", "tries", "until")
    list_filter = ("until",)
    search_fields = ("key__startswith",)
    ordering = ("-until",)
