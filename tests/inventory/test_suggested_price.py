"""The selling price that keeps the margin when the cost changes."""

from decimal import Decimal as D

import pytest

from inventory.suggested_price import suggested_price


@pytest.mark.parametrize(
    ("cost", "old_cost", "old_price", "mrp", "expected"),
    [
        ("44", "40", "52.50", None, "58"),  # 57.75: whole rupees from ₹ 50
        ("22", "20", "26", None, "28.50"),  # 28.60: 50 paise below
        ("8.25", "8", "10", None, "10.50"),  # 10.3125
        ("9.64", "8", "10", None, "12"),  # 12.05
        ("44", "40", "52.50", "57", "57"),  # never above the MRP
        ("44", "40", "52.50", "43.99", None),  # the MRP leaves less than the cost
        ("36", "40", "50", None, "45"),  # cheaper too
        ("40", "40", "52.37", None, "52.37"),  # the same cost: the price stays as it is
        ("40", "40", "52.50", "50", "50"),  # but for a lower MRP
        ("40", "0", "52.50", None, None),  # nothing to go by
        ("0", "40", "52.50", None, None),  # came for nothing
    ],
)
def test_price_keeps_the_margin(cost, old_cost, old_price, mrp, expected):
    price = suggested_price(cost=D(cost), old_cost=D(old_cost), old_price=D(old_price), mrp=D(mrp) if mrp else None)
    assert price == (D(expected) if expected else None)


def test_half_of_a_step_goes_up():
    assert suggested_price(cost=D("41"), old_cost=D("40"), old_price=D("50"), mrp=None) == D("51")  # 51.25
    assert suggested_price(cost=D("42"), old_cost=D("40"), old_price=D("50"), mrp=None) == D("53")  # 52.50
    assert suggested_price(cost=D("10.25"), old_cost=D("10"), old_price=D("10.00"), mrp=None) == D("10.50")
