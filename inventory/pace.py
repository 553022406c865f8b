"""The pace of selling: worked out once a shop day, and what to order by it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import ROUND_CEILING, Decimal
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from catalog.models import Product
from inventory.models import PaceDay
from shops.models import Shop
from smartkirana.dates import shop_today
from smartkirana.money import ZERO, quantity

SPAN = 28  # days that the pace is taken over
LEAST_SPAN = 7  # goods that came later are not judged by less
LEAD_DAYS = 2  # from order to goods, where the supplier is not known
SAFETY_DAYS = 3  # goods are listed so many days before an order must go out
COVER_DAYS = 7  # an order lasts so long after it came
WALL = ZoneInfo("Asia/Kolkata")

# One row for each product of the shop; a row whose figures stay the same is not written again.
WORK_OUT = """
WITH sold AS MATERIALIZED (
    SELECT product_id, greatest(-sum(quantity), 0) AS sold
      FROM inventory_stockmovement
     WHERE at >= %(start)s AND at < %(end)s AND shop_id = %(shop)s AND reason IN ('sale', 'cancelled', 'came_back')
     GROUP BY product_id
), came AS (
    SELECT sold.product_id, sold.sold,
           least(%(span)s, greatest(%(least)s, %(today)s::date - (first.at AT TIME ZONE 'Asia/Kolkata')::date)) AS days
      FROM sold
     CROSS JOIN LATERAL (SELECT at FROM inventory_stockmovement AS m
                          WHERE m.shop_id = %(shop)s AND m.product_id = sold.product_id ORDER BY m.id LIMIT 1) AS first
), last AS (
    SELECT p.id AS product_id, newest.day
      FROM catalog_product AS p
     CROSS JOIN LATERAL (SELECT (at AT TIME ZONE 'Asia/Kolkata')::date AS day FROM inventory_stockmovement AS m
                          WHERE m.shop_id = %(shop)s AND m.product_id = p.id AND m.reason = 'sale' AND m.at < %(end)s
                          ORDER BY m.id DESC LIMIT 1) AS newest
     WHERE p.shop_id = %(shop)s
), bought AS (
    SELECT DISTINCT ON (line.product_id) line.product_id, receipt.supplier_id
      FROM inventory_receiptline AS line JOIN inventory_goodsreceipt AS receipt ON receipt.id = line.receipt_id
     WHERE line.shop_id = %(shop)s ORDER BY line.product_id, line.id DESC
)
INSERT INTO inventory_salespace AS known (shop_id, product_id, supplier_id, sold_28, days, per_day, last_sold)
SELECT %(shop)s, p.id, bought.supplier_id, coalesce(came.sold, 0), coalesce(came.days, %(span)s),
       round(coalesce(came.sold / came.days, 0), 4), last.day
  FROM catalog_product AS p LEFT JOIN came ON came.product_id = p.id LEFT JOIN bought ON bought.product_id = p.id
  LEFT JOIN last ON last.product_id = p.id
 WHERE p.shop_id = %(shop)s
    ON CONFLICT (shop_id, product_id) DO UPDATE
       SET supplier_id = excluded.supplier_id, sold_28 = excluded.sold_28, days = excluded.days, per_day = excluded.per_day,
           last_sold = excluded.last_sold
     WHERE (known.supplier_id, known.sold_28, known.days, known.per_day, known.last_sold)
           IS DISTINCT FROM (excluded.supplier_id, excluded.sold_28, excluded.days, excluded.per_day, excluded.last_sold)
"""


def fresh_pace(shop: Shop) -> bool:
    """Work out the shop's paces unless that was done today; True when this call did it. Two calls at once do it once."""
    today = shop_today()
    if PaceDay.objects.filter(shop=shop, computed_on__gte=today).exists():
        return False
    with transaction.atomic():
        PaceDay.objects.get_or_create(shop=shop)
        known = PaceDay.objects.select_for_update(no_key=True).get(shop=shop)
        if known.computed_on and known.computed_on >= today:
            return False
        work_out(shop, today)
        known.computed_on = today
        known.save(update_fields=["computed_on"])
    return True


def work_out(shop: Shop, today: date) -> None:
    """Write the paces of all goods of the shop from the 28 whole days before `today`. One statement."""
    end = datetime.combine(today, time(), WALL)
    span = {"start": end - timedelta(days=SPAN), "end": end, "today": today, "span": SPAN, "least": LEAST_SPAN}
    with connection.cursor() as cursor:
        cursor.execute(WORK_OUT, span | {"shop": shop.pk})


def suggested_order(product: Product, stock: Decimal, per_day: Decimal = ZERO, lead_days: int = LEAD_DAYS) -> Decimal:
    """How much to order, in the product's unit and in whole lots of "order at a time"; never below zero.

    With a pace (units a day): enough until the goods are there and seven days on, and at least up to the maximum or minimum.
    Without one: up to the maximum, else twice the minimum.
    """
    if per_day > 0:
        level = product.min_stock if product.max_stock is None else product.max_stock
        target = max(per_day * (lead_days + COVER_DAYS), level)
    else:
        target = product.max_stock if product.max_stock is not None else product.min_stock * 2
    missing = target - stock
    step = product.reorder_quantity or Decimal(1)
    if missing <= 0:
        return quantity(0) if per_day > 0 else quantity(product.reorder_quantity)
    return quantity((missing / step).to_integral_value(ROUND_CEILING) * step)
