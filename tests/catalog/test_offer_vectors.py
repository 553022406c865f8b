"""The vectors in tests/vectors/offers.json, on the server's side; tests/browser/test_offer_rules.py runs the same ones on the page's."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from catalog.list_prices import price_for
from catalog.offer_rules import OfferLine, from_data, offers_on

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "offers.json").read_text(encoding="utf-8"))


def named(cases):
    return pytest.mark.parametrize("case", cases, ids=[case["name"] for case in cases])


def figure(case, name):
    return Decimal(case[name]) if name in case else None


@named(VECTORS["slabs"])
def test_unit_price(case):
    slabs = [(Decimal(least), Decimal(price)) for least, price in case["slabs"]]
    price = price_for(Decimal(case["base"]), slabs, Decimal(case["quantity"]), figure(case, "mrp"), ceiling=figure(case, "ceiling"))
    assert f"{price:.2f}" == case["price"]


def line_of(data, offers):
    fit = [offers[number] for number in data["offers"]]
    figures = {name: Decimal(data[name]) for name in ("quantity", "price", "gross")}
    return OfferLine(product=data["product"], offers=fit, by_hand=data.get("by_hand", False), **figures)


@named(VECTORS["offers"])
def test_offers(case):
    offers = {data["id"]: from_data(data) for data in case["offers"]}
    found = offers_on([line_of(data, offers) for data in case["lines"]])
    assert [[f"{one.discount:.2f}", one.offer and one.offer.id] for one in found] == case["gives"]
