"""The goods on the counter's tiles: chosen, ordered and taken off on one page, with and without JavaScript."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from catalog.barcodes import in_store_ean
from catalog.counter_models import MOST_TILES, Favourite
from catalog.errors import CatalogError
from catalog.services import set_on_sale
from catalog.tiles.selectors import chosen, to_choose
from catalog.tiles.services import add_tile, move_tile, remove_tile
from shops.models import Role
from smartkirana.db_rules import broken_rule
from tests import factories
from tests.at_once import at_once

HTMX = {"HTTP_HX_REQUEST": "true"}


def goods(shop, number, **fields):
    return factories.make_product(shop, f"Loose {number:02}", mrp=None, unit="kg", loose=True, plu=number, **fields)


def order(shop) -> list[str]:
    return [f"{one.position} {one.name}" for one in chosen(shop)]


def page(shop, name="tiles", *args) -> str:
    return reverse(f"catalog:{name}", args=[shop.slug, *args])


@pytest.fixture
def manager(shop, client):
    client.force_login(factories.make_member(shop, Role.MANAGER))
    return client


# --- rules --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("rule", "position"), [("at_most_24", 25), ("at_most_24", 0), ("position", 1)])
def test_the_database_keeps_places(shop, rule, position):
    add_tile(shop=shop, product=goods(shop, 1))
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        Favourite.objects.create(shop=shop, product=goods(shop, 2), position=position)
    assert broken_rule(error.value) == f"catalog_favourite_{rule}"


def test_a_product_has_one_tile(shop):
    sugar = goods(shop, 1)
    add_tile(shop=shop, product=sugar)
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        Favourite.objects.create(shop=shop, product=sugar, position=2)
    assert broken_rule(error.value) == "catalog_favourite_once"


def test_a_tile_never_shows_another_shops_goods(shop, other_shop):
    theirs = goods(other_shop, 1)
    Favourite.objects.create(shop=shop, product=theirs, position=1)
    with pytest.raises(IntegrityError) as error:
        connection.check_constraints()
    assert broken_rule(error.value) == "catalog_favourite_product_same_shop"


# --- acts ---------------------------------------------------------------------------------------------------------
def test_tiles_stand_in_the_order_they_were_added_moved_and_left(shop):
    one, two, three = (add_tile(shop=shop, product=goods(shop, number)) for number in (1, 2, 3))
    move_tile(tile=three, by=-1)
    assert order(shop) == ["1 Loose 01", "2 Loose 03", "3 Loose 02"]
    assert not move_tile(tile=one, by=-1)
    assert not move_tile(tile=two, by=1)
    remove_tile(tile=one)
    remove_tile(tile=one)
    assert order(shop) == ["1 Loose 03", "2 Loose 02"]


def test_adding_twice_is_one_tile(shop):
    sugar = goods(shop, 1)
    assert add_tile(shop=shop, product=sugar) == add_tile(shop=shop, product=sugar)


def test_the_twenty_fifth_is_refused(shop):
    for number in range(1, MOST_TILES + 1):
        add_tile(shop=shop, product=goods(shop, number))
    with pytest.raises(CatalogError, match="room for 24 tiles"):
        add_tile(shop=shop, product=goods(shop, 25))


def test_goods_without_a_code_or_off_sale_get_none(shop):
    codeless = factories.make_product(shop, "Codeless")
    with pytest.raises(CatalogError, match="Codeless has no code to type yet"):
        add_tile(shop=shop, product=codeless)
    gone = goods(shop, 1)
    set_on_sale(product=gone, by=shop.owner, on_sale=False)
    with pytest.raises(CatalogError, match="not on sale any more"):
        add_tile(shop=shop, product=gone)


@pytest.mark.django_db(transaction=True)
def test_two_people_adding_at_once_get_two_places(shop):
    products = [goods(shop, 1), goods(shop, 2)]
    added = at_once([lambda one=one: add_tile(shop=shop, product=one) for one in products])
    assert sorted(tile.position for tile in added) == [1, 2]


# --- reading ------------------------------------------------------------------------------------------------------
def test_the_code_of_a_tile_is_the_plu_else_the_barcode_of_one_piece(shop):
    carton, packet = in_store_ean("20", 1), in_store_ean("20", 2)
    with_both = factories.make_product(shop, "Both", plu=7, barcodes=[(packet, 1)])
    packed = factories.make_product(shop, "Packed", barcodes=[(carton, Decimal(12)), (in_store_ean("20", 3), 1)])
    for product in (with_both, packed):
        add_tile(shop=shop, product=product)
    assert [one.code for one in chosen(shop)] == ["7", in_store_ean("20", 3)]


def test_loose_goods_are_offered_until_something_is_searched(shop):
    goods(shop, 2)
    factories.make_product(shop, "Biscuits")
    assert [one.name for one in to_choose(shop, "")] == ["Loose 02"]
    assert [one.name for one in to_choose(shop, "bisc")] == ["Biscuits"]


# --- the page -----------------------------------------------------------------------------------------------------
def test_a_plain_browser_adds_moves_and_removes(shop, manager):
    one, two = goods(shop, 1), goods(shop, 2)
    for product in (one, two):
        assert manager.post(page(shop, "tile_add", product.pk)).url == page(shop)
    tile = shop.favourites.get(product=two)
    assert manager.post(page(shop, "tile_move", tile.pk), {"to": "up"}).url == page(shop)
    assert order(shop) == ["1 Loose 02", "2 Loose 01"]
    assert manager.post(page(shop, "tile_remove", tile.pk)).url == page(shop)
    assert order(shop) == ["1 Loose 01"]
    assert "1 of 24 tiles" in manager.get(page(shop)).content.decode()


def test_htmx_gets_the_page_body_with_the_search_still_there(shop, manager):
    sugar = goods(shop, 1)
    body = manager.post(page(shop, "tile_add", sugar.pk), {"q": "loose"}, **HTMX).content.decode()
    assert 'id="tiles-body"' in body
    assert "<html" not in body
    assert 'value="loose"' in body
    assert "on a tile" in body


def test_typing_swaps_only_what_was_found(shop, manager):
    goods(shop, 1)
    body = manager.get(page(shop), {"q": "loose"}, HTTP_HX_TARGET="to-choose", **HTMX).content.decode()
    assert 'id="to-choose"' in body
    assert 'id="tiles-body"' not in body
    assert "No product on sale" in manager.get(page(shop), {"q": "zzz"}, HTTP_HX_TARGET="to-choose", **HTMX).content.decode()


def test_a_refusal_is_a_sentence_on_the_page(shop, manager):
    codeless = factories.make_product(shop, "Codeless")
    answer = manager.post(page(shop, "tile_add", codeless.pk), **HTMX)
    assert answer.status_code == 422
    assert "no code to type yet" in answer.content.decode()
    told = manager.post(page(shop, "tile_add", codeless.pk), follow=True).content.decode()
    assert "no code to type yet" in told


def test_a_tile_that_is_not_shown_says_why(shop, manager):
    sugar, rice = goods(shop, 1), goods(shop, 2)
    for product in (sugar, rice):
        add_tile(shop=shop, product=product)
    set_on_sale(product=sugar, by=shop.owner, on_sale=False)
    rice.plu = None
    rice.save(update_fields=["plu"])
    body = manager.get(page(shop)).content.decode()
    assert "not on sale: not shown" in body
    assert "no code to type: not shown" in body


def test_the_page_asks_the_same_number_of_questions_for_one_tile_and_for_twenty(shop, manager, django_assert_num_queries):
    add_tile(shop=shop, product=goods(shop, 1))
    with django_assert_num_queries(6):
        manager.get(page(shop))
    for number in range(2, 21):
        add_tile(shop=shop, product=goods(shop, number))
    with django_assert_num_queries(6):
        manager.get(page(shop))


@pytest.mark.parametrize("role", [Role.STAFF, Role.ACCOUNTANT])
def test_only_who_may_change_goods_chooses_tiles(shop, client, role):
    sugar = goods(shop, 1)
    tile = add_tile(shop=shop, product=sugar)
    client.force_login(factories.make_member(shop, role))
    assert client.get(page(shop)).status_code == 403
    for name, pk in (("tile_add", sugar.pk), ("tile_move", tile.pk), ("tile_remove", tile.pk)):
        assert client.post(page(shop, name, pk)).status_code == 403


def test_another_shops_tile_and_goods_are_not_there(shop, other_shop, manager):
    theirs = goods(other_shop, 1)
    tile = add_tile(shop=other_shop, product=theirs)
    for name, pk in (("tile_add", theirs.pk), ("tile_move", tile.pk), ("tile_remove", tile.pk)):
        assert manager.post(page(shop, name, pk), {"to": "up"}).status_code == 404
