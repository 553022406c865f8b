"""Approving a stock take: one paper, one movement for each lot that differs, one event, and from it one journal entry."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from inventory.count_plan import CountedGoods, counted_goods, put_lots, work_out
from inventory.count_scope import uncounted_lots
from inventory.counting import locked_take, must_be
from inventory.errors import StockError
from inventory.locks import lock_lots
from inventory.models import StockDocument, StockEvent, StockLot, StockMovement, StockTake
from inventory.papers import Moves, enter_paper, numbered, write_movements
from shops.models import Shop, User
from smartkirana.dates import shop_today

MOST_NAMED = 5
LEAVE, ZERO_THEM = StockTake.Uncounted.LEAVE, StockTake.Uncounted.ZERO


def approve_stock_take(
    *, take: StockTake, by: User, uncounted: str = LEAVE, note: str = "", request_key: UUID | None = None
) -> StockDocument:
    """Put every lot at what was counted plus what happened since, in one transaction.

    uncounted    "leave": what nobody counted stays; "zero": stock in the stock take's goods that nobody counted is taken as not there
    request_key  one per opened form; a second call with it answers the first document and changes nothing
    Raises StockError "still_counting", "decided", "recount" naming goods that must be counted anew. The number of statements does
    not depend on how much was counted.
    """

    def write(document: StockDocument) -> None:
        now = locked_take(take)
        must_be(now, StockTake.Status.REVIEW)
        write_movements(numbered(_all_moves(now, uncounted)), reason=StockMovement.Reason.COUNT, document=document)
        now.status, now.uncounted, now.document = StockTake.Status.APPROVED, uncounted, document
        now.decided_by, now.decided_at = by, timezone.now()
        now.save(update_fields=["status", "uncounted", "document", "decided_by", "decided_at"])

    if uncounted not in StockTake.Uncounted.values:
        raise StockError("bad_choice", _("Choose what happens with goods that nobody counted."), "uncounted")
    reason = StockDocument.Reason.COUNT
    document = StockDocument(shop=take.shop, kind=StockDocument.Kind.COUNT, reason=reason, by=by, request_key=request_key)
    document.note, document.day = (note or str(take))[:200], shop_today()
    return enter_paper(document, StockEvent.Kind.COUNTED, write)


def _all_moves(take: StockTake, uncounted: str) -> Moves:
    """The movements of a locked stock take, its lots locked first."""
    goods = counted_goods(take)
    left = dict(uncounted_lots(take).values_list("pk", "product")) if uncounted == ZERO_THEM else {}
    lots = lock_lots(take.shop, {one.product.pk for one in goods} | set(left.values()))
    put_lots(goods, lots)
    _give_lots(take.shop, goods)
    work_out(take, goods)
    _refuse_doubtful(take.shop, goods)
    moves = [move for one in goods for move in one.moves]
    gone = [lot for pk in sorted(set(left.values())) for lot in lots.get(pk, []) if lot.pk in left and lot.on_hand]
    return moves + [(lot, -lot.on_hand, -lot.value) for lot in gone]


def _give_lots(shop: Shop, goods: list[CountedGoods]) -> None:
    """Found goods of which the books know no lot get one, at the product's cost and MRP."""
    without = [one for one in goods if one.difference > 0 and not one.lots]
    made = StockLot.objects.bulk_create(
        StockLot(shop=shop, product=one.product, mrp=one.product.mrp, unit_cost=one.product.cost) for one in without
    )
    for one, lot in zip(without, made, strict=True):
        one.lots = [lot]


def _refuse_doubtful(shop: Shop, goods: list[CountedGoods]) -> None:
    """What another paper put right meanwhile would be put right twice; what is no longer there cannot go; no shelf holds millions."""
    blocks = shop.stock_policy == Shop.StockPolicy.BLOCK
    doubtful = [one.product.name for one in goods if one.difference and (one.put_right or one.too_much or (blocks and one.missing > 0))]
    if not doubtful:
        return
    names = ", ".join(doubtful[:MOST_NAMED]) + (" …" if len(doubtful) > MOST_NAMED else "")
    raise StockError("recount", _("Have these counted again, the count cannot be right any more: %(names)s.") % {"names": names})
