"""Bills worked out by hand: the server against tests/vectors/bills.json, which the page is held to as well."""

import json
from decimal import Decimal as D
from pathlib import Path

import pytest

from catalog.off import NOTHING, Off, parse_off
from orders.pricing import LineIn, price_bill

BILLS = json.loads((Path(__file__).parents[1] / "vectors" / "bills.json").read_text())


def line_in(line: dict) -> LineIn:
    return LineIn(
        line["quantity"],
        line["price"],
        5,
        amount=line.get("amount"),
        offer=line.get("offer", 0),
        line_discount=parse_off(line.get("off", "")),
    )


@pytest.mark.parametrize("bill", BILLS, ids=[bill["what"] for bill in BILLS])
def test_the_server_works_out_the_bill(bill):
    totals = price_bill([line_in(line) for line in bill["lines"]], bill_discount=parse_off(bill.get("off", "")), rounding=bill["rounding"])
    assert [str(line.gross) for line in totals.lines] == bill["gross"]
    assert [str(line.gross - line.discount) for line in totals.lines] == bill["net"]
    assert str(sum(line.bill_discount for line in totals.lines)) == bill["discount"]
    assert (str(totals.round_off), str(totals.total)) == (bill["round"], bill["total"])
    assert sum(line.total for line in totals.lines) == totals.total - totals.round_off


@pytest.mark.parametrize(
    ("text", "off"),
    [
        ("", NOTHING),
        ("5%", Off(percent=D(5))),
        (" 12.5 % ", Off(percent=D("12.5"))),
        ("100%", Off(percent=D(100))),
        ("12.50", Off(rupees=D("12.50"))),
        ("0", NOTHING),
        ("20", Off(rupees=D("20.00"))),
    ],
)
def test_a_discount_is_read_as_percent_or_rupees(text, off):
    assert parse_off(text) == off
    assert parse_off(off.text) == off


@pytest.mark.parametrize("text", ["100.01%", "-5", "5%%", "% 5", "five", "5.555", "1e2", "५%", "5 5", "∞"])
def test_what_is_no_discount_is_refused(text):
    assert parse_off(text) is None
