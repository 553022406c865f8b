"""A supplier's bill of 60 lines, worked line by line with plain integers outside the program: `tests/vectors/supplier_bill.csv`.

Two rates of tax, free goods, packs of 1 to 24, discounts on lines and on the whole bill, freight, and a paper that rounds to the rupee.
docs/purchases.md tells the same sums in words.
"""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from catalog.off import Off
from tests import factories
from tests.inventory.buying import D, books_agree, buy, make_supplier, owed, postings, received

LINES = list(csv.DictReader((Path(__file__).parents[1] / "vectors" / "supplier_bill.csv").read_text(encoding="utf-8").splitlines()))
GOODS, DISCOUNT = D("544756.22"), D("14468.18")
TAXABLE, CGST, PAPER, ROUND_OFF = D("530773.04"), D("26391.20"), D("583555.00"), D("-0.44")
CGST_BY_RATE = {"5": D("8222.47"), "18": D("18168.73")}


@pytest.fixture
def supplier(shop):
    return make_supplier(shop, "Gupta Agencies")


@pytest.fixture
def receipt(supplier):
    lines = []
    for row in LINES:
        goods = factories.make_product(supplier.shop, row["goods"], gst=f"other-{row['rate']}", price="9999", mrp=None, cost="1")
        figures = {name: D(row[name]) for name in ("pack_size", "free")}
        lines.append(received(goods, row["packs"], row["price"], discount=Off(percent=D(row["discount_percent"])), **figures))
    return buy(supplier, *lines, discount=Off(percent=D(1)), charges=D(485), paper_total=PAPER)


def column(name: str) -> list[Decimal]:
    return [D(row[name]) for row in LINES]


def test_our_total_is_the_papers(receipt, supplier):
    assert len(LINES) == 60
    assert (receipt.gross, receipt.discount, receipt.charges) == (GOODS, DISCOUNT, D(485))
    assert (receipt.taxable, receipt.cgst, receipt.sgst) == (TAXABLE, CGST, CGST)
    assert (receipt.total, receipt.round_off) == (PAPER, ROUND_OFF)
    assert owed(supplier) == PAPER


def test_every_line_has_its_share_of_discount_and_freight_and_its_tax(receipt):
    lines = list(receipt.lines.all())
    for ours, theirs in (("gross", "gross"), ("discount", "discount"), ("bill_discount", "bill_discount"), ("charge", "freight")):
        assert [getattr(line, ours) for line in lines] == column(theirs)
    assert [line.taxable for line in lines] == column("taxable")
    assert [line.cgst for line in lines] == column("half_tax")


def test_lots_cost_what_a_piece_cost_to_four_places(receipt):
    lots = [line.lot for line in receipt.lines.select_related("lot")]
    assert [lot.unit_cost for lot in lots] == column("piece_cost")
    assert [lot.on_hand for lot in lots] == column("pieces")
    assert [lot.value for lot in lots] == column("taxable")


def test_ledger_balances_and_the_input_credit_is_right(receipt, supplier):
    assert postings(receipt.document) == {"1003": TAXABLE, "1301": CGST, "1302": CGST, "6900": ROUND_OFF, "2001": -PAPER}
    by_rate = {rate: sum(D(row["half_tax"]) for row in LINES if row["rate"] == rate) for rate in ("5", "18")}
    assert by_rate == CGST_BY_RATE
    books_agree(supplier.shop)
