import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shops.gstin import (
    STATES,
    UNION_TERRITORIES_WITHOUT_LEGISLATURE,
    GstinError,
    PanError,
    check_character,
    pan_holder,
    parse_gstin,
    parse_pan,
)

GOOD = "27AAPFU0939F1ZV"
CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def complete(first14):
    return first14 + check_character(first14)


def test_check_character_of_the_worked_example():
    assert check_character("27AAPFU0939F1Z") == "V"


@pytest.mark.parametrize("wrong", ["27AAPFU0939F1", "27aapfu0939f1z", "27AAPFU0939F1-", GOOD])
def test_check_character_takes_just_the_first_14(wrong):
    with pytest.raises(ValueError):
        check_character(wrong)


@pytest.mark.parametrize(
    ("value", "state", "pan"),
    [
        (GOOD, "27", "AAPFU0939F"),
        ("24AAQCA8719H1ZC", "24", "AAQCA8719H"),
        ("05AAACG2115R1ZN", "05", "AAACG2115R"),
        ("29AABCR1718E1ZL", "29", "AABCR1718E"),
        ("33AAAAR6720M1ZG", "33", "AAAAR6720M"),
    ],
)
def test_published_numbers_of_ordinary_taxpayers_pass(value, state, pan):
    gstin = parse_gstin(value)
    assert (gstin.value, gstin.state_code, gstin.pan) == (value, state, pan)
    assert (gstin.kind, gstin.warning) == ("normal", "")


@pytest.mark.parametrize(
    ("value", "kind", "pan"),
    [
        ("29AABCF8078M1C8", "tcs", "AABCF8078M"),
        ("27AAECG3736E1C2", "tcs", "AAECG3736E"),
        ("06DELI09652G1DA", "tds", ""),
        ("27AAFT56212B1DO", "tds", ""),
        ("19AAACI1681G1DV", "tds", "AAACI1681G"),
        ("0717UNO00157UNO", "un_body", ""),
        ("2117UNO00002UNF", "un_body", ""),
        (complete("0717USA00012ON"), "un_body", ""),
        (complete("0717USA12345NR"), "non_resident", ""),
    ],
)
def test_every_other_form_is_known_by_its_kind(value, kind, pan):
    gstin = parse_gstin(value)
    assert (gstin.kind, gstin.pan, gstin.warning) == (kind, pan, "")


def test_case_and_spaces_of_a_pasted_number_make_no_difference():
    assert parse_gstin("  27 aapfu 0939f 1zv\n").value == GOOD
    assert str(parse_gstin(GOOD.lower())) == GOOD


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "gstin_length"),
        (GOOD[:-1], "gstin_length"),
        (GOOD + "V", "gstin_length"),
        ("27AAPFU0939F1CV9", "gstin_length"),
        ("27AAPFU093OF1ZV", "gstin_pattern"),
        ("2 7AAPFU0939F0ZV", "gstin_pattern"),
        ("27AAPFU0939F1KV", "gstin_pattern"),
        ("27AAPFU0939F1Z-", "gstin_pattern"),
        ("２7AAPFU0939F1ZV", "gstin_pattern"),
        ("27AAPFſ0939F1ZV", "gstin_pattern"),
        (complete("39AAPFU0939F1Z"), "gstin_state"),
        (complete("00AAPFU0939F1Z"), "gstin_state"),
        (complete("96AAPFU0939F1Z"), "gstin_state"),
        ("24AANFA2641L1ZK", "gstin_check"),
        ("27AAPFU0939F1ZW", "gstin_check"),
        ("29AABCF8078M1C9", "gstin_check"),
    ],
)
def test_a_wrong_number_is_refused_with_what_to_do(text, code):
    with pytest.raises(GstinError) as refused:
        parse_gstin(text)
    assert (refused.value.code, refused.value.field) == (code, "gstin")
    assert refused.value.message.endswith(".")
    assert " " in refused.value.message


def test_the_wrong_example_would_end_in_f():
    assert parse_gstin("24AANFA2641L1ZF").state == "Gujarat"


@pytest.mark.parametrize("first14", ["0717UNO00157UN", "09ABCD12345E1Z"])
def test_identity_numbers_with_another_last_character_only_warn(first14):
    right = check_character(first14)
    other = next(digit for digit in "0123456789" if digit != right)
    assert "does not fit" in parse_gstin(first14 + other).warning


def test_government_offices_have_a_number_of_their_own():
    assert parse_gstin("09ABCD12345E1Z7").kind == "government"


@pytest.mark.parametrize(("first14", "now"), [("28AAPFU0939F1Z", "37"), ("25AAPFU0939F1Z", "26")])
def test_old_state_codes_are_taken_with_a_warning(first14, now):
    gstin = parse_gstin(complete(first14))
    assert now in gstin.warning
    assert gstin.state_code == first14[:2]


def test_the_state_table_is_whole():
    assert set(STATES) == {f"{n:02d}" for n in range(1, 39)} | {"96", "97", "99"}
    assert STATES["27"] == "Maharashtra"
    assert STATES["36"] == "Telangana"
    assert {"04", "26", "31", "35", "38"} == UNION_TERRITORIES_WITHOUT_LEGISLATURE


bodies = st.builds(
    "{}{}{}{}{}Z".format,
    st.sampled_from([f"{n:02d}" for n in range(1, 39)]),
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=5, max_size=5),
    st.from_regex(r"[0-9]{4}", fullmatch=True),
    st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    st.sampled_from("123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
)


@given(bodies)
def test_every_number_with_its_check_character_passes(body):
    gstin = parse_gstin(complete(body))
    assert (gstin.kind, gstin.pan) == ("normal", body[2:12])


@example(body="06ABGIT0380D1Z", place=6, wrong="0")  # a misread digit can make the form of a government office's number
@given(bodies, st.integers(0, 14), st.sampled_from(CHARACTERS))
def test_one_wrong_character_never_passes_in_silence(body, place, wrong):
    right = complete(body)
    misread = right[:place] + wrong + right[place + 1 :]
    if misread == right:
        return
    try:
        gstin = parse_gstin(misread)
    except GstinError:
        return
    assert gstin.kind in ("government", "un_body")
    assert gstin.warning


def test_pan_is_kept_in_capitals():
    assert parse_pan(" aapfu 0939f ") == "AAPFU0939F"


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "pan_length"), ("AAPFU0939", "pan_length"), ("AAPFU093OF", "pan_pattern")],
)
def test_a_wrong_pan_is_refused(text, code):
    with pytest.raises(PanError) as refused:
        parse_pan(text)
    assert (refused.value.code, refused.value.field) == (code, "pan")


def test_the_fourth_letter_of_a_pan_names_its_holder():
    assert pan_holder("AAPFU0939F") == "firm"
    assert pan_holder("AAQCA8719H") == "company"
    assert pan_holder("AAPZU0939F") == pan_holder("") == ""
