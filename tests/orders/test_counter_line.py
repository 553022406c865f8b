"""One scan, one fragment: it depends on shop, code and prices, and never fails with more than a sentence."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from catalog.barcodes import ean_check_digit, in_store_ean
from shops.models import Role
from smartkirana.dates import shop_today
from tests import factories

CODE = in_store_ean("20", 1)
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def line(shop, client):
    client.force_login(factories.make_member(shop))

    def get(**query):
        answer = client.get(reverse("orders:counter_line", args=[shop.slug]), query, **HTMX)
        assert answer.status_code == 200
        return answer.content.decode()

    return get


def test_a_barcode_answers_one_row_with_its_state_in_inputs(line, shop):
    soap = factories.make_product(shop, "Soap & Co", stock=14, barcodes=[(CODE, 1)])
    row = line(code=CODE)
    assert row.count("<tr") == 1
    for part in (
        f'name="line-product" value="{soap.pk}"',
        'name="line-mrp" value="52.50"',
        'name="line-price" value="52.50"',
        'name="line-quantity" value="1"',
        "Soap &amp; Co",
        'data-left="14 pc"',
    ):
        assert part in row


def test_the_fragment_is_the_same_for_everybody(line, shop, client):
    factories.make_product(shop, stock=14, barcodes=[(CODE, 1)])
    first = line(code=CODE)
    client.force_login(shop.owner)
    assert line(code=CODE) == first


def test_upc_of_twelve_digits_is_the_ean_with_a_zero_before_it(line, shop):
    upc = "03600029145"
    upc += ean_check_digit(upc)
    factories.make_product(shop, stock=1, barcodes=[("0" + upc, 1)])
    assert 'name="line-product"' in line(code=upc)


def test_a_cartons_code_stands_for_its_pieces(line, shop):
    factories.make_product(shop, stock=50, barcodes=[(CODE, Decimal(12))])
    row = line(code=CODE)
    assert 'data-pack="12"' in row
    assert 'name="line-quantity" value="12"' in row


def test_a_plu_of_a_loose_item_awaits_its_weight(line, shop):
    factories.make_product(shop, "Sugar", price="44", mrp=None, cost="38", stock=5, unit="kg", loose=True, plu=42)
    row = line(code="42")
    assert 'class="line await"' in row
    assert 'name="line-quantity" value=""' in row
    assert 'data-ceiling="50"' in row


def test_two_mrps_in_stock_ask_which_first_expiring_first(line, shop):
    soap = factories.make_product(shop, stock=3, barcodes=[(CODE, 1)])
    factories.stock_up(soap, 24, mrp=Decimal("60.00"), price=Decimal("58.00"), expiry=shop_today() + timedelta(days=30))
    chooser = line(code=CODE)
    assert 'class="chooser"' in chooser
    assert chooser.index("MRP 60.00") < chooser.index("MRP 52.50")
    assert chooser.count("<template>") == 2


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (CODE[:-1] + str((int(CODE[-1]) + 1) % 10), "Misread code. Scan again."),
        (in_store_ean("20", 77), "Not in list: 2000…"),
        ("4242", "Not in list: 4242"),
        ("", "Scan something"),
        ("🧂", "Not in list"),
        ("<script>alert(1)</script>", "Not in list: &lt;scr…"),
        ("\x00", "Scan something"),
        ("x" * 500, "Not in list: xxxx…xxx"),
        ("९९९", "Not in list"),
        ("99999", "Not in list: 99999"),
    ],
)
def test_what_cannot_be_sold_is_one_sentence(line, code, sentence):
    answer = line(code=code)
    assert sentence in answer
    assert "<tr" not in answer


def test_expired_goods_are_put_aside(line, shop):
    milk = factories.make_product(shop, "Milk", barcodes=[(CODE, 1)])
    gone = shop_today() - timedelta(days=3)
    factories.stock_up(milk, 5, expiry=gone)
    assert f"Milk expired {gone:%-d %b}. Put aside." in line(code=CODE)
    factories.stock_up(milk, 5, expiry=shop_today())
    assert 'name="line-product"' in line(code=CODE)


def test_goods_off_sale_say_so(line, shop):
    soap = factories.make_product(shop, stock=1, barcodes=[(CODE, 1)])
    soap.is_active = False
    soap.save(update_fields=["is_active"])
    assert "not on sale any more" in line(code=CODE)


def test_nothing_in_stock_is_still_a_line_with_a_mark(line, shop):
    factories.make_product(shop, barcodes=[(CODE, 1)])
    assert "stock 0" in line(code=CODE)


def test_another_shops_goods_are_not_in_the_list(line, shop, other_shop):
    theirs = factories.make_product(other_shop, "Theirs", stock=1, barcodes=[(CODE, 1)], plu=9)
    assert "Not in list" in line(code=CODE)
    assert "Not in list" in line(code="9")
    assert "no longer in the list" in line(product=theirs.pk)


@pytest.mark.parametrize("product", ["", "x", "-1", "1e3", "9" * 40, "\x00"])
def test_a_made_up_product_is_a_sentence(line, product):
    assert "data-refused" in line(product=product)


def test_a_scan_costs_six_queries_whatever_the_stock(line, shop, django_assert_num_queries):
    """Session, person, membership; then the product by its code, its lots, its slabs and offers."""
    soap = factories.make_product(shop, stock=1, barcodes=[(CODE, 1)])
    with django_assert_num_queries(6):
        line(code=CODE)
    for _ in range(10):
        factories.stock_up(soap, 5)
    with django_assert_num_queries(6):
        line(code=CODE)


def test_search_finds_words_in_any_order_and_shows_the_code_to_type(shop, client):
    client.force_login(factories.make_member(shop))
    factories.make_product(shop, "Red Label Tea 500 g", local_name="चाय", plu=12)
    factories.make_product(shop, "Red Label Tea 250 g", is_active=False)
    where = reverse("orders:counter_search", args=[shop.slug])
    found = client.get(where, {"q": "tea red"}, **HTMX).content.decode()
    assert found.count('role="option"') == 1
    assert "<kbd>12</kbd>" in found
    for asked in ("", "r", "\x00", "%", "'; --", "🧂🧂", "x" * 3000):
        assert client.get(where, {"q": asked}, **HTMX).status_code == 200


@pytest.mark.parametrize("name", ["counter_line", "counter_search", "counter_customer", "counter_upi"])
def test_fragments_keep_the_accountant_and_strangers_out(shop, other_shop, client, name):
    where = reverse(f"orders:{name}", args=[shop.slug])
    client.force_login(factories.make_member(shop, Role.ACCOUNTANT))
    assert client.get(where).status_code == 403
    client.force_login(other_shop.owner)
    assert client.get(where).status_code == 404
