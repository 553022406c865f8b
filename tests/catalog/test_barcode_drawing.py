"""Codes as bars. Real scanners' eyes are in tests/browser/test_label_codes.py; here the modules are held against another encoder's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.barcode_drawing import CODE_128, bars_of
from catalog.barcodes import ean_check_digit
from tests.browser.test_counter_camera import bars_of as other_encoder


@given(st.from_regex(r"[0-9]{12}", fullmatch=True))
def test_every_ean_13_is_what_another_encoder_draws(body):
    code = body + ean_check_digit(body)
    bars = bars_of(code)
    assert (bars.kind, bars.modules) == ("EAN-13", other_encoder(code))
    assert (bars.left, bars.right, bars.width) == (11, 7, 113)


def test_ean_8_has_67_modules():
    bars = bars_of("96385074")
    assert (bars.kind, len(bars.modules)) == ("EAN-8", 67)
    assert bars.modules == "1010001011010111101111010110111010101001110111001010001001011100101"


def test_worked_example_of_code_128():
    values = [104, 48, 74, 74, 74, 99, 12, 34]  # start B, P, j, j, j, to C, 12, 34
    check = (values[0] + sum(n * value for n, value in enumerate(values[1:], 1))) % 103
    widths = "".join(CODE_128[value] for value in (*values, check, 106))
    drawn = "".join(("1", "0")[n % 2] * int(width) for n, width in enumerate(widths))
    assert bars_of("Pjjj1234").modules == drawn


def test_table_of_code_128_is_sound():
    assert len(set(CODE_128)) == 107
    assert all(sum(map(int, one)) == 11 for one in CODE_128[:106])
    assert all(sum(map(int, one[::2])) % 2 == 0 for one in CODE_128[:106]), "bars are an even number of modules"


@given(st.from_regex(r"[A-Z0-9./-]{1,48}", fullmatch=True))
def test_code_128_reads_back(code):
    """A reader written the other way round: from widths to values to letters."""
    bars = bars_of(code)
    if bars.kind != "Code 128":
        return
    values, rest = [], bars.modules
    while len(rest) > 13:
        rest, one = rest[11:], rest[:11]
        values.append(next(n for n, w in enumerate(CODE_128) if "".join("10"[i % 2] * int(d) for i, d in enumerate(w)) == one))
    *body, check = values
    assert check == (body[0] + sum(n * v for n, v in enumerate(body[1:], 1))) % 103
    in_c, text = body[0] == 105, ""
    for value in body[1:]:
        if value == (100 if in_c else 99):
            in_c = not in_c
        else:
            text += f"{value:02d}" if in_c else chr(value + 32)
    assert text == code


@pytest.mark.parametrize("code", ["", "नमक", "a\tb", "x" * 49])
def test_what_no_scanner_reads_has_no_bars(code):
    assert bars_of(code) is None


def test_wrong_check_digit_is_no_ean():
    assert bars_of("8901234567891").kind == "Code 128"
