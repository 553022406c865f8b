"""The columns a list of products can have, and what other programs call them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from smartkirana.text import normalise


class Column(NamedTuple):
    """A column: the field it fills, its heading in our files, what it holds, and other headings it goes by."""

    field: str
    heading: str
    note: str
    also: tuple[str, ...] = ()
    example: str = ""
    example_loose: str = ""


COLUMNS = (
    Column(
        "sku",
        "SKU",
        "Your own code. A row with a known SKU changes that product.",
        ("item code", "product code", "code", "item no", "article", "itemcode"),
    ),
    Column(
        "name",
        "Name",
        "Needed for a new product.",
        ("product", "product name", "item", "item name", "description", "particulars", "goods", "title"),
        "Parle-G Biscuits 70 g",
        "Toor dal, loose",
    ),
    Column(
        "local_name",
        "Local name",
        "The name in Hindi, Marathi …",
        ("hindi name", "regional name", "name in hindi", "print name", "alias"),
        "पारले-जी",
        "तूर डाळ",
    ),
    Column(
        "category",
        "Category",
        "Made when it does not exist yet.",
        ("group", "item group", "department", "section", "stock group", "product category"),
        "Biscuits",
        "Pulses",
    ),
    Column("subcategory", "Subcategory", "Kind within the category.", ("sub category", "sub group", "subgroup", "kind"), "Glucose", "Toor"),
    Column(
        "barcode",
        "Barcodes",
        "Several are parted by a comma; a carton's code says what it holds: 18901719101039=24.",
        ("barcode", "ean", "upc", "ean code", "bar code", "gtin", "scan code"),
        "8901719101038",
        "",
    ),
    Column(
        "unit",
        "Unit",
        "piece, packet, kg, g, litre, ml, dozen, box …",
        ("uom", "sold by", "units", "base unit", "primary unit", "measure"),
        "piece",
        "kg",
    ),
    Column("loose", "Loose", "yes when it is weighed at the counter.", ("is loose", "weighed", "weighable"), "no", "yes"),
    Column("plu", "PLU", "Short number to type, 1 to 99999.", ("plu code", "short code", "scale code"), "", "212"),
    Column("hsn", "HSN", "4, 6 or 8 digits; the GST rate follows from it.", ("hsn code", "hsn sac", "hsn no", "hsncode"), "190531", "0713"),
    Column(
        "gst_rate",
        "GST %",
        "Needed when the HSN does not decide it alone.",
        ("gst", "gst rate", "tax", "tax rate", "tax percent", "igst", "gst percentage", "rate of tax"),
        "5",
        "",
    ),
    Column(
        "mrp",
        "MRP",
        "Rupees, the printed price. Empty for goods without one.",
        ("mrp rs", "max retail price", "maximum retail price", "mrp price"),
        "10",
        "",
    ),
    Column(
        "price",
        "Selling price",
        "Rupees with GST. MRP when empty.",
        ("price", "sale price", "sales price", "rate", "sp", "selling rate", "retail price", "sale rate", "sales rate", "unit price"),
        "10",
        "148",
    ),
    Column(
        "cost",
        "Cost",
        "Rupees for one, not above the selling price.",
        ("purchase price", "purchase rate", "cost price", "cp", "buying price", "landing cost", "landed cost"),
        "8.40",
        "126.50",
    ),
    Column(
        "min_stock",
        "Minimum stock",
        "Below it the product is on the low-stock list.",
        ("min stock", "reorder level", "min qty", "minimum quantity", "low stock"),
        "24",
        "10",
    ),
    Column("max_stock", "Maximum stock", "", ("max stock", "max qty", "maximum quantity"), "", "60"),
    Column("reorder_quantity", "Order at a time", "", ("reorder quantity", "reorder qty", "order quantity", "order qty"), "48", "30"),
    Column("perishable", "Perishable", "yes or no.", ("is perishable",), "no", "no"),
    Column(
        "search_words",
        "Other words",
        "Words that buyers ask with.",
        ("search words", "tags", "keywords", "also known as"),
        "glucose",
        "tuvar arhar",
    ),
    Column("shelf", "Shelf", "Where it stands.", ("rack", "location", "bin", "rack no", "shelf no", "place"), "Rack 3", "Back room"),
    Column("is_active", "On sale", "yes or no.", ("active", "status", "is active", "enabled"), "yes", "yes"),
)
BY_FIELD = {column.field: column for column in COLUMNS}


def guess(headers: Sequence[str]) -> dict[str, int]:
    """Field → number of the file's column, as the headings suggest; the exact heading wins over one that only sounds like it."""
    ours = [_plain(header) for header in headers]
    found: dict[str, int] = {}
    for names in (lambda c: [c.heading], lambda c: c.also):
        for column in COLUMNS:
            wanted = {_plain(name) for name in names(column)}
            for number, header in enumerate(ours):
                if header in wanted and column.field not in found and number not in found.values():
                    found[column.field] = number
    return found


def _plain(heading: str) -> str:
    return normalise(heading).replace(" rs", "").replace(" inr", "").strip()
