"""Counting: entries add up, are taken back by their reverse, and nobody who counts learns what the books have."""

from decimal import Decimal as D
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from inventory.count_scope import in_scope, standing, uncounted_lots
from inventory.counting import ask_recount, cancel_stock_take, finish_counting, open_stock_take, take_back
from inventory.errors import StockError
from inventory.models import CountEntry, StockTake
from smartkirana.db_rules import broken_rule
from tests import factories
from tests.inventory.counting_world import count, open_take


@pytest.fixture
def soap(shop):
    return factories.make_product(shop, stock=10)


@pytest.fixture
def take(shop, soap):
    return open_take(shop)


def refused(act, *args, **kwargs) -> StockError:
    with pytest.raises(StockError) as error:
        act(*args, **kwargs)
    return error.value


def test_keeps_what_the_books_had_at_that_moment(shop, soap, take, django_assert_max_num_queries):
    factories.make_order(shop, [(soap, 2)])
    with django_assert_max_num_queries(16):
        entry = count(take, soap, D("7"))
    assert (entry.quantity, entry.book, entry.round) == (7, 8, 1)
    assert [(row.lot, row.book) for row in entry.lots.all()] == [(soap.lots.get(), 8)]


def test_nothing_there_is_an_entry_too(take, soap):
    assert count(take, soap, 0).quantity == 0


@pytest.mark.parametrize("bad", ["-1", "0.5", "NaN", "Infinity", "1e12"])
def test_bad_quantity_is_refused(take, soap, bad):
    assert refused(count, take, soap, bad).code == "bad_quantity"
    assert not take.entries.exists()


def test_loose_goods_take_three_places(shop, take):
    sugar = factories.make_product(shop, "Sugar", mrp=None, unit="kg", loose=True, stock=5)
    assert count(take, sugar, "4.125").quantity == D("4.125")
    assert refused(count, take, sugar, "4.1255").code == "bad_quantity"


def test_goods_of_another_shop_are_unknown(take, other_shop):
    assert refused(count, take, factories.make_product(other_shop), 1).code == "unknown_product"


def test_goods_outside_the_stock_take_are_refused(shop, soap):
    tea = factories.make_product(shop, "Tea", stock=3)
    take = open_take(shop, words="soap")
    assert list(in_scope(take)) == [soap]
    error = refused(count, take, tea, 3)
    assert error.code == "not_in_scope"
    assert "Tea" in error.message


def test_a_lot_of_other_goods_is_refused(shop, take, soap):
    other = factories.make_product(shop, "Tea", stock=3).lots.get()
    assert refused(count, take, soap, 3, lot=other).code == "no_lot"


def test_lot_by_lot_and_all_together_are_not_mixed(shop, take, soap):
    count(take, soap, 3, lot=soap.lots.get())
    assert refused(count, take, soap, 3).code == "by_lots"
    tea = factories.make_product(shop, "Tea", stock=3)
    count(take, tea, 3)
    assert refused(count, take, tea, 3, lot=tea.lots.get()).code == "as_a_whole"


def test_same_form_enters_once_and_a_changed_one_is_refused(take, soap):
    key = uuid4()
    entry = count(take, soap, 4, request_key=key)
    assert count(take, soap, 4, request_key=key) == entry
    error = refused(count, take, soap, 5, request_key=key)
    assert error.code == "counted_already"
    assert "4 pc" in error.message
    assert refused(count, take, soap, 4, request_key=key, lot=soap.lots.get()).code == "counted_already"
    assert take.entries.count() == 1


def test_taken_back_once_and_only_by_whom_it_is(shop, take, soap):
    entry = count(take, soap, 4)
    assert refused(take_back, entry=entry, by=factories.make_member(shop)).code == "not_yours"
    back = take_back(entry=entry, by=shop.owner)
    assert (back.quantity, take_back(entry=entry, by=shop.owner)) == (-4, back)
    assert refused(take_back, entry=back, by=shop.owner).code == "is_a_reverse"
    assert not standing(take).exists()


def test_no_sentence_tells_what_the_books_have(shop, take):
    oil = factories.make_product(shop, "Oil")
    factories.stock_up(oil, 7731)
    count(take, oil, 1, lot=oil.lots.get())
    said = [refused(count, take, oil, bad).message for bad in ("-1", "1e9", "0.5", "1")]
    said.append(refused(count, take, oil, 1, lot=factories.make_product(shop, "Tea", stock=1).lots.get()).message)
    assert not [words for words in said if "773" in words]


@pytest.mark.parametrize("end", [finish_counting, lambda take: cancel_stock_take(take=take, by=take.opened_by)])
def test_nothing_is_entered_or_taken_back_after_the_counting(take, soap, end):
    entry = count(take, soap, 4)
    end(take=take)
    assert refused(count, take, soap, 4).code == "not_counting"
    assert refused(take_back, entry=entry, by=entry.by).code == "not_counting"


def test_uncounted_lots_are_those_no_entry_covers(shop, soap):
    oil = factories.make_product(shop, "Oil", stock=4)
    factories.stock_up(oil, 6, mrp=D("55.00"))
    take = open_take(shop)
    count(take, oil, 4, lot=oil.lots.get(mrp=D("52.50")))
    assert set(uncounted_lots(take)) == {soap.lots.get(), oil.lots.get(mrp=D("55.00"))}
    count(take, soap, 1)
    assert set(uncounted_lots(take)) == {oil.lots.get(mrp=D("55.00"))}


def test_recount_needs_counted_goods(shop, take, soap):
    finish_counting(take=take)
    assert refused(ask_recount, take=take, by=shop.owner, product_ids=[soap.pk]).code == "nothing_chosen"


def test_opened_once_for_a_form_and_numbered_in_order(shop, soap):
    key = uuid4()
    one = open_stock_take(shop=shop, by=shop.owner, name="Diwali", request_key=key)
    assert open_stock_take(shop=shop, by=shop.owner, request_key=key) == one
    assert (one.number, open_take(shop).number) == (1, 2)


def test_nothing_to_count_is_refused(shop, soap, other_shop):
    assert refused(open_take, shop, words="helicopter").code == "nothing_to_count"
    category = shop.categories.create(name="Snacks")
    assert refused(open_take, shop, category=category).code == "nothing_to_count"
    assert refused(open_take, shop, category=category, words="soap").code == "one_scope"
    assert refused(open_take, shop, category=other_shop.categories.create(name="Theirs")).code == "unknown_category"


# --- the database's own rules ---------------------------------------------------------------------------------
def breaks(act) -> str:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        act()
    return broken_rule(error.value)


def test_database_keeps_entries_as_they_were_written(shop, take, soap):
    entry = count(take, soap, 4)
    assert breaks(lambda: CountEntry.objects.filter(pk=entry.pk).update(quantity=5)) == "inventory_countentry_append_only"
    assert breaks(lambda: entry.lots.get().delete()) == "inventory_countedlot_append_only"
    written = {"shop": shop, "take": take, "product": soap, "by": shop.owner, "book": 0}
    assert breaks(lambda: CountEntry.objects.create(**written, quantity=-3)) == "inventory_countentry_sign"
    assert breaks(lambda: CountEntry.objects.create(**written, quantity=-3, reverses=entry)) == "inventory_countentry_reverses_itself"
    finish_counting(take=take)
    assert breaks(lambda: CountEntry.objects.create(**written, quantity=3)) == "inventory_countentry_while_counting"


@pytest.mark.parametrize("state", ["approved", "open"])
def test_database_keeps_the_stock_takes_legal_moves(shop, take, state):
    rows = StockTake.objects.filter(pk=take.pk)
    assert breaks(lambda: rows.update(status="approved")) == "inventory_stocktake_legal_moves"
    cancel_stock_take(take=take, by=shop.owner)
    assert breaks(lambda: rows.update(status=state)) == "inventory_stocktake_legal_moves"
    assert breaks(lambda: rows.update(words="tea")) == "inventory_stocktake_frozen"
    assert breaks(lambda: rows.delete()) == "inventory_stocktake_never_deleted"
