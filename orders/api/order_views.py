"""Orders: `/orders`."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Body, Query, Router

from orders.api.placing import place
from orders.api.reading import listed, order_out, order_with_id, orders_for, row_out
from orders.api.schemas import OrderFilter, OrderIn, OrderMovedOut, OrderOut, OrderRowOut, StatusIn
from orders.fulfilling import CANCELLED, move_order
from orders.models import Order
from orders.payment_status import set_payment_status, with_payment_status
from shops.access import Can
from shops.api.caller import Caller
from shops.api.declare import operation
from smartkirana.api.fields import Id, Text
from smartkirana.api.lists import page_of
from smartkirana.api.problems import ApiProblem, NotThere

router = Router(tags=["orders"])
BY_API = "Cancelled through the API"


@operation(router, "GET", "", right=Can.SEE_BILLS, customers=True, answer=list[OrderRowOut], paged=True)
def list_orders(request: HttpRequest, response: HttpResponse, asked: Query[OrderFilter]):
    """The shop's orders, the newest first. Customers see their own."""
    return [row_out(order) for order in page_of(listed(request.auth, asked), asked, response, dear=True)]


@operation(router, "POST", "", right=Can.SELL, customers=True, moves=True, answer=OrderOut, status=201, problems={400, 404})
def make_order(request: HttpRequest, body: OrderIn):
    """Make an order: stock goes down, a numbered bill exists, tax is worked out, the books are posted; or nothing at all.

    More than there is in stock is refused. UPI, card and bank money is claimed until somebody has seen it. Customers pay the shop's
    prices by UPI or card; a person of the shop may change prices as far as their role may at the counter.
    """
    caller: Caller = request.auth
    order = place(caller, body, request.request_key)
    return order_out(order_with_id(caller, order.pk))


@operation(router, "GET", "/{order_id}", right=Can.SEE_BILLS, customers=True, answer=OrderOut, problems={404})
def one_order(request: HttpRequest, order_id: Id):
    """One order with its items. Customers see their own."""
    return order_out(order_with_id(request.auth, order_id))


@operation(router, "PUT", "/{order_id}/status", right=Can.SELL, moves=True, answer=OrderMovedOut, problems={400, 404})
def set_order_status(request: HttpRequest, order_id: Id, body: Body[StatusIn | None] = None, new_status: Query[Text | None] = None):
    """Take an order one step on: pending → confirmed → packed → completed; or cancel it before it is completed.

    Cancelling gives the stock back and reverses the books. Who may neither cancel bills nor open ones may not cancel orders.
    """
    caller: Caller = request.auth
    to = _asked_for(body, new_status)
    if to == CANCELLED and not (Can.CANCEL_BILL in caller.can or caller.limits.may_cancel_open_bill):
        raise ApiProblem(403, "not_allowed", "Your role may not cancel orders.")
    reason = (body and body.reason) or BY_API
    order = move_order(shop=caller.shop, order=_order(caller, order_id), to=to, by=caller.user, reason=reason)
    return {"message": f"Order {order.number} is {to}.", "order_id": order.pk, "new_status": to}


@operation(router, "PUT", "/{order_id}/payment-status", right=Can.RUN_SHOP, moves=True, answer=OrderMovedOut, problems={400, 404})
def set_order_payment_status(request: HttpRequest, order_id: Id, body: Body[StatusIn | None] = None, new_status: Query[Text | None] = None):
    """Say how the payment of an order turned out: completed (it was seen), failed (it never came) or refunded. The books follow.

    A refund cancels an order that is not completed yet; of a completed one all goods are taken back, and the money goes back the way
    it came.
    """
    caller: Caller = request.auth
    to = _asked_for(body, new_status)
    order = _order(caller, order_id)
    set_payment_status(
        shop=caller.shop, order=order, to=to, by=caller.user, request_key=request.request_key, reason=(body and body.reason) or ""
    )
    return {"message": f"The payment of order {order.number} is {to}.", "order_id": order.pk, "new_status": to}


def _asked_for(body: StatusIn | None, new_status: str | None) -> str:
    """The status in the body or in the query. Raises ApiProblem 422 when there is none."""
    to = (body and body.new_status) or new_status
    if not to:
        raise ApiProblem(422, "does_not_fit", "new_status: Give it in the body or in the query.", fields={"new_status": "Give a status."})
    return to.lower()


def _order(caller: Caller, order_id: int) -> Order:
    order = with_payment_status(orders_for(caller)).filter(pk=order_id).first()
    if order is None:
        raise NotThere("order")
    order.shop = caller.shop
    return order
