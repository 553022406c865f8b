from decimal import ROUND_HALF_UP, Decimal
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartkirana.money import PAISA, ZERO, indian, money, quantity, rupee_round, rupees, share_out, unit_cost

amounts = st.decimals(-(10**12), 10**12, allow_nan=False, places=6)


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ("0.125", "0.13"),
        ("0.115", "0.12"),
        ("2.675", "2.68"),
        ("-0.125", "-0.13"),
        ("0.0049999", "0.00"),
        (7, "7.00"),
        (" 12.5 ", "12.50"),
        ("1e3", "1000.00"),
        ("१२.५", "12.50"),
    ],
)
def test_money_rounds_half_up_to_the_paisa(given_, kept):
    assert str(money(given_)) == kept


def test_quantity_keeps_three_places_and_unit_cost_four():
    assert str(quantity("1.2345")) == "1.235"
    assert str(quantity(3)) == "3.000"
    assert str(unit_cost("41.33335")) == "41.3334"


@pytest.mark.parametrize("wrong", [0.1, True, None, b"1", 1j])
@pytest.mark.parametrize("kind", [money, quantity, unit_cost])
def test_a_float_is_refused_loudly(kind, wrong):
    with pytest.raises(TypeError):
        kind(wrong)


@pytest.mark.parametrize("wrong", ["NaN", "sNaN", "Infinity", "-inf", "", "twelve", "1,000", "1_000", "1e40", D("NaN")])
def test_what_is_no_amount_is_a_value_error(wrong):
    with pytest.raises(ValueError):
        money(wrong)


def test_zero_never_carries_a_minus():
    assert str(money("-0.001")) == "0.00"
    assert str(money(D("-0"))) == "0.00"
    assert rupees("-0.004") == "₹ 0.00"


def test_constants_are_exact():
    assert (str(PAISA), str(ZERO)) == ("0.01", "0.00")


@given(amounts)
def test_money_is_idempotent_symmetric_and_within_half_a_paisa(amount):
    kept = money(amount)
    assert money(kept) == kept
    assert money(-amount) == -kept
    assert abs(kept - amount) <= D("0.005")
    assert kept.as_tuple().exponent == -2


@pytest.mark.parametrize(
    ("total", "mode", "rounded", "round_off"),
    [
        ("99.60", "rupee", "100.00", "0.40"),
        ("100.40", "rupee", "100.00", "-0.40"),
        ("100.50", "rupee", "101.00", "0.50"),
        ("100.49", "rupee", "100.00", "-0.49"),
        ("-100.50", "rupee", "-101.00", "-0.50"),
        ("0.49", "rupee", "0.00", "-0.49"),
        ("99.60", "half", "99.50", "-0.10"),
        ("99.75", "half", "100.00", "0.25"),
        ("99.24", "half", "99.00", "-0.24"),
        ("99.25", "half", "99.50", "0.25"),
        ("99.61", "none", "99.61", "0.00"),
    ],
)
def test_bill_total_rounds_to_the_coin_of_the_shop(total, mode, rounded, round_off):
    assert [str(part) for part in rupee_round(D(total), mode)] == [rounded, round_off]


def test_unknown_rounding_is_a_mistake_of_the_program():
    with pytest.raises(ValueError, match="ten"):
        rupee_round(D("1.00"), "ten")


@given(amounts, st.sampled_from(["none", "half", "rupee"]))
def test_rounded_total_and_round_off_always_add_up(amount, mode):
    rounded, round_off = rupee_round(amount, mode)
    assert rounded == money(amount) + round_off
    assert abs(round_off) <= {"none": D(0), "half": D("0.25"), "rupee": D("0.50")}[mode]
    assert rounded % {"none": D("0.01"), "half": D("0.5"), "rupee": D(1)}[mode] == 0


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("0", "0.00"),
        ("999.999", "1,000.00"),
        ("999", "999.00"),
        ("1000", "1,000.00"),
        ("99999.5", "99,999.50"),
        ("100000", "1,00,000.00"),
        ("1234567.5", "12,34,567.50"),
        ("-1234567.5", "-12,34,567.50"),
        ("99999999999.99", "99,99,99,99,999.99"),
    ],
)
def test_digits_are_grouped_the_indian_way(amount, shown):
    assert indian(amount) == shown


def test_grouping_takes_other_places_and_a_printed_minus():
    assert indian("1234567.5", 0) == "12,34,568"
    assert indian("1.25", 3) == "1.250"
    assert indian("-1500", minus="\N{MINUS SIGN}") == "\N{MINUS SIGN}1,500.00"


def test_rupees_carries_the_sign_before_the_symbol():
    assert rupees("123456.5") == "₹ 1,23,456.50"
    assert rupees("-500") == "-₹ 500.00"
    assert rupees(D("-500"), minus="\N{MINUS SIGN}") == "\N{MINUS SIGN}₹ 500.00"


@given(amounts)
def test_grouped_digits_read_back_as_the_same_amount(amount):
    shown = indian(amount)
    rounded = amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    assert D(shown.replace(",", "")) == rounded
    first, *middle = shown.lstrip("-").partition(".")[0].split(",")
    assert 1 <= len(first) <= (2 if len(middle) else 3)
    assert all(len(group) == 2 for group in middle[:-1])


# --- sharing --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("amount", "weights", "shares"),
    [
        (0, [5, 7], [0, 0]),
        (1, [10, 10, 10], [1, 0, 0]),
        (2, [10, 20, 30], [0, 1, 1]),
        (2000, [10000, 8000], [1111, 889]),
        (30, [10, 0, 20], [10, 0, 20]),
        (0, [], []),
    ],
)
def test_paise_are_shared_in_proportion_and_the_odd_ones_go_to_the_largest_remainders(amount, weights, shares):
    assert share_out(amount, weights) == shares


@pytest.mark.parametrize(("amount", "weights"), [(-1, [5]), (6, [5]), (1, []), (1, [5, -1])])
def test_no_more_is_shared_than_there_is_room_for(amount, weights):
    with pytest.raises(ValueError):
        share_out(amount, weights)


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=12), st.data())
def test_shares_add_up_exactly_and_none_is_more_than_its_weight(weights, data):
    amount = data.draw(st.integers(0, sum(weights)))
    shares = share_out(amount, weights)
    assert sum(shares) == amount
    for share, weight in zip(shares, weights, strict=True):
        assert 0 <= share <= weight
        assert abs(share * sum(weights) - amount * weight) <= sum(weights), "within a paisa of its exact part"
