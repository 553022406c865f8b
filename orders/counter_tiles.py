"""The tiles below the bill: the goods a shop chose, else what it weighs most."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Q

from catalog.counter_models import MOST_TILES
from catalog.tiles.selectors import chosen
from orders.counter_selectors import MOST_PLU_DIGITS
from shops.models import Shop

LATEST_LINES = 1000  # of bills, to see what sells: an index walked backwards, however many bills there are
LOOSE = Q(loose=True) | Q(unit__in=("kg", "g", "l", "ml"))
MOST_LOOSE = 300


@dataclass(frozen=True)
class Tile:
    """A press of it does what typing `code` and Enter does."""

    name: str
    local_name: str
    code: str

    @property
    def short_code(self) -> str:
        """The code where it is one to remember; nobody types a barcode."""
        return self.code if len(self.code) <= MOST_PLU_DIGITS else ""


def tiles(shop: Shop) -> list[Tile]:
    """The shop's tiles in their order; goods off sale or without a code are left out. One query where the shop has chosen."""
    rows = chosen(shop).values_list("name", "local_name", "code", "is_active")
    found = [Tile(name, local_name, code) for name, local_name, code, on_sale in rows if on_sale and code]
    return found or _most_weighed(shop)


def _most_weighed(shop: Shop) -> list[Tile]:
    """Goods by weight or measure with a PLU, those sold most of late first: a strip to start with."""
    lines = shop.order_lines.order_by("-pk").values_list("product_id", flat=True)[:LATEST_LINES]
    sold = Counter(lines)
    goods = shop.products.filter(LOOSE, is_active=True, plu__isnull=False).order_by("plu").values_list("pk", "name", "local_name", "plu")
    best = sorted(goods[:MOST_LOOSE], key=lambda one: (-sold[one[0]], one[3]))
    return [Tile(name, local_name, str(plu)) for _, name, local_name, plu in best[:MOST_TILES]]
