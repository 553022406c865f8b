"""Reading a CSV or XLSX file into rows of text, with its line numbers; whatever is wrong with the file is said in a sentence."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import NamedTuple

from catalog.errors import CatalogError

LARGEST_FILE = 10 * 1024 * 1024
LARGEST_UNPACKED = 120 * 1024 * 1024
MOST_PARTS = 400
MOST_ROWS = 50_000
MOST_COLUMNS = 80
LONGEST_CELL = 1000
EMPTY_ROWS_AT_END = 2000
DELIMITERS = ",;\t|"
LINES_LOOKED_AT = 50


class Row(NamedTuple):
    """A line of the file (as a spreadsheet counts it, the heading is 1) and its cells as text."""

    line: int
    cells: list[str]


class Sheet(NamedTuple):
    headers: list[str]
    rows: list[Row]


def read_sheet(filename: str, content: bytes, *, most: int | None = None) -> Sheet:
    """The first row as headings, then every row that is not empty, or the first `most` of an Excel file, which takes long to read.

    Raises CatalogError (field "file") for what is no such list.
    """
    _check_size(content)
    is_zip = _is_zip(filename, content)
    headers: list[str] | None = None
    rows: list[Row] = []
    for line, cells in filter(_holds_something, _xlsx_rows(content) if is_zip else _csv_rows(content)):
        if is_zip and most is not None and len(rows) >= most:
            break
        if headers is None:
            headers = _headers(cells)
        elif len(rows) >= MOST_ROWS:
            raise bad_file("More than 50,000 rows. Split the list into smaller files.")
        else:
            rows.append(Row(line, cells[: len(headers)]))
    if headers is None or not rows:
        raise bad_file("There are no rows under the headings.")
    return Sheet(headers, rows)


def read_rows(filename: str, content: bytes, *, most: int) -> list[Row]:
    """Every row that is not empty, wherever the headings stand: cells as a person reads them, "5%", "12-2026", "2026-11-14 15:02:11".

    Stops behind `most` rows: one more than that means there are too many. Raises CatalogError (field "file") for what is no such file.
    """
    _check_size(content)
    rows = _xlsx_rows(content, as_shown=True) if _is_zip(filename, content) else _csv_rows(content)
    found = list(islice(filter(_holds_something, rows), most + 1))
    if not found:
        raise bad_file("There is nothing in this file.")
    return found


def _check_size(content: bytes) -> None:
    if not content:
        raise bad_file("The file is empty.")
    if len(content) > LARGEST_FILE:
        raise bad_file("The file is larger than 10 MB. Split it into smaller lists.")


def _holds_something(row: Row) -> bool:
    return any(row.cells)


def bad_file(message: str) -> CatalogError:
    return CatalogError("bad_file", message, "file")


def _headers(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    if len(cells) > MOST_COLUMNS:
        raise bad_file(f"The first row has {len(cells)} columns. A list of products needs fewer than {MOST_COLUMNS}.")
    return [cell[:60] for cell in cells]


def _is_zip(filename: str, content: bytes) -> bool:
    """What the file is, by its first bytes; a name that says something else is a file that was renamed."""
    if content.startswith(b"PK\x03\x04"):
        return True
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise bad_file("This is an old Excel file (.xls). Open it in Excel and save it as .xlsx or CSV.")
    if filename.lower().endswith((".xlsx", ".xlsm")):
        raise bad_file("This is not an Excel file, whatever its name says. Save the list as .xlsx or CSV and try again.")
    return False


# --- CSV -------------------------------------------------------------------------------------------------------
def _csv_rows(content: bytes) -> Iterator[Row]:
    text = _decoded(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    start = 1
    try:
        for cells in reader:
            yield Row(start, [cell.strip()[:LONGEST_CELL] for cell in cells])
            start = reader.line_num + 1
    except csv.Error as error:
        raise bad_file(f'Line {start} cannot be read: a quotation mark (") is not closed, or stands inside a cell.') from error


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _looks_binary(text):
            return text
    raise bad_file("This is neither a CSV nor an Excel file. Save the list as .xlsx or CSV and try again.")


def _looks_binary(text: str) -> bool:
    return text.startswith("%PDF") or any(ord(c) < 32 and c not in "\t\n\r\x0b\x0c" for c in text[:20_000]) or "\x00" in text


def _delimiter(text: str) -> str:
    """The mark that parts the most lines into the most cells alike, quotes left alone; a name or an address may stand first."""
    lines = [line for line in text[:100_000].splitlines() if line.strip()][:LINES_LOOKED_AT]
    outside = ["".join(line.split('"')[::2]) for line in lines]
    return max(DELIMITERS, key=lambda mark: max((often * count for count, often in _counts(outside, mark)), default=0))


def _counts(lines: list[str], mark: str) -> list[tuple[int, int]]:
    """(how many times the mark stands in a line, in how many lines it does)."""
    return list(Counter(line.count(mark) for line in lines).items())


# --- XLSX ------------------------------------------------------------------------------------------------------
def _xlsx_rows(content: bytes, *, as_shown: bool = False) -> Iterator[Row]:
    """as_shown  a percent keeps its sign and a month has no day, as the cell's format says; it takes a little longer."""
    from openpyxl import load_workbook  # 10 MB and 80 ms: not in every worker
    from openpyxl.utils.exceptions import InvalidFileException

    _guard(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        empty = 0
        text = _shown if as_shown else _text
        for line, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=not as_shown), 1):
            row = [text(cell) for cell in cells]
            empty = 0 if any(row) else empty + 1
            if empty > EMPTY_ROWS_AT_END:
                break
            yield Row(line, row)
    except CatalogError:
        raise
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        TypeError,
        IndexError,
        AttributeError,
        SyntaxError,
        OverflowError,
    ) as error:
        # openpyxl answers a damaged part with whatever its parser happened to hit; SyntaxError is the XML parser's.
        raise bad_file("This Excel file is damaged or has no sheet with rows. Open it in Excel and save it again.") from error


def _guard(content: bytes) -> None:
    """No file that unpacks to far more than it is: the sizes are in its directory, and reading stops at them."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except zipfile.BadZipFile as error:
        raise bad_file("This Excel file is damaged. Open it in Excel and save it again.") from error
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise bad_file("This is not an Excel file (.xlsx). Save the list as .xlsx or CSV and try again.")
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise bad_file("This Excel file unpacks to far too much. Save only the sheet with the list as .xlsx or CSV.")


def _text(value: object) -> str:
    """A cell as a person reads it; 8901234567894.0 is a barcode and 12.1 has no tail."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(round(value, 6))
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    return str(value).strip()[:LONGEST_CELL]


def _shown(cell) -> str:
    """A cell with the format it is shown in: 0.05 as 5%, the first of December as 12-2026 when only the month is shown."""
    value = cell.value
    style = cell.number_format or "" if value is not None else ""
    if isinstance(value, datetime | date) and "d" not in style.lower() and "y" in style.lower():
        return value.strftime("%m-%Y")
    if isinstance(value, datetime) and value.time() and ("h" in style.lower() or "s" in style.lower()):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, int | float) and not isinstance(value, bool) and "%" in style:
        return f"{_text(float(value) * 100)}%"
    return _text(value)
