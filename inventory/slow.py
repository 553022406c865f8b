"""Money asleep on the shelf: goods in stock that nobody buys, and goods that last for months at their pace."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F

from inventory.selectors import narrowed_goods
from shops.models import Shop
from smartkirana.dates import end_of, shop_today
from smartkirana.money import ZERO

# What a list may show: how it picks, and over how many days.
IDLE, COVER = "idle", "cover"
KINDS = {f"{kind}{days}": (kind, days) for kind, spans in ((IDLE, (30, 60, 90, 180)), (COVER, (60, 90, 180))) for days in spans}
USUAL = "idle90"
ORDERS = {
    "": "value DESC, name, id",
    "idle": "last_sold NULLS FIRST, since, name, id",
    "cover": "cover DESC NULLS FIRST, name, id",
    "name": "name, id",
}
PICKS = {
    IDLE: """since <= %s AND (last_sold IS NULL OR last_sold <= %s)
             AND id NOT IN (SELECT product_id FROM inventory_stockmovement
                             WHERE shop_id = %s AND at >= %s AND reason = 'sale')""",
    COVER: "cover > %s",
}
STOCK = """
WITH there AS (
    SELECT product_id, sum(on_hand) AS stock, sum(value) AS value,
           (min(created_at) FILTER (WHERE on_hand > 0) AT TIME ZONE 'Asia/Kolkata')::date AS since
      FROM inventory_stocklot WHERE shop_id = %s GROUP BY product_id HAVING sum(on_hand) > 0
), held AS (
    SELECT goods.id, goods.name, goods.sku, goods.unit, coalesce(goods.category, '') AS category, there.stock, there.value, there.since,
           pace.last_sold, coalesce(pace.per_day, 0) AS per_day,
           CASE WHEN pace.per_day > 0 THEN there.stock / pace.per_day END AS cover
      FROM ({goods}) AS goods (id, name, sku, unit, category)
      JOIN there ON there.product_id = goods.id
      LEFT JOIN inventory_salespace AS pace ON pace.shop_id = %s AND pace.product_id = goods.id
)
SELECT id, name, sku, unit, category, stock, value, since, last_sold, per_day, cover, count(*) OVER (), sum(value) OVER ()
  FROM held WHERE {pick} ORDER BY {order} LIMIT %s OFFSET %s
"""


class SlowGoods(NamedTuple):
    """A product that sleeps: `stock` in its unit, `value` in rupees at lot cost, `since` when the oldest of it came in.

    last_sold  day of the last sale before today, None: never
    per_day    the pace of the last four weeks
    cover      days that the stock lasts at it, None: it does not sell
    """

    product_id: int
    name: str
    sku: str
    unit: str
    category: str
    stock: Decimal
    value: Decimal
    since: date
    last_sold: date | None
    per_day: Decimal
    cover: Decimal | None


@dataclass
class SlowList:
    """Goods that sleep, to be sliced by a paginator; the first slice with rows says the `count` and `value` (rupees) of all."""

    shop: Shop
    kind: str = USUAL
    text: str = ""
    category: int | None = None
    order: str = ""
    count: int = field(default=0, init=False)
    value: Decimal = field(default=ZERO, init=False)

    def __getitem__(self, part: slice) -> list[SlowGoods]:
        start = part.start or 0
        return self.rows(start, None if part.stop is None else part.stop - start)

    def rows(self, start: int = 0, count: int | None = None) -> list[SlowGoods]:
        """`count` goods from the `start`th on; None: all of them. One statement, whose lots are summed before they meet the goods."""
        goods = narrowed_goods(self.shop, self.text, self.category, all_goods=True).order_by()
        try:
            sql, params = goods.values_list("pk", "name", "sku", "unit", F("category__name")).query.sql_with_params()
        except EmptyResultSet:  # words that nothing can match
            return []
        pick, values = self._pick()
        statement = STOCK.format(goods=sql, pick=pick, order=ORDERS[self.order])
        with connection.cursor() as cursor:
            cursor.execute(statement, [self.shop.pk, *params, self.shop.pk, *values, count, start])
            found = cursor.fetchall()
        if found:
            self.count, self.value = found[0][-2:]
        return [SlowGoods(*row[:-2]) for row in found]

    def _pick(self) -> tuple[str, list]:
        """The condition over the columns of `held`, and its values."""
        kind, days = KINDS[self.kind]
        if kind == COVER:
            return PICKS[kind], [days]
        today = shop_today()
        before = today - timedelta(days=days)
        return PICKS[kind], [before, before, self.shop.pk, end_of(today - timedelta(days=1))]
