"""The list of suppliers' bills."""

from __future__ import annotations

import django_tables2 as tables
from django.urls import reverse

from inventory.models import GoodsReceipt

FIGURE = {"td": {"class": "num"}}
LEAD = {"td": {"class": "num", "data-lead": ""}}


class PurchaseTable(tables.Table):
    """Suppliers' bills, the one entered last first; `record.due` and `record.open` are put on by the view."""

    bill_number = tables.TemplateColumn(template_name="inventory/purchases/_bill_cell.html", verbose_name="Bill")
    bill_date = tables.TemplateColumn("{{ record.bill_date|shop_date }}", verbose_name="Bill date")
    tax = tables.TemplateColumn("{{ record.tax|rupees }}", verbose_name="GST", attrs={"td": {"class": "num", "data-label": "GST"}})
    total = tables.TemplateColumn("{{ record.total|rupees }}", verbose_name="Total", attrs=LEAD)
    open = tables.TemplateColumn(template_name="inventory/purchases/_open_cell.html", verbose_name="To pay", attrs=FIGURE)

    caption = "Suppliers' bills, the one entered last first"
    empty_title = "No bill of a supplier yet"
    empty_icon = "sheet"

    class Meta:
        model = GoodsReceipt
        empty_text = "When goods come in, enter the supplier's bill: stock, cost and what you owe are then right by themselves."
        fields = ("bill_number", "bill_date", "tax", "total", "open")
        orderable = False
        template_name = "tables/kit.html"
        attrs = {"data-target": "#purchases", "class": "purchase-list"}

    def __init__(self, *args, shop, may_buy: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if may_buy:
            self.empty_url, self.empty_action = reverse("inventory:new_purchase", args=[shop.slug]), "Enter a bill"
