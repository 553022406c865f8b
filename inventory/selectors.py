"""Reading stock: what runs low, what is below zero, a product's lots and its history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, DecimalField, F, FilteredRelation, Min, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from catalog.models import Product
from catalog.selectors import products_by_codes, search
from inventory.models import SalesPace, StockDocument, StockLot, StockMovement
from inventory.pace import LEAD_DAYS, SAFETY_DAYS
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
class Narrowing:
    """What the list of goods running low is narrowed to. `within`: only what is gone in so many days at its pace."""

    text: str = ""
    category: int | None = None
    supplier: int | None = None
    out_only: bool = False
    within: int | None = None


@dataclass(frozen=True)
class LowStock:
    """Goods running low, to be sliced by a paginator: what is out first, then the fewest days left, then the smallest share of the minimum.

    Each with `stock`, `per_day` (units), `days_left`, `whole_days` (None: it does not sell), `lead_days`, `supplier_id`, `supplier_name`.
    """

    shop: Shop
    among: QuerySet[Product]
    narrowing: Narrowing

    def __getitem__(self, part: slice) -> list[Product]:
        start = part.start or 0
        figures = lowest_first(self.shop, self.among, self.narrowing, start, part.stop - start)
        ids = [row[0] for row in figures]
        goods = self.shop.products.select_related("category").only(*SHOWN, "category__name").in_bulk(ids)
        for row in figures:
            _put_figures(goods[row[0]], row[1:])
        return [goods[pk] for pk in ids]


def low_stock(shop: Shop, narrowing: Narrowing | None = None) -> LowStock:
    """Goods at or under their minimum, goods sold out, and goods gone before an order of today could be there with days to spare."""
    wanted = narrowing or Narrowing()
    return LowStock(shop, narrowed_goods(shop, wanted.text, wanted.category), wanted)


def _put_figures(product: Product, figures: tuple) -> None:
    for name, value in zip(("stock", "per_day", "days_left", "lead_days", "supplier_id", "supplier_name"), figures, strict=True):
        setattr(product, name, value)
    product.whole_days = None if product.days_left is None else int(product.days_left)


# Summing the lots of 20,000 products takes half of the time, and few run low. So `near` leaves out first what one of its lots
# alone is more than enough for, unless another of its lots is below zero; only what is left is summed and judged.
WITH_PACE = """
WITH near AS MATERIALIZED (
    SELECT p.id, p.name, p.min_stock, pace.per_day, coalesce(supplier.lead_days, %s) AS lead_days,
           supplier.id AS supplier_id, coalesce(supplier.name, '') AS supplier_name
      FROM ({goods}) AS p (id, name, min_stock)
      LEFT JOIN inventory_salespace AS pace ON pace.shop_id = %s AND pace.product_id = p.id
      LEFT JOIN (SELECT id, name, lead_days, greatest(lead_days + %s, %s)::numeric AS reach
                   FROM inventory_supplier WHERE shop_id = %s AND is_active) AS supplier ON supplier.id = pace.supplier_id
     WHERE NOT EXISTS (SELECT FROM inventory_stocklot AS lot
                        WHERE lot.shop_id = %s AND lot.product_id = p.id AND lot.on_hand > 0 AND lot.on_hand > p.min_stock
                          AND lot.on_hand > coalesce(pace.per_day * coalesce(supplier.reach, %s), 0)
                          AND NOT EXISTS (SELECT FROM inventory_stocklot AS short
                                           WHERE short.shop_id = %s AND short.product_id = lot.product_id AND short.on_hand < 0))
)
SELECT near.id, name, min_stock, coalesce(sums.stock, 0.000) AS stock, sums.stock IS NOT NULL AS came, coalesce(per_day, 0) AS per_day,
       CASE WHEN per_day > 0 THEN greatest(coalesce(sums.stock, 0), 0) / per_day END AS days_left,
       lead_days, supplier_id, supplier_name
  FROM near
  LEFT JOIN (SELECT product_id, sum(on_hand) AS stock FROM inventory_stocklot
              WHERE shop_id = %s AND product_id IN (SELECT id FROM near) GROUP BY product_id) AS sums ON sums.product_id = near.id
"""
FIGURES = "id, stock, per_day, days_left, lead_days, supplier_id, supplier_name"


def _with_pace(shop: Shop, among: QuerySet[Product], within: int | None) -> tuple[str, list]:
    """`WITH_PACE` and its values: all goods that run low or are gone `within` so many days, and some more. Raises EmptyResultSet."""
    goods, params = among.order_by().values("pk", "name", "min_stock").query.sql_with_params()
    reach = 0 if within is None else within + 1  # a day more, lest a quotient be rounded down to `within`
    most = max(LEAD_DAYS + SAFETY_DAYS, reach)
    values = [LEAD_DAYS, *params, shop.pk, SAFETY_DAYS, reach, shop.pk, shop.pk, most, shop.pk, shop.pk]
    return WITH_PACE.format(goods=goods), values


def lowest_first(shop: Shop, among: QuerySet[Product], wanted: Narrowing, start: int, count: int) -> list[tuple]:
    """`FIGURES` of a page of goods running low.

    SQL, because the lots must be summed before they meet the goods: the ORM joins first and takes several times as long
    on 20,000 products. The tests hold it against plain Python.
    """
    try:
        held, values = _with_pace(shop, among, wanted.within)
    except EmptyResultSet:  # words that nothing can match
        return []
    low, more = _low(wanted)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT {FIGURES} FROM ({held}) AS held WHERE {low}
             ORDER BY stock > 0, days_left NULLS LAST, stock / nullif(min_stock, 0) NULLS LAST, name, id LIMIT %s OFFSET %s
            """,  # noqa: S608 every value is a parameter
            [*values, *more, count, start],
        )
        return cursor.fetchall()


def low_count(shop: Shop, wanted: Narrowing) -> int:
    """How many goods `low_stock` lists."""
    try:
        held, values = _with_pace(shop, narrowed_goods(shop, wanted.text, wanted.category), wanted.within)
    except EmptyResultSet:
        return 0
    low, more = _low(wanted)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({held}) AS held WHERE {low}", [*values, *more])  # noqa: S608 every value is a parameter
        return cursor.fetchone()[0]


def _low(wanted: Narrowing) -> tuple[str, list]:
    """The condition that picks, over the columns of `WITH_PACE`, and its values."""
    out = "(stock <= 0 AND (min_stock > 0 OR came OR per_day > 0))"
    low, values = out, []
    if not wanted.out_only:
        low = f"({out} OR min_stock > 0 AND stock <= min_stock OR per_day > 0 AND stock <= per_day * (lead_days + %s))"
        values = [SAFETY_DAYS]
    if wanted.within is not None:
        low, values = (f"{out} AND days_left <= %s" if wanted.out_only else "days_left <= %s"), [wanted.within]
    if wanted.supplier:
        low, values = f"{low} AND supplier_id = %s", [*values, wanted.supplier]
    return low, values


def runs_out_count(shop: Shop, days: int) -> int:
    """How many goods on sale are there now and gone within `days` at their pace."""
    held, values = _with_pace(shop, shop.products.filter(is_active=True), days)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({held}) AS held WHERE stock > 0 AND days_left <= %s", [*values, days])  # noqa: S608
        return cursor.fetchone()[0]


def below_zero(shop: Shop, *, text: str = "", category: int | None = None) -> QuerySet[Product]:
    """The check list: goods of which a lot is below zero, since more was sold than the books knew of; the deepest first."""
    short = StockLot.objects.filter(shop=shop, on_hand__lt=0).values("product_id")
    return with_lots(shop, narrowed_goods(shop, text, category, all_goods=True).filter(pk__in=short)).order_by("lowest", "name", "pk")


def below_zero_count(shop: Shop, most: int = 99) -> int:
    """How many goods are on the check list, counted up to `most`."""
    return shop.lots.filter(on_hand__lt=0).values("product_id").distinct()[:most].count()


def narrowed_goods(shop: Shop, text: str, category: int | None, *, all_goods: bool = False) -> QuerySet[Product]:
    """The shop's goods that the words find and that are of the category; those on sale, unless `all_goods`."""
    products = shop.products.all() if all_goods else shop.products.filter(is_active=True)
    if text:
        products = search(products, text, shop=shop)
    if category:
        products = products.filter(category_id=category)
    return products.select_related("category").only(*SHOWN, "category__name")


def product_with_stock(shop: Shop, product_id: int) -> Product | None:
    """One product with its stock, or None when the shop has no such product."""
    return with_lots(shop, shop.products.select_related("category").filter(pk=product_id)).first()


def put_pace(product: Product, pace: SalesPace | None = None) -> None:
    """Give a product with `stock` the figures that it has on the list of goods running low. One query, none with its `pace`."""
    if pace is None:
        pace = SalesPace.objects.filter(shop=product.shop_id, product=product).select_related("supplier").first() or SalesPace()
    days_left = max(product.stock, ZERO) / pace.per_day if pace.per_day else None
    supplier = pace.supplier if pace.supplier and pace.supplier.is_active else None
    figures = (supplier.lead_days, supplier.pk, supplier.name) if supplier else (LEAD_DAYS, None, "")
    _put_figures(product, (product.stock, pace.per_day, days_left, *figures))


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


class Paper(NamedTuple):
    """What stands behind a movement of the stock room: the note; a supplier's bill, a packing or a stock take by id and number."""

    note: str
    receipt: int | None
    bill: str
    repack: int | None
    take: int | None
    take_number: int | None


NO_PAPER = Paper("", None, "", None, None, None)


def papers_of(shop: Shop, page: Iterable[StockMovement]) -> tuple[dict[int, str], dict[int, Paper]]:
    """What stands behind a page of movements, by document id: numbers of bills, and papers of the stock room. At most two queries."""
    ids: dict[str, set[int]] = {kind: set() for kind in StockMovement.Document.values}
    for movement in page:
        ids[movement.document].add(movement.document_id)
    bills = dict(shop.orders.filter(pk__in=ids[StockMovement.Document.ORDER]).values_list("pk", "bill_number"))
    papers = shop.stock_documents.filter(pk__in=ids[StockMovement.Document.STOCK_DOCUMENT]).annotate(
        bill_id=Coalesce("receipt", "purchase_return__receipt"),
        bill=Coalesce("receipt__bill_number", "purchase_return__receipt__bill_number", Value("")),
    )
    shown = ("pk", "note", "bill_id", "bill", "repack", "stock_take", "stock_take__number")
    return bills, {pk: Paper(*rest) for pk, *rest in papers.values_list(*shown)}
