from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from smartkirana.words import number_in_words, rupees_in_words


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "Rupees zero only"),
        ("1", "Rupees one only"),
        ("0.01", "One paisa only"),
        ("0.50", "Fifty paise only"),
        ("10.05", "Rupees ten and five paise only"),
        ("19", "Rupees nineteen only"),
        ("40", "Rupees forty only"),
        ("100", "Rupees one hundred only"),
        ("1656", "Rupees one thousand six hundred fifty-six only"),
        ("26546.00", "Rupees twenty-six thousand five hundred forty-six only"),
        (
            "123456.50",
            "Rupees one lakh twenty-three thousand four hundred fifty-six and fifty paise only",
        ),
        ("10000000", "Rupees one crore only"),
        ("10000001.01", "Rupees one crore one and one paisa only"),
        (
            "99999999999.99",
            "Rupees nine thousand nine hundred ninety-nine crore ninety-nine lakh ninety-nine "
            "thousand nine hundred ninety-nine and ninety-nine paise only",
        ),
        ("1000000000000", "Rupees one lakh crore only"),
        ("-5.25", "Minus rupees five and twenty-five paise only"),
        ("-0.75", "Minus seventy-five paise only"),
        ("-0.001", "Rupees zero only"),
        ("0.995", "Rupees one only"),
    ],
)
def test_amounts_read_as_a_shopkeeper_writes_them(amount, text):
    assert rupees_in_words(D(amount)) == text


def test_only_numbers_from_zero_up_have_words():
    with pytest.raises(ValueError):
        number_in_words(-1)


def test_a_float_has_no_words():
    with pytest.raises(TypeError):
        rupees_in_words(1.5)


@given(st.integers(0, 10**9 - 1))
def test_words_agree_with_another_program(n):
    """Below a hundred crore num2words counts as we do, but for its commas and "and"s."""
    theirs = num2words(n, lang="en_IN").replace(",", "").replace(" and ", " ")
    assert number_in_words(n) == theirs
