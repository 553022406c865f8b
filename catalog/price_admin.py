"""Admin of price lists, list prices and offers."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from catalog.errors import CatalogError
from catalog.models import ListPrice, Offer, OfferPart, PriceList
from catalog.offers.services import OfferDetails, save_offer
from catalog.prices.services import checked_step, save_price_list
from smartkirana.admin_tools import FULL, KEEP, HouseAdmin, HouseForm, HouseInline, LongReadOnlyAdmin, LongTable, ShopFilter, saved_as


@admin.register(PriceList)
class PriceListAdmin(HouseAdmin):
    """Taken out of use, never deleted: customers may stand on it."""

    acts = owners_may = KEEP
    fields = ("shop", "name", "is_active")
    list_display = ("name", "shop", "is_active")
    list_filter = (ShopFilter, "is_active")
    list_select_related = ("shop",)
    search_fields = ("name",)
    autocomplete_fields = ("shop",)

    def save_model(self, request: HttpRequest, obj: PriceList, form: HouseForm, change: bool) -> None:
        save_price_list(shop=obj.shop, name=obj.name, price_list=obj)


class ListPriceForm(HouseForm):
    """A price is held to the rules of the pages: its unit's steps, the MRP, cheaper than one for everybody."""

    def clean(self):
        data = super().clean()
        product, price_list = (
            data.get(name) or (getattr(self.instance, name) if self.instance.pk else None) for name in ("product", "price_list")
        )
        if product and not self.errors:
            try:
                data["min_quantity"], data["price"] = checked_step(product, price_list, data["min_quantity"], data["price"])
            except CatalogError as refused:
                self.add_error("min_quantity" if refused.field == "least" else refused.field, refused.message)
        return data


@admin.register(ListPrice)
class ListPriceAdmin(LongTable, HouseAdmin):
    """One price of a product: on a list, or without one for everybody from a quantity on."""

    acts = owners_may = FULL
    form = ListPriceForm
    fixed = ("shop", "product", "price_list")
    fields = ("shop", "product", "price_list", "min_quantity", "price", "changed_by", "changed_at")
    readonly_fields = ("changed_by", "changed_at")
    list_display = ("product", "price_list", "min_quantity", "price", "shop", "changed_by", "changed_at")
    list_filter = (ShopFilter,)
    list_select_related = ("product", "price_list", "shop", "changed_by")
    search_fields = ("product__name", "product__sku", "price_list__name")
    autocomplete_fields = ("shop", "product", "price_list")

    def save_model(self, request: HttpRequest, obj: ListPrice, form: HouseForm, change: bool) -> None:
        obj.changed_by = request.user
        super().save_model(request, obj, form, change)


class PartInline(HouseInline):
    model = OfferPart
    acts = owners_may = FULL
    fields = ("product", "quantity")
    autocomplete_fields = ("product",)
    verbose_name_plural = "what is in the set"


@admin.register(Offer)
class OfferAdmin(HouseAdmin):
    """Saved through the same service as the offers' pages; ended, never deleted."""

    acts = owners_may = KEEP
    list_display = ("name", "kind", "product", "category", "first_day", "last_day", "is_active", "shop")
    list_filter = (ShopFilter, "kind", "is_active", "first_day")
    list_select_related = ("product", "category", "shop")
    search_fields = ("name", "product__name", "category__name")
    autocomplete_fields = ("shop", "product", "category")
    readonly_fields = ("changed_by", "changed_at", "created_at")
    inlines = (PartInline,)
    fieldsets = (
        (None, {"fields": ("shop", ("name", "kind"), "is_active", "on_lists")}),
        ("Figures: those of the kind, the others empty", {"fields": ("percent", "amount", ("buy", "get"), "price")}),
        ("On what: a product or a category; a set has its parts below", {"fields": ("product", "category")}),
        ("Days", {"fields": (("first_day", "last_day"),)}),
        ("Last changed", {"fields": (("changed_by", "changed_at", "created_at"),)}),
    )

    def save_model(self, request: HttpRequest, obj: Offer, form: HouseForm, change: bool) -> None:
        """Written in `save_related`, in one act with its parts."""

    def save_related(self, request: HttpRequest, form: HouseForm, formsets: list, change: bool) -> None:
        given = {name: form.cleaned_data[name] for name in form.cleaned_data.keys() & OfferDetails.__dataclass_fields__.keys()}
        details = OfferDetails(**given, parts=[part for formset in formsets for part in parts_of(formset)])
        offer = form.instance
        saved = save_offer(shop=offer.shop, by=request.user, details=details, offer=Offer.objects.get(pk=offer.pk) if change else None)
        if saved.is_active != form.cleaned_data["is_active"]:
            saved.is_active = form.cleaned_data["is_active"]
            saved.save(update_fields=["is_active"])
        saved_as(form.instance, saved)


def parts_of(formset: forms.BaseInlineFormSet) -> list[tuple]:
    """All (product, quantity) that stand after the formset; `save(commit=False)` notes for the admin's log what is new or gone."""
    formset.save(commit=False)
    rows = [f.cleaned_data for f in formset.forms if f.cleaned_data.get("product") and not f.cleaned_data.get("DELETE")]
    return [(row["product"], row["quantity"]) for row in rows]


@admin.register(OfferPart)
class OfferPartAdmin(LongReadOnlyAdmin):
    """To find the sets a product is in. Parts are changed on their offer's page."""

    list_display = ("product", "quantity", "offer", "shop")
    list_filter = (ShopFilter,)
    list_select_related = ("product", "offer", "shop")
    search_fields = ("product__name", "product__sku", "offer__name")
