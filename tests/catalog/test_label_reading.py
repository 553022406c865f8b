"""What a scale's label says: the first format whose leading digits fit, item and value, and misreads told from labels."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.barcodes import ean_check_digit, in_store_ean
from catalog.counter_models import LabelFormat
from catalog.labels.presets import PRESETS, preset
from catalog.labels.reading import LabelError, is_in_store, label_of, parts, read_label, taking, value_check_digit

WEIGHT, PAISE = preset("grams"), preset("paise")
presets = st.sampled_from(PRESETS)


def wrong(digit: str, by: int = 1) -> str:
    return str((int(digit) + by) % 10)


def test_a_weight_label_says_item_and_grams():
    label = read_label([WEIGHT], "21" + "00042" + "01250" + ean_check_digit("210004201250"))
    assert (label.item, label.number, label.value, label.holds) == ("00042", 42, Decimal("1.250"), "weight")


def test_a_price_label_says_rupees_and_paise():
    label = read_label([WEIGHT, PAISE], "22" + "00042" + "08450" + ean_check_digit("220004208450"))
    assert (label.number, label.value, label.holds) == (42, Decimal("84.50"), "price")


def test_a_twelve_digit_label_is_the_same_with_a_zero_before_it():
    printed = label_of(preset("upc"), 42, Decimal("12.50"))
    assert printed.startswith("02")
    assert read_label(PRESETS, printed[1:]) == read_label(PRESETS, printed)
    assert read_label(PRESETS, printed[1:]).value == Decimal("12.50")


@given(presets, st.data())
def test_every_label_a_scale_can_print_is_read_back(one, data):
    item = data.draw(st.integers(0, 10**one.item_digits - 1))
    value = Decimal(data.draw(st.integers(0, 10**one.value_digits - 1))).scaleb(-one.decimals)
    printed = label_of(one, item, value)
    assert len(printed) == 13
    label = read_label(PRESETS, printed)
    assert (label.format, label.number, label.value) == (one, item, value)
    assert "".join(part.digits for part in parts(one, printed)) == printed


@given(presets, st.integers(0, 9999), st.integers(0, 9999), st.integers(0, 12), st.integers(1, 9))
def test_one_misread_digit_is_never_taken_for_another_label(one, item, value, place, by):
    printed = label_of(one, item, Decimal(value).scaleb(-one.decimals))
    misread = printed[:place] + wrong(printed[place], by) + printed[place + 1 :]
    if taking(PRESETS, misread) is None:  # a leading digit was misread: the barcode's own check digit tells it later
        assert read_label(PRESETS, misread) is None
        return
    with pytest.raises(LabelError) as refusal:
        read_label(PRESETS, misread)
    assert refusal.value.code == "misread"


@pytest.mark.parametrize(("digits", "check"), [("2875", "9"), ("14685", "6"), ("0000", "0"), ("00000", "0")])
def test_check_digits_of_values_are_those_of_the_standard(digits, check):
    """The examples of the GS1 General Specifications, section 7.9."""
    assert value_check_digit(digits) == check


@pytest.mark.parametrize("length", [0, 3, 6])
def test_only_four_or_five_digits_have_a_check_digit(length):
    with pytest.raises(ValueError):
        value_check_digit("1" * length)


@given(st.integers(0, 99999), st.integers(0, 4), st.integers(1, 9))
def test_the_values_own_check_digit_finds_a_wrong_digit_that_the_last_one_cannot(value, place, by):
    """A value misprinted by the scale comes with a fitting last digit."""
    checked = preset("paise-checked")
    printed = label_of(checked, 42, Decimal(value) / 100)
    at = 7 + place
    body = printed[:at] + wrong(printed[at], by) + printed[at + 1 : 12]
    with pytest.raises(LabelError):
        read_label([checked], body + ean_check_digit(body))


def test_the_first_format_that_fits_ends_the_search():
    wide, narrow = PAISE._replace(prefix="21", name="wide"), WEIGHT._replace(prefix="210", item_digits=4, name="narrow")
    code = label_of(narrow, 42, Decimal("1.25"))
    assert read_label([narrow, wide], code).format.name == "narrow"
    assert read_label([wide, narrow], code).format.name == "wide"
    assert read_label([wide._replace(is_active=False), narrow], code).format.name == "narrow"


def test_a_wrong_check_digit_of_the_first_that_fits_is_not_tried_by_the_next():
    checked = preset("paise-checked")
    body = "26" + "0042" + wrong(value_check_digit("08450")) + "08450"
    with pytest.raises(LabelError, match="Misread code"):
        read_label([checked, checked._replace(own_check=False, item_digits=5)], body + ean_check_digit(body))


@pytest.mark.parametrize(
    "code",
    ["", "42", "8901234567890", "2100042012", in_store_ean("27", 1), "21000420125000", "२१०००४२०१२५०४", "21000420125O4", "\x00", "²" * 13],
)
def test_what_is_no_label_is_left_to_others(code):
    assert read_label(PRESETS, code) is None


def test_in_store_numbers_are_those_no_maker_has():
    tried = ("02", "04", "20", "29", "00", "03", "19", "30", "89", "45")
    assert [two for two in tried if is_in_store(two + "0" * 11)] == ["02", "04", "20", "29"]


def test_what_does_not_fit_the_digits_cannot_be_printed():
    for item, value in ((100_000, Decimal(1)), (1, Decimal(100))):
        with pytest.raises(ValueError, match="do not fit"):
            label_of(WEIGHT, item, value)


def test_ready_made_formats_make_thirteen_digits_and_none_hides_another():
    assert len({one.prefix for one in PRESETS}) == len(PRESETS)
    for one in PRESETS:
        assert len(one.prefix) + one.item_digits + one.own_check + one.value_digits + 1 == 13, one.key
        assert one.holds in LabelFormat.Holds.values
