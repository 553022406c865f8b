import pytest

from shops.identifiers import IdentifierError, parse_fssai, parse_pincode, parse_upi_id


def test_fssai_number_is_14_digits():
    assert parse_fssai(" 1001 2022 0000 12 ") == "10012022000012"
    assert parse_fssai("१००१२०२२००००१२") == "10012022000012"


@pytest.mark.parametrize("wrong", ["", "1001202200001", "100120220000123", "10012022OOOO12"])
def test_other_fssai_numbers_are_refused(wrong):
    with pytest.raises(IdentifierError) as refused:
        parse_fssai(wrong)
    assert (refused.value.code, refused.value.field) == ("fssai", "fssai")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Sharma.Kirana@OKBank ", "sharma.kirana@okbank"),
        ("9876543210@ybl", "9876543210@ybl"),
        ("paytmqr-12_3@paytm", "paytmqr-12_3@paytm"),
    ],
)
def test_upi_id_is_kept_in_small_letters(typed, kept):
    assert parse_upi_id(typed) == kept


@pytest.mark.parametrize(
    "wrong",
    ["", "sharma", "@okbank", "sharma@", "a@okbank", "sharma@ok@bank", "shar ma@okbank",
     "sharma@gmail.com", "शर्मा@okbank", "sharma@1bank", "sharma&am=1@okbank", "-s@okbank"],
)  # fmt: skip
def test_what_is_no_upi_id_is_refused(wrong):
    with pytest.raises(IdentifierError) as refused:
        parse_upi_id(wrong)
    assert refused.value.field == "upi_id"


def test_pincode_is_six_digits():
    assert parse_pincode("411 001") == "411001"
    assert parse_pincode("४११००१") == "411001"


@pytest.mark.parametrize("wrong", ["", "41100", "4110011", "011001", "4110O1"])
def test_other_pincodes_are_refused(wrong):
    with pytest.raises(IdentifierError) as refused:
        parse_pincode(wrong)
    assert (refused.value.code, refused.value.field) == ("pincode", "pincode")
