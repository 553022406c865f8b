"""Lists of the books."""

from __future__ import annotations

import django_tables2 as tables
from django.urls import reverse

from ledger.models import DayClose
from smartkirana.templatetags.kirana import rupees, shop_date, shop_datetime

PLAIN = {"td": {"data-label": ""}}
LEAD = {"th": {"class": "num"}, "td": {"class": "num", "data-lead": ""}}


class ZTable(tables.Table):
    """Closed days, newest first."""

    day = tables.Column("Day", linkify=lambda record: reverse("ledger:z_report", args=[record.shop.slug, record.number]))
    number = tables.Column("Z")
    bills = tables.Column("Bills", empty_values=(), attrs={"th": {"class": "num"}, "td": {"class": "num"}})
    seal = tables.Column("Seal", accessor="short_seal", attrs={"td": {"class": "seal", "data-spare": ""}})
    at = tables.Column("Closed", attrs=PLAIN)
    net = tables.Column("Net sales", empty_values=(), attrs=LEAD)

    caption = "Closed days, newest first"
    empty_title = "No day is closed yet"
    empty_icon = "lock"

    class Meta:
        model = DayClose
        empty_text = "Close the day in the evening: its Z report stands here, sealed."
        fields = ("day", "number", "bills", "seal", "at", "net")
        orderable = False
        attrs = {"data-target": "#z-reports"}

    def render_day(self, value) -> str:
        return shop_date(value)

    def render_bills(self, record: DayClose) -> int:
        return record.figures["sold"]["count"]

    def render_at(self, record: DayClose) -> str:
        return f"{shop_datetime(record.at)}, {record.by}"

    def render_net(self, record: DayClose) -> str:
        return rupees(record.figures["net"])
