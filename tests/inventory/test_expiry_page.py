"""The page of dates: who sees what, what the buttons do, and what is said when something is wrong."""

from decimal import Decimal

import pytest
from django.urls import reverse

from inventory.models import LotPriceChange
from shops.models import Role
from tests import factories
from tests.inventory.buying import buy, make_supplier, received
from tests.inventory.test_expiry_acts import days, lot_for

D = Decimal
KEY = "6f1c0f4e-7f0e-4a57-9a3e-6c2f0a4be001"


@pytest.fixture
def milk(shop):
    return factories.make_product(shop, "Milk powder", price="100", mrp="110", cost="80", gst="other-5")


def url(shop):
    return reverse("inventory:expiry", args=[shop.slug])


def post(client, shop, **fields):
    return client.post(url(shop), {"request_key": KEY, **fields})


def body(response):
    return response.content.decode()


def test_the_helper_sees_dates_and_no_costs(client, shop, milk):
    lot_for(milk, 3)
    client.force_login(factories.make_member(shop, Role.STAFF))
    page = body(client.get(url(shop)))
    assert "Milk powder" in page
    assert "3 days left" in page
    assert "800.00" not in page
    client.force_login(shop.owner)
    assert "800.00" in body(client.get(url(shop)))


def test_the_list_takes_the_same_queries_for_one_lot_and_for_forty(client, shop, milk, django_assert_max_num_queries):
    client.force_login(shop.owner)
    for left in range(40):
        lot_for(milk, left % 28)
    with django_assert_max_num_queries(12):
        page = body(client.get(url(shop)))
    assert page.count('name="lot"') == 40


def test_one_press_marks_one_lot_down(client, shop, milk):
    lot = lot_for(milk, 3)
    client.force_login(shop.owner)
    page = body(client.get(url(shop)))
    assert f'name="price-{lot.pk}" value="50.00"' in page, "the suggestion stands in the box"
    page = body(post(client, shop, act=f"mark-down:{lot.pk}", **{f"price-{lot.pk}": "45.50"}))
    assert "1 lot has a new price." in page
    lot.refresh_from_db()
    assert lot.price == D("45.50")


def test_the_ticked_ones_are_marked_down_together(client, shop, milk):
    one, two, three = (lot_for(milk, left) for left in (3, 5, 9))
    client.force_login(shop.owner)
    prices = {f"price-{lot.pk}": "60" for lot in (one, two, three)}
    assert "2 lots have a new price." in body(post(client, shop, act="mark-down", lot=[one.pk, three.pk], **prices))
    assert set(LotPriceChange.objects.values_list("lot", flat=True)) == {one.pk, three.pk}


def test_a_price_above_mrp_is_told_and_what_was_typed_stays(client, shop, milk):
    lot = lot_for(milk, 3)
    client.force_login(shop.owner)
    response = post(client, shop, act="mark-down", lot=[lot.pk], **{f"price-{lot.pk}": "111"})
    assert response.status_code == 422
    assert "above the MRP" in body(response)
    assert 'value="111"' in body(response)
    assert "checked" in body(response)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"act": "mark-down"}, "Tick the goods first."),
        ({"act": "write-off"}, "Tick the goods first."),
        ({"act": "mark-down", "lot": "x"}, "out of date"),
        ({"act": "mark-down:99999999"}, "Choose lots of this shop."),
        ({"act": "dance"}, "Press one of the buttons"),
        ({}, "Press one of the buttons"),
    ],
)
def test_a_wrong_press_is_answered_in_words(client, shop, fields, words):
    client.force_login(shop.owner)
    response = post(client, shop, **fields)
    assert response.status_code == 422
    assert words in body(response)


def test_a_word_for_a_price_is_answered_at_its_box(client, shop, milk):
    lot = lot_for(milk, 3)
    client.force_login(shop.owner)
    response = post(client, shop, act=f"mark-down:{lot.pk}", **{f"price-{lot.pk}": "cheap"})
    assert "such as 45.50" in body(response)
    assert 'aria-invalid="true"' in body(response)


def test_goods_past_their_date_are_written_off_by_one_press(client, shop, milk):
    lot = lot_for(milk, -2)
    client.force_login(shop.owner)
    assert "Written off: 1 lot, ₹\u00a0800.00 at cost." in body(post(client, shop, act=f"write-off:{lot.pk}"))
    lot.refresh_from_db()
    assert lot.on_hand == 0


def test_a_helper_may_write_off_and_not_mark_down(client, shop, milk):
    old, good = lot_for(milk, -2), lot_for(milk, 2)
    client.force_login(factories.make_member(shop, Role.STAFF))
    assert post(client, shop, act=f"mark-down:{good.pk}", **{f"price-{good.pk}": "1"}).status_code == 403
    answer = body(post(client, shop, act=f"write-off:{old.pk}"))
    assert "Written off: 1 lot." in answer
    assert "800.00" not in answer


def test_the_accountant_only_reads(client, shop, milk):
    lot = lot_for(milk, -2)
    client.force_login(factories.make_member(shop, Role.ACCOUNTANT))
    assert 'name="lot"' not in body(client.get(url(shop)))
    assert post(client, shop, act=f"write-off:{lot.pk}").status_code == 403


def test_send_back_leads_to_the_bill_with_what_is_left_filled_in(client, shop, milk):
    receipt = buy(make_supplier(shop), received(milk, 4, 80, expiry=days(5), mrp=D(110)))
    client.force_login(shop.owner)
    lot = milk.lots.get()
    address = reverse("inventory:purchase_return", args=[shop.slug, receipt.pk]) + f"?lot={lot.pk}"
    assert address in body(client.get(url(shop)))
    assert f'name="line-{receipt.lines.get().pk}" value="4"' in body(client.get(address))


@pytest.mark.parametrize(
    ("query", "there"), [("days=7", False), ("days=15", True), ("days=all", True), ("q=milk", True), ("q=soap", False)]
)
def test_filters_narrow_the_list(client, shop, milk, query, there):
    lot_for(milk, 12)
    client.force_login(shop.owner)
    assert ("Milk powder" in body(client.get(f"{url(shop)}?{query}"))) == there


@pytest.mark.parametrize("query", ["days=soon", "category=x", "supplier=999999"])
def test_a_filter_that_is_none_is_told(client, shop, query):
    client.force_login(shop.owner)
    response = client.get(f"{url(shop)}?{query}")
    assert response.status_code == 422
    assert "Choose from the list." in body(response)
