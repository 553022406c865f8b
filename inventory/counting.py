"""The acts of a stock take but its approval: open it, count, take an entry back, end the counting, ask for a recount, call it off.

Nothing here changes stock. Locks are taken in one order: the stock take's row (shared by everybody who counts, alone for whoever
moves it on), then the lots.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import Category, Product
from inventory.count_scope import in_scope, label_of, standing
from inventory.errors import StockError
from inventory.locks import lock_lots
from inventory.models import CountedLot, CountEntry, Recount, StockLot, StockTake
from inventory.services import checked_quantity
from shops.models import Shop, User
from shops.numbers import next_numbers
from smartkirana.bulk import insert_rows
from smartkirana.db_rules import broken_rule
from smartkirana.money import plain, quantity
from smartkirana.text import clean_name

Status = StockTake.Status
MOST_ROUNDS = 99


def open_stock_take(
    *,
    shop: Shop,
    by: User,
    name: str = "",
    category: Category | None = None,
    shelf: str = "",
    words: str = "",
    request_key: UUID | None = None,
) -> StockTake:
    """Open a stock take of a category, of a shelf, of the goods that `words` find, or of the whole shop.

    request_key  one per opened form; a second call with it answers the first stock take
    Raises StockError "one_scope", "bad_name", "unknown_category", "nothing_to_count".
    """
    name, words = clean_name(name), clean_name(words)
    _check_scope(shop, name, category, shelf, words)
    known = shop.stock_takes.filter(request_key=request_key)
    if request_key and (take := known.first()) is not None:
        return take
    take = StockTake(shop=shop, name=name, category=category, shelf=shelf, words=words, opened_by=by, request_key=request_key)
    if not in_scope(take).exists():
        field = "words" if words else "shelf" if shelf else "category"
        raise StockError("nothing_to_count", _("There are no goods in it. Choose something else to count."), field)
    try:
        with transaction.atomic():
            take.number = next_numbers(shop, ["stock-take"])[0]
            take.save(force_insert=True)
    except IntegrityError as error:
        if broken_rule(error) == "inventory_stocktake_request_key":
            return known.get()
        raise
    return take


def _check_scope(shop: Shop, name: str, category: Category | None, shelf: str, words: str) -> None:
    if len(name) > 60 or len(words) > 80:
        raise StockError("bad_name", _("Use fewer letters: 60 for the name, 80 for the words."), "name" if len(name) > 60 else "words")
    if sum(map(bool, (category, shelf, words))) > 1:
        raise StockError("one_scope", _("Choose a category, a shelf, or write words: one of them."), "words" if words else "shelf")
    if category is not None and category.shop_id != shop.pk:
        raise StockError("unknown_category", _("Choose a category of this shop."), "category")


# --- counting -------------------------------------------------------------------------------------------------
def count_goods(
    *,
    take: StockTake,
    by: User,
    product: Product,
    counted: Decimal,
    lot: StockLot | None = None,
    seen: int = 0,
    request_key: UUID | None = None,
) -> CountEntry:
    """Write that so much of `product` (its unit, zero or more) stands in one place. What was counted elsewhere is added to it.

    lot          counts only the lots that look like this one (MRP, batch, best-before); None: the product whatever its lots
    seen         the newest movement of the product when it was called up (`newest_movement`): what moves after it is known to have moved
                 while it was counted
    request_key  one per called-up product; a second call with it answers the first entry
    What the books have of these lots is read under their lock and kept with the entry; no sentence tells it. Raises StockError
    "not_counting", "unknown_product", "not_in_scope", "bad_quantity", "no_lot", "by_lots", "as_a_whole", "counted_already".
    """
    count = _checked_count(take, product, counted)
    known = CountEntry.objects.filter(shop=take.shop_id, request_key=request_key)
    if request_key and (entry := known.first()) is not None:
        return _same_entry(entry, take, product, count, lot)
    try:
        with transaction.atomic():
            return _write_entry(take, by, product, count, lot, seen, request_key)
    except IntegrityError as error:
        if broken_rule(error) == "inventory_countentry_request_key":
            return _same_entry(known.get(), take, product, count, lot)
        raise


def _checked_count(take: StockTake, product: Product, counted: Decimal) -> Decimal:
    if product.shop_id != take.shop_id:
        raise StockError("unknown_product", _("Choose a product of this shop."), "product")
    if counted is None or not counted.is_finite() or counted < 0:
        raise StockError("bad_quantity", _("Write how much you counted; 0 when there is none."), "quantity")
    if counted:
        return checked_quantity(product, counted)
    return quantity(0)


def _same_entry(entry: CountEntry, take: StockTake, product: Product, count: Decimal, lot: StockLot | None) -> CountEntry:
    """A form sent twice has one effect; changed after it arrived, it is refused, for what was sent first is entered."""
    same_look = entry.lot is lot is None or (entry.lot is not None and lot is not None and label_of(entry.lot) == label_of(lot))
    if (entry.take_id, entry.product_id, entry.quantity) != (take.pk, product.pk, count) or not same_look:
        words = _("%(quantity)s %(unit)s of it is entered already. Take that back below if it is wrong.")
        shown = {"quantity": plain(entry.quantity), "unit": entry.product.unit}
        raise StockError("counted_already", words % shown, "quantity")
    return entry


def _write_entry(
    take: StockTake, by: User, product: Product, count: Decimal, lot: StockLot | None, seen: int, request_key: UUID | None
) -> CountEntry:
    _share(take)
    if not in_scope(take).filter(pk=product.pk).exists():
        raise StockError("not_in_scope", _("%(name)s is not part of this stock take.") % {"name": product.name}, "product")
    lots = lock_lots(take.shop, [product.pk]).get(product.pk, [])
    alike = _alike(lots, lot)
    key = min((one.pk for one in alike), default=None) if lot else None
    turn = round_of(take, product.pk)
    _not_mixed(take, product, whole=lot is None)
    there = [one for one in alike if one.on_hand]
    newest = newest_movement(product)
    entry = CountEntry(
        shop=take.shop, take=take, product=product, lot_id=key, round=turn, quantity=count, by=by, request_key=request_key,
        book=sum((one.on_hand for one in there), quantity(0)), newest=newest, seen=min(max(seen, 0), newest) if seen else newest,
    )  # fmt: skip
    entry.save(force_insert=True)
    insert_rows([CountedLot(shop=take.shop, entry=entry, product=product, lot=one, book=one.on_hand) for one in there])
    return entry


def _share(take: StockTake) -> None:
    """Hold the stock take open until this act ends, together with everybody else who counts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM inventory_stocktake WHERE id = %s AND shop_id = %s FOR SHARE", [take.pk, take.shop_id])
        row = cursor.fetchone()
    if row is None or row[0] != Status.OPEN:
        raise StockError("not_counting", _("The counting has ended. What you wrote is not entered; ask whoever runs the stock take."))


def _alike(lots: Sequence[StockLot], lot: StockLot | None) -> list[StockLot]:
    """The lots that an entry counts, out of the product's locked ones."""
    if lot is None:
        return list(lots)
    chosen = next((one for one in lots if one.pk == lot.pk), None)
    if chosen is None:
        raise StockError("no_lot", _("Choose which of them you counted."), "lot")
    return [one for one in lots if label_of(one) == label_of(chosen)]


def _not_mixed(take: StockTake, product: Product, *, whole: bool) -> None:
    """Goods are counted lot by lot or all together: both at once could count a packet twice."""
    other = standing(take).filter(product=product, lot__isnull=not whole).select_related("by").order_by("pk").first()
    if other is None:
        return
    said = {"who": other.by.name, "name": product.name}
    if whole:
        raise StockError("by_lots", _("%(who)s counted %(name)s by MRP and batch. Choose which of them you have here.") % said, "lot")
    raise StockError("as_a_whole", _("%(who)s counted %(name)s all together. Choose “all together” here too.") % said, "lot")


def newest_movement(product: Product) -> int:
    """The id of the product's newest movement; 0 when nothing ever moved."""
    return product.shop.movements.filter(product=product).order_by("-pk").values_list("pk", flat=True).first() or 0


def round_of(take: StockTake, product_id: int) -> int:
    """Which count of these goods is the one that counts; the first is 1."""
    return take.recounts.filter(product=product_id).aggregate(n=Max("round"))["n"] or 1


def take_back(*, entry: CountEntry, by: User, request_key: UUID | None = None) -> CountEntry:
    """Take a wrong entry back: its reverse is written beside it. Doing it twice answers the first reverse.

    Raises StockError "not_yours" when somebody else counted it, "not_counting", "is_a_reverse".
    """
    if entry.by_id != by.pk:
        raise StockError("not_yours", _("%(who)s counted this. Ask them to take it back.") % {"who": entry.by.name})
    if entry.reverses_id:
        raise StockError("is_a_reverse", _("This takes an entry back already. Count the goods again."))
    done = CountEntry.objects.filter(reverses=entry)
    if (known := done.first()) is not None:
        return known
    copied = ("shop_id", "take_id", "product_id", "lot_id", "round", "book", "seen", "newest")
    back = CountEntry(
        **{name: getattr(entry, name) for name in copied}, quantity=-entry.quantity, reverses=entry, by=by, request_key=request_key
    )
    try:
        with transaction.atomic():
            _share(entry.take)
            back.save(force_insert=True)
    except IntegrityError as error:
        if broken_rule(error) in ("inventory_countentry_reverses_id_key", "inventory_countentry_request_key") and done.exists():
            return done.get()
        raise
    return back


# --- moving it on ---------------------------------------------------------------------------------------------
def locked_take(take: StockTake) -> StockTake:
    """The stock take's row, read anew and locked: nobody counts until this act ends."""
    rows = StockTake.objects.select_for_update(of=("self",), no_key=True).filter(shop=take.shop_id)
    return rows.get(pk=take.pk)


def finish_counting(*, take: StockTake) -> StockTake:
    """End the counting: nothing more is entered, and the owner may look at the differences. Raises StockError "decided"."""
    with transaction.atomic():
        now = locked_take(take)
        if now.status == Status.OPEN:
            now.status, now.counted_at = Status.REVIEW, timezone.now()
            now.save(update_fields=["status", "counted_at"])
        must_be(now, Status.REVIEW)
    return now


def ask_recount(*, take: StockTake, by: User, product_ids: Iterable[int]) -> int:
    """Have goods counted anew: what was counted of them so far no longer counts, and the counting goes on. How many goods.

    Goods of which nothing was counted are asked for by reopening alone. Raises StockError "nothing_chosen", "decided".
    """
    wanted = set(product_ids)
    with transaction.atomic():
        now = locked_take(take)
        must_be(now, Status.REVIEW, Status.OPEN)
        counted = set(standing(now).filter(product__in=wanted).values_list("product", flat=True))
        rounds = dict(now.recounts.filter(product__in=counted).values_list("product").annotate(n=Max("round")))
        if not counted or max(rounds.values(), default=1) >= MOST_ROUNDS:
            raise StockError("nothing_chosen", _("Choose counted goods that are to be counted again."))
        Recount.objects.bulk_create(
            Recount(shop=now.shop, take=now, product_id=pk, round=rounds.get(pk, 1) + 1, by=by) for pk in sorted(counted)
        )
        reopen(now)
    return len(counted)


def reopen(now: StockTake) -> None:
    """Let the counting of a locked stock take go on."""
    if now.status == Status.REVIEW:
        now.status = Status.OPEN
        now.save(update_fields=["status"])


def go_on_counting(*, take: StockTake) -> StockTake:
    """Let the counting go on after it was ended. Raises StockError "decided"."""
    with transaction.atomic():
        now = locked_take(take)
        must_be(now, Status.REVIEW, Status.OPEN)
        reopen(now)
    return now


def cancel_stock_take(*, take: StockTake, by: User) -> StockTake:
    """Call a stock take off: it stays on the list and changes no stock. Doing it twice is doing it once. Raises StockError "decided"."""
    with transaction.atomic():
        now = locked_take(take)
        if now.status != Status.CANCELLED:
            must_be(now, Status.OPEN, Status.REVIEW)
            now.status, now.decided_by, now.decided_at = Status.CANCELLED, by, timezone.now()
            now.save(update_fields=["status", "decided_by", "decided_at"])
    return now


def must_be(take: StockTake, *states: str) -> None:
    """Refuse an act that the stock take's state does not allow."""
    if take.status in states:
        return
    if take.status == Status.OPEN:
        raise StockError("still_counting", _("The counting has not ended. End it first."))
    raise StockError("decided", _("This stock take is decided already: %(state)s.") % {"state": take.get_status_display().lower()})
