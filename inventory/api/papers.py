"""Papers of the stock room: an order as the supplier gets it, labels."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from inventory import label_goods
from inventory import order_selectors as selectors
from inventory.api.found import lot_in, order_in, products_in
from inventory.errors import StockError
from inventory.label_drawing import page_rules, print_html
from inventory.label_goods import MOST_ROWS, Labelled, labels_of
from inventory.label_sheets import PAPERS
from inventory.order_paper import order_pdf as paper_of
from shops.access import Can
from shops.api.declare import operation
from shops.models import Shop
from smartkirana.api.fields import Id
from smartkirana.api.shapes import Shape
from smartkirana.files import file_response
from smartkirana.pdf import write_pdf

router = Router(tags=["papers"])
MOST = 500  # labels at once: five seconds, in which no other PDF of this worker is drawn


class LabelsOfIn(Shape):
    product_id: Id
    lot_id: Id | None = Field(None, description="Whose MRP, date and batch are printed.")
    count: int = Field(ge=1, le=MOST, examples=[12])


class LabelsIn(Shape):
    items: Annotated[list[LabelsOfIn], Field(min_length=1, max_length=MOST_ROWS)]
    paper: Literal[tuple(PAPERS)] = Field(next(iter(PAPERS)), description="The sheet or roll.")  # type: ignore[valid-type]
    start: int = Field(1, ge=1, le=65, description="The place on the first sheet.")


@operation(router, "GET", "/purchase-orders/{purchase_order_id}/order.pdf", right=Can.SEE_COST, file="pdf", problems={404})
def purchase_order_pdf(request: HttpRequest, purchase_order_id: Id):
    """The order on paper, as the supplier gets it."""
    order = order_in(request.auth.shop, purchase_order_id)
    assert order is not None
    return file_response(paper_of(order, selectors.lines_of(order)), f"{order.number.replace('/', '-')}.pdf")


@operation(router, "POST", "/inventory/labels.pdf", right=Can.SEE_GOODS, file="pdf", problems={400, 404})
def labels_as_pdf(request: HttpRequest, body: LabelsIn):
    """Labels for goods. Those without a barcode get the shop's own one first, from who may change goods."""
    shop, paper = request.auth.shop, PAPERS[body.paper]
    if (total := sum(one.count for one in body.items)) > MOST:
        raise StockError("too_many", f"{total} labels at once are too many: at most {MOST}. Ask for a part of them first.", "items")
    wanted = _wanted(shop, body)
    if body.start > paper.on_a_page > 1:
        raise StockError("bad_place", f"This sheet has {paper.on_a_page} labels.", "start")
    found = label_goods.repeated(labels_of(shop, wanted, own_codes=False), wanted)
    if Can.EDIT_GOODS in request.auth.can:
        label_goods.put_own_codes(shop, wanted)
        found = label_goods.repeated(labels_of(shop, wanted, own_codes=True), wanted)
    start = body.start if paper.on_a_page > 1 else 1
    pdf = write_pdf(print_html(found, paper, start=start), sheet="css/label-sheet.css", rules=page_rules(paper))
    return file_response(pdf, "labels.pdf")


def _wanted(shop: Shop, body: LabelsIn) -> list[Labelled]:
    goods = products_in(shop, [one.product_id for one in body.items])
    wanted = [Labelled(goods[one.product_id], lot_in(shop, one.lot_id), one.count) for one in body.items]
    if any(one.lot and one.lot.product_id != one.product.pk for one in wanted):
        raise StockError("bad_lot", "This lot is of other goods.", "lot_id")
    return wanted
