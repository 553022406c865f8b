from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from smartkirana.dates import (
    Period,
    PeriodError,
    financial_year,
    financial_year_long,
    period,
    shop_today,
)

SUNDAY = date(2026, 11, 22)
days = st.dates(date(2001, 1, 1), date(2098, 12, 31))
named = st.sampled_from(["today", "week", "month", "year"])


def test_the_shop_is_already_in_tomorrow_when_london_is_not():
    with time_machine.travel(datetime(2026, 3, 31, 18, 29, 59, tzinfo=UTC), tick=False):
        assert shop_today() == date(2026, 3, 31)
    with time_machine.travel(datetime(2026, 3, 31, 18, 30, tzinfo=UTC), tick=False):
        assert shop_today() == date(2026, 4, 1)
        assert shop_today("UTC") == date(2026, 3, 31)


@pytest.mark.parametrize(
    ("day", "short", "long"),
    [
        (date(2026, 3, 31), "25-26", "2025-26"),
        (date(2026, 4, 1), "26-27", "2026-27"),
        (date(2027, 1, 1), "26-27", "2026-27"),
        (date(2000, 1, 1), "99-00", "1999-00"),
        (date(2009, 12, 31), "09-10", "2009-10"),
    ],
)
def test_the_financial_year_turns_on_1_april(day, short, long):
    assert (financial_year(day), financial_year_long(day)) == (short, long)


@pytest.mark.parametrize(
    ("name", "start", "end", "label"),
    [
        ("today", SUNDAY, SUNDAY, "22 Nov 2026"),
        ("week", date(2026, 11, 16), SUNDAY, "16–22 Nov 2026"),
        ("month", date(2026, 11, 1), date(2026, 11, 30), "November 2026"),
        ("year", date(2026, 4, 1), date(2027, 3, 31), "FY 2026-27"),
    ],
)
def test_a_named_period_is_the_whole_one_that_holds_today(name, start, end, label):
    assert period(name, SUNDAY) == Period(start, end, label, name)


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("today", date(2026, 11, 21), date(2026, 11, 21)),
        ("week", date(2026, 11, 9), date(2026, 11, 15)),
        ("month", date(2026, 10, 1), date(2026, 10, 31)),
        ("year", date(2025, 4, 1), date(2026, 3, 31)),
    ],
)
def test_the_period_before_is_of_equal_kind(name, start, end):
    before = period(name, SUNDAY).before()
    assert (before.start, before.end, before.name) == (start, end, name)


def test_a_week_over_new_year_says_both_years():
    assert period("week", date(2027, 1, 1)).label == "28 Dec 2026 – 3 Jan 2027"
    assert period("week", date(2026, 12, 2)).label == "30 Nov – 6 Dec 2026"


def test_february_of_a_leap_year_has_29_days():
    assert period("month", date(2028, 3, 15)).before().days == 29


def test_own_dates_compare_with_as_many_days_before_them():
    chosen = period("custom", SUNDAY, date(2026, 11, 1), date(2026, 11, 10))
    assert chosen == Period(date(2026, 11, 1), date(2026, 11, 10), "1–10 Nov 2026", "custom")
    assert chosen.before() == period("custom", SUNDAY, date(2026, 10, 22), date(2026, 10, 31))


def test_a_period_made_by_hand_counts_as_own_dates():
    by_hand = Period(date(2026, 11, 22), date(2026, 11, 22), "that day")
    assert by_hand.before().start == date(2026, 11, 21)


@pytest.mark.parametrize(
    ("name", "start", "end", "code", "field"),
    [
        ("decade", None, None, "period_unknown", "period"),
        ("custom", None, SUNDAY, "period_missing", "start"),
        ("custom", SUNDAY, None, "period_missing", "end"),
        ("custom", SUNDAY, date(2026, 11, 21), "period_backwards", "end"),
        ("custom", date(1, 1, 1), SUNDAY, "period_far", "start"),
        ("custom", SUNDAY, date(9999, 12, 31), "period_far", "end"),
    ],
)
def test_wrong_dates_are_refused_with_the_field_to_mend(name, start, end, code, field):
    with pytest.raises(PeriodError) as refused:
        period(name, SUNDAY, start, end)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_the_widest_own_period_still_has_one_before():
    assert period("custom", SUNDAY, date(2000, 1, 1), date(2099, 12, 31)).before().days == 36525


@given(named, days)
def test_periods_hold_their_day_and_touch_the_one_before(name, day):
    here = period(name, day)
    assert here.start <= day <= here.end
    assert here.before().end + timedelta(days=1) == here.start
    assert period(name, here.start) == here == period(name, here.end)
    assert financial_year_long(day).endswith(financial_year(day)[2:])
