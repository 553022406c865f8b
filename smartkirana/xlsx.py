"""A table as an Excel file: text never runs as a formula, figures are figures, days are days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 42  # letters


def xlsx_file(title: str, head: Sequence[str], rows: Iterable[Sequence[object]], *, above: Sequence[Sequence[object]] = ()) -> bytes:
    """An XLSX of one sheet: the lines `above`, the head in bold, then the rows. Decimals are rupees."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(ILLEGAL_CHARACTERS_RE.sub("", title).translate(str.maketrans("", "", "[]:*?/\\"))[:31] or "Sheet")
    for n in range(len(head)):
        sheet.column_dimensions[chr(65 + n)].width = WIDEST if n == 2 else 16
    for row in above:
        sheet.append([_cell(sheet, value) for value in row])
    sheet.append([_cell(sheet, text, bold=True) for text in head])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def xlsx_response(name: str, file: bytes) -> HttpResponse:
    """The file as a download called `name`."""
    response = HttpResponse(file, content_type=XLSX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _cell(sheet, value: object, *, bold: bool = False) -> WriteOnlyCell:
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
        cell.data_type = "s"
    else:
        cell = WriteOnlyCell(sheet, value)
        if isinstance(value, Decimal):
            cell.number_format = "#,##0.00"
        elif isinstance(value, date):
            cell.number_format = "dd/mm/yyyy"
    if bold:
        cell.font = Font(bold=True)
    return cell
