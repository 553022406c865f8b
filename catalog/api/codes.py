"""A product's codes, its prices from a quantity on, and what its prices were. `/products/{id}/…`."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from catalog.api import schemas_prices as schemas
from catalog.api.found import product_in
from catalog.api.price_lists import STEP_NAMES, steps_out
from catalog.api.words import named_as
from catalog.by_fields import change_product
from catalog.prices.selectors import steps_of
from catalog.prices.services import set_prices
from catalog.selectors import price_history
from shops.access import Can
from shops.api.declare import operation
from smartkirana.api.fields import Id
from smartkirana.api.problems import NotThere

router = Router(tags=["products"])


@operation(router, "GET", "/{product_id}/barcodes", right=Can.SEE_GOODS, answer=list[schemas.CodeOut], problems={404})
def list_barcodes(request: HttpRequest, product_id: Id):
    """The codes that find a product."""
    codes = product_in(request.auth.shop, product_id).barcodes.all()
    return [{"code": one.code, "holds": one.pack_quantity} for one in codes]


@operation(router, "PUT", "/{product_id}/barcodes", right=Can.EDIT_GOODS, answer=list[schemas.CodeOut], problems={400, 404, 409})
def set_barcodes(request: HttpRequest, product_id: Id, body: schemas.CodesIn):
    """Make these the product's codes. 409 for one that another product has."""
    codes = [(one.code, one.holds) for one in body.codes]
    with named_as({"barcodes": "codes", "barcode": "codes"}):
        product = change_product(shop=request.auth.shop, by=request.auth.user, pk=product_id, fields={"barcodes": codes})
    if product is None:
        raise NotThere("product")
    return [{"code": one.code, "holds": one.pack_quantity} for one in product.barcodes.all()]


@operation(router, "GET", "/{product_id}/slabs", right=Can.SEE_GOODS, answer=list[schemas.StepOut], problems={404})
def list_slabs(request: HttpRequest, product_id: Id):
    """A product's prices from a quantity on, for everybody."""
    return steps_out(steps_of(product_in(request.auth.shop, product_id), None))


@operation(router, "PUT", "/{product_id}/slabs", right=Can.EDIT_GOODS, answer=list[schemas.StepOut], problems={400, 404})
def set_slabs(request: HttpRequest, product_id: Id, body: schemas.StepsIn):
    """Make these the product's prices from a quantity on, for everybody; each under the selling price."""
    product = product_in(request.auth.shop, product_id)
    with named_as(STEP_NAMES):
        set_prices(by=request.auth.user, product=product, price_list=None, steps=[(one.from_quantity, one.price) for one in body.steps])
    return steps_out(steps_of(product, None))


@operation(router, "GET", "/{product_id}/price-history", right=Can.SEE_GOODS, answer=list[schemas.PriceChangeOut], problems={404})
def product_price_history(request: HttpRequest, product_id: Id):
    """The 50 newest changes of price, MRP or cost, as the database wrote them."""
    costs = Can.SEE_COST in request.auth.can
    same = ("at", "old_price", "price", "old_mrp", "mrp")
    return [
        {name: getattr(one, name) for name in same}
        | {"old_cost": one.old_cost if costs else None, "cost": one.cost if costs else None, "changed_by_user_id": one.changed_by_id}
        for one in price_history(product_in(request.auth.shop, product_id))
    ]
