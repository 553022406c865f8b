"""What a stock take found: counted against the books, lot by lot, and the movements that would put it right.

The difference of some goods is what was counted, all entries together, less what the books had when the FIRST of these entries
was written. What was sold or came in after that moment has moved both the shelf and the books, so the difference stays what it
was, and is added to whatever the lot holds when the stock take is approved: the count plus what happened since.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import connection

from catalog.models import Product
from inventory.allocation import move, value_in
from inventory.allocation import take as take_out
from inventory.count_scope import standing
from inventory.errors import StockError
from inventory.models import CountedLot, CountEntry, StockLot, StockTake
from inventory.papers import Moves
from inventory.services import put_found
from smartkirana.money import ZERO, quantity

NOTHING = quantity(0)
NEEDED = ["product", "lot", "quantity", "book", "seen", "newest"]
NEEDED += [f"product__{name}" for name in ("shop", "sku", "name", "unit", "mrp", "cost")]
NEEDED += [f"lot__{name}" for name in ("mrp", "batch", "expiry")]


@dataclass
class CountedGoods:
    """Goods of one look: the product's lots with the same MRP, batch and date, or all its lots together (`lot_id` None).

    lots      those that the first entry counted, as they are now; `book` is what they held then
    moved     something of the product moved between the first look at it and the last entry
    put_right another paper put the product's stock right after the first entry, so this count would do it twice
    too_much  more was counted than a lot can hold: a slip
    """

    product: Product
    lot_id: int | None
    first: CountEntry
    counted: Decimal = NOTHING
    entries: int = 0
    seen: int = 0
    last: int = 0
    lot_ids: list[int] = field(default_factory=list)
    lots: list[StockLot] = field(default_factory=list)
    moved: bool = False
    put_right: bool = False
    moves: Moves = field(default_factory=list)
    missing: Decimal = NOTHING
    too_much: bool = False
    words: str = ""

    @property
    def book(self) -> Decimal:
        return self.first.book

    @property
    def difference(self) -> Decimal:
        return self.counted - self.first.book

    @property
    def value(self) -> Decimal:
        """Rupees by which the stock's worth changes, at the lots' cost."""
        return sum((value for _, _, value in self.moves), ZERO)


def counted_goods(take: StockTake) -> list[CountedGoods]:
    """Everything that was counted, with the lots' ids of the first entry; three queries, whatever the size."""
    rows = standing(take).select_related("product", "lot").only(*NEEDED)
    found: dict[tuple[int, int | None], CountedGoods] = {}
    for entry in rows.order_by("pk"):
        key = (entry.product_id, entry.lot_id)
        goods = found.setdefault(key, CountedGoods(entry.product, entry.lot_id, entry, seen=entry.seen))
        goods.counted += entry.quantity
        goods.entries += 1
        goods.seen, goods.last = min(goods.seen, entry.seen), max(goods.last, entry.newest)
    by_entry = {goods.first.pk: goods for goods in found.values()}
    for entry_id, lot_id in CountedLot.objects.filter(entry__in=list(by_entry)).order_by("pk").values_list("entry_id", "lot_id"):
        by_entry[entry_id].lot_ids.append(lot_id)
    _put_movements(take, list(found.values()))
    return list(found.values())


MOVED = """
SELECT asked.n, bool_or(m.id <= asked.last), bool_or(m.reason = ANY(%s) AND m.id > asked.first)
  FROM unnest(%s::int[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[]) AS asked (n, product_id, seen, first, last)
  JOIN inventory_stockmovement AS m ON m.shop_id = %s AND m.product_id = asked.product_id AND m.id > asked.seen
 GROUP BY asked.n
"""
PUTS_RIGHT = ["correction", "count", "found", "opening"]


def _put_movements(take: StockTake, goods: Sequence[CountedGoods]) -> None:
    """Tell what moved while it was counted, and what another paper put right since."""
    asked = [(n, one.product.pk, one.seen, one.first.newest, one.last) for n, one in enumerate(goods)]
    if not asked:
        return
    with connection.cursor() as cursor:
        cursor.execute(MOVED, [PUTS_RIGHT, *(list(column) for column in zip(*asked, strict=True)), take.shop_id])
        for n, moved, put_right in cursor.fetchall():
            goods[n].moved, goods[n].put_right = bool(moved), bool(put_right)


def put_lots(goods: Iterable[CountedGoods], lots: dict[int, list[StockLot]]) -> None:
    """Give the goods their lots as they are now, first-expiring first. Goods whose first entry met no stock get the lot they name."""
    for one in goods:
        wanted = set(one.lot_ids) or ({one.lot_id} if one.lot_id else set())
        ours = lots.get(one.product.pk, [])
        one.lots = [lot for lot in ours if lot.pk in wanted] or (ours[-1:] if one.lot_id is None else [])


def work_out(take: StockTake, goods: Iterable[CountedGoods]) -> None:
    """Give the goods the movements that put their lots right, at the value these have now.

    Lots below zero are filled first, out of what was found and of the other lots counted together with them. Short goods leave the
    first-expiring lot first, found goods join the last-expiring one. Where less is left than is missing, the last lot goes below zero,
    as a sale would make it, and `missing` says by how much.
    """
    for one in goods:
        if not one.difference:
            continue
        there = sum((lot.on_hand for lot in one.lots if lot.on_hand > 0), NOTHING)
        one.missing = max(-(one.difference + there), NOTHING)
        try:
            one.moves = _moves_of(take, one, one.difference + there)
        except StockError:
            one.too_much = True


def _moves_of(take: StockTake, one: CountedGoods, room: Decimal) -> Moves:
    moves, rest = _fill_below_zero(one.lots, one.difference, room)
    if rest > 0:
        return moves + put_found(take.shop, one.product, one.lots, rest)
    if rest < 0:
        takes, _ = take_out(one.lots, -rest, below_zero=True)
        moves += [(t.lot, -t.quantity, -t.value) for t in takes]
    return moves


def _fill_below_zero(lots: Iterable[StockLot], rest: Decimal, room: Decimal) -> tuple[Moves, Decimal]:
    """Movements that lift lots to zero as far as `room` goes, and what is left of the difference `rest` after them."""
    moves: Moves = []
    for lot in lots:
        if lot.on_hand < 0 < room:
            part = min(-lot.on_hand, room)
            moves.append((lot, part, value_in(lot, part)))
            move(*moves[-1])
            room, rest = room - part, rest - part
    return moves, rest
