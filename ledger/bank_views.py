"""The pages of a bank's file on its way in: bring it, match its columns, look it over, take its lines in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from inventory.bill_files.forms import sample_of, sent_columns
from ledger import bank_selectors as selectors
from ledger.bank_files.acts import bring_in, drop, known_lines, reading_of, set_columns, statement_of_file, take_in
from ledger.bank_files.columns import BY_FIELD, COLUMNS, guess_columns
from ledger.bank_forms import BringForm
from ledger.bank_models import BankFile, Source
from ledger.errors import LedgerError
from shops.access import Can, shop_page
from smartkirana.paging import at_the_end, page_of
from smartkirana.web import go, sent, show

FIRST_LINES = 8
MOST_PROBLEMS = 50
PAGE = "ledger/bank/file.html"


@shop_page(Can.SEE_BOOKS)
def statements(request: HttpRequest) -> HttpResponse:
    """Files that were taken in, the last one first, with what became of their lines."""
    page = page_of(request, selectors.statements(request.shop))
    context = {"page": page, "at_the_end": at_the_end(page), "pending": selectors.pending_files(request.shop)}
    return show(request, "ledger/bank/statements.html", context, partial="statement_rows")


@shop_page(Can.SEE_BOOKS, methods=("GET", "POST"))
def bring_bank_file(request: HttpRequest) -> HttpResponse:
    """Choose the file; the columns of files of the same headings are known."""
    form = BringForm(sent(request), request.FILES or None)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            file = bring_in(
                shop=request.shop, by=request.cashier, filename=upload.name, content=upload.read(), request_key=form.key()
            )  # fmt: skip
        except LedgerError as error:
            form.refuse(error)
        else:
            return go(request, "ledger:bank_file", request.shop.slug, file.pk)
    context = {"form": form, "request_key": form.key(), "pending": selectors.pending_files(request.shop)}
    return show(request, "ledger/bank/bring.html", context, bad=form.is_bound)


def _file(request: HttpRequest, pk: int) -> BankFile:
    return get_object_or_404(request.shop.bank_files.select_related("shop"), pk=pk)


@shop_page(Can.SEE_BOOKS)
def bank_file(request: HttpRequest, bank_file: int) -> HttpResponse:
    """One file at the step it has reached: its columns, else what was read."""
    file = _file(request, bank_file)
    if not file.mapping or "columns" in request.GET:
        return _columns_page(request, file, file.mapping or guess_columns(file.headings), file.source, file.account)
    return _look_over(request, file)


def _columns_page(request: HttpRequest, file: BankFile, mapping: dict, source: str, account: str, error: str = "") -> HttpResponse:
    is_now = {number: field for field, number in mapping.items()}
    columns = [
        {"number": n, "heading": heading, "seen": sample_of(file.rows, n), "field": is_now.get(n, "")}
        for n, heading in enumerate(file.headings)
    ]
    accounts = request.shop.bank_layouts.order_by("account").values_list("account", flat=True).distinct()[:20]
    context = {
        "file": file, "columns": columns, "choices": COLUMNS, "sources": Source.choices, "source": source, "account": account,
        "accounts": accounts, "error": error, "matching": True,
    }  # fmt: skip
    return show(request, PAGE, context, bad=bool(error))


def _look_over(request: HttpRequest, file: BankFile, error: str = "") -> HttpResponse:
    found = reading_of(file)
    known = known_lines(request.shop, file.account, found.lines)
    context = {
        "file": file,
        "found": found,
        "known": len(known),
        "new": len(found.lines) - len(known),
        "first": sorted(found.lines, key=lambda line: line.row)[:FIRST_LINES],
        "problems": found.problems[:MOST_PROBLEMS],
        "more_problems": max(len(found.problems) - MOST_PROBLEMS, 0),
        "error": error,
    }
    return show(request, PAGE, context, bad=bool(error))


@shop_page(Can.SEE_BOOKS, methods=("POST",))
def bank_file_columns(request: HttpRequest, bank_file: int) -> HttpResponse:
    """Say what each column is, and whose file it is."""
    file = _file(request, bank_file)
    source, account = request.POST.get("source", ""), request.POST.get("account", "")
    try:
        mapping = sent_columns(file.headings, request.POST, BY_FIELD, LedgerError)
        set_columns(file=file, by=request.cashier, mapping=mapping, source=source, account=account)
    except LedgerError as error:
        shown = {f: n for n in range(len(file.headings)) if (f := request.POST.get(f"column-{n}", ""))}
        return _columns_page(request, file, shown, source, account[:40], error.message)
    return go(request, "ledger:bank_file", request.shop.slug, file.pk)


@shop_page(Can.SEE_BOOKS, methods=("POST",))
def forget_bank_file(request: HttpRequest, bank_file: int) -> HttpResponse:
    """Forget a file that is not taken in."""
    file = _file(request, bank_file)
    drop(file=file)
    messages.success(request, _("{file} is forgotten. Nothing of it was taken in.").format(file=file.filename))
    return go(request, "ledger:bring_bank_file", request.shop.slug)


@shop_page(Can.SEE_BOOKS, methods=("POST",))
def take_in_bank_file(request: HttpRequest, bank_file: int) -> HttpResponse:
    """Write the file's lines, then on to what they may be. Pressed twice it goes to the same place."""
    if (made := statement_of_file(request.shop, bank_file)) is not None:
        return go(request, "ledger:bank_statement", request.shop.slug, made.pk)
    file = _file(request, bank_file)
    try:
        statement = take_in(file=file, by=request.cashier)
    except LedgerError as error:
        if not file.mapping:
            return _columns_page(request, file, guess_columns(file.headings), file.source, file.account, error.message)
        return _look_over(request, file, error.message)
    return go(request, "ledger:bank_statement", request.shop.slug, statement.pk)
