"""What holds for every bill, whatever is on offer. The worked cases are in tests/vectors/offers.json."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.offer_rules import OfferLine, OfferTerms, as_data, from_data, offers_on
from smartkirana.money import ZERO, money

D = Decimal
GOODS = (1, 2, 3, 4)
prices = st.decimals("0.00", "500.00", places=2)
pieces = st.integers(1, 12).map(Decimal)
weights = st.decimals("0.001", "9.999", places=3)
quantities = pieces | weights
above_zero = st.decimals("0.01", "900.00", places=2)
ids = st.integers(1, 30)


@st.composite
def combos(draw, number=ids):
    goods = draw(st.lists(st.sampled_from(GOODS), min_size=1, max_size=3, unique=True))
    return OfferTerms(draw(number), "combo", price=draw(above_zero), parts=tuple((one, draw(quantities)) for one in goods))


def singles(number=ids):
    return st.one_of(
        st.builds(OfferTerms, number, st.just("percent"), percent=st.decimals("0.01", "100", places=2)),
        st.builds(OfferTerms, number, st.just("amount"), amount=above_zero),
        st.builds(OfferTerms, number, st.just("buy_get"), buy=quantities, get=quantities),
    )


@st.composite
def bills(draw, offers=None):
    """Lines with offers that fit them: a combo its parts, any other the products its id divides."""
    on_offer = list(
        {one.id: one for one in draw(st.lists(singles() | combos() if offers is None else offers, min_size=1, max_size=4))}.values()
    )
    lines = []
    for product, quantity, price, hand in draw(
        st.lists(st.tuples(st.sampled_from(GOODS), quantities, prices, st.integers(0, 9)), max_size=7)
    ):
        fit = [one for one in on_offer if (product in dict(one.parts) if one.parts else one.id % product == 0)]
        lines.append(OfferLine(product, quantity, price, money(quantity * price), fit, by_hand=hand == 0))
    return lines


def total(lines):
    return sum((one.discount for one in offers_on(lines)), ZERO)


@given(bills())
def test_no_line_gets_less_than_nothing_or_more_than_it_costs(lines):
    for line, given_ in zip(lines, offers_on(lines), strict=True):
        assert 0 <= given_.discount <= line.gross
        assert given_.discount == money(given_.discount)


@given(bills())
def test_a_line_gets_only_what_fits_it_and_nothing_without_an_offer(lines):
    for line, given_ in zip(lines, offers_on(lines), strict=True):
        assert given_.offer is None or given_.offer in line.offers
        assert given_.offer is not None or given_.discount == 0
        assert given_.offer is None or not (line.by_hand or line.price == 0)


@settings(max_examples=300)
@given(bills(), st.randoms(use_true_random=False))
def test_the_order_of_the_lines_changes_no_total(lines, random):
    shuffled = list(lines)
    random.shuffle(shuffled)
    assert total(shuffled) == total(lines)


@given(bills())
def test_the_order_of_the_offers_changes_nothing(lines):
    turned = [replace(line, offers=tuple(reversed(line.offers))) for line in lines]
    assert offers_on(turned) == offers_on(lines)


@given(bills(singles()))
def test_without_combos_each_line_gets_what_it_would_get_alone(lines):
    assert offers_on(lines) == [offers_on([line])[0] for line in lines]


@given(bills(singles()), singles())
def test_one_more_offer_on_a_line_never_makes_it_dearer(lines, more):
    for line in lines:
        richer = replace(line, offers=[*line.offers, replace(more, id=99)])
        assert offers_on([richer])[0].discount >= offers_on([line])[0].discount


@given(st.lists(st.tuples(above_zero, st.integers(1, 20), st.integers(1, 4)), min_size=1, max_size=5), above_zero)
def test_a_combos_goods_cost_its_price_to_the_paisa(parts, price):
    """Pieces, one line a product: what the sets' units cost less the discount is the price of so many sets."""
    offer = OfferTerms(1, "combo", price=price, parts=tuple((number, D(need)) for number, (_, _, need) in enumerate(parts)))
    lines = [
        OfferLine(number, D(count), each, money(each * count), [offer], by_hand=False) for number, (each, count, _) in enumerate(parts)
    ]
    sets = min(count // need for _, count, need in parts)
    worth = sum((each * need * sets for each, _, need in parts), ZERO)
    assert total(lines) == max(worth - sets * price, ZERO)


@given(bills(combos(number=st.just(1))))
def test_a_product_on_two_lines_makes_the_same_sets_as_on_one(lines):
    """Where a product's lines have one price, putting them together changes no more than the paise that a line's own rounding makes."""
    same = [replace(line, price=D("10.00"), gross=money(line.quantity * 10), by_hand=False) for line in lines]
    together = {}
    for line in same:
        known = together.get(line.product)
        count = line.quantity + (known.quantity if known else 0)
        together[line.product] = replace(line, quantity=count, gross=money(count * 10))
    assert abs(total(list(together.values())) - total(same)) <= D("0.01") * (len(same) + 1)


@pytest.mark.parametrize(
    "offer",
    [
        OfferTerms(3, "percent", "Diwali", percent=D("12.50")),
        OfferTerms(4, "buy_get", "Soap fair", buy=D("2.000"), get=D("1.000")),
        OfferTerms(5, "combo", "Tea time", price=D("99.00"), parts=((7, D("1.000")), (8, D("0.250")))),
    ],
    ids=lambda one: one.kind,
)
def test_an_offer_comes_back_from_the_page_as_it_went(offer):
    assert from_data(as_data(offer)) == offer
