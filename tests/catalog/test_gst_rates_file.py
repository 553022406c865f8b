"""The shipped rates, read as a file: every fact below is one the tax notifications state."""

import csv
import re
from collections import Counter
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

import catalog

PERIODS = (date(2017, 7, 1), date(2025, 9, 22), date(2026, 2, 1))
ROWS = list(csv.DictReader((Path(catalog.__file__).parent / "data" / "gst_rates.csv").read_text("utf-8").splitlines()))
BY_SLUG = {row["slug"]: row for row in ROWS}
GENERIC = {"other-0", "other-5", "other-12", "other-18", "other-28", "other-40", "other-non-gst"}


def over_time(slug: str, what: str) -> list[int | Decimal]:
    """The percent in each of the three periods; an empty cell repeats the one before."""
    found: list[Decimal] = []
    for period in PERIODS:
        cell = BY_SLUG[slug][f"{what}_{period:%Y_%m_%d}"]
        found.append(Decimal(cell) if cell else found[-1])
    return found


def test_slugs_are_unique_and_begin_with_their_hsn():
    assert [slug for slug, count in Counter(row["slug"] for row in ROWS).items() if count > 1] == []
    for row in ROWS:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row["slug"]), row["slug"]
        if row["slug"] not in GENERIC:
            assert re.fullmatch(r"[0-9]{4,8}", row["hsn"]), row["slug"]
            assert row["slug"].startswith(f"{row['hsn']}-"), row["slug"]


def test_rows_without_hsn_are_the_generic_ones():
    assert {row["slug"] for row in ROWS if not row["hsn"]} == GENERIC


def test_each_cell_is_one_of_the_known_words():
    for row in ROWS:
        assert row["goods"].strip() == row["goods"] != "", row["slug"]
        assert row["packing"] in {"any", "loose", "packed"}, row["slug"]
        assert row["supply_class"] in {"taxable", "exempt", "non_gst"}, row["slug"]
        assert row["rsp"] in {"yes", "no"}, row["slug"]
        assert row["confidence"] in {"high", "medium", "low"}, row["slug"]
        assert row["rate_2017_07_01"] != "", row["slug"]
        assert row["cess_2017_07_01"] != "", row["slug"]
        assert all(0 <= percent <= 40 for what in ("rate", "cess") for percent in over_time(row["slug"], what)), row["slug"]


def test_supply_class_follows_todays_rate():
    for row in ROWS:
        today = over_time(row["slug"], "rate")[-1]
        assert row["supply_class"] == ("taxable" if today else "non_gst" if row["slug"] == "other-non-gst" else "exempt"), row["slug"]


def test_an_unchanged_rate_is_not_repeated():
    for row in (row for row in ROWS if row["hsn"]):
        for what in ("rate", "cess"):
            cells = [row[f"{what}_{period:%Y_%m_%d}"] for period in PERIODS]
            written = [cell for cell in cells if cell]
            assert all(one != two for one, two in pairwise(written)), row["slug"]


def test_no_goods_bear_12_now_or_28_after_january_2026():
    for row in ROWS:
        if row["hsn"]:
            assert 12 not in over_time(row["slug"], "rate")[1:], row["slug"]
            assert 28 not in over_time(row["slug"], "rate")[2:], row["slug"]


def test_28_was_left_only_to_tobacco_and_pan_masala_in_september_2025():
    heads = {row["hsn"][:4] for row in ROWS if row["hsn"] and over_time(row["slug"], "rate")[1] == 28}
    assert heads == {"2106", "2401", "2402", "2403", "2404"}


@pytest.mark.parametrize(
    ("slug", "rates"),
    [
        # 12 to 5
        ("040510-butter", [12, 5, 5]),
        ("04059020-ghee", [12, 5, 5]),
        ("040630-cheese", [12, 5, 5]),
        ("040299-condensed-milk", [12, 5, 5]),
        ("080212-almond", [12, 5, 5]),
        ("080410-dates", [12, 5, 5]),
        ("2001-pickle", [12, 5, 5]),
        ("2007-jam", [12, 5, 5]),
        ("210320-ketchup", [12, 5, 5]),
        ("2106-namkeen-packed", [12, 5, 5]),
        ("1902-noodles-pasta", [12, 5, 5]),
        ("2009-juice", [12, 5, 5]),
        ("22029920-fruit-drinks", [12, 5, 5]),
        ("22029930-milk-drinks", [12, 5, 5]),
        ("2201-water-jar", [12, 5, 5]),
        ("3406-candles", [12, 5, 5]),
        ("3605-matches", [12, 5, 5]),
        ("6601-umbrella", [12, 5, 5]),
        ("7323-steel-utensils", [12, 5, 5]),
        ("7615-aluminium-utensils", [12, 5, 5]),
        ("96190030-diapers", [12, 5, 5]),
        ("3004-medicines", [12, 5, 5]),
        # 18 to 5
        ("190531-biscuits", [18, 5, 5]),
        ("1905-cakes", [18, 5, 5]),
        ("1806-chocolate", [18, 5, 5]),
        ("1904-breakfast-cereal", [18, 5, 5]),
        ("210111-instant-coffee", [18, 5, 5]),
        ("2105-ice-cream", [18, 5, 5]),
        ("2104-soup", [18, 5, 5]),
        ("1901-malt-drink", [18, 5, 5]),
        ("220110-bottled-water", [18, 5, 5]),
        ("34011190-toilet-soap", [18, 5, 5]),
        ("3305-shampoo", [18, 5, 5]),
        ("3305-hair-oil", [18, 5, 5]),
        ("330610-toothpaste", [18, 5, 5]),
        ("960321-toothbrush", [18, 5, 5]),
        ("3304-talcum-powder", [18, 5, 5]),
        ("3307-shaving", [18, 5, 5]),
        # to nil
        ("0401-milk-uht", [5, 0, 0]),
        ("0406-paneer-packed", [5, 0, 0]),
        ("1905-pizza-bread", [5, 0, 0]),
        ("1905-khakhra-roti", [5, 0, 0]),
        ("2106-paratha", [18, 0, 0]),
        ("9609-pencils", [12, 0, 0]),
        ("40169200-eraser", [5, 0, 0]),
        ("821410-sharpener", [12, 0, 0]),
        ("482020-exercise-books", [12, 0, 0]),
        # up
        ("220210-aerated-drinks", [28, 40, 40]),
        ("2202-carbonated-fruit-drinks", [28, 40, 40]),
        ("22029990-energy-drinks", [28, 40, 40]),
        ("220299-other-soft-drinks", [18, 40, 40]),
        ("480256-copier-paper", [12, 18, 18]),
        ("33074100-burning-fragrance", [12, 18, 18]),
        # unchanged at 18
        ("3402-detergent", [18, 18, 18]),
        ("3405-dishwash-bar", [18, 18, 18]),
        ("340130-liquid-hand-wash", [18, 18, 18]),
        ("3304-cosmetics", [18, 18, 18]),
        ("330720-deodorant", [18, 18, 18]),
        ("9608-pens", [18, 18, 18]),
        ("8506-batteries", [18, 18, 18]),
        ("34011942-laundry-soap", [18, 18, 18]),
        ("34011110-medicated-soap", [18, 18, 18]),
        # unchanged at 5, and always exempt
        ("1701-sugar", [5, 5, 5]),
        ("0902-tea", [5, 5, 5]),
        ("1512-sunflower-oil", [5, 5, 5]),
        ("0910-turmeric-masala", [5, 5, 5]),
        ("33074100-agarbatti", [5, 5, 5]),
        ("0401-milk-fresh", [0, 0, 0]),
        ("1905-bread", [0, 0, 0]),
        ("2501-salt", [0, 0, 0]),
        ("0407-eggs", [0, 0, 0]),
        # the tobacco table of 2026-02-01
        ("240220-cigarettes", [28, 28, 40]),
        ("240210-cigars", [28, 28, 40]),
        ("2401-unmanufactured-tobacco", [28, 28, 40]),
        ("240399-chewing-tobacco", [28, 28, 40]),
        ("240311-hookah-tobacco", [28, 28, 40]),
        ("21069020-pan-masala", [28, 28, 40]),
        ("24041100-nicotine-inhaled", [28, 28, 40]),
        ("24041900-nicotine-inhaled-other", [28, 28, 40]),
        ("24031921-bidi", [28, 28, 18]),
        ("24031929-bidi-other", [28, 28, 18]),
    ],
)
def test_rate_of_goods_over_the_three_periods(slug, rates):
    assert over_time(slug, "rate") == rates


@pytest.mark.parametrize(
    "goods", ["1006-rice", "1001-wheat", "1101-wheat-flour", "0713-dal", "1106-besan", "1904-poha", "0403-curd", "0409-honey"]
)
def test_staples_are_exempt_loose_and_5_percent_packed(goods):
    assert over_time(f"{goods}-loose", "rate") == [0, 0, 0]
    assert over_time(f"{goods}-packed", "rate") == [5, 5, 5]
    assert (BY_SLUG[f"{goods}-loose"]["packing"], BY_SLUG[f"{goods}-packed"]["packing"]) == ("loose", "packed")


def test_cess_on_drinks_ended_in_september_2025():
    for slug in ("220210-aerated-drinks", "2202-carbonated-fruit-drinks", "22029990-energy-drinks"):
        assert over_time(slug, "cess") == [12, 0, 0]
    assert over_time("220299-other-soft-drinks", "cess") == [0, 0, 0]


def test_no_goods_bear_cess_from_february_2026():
    assert [row["slug"] for row in ROWS if over_time(row["slug"], "cess")[2]] == []
    assert over_time("240220-cigarettes", "cess") == [5, 5, 0]


def test_retail_price_decides_the_value_of_tobacco_and_pan_masala_but_not_bidi():
    assert {row["slug"] for row in ROWS if row["rsp"] == "yes"} == {
        "21069020-pan-masala",
        "2401-unmanufactured-tobacco",
        "240210-cigars",
        "240220-cigarettes",
        "240311-hookah-tobacco",
        "240399-chewing-tobacco",
        "24041100-nicotine-inhaled",
        "24041900-nicotine-inhaled-other",
    }


def test_generic_rows_keep_their_rate():
    for slug in GENERIC - {"other-non-gst"}:
        assert over_time(slug, "rate") == [int(slug.removeprefix("other-"))] * 3
    assert "old bills" in BY_SLUG["other-12"]["note"]
    assert "old bills" in BY_SLUG["other-28"]["note"]
