"""Pages of suppliers: the list, writing one down, one account with its statement, paying it."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.text import slugify

from inventory import supplier_selectors as selectors
from inventory.errors import StockError
from inventory.models import Supplier
from inventory.order_selectors import open_orders_of
from inventory.supplier_forms import OpeningForm, PayForm, StatementFilter, SupplierFilter, SupplierForm
from inventory.supplier_statement import COLUMNS, paper_of, statement_lines, statement_rows, statement_sums
from inventory.supplier_tables import SupplierTable
from inventory.suppliers import enter_supplier_balance, pay_supplier, planned_shares, save_supplier, set_supplier_active
from shops.access import Can, shop_page
from smartkirana.csv_rows import csv_file
from smartkirana.dates import shop_today
from smartkirana.money import ZERO
from smartkirana.paging import PER_PAGE, at_the_end, page_of, paginate
from smartkirana.templatetags.kirana import rupees
from smartkirana.web import go, sent, show, wants_fragment

LIST, ONE = "inventory/suppliers/supplier_list.html", "inventory/suppliers/supplier.html"
FORM, PAY, OPENING = (f"inventory/suppliers/supplier_{name}.html" for name in ("form", "pay", "opening"))
MOST_OPEN = 50  # open bills that can be chosen for a payment
OLDEST, ALL = 10, 100  # open bills on the account's page; all means so many


# --- the list -------------------------------------------------------------------------------------------------
@shop_page(Can.SEE_COST)
def suppliers(request: HttpRequest) -> HttpResponse:
    """The shop's suppliers, by name or by what is owed to them."""
    form, today = SupplierFilter(request.GET), shop_today()
    context: dict = {"form": form, "may_buy": Can.BUY in request.can}
    if not form.is_valid():
        return show(request, LIST, context, partial="supplier_rows", bad=True)
    rows = selectors.suppliers(request.shop, form.choice(), today)
    table = SupplierTable(rows, shop=request.shop, may_buy=context["may_buy"])
    if request.GET.get("sort", "").removeprefix("-") in ("name", "balance"):
        table.order_by = request.GET["sort"]
    context |= {"table": table, "last_page": paginate(request, table, PER_PAGE), "sums": selectors.owed_sums(request.shop, today)}
    shown = [row.record for row in table.paginated_rows]
    for supplier in shown:
        supplier.shop = request.shop  # for its address: not a query a row
    table.open, table.today = selectors.open_of(request.shop, shown, today), today
    return show(request, LIST, context, partial="supplier_rows")


# --- writing down ---------------------------------------------------------------------------------------------
@shop_page(Can.BUY, methods=("GET", "POST"))
def new_supplier(request: HttpRequest) -> HttpResponse:
    """Write down a new supplier."""
    return _details_page(request, None)


@shop_page(Can.BUY, methods=("GET", "POST"))
def change_supplier(request: HttpRequest, supplier: int) -> HttpResponse:
    """Change what is known of a supplier."""
    return _details_page(request, _known(request, supplier))


def _details_page(request: HttpRequest, known: Supplier | None) -> HttpResponse:
    form = SupplierForm(sent(request), known=known)
    if form.is_valid():
        try:
            key = None if known else form.key()
            saved = save_supplier(shop=request.shop, details=form.details(), supplier=known, request_key=key)
        except StockError as error:
            form.refuse(error)
            known = known and _known(request, known.pk)  # its heading is the name it has
        else:
            messages.success(request, f"{saved.name} is changed." if known else f"{saved.name} is written down.")
            return go(request, "inventory:supplier", request.shop.slug, saved.pk)
    context = {"form": form, "supplier": known, "request_key": form.key()}
    return show(request, FORM, context, partial="details_form", bad=form.is_bound)


@shop_page(Can.BUY, methods=("POST",))
def supplier_in_use(request: HttpRequest, supplier: int) -> HttpResponse:
    """Take a supplier out of the choosers, or back in: `in_use` is "yes" or "no"."""
    known = _known(request, supplier)
    wanted = request.POST.get("in_use") == "yes"
    set_supplier_active(supplier=known, active=wanted)
    messages.success(request, f"{known.name} is in use again." if wanted else f"{known.name} is no longer offered for new bills.")
    return go(request, "inventory:supplier", request.shop.slug, known.pk)


def _known(request: HttpRequest, supplier_id: int) -> Supplier:
    found = selectors.supplier_with_id(request.shop, supplier_id)
    if found is None:
        raise Http404("No such supplier.")
    return found


# --- one supplier ---------------------------------------------------------------------------------------------
@shop_page(Can.SEE_COST)
def supplier(request: HttpRequest, supplier: int) -> HttpResponse:
    """What is owed to one supplier, since when, for which bills, and how it came to that."""
    known, today = _known(request, supplier), shop_today()
    context = _statement(request, known)
    if not wants_fragment(request):
        most = ALL if request.GET.get("open") == "all" else OLDEST
        context |= {
            "ageing": selectors.ageing(known, today),
            "bills": selectors.open_bills(known, today, most),
            "orders": open_orders_of(known),
            "may_buy": Can.BUY in request.can,
            "may_open": Can.BUY in request.can and not selectors.has_opening(known),
        }
    return show(request, ONE, context, partial="statement_part", bad=bool(context["form"].errors))


def _statement(request: HttpRequest, known: Supplier) -> dict:
    form = StatementFilter(request.GET)
    context = {"supplier": known, "form": form, "span": form.span}
    if form.errors:
        return context
    sums = statement_sums(known, form.span)
    page = page_of(request, statement_rows(known, form.span))
    rows = [(entry, paper_of(entry), sums.opening + entry.moved) for entry in page.object_list]
    brought = rows[0][2] - rows[0][0].amount if rows else sums.opening
    return context | {
        "sums": sums,
        "page": page,
        "rows": rows,
        "brought": brought,
        "last_page": at_the_end(page),
    }


@shop_page(Can.SEE_COST)
def statement_file(request: HttpRequest, supplier: int) -> HttpResponseBase:
    """The same statement, all of it, as a file for a spreadsheet, sent while it is read."""
    known = _known(request, supplier)
    form = StatementFilter(request.GET)
    if not form.is_valid():
        return show(request, ONE, {"supplier": known, "form": form, "span": form.span}, partial="statement_part", bad=True)
    name = f"{slugify(known.name)[:40] or f'supplier-{known.pk}'}-{form.span.start}-to-{form.span.end}.csv"
    return csv_file(name, COLUMNS, statement_lines(known, form.span))


# --- paying ---------------------------------------------------------------------------------------------------
@shop_page(Can.BUY, methods=("GET", "POST"))
def pay(request: HttpRequest, supplier: int) -> HttpResponse:
    """Write down money given to a supplier: the oldest bills first, unless amounts are written beside them."""
    known = _known(request, supplier)
    form, ages = _pay_form(request, known)
    if form.is_valid():
        try:
            document = pay_supplier(shop=request.shop, by=request.cashier, supplier=known, **form.payment())
        except StockError as error:
            form.refuse(error)
        else:
            number, paid = document.supplier_entry.number, rupees(document.supplier_payment.amount)
            messages.success(request, f"Payment {number} is written down: {paid} to {known.name}.")
            return go(request, "inventory:supplier", request.shop.slug, known.pk)
    return _pay_page(request, known, form, ages, bad=form.is_bound)


@shop_page(Can.BUY, methods=("POST",))
def pay_plan(request: HttpRequest, supplier: int) -> HttpResponse:
    """Which bills the payment would settle as far as it is written; nothing is saved."""
    known = _known(request, supplier)
    form, ages = _pay_form(request, known)
    if not wants_fragment(request):
        return _pay_page(request, known, form, ages)
    return show(request, "inventory/suppliers/_plan_live.html", {"form": form, **_plan(known, form), "supplier": known})


def _pay_form(request: HttpRequest, known: Supplier) -> tuple[PayForm, selectors.Ageing]:
    """The form; of a page just opened with all that is overdue, or all that is open, when the address says so."""
    today = shop_today()
    ages = selectors.ageing(known, today)
    offered = {"overdue": ages.overdue, "all": ages.open}.get(request.GET.get("pay", "")) or None
    bills = selectors.open_bills(known, today, MOST_OPEN, also=PayForm.asked_for(request.POST))
    return PayForm(sent(request), bills=bills, amount=offered), ages


def _pay_page(request: HttpRequest, known: Supplier, form: PayForm, ages: selectors.Ageing, *, bad: bool = False) -> HttpResponse:
    context = {"supplier": known, "form": form, "ages": ages, "request_key": form.key(), **_plan(known, form)}
    context["beyond"] = ages.bills > len(form.bills)
    return show(request, PAY, context, partial="pay_form", bad=bad)


def _plan(known: Supplier, form: PayForm) -> dict:
    """What the bills would get: `rows` of bill, box and rupees, the `advance` left over, what is owed `after`; or the `problem`."""
    goes, worth, problem = {}, form.initial["amount"] or ZERO, ""
    if form.is_bound:
        worth = max(form.worth(), ZERO) if form.is_valid() else ZERO
    try:
        goes = planned_shares(known, worth, form.shares() if form.is_bound and form.is_valid() else None)
    except StockError as error:
        problem = error.message
    left: Decimal = worth - sum(goes.values(), ZERO)
    gets = [(bill, box, goes.get(bill.pk)) for bill, box in form.rows()]
    sums = {"worth": worth, "used": worth - left, "advance": left, "after": known.balance - worth}
    return {"rows": gets, "settles": len(goes), "problem": problem, **sums}


@shop_page(Can.BUY, methods=("GET", "POST"))
def opening_balance(request: HttpRequest, supplier: int) -> HttpResponse:
    """What stood between shop and supplier when the books began; once."""
    known = _known(request, supplier)
    form = OpeningForm(sent(request))
    if not form.is_bound and selectors.has_opening(known):
        messages.info(request, f"The opening balance of {known.name} is entered already.")
        return go(request, "inventory:supplier", request.shop.slug, known.pk)
    if form.is_valid():
        try:
            enter_supplier_balance(shop=request.shop, by=request.cashier, supplier=known, **form.balance())
        except StockError as error:
            form.refuse(error)
        else:
            messages.success(request, f"The opening balance of {known.name} is entered.")
            return go(request, "inventory:supplier", request.shop.slug, known.pk)
    context = {"supplier": known, "form": form, "request_key": form.key()}
    return show(request, OPENING, context, partial="opening_form", bad=form.is_bound)
