"""The page of one product: lots, prices paid over time with their chart, who brings it, and for whom costs are shown."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from inventory.expiry import NewPrice, mark_down
from inventory.price_chart import BOTTOM, LEFT, RIGHT, TOP, price_chart
from inventory.product_selectors import MOST_POINTS, prices_paid, sellers_of
from shops.models import Role
from smartkirana.dates import shop_today
from tests import factories
from tests.inventory.buying import OTHER_STATE, buy, make_supplier, received
from tests.inventory.packing import make_packet, make_sack, pack

D = Decimal


def days_ago(number):
    return shop_today() - timedelta(days=number)


def url(product, name="history", query=""):
    return reverse(f"inventory:{name}", args=[product.shop.slug, product.pk]) + query


@pytest.fixture
def soap(shop):
    """Bought four times of two suppliers at other prices; the bills were not entered in the order of their days."""
    soap = factories.make_product(shop, "Soap", price="100", mrp=None, cost="40", gst="other-0")
    near, far = make_supplier(shop, "Gupta Agencies"), make_supplier(shop, "Bengaluru Traders", gstin=OTHER_STATE)
    buy(near, received(soap, 10, 40), day=days_ago(90), number="A1")
    buy(far, received(soap, 10, 50), day=days_ago(20), number="B1")
    buy(near, received(soap, 2, 240, pack_size=D(5), free=D(2)), day=days_ago(60), number="A2")
    buy(near, received(soap, 10, 44), day=days_ago(5), number="A3")
    return soap


@pytest.fixture
def page(client, shop):
    client.force_login(shop.owner)
    return client


def test_the_charts_points_are_what_the_bills_say_by_day(page, soap):
    chart = page.get(url(soap)).context["chart"]
    said = [
        (line.receipt.bill_date, line.unit_cost) for line in soap.receipt_lines.select_related("receipt").order_by("receipt__bill_date")
    ]
    assert [(point.day, point.cost) for point in chart.points] == said
    assert [cost for _, cost in said] == [D(40), D(40), D(50), D(44)]  # two of twelve came free: 480 for twelve


def test_newest_purchases_stand_on_the_page_and_all_on_their_own(page, soap):
    answer = page.get(url(soap))
    assert [line.receipt.bill_number for line in answer.context["purchases"]] == ["A3", "A2", "B1", "A1"]
    words = answer.content.decode()
    assert "2 of them free" in words
    for line in answer.context["purchases"]:
        assert reverse("inventory:purchase", args=[soap.shop.slug, line.receipt_id]) in words
    for n in range(2):
        buy(make_supplier(soap.shop), received(soap, 1, 41), number=f"C{n}")
    answer = page.get(url(soap))
    assert (len(answer.context["purchases"]), url(soap, "product_purchases") in answer.content.decode()) == (5, True)
    assert len(page.get(url(soap, "product_purchases")).context["page"].object_list) == 6


def test_suppliers_with_their_last_price_and_the_cheapest_marked(soap):
    rows = [(one.name, one.times, one.last_day, one.last_cost, one.cheapest) for one in sellers_of(soap)]
    assert rows == [("Gupta Agencies", 3, days_ago(5), D("44.0000"), True), ("Bengaluru Traders", 1, days_ago(20), D("50.0000"), False)]


def test_one_purchase_needs_no_chart_and_none_says_so(page, shop):
    salt = factories.make_product(shop, "Salt", price="100", mrp=None, cost="40")
    assert "Not bought yet" in page.get(url(salt)).content.decode()
    buy(make_supplier(shop), received(salt, 1, 40))
    answer = page.get(url(salt))
    assert (answer.context["chart"], '<svg class="chart"' in answer.content.decode()) == (None, False)


def test_the_chart_keeps_the_newest_sixty(soap):
    assert prices_paid(soap, most=3) == [(days_ago(60), D(40)), (days_ago(20), D(50)), (days_ago(5), D(44))]
    assert MOST_POINTS == 60


def test_bills_of_one_day_stand_in_the_order_they_were_entered(page, soap):
    buy(make_supplier(soap.shop), received(soap, 1, 46), day=days_ago(5))
    assert [cost for _, cost in prices_paid(soap)][-2:] == [D(44), D(46)]
    assert page.get(url(soap)).context["chart"].last.cost == 46


def test_who_may_not_see_costs_sees_no_price_paid(client, soap):
    client.force_login(factories.make_member(soap.shop, Role.STAFF))
    answer = client.get(url(soap))
    words = answer.content.decode()
    assert "Gupta Agencies" not in words
    assert not [name for name in ("purchases", "sellers", "chart") if name in answer.context]
    assert client.get(url(soap, "product_purchases")).status_code == 403


def test_another_shops_product_is_not_there(page, shop, other_shop):
    theirs = factories.make_product(other_shop, "Theirs", stock=1)
    for name in ("history", "product_purchases"):
        assert page.get(url(theirs, name)).status_code == 404
        assert page.get(reverse(f"inventory:{name}", args=[shop.slug, theirs.pk])).status_code == 404


def test_a_lot_marked_down_says_at_what_by_whom(page, shop):
    milk = factories.make_product(shop, "Milk", price="60", mrp=None, cost="40")
    factories.stock_up(milk, 5, expiry=shop_today() + timedelta(days=3))
    lot = milk.lots.get()
    mark_down(shop=shop, by=shop.owner, prices=[NewPrice(lot.pk, D("45"))])
    words = page.get(url(milk)).content.decode()
    assert "sells at ₹\N{NO-BREAK SPACE}45.00" in words
    assert shop.owner.name in words.split("sells at")[1][:200]
    assert '<span class="badge warn">3 days</span>' in words


def test_a_packing_is_linked_from_the_history(page, shop):
    sack, packet = make_sack(shop), make_packet(shop)
    done = pack(shop, [(sack, 1)], [(packet, 49)])
    assert reverse("inventory:repack", args=[shop.slug, done.pk]) in page.get(url(packet)).content.decode()


def test_queries_do_not_grow_with_lots_and_purchases(page, soap, django_assert_max_num_queries):
    for n in range(8):
        buy(make_supplier(soap.shop), received(soap, 1, 40 + n), number=f"D{n}")
    with django_assert_max_num_queries(22):
        page.get(url(soap))
    with django_assert_max_num_queries(12):
        page.get(url(soap, "product_purchases"))


# --- the chart's geometry -------------------------------------------------------------------------------------
days = st.dates(date(2020, 1, 1), date(2026, 12, 31))
costs = st.integers(1, 10**9).map(lambda n: D(n) / 10000)


@given(st.lists(st.tuples(days, costs), min_size=2, max_size=60))
def test_every_point_lies_in_the_box_and_dearer_is_higher(prices):
    chart = price_chart(sorted(prices, key=lambda one: one[0]))
    for point in chart.points:
        assert LEFT <= point.x <= RIGHT
        assert TOP <= point.y <= BOTTOM
    by_cost = sorted(chart.points, key=lambda point: point.cost)
    assert all(low.y >= high.y for low, high in pairwise(by_cost))
    assert all(a.x <= b.x for a, b in pairwise(chart.points))
    assert [mark.y for mark in chart.marks] == sorted((mark.y for mark in chart.marks), reverse=True)


def test_one_price_over_and_over_is_a_level_line():
    chart = price_chart([(date(2026, 1, n), D("40")) for n in (1, 5, 9)])
    assert len({point.y for point in chart.points}) == 1


def test_several_on_one_day_stand_side_by_side():
    chart = price_chart([(date(2026, 1, 1), D(n)) for n in (40, 41, 42)])
    assert [point.x for point in chart.points] == [LEFT, (LEFT + RIGHT) // 2, RIGHT]


@pytest.mark.parametrize("prices", [[], [(date(2026, 1, 1), D(40))]])
def test_fewer_than_two_are_no_chart(prices):
    assert price_chart(prices) is None
