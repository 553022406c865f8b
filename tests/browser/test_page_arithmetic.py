"""The page adds up as the server does: sums.js, calculator.js and grammar.js, run in Chromium against files of worked examples."""

import json
from pathlib import Path

import pytest

BILLS = json.loads((Path(__file__).parents[1] / "vectors" / "bills.json").read_text())
WORK_OUT = """async (bills) => {
  const { billSums, readOff } = await import("/static/js/counter/sums.js");
  const { milli, paise, plain } = await import("/static/js/counter/money.js");
  const rupees = (text) => (text === undefined ? null : paise(text));
  const signed = (amount) => (amount < 0n ? "-" : "") + plain(amount < 0n ? -amount : amount);
  return bills.map((bill) => {
    const lines = bill.lines.map((line) => ({
      quantity: milli(line.quantity), price: paise(line.price), amount: rupees(line.amount), mrp: rupees(line.mrp),
      offer: rupees(line.offer) ?? 0n, off: readOff(line.off ?? ""),
    }));
    const sums = billSums(lines, readOff(bill.off ?? ""), bill.rounding);
    return {
      gross: sums.lines.map((line) => plain(line.gross)), net: sums.lines.map((line) => plain(line.net)), discount: plain(sums.discount),
      round: signed(sums.round), total: plain(sums.total), saved: plain(sums.saved),
    };
  });
}"""


@pytest.fixture
def page(context, db):
    """A page of the site, whatever it shows: modules are imported by their address."""
    page = context.new_page()
    page.goto("/sign-in/")
    return page


def test_the_page_works_out_the_bills_of_the_file(page):
    worked = page.evaluate(WORK_OUT, BILLS)
    for bill, sums in zip(BILLS, worked, strict=True):
        assert sums == {name: bill[name] for name in sums}, bill["what"]


def test_the_calculator_is_exact_and_says_no_to_what_is_no_sum(page):
    sums = {
        "12*45+30": "570", "0.1+0.2": "0.3", "(2+3)*4": "20", "10/4": "2.5", "10/3": "3.3333", "2/3": "0.6667", "-5+2": "−3", "1-2-3": "−4",
        "100-20%": None, "": None, "12*": None, "(1": None, "1/0": None, "2 3": None, "alert(1)": None,
        "99999999*99999999": "9999999800000001",
        "3×4÷2": "6", "1.23456": None,
    }  # fmt: skip
    worked = page.evaluate(
        """async (sums) => { const { calculate } = await import("/static/js/counter/calculator.js");
        return Object.fromEntries(sums.map((text) => [text, calculate(text)])); }""",
        list(sums),
    )
    assert worked == sums


def test_one_grammar_reads_everything_typed_or_scanned(page):
    texts = {
        "8901234567890": {"kind": "code", "code": "8901234567890"},
        "3*": {"kind": "times", "times": "3000"},
        "3*42": {"kind": "code", "code": "42", "times": "3000"},
        "*3": {"kind": "quantity", "quantity": "3000"},
        "1.25*42": {"kind": "code", "code": "42", "times": "1250"},
        "₹20*42": {"kind": "code", "code": "42", "worth": "2000"},
        "rs 20.50*sugar": {"kind": "name", "text": "sugar", "worth": "2050"},
        "20/42": {"kind": "code", "code": "42", "worth": "2000"},
        "₹0*42": {"kind": "unread", "text": "₹0*42"},
        "0*42": {"kind": "unread", "text": "0*42"},
        "+": {"kind": "step", "by": 1},
        "-": {"kind": "step", "by": -1},
        "zeera 500": {"kind": "name", "text": "zeera 500"},
        "जीरा": {"kind": "name", "text": "जीरा"},
        "9876543210": {"kind": "phone", "phone": "9876543210"},
        "+91 9876543210": {"kind": "phone", "phone": "9876543210"},
        "2*9876543210": {"kind": "code", "code": "9876543210", "times": "2000"},
        "#1042": {"kind": "bill", "number": "1042"},
        "#s1/26-27/001042": {"kind": "bill", "number": "S1/26-27/001042"},
        "=12*45+30": {"kind": "sum", "text": "12*45+30"},
        "https://kirana.example/b/aB3-_x/": {"kind": "link", "text": "https://kirana.example/b/aB3-_x/"},
        "ks-12-abcd": {"kind": "card", "text": "KS-12-ABCD"},
        "0.250": {"kind": "number", "text": "0.250"},
        "3*4*5": {"kind": "unread", "text": "3*4*5"},
    }
    read = page.evaluate(
        """async (texts) => { const { read } = await import("/static/js/counter/grammar.js");
        return JSON.parse(JSON.stringify(Object.fromEntries(texts.map((text) => [text, read(text)])),
            (_, value) => (typeof value === "bigint" ? String(value) : value))); }""",
        list(texts),
    )
    assert read == texts


def test_a_code_with_a_wrong_check_digit_is_no_gtin(page):
    codes = {"8901030865275": True, "8901030865278": False, "96385074": True, "96385075": False, "036000291452": True, "12345": False}
    assert (
        page.evaluate(
            """async (codes) => { const { isGtin } = await import("/static/js/counter/grammar.js");
        return Object.fromEntries(codes.map((code) => [code, isGtin(code)])); }""",
            list(codes),
        )
        == codes
    )


def test_rupees_buy_whole_steps_and_never_above_the_mrp(page):
    """(amount, price, step, MRP) in paise and thousandths → thousandths."""
    cases = [
        (2000, 4400, 1, None, 454),
        (2000, 4400, 1, 4400, 455),
        (10500, 5250, 1000, 5250, 2000),
        (1, 99999, 1, None, 0),
        (2000, 0, 1, None, 0),
    ]
    worked = page.evaluate(
        """async (cases) => { const { quantityFor } = await import("/static/js/counter/sums.js");
        return cases.map(([a, p, s, m]) => Number(quantityFor(BigInt(a), BigInt(p), BigInt(s), m === null ? null : BigInt(m)))); }""",
        [case[:4] for case in cases],
    )
    assert worked == [case[4] for case in cases]
