"""Products as a file: the same columns that an import reads, so that a list can go out, be changed, and come back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO

from catalog.gst import all_goods
from catalog.importing.columns import COLUMNS
from catalog.models import Product
from catalog.selectors import with_stock
from shops.models import Shop
from smartkirana.money import plain
from smartkirana.xlsx import cell, empty_book

CHUNK = 1000
RISKY = ("=", "+", "-", "@", "\t", "\r")
TEXT_COLUMNS = frozenset({"SKU", "Barcodes", "HSN", "PLU"})


def export_rows(shop: Shop, day: date, *, see_cost: bool) -> Iterator[list[str]]:
    """The heading and a row for each product, by name; read in chunks, so that a long list needs little memory."""
    columns = [c for c in COLUMNS if see_cost or c.field != "cost"]
    yield [*(c.heading for c in columns), "In stock"]
    rates = {g.pk: g.gst_rate for g in all_goods(day)}
    products = with_stock(shop.products.select_related("category"), shop).defer("search_text", "search_vector").order_by("name", "pk")
    for product in products.prefetch_related("barcodes").iterator(chunk_size=CHUNK):
        yield [*(_said(product, c.field, rates) for c in columns), as_text(product.stock)]


def _said(product: Product, field: str, rates: dict[int, Decimal]) -> str:
    if field == "category":
        return product.category.name if product.category else ""
    if field == "barcode":
        return ", ".join(b.code if b.pack_quantity == 1 else f"{b.code}={plain(b.pack_quantity)}" for b in product.barcodes.all())
    if field == "gst_rate":
        return as_text(rates[product.gst_goods_id])
    if field == "unit":
        return product.get_unit_display()
    return as_text(getattr(product, field))


def as_text(value: object) -> str:
    """A value as a file holds it: 12.5, yes, nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return plain(value) if isinstance(value, Decimal) else str(value)


def safe(cell: str) -> str:
    """Text that a spreadsheet would run as a formula gets an apostrophe before it; an import takes that off again."""
    return f"'{cell}" if cell.startswith(RISKY) else cell


def csv_lines(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """CSV for Excel and everybody else: UTF-8 with its mark, so that Hindi names stay."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    yield b"\xef\xbb\xbf"
    for row in rows:
        writer.writerow([safe(cell) for cell in row])
        if buffer.tell() > 16_000:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def xlsx_file(rows: Iterable[Sequence[str]], *, notes: Iterable[Sequence[str]] = ()) -> IO[bytes]:
    """An open temporary XLSX of the rows. Every cell is text, which no spreadsheet runs, except plain figures."""
    book = empty_book()
    sheet = book.create_sheet("Products")
    sheet.freeze_panes = "C2"
    for letter, width in (("A", 14), ("B", 34), ("C", 24), ("D", 18), ("E", 24)):
        sheet.column_dimensions[letter].width = width
    headings: Sequence[str] = ()
    for row in rows:
        if not headings:
            headings = row
            sheet.append([cell(sheet, text, bold=True) for text in row])
        else:
            sheet.append([_value(sheet, heading, text) for heading, text in zip(headings, row, strict=True)])
    if notes:
        about = book.create_sheet("Notes")
        about.column_dimensions["A"].width = 20
        about.column_dimensions["B"].width = 90
        for row in notes:
            about.append([cell(about, text) for text in row])
    file = TemporaryFile()  # noqa: SIM115  (the response that sends it closes it)
    book.save(file)
    file.seek(0)
    return file


def _value(sheet, heading: str, text: str):
    if heading not in TEXT_COLUMNS and text[:1].isdigit() and text.replace(".", "", 1).isascii() and text.replace(".", "", 1).isdigit():
        return Decimal(text)
    return cell(sheet, text) if text else None


def template_rows() -> list[list[str]]:
    """The empty list to fill: headings and two example rows."""
    return [[c.heading for c in COLUMNS], [c.example for c in COLUMNS], [c.example_loose for c in COLUMNS]]


def template_notes() -> list[list[str]]:
    """What each column holds."""
    return [["Column", "What to write"], *([c.heading, c.note or "A quantity in the product's unit."] for c in COLUMNS),
            ["", "An empty cell leaves what a known product has. Delete the example rows before you send the list."]]  # fmt: skip
