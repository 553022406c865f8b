"""The rows of the opening-stock form: each belongs to one product and has a key of its own, so that a product may have two batches."""

from __future__ import annotations

import re
from uuid import uuid4

from django.http import QueryDict

from catalog.gst import goods_with_rates
from catalog.models import Product
from inventory.forms import MOST_ROWS, OpeningRow
from shops.models import Shop
from smartkirana.dates import shop_today

ROW = re.compile(r"([0-9a-f]{8})-([0-9]{1,18})")


def new_row(shop: Shop, product: Product) -> OpeningRow:
    """An empty row for a product just chosen."""
    with_rate = goods_with_rates(shop, [product.pk], shop_today())[product.pk]
    return OpeningRow(product=with_rate, key=uuid4().hex[:8], rate=_rate(shop, with_rate))


def sent_rows(shop: Shop, data: QueryDict) -> tuple[list[OpeningRow], str]:
    """The rows that came with a form, and a sentence when they cannot be read as rows of this shop's goods."""
    sent = [match for value in data.getlist("row") if (match := ROW.fullmatch(value))]
    products = goods_with_rates(shop, [int(match[2]) for match in sent], shop_today())
    rows = [
        OpeningRow(data, product=products[int(match[2])], key=match[1], rate=_rate(shop, products[int(match[2])]))
        for match in sent[:MOST_ROWS]
        if int(match[2]) in products
    ]
    if len(sent) > MOST_ROWS:
        return rows, f"At most {MOST_ROWS} rows at once. Enter these first."
    if len(rows) < len(data.getlist("row")):
        return rows, "One of the products is not in this shop. Choose it again."
    return rows, ""


def _rate(shop: Shop, product: Product):
    return product.gst_rate if shop.charges_gst else None
