"""Opening stock as lines of text: one product a line, found by SKU or barcode. Every wrong line is told; nothing is written here."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from catalog.gst import rate_on
from catalog.models import Product
from catalog.pasted import BadLine, cut, in_columns
from catalog.selectors import products_by_codes
from inventory.errors import StockError
from inventory.services import Opening, checked_opening
from inventory.written_days import read_day
from shops.models import Shop
from smartkirana.dates import shop_today
from smartkirana.money import ZERO

MOST_LINES = 10_000
COLUMNS = ("code", "quantity", "cost", "mrp", "batch", "expiry")
HEADS = {
    "code": {"code", "sku", "barcode", "item code", "product code", "ean"},
    "quantity": {"quantity", "qty", "stock", "opening stock", "in stock", "units"},
    "cost": {"cost", "cost price", "unit cost", "rate", "purchase price", "cp"},
    "mrp": {"mrp", "m r p"},
    "batch": {"batch", "batch no", "lot"},
    "expiry": {"expiry", "best before", "exp", "expiry date", "use by"},
}


def read_openings(shop: Shop, text: str, *, credit: bool) -> tuple[list[Opening], list[BadLine]]:
    """The openings that the lines of `text` ask for, and every line that is wrong.

    Columns are code, quantity, cost, MRP, batch, best before; a first line of headings may put them in another order.
    An empty cost is the product's own. `credit`: input GST at the rate of the day was taken on all of it.
    Raises StockError "too_many_lines", "no_columns".
    """
    rows = cut(text, StockError)
    if len(rows) > MOST_LINES:
        raise StockError("too_many_lines", f"That is more than {MOST_LINES} lines. Enter them in parts.", "text")
    cells = in_columns(rows, COLUMNS, HEADS, needed=("code", "quantity"), refusal=StockError)
    products = products_by_codes(shop, [one.get("code", "") for _, one in cells])
    rates = _rates(products) if credit and shop.charges_gst else {}
    good, bad = [], []
    for number, one in cells:
        try:
            good.append(_opening(shop, one, products, rates))
        except StockError as error:
            bad.append(BadLine(number, one.get("code", "")[:60], error.message))
    return good, bad


def _rates(products: dict[str, Product]) -> dict[int, Decimal]:
    """GST percent of today by schedule line."""
    today = shop_today()
    return {
        goods: rate_on(today, goods).values_list("rate", flat=True).first() or ZERO for goods in {p.gst_goods_id for p in products.values()}
    }


def _opening(shop: Shop, cells: dict[str, str], products: dict[str, Product], rates: dict[int, Decimal]) -> Opening:
    code = cells.get("code", "")
    if not code:
        raise StockError("no_code", "There is no SKU or barcode on this line.")
    product = products.get(code.upper())
    if product is None:
        raise StockError("unknown_product", "No product of this shop has this SKU or barcode.")
    count = _read(cells, "quantity", _number)
    if count is None:
        raise StockError("bad_quantity", "There is no quantity on this line.")
    cost, mrp = _read(cells, "cost", _number), _read(cells, "mrp", _number)
    opening = Opening(
        product=product,
        quantity=count,
        unit_cost=product.cost if cost is None else cost,
        mrp=product.mrp if mrp is None else mrp,
        batch=cells.get("batch", ""),
        expiry=_read(cells, "expiry", read_day),
        credit_rate=rates.get(product.gst_goods_id, ZERO),
    )
    checked_opening(shop, opening)
    return opening


def _read[T](cells: dict[str, str], name: str, parse: Callable[[str], T]) -> T | None:
    """The cell's value, None when it is empty. Raises StockError quoting it when it cannot be read."""
    cell = cells.get(name, "")
    if not cell:
        return None
    try:
        return parse(cell)
    except (ValueError, InvalidOperation):
        word = {"quantity": "a quantity", "cost": "a cost", "mrp": "an MRP", "expiry": "a date such as 31/12/2026"}[name]
        raise StockError(f"bad_{name}", f"“{cell[:30]}” is not {word}.") from None


def _number(cell: str) -> Decimal:
    plain = cell.replace(",", "").replace("₹", "").strip()
    if len(plain) > 24 or "_" in plain or not (number := Decimal(plain)).is_finite():
        raise ValueError(cell)
    return number
