"""Admin of shops, their counters and people, and where people are signed in."""

from __future__ import annotations

import allauth.account.admin
import allauth.usersessions.admin
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db import models
from django.http import HttpRequest

from shops import admin_codes, api_admin, services
from shops.devices import device_words
from shops.forms import NameField, ShopForm
from shops.limits import Limits, change_limits
from shops.models import Counter, CounterLimits, Invitation, Membership, Notice, NumberSeries, Pin, Shop, User
from shops.pins import clear_pin
from smartkirana.admin_tools import (
    EDIT,
    KEEP,
    READ,
    HouseAdmin,
    HouseForm,
    LongReadOnlyAdmin,
    LongTable,
    ReadOnlyAdmin,
    ReadOnlyInline,
    ShopFilter,
    owned_shops,
    saved_as,
)

assert allauth.account.admin  # both register first, so that ours can take their place
assert allauth.usersessions.admin
assert admin_codes  # registers its own, as the next does
assert api_admin
admin.site.unregister(UserSession)
admin.site.unregister(EmailAddress)  # people sign in by phone; an address is a field of theirs
admin.site.unregister(Group)  # rights go by role in a shop, not by groups


# --- shops and counters ---------------------------------------------------------------------------------------
class CounterInline(ReadOnlyInline):
    model = Counter
    fields = ("code", "name", "paper", "printer", "is_active")


class MembershipInline(ReadOnlyInline):
    model = Membership
    fk_name = "shop"
    fields = ("user", "role", "is_active", "created_at")
    verbose_name_plural = "people"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).select_related("user", "shop").order_by("-is_active", "pk")


class PlaceInline(ReadOnlyInline):
    """The shops a person works in; of these an owner sees their own."""

    model = Membership
    fk_name = "user"
    fields = ("shop", "role", "is_active", "created_at")
    verbose_name_plural = "works in"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).select_related("user", "shop").order_by("-is_active", "pk")


class AdminShopForm(HouseForm, ShopForm):
    """The settings page's form; a new shop also says who owns it."""

    owner = forms.ModelChoiceField(User.objects.all(), required=False, help_text="Its first owner, who can then invite others.")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if "owner" in self.fields:
            self.fields["owner"].required = True


@admin.register(Shop)
class ShopAdmin(HouseAdmin):
    """A shop is opened here with its counter, owner and books; it is closed by taking away "open", never deleted."""

    to_shop = "pk"
    acts = KEEP
    owners_may = EDIT
    form = AdminShopForm
    fixed = ()
    list_display = ("name", "slug", "city", "scheme", "gstin", "is_active", "created_at")
    list_filter = ("is_active", "scheme")
    search_fields = ("name", "local_name", "slug", "gstin", "city", "pincode")
    ordering = ("name", "pk")
    inlines = (CounterInline, MembershipInline)
    fieldsets = (
        (None, {"fields": ("name", "local_name", "slug", "address", "city", "pincode", "state_code", "phone", "is_active", "created_at")}),
        ("Tax", {"fields": ("scheme", "gstin", "pan", "fssai")}),
        ("Paying and printing", {"fields": ("upi_id", "upi_name", "rounding", "language", "receipt_footer")}),
        ("Khata reminders", {"fields": ("remind_from", "remind_until", "remind_every")}),
        ("Stock", {"fields": ("stock_policy",)}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Shop | None = None):
        if obj is not None:
            return self.fieldsets
        (title, first), *rest = self.fieldsets
        return ((title, {"fields": ("owner", *(name for name in first["fields"] if name not in ("is_active", "created_at")))}), *rest)

    def get_readonly_fields(self, request: HttpRequest, obj: Shop | None = None) -> list[str]:
        """The address in the browser stands in people's bookmarks; an owner who closes the shop could not open it again."""
        platform = owned_shops(request) is None
        return ["created_at"] if platform else ["created_at", "slug", "is_active"]

    def get_inlines(self, request: HttpRequest, obj: Shop | None) -> tuple:
        return self.inlines if obj else ()

    def get_form(self, request: HttpRequest, obj: Shop | None = None, change: bool = False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is not None:
            form.base_fields.pop("owner", None)
        elif "owner" in form.base_fields:
            by_phone = admin.widgets.AutocompleteSelect(Membership._meta.get_field("user"), self.admin_site)
            form.base_fields["owner"].widget = by_phone
            by_phone.choices = form.base_fields["owner"].choices
        return form

    def save_model(self, request: HttpRequest, obj: Shop, form: AdminShopForm, change: bool) -> None:
        if change:
            details = {name: form.cleaned_data[name] for name in form.changed_data}
            services.change_shop(shop=Shop.objects.get(pk=obj.pk), **details)
        else:
            saved_as(obj, services.open_shop(**form.cleaned_data))


class CounterForm(HouseForm):
    name = NameField(label="Name", max_length=40)


@admin.register(Counter)
class CounterAdmin(HouseAdmin):
    acts = owners_may = KEEP
    form = CounterForm
    fixed = ("shop", "code")
    list_display = ("code", "name", "shop", "paper", "printer", "is_active")
    list_filter = (ShopFilter, "is_active", "paper", "printer")
    list_select_related = ("shop",)
    search_fields = ("code", "name", "shop__name")
    autocomplete_fields = ("shop",)

    def get_fields(self, request: HttpRequest, obj: Counter | None = None) -> list[str]:
        return ["shop", "code", "name", "paper", "printer", "opens_drawer", "needs_shift", *(["is_active"] if obj else [])]

    def save_model(self, request: HttpRequest, obj: Counter, form: CounterForm, change: bool) -> None:
        data = form.cleaned_data
        if change:
            names = ("name", "paper", "printer", "opens_drawer", "needs_shift", "is_active")
            services.change_counter(counter=obj, **{name: data[name] for name in names})
        else:
            saved_as(obj, services.add_counter(**data))


# --- people ---------------------------------------------------------------------------------------------------
@admin.register(Membership)
class MembershipAdmin(HouseAdmin):
    """A person's role. Owners ask people in on the shop's people page; a platform admin can put one in directly."""

    acts = KEEP
    owners_may = EDIT
    fixed = ("shop", "user")
    fields = ("shop", "user", "role", "is_active", "added_by", "created_at")
    readonly_fields = ("added_by", "created_at")
    list_display = ("user", "shop", "role", "is_active", "created_at")
    list_filter = (ShopFilter, "role", "is_active")
    list_select_related = ("user", "shop")
    search_fields = ("user__name", "user__phone", "shop__name")
    autocomplete_fields = ("shop", "user")
    ordering = ("-pk",)

    def lookup_allowed(self, lookup: str, value: object, request: HttpRequest) -> bool:
        """A PIN's hash is not to be found out by filtering."""
        return not lookup.startswith("pin__") and super().lookup_allowed(lookup, value, request)

    def save_model(self, request: HttpRequest, obj: Membership, form: HouseForm, change: bool) -> None:
        if not change:
            obj.added_by = request.user
            obj.save()
            return
        row = Membership.objects.get(pk=obj.pk)
        if obj.is_active and not row.is_active:
            services.restore_member(membership=row, role=obj.role, by=request.user)
        elif row.is_active and not obj.is_active:
            services.remove_member(membership=row)
        if obj.role != row.role:
            services.change_role(membership=row, role=obj.role)


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Open and used invitations. The code is known to the owner only and is no column here."""

    exclude = ("code_hash",)
    list_display = ("name", "phone", "role", "shop", "invited_by", "expires_at", "accepted_at")
    list_filter = (ShopFilter, "role", ("accepted_at", admin.EmptyFieldListFilter))
    list_select_related = ("shop", "invited_by")
    search_fields = ("name", "phone")
    ordering = ("-pk",)

    def lookup_allowed(self, lookup: str, value: object, request: HttpRequest) -> bool:
        return not lookup.startswith("code_hash") and super().lookup_allowed(lookup, value, request)


@admin.register(Pin)
class PinAdmin(ReadOnlyAdmin):
    """Who has a counter PIN, and wrong tries at it. The hash is no column and no filter; deleting a row clears the PIN."""

    acts = owners_may = READ | {"delete"}
    exclude = ("hash",)
    list_display = ("membership", "shop", "set_by", "set_at", "wrong", "locked_until")
    list_filter = (ShopFilter, ("locked_until", admin.EmptyFieldListFilter))
    list_select_related = ("shop", "set_by", "membership__user", "membership__shop")
    search_fields = ("membership__user__name", "membership__user__phone")
    ordering = ("-pk",)

    def lookup_allowed(self, lookup: str, value: object, request: HttpRequest) -> bool:
        return not lookup.startswith("hash") and super().lookup_allowed(lookup, value, request)

    def delete_model(self, request: HttpRequest, obj: Pin) -> None:
        clear_pin(membership=obj.membership, by=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        for pin in queryset.select_related("membership__user", "shop"):
            clear_pin(membership=pin.membership, by=request.user)


@admin.register(CounterLimits)
class CounterLimitsAdmin(HouseAdmin):
    """What staff and managers may do at the counter, where it differs from the usual; first set on the shop's own page."""

    acts = owners_may = EDIT
    fixed = ("shop", "role")
    readonly_fields = ("changed_by", "changed_at")
    RULES = ("discount_percent", "may_change_rate", "may_pass_khata_limit", "may_cancel_open_bill", "may_take_back")
    fields = ("shop", "role", *RULES, "changed_by", "changed_at")
    list_display = ("role", "shop", *RULES, "changed_at")
    list_filter = (ShopFilter, "role")
    list_select_related = ("shop",)
    ordering = ("shop", "role")

    def save_model(self, request: HttpRequest, obj: CounterLimits, form: HouseForm, change: bool) -> None:
        limits = Limits(**{name: form.cleaned_data[name] for name in self.RULES})
        change_limits(shop=obj.shop, role=obj.role, by=request.user, limits=limits)


class NewUserForm(HouseForm, AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("phone", "name", "email", "language")


class UserForm(HouseForm, UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"


@admin.register(User)
class UserAdmin(HouseAdmin, DjangoUserAdmin):
    """People. Platform admins make and change them; an owner reads the names and phones of those who work, or worked, for them."""

    acts = KEEP
    fixed = ()
    form = UserForm
    add_form = NewUserForm
    ABOUT = ("phone", "name", "email", "language", "is_active")
    fieldsets = (
        (None, {"fields": (*ABOUT, "password")}),
        ("This installation", {"fields": ("is_superuser", "is_demo", "last_login", "joined_at")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": (*NewUserForm.Meta.fields, "usable_password", "password1", "password2")}),)
    readonly_fields = ("is_demo", "last_login", "joined_at")
    list_display = ("name", "phone", "language", "is_active", "is_superuser", "joined_at")
    list_filter = ("is_active", "is_superuser", "is_demo")
    search_fields = ("name", "phone")
    ordering = ("name", "pk")
    filter_horizontal = ()
    inlines = (PlaceInline,)

    def only_of(self, rows: models.QuerySet, shops: list[int]) -> models.QuerySet:
        return rows.filter(pk__in=Membership.objects.filter(shop__in=shops).values("user_id"))

    def get_list_display(self, request: HttpRequest) -> tuple:
        return self.list_display if owned_shops(request) is None else ("name", "phone", "is_active")

    def get_list_filter(self, request: HttpRequest) -> tuple:
        return self.list_filter if owned_shops(request) is None else ("is_active",)

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None):
        if owned_shops(request) is not None:
            return ((None, {"fields": ("phone", "name", "is_active")}),)
        return super().get_fieldsets(request, obj)

    def get_inlines(self, request: HttpRequest, obj: User | None) -> tuple:
        return self.inlines if obj else ()

    def lookup_allowed(self, lookup: str, value: object, request: HttpRequest) -> bool:
        """An owner may not find out, by filtering, what the list does not show."""
        if owned_shops(request) is not None and not lookup.startswith("is_active"):
            return False
        return super().lookup_allowed(lookup, value, request)

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        if change:
            obj.save(update_fields=form.changed_data)
        else:
            obj.save()


@admin.register(UserSession)
class UserSessionAdmin(LongTable, ReadOnlyAdmin):
    """Where people are signed in. Deleting a row signs that device out. The session's key is a password: it is not shown."""

    acts = READ | {"delete"}
    owners_may = frozenset()
    exclude = ("session_key", "data")
    list_display = ("user", "device", "ip", "created_at", "last_seen_at")
    list_filter = ("created_at",)
    list_select_related = ("user",)
    search_fields = ("user__name", "user__phone", "ip")

    @admin.display(description="device")
    def device(self, session: UserSession) -> str:
        return device_words(session.user_agent)

    def lookup_allowed(self, lookup: str, value: object, request: HttpRequest) -> bool:
        return not lookup.startswith(("session_key", "data")) and super().lookup_allowed(lookup, value, request)

    def delete_model(self, request: HttpRequest, obj: UserSession) -> None:
        obj.end()

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        for session in queryset:
            session.end()


@admin.register(NumberSeries)
class NumberSeriesAdmin(LongReadOnlyAdmin):
    """The last number given in each series. Bills would get gaps or repeats if one were changed."""

    list_display = ("series", "last", "shop")
    list_filter = (ShopFilter,)
    list_select_related = ("shop",)
    search_fields = ("series",)


@admin.register(Notice)
class NoticeAdmin(LongReadOnlyAdmin):
    list_display = ("day", "title", "seen_by", "seen_at", "shop")
    list_filter = (ShopFilter, "day")
    list_select_related = ("seen_by", "shop")
    search_fields = ("title",)
