"""What a supplier's bill comes to, and what its goods cost a piece: worked by hand, and by chance."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.off import Off
from inventory.errors import StockError
from inventory.purchase_sums import BillHead, BoughtLine, add_up

D = Decimal
PERCENT_5 = Off(percent=D(5))


def line(packs=10, price="100", pieces=None, **more) -> BoughtLine:
    return BoughtLine(D(packs), D(price), D(pieces if pieces is not None else packs), **({"rate": D(18), "credit": True} | more))


def only(found):
    (costed,) = found.lines
    return costed


# --- one line -------------------------------------------------------------------------------------------------
def test_hundred_soaps_at_forty_and_five_percent_cost_4000_and_carry_200_of_credit():
    found = add_up([line(100, "40", rate=D(5))], BillHead())
    assert (found.taxable, found.cgst, found.sgst, found.total, found.cost) == (4000, 100, 100, 4200, 4000)
    assert only(found).piece == D("40.0000")


def test_from_another_state_the_tax_is_one_head():
    found = add_up([line(100, "40", rate=D(5))], BillHead(inter_state=True))
    assert (found.cgst, found.sgst, found.igst, found.total) == (0, 0, 200, 4200)


def test_ten_and_one_free_cost_ten_elevenths_a_piece():
    found = add_up([line(10, "100", pieces=11)], BillHead())
    assert only(found).piece == D("90.9091")
    assert only(found).cost == 1000


def test_without_credit_the_tax_is_part_of_the_cost():
    found = add_up([line(10, "100", credit=False)], BillHead())
    assert (found.total, found.cost, only(found).piece) == (1180, 1180, D("118.0000"))


def test_supplier_who_may_charge_no_tax_charges_none():
    found = add_up([line(10, "100", credit=False)], BillHead(taxed=False))
    assert (found.cgst + found.igst, found.total, found.cost) == (0, 1000, 1000)


def test_under_reverse_charge_the_tax_is_known_and_not_paid_to_the_supplier():
    found = add_up([line(10, "100", rate=D(5))], BillHead(taxed=False, reverse_charge=True))
    assert (found.cgst, found.sgst, found.total, found.cost) == (25, 25, 1000, 1000)


def test_reverse_charge_without_credit_costs_the_tax_too():
    found = add_up([line(10, "100", rate=D(5), credit=False)], BillHead(taxed=False, reverse_charge=True))
    assert (found.total, found.cost) == (1000, 1050)


def test_prices_with_the_tax_in_them_come_apart_to_the_paisa():
    found = add_up([line(1, "118")], BillHead(inclusive=True))
    assert (found.taxable, found.cgst, found.sgst, found.total) == (100, 9, 9, 118)


def test_line_discount_then_bill_discount_then_tax():
    found = add_up([line(10, "100", discount=PERCENT_5)], BillHead(discount=Off(rupees=D(50))))
    assert (found.gross, found.discount, found.taxable, found.cgst) == (1000, 100, 900, 81)


def test_bills_percent_is_of_what_the_lines_discounts_leave():
    found = add_up([line(10, "100", discount=Off(percent=D(10)))], BillHead(discount=PERCENT_5))
    assert found.taxable == 855


def test_freight_is_taxed_with_the_goods_and_spread_by_their_value():
    found = add_up([line(10, "100"), line(10, "300")], BillHead(charges=D(100)))
    assert [one.charge for one in found.lines] == [25, 75]
    assert [one.tax.taxable for one in found.lines] == [1025, 3075]


def test_porter_is_not_taxed_and_still_costs():
    found = add_up([line(10, "100")], BillHead(other_charges=D(40)))
    assert (found.taxable, found.total, found.cost) == (1000, 1220, 1040)


def test_freight_on_goods_that_all_came_free_is_spread_by_pieces():
    found = add_up([line(0, "100", pieces=1), line(0, "100", pieces=3)], BillHead(other_charges=D(10)))
    assert [one.cost for one in found.lines] == [D("2.50"), D("7.50")]


def test_freight_may_be_more_than_the_goods():
    found = add_up([line(1, "10", pieces=1)], BillHead(other_charges=D(50)))
    assert found.cost == 60


def test_cash_discount_comes_after_the_tax_and_lowers_the_cost():
    found = add_up([line(10, "100")], BillHead(cash_discount=D(18)))
    assert (found.cgst, found.total, found.cost) == (90, 1162, 982)


# --- the paper ------------------------------------------------------------------------------------------------
def test_round_off_makes_our_total_that_of_the_paper():
    found = add_up([line(3, "33.33")], BillHead(), D("118.00"))
    assert (found.total, found.round_off) == (118, D("0.01"))


@pytest.mark.parametrize("paper", ["116.98", "119.00"])
def test_more_than_a_rupee_is_no_rounding(paper):
    with pytest.raises(StockError, match=r"The lines come to ₹117\.99, the paper says") as refused:
        add_up([line(3, "33.33")], BillHead(), D(paper))
    assert (refused.value.code, refused.value.field) == ("total_differs", "paper_total")


@pytest.mark.parametrize(
    ("lines", "head", "code", "field"),
    [
        ([], BillHead(), "no_lines", None),
        ([line(1, "10", discount=Off(rupees=D(11)))], BillHead(), "bad_discount", "lines-0-discount"),
        ([line(), line(1, "10", discount=Off(rupees=D(11)))], BillHead(), "bad_discount", "lines-1-discount"),
        ([line(1, "10")], BillHead(discount=Off(rupees=D(11))), "bad_discount", "discount"),
        ([line(1, "10")], BillHead(cash_discount=D("11.81")), "bad_discount", "cash_discount"),
        ([line(1, "10")], BillHead(charges=D(-1)), "bad_charges", "charges"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(lines, head, code, field):
    with pytest.raises(StockError) as refused:
        add_up(lines, head)
    assert (refused.value.code, refused.value.field) == (code, field)


# --- by chance ------------------------------------------------------------------------------------------------
paise = st.integers(0, 5_000_00).map(lambda p: D(p) / 100)
offs = st.one_of(st.just(Off()), st.integers(0, 10000).map(lambda p: Off(percent=D(p) / 100)))
bought = st.builds(
    BoughtLine,
    packs=st.integers(0, 500).map(D),
    price=st.integers(1, 99_999_999).map(lambda p: D(p) / 10000),
    pieces=st.integers(1, 9999).map(D),
    discount=offs,
    rate=st.sampled_from([D(0), D(3), D(5), D(12), D(18), D(28), D(40)]),
    cess_rate=st.sampled_from([D(0), D(0), D(12)]),
    credit=st.booleans(),
)
heads = st.builds(
    BillHead, inter_state=st.booleans(), taxed=st.booleans(), reverse_charge=st.booleans(), inclusive=st.booleans(), discount=offs,
    charges=paise, other_charges=paise,
)  # fmt: skip


@given(lines=st.lists(bought, min_size=1, max_size=12), head=heads)
def test_any_bill_adds_up_to_the_paisa(lines, head):
    found = add_up(lines, head)
    tax = found.cgst + found.sgst + found.igst + found.cess
    claimed = sum((one.tax.tax for one in found.lines if one.credit), D(0))
    owed_to_government = tax if head.reverse_charge else D(0)
    assert found.total == found.taxable + tax - owed_to_government + found.other_charges - found.cash_discount
    assert found.cost + claimed == found.total + owed_to_government, "what is paid is stock or credit"
    assert found.cgst == found.sgst
    assert (found.charges, found.other_charges) == (head.charges, head.other_charges)


@given(lines=st.lists(bought, min_size=1, max_size=12), head=heads)
def test_pieces_at_their_cost_come_to_the_line_within_their_rounding(lines, head):
    for one, costed in zip(lines, add_up(lines, head).lines, strict=True):
        assert abs(costed.piece * one.pieces - costed.cost) <= one.pieces * D("0.00005")


@given(lines=st.lists(bought, min_size=1, max_size=8), cut=st.integers(0, 100), head=heads)
def test_cash_discount_is_shared_out_whole(lines, cut, head):
    before = add_up(lines, head)
    discount = (before.total * cut / 100).quantize(D("0.01"), rounding="ROUND_DOWN")
    after = add_up(lines, BillHead(**{**{f: getattr(head, f) for f in head.__slots__}, "cash_discount": discount}))
    assert after.total == before.total - discount
    assert sum(one.cash_discount for one in after.lines) == discount
