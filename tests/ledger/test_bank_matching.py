"""Which claim a line of the bank's file is: exact cases, and truths over random worlds."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.bank_matching import Claim, Line, agree, match, perfect

D, WALL = Decimal, ZoneInfo("Asia/Kolkata")
NOON = datetime(2026, 11, 10, 12, 0, tzinfo=WALL)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def claim(id, amount=100, at=NOON, **extra) -> Claim:
    return Claim(id, D(amount), at, at.date(), extra.pop("way", "upi"), **extra)


def line(id, amount=100, at=NOON, *, net=None, dated=False, **extra) -> Line:
    """Id from 1000 up; `dated`: the file knows the day only."""
    return Line(id, D(amount), D(net if net is not None else amount), at.date(), None if dated else at, **extra)


def pairs(proposal) -> dict[int, int]:
    return {pair.line: pair.claim for pair in proposal.sure}


def whys(proposal) -> dict[int, str]:
    return {pair.claim: str(pair.why) for pair in proposal.sure}


# --- amount and moment --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("dated", [False, True])
def test_one_line_and_one_claim_of_an_amount_are_a_pair(dated):
    found = match([claim(1), claim(2, 250)], [line(1001, at=NOON + MINUTE, dated=dated)])
    assert pairs(found) == {1001: 1}
    assert (found.claims, found.lines, found.doubtful) == ([2], [], {})


def test_gross_is_compared_and_not_what_reached_the_bank():
    found = match([claim(1, 100), claim(2, 98)], [line(1001, 100, net=98)])
    assert pairs(found) == {1001: 1}


@pytest.mark.parametrize(("days", "comes"), [(0, True), (5, True), (6, False), (-1, False)])
@pytest.mark.parametrize("dated", [False, True])
def test_money_may_come_five_days_late_and_never_before_its_bill(days, comes, dated):
    found = match([claim(1)], [line(1001, at=NOON + days * DAY, dated=dated)])
    assert bool(found.sure) == comes
    assert found.lines == ([] if comes else [1001])


def test_a_bill_is_saved_up_to_half_an_hour_after_the_customer_paid():
    assert match([claim(1)], [line(1001, at=NOON - 29 * MINUTE)]).sure
    assert not match([claim(1)], [line(1001, at=NOON - 31 * MINUTE)]).sure
    after_midnight = NOON.replace(hour=0, minute=10)
    assert match([claim(1, at=after_midnight)], [line(1001, at=after_midnight - DAY, dated=True)]).sure


def test_two_of_one_amount_are_told_apart_by_their_minutes():
    early, late = claim(1), claim(2, at=NOON + 60 * MINUTE)
    found = match([early, late], [line(1001, at=NOON + 61 * MINUTE), line(1002, at=NOON + MINUTE)])
    assert (pairs(found), set(whys(found).values())) == ({1001: 2, 1002: 1}, {"moment"})


def test_the_later_of_two_claims_is_seen_by_its_minute_and_the_fake_one_stays():
    found = match([claim(1), claim(2, at=NOON + 60 * MINUTE)], [line(1001, at=NOON + 61 * MINUTE)])
    assert (pairs(found), found.claims) == ({1001: 2}, [1])


def test_two_claims_within_minutes_and_one_line_are_left_to_the_person():
    found = match([claim(1), claim(2, at=NOON + 2 * MINUTE)], [line(1001, at=NOON + 3 * MINUTE)])
    assert (pairs(found), found.doubtful, found.claims) == ({}, {1001: [2, 1]}, [])


@pytest.mark.parametrize("dated", [False, True])
def test_as_many_lines_as_claims_of_one_amount_all_came(dated):
    claims = [claim(n, at=NOON + n * MINUTE) for n in (1, 2, 3)]
    found = match(claims, [line(1000 + n, at=NOON + n * MINUTE + MINUTE, dated=dated) for n in (1, 2, 3)])
    assert pairs(found) == {1001: 1, 1002: 2, 1003: 3}
    assert set(whys(found).values()) == {"alike"}


def test_fewer_lines_than_claims_on_a_day_are_left_to_the_person():
    found = match([claim(1), claim(2)], [line(1001, dated=True)])
    assert (found.sure, found.doubtful) == ([], {1001: [1, 2]})


def test_more_lines_than_claims_are_left_to_the_person():
    found = match([claim(1)], [line(1001, dated=True), line(1002, dated=True)])
    assert (found.sure, set(found.doubtful)) == ([], {1001, 1002})


def test_claims_that_somebody_saw_have_the_first_right_to_as_many_lines():
    claims = [claim(1, seen=True), claim(2), claim(3, seen=True)]
    found = match(claims, [line(1001, dated=True), line(1002, dated=True)])
    assert (set(pairs(found).values()), found.claims) == ({1, 3}, [2])


def test_a_claim_on_the_day_before_competes_with_todays_where_only_days_are_known():
    found = match([claim(1, at=NOON - DAY), claim(2)], [line(1001, dated=True)])
    assert (found.sure, found.doubtful) == ([], {1001: [2, 1]})


def test_only_what_can_stand_in_the_file_is_paired():
    card = line(1001, ways=frozenset({"card"}))
    assert not match([claim(1)], [card]).sure
    assert pairs(match([claim(1), claim(2, way="card")], [card])) == {1001: 2}


# --- the reference ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("typed", ["7733", "557733", "634512557733"])
def test_typed_digits_find_their_line(typed):
    claims = [claim(1), claim(2, digits=(typed,))]
    lines = [line(1001, dated=True, digits=("634512557733",)), line(1002, dated=True, digits=("634500000001",))]
    found = match(claims, lines)
    assert pairs(found) == {1001: 2, 1002: 1}
    assert whys(found)[2] == "reference"


@pytest.mark.parametrize("tag", ["S12627000012", "6F1C0F4E7F0E4A579A3E6C2F0A4BE001"])
def test_our_links_own_reference_finds_its_line(tag):
    claims = [claim(1), claim(2, tags=frozenset({tag}))]
    found = match(claims, [line(1001, dated=True, words=frozenset({"UPI", tag}))])
    assert (pairs(found), found.claims) == ({1001: 2}, [1])


def test_a_line_that_names_another_bill_is_not_taken():
    claims = [claim(1), claim(2, 250, tags=frozenset({"S12627000012"}))]
    found = match(claims, [line(1001, words=frozenset({"S12627000012"}))])
    assert (found.sure, found.doubtful) == ([], {1001: [1]})


def test_digits_that_the_line_contradicts_are_not_paired():
    found = match([claim(1, digits=("9999",))], [line(1001, digits=("634512557733",))])
    assert (found.sure, found.doubtful) == ([], {1001: [1]})


def test_a_line_of_the_minute_of_mistyped_digits_is_not_given_to_another_claim():
    claims = [claim(1, at=NOON - 2 * DAY, seen=True), claim(2, digits=("9999",))]
    found = match(claims, [line(1001, digits=("634512557733",))])
    assert (found.sure, found.doubtful) == ([], {1001: [1, 2]})


def test_two_lines_that_end_in_the_typed_digits_are_left_to_the_person():
    lines = [line(1001, dated=True, digits=("634512557733",)), line(1002, dated=True, digits=("111112557733",))]
    found = match([claim(1, digits=("7733",)), claim(2)], lines)
    assert (found.sure, set(found.doubtful)) == ([], {1001, 1002})


def test_money_that_was_given_up_is_found_by_its_reference_only():
    gone = claim(1, failed=True, digits=("7733",))
    assert pairs(match([gone], [line(1001, digits=("634512557733",))])) == {1001: 1}
    without = match([claim(1, failed=True)], [line(1001)])
    assert (without.sure, without.doubtful, without.claims) == ([], {1001: [1]}, [])


def test_a_line_that_names_a_claim_and_is_a_charge_less_is_a_candidate():
    known = claim(1, 100, digits=("557733",))
    assert match([known], [line(1001, "97.64", digits=("634512557733",))]).doubtful == {1001: [1]}
    assert match([known], [line(1001, 90, digits=("634512557733",))]).lines == [1001]
    assert match([claim(1, 100)], [line(1001, "97.64", digits=("634512557733",))]).lines == [1001]


def test_a_pair_that_was_taken_apart_is_not_proposed_again():
    found = match([claim(1)], [line(1001)], never={(1001, 1)})
    assert (found.sure, found.doubtful, found.lines, found.claims) == ([], {}, [1001], [1])


@pytest.mark.parametrize(
    ("typed", "printed", "same"),
    [("7733", "634512557733", True), ("0007733", "7733", False), ("634512557733", "0000634512557733", True),
         ("1234", "634512557733", False),
     ("000634512557733", "634512557733", True), ("33", "634512557733", True)],
)  # fmt: skip
def test_digits_agree_at_their_end(typed, printed, same):
    assert agree([typed], [printed]) == same


# --- truths over random worlds ------------------------------------------------------------------------------------
minutes = st.integers(0, 3 * 24 * 60)
claims_of = st.lists(
    st.tuples(st.sampled_from([20, 50, 100]), minutes, st.sampled_from(["", "4711", "8822"]), st.sampled_from("csf")), max_size=9
)
lines_of = st.lists(
    st.tuples(st.sampled_from([20, 50, 100]), minutes, st.booleans(), st.sampled_from(["", "600000004711", "600000008822"])), max_size=9
)


def world(claims, lines):
    return (
        [claim(n, amount, NOON + at * MINUTE, digits=(typed,) if typed else (), seen=kind == "s", failed=kind == "f")
         for n, (amount, at, typed, kind) in enumerate(claims)],
        [line(1000 + n, amount, NOON + at * MINUTE, dated=dated, digits=(run,) if run else ())
         for n, (amount, at, dated, run) in enumerate(lines)],
    )  # fmt: skip


@given(claims_of, lines_of)
def test_no_line_sees_two_claims_and_no_claim_two_lines(claims, lines):
    ours, theirs = world(claims, lines)
    found = match(ours, theirs)
    by_claim, by_line = {c.id: c for c in ours}, {li.id: li for li in theirs}
    assert len({p.line for p in found.sure}) == len({p.claim for p in found.sure}) == len(found.sure)
    for pair in found.sure:
        said, came = by_claim[pair.claim], by_line[pair.line]
        assert said.amount == came.amount
        assert said.day <= came.day + DAY <= said.day + 6 * DAY
        if said.failed:
            assert pair.why == "reference"
    told = [*(p.line for p in found.sure), *found.doubtful, *found.lines]
    assert sorted(told) == sorted(by_line)
    assert not {c for near in found.doubtful.values() for c in near} & {p.claim for p in found.sure}


@given(claims_of, lines_of, st.randoms(use_true_random=False))
def test_the_order_of_the_file_makes_no_difference(claims, lines, random):
    ours, theirs = world(claims, lines)
    first = match(ours, theirs)
    random.shuffle(ours)
    random.shuffle(theirs)
    assert match(ours, theirs) == first


@given(claims_of)
def test_when_all_of_it_came_at_once_all_of_it_is_seen(claims):
    ours, _ = world([(a, at, "", "c") for a, at, _, _ in claims], [])
    theirs = [line(1000 + c.id, c.amount, c.at + MINUTE) for c in ours]
    found = match(ours, theirs)
    assert {p.claim for p in found.sure} == {c.id for c in ours}


@given(claims_of, st.data())
def test_when_one_of_an_amount_is_fake_none_of_that_minute_is_guessed(claims, data):
    """All claims within two minutes, no references: an amount with a line too few is left to the person, every other is seen."""
    ours, _ = world([(a, at % 2, "", "c") for a, at, _, _ in claims], [])
    fake = data.draw(st.sets(st.sampled_from([c.id for c in ours]))) if ours else set()
    theirs = [line(1000 + c.id, c.amount, c.at + MINUTE) for c in ours if c.id not in fake]
    seen = {p.claim for p in match(ours, theirs).sure}
    wrong = {c.amount for c in ours if c.id in fake}
    assert seen == {c.id for c in ours if c.amount not in wrong}


graphs = st.dictionaries(st.integers(0, 5), st.sets(st.integers(10, 15)), max_size=6)


@given(graphs)
def test_augmenting_finds_as_many_as_can_be(graph):
    found = perfect(graph)
    assert len(set(found.values())) == len(found)
    assert all(claim in graph[li] for li, claim in found.items())
    lines = list(graph)
    most = max(
        (sum(claim in graph[li] for li, claim in zip(lines, order, strict=False)) for order in permutations(range(10, 16), len(lines))),
        default=0,
    )
    assert len(found) == most


def test_five_thousand_lines_are_paired_in_seconds():
    claims = [claim(n, 10 + n % 700, NOON + n * MINUTE) for n in range(5000)]
    lines = [line(10_000 + n, c.amount, c.at + MINUTE) for n, c in enumerate(claims)]
    assert len(match(claims, lines).sure) == 5000
    crowd = match([claim(n, 10, NOON + n * MINUTE) for n in range(3000)], [line(10_000 + n, 10, NOON + n * MINUTE) for n in range(3000)])
    assert len(crowd.sure) == 3000
    assert date(2026, 11, 10) == NOON.date()
