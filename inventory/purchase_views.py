"""Pages of suppliers' bills: the list, entering one, one bill, and sending goods of it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django_htmx.http import reswap, retarget, trigger_client_event

from inventory import purchase_selectors as selectors
from inventory.bill_files.acts import drop
from inventory.bill_files.entry import FileAtHand, at_hand, file_of
from inventory.errors import StockError
from inventory.models import GoodsReceipt, PurchaseOrder
from inventory.order_selectors import order_of
from inventory.purchase_forms import PurchaseFilter, PurchaseForm, PurchaseRow, ReturnForm
from inventory.purchase_returns import return_to_supplier
from inventory.purchase_rows import new_row, preview, put_error, row_of_code, rows_of_order, sent_rows
from inventory.purchase_tables import PurchaseTable
from inventory.receiving import receive_goods
from inventory.selectors import find_products
from inventory.views import number_of
from shops.access import Can, shop_page
from smartkirana.dates import shop_today
from smartkirana.paging import at_the_end, page_of
from smartkirana.templatetags.kirana import qty, rupees
from smartkirana.web import go, sent, show, wants_fragment

NEW = "inventory/purchases/purchase_new.html"
MOST_CHOSEN = 50  # goods that an address may bring along


# --- the list -------------------------------------------------------------------------------------------------
@shop_page(Can.SEE_COST)
def purchases(request: HttpRequest) -> HttpResponse:
    """Suppliers' bills, newest first, narrowed by the form."""
    form = PurchaseFilter(request.GET, shop=request.shop)
    context: dict = {"form": form, "may_buy": Can.BUY in request.can}
    if form.is_valid():
        page = page_of(request, selectors.purchases(request.shop, selectors.PurchaseChoice(**form.cleaned_data)))
        table = PurchaseTable(page.object_list, shop=request.shop, may_buy=context["may_buy"])
        context |= {"page": page, "table": table, "today": shop_today(), "last_page": at_the_end(page)}
    return show(request, "inventory/purchases/purchase_list.html", context, partial="purchase_rows", bad=not form.is_valid())


# --- entering one ---------------------------------------------------------------------------------------------
@shop_page(Can.BUY, methods=("GET", "POST"))
def new_purchase(request: HttpRequest) -> HttpResponse:
    """The form of a supplier's bill. Saving takes the goods in, once for a form; else everything typed stands there again."""
    order = _asked_order(request)
    head = PurchaseForm(sent(request), shop=request.shop, supplier=number_of(request.GET.get("supplier"), 10**18), order=order)
    rows, problem = _rows(request, head)
    if request.method == "POST" and (receipt := _entered(request, head, rows, problem)):
        if file := file_of(request.shop, request.POST.get("file")):
            drop(file=file)
        messages.success(request, f"Bill {receipt.bill_number} of {receipt.supplier.name} is entered: {rupees(receipt.total)}.")
        return go(request, "inventory:purchase", request.shop.slug, receipt.pk)
    return form_page(request, head, rows, bad=request.method == "POST")


def _asked_order(request: HttpRequest) -> PurchaseOrder | None:
    """The order whose goods a form just opened is for."""
    asked = request.GET.get("order") if request.method != "POST" else None
    if not asked:
        return None
    found = order_of(request.shop, number_of(asked, 10**18))
    if found is None:
        raise Http404("No such order.")
    return found if found.may_receive else None


def _rows(request: HttpRequest, head: PurchaseForm) -> tuple[list[PurchaseRow], str]:
    """The lines that were sent; for a page just opened those of the goods that its address names."""
    if request.method == "POST":
        return sent_rows(request.shop, request.POST, head.bill_date())
    if head.asked_for:
        return rows_of_order(head.asked_for, head.bill_date()), ""
    chosen = [pk for value in request.GET.getlist("product")[:MOST_CHOSEN] if (pk := number_of(value, 10**18))]
    return [new_row(request.shop, get_object_or_404(request.shop.products, pk=pk), head.bill_date()) for pk in chosen], ""


def _entered(request: HttpRequest, head: PurchaseForm, rows: list[PurchaseRow], problem: str) -> GoodsReceipt | None:
    """The bill, when all is well; else the sentences stand at their boxes."""
    if problem:
        head.add_error(None, problem)
    if not all([head.is_valid(), *(row.is_valid() for row in rows)]):
        return None
    data = head.cleaned_data
    try:
        return receive_goods(
            shop=request.shop, by=request.cashier, paper=head.paper(), lines=[row.line() for row in rows],
            day=data["day"], note=data["note"], order=data["order"], request_key=head.key(),
        )  # fmt: skip
    except StockError as error:
        put_error(error, head, rows)
        return None


def form_page(
    request: HttpRequest, head: PurchaseForm, rows: list[PurchaseRow], *, bad: bool = False, from_file: FileAtHand | None = None
) -> HttpResponse:
    """The form as it stands; `from_file` is the file that filled it, which a form that was sent names itself."""
    if from_file is None and (file := file_of(request.shop, request.POST.get("file"))):
        from_file = at_hand(file)
    found = preview(request.shop, head, rows) if head.is_bound else None
    sums = {one.row.key: one for one in found.lines} if found else {}
    for row in rows:
        row.sums = sums.get(row.key)
    context = {
        "head": head,
        "rows": rows,
        "request_key": head.key(),
        "sums": found,
        "order": head.on_order(),
        "from_file": from_file,
        "has_suppliers": head.fields["supplier"].queryset.exists(),
    }
    return show(request, NEW, context, partial="purchase_form", bad=bad)


@shop_page(Can.BUY, methods=("POST",))
def purchase_sums(request: HttpRequest) -> HttpResponse:
    """What the bill comes to as far as it is written; nothing is saved."""
    head = PurchaseForm(request.POST, shop=request.shop)
    rows, problem = sent_rows(request.shop, request.POST, head.bill_date())
    if problem:
        head.add_error(None, problem)
    if not wants_fragment(request):
        return form_page(request, head, rows)
    found = preview(request.shop, head, rows)
    found.problems += head.non_field_errors()
    return show(request, "inventory/purchases/_live.html", {"sums": found, "live": True})


@shop_page(Can.BUY, methods=("GET", "POST"))
def purchase_find(request: HttpRequest) -> HttpResponse:
    """Goods to choose from; a code that names one, or goods chosen, answers their line, or one pack more on the line of that code."""
    asked = request.POST if request.method == "POST" else request.GET
    text = asked.get("q", "").strip()[:80]
    product, pack = _found(request, asked, text)
    if not wants_fragment(request):
        address = reverse("inventory:new_purchase", args=[request.shop.slug])
        return go(request, f"{address}?{urlencode({'product': product.pk})}" if product else address)
    if product is None:
        found = find_products(request.shop, text)
        return show(request, NEW, {"q": text, "found": found, "asked": "go" in asked}, partial="purchase_found")
    head = PurchaseForm(request.POST, shop=request.shop)
    day = head.bill_date()
    code = "" if asked.get("product") else text.upper()
    rows, _ = sent_rows(request.shop, request.POST, day) if code else ([], "")
    if row := row_of_code(rows, product, code) if code else None:
        return trigger_client_event(HttpResponse(status=204), "purchase:again", {"key": row.key, "packs": qty(row.packs_and_one())})
    answer = show(request, NEW, {"row": new_row(request.shop, product, day, code=code, pack_size=pack)}, partial="purchase_line")
    return reswap(retarget(answer, "#lines"), "beforeend")


def _found(request: HttpRequest, asked, text: str):
    """The goods chosen, or those that the text names, with the pieces in a pack."""
    if chosen := number_of(asked.get("product"), 10**18):
        return get_object_or_404(request.shop.products, pk=chosen), selectors.ONE
    return selectors.goods_by_code(request.shop, text) if "go" in asked else (None, selectors.ONE)


# --- one bill -------------------------------------------------------------------------------------------------
@shop_page(Can.SEE_COST)
def purchase(request: HttpRequest, receipt: int) -> HttpResponse:
    """Everything about one bill of a supplier."""
    found = _receipt(request, receipt)
    lines = selectors.lines_of(found)
    context = {
        "receipt": found,
        "lines": lines,
        "tax": found.cgst + found.sgst + found.igst + found.cess,
        "credited": selectors.credited(lines),
        "returns": selectors.returns_of(found),
        "may_return": Can.BUY in request.can and any(line.went_back < line.quantity for line in lines),
        "today": shop_today(),
    }
    return show(request, "inventory/purchases/purchase.html", context)


def _receipt(request: HttpRequest, receipt_id: int) -> GoodsReceipt:
    found = selectors.receipt_of(request.shop, receipt_id)
    if found is None:
        raise Http404("No such bill.")
    return found


@shop_page(Can.BUY, methods=("GET", "POST"))
def return_goods(request: HttpRequest, receipt: int) -> HttpResponse:
    """Send goods of a bill back to the supplier: a debit note."""
    found = _receipt(request, receipt)
    form = ReturnForm(sent(request), lines=selectors.returnable(found), lot=number_of(request.GET.get("lot"), 10**18))
    if form.is_valid():
        try:
            made = return_to_supplier(
                shop=request.shop, by=request.cashier, receipt=found, returned=form.returned(),
                note=form.cleaned_data["note"], request_key=form.key(),
            )  # fmt: skip
        except StockError as error:
            form.refuse(error)
        else:
            number = made.document.supplier_entry.number
            messages.success(request, f"Debit note {number} is written: {rupees(made.total)} less to pay to {found.supplier.name}.")
            return go(request, "inventory:purchase", request.shop.slug, found.pk)
    may_go = any(line.may_go for line in form.lines)
    context = {"receipt": found, "form": form, "request_key": form.key(), "may_go": may_go}
    return show(request, "inventory/purchases/purchase_return.html", context, partial="return_form", bad=form.is_bound)
