"""Lines pasted out of a sheet, or typed: cut into cells, and the cells into named columns. One place for every list that is pasted."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from smartkirana.errors import Refusal
from smartkirana.text import normalise

type Line = tuple[int, list[str]]


@dataclass(frozen=True)
class BadLine:
    """What is wrong with line `number` (from 1, as an editor counts), which began with `code`."""

    number: int
    code: str
    why: str


def cut(text: str, refusal: type[Refusal]) -> list[Line]:
    """The lines with something in them and their numbers, cut at tabs, semicolons or commas. Raises `refusal` "no_columns"."""
    first = text.lstrip().partition("\n")[0]
    delimiter = max("\t;,", key=lambda mark: (first.count(mark), mark == ","))
    reader = csv.reader(text.splitlines(), delimiter=delimiter, skipinitialspace=True)
    rows = []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((reader.line_num, row))
    except csv.Error as error:
        raise refusal("no_columns", f"Line {reader.line_num} cannot be read. Is it a CSV file?", "text") from error
    return rows


def in_columns(
    rows: Sequence[Line], columns: Sequence[str], heads: Mapping[str, set[str]], *, needed: Sequence[str], refusal: type[Refusal]
) -> list[tuple[int, dict[str, str]]]:
    """Each line's number and its cells by column. `columns` is their order, which a first line of headings may change.

    heads   the words a heading may say for a column; a first line that names one of `needed` is headings, and must name them all

    Raises `refusal` "no_columns".
    """
    order = {name: at for at, name in enumerate(columns)}
    found = {name: at for at, head in enumerate(_plain(rows)) for name, words in heads.items() if head in words}
    if found.keys() & set(needed):
        if missing := [name for name in needed if name not in found]:
            raise refusal("no_columns", f"The headings name no column for {missing[0]}.", "text")
        order, rows = found, rows[1:]
    return [(number, {name: row[at].strip() for name, at in order.items() if at < len(row)}) for number, row in rows]


def _plain(rows: Sequence[Line]) -> list[str]:
    return [normalise(cell) for cell in rows[0][1]] if rows else []
