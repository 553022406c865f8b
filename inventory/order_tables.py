"""The list of purchase orders."""

from __future__ import annotations

import django_tables2 as tables
from django.urls import reverse

from inventory.models import PurchaseOrder

LEAD = {"td": {"class": "num", "data-lead": ""}}


class OrderTable(tables.Table):
    """Orders, the newest first; `goods`, `whole` and `worth` are put on by the view."""

    number = tables.TemplateColumn(template_name="inventory/orders/_order_cell.html", verbose_name="Order")
    at = tables.TemplateColumn("{{ record.at|shop_date }}", verbose_name="Written")
    expected = tables.TemplateColumn(
        "{% if record.expected and record.is_open %}{{ record.expected|shop_date }}{% else %}–{% endif %}", verbose_name="Expected"
    )
    goods = tables.TemplateColumn(template_name="inventory/orders/_came_cell.html", verbose_name="Came", attrs={"td": {"class": "num"}})
    worth = tables.TemplateColumn("{% if record.worth %}{{ record.worth|rupees }}{% else %}–{% endif %}", verbose_name="Worth", attrs=LEAD)
    status = tables.TemplateColumn('{% include "inventory/orders/_status.html" with order=record %}', verbose_name="Status")

    caption = "Purchase orders, the newest first"
    empty_title = "No order yet"
    empty_icon = "truck"

    class Meta:
        model = PurchaseOrder
        empty_text = "Write what you want of a supplier, send it, and see what of it came."
        fields = ("number", "at", "expected", "goods", "worth", "status")
        orderable = False
        template_name = "tables/kit.html"
        attrs = {"data-target": "#orders", "class": "order-list"}

    def __init__(self, *args, shop, may_buy: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if may_buy:
            self.empty_url, self.empty_action = reverse("inventory:new_order", args=[shop.slug]), "Write an order"
