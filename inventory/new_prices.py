"""What goods that just came in, or were just packed, do to their product's MRP, selling price and cost. Rupees a piece."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from catalog.errors import CatalogError
from catalog.models import Product
from catalog.services import save_prices, set_prices_of
from inventory.errors import StockError
from inventory.services import LARGEST_PRICE
from shops.models import Shop, User
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


@dataclass(frozen=True)
class Arrival:
    """Goods that came in: what a piece of them cost, their MRP and the selling price asked for, all in rupees."""

    product: Product
    cost: Decimal
    mrp: Decimal | None = None
    sell_at: Decimal | None = None


def follow_goods(*, shop: Shop, by: User, came: Iterable[Arrival]) -> None:
    """Each product costs what it cost last; its MRP and price follow the goods when a selling price was given or the MRP allows it.

    One statement for all. Raises StockError with the sentence of the rule of the goods that was broken.
    """
    known: dict[int, Product] = {}
    changed: dict[int, Product] = {}
    for one in came:
        product = known.setdefault(one.product.pk, one.product)
        price = one.sell_at or product.price
        mrp = one.mrp if one.mrp is not None and one.mrp >= price else product.mrp
        if (price, mrp, one.cost) == (product.price, product.mrp, product.cost):
            continue
        try:
            set_prices_of(product, price=price, mrp=mrp, cost=one.cost)
        except CatalogError as wrong:
            raise StockError(wrong.code, f"{product.name}: {wrong.message}", wrong.field) from None
        changed[product.pk] = product
    save_prices(shop=shop, by=by, products=list(changed.values()))
