"""Which goods are to have labels, how many, and what stands on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import ROUND_CEILING, Decimal

from django.db.models import F, Q
from django.utils import timezone

from catalog.models import Barcode, Product
from catalog.own_codes import give_own_codes, own_code, own_prefix
from inventory.contents import size_in_words
from inventory.errors import StockError
from inventory.label_drawing import Label
from inventory.models import GoodsReceipt, Repack, StockDocument, StockLot, StockMovement
from shops.models import Shop

MOST_ROWS = 200
MOST_LABELS = 2000


@dataclass(frozen=True)
class Labelled:
    """Goods that get labels: a product, and the lot whose MRP, date and batch are printed; `count` labels."""

    product: Product
    lot: StockLot | None = None
    count: int = 1


# --- where they come from -------------------------------------------------------------------------------------
def of_receipt(receipt: GoodsReceipt) -> list[Labelled]:
    """A label for every piece that came with a supplier's bill; one a line for loose goods."""
    lines = receipt.lines.select_related("product", "lot")[:MOST_ROWS]
    return [Labelled(line.product, line.lot, _pieces(line.product, line.quantity)) for line in lines]


def of_repack(shop: Shop, repack: Repack) -> list[Labelled]:
    """A label for every packet that was made; those that filled lots below zero get the new lot's."""
    made = shop.movements.filter(
        document=StockMovement.Document.STOCK_DOCUMENT, document_id=repack.document_id, quantity__gt=0
    ).select_related("product", "lot")
    lines: dict[int, Labelled] = {}
    for move in made.order_by("document_line", "pk"):
        count = _pieces(move.product, move.quantity)
        known = lines.get(move.document_line)
        lines[move.document_line] = Labelled(move.product, move.lot, count + (known.count if known and not _loose(move.product) else 0))
    return list(lines.values())[:MOST_ROWS]


def of_price_changes(shop: Shop, since: date) -> list[Labelled]:
    """One label for each of the goods on sale whose price or MRP changed from that day on, by the shop's clock."""
    start = datetime.combine(since, time.min, tzinfo=timezone.get_default_timezone())
    changed = shop.price_changes.filter(at__gte=start).exclude(Q(old_price=F("price")) & (Q(old_mrp=F("mrp")) | Q(old_mrp=None, mrp=None)))
    goods = shop.products.filter(pk__in=changed.values("product_id"), is_active=True).defer("search_text", "search_vector")
    return [Labelled(product) for product in goods.order_by("name", "pk")[:MOST_ROWS]]


def _pieces(product: Product, count: Decimal) -> int:
    return 1 if _loose(product) else min(int(count.to_integral_value(ROUND_CEILING)), MOST_LABELS)


def _loose(product: Product) -> bool:
    return bool(product.decimals) or product.unit in ("g", "ml")


# --- what stands on them --------------------------------------------------------------------------------------
def labels_of(shop: Shop, rows: Sequence[Labelled], *, own_codes: bool) -> list[Label]:
    """One label for each row; `count` is for the printer. Three queries, however many rows.

    own_codes  goods without a barcode show the shop's own code they have, or would get; else their SKU
    """
    goods = {row.product.pk: row.product for row in rows}
    codes = known_codes(shop, goods)
    bare = [product for pk, product in goods.items() if pk not in codes]
    prefix = own_prefix(shop) if own_codes and bare else ""
    for product in bare:
        codes[product.pk] = own_code(prefix, product) if prefix else product.sku
    packed = _packed_on(shop, [row.lot for row in rows if row.lot])
    return [_label(shop, row, codes[row.product.pk], packed.get(row.lot.pk) if row.lot else None) for row in rows]


def known_codes(shop: Shop, ids: Iterable[int]) -> dict[int, str]:
    """Product id → its first barcode that stands for one piece; a carton's code is not for the piece in it."""
    rows = Barcode.objects.filter(shop=shop, product__in=list(ids), pack_quantity=1).order_by("-pk")
    return dict(rows.values_list("product_id", "code"))


def put_own_codes(shop: Shop, rows: Sequence[Labelled]) -> None:
    """Goods without a barcode get the shop's own, before it is printed. Raises CatalogError "no_prefix"."""
    goods = {row.product.pk: row.product for row in rows}
    known = known_codes(shop, goods)
    give_own_codes(shop=shop, products=[product for pk, product in goods.items() if pk not in known])


def _packed_on(shop: Shop, lots: Sequence[StockLot]) -> dict[int, date]:
    """Lot id → the day it was packed here; bought goods have none."""
    moves = shop.movements.filter(lot__in=lots, reason=StockMovement.Reason.REPACK, quantity__gt=0)
    papers = dict(moves.order_by("-pk").values_list("lot_id", "document_id"))
    days = dict(StockDocument.objects.filter(shop=shop, pk__in=papers.values()).values_list("pk", "day")) if papers else {}
    return {lot: days[paper] for lot, paper in papers.items() if paper in days}


def _label(shop: Shop, row: Labelled, code: str, packed: date | None) -> Label:
    product, lot = row.product, row.lot
    mrp = lot.mrp if lot else product.mrp
    price = lot.price if lot and lot.price is not None else product.price
    return Label(
        name=product.name,
        code=code,
        shop=shop.name,
        unit=product.unit,
        mrp=mrp,
        price=min(price, mrp) if mrp is not None else price,
        net=size_in_words(product),
        packed=packed,
        best_before=lot.expiry if lot else None,
        batch=lot.batch if lot else "",
        fssai=shop.fssai,
    )


def repeated(labels: Sequence[Label], rows: Sequence[Labelled]) -> list[Label]:
    """Every label as often as it is wanted. Raises StockError "no_labels", "too_many"."""
    total = sum(row.count for row in rows)
    if not total:
        raise StockError("no_labels", "Choose goods, and how many labels of each.")
    if total > MOST_LABELS:
        raise StockError("too_many", f"{total} labels at once are too many: at most {MOST_LABELS}. Print a part of them first.")
    return [label for label, row in zip(labels, rows, strict=True) for _ in range(row.count)]
