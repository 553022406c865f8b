"""The demo shops, read as files: what a real shop's goods and customers always satisfy, these must too."""

import csv
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

import catalog
import smartkirana
from shops.gstin import parse_gstin

FOLDER = Path(smartkirana.__file__).parent / "demo_data"
RATES_FILE = Path(catalog.__file__).parent / "data" / "gst_rates.csv"
DEVANAGARI_NAME = re.compile(r"(?=.*[\u0900-\u097f])[\u0900-\u097f0-9 .-]+")
UNITS = {"pc", "kg", "g", "l", "ml", "pack", "dozen"}


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


RATES = {row["slug"]: row for row in read(RATES_FILE)}
SHOPS = {name: read(FOLDER / f"{name}.csv") for name in ("products", "small_shop")}
PRODUCTS = [row for rows in SHOPS.values() for row in rows]
CUSTOMERS = read(FOLDER / "customers.csv")

both_shops = pytest.mark.parametrize("rows", SHOPS.values(), ids=SHOPS.keys())


def rate_today(row: dict[str, str]) -> Decimal:
    rate = RATES[row["gst_slug"]]
    return Decimal(rate["rate_2026_02_01"] or rate["rate_2025_09_22"] or rate["rate_2017_07_01"])


def test_the_kirana_has_400_products_in_15_categories():
    assert len(SHOPS["products"]) >= 400
    assert len({row["category"] for row in SHOPS["products"]}) == 15


def test_the_kirana_weighs_at_least_30_goods():
    assert sum(row["loose"] == "1" and row["unit"] == "kg" for row in SHOPS["products"]) >= 30


def test_the_small_shop_has_30_products():
    assert len(SHOPS["small_shop"]) == 30


@both_shops
def test_names_and_plu_codes_are_unique_in_a_shop(rows):
    for column in ("name", "local_name", "plu"):
        used = Counter(row[column] for row in rows if row[column])
        assert [value for value, count in used.items() if count > 1] == [], column


def test_gst_row_exists_and_fits_the_hsn():
    for row in PRODUCTS:
        assert re.fullmatch(r"[0-9]{4,8}", row["hsn"]), row["name"]
        assert row["hsn"].startswith(RATES[row["gst_slug"]]["hsn"]), row["name"]


def test_loose_and_packed_goods_have_their_own_rates():
    for row in PRODUCTS:
        packing = RATES[row["gst_slug"]]["packing"]
        assert packing in {"any", "loose" if row["loose"] == "1" else "packed"}, row["name"]


def test_price_stands_between_cost_with_tax_and_mrp():
    for row in PRODUCTS:
        price, with_tax = Decimal(row["price"]), Decimal(row["cost"]) * (100 + rate_today(row)) / 100
        assert price >= with_tax * Decimal("0.98"), row["name"]
        assert Decimal(row["cost"]) > 0, row["name"]
        if row["mrp"]:
            assert Decimal(row["mrp"]) >= price, row["name"]


def test_only_loose_goods_have_no_mrp():
    for row in PRODUCTS:
        assert (row["mrp"] == "") == (row["loose"] == "1"), row["name"]


def test_names_are_readable_and_in_the_right_script():
    for row in PRODUCTS:
        assert DEVANAGARI_NAME.fullmatch(row["local_name"]), row["name"]
        assert row["name"].isascii(), row["name"]
        assert re.fullmatch(r"[a-z0-9 ]+", row["search_words"]), row["name"]
        for column in ("category", "name", "local_name", "search_words"):
            assert row[column] == row[column].strip() != "", row["name"]


def test_counts_make_sense_together():
    for row in PRODUCTS:
        assert row["unit"] in UNITS, row["name"]
        assert row["plu"] == "" or re.fullmatch(r"[1-9][0-9]{0,4}", row["plu"]), row["name"]
        assert row["loose"] == "0" or row["plu"] != "", row["name"]
        assert 0 < Decimal(row["min_stock"]) < Decimal(row["max_stock"]), row["name"]
        assert 0 < Decimal(row["reorder_quantity"]) <= Decimal(row["max_stock"]), row["name"]
        assert Decimal("0.05") <= Decimal(row["daily_sales"]) <= 40, row["name"]
        assert row["perishable"] in {"0", "1"}, row["name"]
        assert row["expiry_days"] == "" or int(row["expiry_days"]) > 0, row["name"]
        assert row["perishable"] == "0" or int(row["expiry_days"]) <= 30, row["name"]
        assert row["pack_barcode_qty"] == "" or (int(row["pack_barcode_qty"]) > 1 and row["loose"] == "0"), row["name"]


def test_two_products_have_two_mrps_and_sell_below_both():
    marked = [row for row in SHOPS["products"] if row["two_mrps"]]
    assert len(marked) == 2
    for row in marked:
        low, high = map(Decimal, row["two_mrps"].split("|"))
        assert low < high == Decimal(row["mrp"])
        assert Decimal(row["price"]) <= low


def test_goods_valued_by_retail_price_are_in_the_shop():
    assert [row["name"] for row in SHOPS["products"] if RATES[row["gst_slug"]]["rsp"] == "yes" and row["mrp"]] != []


def test_no_product_claims_a_barcode():
    for rows in SHOPS.values():
        assert [row["name"] for row in rows if any(re.fullmatch(r"[0-9]{12,14}", value) for value in row.values())] == []


def test_customers_are_40_with_unique_names_and_phones():
    assert len(CUSTOMERS) == 40
    assert len({row["name"] for row in CUSTOMERS}) == 40
    assert len({row["phone"] for row in CUSTOMERS}) == 40


def test_a_customer_can_be_called_and_given_credit():
    for row in CUSTOMERS:
        assert re.fullmatch(r"90000[0-9]{5}", row["phone"]), row["name"]
        assert row["local_name"] == "" or DEVANAGARI_NAME.fullmatch(row["local_name"]), row["name"]
        assert row["address"] != "", row["name"]
        assert Decimal(row["habits"]) > 0, row["name"]
        if row["khata"] == "1":
            assert int(row["credit_limit"]) > 0, row["name"]
            assert int(row["due_days"]) > 0, row["name"]
        else:
            assert (row["khata"], row["credit_limit"], row["due_days"]) == ("0", "0", "0"), row["name"]


def test_two_businesses_have_right_gstins_and_one_is_in_another_state():
    businesses = [row for row in CUSTOMERS if row["gstin"]]
    assert sorted(row["state_code"] for row in businesses) == ["24", "27"]
    for row in businesses:
        parse_gstin(row["gstin"])  # raises when the check character is wrong
        assert row["gstin"].startswith(row["state_code"] + "ZZZ")  # no PAN like this is given out
