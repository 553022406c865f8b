"""The page of goods that sleep on the shelf: nobody buys them, or they last for months."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from inventory.pace import fresh_pace
from inventory.slow import KINDS, ORDERS, USUAL, SlowList
from shops.access import Can, shop_page
from shops.models import Shop
from smartkirana.csv_rows import csv_file
from smartkirana.dates import shop_today
from smartkirana.paging import at_the_end, page_of
from smartkirana.web import show

PAGE = "inventory/slow.html"
HEADS = ("SKU", "Product", "Category", "Unit", "In stock", "Value at cost", "In stock since", "Last sold", "Sold a day", "Days of cover")


class SlowFilter(forms.Form):
    """What the list shows, is narrowed to and sorted by; every part may be left out."""

    q = forms.CharField(required=False, max_length=80)
    category = forms.ModelChoiceField(None, required=False, empty_label="All categories")
    show = forms.ChoiceField(
        required=False,
        choices=[
            ("Not sold for", [(name, f"Not sold for {days} days") for name, (kind, days) in KINDS.items() if kind == "idle"]),
            ("Lasts longer than", [(name, f"Lasts over {days} days") for name, (kind, days) in KINDS.items() if kind == "cover"]),
        ],
    )
    order = forms.ChoiceField(
        required=False,
        choices=[("", "Dearest first"), ("idle", "Longest unsold first"), ("cover", "Longest cover first"), ("name", "By name")],
    )

    def __init__(self, data, *, shop: Shop) -> None:
        super().__init__(data)
        assert set(ORDERS) == {value for value, _ in self.fields["order"].choices}
        self.fields["category"].queryset = shop.categories.all()
        for name, label in (("category", "Category"), ("show", "Which goods"), ("order", "Order of the list")):
            self.fields[name].widget.attrs |= {"class": "select", "aria-label": label}
            self.fields[name].error_messages["invalid_choice"] = "Choose one from the list."
        self.initial = {"show": USUAL}

    def listed(self, shop: Shop) -> SlowList:
        """The goods asked for."""
        data = self.cleaned_data
        category = data["category"].pk if data["category"] else None
        return SlowList(shop, data["show"] or USUAL, data["q"].strip(), category, data["order"])


@shop_page(Can.SEE_COST)
def slow(request: HttpRequest) -> HttpResponse:
    """Goods that sleep, with what they cost and since when nobody bought them."""
    fresh_pace(request.shop)
    form = SlowFilter(_with_usual(request), shop=request.shop)
    context: dict = {"form": form, "tab": "slow", "today": shop_today()}
    if form.is_valid():
        found = form.listed(request.shop)
        page = page_of(request, found)
        context |= {"page": page, "found": found, "last_page": at_the_end(page)}
    return show(request, PAGE, context, partial="slow_part", bad=not form.is_valid())


@shop_page(Can.SEE_COST)
def slow_file(request: HttpRequest) -> HttpResponseBase:
    """The same list, all of it."""
    fresh_pace(request.shop)
    form = SlowFilter(_with_usual(request), shop=request.shop)
    if not form.is_valid():
        return show(request, PAGE, {"form": form, "tab": "slow"}, bad=True)
    rows = form.listed(request.shop).rows()
    lines = (
        (r.sku, r.name, r.category, r.unit, r.stock, r.value, r.since, r.last_sold, r.per_day, "" if r.cover is None else int(r.cover))
        for r in rows
    )
    return csv_file(f"slow-goods-{shop_today()}.csv", HEADS, lines)


def _with_usual(request: HttpRequest):
    """What the address asks, with the usual list where it names none, so that the box shows what is shown."""
    asked = request.GET.copy()
    asked.setdefault("show", USUAL)
    return asked
