"""Admin of the codes by SMS, for the people who run the installation."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from shops.models import SignInCode
from smartkirana.admin_tools import LongReadOnlyAdmin


@admin.register(SignInCode)
class SignInCodeAdmin(LongReadOnlyAdmin):
    """Who asked for a code, and whether it went out. The hash is no column and no filter; what it stands for is known to nobody here."""

    owners_may = frozenset()
    exclude = ("code_hash",)
    list_display = ("phone", "purpose", "shop", "made_at", "sent_at", "tries", "used_at")
    list_filter = ("purpose", ("sent_at", admin.EmptyFieldListFilter), ("used_at", admin.EmptyFieldListFilter))
    list_select_related = ("shop",)
    search_fields = ("phone",)

    def lookup_allowed(self, lookup: str, value: object, request: HttpRequest) -> bool:
        return not lookup.startswith("code_hash") and super().lookup_allowed(lookup, value, request)
