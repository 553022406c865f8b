from decimal import ROUND_HALF_UP
from decimal import Decimal as D
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.pricing import LineIn, LineTax, PricingError, line_tax, price_bill, share_discount

SLABS = ["0", "0.1", "0.25", "1", "1.5", "3", "5", "6", "7.5", "12", "18", "28", "40"]


def rupees(low=0, high=10**7):
    return st.integers(low, high).map(lambda paise: D(paise).scaleb(-2))


def half_up(exact: Fraction) -> D:
    """The paisa nearest to an exact fraction, halves away from zero: an oracle in whole numbers."""
    paise, rest = divmod(abs(exact) * 100, 1)
    return D((int(paise) + (rest >= Fraction(1, 2))) * (-1 if exact < 0 else 1)).scaleb(-2)


# --- tax of a line


@pytest.mark.parametrize(
    ("net", "rate", "half", "taxable"),
    [
        ("525.00", 5, "12.50", "500.00"),
        ("99.00", 5, "2.36", "94.28"),
        ("20.00", 18, "1.53", "16.94"),
        ("45.00", 40, "6.43", "32.14"),
        ("52.50", 5, "1.25", "50.00"),
        ("118.00", 18, "9.00", "100.00"),
        ("0.01", 40, "0.00", "0.01"),
        ("0.00", 18, "0.00", "0.00"),
        ("100.00", "0.25", "0.12", "99.76"),
        ("10.00", 0, "0.00", "10.00"),
    ],
)
def test_tax_inside_a_price_has_equal_halves_and_leaves_the_rest_as_value(net, rate, half, taxable):
    tax = line_tax(net=D(net), rate=rate)
    assert tax == LineTax(D(taxable), D(half), D(half))
    assert str(tax.taxable) == taxable
    assert tax.total == D(net)


@pytest.mark.parametrize(
    ("net", "rate", "igst", "taxable"),
    [("118.00", 18, "18.00", "100.00"), ("99.00", 5, "4.71", "94.29"), ("20.00", 18, "3.05", "16.95")],
)
def test_between_states_the_whole_tax_is_igst(net, rate, igst, taxable):
    assert line_tax(net=D(net), rate=rate, inter_state=True) == LineTax(D(taxable), igst=D(igst))


@pytest.mark.parametrize(
    ("net", "rate", "inter_state", "tax"),
    [
        ("500.00", 5, False, LineTax(D("500.00"), D("12.50"), D("12.50"))),
        ("4000.00", 5, True, LineTax(D("4000.00"), igst=D("200.00"))),
        ("0.99", 5, False, LineTax(D("0.99"), D("0.02"), D("0.02"))),
        ("10.10", 5, False, LineTax(D("10.10"), D("0.25"), D("0.25"))),
        ("10.20", 5, False, LineTax(D("10.20"), D("0.26"), D("0.26"))),
    ],
)
def test_tax_on_top_of_a_price_leaves_the_value_alone(net, rate, inter_state, tax):
    assert line_tax(net=D(net), rate=rate, inter_state=inter_state, inclusive=False) == tax


def test_cess_by_rate_on_an_old_cola_bill():
    """28 + 12 until 21 September 2025: 45.00 is 32.14 + 4.50 + 4.50 + 3.86."""
    tax = line_tax(net=D("45.00"), rate=28, cess_rate=12)
    assert tax == LineTax(D("32.14"), D("4.50"), D("4.50"), cess=D("3.86"))
    on_top = line_tax(net=D("100.00"), rate=28, cess_rate=12, inclusive=False)
    assert on_top == LineTax(D("100.00"), D("14.00"), D("14.00"), cess=D("12.00"))


def test_cess_by_the_piece_comes_out_of_the_price_first():
    tax = line_tax(net=D("170.00"), rate=28, cess_rate=5, cess_per_unit="2.076", quantity=10, inter_state=True)
    # 170.00 - 20.76 = 149.24; of 133 parts 28 are IGST and 5 are cess
    assert tax == LineTax(D("112.21"), igst=D("31.42"), cess=D("5.61") + D("20.76"))
    assert tax.total == D("170.00")


def test_cess_above_the_price_is_refused():
    for net in ("20.00", "0.00"):
        with pytest.raises(PricingError) as refused:
            line_tax(net=D(net), rate=28, cess_per_unit="2.076", quantity=10)
        assert refused.value.code == "cess_above_price"


def test_a_rate_below_zero_is_refused():
    with pytest.raises(PricingError) as refused:
        line_tax(net=D("20.00"), rate=-5)
    assert refused.value.code == "rate"


def test_a_float_is_refused():
    with pytest.raises(TypeError):
        line_tax(net=20.0, rate=5)


@given(rupees(), st.sampled_from(SLABS), st.sampled_from(["0", "12", "36.5"]), st.booleans(), st.booleans())
def test_tax_is_the_exact_fraction_rounded_once(net, rate, cess, inter_state, inclusive):
    tax = line_tax(net=net, rate=rate, cess_rate=cess, inter_state=inter_state, inclusive=inclusive)
    r, c, amount = Fraction(rate), Fraction(cess), Fraction(net)
    parts = 100 + r + c if inclusive else 100
    assert tax.cgst == tax.sgst == (0 if inter_state else half_up(amount * r / 2 / parts))
    assert tax.igst == (half_up(amount * r / parts) if inter_state else 0)
    assert tax.cess == half_up(amount * c / parts)
    assert (tax.total if inclusive else tax.taxable) == net
    assert tax.taxable >= 0


@given(rupees(), st.sampled_from(SLABS), st.booleans(), st.booleans(), st.integers(0, 50))
def test_a_return_is_the_mirror_of_its_sale(net, rate, inter_state, inclusive, pieces):
    kind = {"rate": rate, "cess_per_unit": "0.01", "inter_state": inter_state, "inclusive": inclusive}
    if inclusive and net < D("0.5"):
        pieces = 0
    sold = line_tax(net=net, quantity=pieces, **kind)
    back = line_tax(net=-net, quantity=-pieces, **kind)
    for part in ("taxable", "cgst", "sgst", "igst", "cess"):
        assert getattr(back, part) == -getattr(sold, part)


# --- a discount over lines


@pytest.mark.parametrize(
    ("discount", "nets", "shares"),
    [
        ("10.00", ["100.00", "100.00"], ["5.00", "5.00"]),
        ("10.00", ["10.00", "10.00", "10.00"], ["3.34", "3.33", "3.33"]),
        ("0.05", ["1.00", "1.00", "1.00"], ["0.02", "0.02", "0.01"]),
        ("0.01", ["1.00", "5.00", "5.00"], ["0.00", "0.01", "0.00"]),
        ("1.00", ["33.33", "66.67"], ["0.33", "0.67"]),
        ("5.00", ["0.00", "5.00"], ["0.00", "5.00"]),
        ("0.00", ["1.00", "2.00"], ["0.00", "0.00"]),
        ("0.00", ["0.00"], ["0.00"]),
        ("0.00", [], []),
    ],
)
def test_a_discount_is_shared_by_value_and_the_odd_paise_go_to_the_largest_remainders(discount, nets, shares):
    assert [str(share) for share in share_discount(D(discount), [D(net) for net in nets])] == shares


@pytest.mark.parametrize(
    ("discount", "nets", "code"),
    [
        ("-0.01", ["10.00"], "discount_negative"),
        ("10.01", ["10.00"], "discount_above_bill"),
        ("0.01", ["0.00"], "discount_above_bill"),
        ("0.01", [], "discount_above_bill"),
    ],
)
def test_a_discount_is_between_nothing_and_the_bill(discount, nets, code):
    with pytest.raises(PricingError) as refused:
        share_discount(D(discount), [D(net) for net in nets])
    assert (refused.value.code, refused.value.field) == (code, "discount")


def test_amounts_below_zero_take_no_discount():
    with pytest.raises(ValueError, match="zero up"):
        share_discount(D("1.00"), [D("10.00"), D("-5.00")])


@given(st.lists(rupees(0, 10**6), min_size=1, max_size=40), st.fractions(0, 1))
def test_shares_are_exact_fair_and_never_more_than_their_line(nets, part):
    total = sum(nets)
    discount = (total * part.numerator / part.denominator).quantize(D("0.01"), rounding=ROUND_HALF_UP)
    shares = share_discount(discount, nets)
    assert sum(shares) == discount
    for net, share in zip(nets, shares, strict=True):
        assert 0 <= share <= net
        fair = Fraction(discount) * Fraction(net) / Fraction(total) if total else 0
        assert abs(Fraction(share) - fair) < Fraction(1, 100)


@given(st.lists(rupees(1, 10**5), min_size=2, max_size=10), rupees(0, 1000))
def test_of_two_equal_lines_the_upper_never_gets_less(nets, discount):
    doubled = [*nets, *nets]
    shares = share_discount(min(discount, sum(doubled)), doubled)
    assert all(upper >= lower for upper, lower in zip(shares, shares[len(nets) :], strict=False))


# --- a whole bill


def test_ten_soaps_of_the_running_example():
    bill = price_bill([LineIn(10, "52.50", 5)])
    assert (bill.taxable, bill.cgst, bill.sgst, bill.round_off, bill.total) == (D("500"), D("12.50"), D("12.50"), 0, D("525"))


def test_a_mixed_basket_with_discounts_and_round_off():
    bill = price_bill(
        [
            LineIn("1.250", "44.00", taxed=False),  # loose sugar 55.00
            LineIn(3, "33.00", 5, line_discount="9.00"),  # biscuits 90.00
            LineIn(1, "45.00", 40),  # cola
        ],
        bill_discount="19.00",
    )
    sugar, biscuits, cola = bill.lines
    assert (bill.gross, bill.discount) == (D("199.00"), D("28.00"))
    assert [line.bill_discount for line in bill.lines] == [D("5.50"), D("9.00"), D("4.50")]
    assert (sugar.net, sugar.tax, sugar.total) == (D("49.50"), LineTax(D("49.50")), D("49.50"))
    assert (biscuits.gross, biscuits.discount, biscuits.net) == (D("99.00"), D("9.00"), D("81.00"))
    assert biscuits.tax == LineTax(D("77.14"), D("1.93"), D("1.93"))
    assert cola.tax == LineTax(D("28.92"), D("5.79"), D("5.79"))
    assert (bill.taxable, bill.cgst, bill.tax) == (D("155.56"), D("7.72"), D("15.44"))
    assert (bill.round_off, bill.total) == (D("0.00"), D("171.00"))


@pytest.mark.parametrize(
    ("rounding", "round_off", "total"),
    [("rupee", "0.40", "100.00"), ("half", "-0.10", "99.50"), ("none", "0.00", "99.60")],
)
def test_the_round_off_line_follows_the_setting_of_the_shop(rounding, round_off, total):
    bill = price_bill([LineIn(1, "99.60", 5)], rounding=rounding)
    assert (str(bill.round_off), str(bill.total)) == (round_off, total)


def test_a_trade_price_gets_its_tax_on_top():
    bill = price_bill([LineIn(100, "40.0000", 5, inclusive=False)], inter_state=True)
    assert (bill.taxable, bill.igst, bill.total) == (D("4000"), D("200"), D("4200"))
    bill = price_bill([LineIn("3", "0.3333", 18, inclusive=False)], rounding="none")
    assert (bill.gross, bill.cgst, bill.total) == (D("1.00"), D("0.09"), D("1.18"))


def test_weight_is_kept_to_the_gram_and_priced_to_the_paisa():
    assert price_bill([LineIn("0.333", "45.00", taxed=False)], rounding="none").total == D("14.99")


def test_a_seller_without_gst_shows_no_tax():
    bill = price_bill([LineIn(2, "45.00", 40, taxed=False), LineIn(1, "10.00", 5, cess_rate=12, taxed=False, rsp=10)])
    assert (bill.tax, bill.taxable, bill.total) == (0, D("100.00"), D("100.00"))


def test_free_goods_cost_nothing():
    bill = price_bill([LineIn(2, "52.50", 5), LineIn(1, "52.50", 5, line_discount="52.50")])
    assert bill.lines[1].tax == LineTax(D("0.00"))
    assert bill.total == D("105.00")


def test_an_empty_bill_comes_to_nothing():
    bill = price_bill([])
    assert (bill.lines, bill.total, bill.round_off) == ([], D("0.00"), D("0.00"))


# --- goods taxed on their printed price (Rule 31D)


def test_a_packet_sold_at_its_printed_price_is_taxed_like_any_other():
    bill = price_bill([LineIn(1, "350.00", 40, rsp="350.00")])
    assert (bill.taxable, bill.cgst, bill.sgst) == (D("250.00"), D("50.00"), D("50.00"))
    assert (bill.after_tax_reduction, bill.total) == (D("0.00"), D("350.00"))


def test_selling_below_the_printed_price_does_not_lower_the_tax():
    bill = price_bill([LineIn(2, "340.00", 40, line_discount="5.00", rsp="350.00")], bill_discount="3.00")
    (line,) = bill.lines
    assert line.tax == LineTax(D("500.00"), D("100.00"), D("100.00"))
    assert (line.net, line.total, line.after_tax_reduction) == (D("672.00"), D("672.00"), D("28.00"))
    assert bill.total == bill.taxable + bill.tax - bill.after_tax_reduction == D("672.00")


def test_a_trade_bill_on_printed_price_adds_the_tax_of_that_price():
    bill = price_bill([LineIn(10, "60.00", 40, inclusive=False, rsp="100.00")], inter_state=True, rounding="none")
    assert (bill.taxable, bill.igst) == (D("714.29"), D("285.71"))
    assert (bill.total, bill.after_tax_reduction) == (D("885.71"), D("114.29"))


@pytest.mark.parametrize(
    ("line", "code", "field"),
    [
        (LineIn(1, "351.00", 40, rsp="350.00"), "price_above_rsp", "lines-1-price"),
        (LineIn(1, "71.44", 40, inclusive=False, rsp="100.00"), "price_above_rsp", "lines-1-price"),
        (LineIn(1, "10.00", 40, rsp=0), "rsp", "lines-1-rsp"),
        (LineIn(0, "10.00", 5), "quantity", "lines-1-quantity"),
        (LineIn("0.0004", "10.00", 5), "quantity", "lines-1-quantity"),
        (LineIn(-1, "10.00", 5), "quantity", "lines-1-quantity"),
        (LineIn(1, "-10.00", 5), "price", "lines-1-price"),
        (LineIn(1, "10.00", 5, line_discount="10.01"), "discount_above_line", "lines-1-line_discount"),
        (LineIn(1, "10.00", -5), "rate", "lines-1-rate"),
        (LineIn(1, "10.00", 5, cess_per_unit=11), "cess_above_price", "lines-1-price"),
        (LineIn(1, "10.00", 5, line_discount="-1"), "discount_negative", "lines-1-line_discount"),
    ],
)
def test_a_line_that_cannot_be_priced_names_its_field(line, code, field):
    with pytest.raises(PricingError) as refused:
        price_bill([LineIn(1, "10.00", 5), line])
    assert (refused.value.code, refused.value.field) == (code, field)


def test_a_discount_above_the_bill_is_refused():
    with pytest.raises(PricingError) as refused:
        price_bill([LineIn(1, "10.00", 5, line_discount="4.00")], bill_discount="6.01")
    assert refused.value.code == "discount_above_bill"


@st.composite
def bill_lines(draw):
    price = draw(rupees(1, 10**5))
    count = D(draw(st.integers(1, 20_000))).scaleb(-3)
    inclusive = draw(st.booleans())
    gross = (count * price).quantize(D("0.01"), rounding=ROUND_HALF_UP)
    # price x quantity may round up past a whole printed price: leave the paisa of room a label has
    printed = draw(st.none() | st.just(price * 2 + 1)) if count >= 1 else None
    return LineIn(
        count,
        price,
        draw(st.sampled_from(SLABS)),
        draw(st.sampled_from(["0", "12"])),
        line_discount=min(gross, draw(rupees(0, 5000))),
        inclusive=inclusive,
        taxed=draw(st.booleans()),
        rsp=printed,
    )


@given(st.lists(bill_lines(), min_size=1, max_size=12), st.integers(0, 100), st.booleans(), st.sampled_from(["none", "half", "rupee"]))
def test_any_bill_adds_up_to_the_paisa(lines, part, inter_state, rounding):
    before = price_bill(lines, inter_state=inter_state, rounding="none")
    discount = (sum(line.net for line in before.lines) * part / 100).quantize(D("0.01"), rounding=ROUND_HALF_UP)
    bill = price_bill(lines, bill_discount=discount, inter_state=inter_state, rounding=rounding)

    assert bill.total == bill.taxable + bill.cgst + bill.sgst + bill.igst + bill.cess - bill.after_tax_reduction + bill.round_off
    assert bill.total - bill.round_off == sum(line.total for line in bill.lines)
    assert sum(line.net for line in bill.lines) == bill.gross - bill.discount
    assert sum(line.bill_discount for line in bill.lines) == discount
    assert bill.cgst == bill.sgst
    assert bill.igst == 0 or inter_state
    assert bill.cgst == 0 or not inter_state
    for asked, line in zip(lines, bill.lines, strict=True):
        assert line.total == line.tax.total - line.after_tax_reduction
        assert line.after_tax_reduction >= 0
        assert line.tax.taxable >= 0
        if asked.inclusive or not asked.taxed:
            assert line.total == line.net
        if asked.rsp is None:
            assert line.after_tax_reduction == 0
