"""A product's history as a list."""

from __future__ import annotations

import django_tables2 as tables

from inventory.models import StockMovement


class MovementTable(tables.Table):
    """Movements newest first; each row has `running` (stock after it), `paper`, `paper_url` and `note` put on by the view."""

    what = tables.TemplateColumn(template_name="inventory/_movement_what.html", verbose_name="What", orderable=False)
    quantity = tables.TemplateColumn(
        template_name="inventory/_movement_quantity.html",
        verbose_name="Change",
        attrs={"td": {"class": "num", "data-lead": ""}},
    )
    running = tables.TemplateColumn("{{ record.running|qty }}", verbose_name="Stock after", attrs={"td": {"class": "num"}})
    value = tables.TemplateColumn("{{ record.value|rupees }}", verbose_name="At cost", attrs={"td": {"class": "num"}})
    by = tables.TemplateColumn("{{ record.by.name }}", verbose_name="By")
    at = tables.TemplateColumn("{{ record.at|shop_datetime }}", verbose_name="When")

    class Meta:
        model = StockMovement
        fields = ("what", "quantity", "running", "value", "by", "at")
        orderable = False
        template_name = "tables/kit.html"
