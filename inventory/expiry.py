"""Goods near and past their date: which they are, what they are worth, and what is done about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum

from catalog.selectors import search
from inventory.allocation import take
from inventory.errors import StockError
from inventory.locks import lock_lots
from inventory.models import LotPriceChange, ReceiptLine, StockDocument, StockEvent, StockLot, StockMovement, Supplier
from inventory.papers import Moves, enter_paper, numbered, write_movements
from shops.models import Shop, User
from smartkirana.dates import shop_today
from smartkirana.money import ZERO, money, rupees
from smartkirana.text import clean_name

BANDS = (7, 15, 30, 60)  # days left that the list is cut at
OFF = ((7, Decimal("0.50")), (15, Decimal("0.30")), (30, Decimal("0.20")))  # days left, share taken off; further away: a tenth
STEP = Decimal("0.50")  # rupees a suggested price is rounded down to
MOST_LOTS = 200  # of one act


@dataclass(frozen=True)
class ExpiryChoice:
    """What the list is narrowed to. within: at most so many days left; below zero: only what is past its date; None: everything dated."""

    q: str = ""
    category: int | None = None
    supplier: Supplier | None = None
    within: int | None = 30


def expiring(shop: Shop, choice: ExpiryChoice, *, today: date | None = None) -> QuerySet[StockLot]:
    """Lots with goods and a date, the nearest date first, with their product and `receipt_id`, the bill they came with."""
    today = today or shop_today()
    lots = _narrowed(shop, choice).select_related("product", "product__category")
    if choice.within is not None:
        lots = lots.filter(expiry__lte=today + timedelta(days=choice.within))
    came_with = ReceiptLine.objects.filter(shop=shop, lot=OuterRef("pk")).values("receipt_id")[:1]
    return lots.annotate(receipt_id=Subquery(came_with)).defer("product__search_text", "product__search_vector").order_by("expiry", "pk")


def _narrowed(shop: Shop, choice: ExpiryChoice) -> QuerySet[StockLot]:
    lots = shop.lots.filter(on_hand__gt=0, expiry__isnull=False)
    if choice.q:
        lots = lots.filter(product__in=search(shop.products.all(), choice.q, shop=shop).order_by().values("pk"))
    if choice.category:
        lots = lots.filter(product__category_id=choice.category)
    if choice.supplier:
        lots = lots.filter(pk__in=ReceiptLine.objects.filter(shop=shop, receipt__supplier=choice.supplier).values("lot_id"))
    return lots


@dataclass(frozen=True)
class Band:
    """Lots with at most `within` days left (below zero: past their date; None: all that are dated): how many, and their value at cost ₹."""

    within: int | None
    count: int
    value: Decimal


def at_risk(shop: Shop, choice: ExpiryChoice, *, today: date | None = None) -> list[Band]:
    """How much lies in each band, whatever band the list shows; one query."""
    today = today or shop_today()
    bands: list[int | None] = [-1, *BANDS, None]
    sums = {}
    for n, within in enumerate(bands):
        inside = Q() if within is None else Q(expiry__lte=today + timedelta(days=within))
        sums |= {f"count{n}": Count("pk", filter=inside), f"value{n}": Sum("value", filter=inside, default=ZERO)}
    found = _narrowed(shop, choice).aggregate(**sums)
    return [Band(within, found[f"count{n}"], found[f"value{n}"]) for n, within in enumerate(bands)]


def days_left(lot: StockLot, today: date) -> int:
    """Days a lot may still be sold, its last one not counted; below zero: past its date."""
    return (lot.expiry - today).days


def suggested_markdown(lot: StockLot, today: date) -> Decimal | None:
    """A price (rupees a unit) that moves goods in the days they have: half off in the last week, three tenths in the second, a fifth in
    the month, else a tenth, rounded down to half a rupee. None for goods past their date, which nobody may sell.
    """
    left = days_left(lot, today)
    if left < 0:
        return None
    share = next((off for days, off in OFF if left <= days), Decimal("0.10"))
    full = min(lot.product.price, lot.mrp or lot.product.price)
    price = (full * (1 - share) / STEP).to_integral_value(ROUND_FLOOR) * STEP
    return max(money(price), Decimal("0.50")) if full > STEP else full


@dataclass(frozen=True)
class NewPrice:
    """A lot's own selling price, rupees a unit; None: the product's price again."""

    lot: int
    price: Decimal | None


@transaction.atomic
def mark_down(*, shop: Shop, by: User, prices: Sequence[NewPrice]) -> list[LotPriceChange]:
    """Give lots prices of their own. A price that a lot has already changes nothing, so pressing twice does no harm.

    Raises StockError "empty", "too_many", "no_lot", "bad_price", "above_mrp" (nobody may sell above MRP: Legal Metrology (Packaged
    Commodities) Rules 2011, rule 18) and "expired" for goods that may not be sold at any price.
    """
    _check_number(prices)
    lots = _locked(shop, [one.lot for one in prices])
    changes = []
    for one in prices:
        lot = lots[one.lot]
        price = _checked_price(lot, one.price)
        if price != lot.price:
            changes.append(LotPriceChange(shop=shop, lot=lot, old_price=lot.price, price=price, by=by))
            lot.price = price
    return LotPriceChange.objects.bulk_create(changes)


def _check_number(chosen: Sequence) -> None:
    if not chosen:
        raise StockError("empty", "Choose a lot first.")
    if len(chosen) > MOST_LOTS:
        raise StockError("too_many", f"At most {MOST_LOTS} lots at a time.")


def _locked(shop: Shop, lot_ids: Sequence[int]) -> dict[int, StockLot]:
    """The lots by id, locked in the house's order, with their products."""
    known = dict(shop.lots.filter(pk__in=lot_ids).values_list("pk", "product_id"))
    if set(lot_ids) - known.keys():
        raise StockError("no_lot", "Choose lots of this shop.")
    products = shop.products.in_bulk(set(known.values()))
    lots = {lot.pk: lot for rows in lock_lots(shop, products).values() for lot in rows if lot.pk in known}
    for lot in lots.values():
        lot.product = products[lot.product_id]
    return lots


def _checked_price(lot: StockLot, price: Decimal | None) -> Decimal | None:
    name, field = lot.product.name, f"price-{lot.pk}"
    if price is None:
        return None
    if not price.is_finite() or not 0 < price < 10**8 or price != money(price):
        raise StockError("bad_price", f"Give a price of {name} above zero, in rupees and paise.", field)
    if lot.mrp is not None and price > lot.mrp:
        raise StockError("above_mrp", f"{rupees(price)} is above the MRP {rupees(lot.mrp)} of {name}. Nobody may sell above MRP.", field)
    if lot.expiry and lot.expiry < shop_today():
        raise StockError("expired", f"{name} expired on {lot.expiry:%-d %b %Y} and may not be sold. Write it off or send it back.", field)
    return money(price)


def write_off(*, shop: Shop, by: User, lot_ids: Sequence[int], note: str = "", request_key: UUID | None = None) -> StockDocument:
    """Write off all that is left of lots past their date: one paper, one event, one journal entry, with the input credit given back
    (CGST section 17(5)(h)).

    request_key  one per opened form; a second call with it answers the first paper and changes nothing
    Raises StockError "empty", "too_many", "no_lot", "not_expired" and "nothing_changes". Everything is written, or nothing.
    """
    _check_number(lot_ids)

    def write(document: StockDocument) -> None:
        moves: Moves = []
        for lot in _locked(shop, lot_ids).values():
            if lot.expiry is None or lot.expiry >= document.day:
                until = f"is good until {lot.expiry:%-d %b %Y}" if lot.expiry else "has no date"
                raise StockError("not_expired", f"{lot.product.name} {until}. Mark it down, or enter it as damaged.")
            if lot.on_hand > 0:
                takes, _ = take([lot], lot.on_hand, below_zero=False)
                moves += [(t.lot, -t.quantity, -t.value) for t in takes]
        if not moves:
            raise StockError("nothing_changes", "Nothing is left of these lots. Load the page again.")
        write_movements(numbered(moves), reason=StockMovement.Reason.EXPIRED, document=document)

    document = StockDocument(
        shop=shop, kind=StockDocument.Kind.ADJUSTMENT, reason=StockDocument.Reason.EXPIRED, by=by, request_key=request_key
    )
    document.note, document.day = clean_name(note)[:200], shop_today()
    return enter_paper(document, StockEvent.Kind.ADJUSTED, write)
