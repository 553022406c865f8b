"""What the labels' form parses: the paper, where to begin on it, and how many of which goods."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict

from catalog.models import Product
from inventory.label_goods import MOST_LABELS, MOST_ROWS, Labelled
from inventory.label_sheets import PAPERS, Paper
from inventory.models import StockLot
from shops.models import Shop

ROW = re.compile(r"([0-9a-f]{8})-([0-9]{1,18})-([0-9]{1,18})")
FIRST = next(iter(PAPERS))


def _whole(label: str, *, least: int, most: int, **extra: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "num"}),
        error_messages={
            "required": "Write a number.",
            "invalid": "Write a whole number.",
            "min_value": f"Write {least} or more.",
            "max_value": f"Write {most} or less.",
        },
        **extra,
    )


class SheetForm(forms.Form):
    """Which paper, and from which place on."""

    paper = forms.ChoiceField(
        label="Paper", choices=[(one.key, one.words) for one in PAPERS.values()], error_messages={"invalid_choice": "Choose a paper."}
    )
    start = _whole("Begin at label", least=1, most=65, required=False)

    def __init__(self, data: QueryDict | None = None, *, paper: str = "") -> None:
        super().__init__(data, initial={"paper": paper if paper in PAPERS else FIRST, "start": 1})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        paper, start = PAPERS.get(data.get("paper", "")), data.get("start")
        if paper and start and start > paper.on_a_page > 1:
            self.add_error("start", f"This sheet has {paper.on_a_page} labels.")
        return data

    def chosen(self) -> tuple[Paper, int]:
        """The paper and the place of the first label, from 1."""
        paper = PAPERS[self.cleaned_data["paper"]]
        return paper, (self.cleaned_data["start"] or 1) if paper.on_a_page > 1 else 1


class LabelRow(forms.Form):
    """Goods, and how many labels of them; `lot` says which MRP, date and batch."""

    count = _whole("How many", least=0, most=MOST_LABELS)

    def __init__(self, data: QueryDict | None = None, *, product: Product, lot: StockLot | None, key: str, count: int = 1) -> None:
        super().__init__(data, prefix=key, initial={"count": count})
        self.product, self.lot, self.key = product, lot, key

    @property
    def name(self) -> str:
        """The row as a hidden box carries it."""
        return f"{self.key}-{self.product.pk}-{self.lot.pk if self.lot else 0}"

    def labelled(self) -> Labelled:
        """The row as the printing takes it."""
        return Labelled(self.product, self.lot, self.cleaned_data["count"])


def new_rows(goods: Sequence[Labelled]) -> list[LabelRow]:
    """Rows of a form just opened."""
    return [LabelRow(product=one.product, lot=one.lot, key=uuid4().hex[:8], count=one.count) for one in goods]


def sent_rows(shop: Shop, data: QueryDict) -> tuple[list[LabelRow], str]:
    """The rows that came with a form, and a sentence when they cannot be read as goods of this shop."""
    sent = [match for value in data.getlist("labels")[: MOST_ROWS + 1] if (match := ROW.fullmatch(value))]
    goods = shop.products.defer("search_text", "search_vector").in_bulk([int(match[2]) for match in sent])
    lots = shop.lots.in_bulk([pk for match in sent if (pk := int(match[3]))])
    rows = []
    for match in sent[:MOST_ROWS]:
        product, lot = goods.get(int(match[2])), lots.get(int(match[3]))
        if product and (lot.product_id == product.pk if lot else match[3] == "0"):
            rows.append(LabelRow(data, product=product, lot=lot, key=match[1]))
    if len(data.getlist("labels")) > MOST_ROWS:
        return rows, f"At most {MOST_ROWS} kinds of goods at once. Print these first."
    if len(rows) < len(data.getlist("labels")):
        return rows, "One of the products is not in this shop. Choose it again."
    return rows, ""
