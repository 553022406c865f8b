"""How this app locks: lots in id order, for as short as the act lasts. Every act that moves stock comes through here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from inventory.models import StockLot
from shops.models import Shop

LOCK = """
SELECT id, shop_id, product_id, batch, mrp, price, expiry, unit_cost, credit_rate, credit_igst, on_hand, value, created_at
  FROM inventory_stocklot WHERE shop_id = %s AND product_id = ANY(%s) ORDER BY id FOR NO KEY UPDATE
"""


def lock_lots(shop: Shop, product_ids: Iterable[int]) -> dict[int, list[StockLot]]:
    """Lock all lots of the products and return them by product, first-expiring first (lots without a date last, oldest first).

    `no key`, so that rows pointing at a lot may be written meanwhile. One order for everybody: no deadlock. Written by hand, since
    every bill asks it; a test holds Django's `select_for_update` against it.
    """
    lots: dict[int, list[StockLot]] = {}
    for lot in StockLot.objects.raw(LOCK, [shop.pk, list(product_ids)]):
        lots.setdefault(lot.product_id, []).append(lot)
    for rows in lots.values():
        rows.sort(key=lambda lot: (lot.expiry or date.max, lot.pk))
    return lots
