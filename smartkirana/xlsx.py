"""A table as an Excel file: text never runs as a formula, figures are figures, days are days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from io import BytesIO
from types import SimpleNamespace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

WIDEST = 42  # letters


@cache
def _excel() -> SimpleNamespace:
    """What writes the files: 10 MB and 80 ms to import, so not before a worker's first one."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font

    return SimpleNamespace(book=Workbook, cell=WriteOnlyCell, illegal=ILLEGAL_CHARACTERS_RE, bold=Font(bold=True))


def empty_book() -> Workbook:
    """A workbook without a sheet, that is written row by row."""
    return _excel().book(write_only=True)


def cell(sheet, value: object, *, bold: bool = False) -> WriteOnlyCell:
    """A cell of `sheet`; text is only ever text. Decimals are rupees."""
    excel = _excel()
    if isinstance(value, str):
        made = excel.cell(sheet, excel.illegal.sub("", value))
        made.data_type = "s"
    else:
        made = excel.cell(sheet, value)
        if isinstance(value, Decimal):
            made.number_format = "#,##0.00"
        elif isinstance(value, date):
            made.number_format = "dd/mm/yyyy"
    if bold:
        made.font = excel.bold
    return made


def xlsx_file(title: str, head: Sequence[str], rows: Iterable[Sequence[object]], *, above: Sequence[Sequence[object]] = ()) -> bytes:
    """An XLSX of one sheet: the lines `above`, the head in bold, then the rows. Decimals are rupees."""
    book = empty_book()
    sheet = book.create_sheet(_excel().illegal.sub("", title).translate(str.maketrans("", "", "[]:*?/\\"))[:31] or "Sheet")
    for n in range(len(head)):
        sheet.column_dimensions[chr(65 + n)].width = WIDEST if n == 2 else 16
    for row in above:
        sheet.append([cell(sheet, value) for value in row])
    sheet.append([cell(sheet, text, bold=True) for text in head])
    for row in rows:
        sheet.append([cell(sheet, value) for value in row])
    file = BytesIO()
    book.save(file)
    return file.getvalue()
