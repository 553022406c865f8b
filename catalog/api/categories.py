"""Categories: `/categories`."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from catalog.api.schemas_prices import CategoryIn, CategoryOut
from catalog.services import add_category
from shops.access import Can
from shops.api.declare import operation
from smartkirana.api.lists import Paging, page_of

router = Router(tags=["products"])


@operation(router, "GET", "", right=Can.SEE_GOODS, customers=True, answer=list[CategoryOut], paged=True)
def list_categories(request: HttpRequest, response: HttpResponse, asked: Query[Paging]):
    """The shop's categories, by name."""
    return page_of(request.auth.shop.categories.order_by("name", "pk"), asked, response)


@operation(router, "POST", "", right=Can.EDIT_GOODS, answer=CategoryOut, status=201, problems={400, 409})
def create_category(request: HttpRequest, body: CategoryIn):
    """Make a category. A product's category is made with the product, too."""
    return add_category(shop=request.auth.shop, name=body.name, local_name=body.local_name)
