"""A scale's label at the counter: one scan makes the whole line, by weight, by amount or by pieces; and the page that tries labels out."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from catalog.barcodes import ean_check_digit, in_store_ean
from catalog.labels.presets import PRESETS, preset
from catalog.labels.reading import label_of
from catalog.labels.services import add_format, change_format
from orders.counter_selectors import look_up
from orders.errors import OrderError, UnknownCode
from smartkirana.dates import shop_today
from tests import factories

HTMX = {"HTTP_HX_REQUEST": "true"}
MAKERS = "890123456789" + ean_check_digit("890123456789")
SUGAR = {"price": "44", "mrp": None, "cost": "38", "unit": "kg", "loose": True, "plu": 42}


@pytest.fixture
def formats(shop):
    return {one.key: add_format(shop=shop, **one.fields()) for one in PRESETS}


@pytest.fixture
def sugar(shop):
    return factories.make_product(shop, "Sugar", stock=50, **SUGAR)


def label(key, item, value) -> str:
    return label_of(preset(key), item, Decimal(value))


def row(shop, key, item, value):
    return look_up(shop, label(key, item, value))[0]


def refused(shop, key, item, value) -> OrderError:
    with pytest.raises(OrderError) as refusal:
        look_up(shop, label(key, item, value))
    return refusal.value


# --- by weight ----------------------------------------------------------------------------------------------------
def test_a_weight_label_is_a_line_with_that_weight(shop, formats, sugar):
    found = row(shop, "grams", 42, "1.250")
    assert (found.product, found.quantity, found.pack, found.amount_given) == (sugar, Decimal("1.250"), Decimal("1.250"), None)
    assert not found.awaited
    assert found.amount == Decimal("55.00")


@pytest.mark.parametrize(("unit", "quantity"), [("kg", "1.250"), ("g", "1250"), ("l", "1.250"), ("ml", "1250")])
def test_the_weight_is_told_in_the_products_own_unit(shop, formats, unit, quantity):
    factories.make_product(shop, "Thing", **SUGAR | {"unit": unit})
    assert row(shop, "grams", 42, "1.250").quantity == Decimal(quantity)


@pytest.mark.parametrize(("unit", "word"), [("pc", "piece"), ("dozen", "dozen"), ("pack", "packet")])
def test_what_is_sold_whole_has_no_weight(shop, formats, unit, word):
    factories.make_product(shop, "Soap", plu=42, unit=unit)
    assert refused(shop, "grams", 42, "1.250").message == f"Soap is sold by the {word}, not by weight. Scan its own code"


def test_a_label_of_nothing_is_weighed_again(shop, formats, sugar):
    for key in ("grams", "paise", "pieces"):
        assert refused(shop, key, 42, "0").message == "The label of Sugar says 0. Weigh it again"


# --- by amount ----------------------------------------------------------------------------------------------------
def test_a_price_label_is_a_line_of_exactly_that_amount(shop, formats, sugar):
    found = row(shop, "paise", 42, "20.00")
    assert (found.quantity, found.amount_given, found.amount) == (Decimal("0.454"), Decimal("20.00"), Decimal("20.00"))
    assert found.code == "", "a second such label is a line of its own"


def test_with_an_mrp_the_amount_stays_within_it(shop, formats):
    factories.make_product(shop, "Ghee", stock=5, **SUGAR | {"mrp": "44"})
    assert row(shop, "paise", 42, "20.00").quantity == Decimal("0.455")


def test_goods_sold_whole_may_carry_a_price_label_of_whole_pieces(shop, formats):
    factories.make_product(shop, "Soap", plu=42)
    assert row(shop, "paise", 42, "105.00").quantity == 2
    assert refused(shop, "paise", 42, "100.00").message == "₹100.00 is no whole number of Soap at ₹52.50."


def test_too_small_an_amount_is_a_sentence(shop, formats):
    factories.make_product(shop, "Saffron", **SUGAR | {"price": "345", "unit": "g"})
    assert refused(shop, "paise", 42, "1.00").message == "₹1.00 is too little for any of it."


# --- by pieces ----------------------------------------------------------------------------------------------------
def test_a_label_of_pieces_is_that_many(shop, formats):
    factories.make_product(shop, "Samosa", plu=42)
    assert row(shop, "pieces", 42, "6").quantity == 6


def test_pieces_of_what_is_weighed_are_refused(shop, formats, sugar):
    assert refused(shop, "pieces", 42, "6").message == "Sugar is sold by the kilogram; its label counts pieces. Print it by weight or price"


# --- whose label it is ----------------------------------------------------------------------------------------------
def test_the_item_is_a_plu_first_then_a_barcode_then_an_sku(shop, formats):
    by_sku = factories.make_product(shop, "By SKU", **SUGAR | {"plu": None, "sku": "00042"})
    assert row(shop, "grams", 42, "1").product == by_sku
    by_code = factories.make_product(shop, "By code", **SUGAR | {"plu": None}, barcodes=[("2100042", 1)])
    assert row(shop, "grams", 42, "1").product == by_code
    by_plu = factories.make_product(shop, "By PLU", **SUGAR)
    assert row(shop, "grams", 42, "1").product == by_plu


def test_an_unknown_item_is_named_with_its_number(shop, formats, other_shop):
    factories.make_product(other_shop, "Theirs", **SUGAR | {"plu": 123})
    refusal = refused(shop, "grams", 123, "1.250")
    assert isinstance(refusal, UnknownCode)
    assert refusal.message == "Label’s item 00123 is not in the list"
    assert refusal.unknown == label("grams", 123, "1.250")


def test_a_code_of_the_list_goes_before_any_format(shop, formats, sugar):
    own = label("grams", 42, "1.250")
    cake = factories.make_product(shop, "Cake", stock=3, barcodes=[(own, 1)])
    assert look_up(shop, own)[0].product == cake


def test_the_first_format_that_fits_ends_the_search(shop, sugar):
    add_format(shop=shop, **preset("paise").fields() | {"prefix": "21"})
    narrow = add_format(shop=shop, **preset("grams").fields() | {"prefix": "210", "item_digits": 4})
    code = label_of(narrow, 42, Decimal("1.25"))
    assert look_up(shop, code)[0].amount_given == Decimal("12.50"), "taken for a price"
    change_format(label_format=shop.label_formats.get(prefix="21"), is_active=False)
    assert look_up(shop, code)[0].quantity == Decimal("1.25")


def refused_code(shop, code) -> str:
    with pytest.raises(OrderError) as refusal:
        look_up(shop, code)
    return refusal.value.code


def test_a_misread_label_says_so(shop, formats, sugar):
    good = label("grams", 42, "1.250")
    assert refused_code(shop, good[:-1] + str((int(good[-1]) + 1) % 10)) == "misread"
    printed = label("paise-checked", 42, "84.50")
    body = printed[:6] + str((int(printed[6]) + 1) % 10) + printed[7:12]
    assert refused_code(shop, body + ean_check_digit(body)) == "misread", "the price's own check digit"


def test_without_formats_such_a_code_is_not_in_the_list(shop, sugar):
    assert refused_code(shop, label("grams", 42, "1.250")) == "not_in_list"


def test_a_twelve_digit_label_is_read_as_well(shop, formats, sugar):
    assert look_up(shop, label("upc", 42, "20.00")[1:])[0].amount_given == Decimal("20.00")


def test_two_mrps_are_asked_for_labels_too(shop, formats):
    ghee = factories.make_product(shop, "Ghee", stock=5, **SUGAR | {"mrp": "50"})
    factories.stock_up(ghee, 5, mrp=Decimal(60), price=Decimal(55))
    assert [(one.choice.price, one.quantity) for one in look_up(shop, label("paise", 42, "110.00"))] == [
        (Decimal("44.00"), Decimal("2.5")),
        (Decimal("55.00"), Decimal("2")),
    ]


# --- the fragment -------------------------------------------------------------------------------------------------
@pytest.fixture
def line(shop, client):
    client.force_login(factories.make_member(shop))
    where = reverse("orders:counter_line", args=[shop.slug])
    return lambda code: client.get(where, {"code": code}, **HTMX).content.decode()


def test_the_row_carries_the_amount_beside_the_quantity(line, formats, sugar):
    said = line(label("paise", 42, "20.00"))
    assert 'name="line-amount" value="20.00"' in said
    assert 'name="line-quantity" value="0.454"' in said
    assert 'name="line-amount" value=""' in line(label("grams", 42, "1.250"))


def test_a_label_costs_eight_queries_and_other_codes_none_for_it(line, shop, formats, sugar, django_assert_num_queries):
    """The formats, the product by its PLU, its slabs and offers, besides what any scan asks; the barcode is looked for first."""
    soap = in_store_ean("20", 1)
    factories.make_product(shop, stock=1, barcodes=[(soap, 1)])
    with django_assert_num_queries(8):
        line(label("grams", 42, "1.250"))
    with django_assert_num_queries(4):
        line(MAKERS)


# --- expired goods --------------------------------------------------------------------------------------------------
def test_an_expired_batch_is_put_aside_and_the_other_one_offered(line, shop):
    milk = factories.make_product(shop, "Milk", plu=7)
    gone, good = shop_today() - timedelta(days=3), shop_today() + timedelta(days=80)
    factories.stock_up(milk, 5, expiry=gone)
    assert f"Milk expired {gone:%-d %b}. Put aside." in line("7")
    factories.stock_up(milk, 5, expiry=good)
    said = line("7")
    assert f'data-say="Expired {gone:%-d %b}. Put aside. Other batch: exp {good:%b %y} [Enter]"' in said
    assert said.count("<template>") == 1
    assert f"Expired {gone:%-d %b}. Put aside." in said


def test_goods_without_an_expired_batch_are_a_plain_row(line, shop):
    milk = factories.make_product(shop, "Milk", plu=7)
    factories.stock_up(milk, 5, expiry=shop_today())
    factories.stock_up(milk, 5, expiry=shop_today() + timedelta(days=9))
    assert "chooser" not in line("7")


# --- trying out ---------------------------------------------------------------------------------------------------
@pytest.fixture
def tried(shop, client):
    client.force_login(shop.owner)
    where = reverse("orders:label_try", args=[shop.slug])
    return lambda code, **how: client.get(where, {"code": code}, **how).content.decode()


def test_a_tried_label_shows_format_item_value_and_line(tried, formats, sugar):
    said = tried(label("paise", 42, "20.00"), **HTMX)
    shown = (
        "<b>00042</b>",
        "<b>02000</b>",
        "Price in paise, up to ₹999.99",
        "42 · <b>Sugar</b>",
        "0.454 kg × ₹\u00a044.00",
        "₹\u00a020.00",
    )
    for part in shown:
        assert part in said
    assert "<html" not in said


def test_a_plain_browser_gets_the_whole_page(tried, formats, sugar):
    said = tried(label("grams", 42, "1.250"))
    assert "<html" in said
    assert "1.25 kg × ₹\u00a044.00" in said
    assert "Ready-made" in said


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("42", "A label has 12 or 13 digits; this has 2."),
        (MAKERS, "This is a maker’s code."),
        ("2100042012500", "Misread code. Scan again."),
        (in_store_ean("27", 1), "No format takes it: none in use begins with 27."),
        (label("grams", 123, "1"), "Label’s item 00123 is not in the list"),
        (label("grams", 123, "1"), "give one the code 123"),
        ("<script>", "Misread code."),
    ],
)
def test_a_label_that_cannot_be_read_says_why(tried, formats, code, sentence):
    assert sentence in tried(code, **HTMX)


def test_a_code_of_the_list_is_told_from_a_label(tried, shop, formats):
    own = label("grams", 42, "1.250")
    factories.make_product(shop, "Cake", barcodes=[(own, 1)])
    assert "This is a barcode of Cake itself" in tried(own, **HTMX)


def test_trying_nothing_says_what_happens_here(tried):
    assert "Nothing is sold here" in tried("", **HTMX)
