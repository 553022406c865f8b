"""The strip below the bill: the shop's tiles in their order, or what it weighs most until it has chosen."""

from django.urls import reverse

from catalog.barcodes import in_store_ean
from catalog.services import set_on_sale
from catalog.tiles.services import add_tile, move_tile
from orders.counter_tiles import Tile, tiles
from shops.models import Role
from tests import factories


def loose(shop, number, **fields):
    return factories.make_product(
        shop, f"Loose {number}", **{"mrp": None, "unit": "kg", "loose": True, "plu": number, "stock": 50, **fields}
    )


def names(shop) -> list[str]:
    return [tile.name for tile in tiles(shop)]


def test_chosen_tiles_come_in_their_order_with_the_code_to_type(shop):
    bread = factories.make_product(shop, "Bread", barcodes=[(in_store_ean("20", 1), 1)])
    sugar = loose(shop, 42, local_name="चीनी")
    add_tile(shop=shop, product=bread)
    move_tile(tile=add_tile(shop=shop, product=sugar), by=-1)
    assert tiles(shop) == [Tile("Loose 42", "चीनी", "42"), Tile("Bread", "", in_store_ean("20", 1))]
    assert [tile.short_code for tile in tiles(shop)] == ["42", ""], "nobody types a barcode"


def test_goods_off_sale_or_without_a_code_are_left_out(shop):
    gone, codeless, good = (loose(shop, number) for number in (1, 2, 3))
    for product in (gone, codeless, good):
        add_tile(shop=shop, product=product)
    set_on_sale(product=gone, by=shop.owner, on_sale=False)
    codeless.plu = None
    codeless.save(update_fields=["plu"])
    assert names(shop) == ["Loose 3"]


def test_until_a_shop_chooses_its_loose_goods_stand_there_most_sold_first(shop, other_shop):
    rice, sugar, _ = (loose(shop, number) for number in (1, 2, 3))
    soap = factories.make_product(shop, "Soap", plu=9, stock=50)
    loose(other_shop, 4)
    factories.make_order(shop, [(soap, 5), (sugar, 1)])
    factories.make_order(shop, [(sugar, 1), (rice, 1)])
    assert names(shop) == ["Loose 2", "Loose 1", "Loose 3"]
    add_tile(shop=shop, product=soap)
    assert names(shop) == ["Soap"]


def test_at_most_24_are_shown_unasked(shop):
    for number in range(1, 27):
        loose(shop, number, stock=None)
    assert len(tiles(shop)) == 24


def test_chosen_tiles_are_one_query_and_unchosen_ones_three(shop, django_assert_num_queries):
    for number in range(1, 6):
        loose(shop, number)
    with django_assert_num_queries(3):
        tiles(shop)
    for product in shop.products.all():
        add_tile(shop=shop, product=product)
    with django_assert_num_queries(1):
        tiles(shop)


def test_the_counter_shows_them_as_buttons_and_who_may_a_way_to_choose(shop, client):
    loose(shop, 42, local_name="चीनी")
    where = reverse("orders:counter", args=[shop.slug])
    choose = reverse("catalog:tiles", args=[shop.slug])
    client.force_login(factories.make_member(shop, Role.MANAGER))
    page = client.get(where).content.decode()
    assert 'data-act="tile" data-tile="42"' in page
    assert '<small lang="hi">चीनी</small>' in page
    assert choose in page
    client.force_login(factories.make_member(shop, Role.STAFF))
    assert choose not in client.get(where).content.decode()


def test_a_shop_without_such_goods_has_no_strip(shop, client):
    client.force_login(shop.owner)
    assert 'class="tiles"' not in client.get(reverse("orders:counter", args=[shop.slug])).content.decode()
