"""The acts on a shop's tiles."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.counter_models import MOST_TILES, Favourite
from catalog.errors import CatalogError
from catalog.models import Product
from catalog.ordering import change_places, close_ranks, hold_list, next_place
from shops.models import Shop


@transaction.atomic
def add_tile(*, shop: Shop, product: Product) -> Favourite:
    """Put a product on a tile behind the others; the tile it has already when it has one.

    Raises CatalogError "too_many", "no_code", "not_on_sale".
    """
    hold_list(shop)
    if known := shop.favourites.filter(product=product).first():
        return known
    if not product.is_active:
        raise CatalogError("not_on_sale", _("{name} is not on sale any more.").format(name=product.name))
    if product.plu is None and not product.barcodes.exists():
        sentence = _("{name} has no code to type yet. Give it one on its page, then it can have a tile.")
        raise CatalogError("no_code", sentence.format(name=product.name))
    place = next_place(shop.favourites.all())
    if place > MOST_TILES:
        raise CatalogError("too_many", _("There is room for {most} tiles. Take one off first.").format(most=MOST_TILES))
    return Favourite.objects.create(shop=shop, product=product, position=place)


@transaction.atomic
def move_tile(*, tile: Favourite, by: int) -> bool:
    """Move a tile to the front (-1) or to the back (1) by one place; False when it is first or last already."""
    hold_list(tile.shop)
    return change_places(tile.shop.favourites.all(), tile.pk, by)


@transaction.atomic
def remove_tile(*, tile: Favourite) -> None:
    """Take a tile off; those behind it move up."""
    hold_list(tile.shop)
    found = tile.shop.favourites.filter(pk=tile.pk).first()
    if found is not None:
        found.delete()
        close_ranks(tile.shop.favourites.all(), found.position)
