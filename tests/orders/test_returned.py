"""What goods that come back are worth: any sequence of partial returns comes to what was paid, to the paisa."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.off import Off
from orders.pricing import LineIn, price_bill
from orders.returned import last_day_for_gst, lots_of_next, round_off_of, summed, worth_of
from smartkirana.money import ZERO

D = Decimal
PARTS = ("gross", "discount", "bill_discount", "total")
TAXES = ("taxable", "cgst", "sgst", "igst", "cess")

paise = st.integers(1, 50_000).map(lambda n: D(n) / 100)
quantities = st.one_of(st.integers(1, 40).map(D), st.integers(1, 9_999).map(lambda n: D(n) / 1000))
percents = st.integers(0, 10_000).map(lambda n: D(n) / 100)


@st.composite
def bills(draw):
    """A priced bill of some lines, and each line as it is kept: inclusive or not, with discounts, cess and round-off."""
    lines = [
        LineIn(
            quantity=draw(quantities),
            price=draw(paise),
            rate=draw(st.sampled_from([0, 3, 5, 12, 18, 28, 40])),
            cess_rate=draw(st.sampled_from([0, 0, 12])),
            inclusive=draw(st.booleans()),
            taxed=draw(st.booleans()),
        )
        for _ in range(draw(st.integers(1, 4)))
    ]

    lines = [
        LineIn(line.quantity, line.price, line.rate, line.cess_rate, Off(percent=draw(percents)), line.inclusive, line.taxed)
        for line in lines
    ]
    priced = price_bill(
        lines,
        bill_discount=Off(percent=draw(percents)),
        inter_state=draw(st.booleans()),
        rounding=draw(st.sampled_from(["none", "half", "rupee"])),
    )
    return priced, [kept(line, one) for line, one in zip(lines, priced.lines, strict=True)]


def kept(line, priced) -> SimpleNamespace:
    """As orders.services writes a line: an exclusive one has its tax in gross, so that gross − discounts is its total."""
    tax, more = priced.tax, priced.total - priced.net
    return SimpleNamespace(
        quantity=D(line.quantity), gross=priced.gross + more, discount=priced.discount, bill_discount=priced.bill_discount,
        taxable=tax.taxable, cgst=tax.cgst, sgst=tax.sgst, igst=tax.igst, cess=tax.cess,
        after_tax_reduction=priced.after_tax_reduction, total=priced.total,
    )  # fmt: skip


def steps(draw, whole: Decimal) -> list[Decimal]:
    """The whole quantity in some random parts."""
    thousandths = int(whole * 1000)
    cuts = sorted(draw(st.sets(st.integers(1, max(thousandths - 1, 1)), max_size=5)))
    edges = [0, *(cut for cut in cuts if cut < thousandths), thousandths]
    return [D(b - a) / 1000 for a, b in itertools.pairwise(edges)]


@given(bills(), st.data())
def test_any_sequence_of_partial_returns_gives_back_exactly_what_was_paid(bill, data):
    priced, lines = bill
    moves = data.draw(st.permutations([(n, part) for n, line in enumerate(lines) for part in steps(data.draw, line.quantity)]))
    done = [D(0)] * len(lines)
    worths: list[list] = [[] for _ in lines]
    goods, given_back, rounded = ZERO, ZERO, ZERO
    whole = sum((line.total for line in lines), ZERO)
    for n, part in moves:
        worth = worth_of(lines[n], done[n], part)
        assert worth.total >= 0
        assert worth.gross - worth.discount - worth.bill_discount == worth.total
        assert worth.taxable + worth.cgst + worth.sgst + worth.igst + worth.cess - worth.after_tax_reduction == worth.total
        assert worth.cgst == worth.sgst
        off = round_off_of(priced.round_off, whole, goods, worth.total)
        assert worth.total + off >= 0
        goods, rounded, given_back = goods + worth.total, rounded + off, given_back + worth.total + off
        done[n] += part
        worths[n].append(worth)
    for line, of_line in zip(lines, worths, strict=True):
        all_of_it = summed(of_line)
        assert [getattr(all_of_it, name) for name in PARTS + TAXES] == [getattr(line, name) for name in PARTS + TAXES]
    assert rounded == priced.round_off
    assert given_back == priced.total


@given(bills(), st.data())
def test_a_part_is_worth_its_proportion_within_a_paisa(bill, data):
    _, lines = bill
    for line in lines:
        first = steps(data.draw, line.quantity)[0]
        worth = worth_of(line, D(0), first)
        for name in ("discount", "bill_discount", "cgst", "igst", "cess", "total"):
            assert abs(getattr(worth, name) - getattr(line, name) * first / line.quantity) <= D("0.005")


lots = st.lists(
    st.tuples(st.integers(1, 9_999).map(lambda n: D(n) / 1000), st.integers(0, 90_000).map(lambda n: D(n) / 100)), min_size=1, max_size=4
)


@given(lots, st.data())
def test_the_lots_of_a_line_get_back_all_they_gave_at_all_it_cost(sold, data):
    gave = [(n, quantity, cost) for n, (quantity, cost) in enumerate(sold)]
    done, back = D(0), []
    for part in steps(data.draw, sum((quantity for _, quantity, _ in gave), D(0))):
        back += lots_of_next(gave, done, part)
        done += part
    for lot_id, quantity, cost in gave:
        ours = [one for one in back if one.lot_id == lot_id]
        assert sum((one.quantity for one in ours), D(0)) == quantity
        assert sum((one.cost for one in ours), ZERO) == cost
        assert all(one.cost >= 0 for one in ours)


@pytest.mark.parametrize(
    ("sold", "last"),
    [
        (date(2026, 4, 1), date(2027, 11, 30)),
        (date(2027, 3, 31), date(2027, 11, 30)),
        (date(2026, 12, 31), date(2027, 11, 30)),
        (date(2027, 4, 1), date(2028, 11, 30)),
    ],
)
def test_the_last_day_is_30_november_after_the_financial_year(sold, last):
    assert last_day_for_gst(sold) == last
