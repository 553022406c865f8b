"""Paying: one POST makes one bill, or says in a sentence why not and writes nothing."""

import json
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orders.errors import OrderError
from shops.models import Role, Shop
from shops.services import add_counter
from tests import factories
from tests.orders.test_counter_page import lines_of

HTMX = {"HTTP_HX_REQUEST": "true"}
D = Decimal


@pytest.fixture
def soap(shop):
    """₹52.50, 100 in stock."""
    return factories.make_product(shop, stock=100)


@pytest.fixture
def pay(shop, client):
    client.force_login(factories.make_member(shop))

    def post(*rows, htmx=True, **fields):
        data = {"key": str(uuid4()), "counter": shop.counters.first().pk, "exact": "cash", **lines_of(*rows), **fields}
        headers = HTMX if htmx else {}
        return client.post(reverse("orders:counter_pay", args=[shop.slug]), data, **headers)

    return post


def refused(answer, sentence, shop):
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not shop.orders.exists()
    return True


def test_exact_cash_sells_and_tells_the_page(pay, shop, soap):
    answer = pay((soap, "2"), total="105.00")
    order = shop.orders.get()
    assert (order.total, order.payments.get().method) == (D("105.00"), "cash")
    assert order.counter == shop.counters.get()
    assert soap.lots.get().on_hand == 98
    told = json.loads(answer["HX-Trigger-After-Swap"])["bill:saved"]
    assert told == {"key": str(order.request_key), "number": order.bill_number, "again": False}
    assert order.bill_number in answer.content.decode()


def test_cash_above_the_bill_gives_change(pay, shop, soap):
    answer = pay((soap, "2"), **{"total": "105.00", "exact": "", "pay-cash": "500"})
    paid = shop.orders.get().payments.get()
    assert (paid.amount, paid.tendered, paid.change) == (D(105), D(500), D(395))
    assert "395.00" in answer.content.decode()


def test_upi_and_cash_split(pay, shop, soap):
    pay((soap, "2"), **{"total": "105.00", "exact": "", "pay-cash": "55", "pay-upi": "50", "reference-upi": "T1 ☕"})
    assert set(shop.orders.get().payments.values_list("method", "amount", "reference")) == {("cash", D(55), ""), ("upi", D(50), "T1 ☕")}


@pytest.mark.parametrize(("mark", "state"), [("", "claimed"), ("shown", "claimed"), ("claimed", "claimed"), ("seen", "seen")])
def test_the_mark_on_the_upi_payment_is_kept_and_seen_money_is_seen(pay, shop, soap, mark, state):
    fields = {"total": "105.00", "exact": "", "pay-cash": "35", "pay-upi": "50", "pay-card": "20", "upi-mark": mark, "key": str(uuid4())}
    for _ in range(2):
        text = pay((soap, "2"), **fields).content.decode()
        assert ("✓ seen" in text) is (state == "seen")
    kept = {p.method: (p.mark, p.state) for p in shop.orders.get().payments.all()}
    assert kept == {"cash": ("", "seen"), "upi": (mark, state), "card": ("", "claimed")}
    assert shop.payment_events.count() == (state == "seen")


@pytest.mark.parametrize("mark", ["SEEN", "failed", "x" * 500, "seen\x00", "🧂"])
def test_a_mark_nobody_knows_is_refused(pay, shop, soap, mark):
    assert refused(pay((soap, "2"), **{"exact": "", "pay-upi": "105", "upi-mark": mark}), "cannot be read", shop)


def test_a_marked_payment_that_cannot_be_seen_just_now_stays_a_claim(pay, shop, soap, monkeypatch):
    def busy(**told):
        raise OrderError("busy", "Press again.")

    monkeypatch.setattr("orders.payments.mark_seen", busy)
    answer = pay((soap, "2"), **{"total": "105.00", "exact": "", "pay-upi": "105", "upi-mark": "seen"})
    assert answer.status_code == 200
    assert shop.payments.get().state == "claimed"


def test_khata_of_a_customer(pay, shop, soap):
    asha = factories.make_customer(shop, credit_limit=D(200))
    pay((soap, "2"), **{"total": "105.00", "exact": "", "pay-khata": "105", "customer": asha.pk})
    asha.refresh_from_db()
    assert asha.outstanding == D(105)
    again = pay((soap, "2"), **{"total": "105.00", "exact": "", "pay-khata": "105", "customer": asha.pk})
    assert again.status_code == 422
    assert "limit" in again.content.decode()
    assert shop.orders.count() == 1


def test_the_same_key_again_answers_the_first_bill(pay, shop, soap):
    key = str(uuid4())
    pay((soap, "2"), key=key, total="105.00")
    again = pay((soap, "3"), key=key, total="158.00")
    assert "Already saved" in again.content.decode()
    assert json.loads(again["HX-Trigger-After-Swap"])["bill:saved"]["again"] is True
    assert shop.orders.count() == 1
    assert soap.lots.get().on_hand == 98


def test_loose_goods_and_an_mrp_of_choice(pay, shop):
    soap = factories.make_product(shop, stock=3)
    factories.stock_up(soap, 5, mrp=D("60.00"), price=D("58.00"))
    sugar = factories.make_product(shop, "Sugar", price="44", mrp=None, cost="38", stock=5, unit="kg", loose=True)
    pay((soap, "1", "60.00", "58.00"), (sugar, "1.250"), total="113.00")
    assert set(shop.orders.get().lines.values_list("quantity", "mrp", "total")) == {(D(1), D(60), D(58)), (D("1.250"), None, D(55))}


@pytest.mark.parametrize(
    ("quantity", "sentence"),
    [
        ("", "Line 1 has no quantity yet"),
        ("0", "above zero"),
        ("-1", "above zero"),
        ("1.2345", "at most 3 decimals"),
        ("1.5", "whole numbers only"),
        ("NaN", "above zero"),
        ("Infinity", "above zero"),
        ("1e3", "above zero"),
        ("1,000", "above zero"),
        ("२", "above zero"),
        ("🧂", "above zero"),
        ("99999999", "too large"),
        ("9" * 400, "above zero"),
        ("1\x00", "above zero"),
    ],
)
def test_a_bad_quantity_is_a_sentence(pay, shop, soap, quantity, sentence):
    assert refused(pay((soap, quantity)), sentence, shop)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"key": ""}, "out of order"),
        ({"key": "1 OR 1=1"}, "out of order"),
        ({"counter": ""}, "nobody can read"),
        ({"counter": "999999"}, "not in use"),
        ({"customer": "999999"}, "not in the shop"),
        ({"customer": "x"}, "nobody can read"),
        ({"total": "104.00"}, "comes to ₹105.00, not ₹104.00"),
        ({"total": "NaN"}, "no amount"),
        ({"total": "9" * 40}, "no amount"),
        ({"total": "105.00", "exact": "", "pay-cash": "100"}, "Payments come to ₹100"),
        ({"total": "105.00", "exact": ""}, "Payments come to"),
        ({"total": "105.00", "exact": "", "pay-upi": "200"}, "Payments come to ₹200"),
        ({"total": "105.00", "exact": "", "pay-upi": "105", "pay-cash": "50"}, "cover the bill"),
        ({"total": "105.00", "exact": "", "pay-upi": "-105"}, "no amount"),
        ({"total": "105.00", "exact": "", "pay-card": "105.001"}, "no amount"),
        ({"total": "105.00", "exact": "", "pay-khata": "105"}, "Khata needs a customer"),
    ],
)
def test_bad_fields_are_sentences(pay, shop, soap, fields, sentence):
    assert refused(pay((soap, "2"), **fields), sentence, shop)


@pytest.mark.parametrize("product", ["", "x", "-5", "0", "9" * 18, "9" * 40, "1.5", "\x00"])
def test_a_made_up_product_is_a_sentence(pay, shop, product):
    assert refused(pay((product, "1", "", "")), "", shop)


def test_another_shops_product_customer_and_counter_are_refused(pay, shop, soap, other_shop):
    theirs = factories.make_product(other_shop, "Theirs", stock=5)
    assert refused(pay((theirs, "1")), "not on sale here", shop)
    assert refused(pay((soap, "1"), customer=factories.make_customer(other_shop).pk), "not in the shop", shop)
    assert refused(pay((soap, "1"), counter=other_shop.counters.get().pk), "not in use", shop)


def test_a_price_changed_since_the_scan_is_refused(pay, shop, soap):
    assert refused(pay((soap, "1", "52.50", "40.00")), "now costs ₹52.50", shop)
    assert refused(pay((soap, "1", "99.00", "52.50")), "not in stock. Scan it again", shop)


def test_an_empty_bill_is_refused(pay, shop):
    assert refused(pay(), "The bill is empty", shop)


def test_lists_of_different_length_are_refused(pay, shop, soap):
    assert refused(pay((soap, "1"), **{"line-price": []}), "part of the bill is missing", shop)


@pytest.mark.parametrize("lines", [501, 10_000, 30_000])
def test_a_monstrous_bill_is_refused_in_words(pay, shop, soap, lines):
    assert refused(pay(*[(soap, "1")] * lines), "at most 500 lines", shop)


def test_not_enough_stock_follows_the_shops_policy(pay, shop, soap):
    Shop.objects.filter(pk=shop.pk).update(stock_policy="block")
    assert refused(pay((soap, "101")), "100", shop)
    Shop.objects.filter(pk=shop.pk).update(stock_policy="warn")
    assert pay((soap, "101")).status_code == 200


def test_a_refusal_goes_to_the_message_line_and_leaves_the_bill(pay, shop, soap):
    answer = pay((soap, "0"))
    assert answer["HX-Retarget"] == "#say"
    assert "line-product" not in answer.content.decode()


def test_without_javascript_paying_comes_back_to_an_empty_counter(pay, shop, soap, client):
    answer = pay((soap, "2"), htmx=False, total="")
    assert answer.url == reverse("orders:counter", args=[shop.slug])
    order = shop.orders.get()
    assert order.payments.get().amount == D("105.00")
    assert order.bill_number in client.get(answer.url).content.decode()


def test_without_javascript_a_refused_bill_shows_its_lines_again(pay, shop, soap):
    key = str(uuid4())
    answer = pay((soap, "2"), htmx=False, total="1.00", key=key)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert page.count('name="line-product"') == 1
    assert key in page
    assert "comes to ₹105.00" in page


def test_without_javascript_and_without_a_chosen_counter_the_reason_is_told(pay, shop, soap):
    add_counter(shop=shop, name="Milk window", code="M1")
    answer = pay((soap, "2"), htmx=False, total="1.00")
    assert refused(answer, "comes to ₹105.00", shop)


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ("line-product", "part of the bill is missing"),
        ("line-quantity", "part of the bill is missing"),
        ("line-mrp", "part of the bill is missing"),
        ("line-price", "part of the bill is missing"),
        ("key", "out of order"),
        ("counter", "nobody can read"),
        ("customer", "nobody can read"),
        ("total", "no amount"),
        ("pay-cash", "no amount"),
        ("pay-upi", "no amount"),
        ("pay-khata", "no amount"),
    ],
)
def test_a_field_sent_twice_sells_nothing_by_half(pay, shop, soap, field, sentence):
    """Of two values the last one counts; a nonsense one refuses the bill, it is never skipped for the good one."""
    right = {"line-product": soap.pk, "line-quantity": "2", "line-mrp": "52.50", "line-price": "52.50", "key": str(uuid4()),
             "counter": shop.counters.get().pk, "customer": "", "total": "105.00", "pay-cash": "105",
             "pay-upi": "", "pay-khata": ""}  # fmt: skip
    assert refused(pay((soap, "2"), **{**right, "exact": "", field: [right[field], "²"]}), sentence, shop)


@pytest.mark.parametrize("amount", ["100000000", "999999999.99", "9" * 30, "1e9", "-0.01", "0.001", "Infinity", "12,34", "१०५", "²"])
@pytest.mark.parametrize("method", ["cash", "upi", "card", "bank", "khata"])
def test_absurd_amounts_pay_nothing(pay, shop, soap, method, amount):
    asha = factories.make_customer(shop)
    answer = pay((soap, "2"), **{"total": "105.00", "exact": "", f"pay-{method}": amount, "customer": asha.pk})
    assert refused(answer, "", shop)
    asha.refresh_from_db()
    assert asha.outstanding == 0


def test_get_is_not_allowed_and_accountant_and_strangers_stay_out(shop, other_shop, client):
    where = reverse("orders:counter_pay", args=[shop.slug])
    client.force_login(shop.owner)
    assert client.get(where).status_code == 405
    client.force_login(factories.make_member(shop, Role.ACCOUNTANT))
    assert client.post(where).status_code == 403
    client.force_login(other_shop.owner)
    assert client.post(where).status_code == 404


def test_queries_are_constant_in_the_number_of_lines(pay, shop):
    products = [factories.make_product(shop, f"Soap {n}", stock=5) for n in range(21)]
    counts = []
    for some in (products[:1], products[1:]):
        with CaptureQueriesContext(connection) as seen:
            assert pay(*((p, "1") for p in some)).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
