"""What every admin page of the house stands on: who sees which rows, who may change them, and lists that stay fast.

Two kinds of people open the admin. A platform admin (`is_superuser`) sees everything. An owner sees the rows of the shops
they own, and nothing else: in lists, choosers, inlines and by a guessed address, because all of these start from
`get_queryset` and `get_field_queryset` here. Rights go by role; Django's permission rows are not asked.

This module knows no app: shops are reached through the person's memberships and through the models' own relations.
"""

from __future__ import annotations

from collections.abc import Iterator

from django import forms
from django.contrib import admin
from django.contrib.admin.exceptions import NotRegistered
from django.core.paginator import Paginator
from django.db import IntegrityError, models
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.http import urlencode

from smartkirana.db_rules import broken_rule
from smartkirana.errors import Refusal

READ = frozenset({"view"})
EDIT = frozenset({"view", "change"})
KEEP = frozenset({"view", "add", "change"})
FULL = frozenset({"view", "add", "change", "delete"})


# --- who ------------------------------------------------------------------------------------------------------
def owned_shops(request: HttpRequest) -> list[int] | None:
    """Keys of the open shops that the person owns; None for a platform admin, who is bound to none. Asked once a request."""
    if not request.user.is_active:  # nor is an anonymous visitor
        return []
    if request.user.is_superuser:
        return None
    if not hasattr(request, "owned_shops"):
        mine = request.user.memberships.filter(role="owner", is_active=True, shop__is_active=True)
        request.owned_shops = list(mine.order_by("shop_id").values_list("shop_id", flat=True))
    return request.owned_shops


def may_open(request: HttpRequest) -> bool:
    """True for platform admins and owners of an open shop."""
    shops = owned_shops(request)
    return shops is None or bool(shops)


class RowsOfOwnShops:
    """For model admins and inlines: the person's own rows, and rights by role.

    to_shop     lookup from the model to its shop; "" for tables that all shops share
    acts        what anybody may do here; a record that is never altered has READ
    owners_may  what an owner may do of that; empty hides the table from owners
    """

    to_shop = "shop"
    acts = READ
    owners_may = READ

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        rows = super().get_queryset(request)
        shops = owned_shops(request)
        if shops is None:
            return rows
        return self.only_of(rows, shops) if "view" in self.owners_may else rows.none()

    def only_of(self, rows: models.QuerySet, shops: list[int]) -> models.QuerySet:
        """The rows that owners of `shops` may see."""
        return rows.filter(**{f"{self.to_shop}__in": shops}) if self.to_shop else rows

    def get_field_queryset(self, db, db_field, request: HttpRequest) -> models.QuerySet | None:
        """What a chooser offers and accepts: the rows that the other table's own list shows to this person."""
        if owned_shops(request) is None:
            return super().get_field_queryset(db, db_field, request)
        try:
            other = self.admin_site.get_model_admin(db_field.remote_field.model)
        except NotRegistered:
            other = None
        if isinstance(other, RowsOfOwnShops) and other.has_view_permission(request):
            return other.get_queryset(request)
        return db_field.remote_field.model._default_manager.none()

    def _may(self, request: HttpRequest, act: str) -> bool:
        shops = owned_shops(request)
        return act in self.acts and (shops is None or (bool(shops) and act in self.owners_may))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request, "view")

    def has_view_permission(self, request: HttpRequest, obj=None) -> bool:
        return self._may(request, "view")

    def has_add_permission(self, request: HttpRequest, obj=None) -> bool:
        return self._may(request, "add")

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return self._may(request, "change")

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return self._may(request, "delete")


# --- forms ----------------------------------------------------------------------------------------------------
class HouseForm(forms.ModelForm):
    """A form whose row stays in its shop, and which shows a service's refusal beside the field it belongs to."""

    refusal: Refusal | None = None

    def clean(self):
        data = super().clean()
        shop = self.cleaned_data.get("shop") or (self.instance.shop if getattr(self.instance, "shop_id", None) else None)
        if shop is not None:
            for name, value in list(self.cleaned_data.items()):
                if getattr(value, "shop_id", shop.pk) != shop.pk:
                    self.add_error(name, f"Choose one of {shop}.")
        if self.refusal is not None:
            self.add_error(self.refusal.field if self.refusal.field in self.fields else None, self.refusal.message)
        return data

    def _get_validation_exclusions(self) -> set[str]:
        """A fixed shop is no field of the form, yet the rules that name it ("one SKU once in a shop") are to be checked."""
        excluded = super()._get_validation_exclusions()
        return excluded - {"shop"} if getattr(self.instance, "shop_id", None) else excluded


def refusal_of(error: Exception) -> Refusal:
    """The sentence for an act that a service or the database refused."""
    if isinstance(error, Refusal):
        return error
    return Refusal("refused", f"The database refused this: {broken_rule(error) or 'it breaks a rule'}. Nothing was saved.")


# --- tables ---------------------------------------------------------------------------------------------------
class HouseAdmin(RowsOfOwnShops, admin.ModelAdmin):
    """Base of all our tables. Saves through services: `save_model` calls one, and its Refusal comes back to the form."""

    form = HouseForm
    list_per_page = 50
    save_on_top = False
    fixed: tuple[str, ...] = ("shop",)  # what a row keeps once it is there

    def get_readonly_fields(self, request: HttpRequest, obj=None) -> list[str]:
        fixed = [name for name in self.fixed if obj is not None and name in self._field_names]
        return [*super().get_readonly_fields(request, obj), *fixed]

    def lookup_allowed(self, lookup: str, value: object, request: HttpRequest) -> bool:
        """An owner may not filter by what points at a row: of a table that all shops share, other shops' rows do."""
        if owned_shops(request) is not None and lookup.split("__")[0] in self._pointing_here:
            return False
        return super().lookup_allowed(lookup, value, request)

    @cached_property
    def _pointing_here(self) -> set[str]:
        return {relation.name for relation in self.opts.related_objects}

    def get_list_display(self, request: HttpRequest) -> list:
        """Who has one shop need not read its name in every row."""
        columns = list(super().get_list_display(request))
        shops = owned_shops(request)
        return [name for name in columns if name != "shop"] if shops is not None and len(shops) == 1 else columns

    @cached_property
    def _field_names(self) -> set[str]:
        return {field.name for field in self.opts.fields}

    def get_form(self, request: HttpRequest, obj=None, change: bool = False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict:
        """An owner of one shop need not choose it."""
        shops = owned_shops(request)
        chosen = {"shop": shops[0]} if shops and len(shops) == 1 and "shop" in self._field_names else {}
        return chosen | super().get_changeform_initial_data(request)

    def changeform_view(self, request: HttpRequest, object_id=None, form_url="", extra_context=None) -> HttpResponse:
        """On a refusal the transaction is gone; the form is shown once more, with the sentence in it."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (Refusal, IntegrityError) as error:
            request.refusal = refusal_of(error)
            return super().changeform_view(request, object_id, form_url, extra_context)


def saved_as(obj: models.Model, row: models.Model) -> None:
    """Let the form's own object be the row that a service wrote: the admin logs and links it."""
    obj.__dict__.update(row.__dict__)


class ReadOnlyAdmin(HouseAdmin):
    """Records that are never altered: looked at with all their columns, and nothing else."""

    acts = READ

    def get_fields(self, request: HttpRequest, obj=None) -> list[str]:
        if self.fields:
            return list(self.fields)
        hidden = {*(self.exclude or ()), self.opts.pk.name}
        return [*self.readonly_fields, *(f.name for f in self.opts.concrete_fields if f.name not in hidden)]


class CountedToALimit(Paginator):
    """Counts at most LIMIT rows: a list of a million bills is not counted to show its first fifty."""

    LIMIT = 10_000

    @cached_property
    def count(self) -> int:
        return self.object_list.order_by().values("pk")[: self.LIMIT].count()

    @property
    def is_cut(self) -> bool:
        """True when there may be more rows than were counted."""
        return self.count == self.LIMIT


class LongTable:
    """For tables that grow with every bill: newest first, no counting of everything, no sorting by what has no index."""

    ordering = ("-pk",)
    sortable_by = ()
    paginator = CountedToALimit
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER


class LongReadOnlyAdmin(LongTable, ReadOnlyAdmin):
    """Bills, lines, movements, postings and the like."""


class FirstRows(forms.BaseInlineFormSet):
    """At most LIMIT rows of an inline; a bill may have thousands of lines."""

    LIMIT = 100

    def get_queryset(self) -> models.QuerySet:
        rows = super().get_queryset()
        if not rows.query.is_sliced:
            self._queryset = rows[: self.LIMIT]
        return self._queryset


class HouseInline(RowsOfOwnShops, admin.TabularInline):
    """Rows below another row."""

    extra = 0


class ReadOnlyInline(HouseInline):
    """The first rows of a record that is never altered, bounded; `all_link` shows the way to all of them."""

    formset = FirstRows
    can_delete = False
    max_num = 0
    show_change_link = True

    def get_readonly_fields(self, request: HttpRequest, obj=None) -> list[str]:
        return list(self.fields)


class ShopFilter(admin.SimpleListFilter):
    """The shop, among those the person may see. On an installation of many shops the first fifty by name."""

    title = "shop"
    parameter_name = "of_shop"
    MOST = 50

    def lookups(self, request: HttpRequest, model_admin: HouseAdmin) -> Iterator[tuple[int, str]]:
        shop = model_admin.opts.get_field("shop").remote_field.model
        shops = model_admin.admin_site.get_model_admin(shop).get_queryset(request)
        return shops.order_by("name", "pk").values_list("pk", "name")[: self.MOST]

    def has_output(self) -> bool:
        return len(self.lookup_choices) > 1

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        value = self.value()
        if not value:
            return queryset
        return queryset.filter(shop_id=int(value)) if value.isascii() and value.isdigit() and len(value) < 19 else queryset.none()


def all_link(url: str, words: str, **where) -> str:
    """A link to a list, narrowed: `all_link(reverse(…), "All lines", order__id__exact=7)`."""
    return format_html('<a href="{}?{}">{}</a>', url, urlencode(where), words)
