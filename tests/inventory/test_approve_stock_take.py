"""Approving a stock take: the lots come to the count plus what happened since, and the books say so too."""

from datetime import timedelta
from decimal import Decimal as D
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.count_approval import approve_stock_take
from inventory.counting import ask_recount, cancel_stock_take, finish_counting, go_on_counting, take_back
from inventory.errors import StockError
from inventory.models import StockEvent, StockMovement
from inventory.services import adjust_stock
from smartkirana.dates import shop_today
from tests import factories
from tests.inventory.buying import books_agree, postings
from tests.inventory.counting_world import approve, count, open_take, stock


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, stock=10)


@pytest.fixture
def take(shop, soap):
    return open_take(shop)


def test_short_goods_leave_the_lot_and_are_a_loss(shop, soap, take):
    count(take, soap, 8)
    paper = approve(take)
    assert stock(soap) == [8]
    assert postings(paper) == {"1003": D("-80.00"), "5020": D("80.00")}
    assert (paper.kind, paper.event.kind, paper.stock_take.status) == ("count", "counted", "approved")
    books_agree(shop)


def test_found_goods_join_the_lot_and_are_income(shop, soap, take):
    count(take, soap, 11)
    paper = approve(take)
    assert stock(soap) == [11]
    assert postings(paper) == {"1003": D("40.00"), "4300": D("-40.00")}
    books_agree(shop)


def test_found_and_short_are_one_entry_with_both_sides(shop, soap, take):
    salt = factories.make_product(shop, "Salt", stock=5, cost="20")
    count(take, soap, 7)
    count(take, salt, 9)
    paper = approve(take)
    assert postings(paper) == {"1003": D("-40.00"), "4300": D("-80.00"), "5020": D("120.00")}
    assert StockEvent.objects.filter(kind="counted").count() == 1
    books_agree(shop)


def test_sales_after_the_count_stay_sold(shop, soap, take):
    count(take, soap, 8)
    factories.make_order(shop, [(soap, 3)])
    approve(take)
    assert stock(soap) == [5]
    books_agree(shop)


def test_two_places_add_up_against_the_books_of_the_first_moment(shop, soap, take):
    ravi = factories.make_member(shop)
    count(take, soap, 6)
    factories.make_order(shop, [(soap, 2)])  # from the shelf counted already
    count(take, soap, 3, by=ravi)
    approve(take)
    assert stock(soap) == [7]  # 9 were there, 2 were sold
    books_agree(shop)


def test_entry_taken_back_moves_the_moment_on(shop, soap, take):
    wrong = count(take, soap, 80)
    take_back(entry=wrong, by=shop.owner)
    factories.make_order(shop, [(soap, 2)])
    count(take, soap, 8)
    approve(take)
    assert stock(soap) == [8]


def test_recount_makes_the_earlier_entries_void(shop, soap, take):
    count(take, soap, 3)
    take = finish_counting(take=take)
    assert ask_recount(take=take, by=shop.owner, product_ids=[soap.pk]) == 1
    take.refresh_from_db()
    assert take.status == "open"
    count(take, soap, 9)
    approve(take)
    assert stock(soap) == [9]


def test_credit_taken_on_short_goods_goes_back(shop, take):
    tea = factories.make_product(shop, "Tea", gst="other-18", price="140", mrp="150", cost="100")
    factories.stock_up(tea, 10, credit_rate=D(18))
    count(take, tea, 8)
    paper = approve(take)
    assert postings(paper) == {"1003": D(-200), "5020": D(200), "5025": D(36), "1301": D(-18), "1302": D(-18)}
    books_agree(shop)


def test_goods_only_booked_in_another_lot_give_no_credit_back(shop, take):
    tea = factories.make_product(shop, "Tea", gst="other-18", price="140", mrp="150", cost="100")
    factories.stock_up(tea, 10, credit_rate=D(18), mrp=D(150))
    factories.stock_up(tea, 10, credit_rate=D(18), mrp=D(160))
    old, new = tea.lots.order_by("pk")
    count(take, tea, 7, lot=old)
    count(take, tea, 13, lot=new)
    paper = approve(take)
    assert stock(tea) == [7, 13]
    assert postings(paper) == {"4300": D(-300), "5020": D(300)}
    books_agree(shop)


def test_every_lot_comes_to_its_own_count(shop, take):
    oil = factories.make_product(shop, "Oil", stock=4)
    factories.stock_up(oil, 6, mrp=D("55.00"))
    dear = oil.lots.get(mrp=D("55.00"))
    count(take, oil, 4, lot=oil.lots.get(mrp=D("52.50")))
    count(take, oil, 5, lot=dear)
    approve(take)
    assert stock(oil) == [4, 5]


def test_lots_that_look_alike_are_counted_together_and_the_first_expiring_is_short(shop, take):
    milk = factories.make_product(shop, "Milk", mrp=None)
    factories.stock_up(milk, 5)
    factories.stock_up(milk, 5)
    count(take, milk, 7, lot=milk.lots.order_by("-pk")[0])
    approve(take)
    assert stock(milk) == [2, 5]


def test_counted_all_together_squares_a_lot_below_zero(shop, take):
    oil = factories.make_product(shop, "Oil", stock=2)
    factories.make_order(shop, [(oil, 5)])
    factories.stock_up(oil, 5, mrp=D("55.00"))
    assert stock(oil) == [-3, 5]
    count(take, oil, 0)
    approve(take)
    assert stock(oil) == [0, 0]
    books_agree(shop)


def test_found_goods_that_the_books_never_knew_get_a_lot(shop, take):
    new = factories.make_product(shop, "Pen", cost="3.50", mrp="5", price="5")
    count(take, new, 12)
    approve(take)
    lot = new.lots.get()
    assert (lot.on_hand, lot.unit_cost, lot.mrp, lot.value) == (12, D("3.5"), 5, D("42.00"))
    books_agree(shop)


def test_goods_nobody_counted_stay_unless_they_are_taken_as_gone(shop, soap):
    salt = factories.make_product(shop, "Salt", stock=5)
    first = open_take(shop)
    count(first, soap, 10)
    approve(first)
    assert stock(salt) == [5]
    second = open_take(shop)
    count(second, soap, 10)
    factories.stock_up(factories.make_product(shop, "Jam"), 3)  # came in after the counting began
    approve(second, uncounted="zero")
    assert (stock(salt), stock(soap)) == ([0], [10])
    assert shop.lots.get(product__name="Jam").on_hand == 3
    books_agree(shop)


def test_nothing_different_is_approved_without_a_movement(shop, soap, take):
    count(take, soap, 10)
    paper = approve(take)
    assert not StockMovement.objects.filter(reason="count").exists()
    assert paper.event
    books_agree(shop)


def test_same_form_approves_once(shop, soap, take):
    key = uuid4()
    count(take, soap, 8)
    paper = approve(take, request_key=key)
    assert approve_stock_take(take=take, by=shop.owner, request_key=key) == paper
    assert stock(soap) == [8]
    with pytest.raises(StockError) as refused:
        approve_stock_take(take=take, by=shop.owner, request_key=uuid4())
    assert refused.value.code == "decided"


def test_stock_put_right_meanwhile_must_be_counted_again(shop, soap, take):
    count(take, soap, 8)
    adjust_stock(shop=shop, by=shop.owner, product=soap, reason="correction", counted=D(8))
    with pytest.raises(StockError, match="Soap") as refused:
        approve(take)
    assert refused.value.code == "recount"
    assert stock(soap) == [8]
    ask_recount(take=take, by=shop.owner, product_ids=[soap.pk])
    count(take, soap, 8)
    approve(take)
    assert stock(soap) == [8]


def test_goods_of_two_stock_takes_are_not_put_right_twice(shop, soap):
    one, two = open_take(shop), open_take(shop)
    count(one, soap, 8)
    count(two, soap, 8)
    approve(one)
    with pytest.raises(StockError) as refused:
        approve(two)
    assert refused.value.code == "recount"
    assert stock(soap) == [8]


def test_more_sold_since_than_was_counted_is_refused_where_the_shop_blocks(shop, soap, take):
    count(take, soap, 2)
    factories.make_order(shop, [(soap, 6)])
    shop.stock_policy = "block"
    shop.save(update_fields=["stock_policy"])
    take.refresh_from_db()
    with pytest.raises(StockError) as refused:
        approve(take)
    assert refused.value.code == "recount"
    assert stock(soap) == [4]


def test_more_sold_since_than_was_counted_goes_below_zero_where_sales_do(shop, soap, take):
    count(take, soap, 2)
    factories.make_order(shop, [(soap, 6)])
    approve(take)
    assert stock(soap) == [-4]
    books_agree(shop)


def test_open_or_cancelled_is_not_approved(shop, soap, take):
    with pytest.raises(StockError) as refused:
        approve_stock_take(take=take, by=shop.owner)
    assert refused.value.code == "still_counting"
    cancel_stock_take(take=take, by=shop.owner)
    for act in (finish_counting, go_on_counting):
        with pytest.raises(StockError):
            act(take=take)
    with pytest.raises(StockError) as refused:
        approve_stock_take(take=take, by=shop.owner)
    assert refused.value.code == "decided"


def test_statements_do_not_grow_with_the_goods(shop):
    counted = []
    for size in (2, 12):
        goods = [factories.make_product(shop, f"Goods {size} {n}", stock=10) for n in range(size)]
        goods.append(factories.make_product(shop, f"New {size}"))
        factories.make_product(shop, f"Forgotten {size}", stock=1)
        take = open_take(shop)
        for n, product in enumerate(goods):
            count(take, product, 9 + n % 3)
        take = finish_counting(take=take)
        with CaptureQueriesContext(connection) as asked:
            approve_stock_take(take=take, by=shop.owner, uncounted="zero", request_key=uuid4())
        counted.append(len(asked))
    assert counted[0] == counted[1] <= 25


def test_best_before_tells_lots_apart(shop, take):
    curd = factories.make_product(shop, "Curd")
    for days in (3, 9):
        factories.stock_up(curd, 4, expiry=shop_today() + timedelta(days=days))
    late = curd.lots.order_by("-expiry")[0]
    count(take, curd, 1, lot=late)
    approve(take)
    assert stock(curd) == [4, 1]
