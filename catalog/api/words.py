"""Where the API's names for a product's fields differ from the program's own, and refusals told in the API's names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from smartkirana.errors import Refusal

OURS = {
    "selling_price": "price",
    "cost_price": "cost",
    "hsn_code": "hsn",
    "min_stock_level": "min_stock",
    "max_stock_level": "max_stock",
    "is_perishable": "perishable",
    "is_loose": "loose",
}  # the API's name → the field of Product
THEIRS = {ours: theirs for theirs, ours in OURS.items()} | {"barcodes": "barcode"}


@contextmanager
def named_as(names: Mapping[str, str]) -> Iterator[None]:
    """Let a Refusal inside speak of the API's field: `names` is the program's name → the API's. "lines-2-packs" is "lines.2.packs"."""
    try:
        yield
    except Refusal as refusal:
        refusal.field = refusal.field and _theirs(refusal.field, names)
        raise


def _theirs(field: str, names: Mapping[str, str]) -> str:
    block, number, name = (*field.split("-"), "", "")[:3]
    if not number.isdigit():
        return names.get(field, field)
    return ".".join(part for part in (names.get(block, block), number, names.get(name, name)) if part)
