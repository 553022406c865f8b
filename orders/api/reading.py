"""Orders as the API shows them, and which of them a caller may see."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet

from orders.api.schemas import OrderFilter
from orders.fulfilling import standing
from orders.models import Customer, Order, OrderLine, Payment
from orders.payment_status import with_payment_status
from orders.selectors import STILL_TO_GO, BillChoice, narrowed
from shops.api.caller import Caller
from smartkirana.api.problems import NotThere

METHODS = {"bank": "bank_transfer", "khata": "credit", "credit": "credit_note"}  # the API's words for ours; the others are the same


def customer_of(caller: Caller) -> Customer | None:
    """The shop's customer that a customer's account stands for: the one with their phone, once it is proven to be theirs."""
    if caller.user.phone_proven_at is None:
        return None
    return caller.shop.customers.filter(phone=caller.user.phone, is_active=True).first()


def orders_for(caller: Caller) -> QuerySet[Order]:
    """The orders that a caller may see: of the shop, or their own."""
    orders = caller.shop.orders.all()
    if not caller.is_customer:
        return orders
    ordered = Q(cashier=caller.user, channel=Order.Channel.ONLINE)
    customer = customer_of(caller)
    return orders.filter(ordered | Q(customer=customer)) if customer else orders.filter(ordered)


def listed(caller: Caller, asked: OrderFilter) -> QuerySet[Order]:
    """The orders asked for, newest first, with what a row of the list shows."""
    choice = BillChoice(asked.q, asked.start, asked.end, asked.counter_id)
    found = narrowed(caller.shop, choice, orders_for(caller))
    if asked.customer_id:
        found = found.filter(customer=asked.customer_id)
    if asked.status == "cancelled":
        found = found.filter(status=Order.Status.CANCELLED)
    elif asked.status:
        found = found.filter(status=Order.Status.COMPLETED, fulfilment=asked.status)
        found = found if asked.status == Order.Fulfilment.COMPLETED else found.filter(STILL_TO_GO)
    found = with_payment_status(found)
    if asked.payment_status:
        found = found.filter(payment_status=asked.payment_status)
    return found.annotate(buyer_name=F("printed__buyer__name")).defer("printed").order_by("-day", "-id")


def row_out(order: Order) -> dict[str, Any]:
    return {
        "id": order.pk,
        "order_number": order.number,
        "invoice_number": order.bill_number,
        "order_date": order.placed_at,
        "customer_id": order.customer_id,
        "customer_name": order.buyer_name or "",
        "channel": order.channel,
        "total_amount": order.total,
        "payment_status": order.payment_status,
        "order_status": standing(order),
    }


def order_with_id(caller: Caller, pk: int) -> Order:
    """One order with everything it shows; 3 queries, 4 for a customer. Raises NotThere."""
    paid = Payment.objects.filter(reverses=None, credit_note=None).order_by("id")
    found = with_payment_status(orders_for(caller)).annotate(buyer_name=F("printed__buyer__name")).defer("printed")
    order = (
        found.prefetch_related(Prefetch("lines", OrderLine.objects.order_by("line_no")), Prefetch("payments", paid)).filter(pk=pk).first()
    )
    if order is None:
        raise NotThere("order")
    order.shop = caller.shop
    return order


def order_out(order: Order) -> dict[str, Any]:
    """An order of `order_with_id`."""
    payments = list(order.payments.all())
    same = ("subtotal", "cgst", "sgst", "igst", "cess", "round_off", "counter_id")
    return (
        row_out(order)
        | {name: getattr(order, name) for name in same}
        | {
            "business_date": order.day,
            "discount_amount": order.discount,
            "taxable_amount": order.taxable + order.exempt,
            "tax_amount": order.tax,
            "payment_method": _paid_by(payments),
            "notes": order.note,
            "items": [_item_out(line) for line in order.lines.all()],
            "payments": [_payment_out(payment) for payment in payments],
        }
    )


def _paid_by(payments: list[Payment]) -> str:
    ways = list(dict.fromkeys(METHODS.get(p.method, p.method) for p in payments))
    return "split" if len(ways) > 1 else ways[0] if ways else "none"


def _item_out(line: OrderLine) -> dict[str, Any]:
    return {
        "id": line.pk,
        "product_id": line.product_id,
        "product_name": line.name,
        "unit": line.unit,
        "hsn_code": line.hsn,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "mrp": line.mrp,
        "discount": line.discount + line.bill_discount,
        "gst_rate": line.rate,
        "gst_amount": line.cgst + line.sgst + line.igst,
        "cess_amount": line.cess,
        "line_total": line.total,
    }


def _payment_out(payment: Payment) -> dict[str, Any]:
    method = METHODS.get(payment.method, payment.method)
    return {"id": payment.pk, "method": method, "amount": payment.amount, "state": payment.state, "reference": payment.reference}
