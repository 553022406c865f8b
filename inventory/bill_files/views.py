"""The pages of a supplier's bill as a file: bring it in, match its columns, match its goods, open the filled form."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from inventory.bill_files.acts import ask_again, choose_goods, drop, set_columns, take_in
from inventory.bill_files.columns import COLUMNS, guess
from inventory.bill_files.entry import FileAtHand, at_hand, head_of, rows_of
from inventory.bill_files.forms import BringForm, SentItem, sample_of, sent_choices, sent_columns, sent_items
from inventory.bill_files.reading import too_many
from inventory.errors import StockError
from inventory.models import BillFile
from inventory.purchase_forms import PurchaseForm
from inventory.purchase_views import form_page
from inventory.receiving import MOST_LINES
from inventory.views import number_of
from shops.access import Can, shop_page
from smartkirana.web import go, sent, show

PENDING = 10
MOST_PROBLEMS = 100
PAGE = "inventory/bill_files/bill_file.html"


@shop_page(Can.BUY, methods=("GET", "POST"))
def bring_bill(request: HttpRequest) -> HttpResponse:
    """Choose the supplier and the file; files that were begun and not entered yet."""
    form = BringForm(sent(request), request.FILES or None, shop=request.shop, supplier=number_of(request.GET.get("supplier"), 10**18))
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            file = take_in(
                shop=request.shop, by=request.cashier, supplier=form.cleaned_data["supplier"],
                filename=upload.name, content=upload.read(), request_key=form.key(),
            )  # fmt: skip
        except StockError as error:
            form.refuse(error)
        else:
            return _onward(request, file)
    pending = request.shop.bill_files.select_related("supplier", "by").defer("rows", "headings")[:PENDING]
    has_suppliers = form.fields["supplier"].queryset.exists()
    context = {"form": form, "request_key": form.key(), "pending": pending, "has_suppliers": has_suppliers}
    return show(request, "inventory/bill_files/bring.html", context, bad=form.is_bound)


def _onward(request: HttpRequest, file: BillFile) -> HttpResponse:
    """To the filled form when nothing is left to say, else to the file's page."""
    if file.mapping:
        found = at_hand(file)
        if not (found.open_items or found.reading.problems or _no_goods(found)):
            return go(request, "inventory:enter_bill_file", request.shop.slug, file.pk)
    return go(request, "inventory:bill_file", request.shop.slug, file.pk)


def _no_goods(found: FileAtHand) -> str:
    """Why no form can be filled, or ""."""
    if not found.reading.items:
        return "No row has goods with a quantity or a rate. Look at the columns again."
    if too_many(found.reading):
        return f"These are {len(found.reading.items)} lines; a bill has at most {MOST_LINES}. Split the file."
    if not found.known and not found.open_items:
        return "All of it is left out. Bring in another file, or ask for an item again."
    return ""


def _file(request: HttpRequest, pk: int) -> BillFile:
    return get_object_or_404(request.shop.bill_files.select_related("shop", "supplier"), pk=pk)


@shop_page(Can.BUY)
def bill_file(request: HttpRequest, bill_file: int) -> HttpResponse:
    """One file at the step it has reached: its columns, else its goods."""
    file = _file(request, bill_file)
    if not file.mapping or "columns" in request.GET:
        return _columns_page(request, file, file.mapping or guess(file.headings), file.inclusive)
    return _goods_page(request, at_hand(file))


def _columns_page(request: HttpRequest, file: BillFile, mapping: dict[str, int], inclusive: bool, error: str = "") -> HttpResponse:
    is_now = {number: field for field, number in mapping.items()}
    columns = [
        {"number": n, "heading": heading, "seen": sample_of(file.rows, n), "field": is_now.get(n, "")}
        for n, heading in enumerate(file.headings)
    ]
    context = {"file": file, "columns": columns, "choices": COLUMNS, "inclusive": inclusive, "error": error, "matching": True}
    return show(request, PAGE, context, bad=bool(error))


@shop_page(Can.BUY, methods=("POST",))
def bill_file_columns(request: HttpRequest, bill_file: int) -> HttpResponse:
    """Say what each column is."""
    file = _file(request, bill_file)
    inclusive = request.POST.get("inclusive") == "on"
    try:
        mapping = sent_columns(file.headings, request.POST)
        set_columns(file=file, by=request.cashier, mapping=mapping, inclusive=inclusive)
    except StockError as error:
        shown = {f: n for n in range(len(file.headings)) if (f := request.POST.get(f"column-{n}", ""))}
        return _columns_page(request, file, shown, inclusive, error.message)
    return _onward(request, file)


def _goods_page(request: HttpRequest, found: FileAtHand, wrong: dict[str, str] | None = None) -> HttpResponse:
    wrong = wrong or {}
    names = dict(request.shop.products.filter(pk__in={one.product_id for one in found.known}).values_list("pk", "name"))
    context = {
        "file": found.file,
        "found": found,
        "asked": _asked(request, found, wrong),
        "known": [{"match": one, "name": names.get(one.product_id, "")} for one in found.known],
        "problems": found.reading.problems[:MOST_PROBLEMS],
        "more_problems": max(len(found.reading.problems) - MOST_PROBLEMS, 0),
        "refused": _no_goods(found),
        "wrong": wrong,
        "may_write_goods": Can.EDIT_GOODS in request.can,
    }
    return show(request, PAGE, context, bad=bool(wrong))


def _asked(request: HttpRequest, found: FileAtHand, wrong: dict[str, str]) -> list[dict]:
    """Each unmatched item with what was typed about it, and what is wrong with that."""
    typed = sent_items(request.POST)
    return [
        {
            "one": one,
            "line": (line := one.first.line),
            "sent": typed.get(line, SentItem()),
            "goods_wrong": wrong.get(f"goods-{line}", ""),
            "pack_wrong": wrong.get(f"pack-{line}", ""),
        }
        for one in found.open_items
    ]


@shop_page(Can.BUY, methods=("POST",))
def bill_file_goods(request: HttpRequest, bill_file: int) -> HttpResponse:
    """Say which goods the unmatched items are."""
    file = _file(request, bill_file)
    found = at_hand(file)
    chosen, wrong = sent_choices(request.shop, found.open_items, request.POST)
    if not wrong:
        try:
            choose_goods(file=file, by=request.cashier, chosen=chosen, open_items={one.first.line: one for one in found.open_items})
        except StockError as error:
            wrong = {error.field or "": error.message}
    if wrong:
        return _goods_page(request, found, wrong)
    return go(request, "inventory:enter_bill_file", request.shop.slug, file.pk)


@shop_page(Can.BUY, methods=("POST",))
def bill_file_again(request: HttpRequest, bill_file: int) -> HttpResponse:
    """Ask again which goods an item is."""
    file = _file(request, bill_file)
    line = number_of(request.POST.get("line"))
    match = next((one for one in at_hand(file).matches if one.item.line == line), None)
    if match is None:
        messages.info(request, "This line is not in the file any more.")
    else:
        ask_again(file=file, match=match)
    return go(request, "inventory:bill_file", request.shop.slug, file.pk)


@shop_page(Can.BUY, methods=("POST",))
def forget_bill_file(request: HttpRequest, bill_file: int) -> HttpResponse:
    """Forget a file that is not entered."""
    file = _file(request, bill_file)
    drop(file=file)
    messages.success(request, f"{file.filename} is forgotten. Nothing of it was entered.")
    return go(request, "inventory:bring_bill", request.shop.slug)


@shop_page(Can.BUY)
def enter_bill_file(request: HttpRequest, bill_file: int) -> HttpResponse:
    """The form of a supplier's bill, filled from the file; saving it there enters the bill and clears the file."""
    file = _file(request, bill_file)
    found = at_hand(file) if file.mapping else None
    if found is None or found.open_items or _no_goods(found):
        return go(request, "inventory:bill_file", request.shop.slug, file.pk)
    head = PurchaseForm(shop=request.shop, supplier=file.supplier_id)
    head.initial |= head_of(found)
    return form_page(request, head, rows_of(found), from_file=found)
