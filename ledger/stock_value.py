"""What the stock was worth at the end of a day, by lot cost, product by product: to the paisa what account 1003 held that day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.db.models import Sum

from ledger import chart
from shops.models import Shop
from smartkirana.money import ZERO

# A bill's and a credit note's movements count on the day their event has in the books, a stock paper's on the day of the
# paper: as the books post them.
WORTH = """
WITH later AS (
    SELECT moved.product_id, moved.quantity, moved.value
      FROM orders_orderevent AS event
      JOIN inventory_stockmovement AS moved
        ON moved.shop_id = event.shop_id AND moved.document = 'order' AND moved.document_id = event.order_id
       AND moved.reason = CASE event.kind WHEN 'placed' THEN 'sale' ELSE 'cancelled' END
     WHERE event.shop_id = %(shop)s AND event.day > %(day)s AND event.kind IN ('placed', 'cancelled')
    UNION ALL
    SELECT moved.product_id, moved.quantity, moved.value
      FROM orders_orderevent AS event
      JOIN inventory_stockmovement AS moved
        ON moved.shop_id = event.shop_id AND moved.document = 'credit' AND moved.document_id = event.credit_note_id
     WHERE event.shop_id = %(shop)s AND event.day > %(day)s AND event.kind = 'returned'
    UNION ALL
    SELECT moved.product_id, moved.quantity, moved.value
      FROM inventory_stockdocument AS paper
      JOIN inventory_stockmovement AS moved
        ON moved.shop_id = paper.shop_id AND moved.document = 'stock' AND moved.document_id = paper.id
     WHERE paper.shop_id = %(shop)s AND paper.day > %(day)s
), since AS (SELECT product_id, sum(quantity) AS quantity, sum(value) AS value FROM later GROUP BY product_id),
there AS (
    SELECT product_id, sum(on_hand) AS quantity, sum(value) AS value
      FROM inventory_stocklot WHERE shop_id = %(shop)s GROUP BY product_id
)
SELECT product.id, product.name, product.sku, product.unit, product.category_id, coalesce(category.name, ''),
       there.quantity - coalesce(since.quantity, 0), there.value - coalesce(since.value, 0)
  FROM there
  LEFT JOIN since ON since.product_id = there.product_id
  JOIN catalog_product AS product ON product.id = there.product_id
  LEFT JOIN catalog_category AS category ON category.id = product.category_id
 WHERE there.quantity - coalesce(since.quantity, 0) <> 0 OR there.value - coalesce(since.value, 0) <> 0
"""


class Worth(NamedTuple):
    """A product's stock at the end of the day: quantity in its unit, value in rupees by the cost of its lots."""

    product_id: int
    name: str
    sku: str
    unit: str
    category_id: int | None
    category: str
    quantity: Decimal
    value: Decimal

    @property
    def each(self) -> Decimal | None:
        """Rupees a unit, on average of its lots."""
        return self.value / self.quantity if self.quantity else None


SORTS = {
    "value": lambda row: (-row.value, row.name.casefold()),
    "name": lambda row: (row.name.casefold(), row.product_id),
    "quantity": lambda row: (-row.quantity, row.name.casefold()),
}


@dataclass
class StockValue:
    """The stock of a day: `rows` as narrowed and sorted, `categories` (name, products, rupees) the dearest first, `booked` on 1003."""

    day: date
    rows: list[Worth]
    categories: list[tuple[str, int, Decimal]] = field(default_factory=list)
    total: Decimal = ZERO
    booked: Decimal = ZERO

    @property
    def agrees(self) -> bool:
        return self.total == self.booked

    @property
    def shown(self) -> Decimal:
        """Rupees of the rows."""
        return sum((row.value for row in self.rows), ZERO)


def worth_on(shop: Shop, day: date) -> list[Worth]:
    """Every product that had stock, or stock below zero, at the end of `day`. One statement: what is there less what moved since."""
    with connection.cursor() as cursor:
        cursor.execute(WORTH, {"shop": shop.pk, "day": day})
        return [Worth(*row) for row in cursor.fetchall()]


def stock_value(shop: Shop, day: date, *, text: str = "", category: int | None = None, sort: str = "value") -> StockValue:
    """The stock of `day` beside account 1003. `text` and `category` narrow the rows, never the totals."""
    every = worth_on(shop, day)
    rows = [row for row in every if _fits(row, text.casefold().split(), category)]
    total = sum((row.value for row in every), ZERO)
    return StockValue(day, sorted(rows, key=SORTS[sort]), _by_category(every), total, booked_on(shop, day))


def booked_on(shop: Shop, day: date) -> Decimal:
    """Balance of account 1003 at the end of `day`, rupees."""
    postings = shop.postings.filter(account__shop=shop, account__code=chart.INVENTORY, date__lte=day)
    return postings.aggregate(net=Sum("debit", default=ZERO) - Sum("credit", default=ZERO))["net"]


def _fits(row: Worth, words: Iterable[str], category: int | None) -> bool:
    if category and row.category_id != category:
        return False
    said = f"{row.name} {row.sku}".casefold()
    return all(word in said for word in words)


def _by_category(rows: Iterable[Worth]) -> list[tuple[str, int, Decimal]]:
    sums: dict[str, tuple[int, Decimal]] = {}
    for row in rows:
        count, value = sums.get(row.category, (0, ZERO))
        sums[row.category] = (count + 1, value + row.value)
    return sorted(((name, *both) for name, both in sums.items()), key=lambda one: (-one[2], one[0]))
