"""A supplier's file as suppliers send them: their name and the bill's number above, headings in row 5, sums below."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from tests import factories, hostile

D = Decimal
HEADINGS = ["Sr", "Item Code", "EAN Code", "Description of Goods", "HSN/SAC", "Batch No.", "Exp. Date", "M.R.P.", "Qty", "Free",
            "Pcs/Case", "Rate", "Disc %", "GST %", "Net Amount"]  # fmt: skip
COLUMNS = ["", "code", "barcode", "name", "hsn", "batch", "expiry", "mrp", "quantity", "free",
           "pack", "rate", "discount_percent", "gst", "total"]  # fmt: skip
LINES = 60


def ean(number: int) -> str:
    """A right EAN-13 of a made-up maker."""
    body = f"890123{number:06d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return f"{body}{-total % 10}"


def goods_of(shop, count: int = LINES) -> list:
    """Goods that the supplier's file names: each with the barcode `ean(n)`."""
    return [
        factories.make_product(shop, f"Soap {n}", sku=f"OUR{n}", price="60", mrp="60", cost="40", barcodes=[(ean(n), 1)])
        for n in range(count)
    ]


def item(n: int, **cells) -> list:
    """A line of the file: 2 packs of one at ₹ 45.50, 5 % GST, one free for every tenth."""
    row = {
        "sr": n + 1, "code": f"GA{n:03d}", "ean": ean(n), "name": f"SOAP {n}", "hsn": "340111", "batch": f"B{n}", "expiry": "Dec-31",
        "mrp": "60.00", "qty": "2", "free": "1" if n % 10 == 0 else "", "pack": "1", "rate": "45.50", "disc": "", "gst": "5%",
        "total": "95.55",
    } | cells  # fmt: skip
    return list(row.values())


def rows(items: list[list], *, total: str = "5,733.00") -> list[list]:
    """The whole sheet."""
    blank = [""] * (len(HEADINGS) - 2)
    return [
        ["Gupta Agencies, 12, Market Yard, Pune"],
        ["GSTIN: 27AAPFU0939F1ZV", "Phone 020-123456"],
        ["Invoice No.: GA/2211", "Date: 20/11/2026"],
        ["Buyer: Sharma Kirana"],
        HEADINGS,
        *items,
        ["", "Total", *blank[:-1], total],
        ["", "CGST 2.5%", *blank[:-1], "136.50"],
        ["", "Grand Total", *blank[:-1], f"₹ {total}"],
        ["", "Rupees five thousand seven hundred"],
    ]


def csv_file(sheet: list[list], *, delimiter: str = ",", encoding: str = "utf-8-sig", name: str = "bill.csv") -> SimpleUploadedFile:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(sheet)
    return SimpleUploadedFile(name, text.getvalue().encode(encoding))


def xlsx_file(sheet: list[list], *, name: str = "bill.xlsx", formats: dict[str, str] | None = None) -> SimpleUploadedFile:
    """`formats`: number format by the letter of the column."""
    book = Workbook()
    for row in sheet:
        book.active.append(row)
    for letter, style in (formats or {}).items():
        for cell in book.active[letter]:
            cell.number_format = style
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile(name, out.getvalue())


def url(shop, name, *args):
    return reverse(f"inventory:{name}", args=[shop.slug, *args])


def bring(client, shop, supplier, file, **more):
    """Send the file; the answer."""
    return client.post(url(shop, "bring_bill"), {"supplier": supplier.pk, "file": file, **more})


def as_columns(fields: list[str]) -> dict[str, str]:
    """What the page of columns sends."""
    return {f"column-{n}": field for n, field in enumerate(fields)}


def filled(client, shop, file):
    """What the browser would send from the form that the file filled."""
    page = client.get(url(shop, "enter_bill_file", file.pk))
    assert page.status_code == 200
    return hostile.form_on(page.content, url(shop, "new_purchase"))


def matched(client, shop, supplier, items):
    """A file whose columns are said."""
    bring(client, shop, supplier, csv_file(rows(items)))
    file = shop.bill_files.first()
    client.post(url(shop, "bill_file_columns", file.pk), as_columns(COLUMNS))
    file.refresh_from_db()
    return file


def choose(client, shop, file, *chosen, **more):
    """What the page of goods sends: (line, goods, pack)."""
    lines, goods, packs = zip(*chosen, strict=True) if chosen else ((), (), ())
    return client.post(url(shop, "bill_file_goods", file.pk), {"line": lines, "goods": goods, "pack": packs, **more})
