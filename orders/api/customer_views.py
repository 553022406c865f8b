"""The people the shop knows: `/customers`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from orders.api.customer_schemas import CustomerChangeIn, CustomerFilter, CustomerIn, CustomerOut
from orders.customers import CHANGED, change_customer, create_customer
from orders.khata.selectors import owing_since
from orders.models import Customer
from orders.selectors import customer_with_id, customers
from shops.access import Can
from shops.api.caller import Caller
from shops.api.declare import operation
from shops.models import Shop
from smartkirana.api.fields import Id
from smartkirana.api.lists import page_of
from smartkirana.api.problems import ApiProblem, NotThere

router = Router(tags=["customers"])
SAME = ("name", "local_name", "address", "state_code", "gstin", "group", "language", "email", "credit_limit", "due_days", "outstanding")


@operation(router, "GET", "", right=Can.SEE_BILLS, answer=list[CustomerOut], paged=True)
def list_customers(request: HttpRequest, response: HttpResponse, asked: Query[CustomerFilter]):
    """The shop's customers, by name."""
    shop = request.auth.shop
    return customers_out(shop, page_of(customers(shop, asked.q, owing=asked.owing), asked, response))


@operation(router, "POST", "", right=Can.SELL, answer=CustomerOut, status=201, problems={400, 404, 409})
def new_customer(request: HttpRequest, body: CustomerIn):
    """Write down a customer."""
    caller: Caller = request.auth
    customer = create_customer(shop=caller.shop, **_details(caller, body))
    return _out(caller.shop, customer)


@operation(router, "GET", "/{customer_id}", right=Can.SEE_BILLS, answer=CustomerOut, problems={404})
def one_customer(request: HttpRequest, customer_id: Id):
    """One customer."""
    return _out(request.auth.shop, known(request, customer_id))


@operation(router, "PUT", "/{customer_id}", right=Can.SELL, answer=CustomerOut, problems={400, 404, 409})
def update_customer(request: HttpRequest, customer_id: Id, body: CustomerChangeIn):
    """Change what is known of a customer. Bills that are written keep what they printed."""
    caller: Caller = request.auth
    customer = known(request, customer_id)
    now = {name: getattr(customer, name) for name in CHANGED} | {"phone": customer.short_phone}
    change_customer(customer=customer, **now | _details(caller, body))
    return _out(caller.shop, customer)


def known(request: HttpRequest, customer_id: int) -> Customer:
    """The customer of the caller's shop. Raises NotThere."""
    customer = customer_with_id(request.auth.shop, customer_id)
    if customer is None:
        raise NotThere("customer")
    return customer


def _details(caller: Caller, body: CustomerChangeIn) -> dict[str, Any]:
    """What was given, as the services take it."""
    given = body.model_dump(exclude_unset=True)
    if "price_list_id" in given:
        if Can.EDIT_GOODS not in caller.can:
            raise ApiProblem(403, "not_allowed", "Your role may not choose price lists. Leave price_list_id out.")
        pk = given.pop("price_list_id")
        given["price_list"] = pk and caller.shop.price_lists.filter(pk=pk).first()
        if pk and given["price_list"] is None:
            raise NotThere("price list")
    return given


def _out(shop: Shop, customer: Customer) -> dict[str, Any]:
    return customers_out(shop, [customer])[0]


def customers_out(shop: Shop, shown: Sequence[Customer]) -> list[dict[str, Any]]:
    """Customers as the API shows them; one query."""
    since = owing_since(shop, shown)
    return [
        {name: getattr(one, name) for name in SAME}
        | {
            "id": one.pk,
            "phone": one.short_phone,
            "price_list_id": one.price_list_id,
            "owes_since": since.get(one.pk),
            "known_since": one.created_at,
        }
        for one in shown
    ]
