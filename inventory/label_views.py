"""The page of labels: goods from a bill, from packing, after a price change, or scanned; on sheets or a roll, as PDF."""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django_htmx.http import reswap, retarget

from catalog.errors import CatalogError
from inventory import label_goods
from inventory.errors import StockError
from inventory.label_drawing import draw_page, page_rules, print_html
from inventory.label_forms import LabelRow, SheetForm, new_rows, sent_rows
from inventory.label_goods import Labelled, labels_of
from inventory.purchase_selectors import receipt_of
from inventory.repack_selectors import repack_of
from inventory.selectors import find_products, product_by_code
from inventory.views import number_of
from shops.access import Can, shop_page
from smartkirana.dates import shop_today
from smartkirana.files import file_response
from smartkirana.pdf import write_pdf
from smartkirana.web import go, show, wants_fragment

PAGE = "inventory/labels/labels.html"
MOST_DAYS = 31


@shop_page(Can.SEE_GOODS, methods=("GET", "POST"))
def labels(request: HttpRequest) -> HttpResponse:
    """The form. Its address may name a bill (`receipt`), a `repack`, `product`s, or the goods whose price changed in the last `days`."""
    if request.method == "POST":
        return _form_page(request, SheetForm(request.POST), *sent_rows(request.shop, request.POST))
    sheet = SheetForm(paper=request.GET.get("paper", ""))
    return _form_page(request, sheet, new_rows(_wanted(request)), "")


def _wanted(request: HttpRequest) -> list[Labelled]:
    asked = request.GET
    if pk := number_of(asked.get("receipt"), 10**18):
        return label_goods.of_receipt(_there(receipt_of(request.shop, pk)))
    if pk := number_of(asked.get("repack"), 10**18):
        return label_goods.of_repack(request.shop, _there(repack_of(request.shop, pk)))
    if days := min(number_of(asked.get("days")), MOST_DAYS):
        return label_goods.of_price_changes(request.shop, shop_today() - timedelta(days=days - 1))
    chosen = [pk for value in asked.getlist("product")[: label_goods.MOST_ROWS] if (pk := number_of(value, 10**18))]
    goods = request.shop.products.in_bulk(chosen)
    lot = request.shop.lots.filter(pk=number_of(asked.get("lot"), 10**18), product__in=chosen).first() if asked.get("lot") else None
    return [Labelled(_there(goods.get(pk)), lot if lot and lot.product_id == pk else None) for pk in chosen]


def _there(found):
    if found is None:
        raise Http404("No such goods.")
    return found


def _form_page(request: HttpRequest, sheet: SheetForm, rows: list[LabelRow], problem: str, *, bad: bool = False) -> HttpResponse:
    context = {"sheet": sheet, "rows": rows, "problem": problem, **(_preview(request, sheet, rows) if sheet.is_bound else {})}
    return show(request, PAGE, context, bad=bad)


def _preview(request: HttpRequest, sheet: SheetForm, rows: list[LabelRow]) -> dict:
    """The first page drawn, and how many labels and pages it comes to."""
    if not all([sheet.is_valid(), *(row.is_valid() for row in rows)]):
        return {"waits": True}
    wanted = [row.labelled() for row in rows]
    paper, start = sheet.chosen()
    try:
        all_labels = label_goods.repeated(labels_of(request.shop, wanted, own_codes=Can.EDIT_GOODS in request.can), wanted)
    except (StockError, CatalogError) as refusal:
        return {"refusal": refusal.message}
    pages = -(-(len(all_labels) + start - 1) // paper.on_a_page)
    bare = set(label_goods.known_codes(request.shop, {one.product.pk for one in wanted}))
    return {
        "drawing": draw_page(all_labels, paper, start=start),
        "count": len(all_labels),
        "pages": pages,
        "paper": paper,
        "bare": len({one.product.pk for one in wanted if one.count} - bare),
        "may_code": Can.EDIT_GOODS in request.can,
    }


@shop_page(Can.SEE_GOODS, methods=("POST",))
def labels_preview(request: HttpRequest) -> HttpResponse:
    """How the first page will look; nothing is saved."""
    sheet, (rows, problem) = SheetForm(request.POST), sent_rows(request.shop, request.POST)
    if not wants_fragment(request):
        return _form_page(request, sheet, rows, problem)
    context = _preview(request, sheet, rows)
    return show(request, "inventory/labels/_preview.html", context | ({"refusal": problem} if problem else {}))


@shop_page(Can.SEE_GOODS, methods=("POST",))
def labels_pdf(request: HttpRequest) -> HttpResponse:
    """The PDF. Goods without a barcode get the shop's own one first, from those who may change goods."""
    sheet, (rows, problem) = SheetForm(request.POST), sent_rows(request.shop, request.POST)
    if problem or not all([sheet.is_valid(), *(row.is_valid() for row in rows)]):
        return _form_page(request, sheet, rows, problem, bad=True)
    wanted, (paper, start) = [row.labelled() for row in rows], sheet.chosen()
    wanted = [one for one in wanted if one.count]
    may_code = Can.EDIT_GOODS in request.can
    try:
        all_labels = label_goods.repeated(labels_of(request.shop, wanted, own_codes=False), wanted)
        if may_code:
            label_goods.put_own_codes(request.shop, wanted)
            all_labels = label_goods.repeated(labels_of(request.shop, wanted, own_codes=True), wanted)
    except (StockError, CatalogError) as refusal:
        return _form_page(request, sheet, rows, refusal.message, bad=True)
    pdf = write_pdf(print_html(all_labels, paper, start=start), sheet="css/label-sheet.css", rules=page_rules(paper))
    return file_response(pdf, "labels.pdf", save=False)


@shop_page(Can.SEE_GOODS)
def labels_find(request: HttpRequest) -> HttpResponse:
    """Goods to choose from; a code that names one, or goods chosen, answers their row."""
    text = request.GET.get("q", "").strip()[:80]
    product = None
    if chosen := number_of(request.GET.get("product"), 10**18):
        product = get_object_or_404(request.shop.products, pk=chosen)
    elif "go" in request.GET:
        product = product_by_code(request.shop, text)
    if not wants_fragment(request):
        address = reverse("inventory:labels", args=[request.shop.slug])
        return go(request, f"{address}?{urlencode({'product': product.pk})}" if product else address)
    if product is None:
        return show(request, "inventory/labels/_found.html", {"q": text, "found": find_products(request.shop, text)})
    answer = show(request, "inventory/labels/_row.html", {"row": new_rows([Labelled(product)])[0]})
    return reswap(retarget(answer, "#labels-rows"), "beforeend")
