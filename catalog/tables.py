"""The products list as a table: rows on a laptop, cards on a phone."""

from __future__ import annotations

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_tables2.data import TableQuerysetData

from catalog.models import Product
from catalog.rules import margin
from catalog.selectors import whole
from smartkirana.templatetags.kirana import NOTHING, percent, qty, rupees

SHORT_UNITS = {"pc": "pc", "pack": "pkt"}
OFF = format_html('<span class="badge">{}</span>', "not on sale")


class ByStock(TableQuerysetData):
    """Rows to be sorted by stock: a slice is sorted over keys and names alone, and only its own products are read whole."""

    def __getitem__(self, key: slice) -> list[Product]:
        return whole(self.table.shop, self.data[key])


class ProductTable(tables.Table):
    name = tables.Column("Product", order_by=("name", "pk"))
    price = tables.Column("Price", order_by=("price", "name", "pk"), attrs={"td": {"class": "num", "data-lead": ""}})
    mrp = tables.Column("MRP", orderable=False, default=NOTHING, attrs={"td": {"class": "num", "data-spare": ""}})
    margin = tables.Column("Margin", empty_values=(), orderable=False, attrs={"td": {"class": "num", "data-spare": ""}})
    stock = tables.Column("In stock", empty_values=(), order_by=("stock", "name", "pk"), attrs={"td": {"class": "num"}})
    category = tables.Column("Category", accessor="category__name", order_by=("category__name", "name", "pk"), default="")

    empty_title = "No products yet"
    empty_icon = "box"
    caption = "Products"

    class Meta:
        empty_text = "Add the first one by hand, or bring in a whole list from Excel or a CSV file."
        attrs = {"data-target": "#products", "class": "goods"}
        row_attrs = {"class": lambda record: "" if record.is_active else "off"}

    def __init__(self, *args, shop, see_cost: bool, **kwargs) -> None:
        super().__init__(*args, exclude=() if see_cost else ("margin",), **kwargs)
        self.shop = shop

    def render_name(self, record: Product) -> SafeString:
        url = reverse("catalog:product", args=[self.shop.slug, record.pk])
        sub = " · ".join(filter(None, [record.local_name, record.sku]))
        return format_html('<a href="{}">{}</a> {}<span class="sub">{}</span>', url, record.name, "" if record.is_active else OFF, sub)

    def render_price(self, record: Product) -> str:
        return rupees(record.price)

    def render_mrp(self, value) -> str:
        return rupees(value)

    def render_margin(self, record: Product) -> str:
        return percent(margin(record.price, record.cost))

    def render_stock(self, record: Product) -> SafeString:
        return stock_badge(record)


def stock_badge(product: Product) -> SafeString:
    """How much there is, with a word when it is out or under the minimum; `product.stock` is put there before."""
    return format_html("{} {} {}", qty(product.stock), SHORT_UNITS.get(product.unit, product.unit), stock_word(product))


def stock_word(product: Product) -> SafeString | str:
    """ "out", "low" or nothing."""
    if not product.is_active or product.stock > product.min_stock:
        return ""
    kind, word = ("bad", "out") if product.stock <= 0 else ("warn", "low")
    return format_html('<span class="badge {}">{}</span>', kind, word)
