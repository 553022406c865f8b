"""The rows of the packing form and of recipes, and the sums while one writes: the server works out what the page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import uuid4

from django.http import QueryDict

from catalog.models import Product
from inventory.errors import StockError
from inventory.models import RecipePart
from inventory.opening_rows import ROW
from inventory.recipes import Part
from inventory.repack_forms import MadeRow, PartRow, RepackForm, TakenRow, times
from inventory.repack_selectors import lots_to_pack
from inventory.repacking import MOST_LINES, CostedMade, RepackPlan, check_cost, check_packing, checked_lines, work_out
from inventory.suggested_price import suggested_price
from shops.models import Shop

TAKEN, MADE = RecipePart.Side.TAKEN.value, RecipePart.Side.MADE.value


class Sight(NamedTuple):
    """What the person at the form may do: change prices, see costs."""

    may_price: bool
    see_cost: bool


class Wanted(NamedTuple):
    """Goods for a row of a form just opened."""

    side: str
    product: Product
    quantity: str = ""


def rows_for(shop: Shop, wanted: Sequence[Wanted], sight: Sight) -> list[PartRow]:
    """Rows of the packing form for goods just chosen, or of a recipe."""
    lots = lots_to_pack(shop, [one.product.pk for one in wanted if one.side == TAKEN])
    return [_row(None, one.side, one.product, uuid4().hex[:8], sight, lots, quantity=one.quantity) for one in wanted]


def _row(data: QueryDict | None, side: str, product: Product, key: str, sight: Sight, lots: dict, **initial: Any) -> PartRow:
    shared: dict[str, Any] = {"side": side, "product": product, "key": key, **initial}
    if side == TAKEN:
        return TakenRow(data, lots=lots.get(product.pk, []), **shared)
    return MadeRow(data, may_price=sight.may_price, see_cost=sight.see_cost, **shared)


def sent_rows(shop: Shop, data: QueryDict, sight: Sight | None) -> tuple[list[PartRow], str]:
    """The rows that came with a form, what goes in first, and a sentence when they cannot be read; without `sight` those of a recipe."""
    sent = [(side, match) for side in (TAKEN, MADE) for value in data.getlist(side) if (match := ROW.fullmatch(value))]
    goods = shop.products.defer("search_text", "search_vector").in_bulk([int(match[2]) for _, match in sent[: 2 * MOST_LINES + 2]])
    known = [(side, match[1], goods[int(match[2])]) for side, match in sent[: 2 * MOST_LINES + 2] if int(match[2]) in goods]
    if sight is None:
        rows: list[PartRow] = [PartRow(data, side=side, product=product, key=key) for side, key, product in known]
    else:
        lots = lots_to_pack(shop, [product.pk for side, _, product in known if side == TAKEN])
        rows = [_row(data, side, product, key, sight, lots) for side, key, product in known]
    if len(sent) > 2 * MOST_LINES:
        return rows, f"At most {MOST_LINES} kinds on each side."
    if len({row.key for row in rows}) < len(data.getlist(TAKEN)) + len(data.getlist(MADE)):
        return rows, "One of the products is not in this shop. Choose it again."
    return rows, ""


def parts_of(rows: Sequence[PartRow]) -> list[Part]:
    """Rows of a recipe's form as the service takes them."""
    return [Part(row.side, row.product, row.cleaned_data["quantity"]) for row in rows]


def recipe_rows(wanted: Sequence[Wanted]) -> list[PartRow]:
    """Rows of a recipe's form just opened."""
    return [PartRow(side=one.side, product=one.product, key=uuid4().hex[:8], quantity=one.quantity) for one in wanted]


def wanted_of(recipe, count: int = 1) -> list[Wanted]:
    """The goods of a recipe, `count` times."""
    return [Wanted(part.side, part.product, times(part.quantity, count)) for part in recipe.parts.select_related("product")]


# --- the sums while one writes --------------------------------------------------------------------------------
@dataclass
class MadeSums:
    """What a row that comes out costs, and which price keeps the margin (None: as it is, or nothing to go by)."""

    costed: CostedMade
    problem: str = ""
    sell_at: Decimal | None = None

    @property
    def new_cost(self) -> bool:
        """The product costs something else from now on."""
        return self.costed.piece != self.costed.made.product.cost


@dataclass
class Preview:
    """The whole repack so far. `waits`: figures are missing still."""

    rows: Sequence[PartRow]
    plan: RepackPlan | None = None
    problems: list[str] = field(default_factory=list)
    waits: bool = False


def preview(shop: Shop, head: RepackForm, rows: Sequence[PartRow]) -> Preview:
    """Work out as much as is written, on lots as they are now; nothing is locked, nothing saved, mistakes are told in words."""
    found = Preview(rows)
    frame = head.frame()
    if not all([*(row.is_valid() for row in rows)]) or {row.side for row in rows} != {TAKEN, MADE}:
        found.waits = True
        return found
    try:
        check_packing(frame["packing_cost"])
        taken, made = checked_lines(shop, *lines_of(rows), frame["day"])
        lots = lots_to_pack(shop, [one.product.pk for one in taken])
        found.plan = work_out(kind=frame["kind"], taken=taken, made=made, packing_cost=frame["packing_cost"], lots=lots, day=frame["day"])
    except StockError as error:
        found.problems.append(error.message)
        return found
    for n, (row, one) in enumerate(zip([row for row in rows if row.side == MADE], found.plan.made, strict=True)):
        row.sums = _made_sums(one, n)
    return found


def lines_of(rows: Sequence[PartRow]) -> tuple[list, list]:
    """What goes in and what comes out, as `repack_goods` takes them; the rows are valid."""
    return [row.line() for row in rows if isinstance(row, TakenRow)], [row.line() for row in rows if isinstance(row, MadeRow)]


def _made_sums(one: CostedMade, n: int) -> MadeSums:
    product = one.made.product
    price = suggested_price(cost=one.piece, old_cost=product.cost, old_price=product.price, mrp=one.mrp)
    sums = MadeSums(one, sell_at=price if price not in (one.made.price or product.price, None) else None)
    try:
        check_cost(one, n)
    except StockError as error:
        sums.problem = error.message
    return sums
