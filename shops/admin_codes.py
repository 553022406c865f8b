"""Admin of codes by SMS and of second steps, for the people who run the installation."""

from __future__ import annotations

import allauth.mfa.admin
from allauth.mfa.base.internal.flows import delete_and_cleanup
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from shops.models import SignInCode
from smartkirana.admin_tools import READ, LongReadOnlyAdmin

assert allauth.mfa.admin  # registers first, so that ours can take its place


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


admin.site.unregister(Authenticator)  # its own page would show the secrets


@admin.register(Authenticator)
class AuthenticatorAdmin(LongReadOnlyAdmin):
    """Who has an authenticator app, passkeys, recovery codes. Deleting them lets a person in who lost all of them: make sure who asks."""

    acts = READ | {"delete"}
    owners_may = frozenset()
    to_shop = ""
    exclude = ("data",)
    list_display = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type",)
    list_select_related = ("user",)
    search_fields = ("user__name", "user__phone")

    def lookup_allowed(self, lookup: str, value: object, request: HttpRequest) -> bool:
        return not lookup.startswith("data") and super().lookup_allowed(lookup, value, request)

    def delete_model(self, request: HttpRequest, obj: Authenticator) -> None:
        delete_and_cleanup(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        for one in queryset.select_related("user"):
            delete_and_cleanup(request, one)
