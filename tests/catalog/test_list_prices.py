"""What holds for every price a line can get, whatever the slabs. The worked cases are in tests/vectors/offers.json."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from catalog.list_prices import as_data, capped, merged, price_for

D = Decimal
prices = st.decimals("0.01", "9999.99", places=2)
quantities = st.decimals("0.001", "999.999", places=3)
slabs = st.dictionaries(st.decimals("0", "500", places=3), prices, max_size=5).map(lambda found: list(found.items()))
limits = st.none() | prices


@given(prices, slabs, quantities, prices, limits)
def test_no_price_is_above_the_mrp(base, rows, quantity, mrp, ceiling):
    assert price_for(base, rows, quantity, mrp, ceiling=ceiling) <= mrp


@given(prices, slabs, quantities)
def test_a_slab_makes_nothing_dearer_than_the_price_a_lot_carries_itself(own, rows, quantity):
    assert price_for(own, rows, quantity, ceiling=own) <= own


@given(prices, slabs, quantities)
def test_every_price_is_the_base_or_that_of_a_slab_that_is_reached(base, rows, quantity):
    assert price_for(base, rows, quantity) in {base, *(price for least, price in rows if least <= quantity)}


@given(prices, slabs, quantities, limits, limits)
def test_capping_the_slabs_before_or_the_price_after_is_the_same(base, rows, quantity, mrp, ceiling):
    before = price_for(base, capped(rows, mrp, ceiling), quantity, mrp)
    assert before == price_for(base, rows, quantity, mrp, ceiling=ceiling)


@given(prices, slabs, slabs, quantities)
def test_a_bill_with_a_list_has_the_lists_price_where_it_reaches_else_the_slab_for_everybody(base, of_list, of_all, quantity):
    in_list = any(least <= quantity for least, _ in of_list)
    expected = price_for(base, of_list if in_list else of_all, quantity)
    assert price_for(base, merged(of_list, of_all), quantity) == expected


def test_slabs_go_to_the_page_as_plain_text():
    assert as_data([(D("6.000"), D("50.00")), (D("0.500"), D("1.50")), (D("100"), D("40"))]) == [
        ["6", "50.00"],
        ["0.5", "1.50"],
        ["100", "40.00"],
    ]
