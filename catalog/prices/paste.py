"""Prices of a list as lines of text: one price a line, found by SKU or barcode. Every wrong line is told; nothing is written here."""

from __future__ import annotations

from django.utils.translation import gettext as _

from catalog.errors import CatalogError
from catalog.importing.cells import BadCell, number
from catalog.models import PriceList, Product
from catalog.pasted import BadLine, cut, in_columns
from catalog.prices.services import Entry, checked_step, stored_least
from catalog.selectors import products_by_codes
from smartkirana.money import ZERO

MOST_LINES = 20_000
COLUMNS = ("code", "price", "least")
HEADS = {
    "code": {"code", "sku", "barcode", "item code", "product code", "ean"},
    "price": {"price", "rate", "list price", "selling price", "wholesale", "wholesale price"},
    "least": {"from", "from quantity", "quantity", "qty", "minimum", "min", "minimum quantity", "min quantity", "min qty", "moq"},
}


def read_prices(price_list: PriceList, text: str) -> tuple[list[Entry], list[BadLine]]:
    """The prices that the lines of `text` ask for, and every line that is wrong.

    Columns are code, price, from quantity (empty: any); a first line of headings may put them in another order. A line with an empty
    price takes that price off the list. Raises CatalogError "too_many_lines", "no_columns".
    """
    rows = cut(text, CatalogError)
    if len(rows) > MOST_LINES:
        raise CatalogError("too_many_lines", _("That is more than {count} lines. Enter them in parts.").format(count=MOST_LINES), "text")
    cells = in_columns(rows, COLUMNS, HEADS, needed=("code", "price"), refusal=CatalogError)
    products = products_by_codes(price_list.shop, [one.get("code", "") for _, one in cells])
    good: dict[tuple, Entry] = {}
    bad = []
    for line, one in cells:
        try:
            entry = _entry(price_list, one, products)
            if good.setdefault((entry.product.pk, entry.least), entry) is not entry:
                raise CatalogError("twice", _("A line above gives a price from the same quantity."))
        except CatalogError as error:
            bad.append(BadLine(line, one.get("code", "")[:60], error.message))
    return list(good.values()), bad


def _entry(price_list: PriceList, cells: dict[str, str], products: dict[str, Product]) -> Entry:
    code = cells.get("code", "")
    if not code:
        raise CatalogError("no_code", _("There is no SKU or barcode on this line."))
    product = products.get(code.upper())
    if product is None:
        raise CatalogError("unknown_product", _("No product of this shop has this SKU or barcode."))
    least = _figure(cells.get("least", ""), 3) or ZERO
    price = _figure(cells.get("price", ""), 2)
    if price is None:
        return Entry(product, stored_least(product, least), None)
    return Entry(product, *checked_step(product, price_list, least, price))


def _figure(cell: str, places: int):
    """The cell's number, None when it is empty. Raises CatalogError quoting it."""
    if not cell:
        return None
    try:
        return number(cell, places)
    except BadCell as bad:
        raise CatalogError("bad_figure", f"“{cell[:30]}”: {bad}") from None
