"""What a column of a supplier's file may be, and the headings by which suppliers' programs call it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.utils.translation import gettext_noop

from inventory.errors import StockError
from smartkirana.text import normalise


class Column(NamedTuple):
    """What a column may be matched to; the first spelling that a file has wins."""

    field: str
    label: str
    spellings: tuple[str, ...]


COLUMNS = (
    Column(
        "code",
        gettext_noop("Supplier's item code"),
        (
            "item code", "product code", "material code", "sku code", "article code", "prod code", "itemcode", "pcode", "icode", "code",
            "sku", "item no", "article no", "article", "material", "part no", "item id", "product id",
        ),
    ),
    Column(
        "barcode",
        gettext_noop("Barcode"),
        (
            "barcode", "bar code", "ean", "ean code", "ean no", "ean 13", "ean13", "ean upc", "upc", "gtin", "barcode no", "scan code",
        ),
    ),
    Column(
        "name",
        gettext_noop("Item name"),
        (
            "item name", "product name", "name of item", "name of product", "name of the item", "item description",
            "product description", "material description", "sku description", "sku name", "description of goods", "goods description",
            "description", "particulars", "item details", "item", "items", "product", "products", "goods", "name",
        ),
    ),
    Column("hsn", gettext_noop("HSN"), ("hsn", "hsn code", "hsn sac", "hsn sac code", "hsn no", "hsncode", "hsn sac no", "sac", "tariff")),
    Column("batch", gettext_noop("Batch"), ("batch", "batch no", "batch number", "lot", "lot no", "lot number", "b no", "bno")),
    Column(
        "expiry",
        gettext_noop("Expiry"),
        (
            "expiry", "expiry date", "exp date", "exp dt", "expdt", "exp", "best before", "best before date", "use by", "expires",
            "expiry dt", "exp mm yy", "expiry mm yy",
        ),
    ),
    Column(
        "mrp",
        gettext_noop("MRP"),
        (
            "mrp", "m r p", "max retail price", "maximum retail price", "mrp price", "mrp per unit", "mrp unit", "mrp pc", "mrp per pc",
        ),
    ),
    Column(
        "quantity",
        gettext_noop("Quantity"),
        (
            "qty", "quantity", "billed qty", "bill qty", "billed quantity", "invoice qty", "inv qty", "qty billed", "sale qty",
            "sales qty", "supplied qty", "despatched qty", "shipped qty", "qnty", "qty pcs", "qty nos", "quantity pcs", "no of units",
            "units", "pcs", "nos", "total qty",
        ),
    ),
    Column(
        "free",
        gettext_noop("Free quantity"),
        (
            "free", "free qty", "free quantity", "scheme qty", "sch qty", "bonus", "bonus qty", "foc", "foc qty", "f qty", "free goods",
            "free pcs",
        ),
    ),
    Column(
        "pack",
        gettext_noop("Pack: pieces in it"),
        (
            "pieces in a pack", "pcs in a pack", "pcs per pack", "pcs per case", "pcs per box", "pcs in case", "pcs case", "units case",
            "pcs box", "units per case", "units per pack", "pack size", "case size", "pack", "packing", "conversion", "conv", "cfc",
        ),
    ),
    Column(
        "rate",
        gettext_noop("Rate"),
        (
            "rate", "unit rate", "unit price", "basic rate", "purchase rate", "pur rate", "price", "basic price", "purchase price",
            "selling rate", "trade price", "trade rate", "ptr", "net rate", "rate per unit", "price per unit", "rate unit", "rate pc",
            "cost price", "cost",
        ),
    ),
    Column(
        "discount_percent",
        gettext_noop("Discount %"),
        (
            "disc percent", "discount percent", "disc per", "discount per", "dis percent", "td percent", "trade disc percent",
            "trade discount percent", "scheme percent", "sch percent", "disc", "discount", "dis", "trade discount", "trade disc",
        ),
    ),
    Column(
        "discount",
        gettext_noop("Discount ₹"),
        (
            "discount amount", "disc amount", "disc amt", "discount amt", "disc rs", "discount rs", "dis amt", "disc value",
            "discount value", "scheme amount", "sch amt", "trade discount amount",
        ),
    ),
    Column(
        "gst",
        gettext_noop("GST %"),
        (
            "gst percent", "gst rate", "tax percent", "tax rate", "gst rate percent", "igst percent", "igst rate", "gst per", "tax per",
            "rate of tax", "rate of gst", "total gst percent", "gst", "tax",
        ),
    ),
    Column(
        "half_gst",
        gettext_noop("CGST %, half of the GST"),
        (
            "cgst percent", "cgst rate", "cgst per", "sgst percent", "sgst rate", "sgst per",
        ),
    ),
    Column(
        "total",
        gettext_noop("Line total"),
        (
            "net amount", "total amount", "line total", "item total", "amount", "net amt", "total amt", "amt", "net value", "value",
            "total", "taxable value", "taxable amount", "taxable amt", "taxable", "gross amount", "gross amt",
        ),
    ),
)  # fmt: skip
BY_FIELD = {column.field: column for column in COLUMNS}
NAMED_BY = ("barcode", "code", "name")


def plain(heading: str) -> str:
    """A heading in the form it is compared in: "Disc. %" is "disc percent", "MRP (₹)" is "mrp rs"."""
    return normalise(heading.replace("%", " percent ").replace("₹", " rs "))


def guess(headings: Sequence[str], known: Sequence[Column] = COLUMNS) -> dict[str, int]:
    """Field → number of the file's column, as the headings suggest; `known` are the columns that such a file may have."""
    ours = [plain(heading) for heading in headings]
    bare = [heading.removesuffix(" rs").removesuffix(" inr").removesuffix(" in") for heading in ours]
    found: dict[str, int] = {}
    for column in known:
        free = [n for n in range(len(ours)) if n not in found.values()]
        for spelling in column.spellings:
            at = next((n for n in free if spelling in (ours[n], bare[n])), None)
            if at is not None and not (column.field == "discount_percent" and ours[at] != bare[at]):  # "Disc ₹" is no percent
                found[column.field] = at
                break
    return found


def signature(headings: Sequence[str]) -> str:
    """One short text for a row of headings; spelling in capitals or with dots makes no difference."""
    return hashlib.sha256("\n".join(plain(heading) for heading in headings).encode()).hexdigest()


def checked_mapping(mapping: Mapping[str, int], headings: Sequence[str]) -> dict[str, int]:
    """A mapping that a bill can be read by. Raises StockError "bad_column", "column_twice", "no_columns"."""
    for field, number in mapping.items():
        if field not in BY_FIELD or isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < len(headings):
            raise StockError("bad_column", "Choose from the list what each column is.")
    if len(set(mapping.values())) < len(mapping):
        raise StockError("column_twice", "A column can be one thing only.")
    if not mapping.keys() & set(NAMED_BY):
        raise StockError("no_columns", "Say which column names the goods: the barcode, the supplier's item code, or the item name.")
    for field in ("quantity", "rate"):
        if field not in mapping:
            raise StockError("no_columns", f"Say which column is the {field}.")
    return dict(mapping)
