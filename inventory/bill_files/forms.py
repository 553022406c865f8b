"""What the pages of a supplier's file parse; what a file may be is decided in `acts`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from catalog.errors import CatalogError
from catalog.importing.files import LARGEST_FILE
from catalog.picking import pick_all
from inventory.bill_files.acts import LARGEST_PACK, Choice
from inventory.bill_files.columns import BY_FIELD, Column
from inventory.bill_files.matching import Unmatched
from inventory.errors import StockError
from inventory.forms import KeyForm
from inventory.models import Supplier
from inventory.views import number_of
from shops.models import Shop
from smartkirana.errors import Refusal

LONGEST_GOODS, LONGEST_PACK = 200, 20  # letters of a box


class BringForm(KeyForm):
    """Whose bill it is, and the file."""

    supplier = forms.ModelChoiceField(
        Supplier.objects.none(),
        label="Supplier",
        empty_label="Choose the supplier",
        error_messages={"required": "Choose the supplier.", "invalid_choice": "Choose a supplier of this shop."},
    )
    file = forms.FileField(
        label="Their file (.xlsx or .csv)",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv,text/csv"}),
        error_messages={"required": "Choose the file first.", "empty": "The file is empty.", "invalid": "Choose the file first."},
    )

    def __init__(self, data: QueryDict | None = None, files: MultiValueDict | None = None, *, shop: Shop, supplier: int = 0) -> None:
        """`supplier` is the id of the one chosen beforehand, 0 for none."""
        super().__init__(data, files, initial={"supplier": supplier or None})
        box = self.fields["supplier"]
        assert isinstance(box, forms.ModelChoiceField)
        box.queryset = shop.suppliers.filter(is_active=True)

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError("The file is larger than 10 MB. Send only the sheet with the bill.")
        return file

    def refuse(self, error: StockError) -> None:
        """Put the service's sentence at its box."""
        self.add_error(error.field if error.field in self.fields else None, error.message)


def sent_columns(
    headings: list[str], data: QueryDict, known: Mapping[str, Column] = BY_FIELD, refused: type[Refusal] = StockError
) -> dict[str, int]:
    """Field → number of the column, as the page's choices say. Raises StockError, or what `refused` names, "bad_column", "column_twice"."""
    found: dict[str, int] = {}
    for number, heading in enumerate(headings):
        field = data.get(f"column-{number}", "")
        if field and field not in known:
            raise refused("bad_column", "Choose from the list what each column is.", f"column-{number}")
        if field in found:
            label = known[field].label
            first = headings[found[field]]
            sentence = f"Both “{first}” and “{heading}” are said to be: {label}. Ignore one of them."
            raise refused("column_twice", sentence, f"column-{number}")
        if field:
            found[field] = number
    return found


class SentItem(NamedTuple):
    """What was typed about an unmatched item."""

    goods: str = ""
    pack: str = ""
    leave: bool = False


def sent_items(data: QueryDict) -> dict[int, SentItem]:
    """What was typed, by the line of the item: the boxes "line", "goods" and "pack" come in one order, "leave" names lines."""
    leave = set(data.getlist("leave"))
    boxes = zip(data.getlist("line"), data.getlist("goods"), data.getlist("pack"), strict=False)
    return {
        number_of(line): SentItem(goods.strip()[:LONGEST_GOODS], pack.strip()[:LONGEST_PACK], line in leave) for line, goods, pack in boxes
    }


def sent_choices(shop: Shop, open_items: list[Unmatched], data: QueryDict) -> tuple[dict[int, Choice], dict[str, str]]:
    """What was said of each unmatched item, by its first line; and sentences by the name of their box, "goods-12".

    A pack that stands in the file is not asked for.
    """
    leave_rest = "leave_rest" in data
    typed = sent_items(data)
    boxes = {one.first.line: typed.get(one.first.line, SentItem()) for one in open_items}
    in_file = {one.first.line: one.first.values.get("pack") for one in open_items}
    left = {line for line, box in boxes.items() if box.leave or (leave_rest and not box.goods)}
    picked = pick_all(shop, [box.goods for line, box in boxes.items() if box.goods and line not in left])
    chosen: dict[int, Choice] = {line: Choice(None) for line in left}
    wrong: dict[str, str] = {}
    for line, box in boxes.items():
        if line in left:
            continue
        pack = in_file[line] or _pack(box.pack)
        if not box.goods:
            wrong[f"goods-{line}"] = "Choose the goods, or leave it out."
        elif isinstance(found := picked[box.goods], CatalogError):
            wrong[f"goods-{line}"] = found.message
        elif pack is None:
            wrong[f"pack-{line}"] = "How many pieces does their pack hold? Write a number above zero."
        else:
            chosen[line] = Choice(found, pack)
    return chosen, wrong


def _pack(text: str) -> Decimal | None:
    """Pieces in a pack; 1 for an empty box, None for no number."""
    text = text.strip()
    if not text:
        return Decimal(1)
    try:
        number = Decimal(text) if len(text) <= 12 and "_" not in text else None
    except InvalidOperation:
        return None
    if number is None or not number.is_finite() or not 0 < number <= LARGEST_PACK or number != round(number, 3):
        return None
    return number


def sample_of(rows: list[Any], number: int) -> list[str]:
    """What the first three rows, [line, [cells]], say in a column."""
    return [cells[number] for _, cells in rows[:3] if number < len(cells) and cells[number]]
