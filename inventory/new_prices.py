"""What goods that just came in, or were just packed, do to their product's MRP, selling price and cost. Rupees a piece."""

from __future__ import annotations

from decimal import Decimal

from catalog.errors import CatalogError
from catalog.models import Product
from catalog.services import change_prices
from inventory.errors import StockError
from inventory.services import LARGEST_PRICE
from shops.models import User
from smartkirana.money import money, rupees


def check_new_prices(*, mrp: Decimal | None, sell_at: Decimal | None, place: str) -> None:
    """Both in rupees and paise, above zero, and nobody sells above MRP. `place` is the line: "lines-2".

    Raises StockError "bad_mrp", "bad_price", "above_mrp" with the line's field.
    """
    for field, amount in (("mrp", mrp), ("sell_at", sell_at)):
        if amount is not None and (not amount.is_finite() or not 0 < amount <= LARGEST_PRICE or amount != money(amount)):
            raise StockError("bad_mrp" if field == "mrp" else "bad_price", "Write rupees and paise, above zero.", f"{place}-{field}")
    if sell_at and mrp and sell_at > mrp:
        raise StockError("above_mrp", f"{rupees(sell_at)} is above the MRP. Nobody may sell above MRP.", f"{place}-sell_at")


def follow_goods(*, product: Product, by: User, cost: Decimal, mrp: Decimal | None, sell_at: Decimal | None) -> None:
    """The product costs what it cost last; its MRP and price follow the goods when a selling price was given or the MRP allows it.

    Raises StockError with the sentence of the rule of the goods that was broken.
    """
    price = sell_at or product.price
    new_mrp = mrp if mrp is not None and mrp >= price else product.mrp
    if (price, new_mrp, cost) == (product.price, product.mrp, product.cost):
        return
    try:
        change_prices(product=product, by=by, price=price, mrp=new_mrp, cost=cost)
    except CatalogError as wrong:
        raise StockError(wrong.code, f"{product.name}: {wrong.message}", wrong.field) from None
