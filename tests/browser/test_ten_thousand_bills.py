"""Ten thousand random bills: the page's arithmetic, the server's and the books come to the same paisa."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from uuid import uuid4

import pytest
from django.templatetags.static import static

from catalog.list_prices import price_for
from catalog.off import parse_off
from catalog.offer_rules import OfferLine, from_data, offers_on
from catalog.offers.services import OfferDetails, save_offer
from catalog.prices.services import set_prices
from ledger import chart, checks
from ledger.models import Posting
from orders.bill import BillLine, Tender
from orders.models import Order
from orders.pricing import BillTotals, LineIn, PricingError, price_bill
from orders.services import place_order
from smartkirana.dates import shop_today
from tests import factories
from tests.browser import random_bills as made
from tests.proofs import share

pytestmark = pytest.mark.django_db
D = Decimal
BILLS, AT_ONCE, PLACED = share(10_000, part=5), 1000, share(300, part=5)

# The page's own modules on rows as the server draws them, put together as refresh() of bill.js does.
PAGE = """async ([folder, goods, offers, bills]) => {
  const [{ paise, plain, quantity }, { NOTHING, billSums, quantityFor, readOff }, { offersOn }, r] =
    await Promise.all(["money", "sums", "offers", "row"].map((name) => import(`${folder}${name}.js`)));
  const shelf = goods.map(({ number, price, slabs, decimals, mrp }) => ({
    mrp,
    data: { base: price, slabs: JSON.stringify(slabs), decimals, offers: JSON.stringify(offers.filter(({ on }) => on.includes(number))) },
  }));
  const blank = document.createElement("tr");
  for (const name of ["product", "mrp", "quantity", "price", "amount", "rate", "off"])
    blank.append(Object.assign(document.createElement("input"), { name: `line-${name}` }));
  const rowOf = ({ good, quantity: typed, amount, rate, off }) => {
    const row = blank.cloneNode(true);
    const { mrp, data } = shelf[good];
    Object.assign(row.dataset, data);
    [good, mrp, typed, "", amount, rate, off].forEach((value, n) => { row.children[n].value = value; });
    r.putListPrice(row);
    if (amount) r.put(row, "quantity", quantity(quantityFor(paise(amount), r.priceOf(row), r.stepIn(row), r.mrpOf(row))));
    return row;
  };
  const signed = (amount) => (amount < 0n ? "-" : "") + plain(amount < 0n ? -amount : amount);
  return bills.map((bill) => {
    const rows = bill.lines.map(rowOf);
    const taken = offersOn(rows.map(r.offerLineOf));
    const each = rows.map((row, n) => ({ ...r.lineOf(row), offer: taken[n].discount }));
    const sums = billSums(each, readOff(bill.discount) ?? NOTHING, bill.rounding);
    return {
      lines: sums.lines.map(({ gross, offer, net }, n) =>
        [quantity(r.quantityOf(rows[n])), ...[r.priceOf(rows[n]), gross, offer, net].map(plain)]),
      sum: plain(sums.sum), discount: plain(sums.discount), total: plain(sums.total), round: signed(sums.round), saved: signed(sums.saved),
    };
  });
}"""


@pytest.fixture(scope="module")
def world():
    return made.world(BILLS)


@pytest.fixture
def page_says(page, live_server):
    """The page's sums of bills; any page of the server serves as the modules' home."""
    page.goto("/sign-in/")
    folder = static("js/counter/")

    def ask(goods, offers, bills) -> list[dict]:
        shown = [{**offer, "parts": parts(offer)} for offer in offers]
        return page.evaluate(PAGE, [folder, goods, shown, bills])

    return ask


def parts(offer: dict) -> list:
    return [[good, "1"] for good in offer["on"]] if offer["kind"] == "combo" else []


# --- the server's rules --------------------------------------------------------------------------------------------
class Server:
    """The same bills through the server's own pure functions."""

    def __init__(self, goods: list[dict], offers: list[dict]) -> None:
        self.goods = goods
        terms = [(offer["on"], from_data({**offer, "parts": parts(offer)})) for offer in offers]
        self.offers = [tuple(one for on, one in terms if good["number"] in on) for good in goods]

    def lines(self, bill: dict) -> list[LineIn]:
        drawn = [self._offer_line(line) for line in bill["lines"]]
        given = offers_on(drawn)
        return [self._line_in(*row) for row in zip(bill["lines"], drawn, given, strict=True)]

    def _offer_line(self, line: dict) -> OfferLine:
        good = self.goods[line["good"]]
        base, mrp, rate = D(good["price"]), D(good["mrp"]) if good["mrp"] else None, D(line["rate"]) if line["rate"] else None
        slabs = [(D(least), D(price)) for least, price in good["slabs"]]
        listed = base if line["amount"] else price_for(base, slabs, D(line["quantity"]), mrp)
        price = rate or listed
        count = made.quantity_for(D(line["amount"]), price) if line["amount"] else D(line["quantity"])
        gross = D(line["amount"]) if line["amount"] else made.half_up(count * price)
        return OfferLine(good["number"], count, price, gross, self.offers[good["number"]], by_hand=price != listed)

    def _line_in(self, line: dict, drawn: OfferLine, given) -> LineIn:
        rate = made.RATES[self.goods[line["good"]]["gst"]]
        amount = D(line["amount"]) if line["amount"] else None
        return LineIn(
            drawn.quantity, drawn.price, rate, line_discount=parse_off(line["off"]), amount=amount, offer=given.discount, taxed=rate != "0"
        )

    def bill(self, bill: dict) -> tuple[list[LineIn], BillTotals] | None:
        """None for what the server refuses: a discount above its line or its bill, goods too little to be sold."""
        lines = self.lines(bill)
        try:
            totals = price_bill(
                lines, bill_discount=parse_off(bill["discount"]), inter_state=bill["other_state"], rounding=bill["rounding"]
            )
        except PricingError:
            return None
        return lines, totals


def in_words(lines: list[LineIn], totals: BillTotals) -> dict:
    """What the page would say, of what the server worked out."""
    rows = [
        [
            f"{one.quantity.normalize():f}",
            f"{one.price:.2f}",
            f"{priced.gross:.2f}",
            f"{one.offer:.2f}",
            f"{priced.gross - priced.discount:.2f}",
        ]
        for one, priced in zip(lines, totals.lines, strict=True)
    ]
    shares = sum(one.bill_discount for one in totals.lines)
    net = sum(one.net for one in totals.lines)
    return {
        "lines": rows,
        "sum": f"{net + shares:.2f}",
        "discount": f"{shares:.2f}",
        "total": f"{totals.total:.2f}",
        "round": f"{totals.round_off:.2f}",
    }


def test_ten_thousand_bills_come_to_the_same_on_the_page_and_on_the_server(page_says, world):
    goods, offers, bills = world
    server, refused, met = Server(goods, offers), 0, defaultdict(int)
    for start in range(0, BILLS, AT_ONCE):
        some = bills[start : start + AT_ONCE]
        for bill, shown in zip(some, page_says(goods, offers, some), strict=True):
            priced = server.bill(bill)
            if priced is None:
                refused += 1
                continue
            lines, totals = priced
            assert {**in_words(lines, totals), "saved": shown["saved"]} == shown, bill
            adds_up(totals)
            count_kinds(met, bill, lines, totals)
    assert refused < BILLS // 10
    assert all(
        met[kind] > BILLS // 20 for kind in ("amount", "rate", "line discount", "bill discount", "offer", "other state", "weight")
    ), met


def adds_up(totals: BillTotals) -> None:
    """Value and tax of the lines are the bill's, and with the round-off what is paid."""
    assert totals.total == totals.taxable + totals.tax + totals.round_off
    assert totals.gross - totals.discount == totals.taxable + totals.tax
    assert totals.tax == sum(line.tax.tax for line in totals.lines)
    assert all(line.tax.cgst == line.tax.sgst for line in totals.lines)


def count_kinds(met, bill: dict, lines: list[LineIn], totals: BillTotals) -> None:
    met["amount"] += any(line["amount"] for line in bill["lines"])
    met["rate"] += any(line["rate"] for line in bill["lines"])
    met["line discount"] += any(line["off"] for line in bill["lines"])
    met["weight"] += any(line.quantity % 1 for line in lines)
    met["bill discount"] += bool(bill["discount"])
    met["offer"] += any(line.offer for line in lines)
    met["other state"] += bill["other_state"]


# --- the books -----------------------------------------------------------------------------------------------------
@pytest.fixture
def shelf(shop, world) -> list:
    """The goods as products of a shop that may sell what it does not have; quantity prices and offers with them."""
    goods, offers, _ = world
    products = [
        factories.make_product(
            shop,
            good["name"],
            price=good["price"],
            mrp=good["mrp"] or None,
            cost="0.40",
            gst=good["gst"],
            stock=100,
            **({"unit": "kg", "loose": True} if good["decimals"] else {}),
        )
        for good in goods
    ]
    for product, good in zip(products, goods, strict=True):
        set_prices(by=shop.owner, product=product, price_list=None, steps=[(D(least), D(price)) for least, price in good["slabs"]])
    for offer in offers:
        save_offer(shop=shop, by=shop.owner, details=details(offer, products))
    return products


def details(offer: dict, products: list) -> OfferDetails:
    figures = {name: D(offer[name]) for name in ("percent", "amount", "buy", "get", "price") if name in offer}
    of = {"parts": [(products[n], D(1)) for n in offer["on"]]} if offer["kind"] == "combo" else {"product": products[offer["on"][0]]}
    return OfferDetails(name=offer["name"], kind=offer["kind"], first_day=shop_today(), **figures, **of)


def test_three_hundred_of_them_are_sold_and_stand_in_the_books_as_the_page_said(page_says, world, shop, shelf):
    goods, offers, bills = world
    server = Server(goods, offers)
    some = [bill for bill in bills[: PLACED * 2] if server.bill(bill)][:PLACED]
    buyers = {True: factories.make_customer(shop, "Far", state_code="29"), False: None}
    shown = page_says(goods, offers, some)
    for bill, said in zip(some, shown, strict=True):
        order = sell(shop, shelf, bill, D(said["total"]), buyers[bill["other_state"]])
        assert (order.total, order.round_off, order.saved) == (D(said["total"]), D(said["round"]), D(said["saved"])), bill
        assert [line.total + line.bill_discount for line in order.lines.order_by("line_no")] == [D(row[4]) for row in said["lines"]], bill
        assert booked(order) == {code: amount for code, amount in due(order).items() if amount}, bill
    assert {rule.name: found for rule, found in checks.run([shop.pk]) if found} == {}
    cash = Posting.objects.filter(shop=shop, account__code="1001")
    assert sum(one.debit - one.credit for one in cash) == sum(D(said["total"]) for said in shown)


def sell(shop, shelf, bill: dict, total: Decimal, buyer) -> Order:
    if shop.rounding != bill["rounding"]:
        shop.rounding = bill["rounding"]
        shop.save(update_fields=["rounding"])
    return place_order(
        shop=shop,
        counter=shop.counters.first(),
        cashier=shop.owner,
        lines=[bill_line(shelf[line["good"]], line) for line in bill["lines"]],
        payments=[Tender("cash", None)],
        request_key=uuid4(),
        shown_total=total,
        customer=buyer,
        bill_discount=parse_off(bill["discount"]),
    )


def bill_line(product, line: dict) -> BillLine:
    """As the page posts it: what an amount buys is worked out there."""
    amount, rate = (D(line[name]) if line[name] else None for name in ("amount", "rate"))
    count = D(line["quantity"]) if amount is None else made.quantity_for(amount, rate or product.price)
    return BillLine(product.pk, count, amount=amount, rate=rate, discount=parse_off(line["off"]))


def booked(order) -> dict[str, Decimal]:
    """What the bill's entry put on each account, debit minus credit; goods and their cost aside."""
    rows = Posting.objects.filter(shop=order.shop, entry__source_kind="order", entry__source_id=order.events.get().pk)
    return {row.account.code: row.debit - row.credit for row in rows.select_related("account") if row.account.code not in ("1003", "5001")}


def due(order) -> dict[str, Decimal]:
    """What it should have: from the bill's lines, not from its own sums."""
    lines = list(order.lines.all())
    tax = {name: sum((getattr(line, name) for line in lines), D(0)) for name in ("cgst", "sgst", "igst")}
    taxed = sum((line.total - line.cgst - line.sgst - line.igst for line in lines if line.rate), D(0))
    exempt = sum((line.total for line in lines if not line.rate), D(0))
    codes = {chart.SALES_TAXABLE: taxed, chart.SALES_EXEMPT: exempt, chart.ROUND_OFF: order.round_off}
    codes |= {chart.OUTPUT_CGST: tax["cgst"], chart.OUTPUT_SGST: tax["sgst"], chart.OUTPUT_IGST: tax["igst"]}
    return {chart.CASH: order.total} | {code: -amount for code, amount in codes.items()}
