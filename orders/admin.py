"""Admin of bills and customers. A bill and all that belongs to it is read here; it is cancelled on its own page."""

from __future__ import annotations

import json

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from orders import credit_admin, khata_admin, till_admin  # noqa: F401  (they register their own tables)
from orders.customers import change_customer, create_customer
from orders.models import BillPrint, Customer, Order, OrderEvent, OrderLine, Payment, PaymentEvent
from smartkirana.admin_tools import (
    KEEP,
    HouseAdmin,
    HouseForm,
    LongReadOnlyAdmin,
    LongTable,
    ReadOnlyInline,
    ShopFilter,
    all_link,
    saved_as,
)


@admin.register(Customer)
class CustomerAdmin(LongTable, HouseAdmin):
    """Saved through the same services as the customers' page. What a customer owes is kept by the books."""

    acts = owners_may = KEEP
    list_display = ("name", "phone", "shop", "outstanding", "credit_limit", "due_days", "is_active", "created_at")
    list_filter = (ShopFilter, "is_active")
    list_select_related = ("shop",)
    search_fields = ("name", "local_name", "phone")
    autocomplete_fields = ("shop", "price_list")
    readonly_fields = ("outstanding", "created_at")
    KNOWN = ("phone", "name", "local_name", "address", "state_code", "gstin", "group", "language", "email", "credit_limit", "due_days")
    KNOWN += ("price_list",)

    def get_fields(self, request: HttpRequest, obj: Customer | None = None) -> list[str]:
        return ["shop", *self.KNOWN, *(["is_active", "outstanding", "created_at"] if obj else [])]

    def save_model(self, request: HttpRequest, obj: Customer, form: HouseForm, change: bool) -> None:
        known = {name: form.cleaned_data[name] for name in self.KNOWN} | {"phone": form.cleaned_data["phone"].as_e164}
        if not change:
            saved_as(obj, create_customer(shop=obj.shop, **known))
            return
        row = change_customer(customer=Customer.objects.get(pk=obj.pk), **known)
        if "is_active" in form.changed_data:
            row.is_active = obj.is_active
            row.save(update_fields=["is_active"])


class LineInline(ReadOnlyInline):
    model = OrderLine
    fields = ("line_no", "name", "hsn", "quantity", "unit", "unit_price", "discount", "rate", "taxable", "total")
    ordering = ("line_no",)


class PaymentInline(ReadOnlyInline):
    model = Payment
    fields = ("method", "amount", "tendered", "reference", "mark", "state", "by", "at")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).select_related("by")


class OrderEventInline(ReadOnlyInline):
    model = OrderEvent
    fields = ("kind", "reason", "day", "by", "at")
    verbose_name_plural = "what happened"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).select_related("by")


class PrintInline(ReadOnlyInline):
    model = BillPrint
    fields = ("copy_no", "paper", "by", "at")
    verbose_name_plural = "printed"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).select_related("by").order_by("pk")


@admin.register(Order)
class OrderAdmin(LongReadOnlyAdmin):
    list_display = ("bill_number", "placed_at", "customer", "total", "status", "cashier", "counter", "shop")
    list_filter = (ShopFilter, "status", "fulfilment", "channel", "day")
    list_select_related = ("customer", "cashier", "counter", "shop")
    search_fields = ("bill_number__startswith", "number__startswith")
    search_help_text = "The beginning of a bill number or order number"
    inlines = (LineInline, PaymentInline, OrderEventInline, PrintInline)
    readonly_fields = ("as_printed", "all_lines")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("bill_number", "number", "status", "fulfilment"),
                    ("day", "placed_at", "channel"),
                    ("shop", "counter", "cashier"),
                    ("customer", "note"),
                )
            },
        ),
        ("Amounts, rupees", {"fields": (("subtotal", "discount", "round_off", "total"), ("cost", "saved"))}),
        (
            "Tax",
            {
                "fields": (
                    ("title", "place_of_supply", "inter_state"),
                    ("taxable", "exempt", "after_tax_reduction"),
                    ("cgst", "sgst", "igst", "cess"),
                )
            },
        ),
        ("Behind it", {"fields": ("request_key", "as_printed", "all_lines"), "classes": ("collapse",)}),
    )

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).defer("printed")

    @admin.display(description="as printed")
    def as_printed(self, order: Order) -> str:
        return format_html("<pre>{}</pre>", json.dumps(order.printed, ensure_ascii=False, indent=2))

    @admin.display(description="lines")
    def all_lines(self, order: Order) -> str:
        return all_link(reverse("admin:orders_orderline_changelist"), "All lines of this bill", order__id__exact=order.pk)


@admin.register(OrderLine)
class OrderLineAdmin(LongReadOnlyAdmin):
    list_display = ("order", "line_no", "name", "quantity", "unit", "unit_price", "discount", "rate", "taxable", "total", "shop")
    list_filter = (ShopFilter, "supply_class")
    list_select_related = ("order", "shop")
    search_fields = ("name", "hsn__startswith")


class PaymentEventInline(ReadOnlyInline):
    model = PaymentEvent
    fields = ("kind", "was", "how", "note", "day", "by", "at")
    verbose_name_plural = "what was said of it"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).select_related("by")


@admin.register(Payment)
class PaymentAdmin(LongReadOnlyAdmin):
    list_display = ("at", "order", "method", "amount", "state", "mark", "reference", "by", "shop")
    list_filter = (ShopFilter, "method", "state", "mark", "at")
    list_select_related = ("order", "by", "shop")
    search_fields = ("reference", "order__bill_number__startswith")
    inlines = (PaymentEventInline,)


@admin.register(PaymentEvent)
class PaymentEventAdmin(LongReadOnlyAdmin):
    """Who saw which money where, and which never came."""

    list_display = ("at", "payment", "bill", "kind", "was", "how", "note", "day", "by", "shop")
    list_filter = (ShopFilter, "kind", "how", "day")
    list_select_related = ("payment__order", "by", "shop")
    search_fields = ("payment__order__bill_number__startswith", "payment__reference", "note")

    @admin.display(description="bill")
    def bill(self, event: PaymentEvent) -> str:
        return event.payment.order.bill_number


@admin.register(OrderEvent)
class OrderEventAdmin(LongReadOnlyAdmin):
    list_display = ("at", "order", "kind", "reason", "day", "by", "shop")
    list_filter = (ShopFilter, "kind", "day")
    list_select_related = ("order", "by", "shop")
    search_fields = ("order__bill_number__startswith", "reason")


@admin.register(BillPrint)
class BillPrintAdmin(LongReadOnlyAdmin):
    list_display = ("at", "order", "copy_no", "paper", "by", "shop")
    list_filter = (ShopFilter, "paper", "at")
    list_select_related = ("order", "by", "shop")
    search_fields = ("order__bill_number__startswith",)
