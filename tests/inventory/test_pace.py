"""How fast goods sell, what is listed for it, and how much to order."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from threading import Thread
from unittest.mock import patch

import pytest
from django.db import connection
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from catalog.models import Product
from inventory import pace
from inventory.models import PaceDay, SalesPace, StockMovement
from inventory.pace import COVER_DAYS, LEAD_DAYS, SAFETY_DAYS, fresh_pace, suggested_order
from inventory.selectors import Narrowing, low_stock
from shops.models import Role
from smartkirana.dates import shop_today
from tests import factories
from tests.inventory.buying import buy, make_supplier, received

D = Decimal
HTMX = {"HX-Request": "true"}
AMOUNT = st.decimals(0, 5000, places=3)


def moved(product, quantity, days_ago, reason="sale"):
    """A movement of so many days ago at noon, on the product's first lot."""
    lot = product.lots.order_by("pk").first()
    at = datetime.combine(shop_today() - timedelta(days=days_ago), datetime.min.time(), UTC) + timedelta(hours=7)
    return StockMovement.objects.create(
        shop=product.shop, lot=lot, product=product, quantity=D(quantity), value=D(quantity) * 40, unit_cost=40,
        reason=reason, document="order", document_id=1, by=product.shop.owner, at=at,
    )  # fmt: skip


def lotted(shop, name="Soap", **more):
    """A product with an empty lot, whose first movements are the ones a test writes."""
    product = factories.make_product(shop, name, **more)
    product.lots.create(shop=shop, mrp=None, unit_cost=40)
    return product


def of(product):
    return SalesPace.objects.get(product=product)


# --- the pace -------------------------------------------------------------------------------------------------
def test_pace_is_what_was_sold_in_28_days_a_day(shop):
    soap = lotted(shop)
    moved(soap, 100, 60, "opening")
    moved(soap, -20, 29)  # too long ago
    moved(soap, -30, 28)
    moved(soap, -12, 1)
    moved(soap, -5, 0)  # today is not over
    assert fresh_pace(shop)
    assert (of(soap).sold_28, of(soap).days, of(soap).per_day) == (42, 28, D("1.5"))


def test_cancelled_bills_are_taken_off_and_other_reasons_do_not_count(shop):
    soap = lotted(shop)
    moved(soap, 100, 60, "opening")
    moved(soap, -30, 5)
    moved(soap, 2, 4, "cancelled")
    moved(soap, -9, 3, "damage")
    fresh_pace(shop)
    assert of(soap).per_day == 1


def test_a_cancelled_bill_of_long_ago_makes_no_pace_below_zero(shop):
    soap = lotted(shop)
    moved(soap, 100, 60, "opening")
    moved(soap, -3, 40)
    moved(soap, 3, 4, "cancelled")
    fresh_pace(shop)
    assert of(soap).per_day == 0


@pytest.mark.parametrize(("came", "days"), [(1, 7), (7, 7), (10, 10), (27, 27), (28, 28), (200, 28)])
def test_newer_goods_are_judged_by_the_days_they_are_here_at_least_seven(shop, came, days):
    soap = lotted(shop)
    moved(soap, 100, came, "opening")
    moved(soap, -14, 1)
    fresh_pace(shop)
    assert (of(soap).days, of(soap).per_day) == (days, round(D(14) / days, 4))


def test_it_is_worked_out_once_a_day(shop):
    assert fresh_pace(shop)
    assert not fresh_pace(shop)
    PaceDay.objects.update(computed_on=shop_today() - timedelta(days=1))
    assert fresh_pace(shop)


def test_a_pace_that_went_to_nothing_is_written_anew(shop):
    soap = lotted(shop)
    SalesPace.objects.create(shop=shop, product=soap, sold_28=28, per_day=1)
    fresh_pace(shop)
    assert of(soap).per_day == 0


def test_another_shops_sales_do_not_count(shop, other_shop):
    theirs = lotted(other_shop)
    moved(theirs, 100, 60, "opening")
    moved(theirs, -28, 3)
    fresh_pace(shop)
    assert not SalesPace.objects.exists()


def test_usual_supplier_is_that_of_the_newest_bill(shop):
    soap = factories.make_product(shop)
    first, second = make_supplier(shop), make_supplier(shop)
    buy(first, received(soap, 1, 40))
    buy(second, received(soap, 1, 40))
    fresh_pace(shop)
    assert of(soap).supplier == second


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_work_it_out_once():
    shop = factories.make_shop()
    did = []

    def ask():
        try:
            did.append(fresh_pace(shop))
        finally:
            connection.close()

    with patch.object(pace, "work_out", wraps=pace.work_out) as work:
        threads = [Thread(target=ask) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert work.call_count == 1
    assert sorted(did) == [False] * 5 + [True]


# --- how much to order ----------------------------------------------------------------------------------------
@given(
    stock=st.decimals(-500, 5000, places=3),
    per_day=st.decimals("0.0001", 900, places=4),
    lead=st.integers(0, 60),
    minimum=AMOUNT,
    above=st.none() | AMOUNT,
    lot=AMOUNT,
)
def test_an_order_lasts_and_is_never_a_lot_too_much(stock, per_day, lead, minimum, above, lot):
    maximum = None if above is None else minimum + above
    product = Product(min_stock=minimum, max_stock=maximum, reorder_quantity=lot)
    order = suggested_order(product, stock, per_day, lead)
    step = lot or D(1)
    needed = max(per_day * (lead + COVER_DAYS), minimum if maximum is None else maximum)
    assert order >= 0
    assert order % step == 0
    assert stock + order >= needed
    assert order == 0 or stock + order - step < needed


# --- the list -------------------------------------------------------------------------------------------------
def listed(shop, **wanted):
    return [product.name for product in low_stock(shop, Narrowing(**wanted))[:200]]


@pytest.fixture
def assortment(shop):
    """Forty goods of every sort, and the figures that plain Python knows of each."""
    chance, known = Random(11), []
    suppliers = [make_supplier(shop, lead_days=days) for days in (0, 4, 9)]
    for n in range(40):
        product = lotted(shop, f"Goods {n:02d}", min_stock=D(chance.choice([0, 0, 5, 20])))
        supplier = chance.choice([None, *suppliers])
        came, sold = D(chance.randrange(0, 40)), D(chance.choice([0, 28, 84, 280]))
        moved(product, came + sold + 1, 60, "opening")
        if sold:
            moved(product, -sold, 3)
        if supplier:
            buy(supplier, received(product, 1, 40))
        known.append((product, came + 1 + (1 if supplier else 0), sold / 28, supplier))
    fresh_pace(shop)
    return known


def expected(known, low):
    rows = []
    for product, stock, per_day, supplier in known:
        left = max(stock, 0) / per_day if per_day else None
        lead = supplier.lead_days if supplier else LEAD_DAYS
        if low(product, stock, left, lead, supplier):
            share = stock / product.min_stock if product.min_stock else None
            rows.append((stock > 0, left is None, left or 0, share is None, share or 0, product.name))
    return [row[-1] for row in sorted(rows)]


def is_low(product, stock, left, lead, supplier):
    return stock <= 0 or 0 < product.min_stock >= stock or (left is not None and left <= lead + SAFETY_DAYS)


def test_the_list_is_the_one_plain_python_makes(shop, assortment):
    assert 5 < len(expected(assortment, is_low)) < 40
    assert listed(shop) == expected(assortment, is_low)


def test_list_is_narrowed_by_supplier(shop, assortment):
    chosen = next(supplier for *_, supplier in assortment if supplier)
    wanted = expected(assortment, lambda *row: is_low(*row) and row[-1] == chosen)
    assert listed(shop, supplier=chosen.pk) == wanted


def test_list_is_narrowed_by_days(shop, assortment):
    wanted = expected(assortment, lambda product, stock, left, lead, supplier: left is not None and left <= 20)
    assert wanted
    assert listed(shop, within=20) == wanted


def test_fast_goods_are_listed_without_a_minimum_set(shop):
    soap = lotted(shop)
    moved(soap, 66, 60, "opening")
    moved(soap, -56, 3)
    fresh_pace(shop)
    (row,) = low_stock(shop)[:9]
    assert (row.stock, row.per_day, row.days_left, row.lead_days) == (10, 2, 5, LEAD_DAYS)


def test_page_shows_pace_days_left_and_the_order(client, shop):
    soap = lotted(shop)
    moved(soap, 66, 60, "opening")
    moved(soap, -56, 3)
    client.force_login(shop.owner)
    page = client.get(reverse("inventory:low_stock", args=[shop.slug]))
    (row,) = page.context["page"].object_list
    assert (row.whole_days, row.order) == (5, 2 * (LEAD_DAYS + COVER_DAYS) - 10)
    assert "Days left" in page.content.decode()


@pytest.mark.parametrize(
    "query", ["?supplier=x", f"?supplier={10**30}", "?within=-1", "?within=99999999999", "?within=x", "?within=1&out=1"]
)
def test_odd_filters_do_not_break_the_list(client, shop, query):
    client.force_login(shop.owner)
    assert client.get(reverse("inventory:low_stock", args=[shop.slug]) + query).status_code == 200


def test_another_shops_supplier_finds_nothing(shop, other_shop, assortment):
    assert not listed(shop, supplier=make_supplier(other_shop).pk)


# --- the maximum, in place ------------------------------------------------------------------------------------
@pytest.fixture
def salt(shop):
    return factories.make_product(shop, "Salt", min_stock=D(4))


def set_maximum(client, product, value, **headers):
    return client.post(reverse("inventory:set_maximum", args=[product.shop.slug, product.pk]), {"max_stock": value}, **headers)


@pytest.mark.parametrize(("value", "kept"), [("9", D(9)), ("", None)])
def test_a_maximum_is_set_and_taken_off_in_its_row(client, shop, salt, value, kept):
    client.force_login(shop.owner)
    answer = set_maximum(client, salt, value, headers=HTMX)
    salt.refresh_from_db()
    assert answer.status_code == 200
    assert f'<tr id="product-{salt.pk}">' in answer.content.decode()
    assert (salt.max_stock, salt.changed_by) == (kept, shop.owner)


@pytest.mark.parametrize("value", ["-1", "1.5", "NaN", "1e999", "3", "<script>"])
def test_a_maximum_that_is_none_or_under_the_minimum_is_refused_in_the_row(client, shop, salt, value):
    client.force_login(shop.owner)
    answer = set_maximum(client, salt, value, headers=HTMX)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert "<script>" not in answer.content.decode()
    salt.refresh_from_db()
    assert salt.max_stock is None


def test_a_maximum_is_set_without_javascript(client, shop, salt):
    client.force_login(shop.owner)
    assert set_maximum(client, salt, "9").url == reverse("inventory:low_stock", args=[shop.slug])
    assert "Set the maximum" in set_maximum(client, salt, "1").content.decode()


def test_staff_see_the_maximum_and_no_box(client, shop, salt):
    client.force_login(factories.make_member(shop, Role.STAFF))
    assert b"max_stock" not in client.get(reverse("inventory:low_stock", args=[shop.slug])).content
