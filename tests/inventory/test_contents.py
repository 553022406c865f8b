"""What a unit of goods holds, from its unit or its name."""

from decimal import Decimal as D

import pytest

from catalog.models import Product
from inventory.contents import content_of, size_in_words, together


def goods(name, unit="pc"):
    return Product(name=name, unit=unit)


@pytest.mark.parametrize(
    ("name", "unit", "amount", "measure"),
    [
        ("Sugar, loose", "kg", "1", "kg"),
        ("Saffron", "g", "0.001", "kg"),
        ("Milk, loose", "l", "1", "l"),
        ("Sugar sack 50 kg", "bag", "50", "kg"),
        ("Tea 250g", "pc", "0.250", "kg"),
        ("Oil 1.5 Ltr", "bottle", "1.5", "l"),
        ("Shampoo 2 in 1, 180 ML", "pc", "0.180", "l"),
        ("5 kg sack for 1 kg packets", "bag", "1", "kg"),
        ("Ghee 500 gm", "pc", "0.500", "kg"),
    ],
)
def test_content_is_read(name, unit, amount, measure):
    assert content_of(goods(name, unit)) == (D(amount), measure)


@pytest.mark.parametrize("name", ["Soap", "7UP can", "Bulb 9 W", "Vim 3x", "Chalk 0 g", "A4 sheets 1000", "5kgs2 thing", ""])
def test_no_size_is_no_content(name):
    assert content_of(goods(name)) is None


def test_content_adds_up_only_where_all_of_it_is_known_and_alike():
    kilo, pack, oil, soap = goods("Sugar 1 kg"), goods("Tea 250 g"), goods("Oil 1 l"), goods("Soap")
    assert together([(kilo, D(3)), (pack, D(2))]) == (D("3.5"), "kg")
    assert together([(kilo, D(3)), (oil, D(2))]) is None
    assert together([(kilo, D(3)), (soap, D(2))]) is None
    assert together([]) is None


def test_size_is_printed_in_short_words():
    sizes = [size_in_words(goods(name)) for name in ("Sugar 1 Kgs", "Tea 250 grams", "Oil 1.5 Litre", "Soap 75 ml")]
    assert sizes == ["1 kg", "250 g", "1.5 L", "75 ml"]
    assert size_in_words(goods("Sugar 50 kg, loose", "kg")) == ""
