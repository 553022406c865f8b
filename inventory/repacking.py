"""Goods made out of other goods: a sack into packets, parts into a kit and back. One paper, one event, one journal entry.

The made goods cost what was taken for them and the packing. Several kinds share that cost to the paisa: by hand, else packets out
of bulk by weight where every weight is known, else by what they sell for (AS-2, joint products). What is lost on the way is normal
loss: it raises the cost of the rest and is no loss of the books. A lot below zero is filled first, as by a goods receipt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from catalog.models import Product
from inventory.allocation import Take, moves_in, take
from inventory.contents import Content, content_of, together
from inventory.errors import StockError
from inventory.locks import lock_lots
from inventory.models import Recipe, Repack, StockDocument, StockEvent, StockLot, StockMovement
from inventory.new_prices import Arrival, check_new_prices, follow_goods
from inventory.papers import enter_paper, write_movements
from inventory.receiving import LARGEST_CREDIT_RATE
from inventory.repack_models import RepackKind
from inventory.services import LARGEST_COST, LARGEST_VALUE, checked_quantity
from shops.models import Shop, User
from smartkirana.dates import shop_today
from smartkirana.money import ZERO, money, plain, rupees, spread, unit_cost
from smartkirana.templatetags.kirana import shop_date
from smartkirana.text import clean_name

MOST_LINES = 50
MOST_GAIN = Decimal("1.05")  # a sack may hold a little more than is printed on it; more than this is a slip of the finger


@dataclass(frozen=True)
class Taken:
    """`quantity` (> 0, product's unit) that goes in, out of `lot`, else first-expiring first."""

    product: Product
    quantity: Decimal
    lot: StockLot | None = None


@dataclass(frozen=True)
class Made:
    """`quantity` (> 0, product's unit) that comes out.

    mrp, price  printed on it, and asked for one unit from now on, rupees; None: as the product's are
    expiry      None: the earliest of the goods taken
    share       of the cost, in percent; given for all that is made or for none
    """

    product: Product
    quantity: Decimal
    mrp: Decimal | None = None
    price: Decimal | None = None
    batch: str = ""
    expiry: date | None = None
    share: Decimal | None = None


@dataclass(frozen=True)
class CostedMade:
    """What comes out with its share of the `cost` (rupees), and `piece`, the cost of a unit (4 places)."""

    made: Made
    quantity: Decimal
    cost: Decimal
    piece: Decimal
    mrp: Decimal | None
    expiry: date | None


@dataclass(frozen=True)
class RepackPlan:
    """A repack checked and worked out, not yet written. `takes` are of one entry of `taken` each, in its order; rupees."""

    kind: str
    takes: list[list[Take]]
    value_taken: Decimal
    packing_cost: Decimal
    made: list[CostedMade]
    credit_rate: Decimal
    credit_igst: bool
    earliest: date | None
    content_taken: Content | None
    content_made: Content | None

    @property
    def value_made(self) -> Decimal:
        """What everything made costs together, rupees."""
        return self.value_taken + self.packing_cost

    @property
    def loss(self) -> Decimal | None:
        """Kilograms or litres that went in and did not come out; None when that cannot be told."""
        return self.content_taken.amount - self.content_made.amount if self.content_taken and self.content_made else None

    @property
    def loss_percent(self) -> Decimal | None:
        """The loss in percent of what went in, one place."""
        return round(self.loss * 100 / self.content_taken.amount, 1) if self.loss is not None and self.content_taken else None

    @property
    def dated_later(self) -> list[CostedMade]:
        """What was dated by hand later than the goods it is made of."""
        return [one for one in self.made if one.expiry and self.earliest and one.expiry > self.earliest]


def repack_goods(
    *,
    shop: Shop,
    by: User,
    taken: Sequence[Taken],
    made: Sequence[Made],
    kind: str = RepackKind.BREAK,
    packing_cost: Decimal = ZERO,
    recipe: Recipe | None = None,
    day: date | None = None,
    note: str = "",
    request_key: UUID | None = None,
) -> Repack:
    """Take goods out of their lots and make others of them; `packing_cost` is rupees for bags and labour.

    The made lots carry the credit of the taken ones, so that later damage gives back the right tax. Nothing can be packed that is
    not there, whatever the shop's policy on sales is, nor goods past their date on `day`.
    request_key  one per opened form; a second call with it answers the first repack and moves nothing
    Raises StockError as `work_out` does, and "bad_day". Afterwards everything is written, or nothing.
    """
    taken, made = checked_lines(shop, taken, made, day or shop_today())
    _check_frame(shop, kind, packing_cost, recipe)

    def write(document: StockDocument) -> None:
        lots = lock_lots(shop, {one.product.pk for one in (*taken, *made)})
        plan = work_out(kind=kind, taken=taken, made=made, packing_cost=packing_cost, lots=lots, day=document.day)
        for n, one in enumerate(plan.made):
            check_cost(one, n)
        _write(document, plan, lots, recipe)

    document = StockDocument(
        shop=shop, kind=StockDocument.Kind.REPACK, reason=StockDocument.Reason.REPACK, by=by, request_key=request_key,
        note=clean_name(note)[:200], day=day or shop_today(),
    )  # fmt: skip
    return enter_paper(document, StockEvent.Kind.REPACKED, write).repack


# --- checking -------------------------------------------------------------------------------------------------
def checked_lines(shop: Shop, taken: Sequence[Taken], made: Sequence[Made], day: date) -> tuple[list[Taken], list[Made]]:
    """The lines with products read anew and quantities in their places; its errors name the line, from 0: "made-2-expiry".

    Raises StockError "nothing_taken", "nothing_made", "too_many", "unknown_product", "same_goods", "bad_quantity", "bad_mrp",
    "bad_price", "above_mrp", "bad_batch", "expired", "bad_share".
    """
    for code, lines, words in (("nothing_taken", taken, "what goes in"), ("nothing_made", made, "what comes out")):
        if not lines:
            raise StockError(code, f"Choose {words}.")
        if len(lines) > MOST_LINES:
            raise StockError("too_many", f"At most {MOST_LINES} kinds at once. Pack the rest as a second one.")
    known = shop.products.defer("search_text", "search_vector").in_bulk({one.product.pk for one in (*taken, *made)})
    went_in = {one.product.pk for one in taken}
    for side, lines in (("taken", taken), ("made", made)):
        for n, one in enumerate(lines):
            if one.product.pk not in known:
                raise StockError("unknown_product", "Choose a product of this shop.", f"{side}-{n}-quantity")
            if side == "made" and one.product.pk in went_in:
                raise StockError("same_goods", f"{one.product.name} cannot be made out of itself.", f"made-{n}-quantity")
    ins = [
        replace(one, product=known[one.product.pk], quantity=checked_quantity(one.product, one.quantity, field=f"taken-{n}-quantity"))
        for n, one in enumerate(taken)
    ]
    outs = [_checked_made(replace(one, product=known[one.product.pk]), n, day) for n, one in enumerate(made)]
    _check_shares(outs)
    return ins, outs


def _checked_made(one: Made, n: int, day: date) -> Made:
    count = checked_quantity(one.product, one.quantity, field=f"made-{n}-quantity")
    mrp = one.mrp if one.mrp is not None else one.product.mrp
    check_new_prices(mrp=mrp, sell_at=one.price, place=f"made-{n}")
    if len(clean_name(one.batch)) > 40:
        raise StockError("bad_batch", "A batch number has at most 40 characters.", f"made-{n}-batch")
    if one.expiry is not None and one.expiry < day:
        raise StockError("expired", f"{one.product.name} would be past its date already. Check the date.", f"made-{n}-expiry")
    return replace(one, quantity=count, batch=clean_name(one.batch))


def _check_shares(made: Sequence[Made]) -> None:
    given = [one.share for one in made if one.share is not None]
    if not given:
        return
    for n, one in enumerate(made):
        if one.share is None or not one.share.is_finite() or not 0 <= one.share <= 100 or one.share != round(one.share, 2):
            raise StockError("bad_share", "Give every kind its share of the cost in percent, or none of them.", f"made-{n}-share")
    if sum(given) != 100:
        raise StockError("bad_share", f"The shares come to {plain(sum(given))} %, not to 100 %.", "made-0-share")


def _check_frame(shop: Shop, kind: str, packing_cost: Decimal, recipe: Recipe | None) -> None:
    if kind not in RepackKind.values:
        raise StockError("bad_kind", "Choose what is done.", "kind")
    check_packing(packing_cost)
    if recipe is not None and recipe.shop_id != shop.pk:
        raise StockError("unknown_recipe", "Choose a recipe of this shop.", "recipe")


def check_packing(packing_cost: Decimal) -> None:
    """Rupees and paise from zero up. Raises StockError "bad_cost"."""
    if not packing_cost.is_finite() or not 0 <= packing_cost <= LARGEST_VALUE or packing_cost != money(packing_cost):
        raise StockError("bad_cost", "Write what the packing cost in rupees and paise, not below zero.", "packing_cost")


def check_cost(one: CostedMade, n: int) -> None:
    """Nothing is packed to be sold at a loss. The sentence tells no cost: not everybody may see it. Raises "cost_above_price"."""
    sells_at = min(one.made.price or one.made.product.price, one.mrp or LARGEST_VALUE)
    if one.piece > sells_at:
        product = one.made.product
        sentence = (
            f"A {product.get_unit_display()} of {product.name} would cost more than the {rupees(sells_at)} it sells for. "
            "Check the quantities, or give a new selling price."
        )
        raise StockError("cost_above_price", sentence, f"made-{n}-quantity")


# --- working out ----------------------------------------------------------------------------------------------
def work_out(
    *, kind: str, taken: Sequence[Taken], made: Sequence[Made], packing_cost: Decimal, lots: Mapping[int, Sequence[StockLot]], day: date
) -> RepackPlan:
    """Choose the lots and cost what is made; lines from `checked_lines`. The figures of `lots` go down in memory, nothing is written.

    Raises StockError "no_lot", "expired", "not_enough_stock", "too_much", "too_much_made", "bad_cost".
    """
    takes = [_takes(one, n, lots.get(one.product.pk, []), day) for n, one in enumerate(taken)]
    flat = [one for some in takes for one in some]
    value = sum((one.value for one in flat), ZERO)
    total = value + packing_cost
    if total > LARGEST_VALUE:
        raise StockError("too_much", "This comes to more than ₹ 99,99,99,999. Check the quantities.")
    earliest = min((one.lot.expiry for one in flat if one.lot.expiry), default=None)
    shares = [Decimal(paise) / 100 for paise in spread(int(total * 100), weights_of(kind, made))]
    credit_rate, credit_igst = _credit(flat, total)
    content_taken, content_made = _contents(kind, taken, made)
    return RepackPlan(
        kind=kind,
        takes=takes,
        value_taken=value,
        packing_cost=packing_cost,
        made=[_costed(one, n, share, earliest) for n, (one, share) in enumerate(zip(made, shares, strict=True))],
        credit_rate=credit_rate,
        credit_igst=credit_igst,
        earliest=earliest,
        content_taken=content_taken,
        content_made=content_made,
    )


def _takes(one: Taken, n: int, lots: Sequence[StockLot], day: date) -> list[Take]:
    """The house's order, or the named lot alone; never goods past their date."""
    if one.lot is not None:
        lots = [lot for lot in lots if lot.pk == one.lot.pk]
        if not lots:
            raise StockError("no_lot", f"Choose a lot of {one.product.name}.", f"taken-{n}-lot")
    good = [lot for lot in lots if lot.expiry is None or lot.expiry >= day]
    takes, missing = take(good, one.quantity, below_zero=False)
    if not missing:
        return takes
    there = one.quantity - missing
    past = next((lot for lot in lots if lot.expiry and lot.expiry < day and lot.on_hand > 0), None)
    if past is not None and not there:
        raise StockError("expired", f"{one.product.name} expired on {shop_date(past.expiry)}. Put it aside.", f"taken-{n}-quantity")
    sentence = f"Only {plain(there)} {one.product.unit} of {one.product.name} in stock."
    raise StockError("not_enough_stock", sentence, f"taken-{n}-quantity")


def weights_of(kind: str, made: Sequence[Made]) -> list[int]:
    """How the kinds share the cost: by the shares given; packets out of bulk by weight; else by what they sell for."""
    if made[0].share is not None:
        return [int((one.share or ZERO) * 100) for one in made]
    held = [content_of(one.product) for one in made]
    if kind == RepackKind.BREAK and len({one and one.measure for one in held}) == 1 and held[0]:
        return [int(content.amount * one.quantity * 10**6) for content, one in zip(held, made, strict=True) if content]
    return [int((one.price or one.product.price) * one.quantity * 10**5) for one in made]


def _costed(one: Made, n: int, cost: Decimal, earliest: date | None) -> CostedMade:
    piece = unit_cost(cost / one.quantity)
    if piece > LARGEST_COST:
        raise StockError("too_much", f"One of {one.product.name} would cost too much. Check the quantities.", f"made-{n}-quantity")
    mrp = one.mrp if one.mrp is not None else one.product.mrp
    return CostedMade(one, one.quantity, cost, piece, mrp, one.expiry or earliest)


def _credit(takes: Sequence[Take], total: Decimal) -> tuple[Decimal, bool]:
    """(percent of the made goods' cost that was claimed as input tax, as IGST or not): all that was claimed on what went in.

    Where both kinds of tax were claimed, the larger one gives the name.
    """
    claimed = {igst: sum((one.value * one.lot.credit_rate for one in takes if one.lot.credit_igst == igst), ZERO) for igst in (False, True)}
    if not total:
        return ZERO, False
    return min(round(sum(claimed.values()) / total, 6), LARGEST_CREDIT_RATE), claimed[True] > claimed[False]


def _contents(kind: str, taken: Sequence[Taken], made: Sequence[Made]) -> tuple[Content | None, Content | None]:
    """Kilograms or litres in and out, where bulk is broken and both can be told alike. Raises StockError "too_much_made"."""
    went_in, came_out = (together((one.product, one.quantity) for one in lines) for lines in (taken, made))
    if kind != RepackKind.BREAK or not went_in or not came_out or went_in.measure != came_out.measure:
        return None, None
    if came_out.amount > went_in.amount * MOST_GAIN:
        sentence = (
            f"{plain(came_out.amount)} {came_out.measure} cannot come out of {plain(went_in.amount)} {went_in.measure}. "
            "Check the quantities."
        )
        raise StockError("too_much_made", sentence, "made-0-quantity")
    return went_in, came_out


# --- writing --------------------------------------------------------------------------------------------------
def _write(document: StockDocument, plan: RepackPlan, lots: Mapping[int, Sequence[StockLot]], recipe: Recipe | None) -> None:
    shop = document.shop
    new = StockLot.objects.bulk_create(_new_lot(shop, plan, one) for one in plan.made)
    moves = [(one.lot, -one.quantity, -one.value, n) for n, some in enumerate(plan.takes, 1) for one in some]
    for n, (one, lot) in enumerate(zip(plan.made, new, strict=True), len(plan.takes) + 1):
        moves += [(*moved, n) for moved in moves_in(lots.get(one.made.product.pk, []), lot, one.quantity, one.cost)]
    write_movements(moves, reason=StockMovement.Reason.REPACK, document=document)
    content = plan.content_taken.measure if plan.content_taken else ""
    Repack.objects.create(
        shop=shop,
        document=document,
        kind=plan.kind,
        recipe=recipe,
        packing_cost=plan.packing_cost,
        value_taken=plan.value_taken,
        value_made=plan.value_made,
        content_in=content,
        taken_content=plan.content_taken.amount if plan.content_taken else None,
        made_content=plan.content_made.amount if plan.content_made else None,
    )
    came = [Arrival(one.made.product, one.piece, one.made.mrp, one.made.price) for one in plan.made]
    follow_goods(shop=shop, by=document.by, came=came)


def _new_lot(shop: Shop, plan: RepackPlan, one: CostedMade) -> StockLot:
    return StockLot(
        shop=shop,
        product=one.made.product,
        batch=one.made.batch,
        mrp=one.mrp,
        expiry=one.expiry,
        unit_cost=one.piece,
        credit_rate=plan.credit_rate,
        credit_igst=plan.credit_igst,
    )
