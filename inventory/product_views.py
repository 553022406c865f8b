"""The page of one product: its lots, what was paid for it and to whom, and everything that moved it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse

from catalog.models import Product
from inventory import product_selectors, selectors
from inventory.price_chart import price_chart
from inventory.tables import MovementTable
from inventory.views import product_of
from shops.access import Can, shop_page
from shops.models import Shop
from smartkirana.dates import shop_today
from smartkirana.paging import at_the_end, page_of
from smartkirana.web import show

NEWEST = 5  # purchases on the product's own page


@shop_page(Can.SEE_GOODS)
def history(request: HttpRequest, product: int) -> HttpResponse:
    """The product's page. What it cost stands there for those who may see costs."""
    found = product_of(request, product)
    page = page_of(request, selectors.movements_of(found))
    movements = list(page.object_list)
    selectors.put_running_stock(found, movements)
    see_cost = Can.SEE_COST in request.can
    _put_papers(request.shop, movements, see_cost=see_cost, may_adjust=Can.ADJUST_STOCK in request.can)
    context = {
        "product": found,
        "page": page,
        "table": MovementTable(movements, exclude=() if see_cost else ("value",)),
        "lots": _lots(found, with_empty="all" in request.GET),
        "see_cost": see_cost,
        "today": shop_today(),
        "last_page": at_the_end(page),
    }
    if see_cost:
        context |= _bought(found)
    return show(request, "inventory/product.html", context, partial="movements")


def _lots(product: Product, *, with_empty: bool) -> list:
    """The lots, each with the newest change of its own price, and how many days it has left."""
    lots = selectors.lots_of(product, with_empty=with_empty)
    changes = product_selectors.lot_prices(product, [lot.pk for lot in lots if lot.price])
    for lot in lots:
        lot.change = changes.get(lot.pk)
        lot.days = (lot.expiry - shop_today()).days if lot.expiry else None
    return lots


def _bought(product: Product) -> dict:
    lines = list(product_selectors.purchases_of(product)[: NEWEST + 1])
    sellers = product_selectors.sellers_of(product) if lines else []
    return {
        "value": selectors.value_of(product),
        "purchases": lines[:NEWEST],
        "more_purchases": len(lines) > NEWEST,
        "sellers": sellers,
        "chart": price_chart(product_selectors.prices_paid(product)) if len(lines) > 1 else None,
    }


@shop_page(Can.SEE_COST)
def product_purchases(request: HttpRequest, product: int) -> HttpResponse:
    """All purchases of a product, the one entered last first."""
    found = product_of(request, product)
    page = page_of(request, product_selectors.purchases_of(found))
    context = {"product": found, "page": page, "last_page": at_the_end(page)}
    return show(request, "inventory/product_purchases.html", context, partial="purchases")


def _put_papers(shop: Shop, movements, *, see_cost: bool, may_adjust: bool) -> None:
    """Give each movement its paper: number of the bill, address of the bill where one may see it, and note."""
    bills, papers = selectors.papers_of(shop, movements)
    for movement in movements:
        movement.paper_url = movement.note = ""
        if movement.document == "order":
            movement.paper = bills.get(movement.document_id, "")
            movement.paper_url = bill_url(shop, movement.paper)
            continue
        paper = papers.get(movement.document_id, selectors.NO_PAPER)
        movement.note, movement.paper = paper.note, paper.bill
        if paper.receipt and see_cost:
            movement.paper_url = reverse("inventory:purchase", args=[shop.slug, paper.receipt])
        elif paper.take:
            movement.note, movement.paper = "", str(paper.take_number)  # the note of its paper is its name
            if may_adjust:
                movement.paper_url = reverse("inventory:stock_take", args=[shop.slug, paper.take])
        elif paper.repack and may_adjust:
            movement.paper, movement.paper_url = "Packing", reverse("inventory:repack", args=[shop.slug, paper.repack])


def bill_url(shop, number: str) -> str:
    """The bill's page, by the name the floor above gives it; "" when it has none."""
    try:
        return reverse("orders:bill", args=[shop.slug, number.replace("/", "-")]) if number else ""
    except NoReverseMatch:
        return ""
