"""Selling by amount: the quantity that ₹20 buys, never more than was paid for, never above MRP."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from catalog.amounts import AmountError, quantity_for, quantity_worth
from catalog.models import Product
from smartkirana.money import money

rupees = st.decimals("0.01", "99999.99", places=2)
steps = st.sampled_from([Decimal("0.001"), Decimal("0.01"), Decimal(1)])
GRAM = Decimal("0.001")


def refused(*given, **named) -> str:
    with pytest.raises(AmountError) as refusal:
        quantity_for(*given, **named)
    assert refusal.value.field == "amount"
    return refusal.value.code


def test_twenty_rupees_of_sugar_at_44_are_454_grams():
    assert quantity_for(Decimal(20), Decimal(44), GRAM) == Decimal("0.454")


def test_an_amount_that_comes_out_even_loses_nothing():
    assert quantity_for(Decimal("66.00"), Decimal("44.00"), GRAM) == Decimal("1.5")
    assert quantity_for(Decimal("0.30"), Decimal("0.10"), Decimal(1)) == 3


@given(rupees, rupees, steps)
def test_one_step_more_would_cost_more_than_was_paid(amount, price, step):
    assume(amount >= price * step)
    quantity = quantity_for(amount, price, step)
    assert quantity > 0
    assert quantity % step == 0
    assert price * quantity <= amount < price * (quantity + step)


@given(rupees, rupees, rupees, steps)
def test_with_an_mrp_the_amount_is_never_above_it(amount, price, over, step):
    assume(amount >= price * step)
    mrp = price + over - Decimal("0.01")
    quantity = quantity_for(amount, price, step, mrp)
    assert amount <= money(mrp * quantity)
    down = quantity_for(amount, price, step)
    assert quantity in (down, down + step)
    assert (quantity == down) == (amount <= money(mrp * down)), "a step more only where rounding alone would break the MRP"


def test_at_the_mrp_itself_rounding_gives_a_gram_more_not_a_paisa_above():
    assert money(Decimal(44) * Decimal("0.454")) == Decimal("19.98")
    assert quantity_for(Decimal(20), Decimal(44), GRAM, mrp=Decimal(44)) == Decimal("0.455")


@given(rupees, rupees, rupees, steps)
def test_a_price_above_the_mrp_is_always_refused(amount, mrp, over, step):
    assert refused(amount, mrp + over, step, mrp=mrp) == "above_mrp"


def test_above_mrp_is_told_as_the_counter_tells_it():
    with pytest.raises(AmountError, match=r"₹62 is above MRP ₹60\. Not allowed"):
        quantity_for(Decimal(100), Decimal(62), GRAM, Decimal(60))


@given(rupees, rupees, steps)
def test_an_amount_for_less_than_a_step_buys_nothing(amount, price, step):
    assume(amount < price * step)
    assert refused(amount, price, step) == "too_little"
    assert refused(amount, price, step, mrp=price) == "too_little", "nor is a whole piece given away because it has an MRP"


@pytest.mark.parametrize(("amount", "price"), [("0", "44"), ("-1", "44"), ("20", "0")])
def test_nothing_for_nothing(amount, price):
    assert refused(Decimal(amount), Decimal(price), GRAM) == "no_amount"


def test_pieces_are_sold_for_a_whole_number_of_prices_only():
    soap = Product(name="Soap", unit="pc")
    assert quantity_worth(soap, Decimal("157.50"), price=Decimal("52.50")) == 3
    with pytest.raises(AmountError, match=r"₹100 is no whole number of Soap at ₹52\.50"):
        quantity_worth(soap, Decimal(100), price=Decimal("52.50"))
    with pytest.raises(AmountError) as refusal:
        quantity_worth(soap, Decimal(20), price=Decimal("52.50"))
    assert refusal.value.code == "not_whole"


def test_grams_are_measured_though_they_have_no_decimals():
    saffron = Product(name="Saffron", unit="g")
    assert quantity_worth(saffron, Decimal(500), price=Decimal("345.50")) == 1
    assert quantity_worth(Product(name="Oil", unit="l"), Decimal(100), price=Decimal("142.00")) == Decimal("0.704")
