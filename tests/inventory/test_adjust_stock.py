"""Putting the stock right: damage, loss, own use, found, and a count that says otherwise."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse

from inventory.errors import StockError
from inventory.models import StockDocument, StockLot
from inventory.services import adjust_stock
from shops.models import Role
from smartkirana.dates import shop_today
from tests import factories

D = Decimal
HTMX = {"HX-Request": "true"}


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, stock=10)


def adjust(product, reason, change=None, **more):
    change = None if change is None else D(change)
    return adjust_stock(shop=product.shop, by=product.shop.owner, product=product, reason=reason, change=change, **more)


def refusal(product, reason, change=None, **more):
    before = StockDocument.objects.count()
    with pytest.raises(StockError) as refused:
        adjust(product, reason, change, **more)
    assert StockDocument.objects.count() == before
    return refused.value


def on_hand(product):
    return {lot.batch: lot.on_hand for lot in product.lots.all()}


def two_lots(shop):
    soap = factories.make_product(shop)
    factories.stock_up(soap, 10, batch="late", expiry=date(2099, 5, 1))
    factories.stock_up(soap, 4, batch="early", expiry=date(2099, 1, 1))
    return soap


def lot_of(product, batch):
    return product.lots.get(batch=batch)


# --- the act --------------------------------------------------------------------------------------------------
def test_damage_leaves_the_first_expiring_lot_first(shop):
    soap = two_lots(shop)
    adjust(soap, "damage", -6)
    assert on_hand(soap) == {"late": 8, "early": 0}


def test_damage_leaves_the_lot_that_was_named(shop):
    soap = two_lots(shop)
    adjust(soap, "damage", -6, lot=lot_of(soap, "late"))
    assert on_hand(soap) == {"late": 4, "early": 4}


def test_found_goods_join_the_lot_that_was_named(shop):
    soap = two_lots(shop)
    adjust(soap, "found", 2, lot=lot_of(soap, "early"))
    assert on_hand(soap) == {"late": 10, "early": 6}


def test_found_goods_fill_what_is_short_first(shop):
    soap = factories.make_product(shop, stock=1)
    factories.make_order(shop, [(soap, 3)])
    factories.stock_up(soap, 5, batch="new")
    adjust(soap, "found", 4)
    assert on_hand(soap) == {"": 0, "new": 7}


def test_found_goods_without_a_lot_get_one_at_the_products_cost(shop):
    soap = factories.make_product(shop)
    adjust(soap, "found", 3)
    lot = soap.lots.get()
    assert (lot.on_hand, lot.value, lot.mrp) == (3, D("120.00"), D("52.50"))


@pytest.mark.parametrize(("counted", "after"), [("12", 12), ("7", 7), ("0", 0)])
def test_a_count_sets_the_stock(soap, counted, after):
    adjust(soap, "correction", counted=D(counted), seen=D(10))
    assert on_hand(soap) == {"": after}


def test_a_count_of_one_lot_leaves_the_others(shop):
    soap = two_lots(shop)
    adjust(soap, "correction", counted=D(9), lot=lot_of(soap, "late"), seen=D(14))
    assert on_hand(soap) == {"late": 9, "early": 4}


def test_a_count_made_before_a_sale_is_refused(soap):
    factories.make_order(soap.shop, [(soap, 1)])
    assert refusal(soap, "correction", counted=D(8), seen=D(10)).code == "stock_changed"


def test_a_count_that_agrees_changes_nothing(soap):
    assert refusal(soap, "correction", counted=D(10)).code == "nothing_changes"


@pytest.mark.parametrize("policy", ["warn", "block"])
def test_more_cannot_be_damaged_than_is_there_under_either_policy(db, policy):
    soap = factories.make_product(factories.make_shop(stock_policy=policy), stock=10)
    error = refusal(soap, "damage", -11)
    assert (error.code, error.message) == ("not_enough_stock", "Only 10 pc of Soap in stock.")


@pytest.mark.parametrize(
    ("reason", "change", "code"),
    [
        ("damage", "3", "bad_reason"),
        ("loss", "3", "bad_reason"),
        ("own_use", "3", "bad_reason"),
        ("found", "-3", "bad_reason"),
        ("opening", "3", "bad_reason"),
        ("sale", "-3", "bad_reason"),
        ("", "-3", "bad_reason"),
        ("damage", "0", "bad_quantity"),
        ("damage", "NaN", "bad_quantity"),
        ("damage", "-Infinity", "bad_quantity"),
        ("damage", "-1e999", "bad_quantity"),
        ("damage", "-0.5", "bad_quantity"),
        ("damage", None, "bad_quantity"),
        ("found", "100000000", "bad_quantity"),
    ],
)
def test_what_makes_no_sense_is_refused(soap, reason, change, code):
    assert refusal(soap, reason, change).code == code


@pytest.mark.parametrize("counted", ["-1", "NaN", "Infinity", "1e999", "0.5"])
def test_a_count_that_is_none_is_refused(soap, counted):
    assert refusal(soap, "correction", counted=D(counted)).code == "bad_quantity"


def test_a_lot_cannot_be_filled_beyond_reason(shop):
    gold = factories.make_product(shop, price="9999999", mrp=None, cost="9999999", stock=1)
    assert refusal(gold, "found", 99999999).code == "too_much"


def test_another_products_and_another_shops_lot_is_refused(soap, other_shop):
    other = factories.make_product(soap.shop, "Other", stock=5)
    theirs = factories.make_product(other_shop, stock=5)
    for lot in (other.lots.get(), theirs.lots.get()):
        assert refusal(soap, "damage", -1, lot=lot).code == "no_lot"
        assert refusal(soap, "found", 1, lot=lot).code == "no_lot"


def test_another_shops_product_is_refused(shop, other_shop):
    theirs = factories.make_product(other_shop, stock=5)
    with pytest.raises(StockError) as refused:
        adjust_stock(shop=shop, by=shop.owner, product=theirs, reason="damage", change=D(-1))
    assert refused.value.code == "unknown_product"


@pytest.mark.parametrize("day", [date(1999, 12, 31), shop_today() + timedelta(days=1)])
def test_a_day_that_cannot_be_is_refused(soap, day):
    assert refusal(soap, "damage", -1, day=day).code == "bad_day"


def test_the_same_key_changes_the_stock_once(soap):
    key = uuid4()
    first = adjust(soap, "damage", -1, request_key=key)
    assert adjust(soap, "damage", -5, request_key=key) == first
    assert on_hand(soap) == {"": 9}


def test_two_shops_may_have_the_same_key(soap, other_shop):
    key = uuid4()
    theirs = factories.make_product(other_shop, stock=5)
    assert adjust(soap, "damage", -1, request_key=key) != adjust(theirs, "damage", -1, request_key=key)


# --- the page -------------------------------------------------------------------------------------------------
def address(product, name="adjust"):
    return reverse(f"inventory:{name}", args=[product.shop.slug, product.pk])


@pytest.fixture
def signed_in(client, shop):
    client.force_login(factories.make_member(shop, Role.STAFF))
    return client


def test_page_changes_the_stock_and_goes_to_the_history(signed_in, soap):
    answer = signed_in.post(address(soap), {"reason": "damage", "quantity": "3", "note": "rain 🌧", "request_key": uuid4()}, follow=True)
    assert answer.redirect_chain == [(address(soap, "history"), 302)]
    assert "Soap: 10 → 7 pc. Damaged." in answer.content.decode()
    assert StockDocument.objects.get(reason="damage").note == "rain 🌧"


def test_htmx_is_sent_on_by_the_browser(signed_in, soap):
    answer = signed_in.post(address(soap), {"reason": "found", "quantity": "1"}, headers=HTMX)
    assert answer["HX-Redirect"] == address(soap, "history")


def test_a_count_on_the_page_sets_the_stock(signed_in, soap):
    signed_in.post(address(soap), {"reason": "correction", "counted": "12", "quantity": "99", "seen": "10.000"})
    assert on_hand(soap) == {"": 12}


def test_pressing_twice_changes_the_stock_once(signed_in, soap):
    shown = signed_in.get(address(soap)).context["request_key"]
    for _ in range(2):
        signed_in.post(address(soap), {"reason": "damage", "quantity": "3", "request_key": shown})
    assert on_hand(soap) == {"": 7}


def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(signed_in, soap):
    answer = signed_in.post(address(soap), {"reason": "damage", "quantity": "11", "note": "all gone"}, headers=HTMX)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "<html" not in shown
    assert "Only 10 pc of Soap in stock." in shown
    assert 'value="all gone"' in shown


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"reason": "damage"},
        {"reason": "sale", "quantity": "1"},
        {"reason": "opening", "quantity": "1"},
        {"reason": "damage", "quantity": "-1"},
        {"reason": "damage", "quantity": "0"},
        {"reason": "damage", "quantity": "1.5"},
        {"reason": "damage", "quantity": "1.0001"},
        {"reason": "damage", "quantity": "NaN"},
        {"reason": "damage", "quantity": "Infinity"},
        {"reason": "damage", "quantity": "1e999"},
        {"reason": "damage", "quantity": "<script>"},
        {"reason": "damage", "quantity": "1\x00"},
        {"reason": "damage", "quantity": "1", "lot": "x"},
        {"reason": "damage", "quantity": "1", "lot": "999999999999999999999999"},
        {"reason": "damage", "quantity": "1", "note": "x" * 201},
        {"reason": "damage", "quantity": "1", "note": "a\x00b"},
        {"reason": "correction"},
        {"reason": "correction", "counted": "-1"},
        {"reason": "correction", "counted": "1e999"},
        {"reason": "correction", "counted": "7", "seen": "1e999"},
        {"reason": "correction", "counted": "7", "seen": "NaN"},
        {"reason": "correction", "counted": "7", "seen": "9"},
    ],
    ids=str,
)
def test_bad_input_is_a_sentence_and_nothing_is_written(signed_in, soap, sent):
    answer = signed_in.post(address(soap), sent)
    assert answer.status_code == 422
    assert 'class="bad"' in answer.content.decode() or "note bad" in answer.content.decode()
    assert "<script>" not in answer.content.decode()
    assert on_hand(soap) == {"": 10}
    assert not StockDocument.objects.filter(kind="adjustment").exists()


def test_another_shops_lot_on_the_page_is_refused(signed_in, soap, other_shop):
    theirs = factories.make_product(other_shop, stock=5).lots.get()
    answer = signed_in.post(address(soap), {"reason": "damage", "quantity": "1", "lot": theirs.pk})
    assert answer.status_code == 422
    assert "Choose a lot of this product." in answer.content.decode()


@pytest.mark.parametrize("key", ["", "x", "123", "<b>"])
def test_a_broken_key_is_no_obstacle(signed_in, soap, key):
    answer = signed_in.post(address(soap), {"reason": "damage", "quantity": "1", "request_key": key})
    assert answer.status_code in (302, 422)


@pytest.mark.parametrize("note", ["\u202eevil", "<script>alert(1)</script>", "नमस्ते", "👩‍👩‍👧"])
def test_any_script_may_be_noted_and_is_shown_as_text(signed_in, soap, note):
    signed_in.post(address(soap), {"reason": "damage", "quantity": "1", "note": note})
    shown = signed_in.get(address(soap, "history")).content.decode()
    assert "<script>alert" not in shown
    assert "\u202e" not in shown
    assert on_hand(soap) == {"": 9}


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"reason": "damage", "quantity": "3"}, "7</b>"),
        ({"reason": "found", "quantity": "3"}, "13</b>"),
        ({"reason": "correction", "counted": "4"}, "4</b>"),
        ({"reason": "damage", "quantity": "30"}, "more than there is"),
        ({"reason": "damage", "quantity": "NaN"}, "?</b>"),
        ({"reason": "", "quantity": "3"}, "?</b>"),
        ({}, "?</b>"),
    ],
)
def test_before_and_after_are_shown_while_typing(signed_in, soap, sent, words):
    shown = signed_in.get(address(soap, "adjust_after"), sent, headers=HTMX)
    assert shown.status_code == 200
    assert words in shown.content.decode()
    assert on_hand(soap) == {"": 10}


def test_before_is_the_chosen_lots(signed_in, shop):
    soap = two_lots(shop)
    shown = signed_in.get(address(soap, "adjust_after"), {"reason": "damage", "quantity": "1", "lot": lot_of(soap, "early").pk})
    assert "3</b>" in shown.content.decode()


def test_lots_are_offered_when_there_are_several(signed_in, shop, soap):
    assert "The first to expire" not in signed_in.get(address(soap)).content.decode()
    assert "Batch early" in signed_in.get(address(two_lots(shop))).content.decode()


def test_a_code_leads_straight_to_the_product(signed_in, shop, soap):
    find = reverse("inventory:adjust_find", args=[shop.slug])
    assert signed_in.get(find, {"q": soap.sku.lower(), "go": "1"}).url == address(soap)
    assert soap.name in signed_in.get(find, {"q": "soa"}, headers=HTMX).content.decode()
    assert "No product has this name or code." in signed_in.get(find, {"q": "zzz", "go": "1"}).content.decode()


def test_query_count_is_flat_in_lots(signed_in, soap, django_assert_max_num_queries):
    counts = []
    for lots in (1, 20):
        while StockLot.objects.filter(product=soap).count() < lots:
            factories.stock_up(soap, 1)
        with django_assert_max_num_queries(10) as asked:
            signed_in.get(address(soap))
        counts.append(len(asked))
    assert counts[0] == counts[1]
