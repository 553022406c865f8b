"""A khata on paper and as a file: the statement as PDF and XLSX, one entry's receipt for an 80 mm roll."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from orders.khata.selectors import statement_rows, statement_sums
from orders.khata.words import words
from orders.models import Customer, KhataEntry
from orders.upi import PLAIN_MASK, qr_path
from shops.gstin import STATES
from smartkirana.dates import Period
from smartkirana.files import file_response
from smartkirana.pdf import write_pdf
from smartkirana.xlsx import xlsx_file

MOST_PRINTED = 2000  # entries on paper; the XLSX has them all
WIDTHS = ((1, 22), (3, 30), (4, 30), (5, 34))  # mm of day, given, got, balance


def language_of(customer: Customer) -> str:
    """The customer's language, else the shop's."""
    return customer.language or customer.shop.language


def statement_pdf(customer: Customer, span: Period) -> bytes:
    """The entries of a period as A4 pages in the customer's language, with balance forward and at the end."""
    sums = statement_sums(customer, span)
    with translation.override(language_of(customer)):
        found = statement_rows(customer, span)[: MOST_PRINTED + 1]
        rows = [(entry, words(entry), sums.opening + entry.moved) for entry in found]
        context = {
            "customer": customer,
            "shop": customer.shop,
            "state": STATES[customer.shop.state_code],
            "span": span,
            "sums": sums,
            "rows": rows[:MOST_PRINTED],
            "more": len(rows) > MOST_PRINTED,
            "language": language_of(customer),
        }
        html = render_to_string("print/khata_statement.html", context)
    columns = [f".lines th:nth-child({n}), .lines td:nth-child({n}) {{ width: {mm}mm }}" for n, mm in WIDTHS]
    figures = ".lines th:nth-child(n+3), .lines td:nth-child(n+3) { text-align: right } .lines th:nth-child(2) { text-align: left }"
    return write_pdf(html, sheet="css/invoice.css", rules=" ".join([*columns, figures]))


def statement_xlsx(customer: Customer, span: Period) -> bytes:
    """The same as a spreadsheet, all entries."""
    head = (_("Date"), _("Entry"), _("What"), _("Taken by"), _("You gave"), _("You got"), _("Balance"), _("Check code"))
    above = [(customer.shop.name,), (str(customer), customer.short_phone), (span.start, span.end), ()]
    return xlsx_file(_("Khata"), head, _lines(customer, span), above=above)


def _lines(customer: Customer, span: Period) -> Iterator[tuple]:
    sums = statement_sums(customer, span)
    yield (span.start, "", _("Brought forward"), "", None, None, sums.opening, "")
    for entry in statement_rows(customer, span).iterator(chunk_size=500):
        more, less = (entry.amount, None) if entry.amount > 0 else (None, -entry.amount)
        told = f"{words(entry)}: {entry.note}" if entry.note else words(entry)
        who = entry.member.name if entry.member_id else ""
        yield (entry.day, entry.number, told, who, more, less, sums.opening + entry.moved, entry.short_code)
    yield (span.end, "", _("Balance at the end"), "", sums.more, sums.less, sums.closing, "")


ROLL = """
@page { size: 80mm 130mm; margin: 5mm; @top-left { content: none } @top-right { content: none } @bottom-left { content: none }
        @bottom-right { content: none } }
@page :first { margin-top: 5mm }
.shop { margin: 0; text-align: center } h2 { font-size: 11pt; text-align: center; margin-top: 4mm }
.amount { font-size: 20pt; text-align: center; margin: 1mm 0 3mm } .facts { width: 100%; border-collapse: collapse }
.facts td { padding: .8mm 0; vertical-align: top; font-size: 8.5pt } .facts td:first-child { width: 20mm; color: #3d3d3d }
.own-page { clear: both; text-align: center; margin-top: 4mm } .own-page svg { width: 28mm; height: 28mm }
"""


def receipt_pdf(customer: Customer, entry: KhataEntry, address: str) -> bytes:
    """One entry on an 80 mm roll, in the customer's language; with `address`, the code of the private page."""
    with translation.override(language_of(customer)):
        context = {
            "customer": customer,
            "shop": customer.shop,
            "entry": entry,
            "words": words(entry),
            "language": language_of(customer),
            "qr": qr_path(address, mask=PLAIN_MASK) if address else None,
        }
        html = render_to_string("print/khata_receipt.html", context)
    return write_pdf(html, sheet="css/invoice.css", rules=ROLL)


def statement_file(customer: Customer, span: Period, kind: str) -> HttpResponse:
    """The statement of a period as a file; kind: "pdf" or "xlsx"."""
    name = f"khata-{slugify(str(customer))[:40] or customer.pk}-{span.start}-to-{span.end}.{kind}"
    content = statement_xlsx(customer, span) if kind == "xlsx" else statement_pdf(customer, span)
    return file_response(content, name, save=kind == "xlsx")
