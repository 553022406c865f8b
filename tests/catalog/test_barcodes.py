import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.barcodes import BarcodeError, ean_check_digit, in_store_ean, parse_barcode


@pytest.mark.parametrize(
    ("body", "digit"),
    [
        ("890123456789", "0"),
        ("400638133393", "1"),
        ("890106300123", "7"),
        ("200012301250", "6"),
        ("9638507", "4"),  # EAN-8
        ("03600029145", "2"),  # UPC-A
        ("1890123456789", "7"),  # ITF-14
    ],
)
def test_check_digit_of_known_codes(body, digit):
    assert ean_check_digit(body) == digit


@pytest.mark.parametrize("wrong", ["", "89012345678X", "८९०"])
def test_check_digit_is_for_digits_only(wrong):
    with pytest.raises(ValueError):
        ean_check_digit(wrong)


@pytest.mark.parametrize(
    ("scanned", "kept"),
    [
        ("8901234567890", "8901234567890"),
        (" 8901063001237\r\n", "8901063001237"),
        ("036000291452", "0036000291452"),
        ("0036000291452", "0036000291452"),
        ("96385074", "96385074"),
        ("18901234567897", "18901234567897"),
        ("42", "42"),
        ("890123456789", None),
        ("rice-5kg/a.1", "RICE-5KG/A.1"),
        ("12345678901", "12345678901"),
        ("A" * 48, "A" * 48),
    ],
)
def test_codes_are_kept_in_one_form(scanned, kept):
    if kept is None:
        with pytest.raises(BarcodeError):
            parse_barcode(scanned)
    else:
        assert parse_barcode(scanned) == kept
        assert parse_barcode(kept) == kept


@pytest.mark.parametrize(
    ("scanned", "code"),
    [
        ("", "barcode_empty"),
        ("  \n", "barcode_empty"),
        ("8901234567891", "barcode_misread"),
        ("8901234567809", "barcode_misread"),
        ("036000291453", "barcode_misread"),
        ("96385075", "barcode_misread"),
        ("18901234567890", "barcode_misread"),
        ("A" * 49, "barcode_long"),
        ("rice 5kg", "barcode_letters"),
        ("चावल", "barcode_letters"),
        ("८९०१२३४५६७८९०", "barcode_letters"),
        ("ſ1", "barcode_letters"),
        ("<b>", "barcode_letters"),
    ],
)
def test_a_bad_scan_is_refused(scanned, code):
    with pytest.raises(BarcodeError) as refused:
        parse_barcode(scanned)
    assert (refused.value.code, refused.value.field) == (code, "barcode")


def test_a_misread_code_says_so():
    with pytest.raises(BarcodeError, match=r"Misread code\. Scan again"):
        parse_barcode("8901234567891")


def test_in_store_codes_begin_with_20_to_29():
    assert in_store_ean("20", 12301250) == "2000123012506"
    assert in_store_ean("29", 0).startswith("290000000000")


@pytest.mark.parametrize(("prefix", "number"), [("19", 1), ("30", 1), ("2", 1), ("200", 1), ("20", -1), ("20", 10**10)])  # fmt: skip
def test_in_store_codes_keep_to_their_room(prefix, number):
    with pytest.raises(ValueError):
        in_store_ean(prefix, number)


@given(st.integers(20, 29), st.integers(0, 10**10 - 1))
def test_every_in_store_code_scans(prefix, number):
    code = in_store_ean(str(prefix), number)
    assert len(code) == 13
    assert parse_barcode(code) == code


@given(st.from_regex(r"[0-9]{12}", fullmatch=True), st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_is_always_caught(body, place, shift):
    code = body + ean_check_digit(body)
    wrong = str((int(code[place]) + shift) % 10)
    with pytest.raises(BarcodeError):
        parse_barcode(code[:place] + wrong + code[place + 1 :])
