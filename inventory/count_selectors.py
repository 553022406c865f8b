"""Reading stock takes: the list, how far the counting is, what is left, and what the owner decides on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum

from catalog.models import Product
from catalog.selectors import search
from inventory.count_plan import CountedGoods, counted_goods, put_lots, work_out
from inventory.count_scope import in_scope, label_words, standing, uncounted_lots
from inventory.models import CountEntry, StockLot, StockMovement, StockTake
from inventory.purchase_selectors import goods_by_code
from shops.models import Shop, User
from smartkirana.money import ZERO

MOST_FOUND = 12
MINE = 10
SORTS = ("value", "name")
NARROW = ("search_text", "search_vector")


def stock_takes(shop: Shop) -> QuerySet[StockTake]:
    """The shop's stock takes, the newest first."""
    return shop.stock_takes.select_related("category", "opened_by", "decided_by").order_by("-pk")


def take_of(shop: Shop, take_id: int) -> StockTake | None:
    """One stock take of the shop; None when it has no such."""
    take = stock_takes(shop).filter(pk=take_id).first()
    if take is not None:
        take.shop = shop
    return take


def scope_words(take: StockTake) -> str:
    """What a stock take is about, for people."""
    return take.category.name if take.category else take.shelf or take.words


def shelves_of(shop: Shop, most: int = 300) -> list[str]:
    """The shelves that goods are said to stand on, by name."""
    return list(shop.products.exclude(shelf="").order_by("shelf").values_list("shelf", flat=True).distinct()[:most])


def progress(take: StockTake) -> tuple[int, int]:
    """How many goods are counted, and how many there are. Two queries."""
    counted = standing(take).aggregate(n=Count("product", distinct=True))["n"]
    return counted, max(in_scope(take).order_by().count(), counted)


def left_to_count(take: StockTake, text: str = "") -> QuerySet[Product]:
    """Goods of which nothing is counted yet, by name."""
    counted = standing(take).filter(product=OuterRef("pk"))
    goods = in_scope(take).exclude(Exists(counted)).select_related("category").defer(*NARROW)
    return search(goods, text, shop=take.shop) if text else goods.order_by("name", "pk")


def find_goods(take: StockTake, text: str) -> list[Product]:
    """Goods of the stock take to choose from while typing; never with their stock."""
    if not text.strip():
        return []
    return list(search(in_scope(take).select_related("category").defer(*NARROW), text, shop=take.shop)[:MOST_FOUND])


def goods_of_code(take: StockTake, text: str) -> tuple[Product | None, Decimal, bool]:
    """The product that a code names, how many pieces the code stands for, and whether it is of this stock take."""
    product, pack = goods_by_code(take.shop, text)
    return product, pack, product is not None and in_scope(take).filter(pk=product.pk).exists()


def my_entries(take: StockTake, by: User, most: int = MINE) -> list[CountEntry]:
    """What one person counted last, the newest first, entries taken back included and their reverses not."""
    rows = take.entries.filter(by=by, reverses=None).select_related("product", "lot", "reversed_by")
    found = list(rows.defer("product__search_text", "product__search_vector").order_by("-pk")[:most])
    counts = set(standing(take).filter(pk__in=[entry.pk for entry in found]).values_list("pk", flat=True))
    for entry in found:
        entry.stands = entry.pk in counts
        entry.words = label_words(entry.lot) if entry.lot else ""
    return found


def counted_of(take: StockTake, product: Product) -> list[CountEntry]:
    """What was counted of a product so far, by anybody; for whoever counts it too."""
    return list(standing(take).filter(product=product).select_related("by", "lot").order_by("pk"))


# --- for whoever decides --------------------------------------------------------------------------------------
@dataclass
class Review:
    """The differences of a stock take as they would be posted now; rupees at the lots' cost, found above zero, short below."""

    goods: list[CountedGoods]
    found: Decimal = ZERO
    short: Decimal = ZERO
    differing: int = 0
    moved: int = 0
    put_right: int = 0
    shown: list[CountedGoods] = field(default_factory=list)

    @property
    def net(self) -> Decimal:
        return self.found + self.short


def review(take: StockTake, *, show: str = "differences", sort: str = "value") -> Review:
    """What a stock take found. A fixed number of queries; its size is that of what was counted, so show a page of `shown`."""
    goods = counted_goods(take)
    put_lots(goods, _lots(take.shop, {one.product.pk for one in goods}))
    for one in goods:
        one.words = label_words(_lot_of(one)) if one.lot_id else ""
        if one.difference > 0 and not one.lots:  # a lot that only the approval makes
            one.lots = [StockLot(pk=-one.product.pk, shop=take.shop, product=one.product, unit_cost=one.product.cost)]
    work_out(take, goods)
    found = Review(goods)
    for one in goods:
        values = [value for _, _, value in one.moves]
        found.found += sum((value for value in values if value > 0), ZERO)
        found.short += sum((value for value in values if value < 0), ZERO)
        found.differing += bool(one.difference)
        found.moved += one.moved
        found.put_right += one.put_right and bool(one.difference)
    found.shown = [one for one in goods if _is_shown(one, show)]
    found.shown.sort(key=(lambda one: (-abs(one.value), one.product.name)) if sort == "value" else (lambda one: one.product.name))
    return found


def _is_shown(one: CountedGoods, show: str) -> bool:
    if show == "moved":
        return one.moved or one.put_right
    return show == "all" or bool(one.difference)


def _lots(shop: Shop, product_ids: Iterable[int]) -> dict[int, list[StockLot]]:
    """Lots by product, first-expiring first, as `lock_lots` orders them, without a lock."""
    lots: dict[int, list[StockLot]] = {}
    for lot in shop.lots.filter(product__in=list(product_ids)).order_by("expiry", "pk"):
        lots.setdefault(lot.product_id, []).append(lot)
    return lots


def _lot_of(one: CountedGoods) -> StockLot:
    """The lot that stands for the goods."""
    return one.first.lot


@dataclass(frozen=True)
class Uncounted:
    """Stock that nobody counted: how many lots of it, worth how many rupees at cost."""

    lots: int
    value: Decimal


def uncounted(take: StockTake) -> Uncounted:
    """Stock of the stock take's goods that nobody counted."""
    sums = uncounted_lots(take).aggregate(n=Count("pk"), value=Sum("value", default=ZERO))
    return Uncounted(sums["n"], sums["value"])


def uncounted_list(take: StockTake) -> QuerySet[StockLot]:
    """Its lots, the most valuable first."""
    return uncounted_lots(take).select_related("product").order_by("-value", "pk")


def posted(take: StockTake) -> tuple[QuerySet[StockMovement], dict[str, Decimal]]:
    """The movements of an approved stock take, the largest first, and what was found and short in rupees."""
    moves = take.shop.movements.filter(document=StockMovement.Document.STOCK_DOCUMENT, document_id=take.document_id)
    by_sign = {
        "found": moves.filter(quantity__gt=0).aggregate(s=Sum("value", default=ZERO))["s"],
        "short": moves.filter(quantity__lt=0).aggregate(s=Sum("value", default=ZERO))["s"],
    }
    return moves.select_related("product", "lot").order_by("value", "pk"), by_sign
