"""The page of what the stock is worth, today or on a day gone by, for owner and accountant."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from ledger.forms import StockValueForm
from ledger.stock_value import Worth, stock_value
from shops.access import Can, shop_page
from smartkirana.csv_rows import csv_file
from smartkirana.money import unit_cost
from smartkirana.paging import at_the_end, page_of
from smartkirana.web import show

PAGE = "ledger/stock_value.html"
HEADS = ("SKU", "Product", "Category", "Unit", "Quantity", "Cost of one", "Value")


@shop_page(Can.SEE_BOOKS)
def stock_value_page(request: HttpRequest) -> HttpResponse:
    """Stock by product at the end of a day, at lot cost, beside account 1003."""
    form = StockValueForm(request.GET, shop=request.shop)
    context = {"form": form, "day": form.day, "words": f"At the end of {form.day:%-d %b %Y}, at what each lot cost."}
    if form.is_valid():
        report = stock_value(request.shop, form.day, **form.filters())
        page = page_of(request, report.rows)
        context |= {"report": report, "page": page, "at_the_end": at_the_end(page), "largest": report.categories[:1]}
    return show(request, PAGE, context, partial="stock_value_part", bad=not form.is_valid())


@shop_page(Can.SEE_BOOKS)
def stock_value_csv(request: HttpRequest) -> HttpResponseBase:
    """The same list, all of it, with its total."""
    form = StockValueForm(request.GET, shop=request.shop)
    if not form.is_valid():
        return show(request, PAGE, {"form": form, "day": form.day, "words": ""}, bad=True)
    report = stock_value(request.shop, form.day, **form.filters())
    total = ("", "Total", "", "", "", "", report.shown)
    return csv_file(f"stock-value-{form.day}.csv", HEADS, [*map(_line, report.rows), total])


def _line(row: Worth) -> tuple:
    each = "" if row.each is None else unit_cost(row.each)
    return (row.sku, row.name, row.category, row.unit, row.quantity, each, row.value)
