"""The page's twin of the price and offer rules, in a real browser: the shared vectors, and random baskets against the server."""

import json
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from django.templatetags.static import static

from catalog.list_prices import as_data as slabs_data
from catalog.list_prices import price_for
from catalog.offer_rules import OfferLine, OfferTerms, as_data, offers_on
from smartkirana.money import money

pytestmark = pytest.mark.django_db
VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "offers.json").read_text(encoding="utf-8"))
BASKETS, SEED = 3000, 20261125

PRICES = """async ([url, money, cases]) => {
  const { priceFor, readSlabs } = await import(url);
  const { paise, milli, plain } = await import(money);
  const figure = (text) => (text === undefined ? null : paise(text));
  return cases.map((one) => plain(priceFor(paise(one.base), readSlabs(JSON.stringify(one.slabs)), milli(one.quantity),
    { mrp: figure(one.mrp), ceiling: figure(one.ceiling) })));
}"""
OFFERS = """async ([url, money, cases]) => {
  const { offersOn, readOffers } = await import(url);
  const { paise, milli, plain } = await import(money);
  return cases.map(({ offers, lines }) => {
    const known = readOffers(JSON.stringify(offers));
    const rows = lines.map((line) => ({
      product: line.product, quantity: milli(line.quantity), price: paise(line.price), gross: paise(line.gross),
      byHand: line.by_hand ?? false,
      offers: line.offers.map((id) => known.find((offer) => offer.id === id)),
    }));
    return offersOn(rows).map(({ discount, offer }) => [plain(discount), offer && offer.id]);
  });
}"""


@pytest.fixture
def ask(page, live_server):
    """Runs a script with the address of a module of ours and the cases; any page of the server serves as its home."""
    page.goto("/sign-in/")

    def run(script, module, cases):
        return page.evaluate(script, [static(f"js/counter/{module}.js"), static("js/counter/money.js"), cases])

    return run


def test_the_page_agrees_with_the_vectors(ask):
    prices = ask(PRICES, "prices", VECTORS["slabs"])
    assert {case["name"]: price for case, price in zip(VECTORS["slabs"], prices, strict=True)} == {
        case["name"]: case["price"] for case in VECTORS["slabs"]
    }
    given = ask(OFFERS, "offers", VECTORS["offers"])
    assert {case["name"]: gives for case, gives in zip(VECTORS["offers"], given, strict=True)} == {
        case["name"]: case["gives"] for case in VECTORS["offers"]
    }


def test_the_page_and_the_server_agree_on_random_prices(ask):
    random = Random(SEED)
    cases = [random_price(random) for _ in range(BASKETS)]
    expected = [f"{price_for(*case[:4], ceiling=case[4]):.2f}" for case in cases]
    assert ask(PRICES, "prices", [price_case(*case) for case in cases]) == expected


def test_the_page_and_the_server_agree_on_random_baskets(ask):
    random = Random(SEED)
    baskets = [random_basket(random) for _ in range(BASKETS)]
    expected = [[[f"{one.discount:.2f}", one.offer and one.offer.id] for one in offers_on(lines)] for _, lines in baskets]
    assert sum(bool(offer) for basket in expected for _, offer in basket) > BASKETS, "the baskets must meet offers"
    given = ask(OFFERS, "offers", [basket_case(offers, lines) for offers, lines in baskets])
    wrong = [(basket_case(*basket), got, want) for basket, got, want in zip(baskets, given, expected, strict=True) if got != want]
    assert not wrong, wrong[:2]


# --- chance ---------------------------------------------------------------------------------------------------
def rupees_between(random, most) -> Decimal:
    return Decimal(random.randint(1, most)) / 100


def units(random, *, whole: bool) -> Decimal:
    return Decimal(random.randint(1, 9)) if whole else Decimal(random.randint(1, 6000)) / 1000


def random_price(random):
    slabs = [(units(random, whole=random.random() < 0.5), rupees_between(random, 9999)) for _ in range(random.randint(0, 4))]
    slabs = list(dict(slabs).items())
    mrp, ceiling = (rupees_between(random, 9999) if random.random() < 0.5 else None for _ in "ab")
    return rupees_between(random, 9999), slabs, units(random, whole=False), mrp, ceiling


def price_case(base, slabs, quantity, mrp, ceiling):
    limits = {name: f"{limit}" for name, limit in (("mrp", mrp), ("ceiling", ceiling)) if limit is not None}
    return {"base": f"{base}", "slabs": slabs_data(slabs), "quantity": f"{quantity}", **limits}


def random_offer(random, number) -> OfferTerms:
    kind = random.choice(["percent", "amount", "buy_get", "combo", "combo"])
    if kind == "percent":
        return OfferTerms(number, kind, percent=Decimal(random.choice(["2.5", "5", "10", "33.33", "50", "100"])))
    if kind == "amount":
        return OfferTerms(number, kind, amount=rupees_between(random, 1500))
    if kind == "buy_get":
        return OfferTerms(number, kind, buy=Decimal(random.randint(1, 3)), get=Decimal(random.choice(["1", "2", "0.5"])))
    goods = random.sample(range(1, 6), random.randint(1, 3))
    parts = tuple((product, units(random, whole=random.random() < 0.7)) for product in goods)
    return OfferTerms(number, kind, price=rupees_between(random, 9000), parts=parts)


def random_line(random, offers) -> OfferLine:
    product, whole = random.randint(1, 5), random.random() < 0.7
    quantity, price = units(random, whole=whole), random.choice([rupees_between(random, 6000), Decimal("20.00")])
    gross = money(quantity * price) + (Decimal("0.01") if not whole and random.random() < 0.2 else 0)
    fit = [offer for offer in offers if offer.kind == "combo" or (offer.id + product) % 2]
    fit = [offer for offer in fit if offer.kind != "combo" or product in dict(offer.parts)]
    return OfferLine(product, quantity, price, gross, fit, by_hand=random.random() < 0.1)


def random_basket(random):
    offers = [random_offer(random, number) for number in random.sample(range(1, 20), random.randint(1, 5))]
    return offers, [random_line(random, offers) for _ in range(random.randint(1, 7))]


def basket_case(offers, lines):
    def row(line):
        figures = {name: f"{getattr(line, name)}" for name in ("quantity", "price", "gross")}
        return {"product": line.product, "offers": [offer.id for offer in line.offers], "by_hand": line.by_hand, **figures}

    return {"offers": [as_data(offer) for offer in offers], "lines": [row(line) for line in lines]}
