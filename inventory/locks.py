"""How this app locks: lots in id order, for as short as the act lasts. Every act that moves stock comes through here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from inventory.models import StockLot
from shops.models import Shop


def lock_lots(shop: Shop, product_ids: Iterable[int]) -> dict[int, list[StockLot]]:
    """Lock all lots of the products and return them by product, first-expiring first (lots without a date last, oldest first).

    `no_key`, so that rows pointing at a lot may be written meanwhile. One order for everybody: no deadlock.
    """
    lots: dict[int, list[StockLot]] = {}
    for lot in shop.lots.filter(product_id__in=list(product_ids)).order_by("pk").select_for_update(of=("self",), no_key=True):
        lots.setdefault(lot.product_id, []).append(lot)
    for rows in lots.values():
        rows.sort(key=lambda lot: (lot.expiry or date.max, lot.pk))
    return lots
