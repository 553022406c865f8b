"""Reading stock: what runs low, what is below zero, a product's lots and its history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, DecimalField, F, FilteredRelation, Min, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from catalog.models import Product
from catalog.selectors import products_by_codes, search
from inventory.models import StockDocument, StockLot, StockMovement
from shops.models import Shop
from smartkirana.money import ZERO, quantity

NOTHING = quantity(0)
STOCK = DecimalField(max_digits=13, decimal_places=3)
SHOWN = ("shop", "name", "local_name", "sku", "unit", "min_stock", "max_stock", "reorder_quantity", "mrp", "cost", "category")


def with_lots(shop: Shop, products: QuerySet[Product]) -> QuerySet[Product]:
    """Products with `stock` (their unit), `lot_count` and `lowest` (the stock of the emptiest lot); lots are read once, grouped."""
    return products.annotate(
        own_lots=FilteredRelation("lots", condition=Q(lots__shop=shop)),
        stock=Coalesce(Sum("own_lots__on_hand"), Value(NOTHING), output_field=STOCK),
        lot_count=Count("own_lots"),
        lowest=Min("own_lots__on_hand"),
    )


@dataclass(frozen=True)
class LowStock:
    """Goods running low, to be sliced by a paginator: what is out first, then the smallest share of the minimum."""

    shop: Shop
    among: QuerySet[Product]
    out_only: bool = False

    def __getitem__(self, part: slice) -> list[Product]:
        start = part.start or 0
        figures = dict(lowest_first(self.shop, self.among, self.out_only, start, part.stop - start))
        goods = self.shop.products.select_related("category").only(*SHOWN, "category__name").in_bulk(list(figures))
        for pk, stock in figures.items():
            goods[pk].stock = stock
        return [goods[pk] for pk in figures]


def low_stock(shop: Shop, *, text: str = "", category: int | None = None, out_only: bool = False) -> LowStock:
    """Goods at or under their minimum, and goods sold out."""
    return LowStock(shop, _narrowed(shop, text, category), out_only)


def lowest_first(shop: Shop, among: QuerySet[Product], out_only: bool, start: int, count: int) -> list[tuple[int, Decimal]]:
    """(product id, stock in its unit) of a page of goods running low.

    SQL, because the lots must be summed before they meet the goods: the ORM joins first and takes several times as long
    on 20,000 products. The tests hold it against the ORM's answer.
    """
    try:
        goods, params = among.order_by().values("pk", "name", "min_stock").query.sql_with_params()
    except EmptyResultSet:  # words that nothing can match
        return []
    low = "coalesce(sums.stock, 0) <= 0 AND (p.min_stock > 0 OR sums.stock IS NOT NULL)"
    if not out_only:
        low = f"(p.min_stock > 0 AND coalesce(sums.stock, 0) <= p.min_stock) OR ({low})"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT p.id, coalesce(sums.stock, 0.000)
              FROM ({goods}) AS p (id, name, min_stock)
              LEFT JOIN (SELECT product_id, sum(on_hand) AS stock FROM inventory_stocklot WHERE shop_id = %s GROUP BY product_id) AS sums
                     ON sums.product_id = p.id
             WHERE {low}
             ORDER BY coalesce(sums.stock, 0) > 0, coalesce(sums.stock, 0) / nullif(p.min_stock, 0) NULLS LAST, p.name, p.id
             LIMIT %s OFFSET %s
            """,  # noqa: S608 every value is a parameter
            [*params, shop.pk, count, start],
        )
        return cursor.fetchall()


def below_zero(shop: Shop, *, text: str = "", category: int | None = None) -> QuerySet[Product]:
    """The check list: goods of which a lot is below zero, since more was sold than the books knew of; the deepest first."""
    short = StockLot.objects.filter(shop=shop, on_hand__lt=0).values("product_id")
    return with_lots(shop, _narrowed(shop, text, category, all_goods=True).filter(pk__in=short)).order_by("lowest", "name", "pk")


def below_zero_count(shop: Shop, most: int = 99) -> int:
    """How many goods are on the check list, counted up to `most`."""
    return shop.lots.filter(on_hand__lt=0).values("product_id").distinct()[:most].count()


def _narrowed(shop: Shop, text: str, category: int | None, *, all_goods: bool = False) -> QuerySet[Product]:
    products = shop.products.all() if all_goods else shop.products.filter(is_active=True)
    if text:
        products = search(products, text, shop=shop)
    if category:
        products = products.filter(category_id=category)
    return products.select_related("category").only(*SHOWN, "category__name")


def product_with_stock(shop: Shop, product_id: int) -> Product | None:
    """One product with its stock, or None when the shop has no such product."""
    return with_lots(shop, shop.products.select_related("category").filter(pk=product_id)).first()


def suggested_order(product: Product, stock: Decimal) -> Decimal:
    """How much to order, in the product's unit: up to the maximum, else twice the minimum; in whole lots of "order at a time"."""
    target = product.max_stock if product.max_stock is not None else product.min_stock * 2
    missing = target - stock
    step = product.reorder_quantity or Decimal(1)
    if missing <= 0:
        return quantity(product.reorder_quantity)
    return quantity((missing / step).to_integral_value(ROUND_CEILING) * step)


def find_products(shop: Shop, text: str, limit: int = 12) -> list[Product]:
    """Goods to choose from while typing a name or a code, with their stock."""
    if not text.strip():
        return []
    found = list(search(shop.products.filter(is_active=True), text, shop=shop).values_list("pk", flat=True)[:limit])
    by_id = with_lots(shop, shop.products.filter(pk__in=found)).in_bulk()
    return [by_id[pk] for pk in found]


def product_by_code(shop: Shop, text: str) -> Product | None:
    """The product that a scanned or typed code names exactly, or None."""
    return products_by_codes(shop, [text]).get(text.strip().upper())


def lots_of(product: Product, *, with_empty: bool = False, limit: int = 100) -> list[StockLot]:
    """A product's lots in the order they are sold; empty ones only when asked for, newest first after the rest."""
    lots = product.shop.lots.filter(product=product)
    there = list(lots.exclude(on_hand=0).order_by(F("expiry").asc(nulls_last=True), "pk")[:limit])
    return there + list(lots.filter(on_hand=0).order_by("-pk")[:limit]) if with_empty else there


def stock_of(product: Product) -> Decimal:
    """What is there of a product, in its unit: the sum of its lots."""
    return product.shop.lots.filter(product=product).aggregate(stock=Sum("on_hand", default=NOTHING))["stock"]


def value_of(product: Product) -> Decimal:
    """What a product's stock is worth at cost, rupees."""
    return product.shop.lots.filter(product=product).aggregate(value=Sum("value", default=ZERO))["value"]


def paper_sums(document: StockDocument) -> tuple[int, Decimal]:
    """How many lots a stock paper moved, and their value in rupees."""
    sums = _moves(document).aggregate(count=Count("pk"), value=Sum("value", default=ZERO))
    return sums["count"], sums["value"]


def paper_change(document: StockDocument) -> Decimal:
    """By how much a stock paper changed its product's stock."""
    return _moves(document).aggregate(change=Sum("quantity", default=NOTHING))["change"]


def _moves(document: StockDocument) -> QuerySet[StockMovement]:
    return document.shop.movements.filter(document=StockMovement.Document.STOCK_DOCUMENT, document_id=document.pk)


def movements_of(product: Product) -> QuerySet[StockMovement]:
    """A product's movements, newest first, with lot and person at hand."""
    return product.shop.movements.filter(product=product).select_related("lot", "by").order_by("-pk")


def put_running_stock(product: Product, page: list[StockMovement]) -> None:
    """Give the movements of a page (newest first) `running`: the stock after each. One statement, so that both sums are of one moment."""
    if not page:
        return
    newer = product.shop.movements.filter(product=product, pk__gt=page[0].pk).values("product").annotate(s=Sum("quantity")).values("s")
    lots = product.shop.lots.filter(product=product).values("product").annotate(s=Sum("on_hand")).values("s")
    after = lots.annotate(after=F("s") - Coalesce(newer, Value(NOTHING), output_field=STOCK)).values_list("after", flat=True)[0]
    for movement in page:
        movement.running = after
        after -= movement.quantity


class Papers(NamedTuple):
    """What stands behind movements, by document id: bill numbers, notes of stock papers, suppliers' bills and stock takes (id, number)."""

    bills: dict[int, str]
    notes: dict[int, str]
    purchases: dict[int, tuple[int, str]]
    takes: dict[int, tuple[int, str]]


def papers_of(shop: Shop, page: Iterable[StockMovement]) -> Papers:
    """The papers behind a page of movements; at most two queries."""
    ids: dict[str, set[int]] = {kind: set() for kind in StockMovement.Document.values}
    for movement in page:
        ids[movement.document].add(movement.document_id)
    bills = dict(shop.orders.filter(pk__in=ids[StockMovement.Document.ORDER]).values_list("pk", "bill_number"))
    papers = shop.stock_documents.filter(pk__in=ids[StockMovement.Document.STOCK_DOCUMENT]).annotate(
        bill_id=Coalesce("receipt", "purchase_return__receipt"),
        bill=Coalesce("receipt__bill_number", "purchase_return__receipt__bill_number"),
    )
    rows = list(papers.values_list("pk", "note", "bill_id", "bill", "stock_take", "stock_take__number"))
    return Papers(
        bills,
        {pk: note for pk, note, *_, take, _ in rows if not take},  # the note of a stock take's paper is its name
        {pk: (bill_id, bill) for pk, _, bill_id, bill, *_ in rows if bill_id},
        {pk: (take, str(number)) for pk, *_, take, number in rows if take},
    )
