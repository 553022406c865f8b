"""The list of khatas."""

from __future__ import annotations

from datetime import date

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from orders.khata.selectors import Age
from orders.models import Customer
from smartkirana.templatetags.kirana import rupees, shop_date

PLAIN = {"td": {"data-label": ""}}  # on a phone: speaks for itself
FIGURE = {"th": {"class": "num"}, "td": {"class": "num"}}
SPARE = {"td": {"data-spare": ""}}
LEAD = {"th": {"class": "num"}, "td": {"class": "num", "data-lead": ""}}


class KhataTable(tables.Table):
    """Khatas, who owes most first. `ages`, `reminded` and `today` are put on by the view for the rows of its page."""

    name = tables.Column(_lazy("Name"), empty_values=(), order_by=("name", "pk"))
    oldest = tables.Column(_lazy("Owes since"), empty_values=(), order_by=("oldest", "pk"))
    late = tables.Column(_lazy("Past its day"), empty_values=(), orderable=False, attrs=FIGURE)
    paid_on = tables.Column(_lazy("Last paid"), empty_values=(), order_by=("paid_on", "pk"), attrs=SPARE)
    reminded = tables.Column(_lazy("Reminded"), empty_values=(), orderable=False, attrs=SPARE)
    outstanding = tables.Column(_lazy("Owes"), order_by=("outstanding", "pk"), attrs=LEAD)

    caption = _lazy("Khatas")
    empty_title = _lazy("Nobody owes anything")
    empty_icon = "khata"
    ages: dict[int, Age] = {}
    reminded_at: dict = {}
    today: date

    class Meta:
        model = Customer
        empty_text = _lazy("Who takes goods on khata at the counter stands here. What was owed in the old book is entered once for each.")
        fields = ("name", "oldest", "late", "paid_on", "reminded", "outstanding")
        template_name = "tables/kit.html"
        attrs = {"data-target": "#khatas", "class": "khata-list"}

    def render_name(self, record: Customer):
        url = reverse("orders:khata", args=[record.shop.slug, record.pk])
        more = " · ".join(word for word in (record.short_phone if record.name else "", record.group) if word)
        return format_html('<a href="{}">{}</a><span class="sub">{}</span>', url, str(record), more)

    def render_oldest(self, record: Customer) -> str:
        return "" if record.oldest is None or record.outstanding <= 0 else self._ago(record.oldest)

    def render_late(self, record: Customer):
        age = self.ages.get(record.pk)
        return format_html('<span class="owed">{}</span>', rupees(age.late)) if age and age.late else ""

    def render_paid_on(self, record: Customer) -> str:
        return "" if record.paid_on is None else shop_date(record.paid_on)

    def render_reminded(self, record: Customer) -> str:
        at = self.reminded_at.get(record.pk)
        return "" if at is None else self._ago(timezone.localtime(at).date())

    def render_outstanding(self, record: Customer):
        if record.outstanding < 0:
            return format_html('<span class="paid">{}</span><span class="sub">{}</span>', rupees(-record.outstanding), _("paid ahead"))
        over = record.credit_limit is not None and record.outstanding > record.credit_limit
        badge = format_html('<span class="sub owed">{}</span>', _("over {limit}").format(limit=rupees(record.credit_limit))) if over else ""
        return format_html("{}{}", rupees(record.outstanding), badge)

    def _ago(self, day: date) -> str:
        days = (self.today - day).days
        return _("today") if days < 1 else ngettext("{days} day", "{days} days", days).format(days=days)
