"""What offers take off a bill. Pure and exact, no database; `static/js/counter/offers.js` is its twin, held to one file of vectors.

Rupees are Decimals with 2 places, quantities 3, percents 2. Inside, all are whole numbers: paise, thousandths of a unit, hundredths
of a percent. The rules:

- percent: of the line's gross, rounded half up to the paisa. amount: rupees off each unit, at most its price.
- buy x get y: of each x + y units of a line, y are free.
- combo: as many whole sets as the bill holds cost the set's price; what they cost less is spread over their lines in proportion.
  A set takes a product's dearest units first. One product several times is a combo too: "3 for ₹ 100".
- A line takes part in one offer. Combos come first, the largest discount first; then each line left takes the one that gives it most.
  The lower id wins a tie. A line whose rate was changed by hand takes none, nor does one that costs nothing.
- No line gets more off than its gross.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from smartkirana.money import ZERO, money, plain, share_out

PERCENT, AMOUNT, BUY_GET, COMBO = "percent", "amount", "buy_get", "combo"


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """One offer, of a kind (a constant above) that says which figures count.

    percent off · amount rupees off a unit · buy units and get more of them free · price rupees for one set of `parts`,
    which are (product id, quantity).
    """

    id: int
    kind: str
    name: str = ""
    percent: Decimal | None = None
    amount: Decimal | None = None
    buy: Decimal | None = None
    get: Decimal | None = None
    price: Decimal | None = None
    parts: tuple[tuple[int, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class OfferLine:
    """A line before offers: `gross` rupees for `quantity` units at `price`; `offers` are those that fit its product on the day.

    by_hand  the rate was changed at the counter: no offer then
    """

    product: int
    quantity: Decimal
    price: Decimal
    gross: Decimal
    offers: Sequence[OfferTerms] = ()
    by_hand: bool = False


class LineOffer(NamedTuple):
    """What a line gets: rupees off, and of which offer; (0.00, None) without one."""

    discount: Decimal
    offer: OfferTerms | None


NO_OFFER = LineOffer(ZERO, None)


def offers_on(lines: Sequence[OfferLine]) -> list[LineOffer]:
    """The discount of each line, in the lines' order, by the rules above. The order of the lines changes no sum."""
    found = [NO_OFFER] * len(lines)
    free = [at for at, line in enumerate(lines) if _may_take(line)]
    combos = {offer.id: offer for at in free for offer in lines[at].offers if offer.kind == COMBO}
    while combos and (best := _best_combo(lines, free, combos)):
        offer, shares = best
        for at, share in shares.items():
            found[at] = LineOffer(_rupees(share), offer)
        free = [at for at in free if at not in shares]
    for at in free:
        found[at] = _best_alone(lines[at])
    return found


def _may_take(line: OfferLine) -> bool:
    return bool(line.offers) and not line.by_hand and line.quantity > 0 and line.price > 0 and line.gross > 0


# --- one line -------------------------------------------------------------------------------------------------
def _best_alone(line: OfferLine) -> LineOffer:
    """The offer that gives the line most; of equal ones the older."""
    best, most = None, 0
    for offer in sorted(line.offers, key=lambda one: one.id):
        if (discount := _alone(line, offer)) > most:
            best, most = offer, discount
    return LineOffer(_rupees(most), best)


def _alone(line: OfferLine, offer: OfferTerms) -> int:
    """Paise off this line by an offer that needs no other line."""
    quantity, price, gross = _thousandths(line.quantity), _hundredths(line.price), _hundredths(line.gross)
    if offer.kind == PERCENT:
        discount = _halved_up(gross * _hundredths(offer.percent), 10_000)
    elif offer.kind == AMOUNT:
        discount = _halved_up(quantity * min(price, _hundredths(offer.amount)), 1000)
    elif offer.kind == BUY_GET:
        buy, get = _thousandths(offer.buy), _thousandths(offer.get)
        discount = _halved_up(quantity // (buy + get) * get * price, 1000)
    else:
        discount = 0
    return min(discount, gross)


# --- sets of several lines ------------------------------------------------------------------------------------
def _best_combo(
    lines: Sequence[OfferLine], free: Sequence[int], combos: Mapping[int, OfferTerms]
) -> tuple[OfferTerms, dict[int, int]] | None:
    """The combo with the largest discount over the free lines, and the paise off each line it uses."""
    best, most = None, 0
    for _, offer in sorted(combos.items()):
        costs, sets = _sets(lines, free, offer)
        discount = sum(costs.values()) - sets * _hundredths(offer.price)
        if discount > most:
            shares = share_out(discount, list(costs.values()))
            best, most = (offer, dict(zip(costs, shares, strict=True))), discount
    return best


def _sets(lines: Sequence[OfferLine], free: Sequence[int], offer: OfferTerms) -> tuple[dict[int, int], int]:
    """How many sets the free lines make, and what their units cost at each line: {line: paise}, in the lines' order."""
    need = {product: _thousandths(quantity) for product, quantity in offer.parts}
    ours: dict[int, list[int]] = {product: [] for product in need}
    for at in free:
        if lines[at].product in need and any(one.id == offer.id for one in lines[at].offers):
            ours[lines[at].product].append(at)
    have = {product: sum(_thousandths(lines[at].quantity) for at in found) for product, found in ours.items()}
    sets = min((have[product] // need[product] for product in need), default=0)
    costs = {at: cost for product in need for at, cost in _taken(lines, ours[product], sets * need[product])}
    return dict(sorted(costs.items())), sets


def _taken(lines: Sequence[OfferLine], ours: Sequence[int], wanted: int) -> Iterator[tuple[int, int]]:
    """(line, paise) for `wanted` thousandths of a product, from its dearest lines first; a line all used costs its gross."""
    for at in sorted(ours, key=lambda one: (-lines[one].price, -lines[one].quantity, -lines[one].gross)):
        quantity, gross = _thousandths(lines[at].quantity), _hundredths(lines[at].gross)
        used = min(wanted, quantity)
        if used <= 0:
            return
        wanted -= used
        yield at, gross if used == quantity else min(gross, _halved_up(used * _hundredths(lines[at].price), 1000))


# --- whole numbers --------------------------------------------------------------------------------------------
def _halved_up(amount: int, by: int) -> int:
    return (amount + by // 2) // by


def _hundredths(amount: Decimal | None) -> int:
    return int((amount or ZERO) * 100)


def _thousandths(quantity: Decimal | None) -> int:
    return int((quantity or ZERO) * 1000)


def _rupees(paise: int) -> Decimal:
    return money(Decimal(paise) / 100)


# --- for the page ---------------------------------------------------------------------------------------------
def as_data(offer: OfferTerms) -> dict:
    """The offer for a page's data attribute; figures as text, so that no fraction is lost."""
    figures = {"percent": offer.percent, "amount": offer.amount, "buy": offer.buy, "get": offer.get, "price": offer.price}
    data = {"id": offer.id, "kind": offer.kind, "name": offer.name}
    data |= {name: plain(figure) for name, figure in figures.items() if figure is not None}
    return data | ({"parts": [[product, plain(quantity)] for product, quantity in offer.parts]} if offer.parts else {})


def from_data(data: Mapping) -> OfferTerms:
    """The offer that `as_data` made."""
    figures = {name: Decimal(data[name]) for name in ("percent", "amount", "buy", "get", "price") if name in data}
    parts = tuple((product, Decimal(quantity)) for product, quantity in data.get("parts", ()))
    return OfferTerms(id=data["id"], kind=data["kind"], name=data.get("name", ""), parts=parts, **figures)
