"""Which of our goods the items of a supplier's file are: by barcode, by what was said of the item earlier, by the very same name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models.functions import Upper

from inventory.bill_files.reading import Item
from inventory.models import BillFile, SupplierItem
from shops.models import Shop

BARCODE, REMEMBERED, NAME = "barcode", "remembered", "name"


@dataclass
class Match:
    """An item and the goods it is: `how` they were found, and the pieces in a pack when the finding says so."""

    item: Item
    product_id: int | None = None
    how: str = ""
    pack: Decimal | None = None


@dataclass
class Unmatched:
    """Items of one key that are none of our goods yet: asked for once."""

    items: list[Item]
    several: bool = False  # more than one of our goods has the name

    @property
    def first(self) -> Item:
        return self.items[0]


def match_items(file: BillFile, items: Sequence[Item]) -> list[Match]:
    """Every item with its goods; three queries, however many items."""
    shop = file.shop
    barcodes = _by_barcode(shop, items)
    remembered = _remembered(file, items)
    names = _by_name(shop, [item.name for item in items])
    return [_match(item, barcodes, remembered, names) for item in items]


def _match(item: Item, barcodes: dict, remembered: dict, names: dict[str, list[int]]) -> Match:
    if item.barcode in barcodes:
        return Match(item, barcodes[item.barcode][0], BARCODE, barcodes[item.barcode][1])
    if (known := remembered.get((item.kind, item.key))) is not None:
        return Match(item, known.product_id, REMEMBERED, known.pack_size)
    alike = names.get(item.name.upper(), [])
    return Match(item, alike[0], NAME) if len(alike) == 1 else Match(item, how=NAME if alike else "")


def _by_barcode(shop: Shop, items: Iterable[Item]) -> dict[str, tuple[int, Decimal]]:
    rows = shop.barcodes.filter(code__in={item.barcode for item in items if item.barcode})
    return {code: (product, holds) for code, product, holds in rows.values_list("code", "product_id", "pack_quantity")}


def _remembered(file: BillFile, items: Iterable[Item]) -> dict[tuple[str, str], SupplierItem]:
    rows = file.shop.supplier_items.filter(supplier=file.supplier_id, key__in={item.key for item in items})
    return {(row.kind, row.key): row for row in rows}


def _by_name(shop: Shop, names: Iterable[str]) -> dict[str, list[int]]:
    wanted = {name.upper() for name in names if name}
    rows = shop.products.filter(is_active=True).annotate(in_capitals=Upper("name")).filter(in_capitals__in=wanted)
    found: dict[str, list[int]] = {}
    for pk, name in rows.order_by("pk").values_list("pk", "in_capitals"):
        found.setdefault(name, []).append(pk)
    return found


def unmatched(file: BillFile, matches: Sequence[Match]) -> list[Unmatched]:
    """Items still to be decided, in the order of the file, those of one key together; without what was left out."""
    found: dict[str, Unmatched] = {}
    for match in matches:
        if match.product_id is None and match.item.key not in file.left_out:
            found.setdefault(match.item.key, Unmatched([], bool(match.how))).items.append(match.item)
    return list(found.values())
