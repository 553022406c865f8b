"""The list of suppliers."""

from __future__ import annotations

from datetime import date

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html

from inventory.models import Supplier
from inventory.supplier_selectors import OpenOf
from smartkirana.templatetags.kirana import rupees

PLAIN = {"td": {"data-label": ""}}  # on a phone: speaks for itself
FIGURE = {"th": {"class": "num"}, "td": {"class": "num"}}
LEAD = {"th": {"class": "num"}, "td": {"class": "num", "data-lead": ""}}


class SupplierTable(tables.Table):
    """Suppliers; whom the shop owes most can be put first. `open` and `today` are put on by the view for the rows of its page."""

    name = tables.Column("Name", order_by=("name", "pk"), linkify=lambda record: record.get_absolute_url())
    phone = tables.Column("Phone", accessor="short_phone", default="", orderable=False, attrs=PLAIN)
    oldest = tables.Column("Oldest open bill", empty_values=(), orderable=False, attrs=FIGURE)
    overdue = tables.Column("Overdue", empty_values=(), orderable=False, attrs=FIGURE)
    balance = tables.Column("We owe", order_by=("balance", "name", "pk"), attrs=LEAD)

    caption = "Suppliers"
    empty_title = "No supplier yet"
    empty_icon = "truck"
    open: dict[int, OpenOf] = {}
    today: date

    class Meta:
        model = Supplier
        empty_text = "Write down whom you buy from; the name is enough. Then enter their bills: what you owe stands here by itself."
        fields = ("name", "phone", "oldest", "overdue", "balance")
        template_name = "tables/kit.html"
        attrs = {"data-target": "#suppliers", "class": "supplier-list"}

    def __init__(self, *args, shop, may_buy: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if may_buy:
            self.empty_url, self.empty_action = reverse("inventory:new_supplier", args=[shop.slug]), "Write down a supplier"

    def render_name(self, record: Supplier):
        return record.name if record.is_active else format_html('{} <span class="badge">{}</span>', record.name, "no longer used")

    def render_oldest(self, record: Supplier) -> str:
        of = self.open.get(record.pk)
        days = (self.today - of.oldest).days if of else 0
        return "" if of is None else "today" if days < 1 else f"{days} day" if days == 1 else f"{days} days"

    def render_overdue(self, record: Supplier):
        of = self.open.get(record.pk)
        return format_html('<span class="owed">{}</span>', rupees(of.overdue)) if of and of.overdue else ""

    def render_balance(self, record: Supplier):
        if record.balance < 0:
            return format_html('<span class="paid">{}</span><span class="sub">{}</span>', rupees(-record.balance), "paid ahead")
        return rupees(record.balance) if record.balance else ""
