"""What one product can be sold at: a choice for each MRP its lots carry. Pure; the counter's fragment and the bill share it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from catalog.models import Product
from inventory.allocation import chosen_first, sellable
from inventory.models import StockLot
from smartkirana.money import ZERO


@dataclass(frozen=True)
class Choice:
    """Sell at `price` (rupees, GST in it) what carries `mrp`; `stock` in the product's unit, of which the first lot expires on `expiry`.

    own  the lot's own (clearance) price, when that is where the price comes from
    """

    mrp: Decimal | None
    price: Decimal
    stock: Decimal
    expiry: date | None
    batch: str
    own: Decimal | None = None


def choices(product: Product, lots: Sequence[StockLot], day: date) -> list[Choice]:
    """The ways to sell `product` on `day`, the first-expiring first; never empty.

    `lots` come in selling order. MRPs with goods in stock are offered; when there are none, the MRP sold last, else the product's own.
    """
    fresh = [lot for lot in lots if lot.expiry is None or lot.expiry >= day]
    in_stock = [lot for lot in fresh if lot.on_hand > 0]
    last = max(fresh, key=lambda lot: lot.pk, default=None)
    mrps = list(dict.fromkeys(lot.mrp for lot in in_stock)) or [last.mrp if last else product.mrp]
    return [choice(product, lots, mrp, day) for mrp in mrps]


def choice(product: Product, lots: Sequence[StockLot], mrp: Decimal | None, day: date, lot_id: int | None = None) -> Choice:
    """How `product` sells at one MRP, of the batch `lot_id` first if one is named.

    A lot may carry its own price; a price is never above the MRP.
    """
    fit = chosen_first(sellable(lots, mrp=mrp, day=day), lot_id)
    first = next((lot for lot in fit if lot.on_hand > 0), fit[-1] if fit else None)
    price = (first and first.price) or (product.price if mrp is None else min(product.price, mrp))
    stock = sum((lot.on_hand for lot in fit), ZERO)
    if first is None:
        return Choice(mrp=mrp, price=price, stock=stock, expiry=None, batch="")
    return Choice(mrp=mrp, price=price, stock=stock, expiry=first.expiry, batch=first.batch, own=first.price)
