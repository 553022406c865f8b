"""The GST rates of goods by HSN and day. `/gst-rates`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from catalog.api.schemas_prices import GstRatesOut, RatesAsked
from catalog.gst import all_goods, fitting, named, other_goods, rates_in_force
from catalog.models import GstGoods
from shops.access import Can
from shops.api.declare import operation
from smartkirana.dates import shop_today

router = Router(tags=["GST rates"])
MOST = 100


@operation(router, "GET", "", right=Can.SEE_GOODS, answer=GstRatesOut)
def look_up_gst_rates(request: HttpRequest, asked: Query[RatesAsked]):
    """The lines of the GST schedules that fit an HSN or words, with their rates of a day; 100 at most."""
    day = asked.on or shop_today()
    goods = all_goods(day)
    if asked.hsn:
        found = fitting(goods, asked.hsn, loose=asked.loose)
    else:
        found = named(goods, asked.q, loose=asked.loose) if asked.q else other_goods(goods)
    return {"on": day, "rates_in_force": rates_in_force(goods), "lines": [_line(one) for one in found[:MOST]]}


def _line(one: GstGoods) -> dict[str, Any]:
    same = ("hsn", "goods", "packing", "supply_class", "gst_rate", "cess_rate", "note")
    return {name: getattr(one, name) for name in same} | {"gst_goods_id": one.pk, "on_printed_price": one.rsp_valuation}
