"""Credit notes after they are made: the list, one note, its papers."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from orders import credit_selectors as selectors
from orders.bill_forms import NoteFilter
from orders.bill_views import PER_PAGE
from orders.credit_models import CreditNote
from orders.credit_selectors import exchange_of
from orders.printing.credit_note import note_context, note_paper
from orders.printing.invoice import invoice_pdf
from orders.printing.receipt import ROLLS, roll_for
from orders.printing.rolls import note_bytes
from orders.tables import CreditNoteTable
from shops.access import Can, shop_page
from shops.models import Counter
from smartkirana.csv_rows import csv_file
from smartkirana.files import file_response
from smartkirana.paging import paginate
from smartkirana.web import show


@shop_page(Can.SEE_BILLS)
def credit_notes(request: HttpRequest) -> HttpResponse:
    """What came back, newest first, narrowed by the form."""
    form = NoteFilter(request.GET, shop=request.shop)
    if not form.is_valid():
        return show(request, "orders/returns/list.html", {"form": form}, partial="note_rows", bad=True)
    choice = selectors.NoteChoice(**form.cleaned_data)
    table = CreditNoteTable(selectors.credit_notes(request.shop, choice))
    context = {
        "form": form,
        "table": table,
        "at_the_end": paginate(request, table, PER_PAGE),
        "sums": selectors.note_sums(request.shop, choice),
    }
    return show(request, "orders/returns/list.html", context, partial="note_rows")


@shop_page(Can.SEE_BILLS)
def credit_notes_csv(request: HttpRequest) -> HttpResponse:
    """The same notes as a file for a spreadsheet, sent while it is read."""
    form = NoteFilter(request.GET, shop=request.shop)
    if not form.is_valid():
        return show(request, "orders/returns/list.html", {"form": form}, bad=True)
    rows = selectors.exported(request.shop, selectors.NoteChoice(**form.cleaned_data))
    return csv_file(f"credit-notes-{request.shop.slug}.csv", selectors.EXPORT_COLUMNS, rows)


@shop_page(Can.SEE_BILLS)
def credit_note(request: HttpRequest, note: str) -> HttpResponse:
    """Everything about one note, and what is to be done with its goods."""
    found = _note_or_404(request, note)
    new = exchange_of(found)
    paper = note_paper(found)
    context = {
        "note": found,
        "bill": paper,
        "lines": paper.lines,
        "aside": selectors.for_supplier(found),
        "new": new,
        "new_payments": list(new.payments.order_by("id")) if new else [],
        "sees_cost": Can.SEE_COST in request.can,
        "may_send_back": Can.BUY in request.can,
        "papers": Counter.Paper.choices[:2],
        "raw": found.counter.is_raw and found.counter.paper in ROLLS,
    }
    return show(request, "orders/returns/note.html", context)


@shop_page(Can.SEE_BILLS)
def credit_note_pdf(request: HttpRequest, note: str) -> HttpResponse:
    """The A4 note as a PDF."""
    found = _note_or_404(request, note)
    return file_response(invoice_pdf(note_paper(found)), f"{found.slug}.pdf", save="save" in request.GET)


@shop_page(Can.SEE_BILLS)
def credit_note_roll(request: HttpRequest, note: str) -> HttpResponse:
    """The note for a roll of paper, as a page the browser prints."""
    found = _note_or_404(request, note)
    context = note_context(note_paper(found), roll_for(found, request.GET.get("paper", "")))
    return render(request, "print/credit_note.html", context | {"papers": Counter.Paper.choices[:2], "now": "now" in request.GET})


@shop_page(Can.SEE_BILLS)
@never_cache
def credit_note_bin(request: HttpRequest, note: str) -> HttpResponse:
    """The same as bytes for a roll printer (ESC/POS); the drawer opens when cash is given back."""
    found = _note_or_404(request, note)
    return file_response(note_bytes(note_paper(found), roll_for(found, request.GET.get("paper", ""))), f"{found.slug}.bin")


def _note_or_404(request: HttpRequest, slug: str) -> CreditNote:
    note = selectors.note_by_slug(request.shop, slug)
    if note is None:
        raise Http404(f"There is no credit note {slug} in this shop.")
    return note
