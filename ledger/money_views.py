"""The pages of cash: where the money is, moving it, and the cash book. Owner and accountant look, the owner moves."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from ledger import cash_book as book
from ledger.models import Posting
from ledger.money import money_now
from ledger.money_forms import CashBookForm, MoneyMoveForm
from ledger.views import steps
from orders.shifts import move_cash
from shops.access import Can, shop_page
from smartkirana.csv_rows import csv_file
from smartkirana.dates import Period
from smartkirana.errors import Refusal
from smartkirana.money import rupees
from smartkirana.paging import at_the_end, page_of
from smartkirana.web import go, sent, show


@shop_page(Can.SEE_BOOKS)
def money(request: HttpRequest) -> HttpResponse:
    """Where the shop's money is now."""
    return _money_page(request, MoneyMoveForm(shop=request.shop))


@shop_page(Can.RUN_SHOP, methods=("POST",))
def money_move(request: HttpRequest) -> HttpResponse:
    """Move money between a drawer, the safe, the bank and the owner."""
    form = MoneyMoveForm(sent(request), shop=request.shop)
    if form.is_valid():
        try:
            event = move_cash(shop=request.shop, by=request.cashier, request_key=form.key(), **form.answer())
        except Refusal as refused:
            form.refuse(refused)
        else:
            messages.success(request, f"{event.get_reason_display()}: {rupees(abs(event.amount))}.")
            return go(request, "ledger:money", request.shop.slug)
    return _money_page(request, form, bad=True)


def _money_page(request: HttpRequest, form: MoneyMoveForm, *, bad: bool = False) -> HttpResponse:
    context = {"now": money_now(request.shop), "form": form, "may_move": Can.RUN_SHOP in request.can}
    return show(request, "ledger/money.html", context, bad=bad)


# --- cash book --------------------------------------------------------------------------------------------------
@shop_page(Can.SEE_BOOKS)
def cash_book(request: HttpRequest) -> HttpResponse:
    """Cash in and out by day, and move by move, with the balance before and after."""
    form = CashBookForm(request.GET, shop=request.shop)
    context = {"form": form, "span": form.span, **steps(form.span)}
    if form.is_valid():
        postings = book.cash_postings(request.shop, *form.place())
        sums = book.cash_sums(postings, form.span)
        context |= {"sums": sums, "of": form.place()[0], **_by_day_or_move(request, postings, form.span, sums.opening)}
    return show(request, "ledger/cash_book.html", context, partial="cash_book_part", bad=not form.is_valid())


def _by_day_or_move(request: HttpRequest, postings: QuerySet[Posting], span: Period, opening: Decimal) -> dict:
    """A single day move by move, more of them day by day."""
    if span.days > 1:
        return {"days": book.cash_days(postings, span, opening)[::-1]}
    page = page_of(request, book.cash_rows(postings, span))
    rows = [(row, opening + row.moved) for row in page.object_list]
    return {"page": page, "rows": rows, "at_the_end": at_the_end(page)}


@shop_page(Can.SEE_BOOKS)
def cash_book_csv(request: HttpRequest) -> HttpResponseBase:
    """Every move of the period, between the opening and the closing balance."""
    form = CashBookForm(request.GET, shop=request.shop)
    if not form.is_valid():
        return show(request, "ledger/cash_book.html", {"form": form, "span": form.span}, bad=True)
    heads = ("Date", "Entry", "Particulars", "Drawer", "In", "Out", "Balance")
    rows = book.csv_rows(book.cash_postings(request.shop, *form.place()), form.span)
    return csv_file(f"cash-book-{form.span.start}-to-{form.span.end}.csv", heads, rows)
