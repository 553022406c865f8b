"""What the counter tells programs: orders, bills, what became of them, and money that was seen."""

from __future__ import annotations

from typing import Any

from inventory.models import StockMovement
from inventory.told import tell_low
from orders.models import Order, OrderEvent, Payment, PaymentEvent
from shops.webhook_models import Happening
from shops.webhooks import tell


def order_event_written(sender: type, instance: OrderEvent, created: bool, raw: bool = False, **kwargs: object) -> None:
    """In the same transaction as the act itself; costs nothing where no program hears it."""
    if not created or raw or not instance.shop.hears:
        return
    shop, order = instance.shop, instance.order
    if instance.kind == OrderEvent.Kind.PLACED:
        tell(shop=shop, kind=Happening.ORDER_PLACED, facts=lambda: _order(order))
        tell(shop=shop, kind=Happening.BILL_ISSUED, facts=lambda: _bill(order))
        tell_low(shop, StockMovement.Document.ORDER, order.pk)
    elif instance.kind == OrderEvent.Kind.CANCELLED:
        tell(shop=shop, kind=Happening.ORDER_CANCELLED, facts=lambda: _order(order) | {"reason": instance.reason})
    elif instance.kind == OrderEvent.Kind.RETURNED:
        tell(shop=shop, kind=Happening.RETURN_MADE, facts=lambda: _return(instance))


def payment_event_written(sender: type, instance: PaymentEvent, created: bool, raw: bool = False, **kwargs: object) -> None:
    """In the same transaction as the act itself."""
    if created and not raw and instance.kind == PaymentEvent.Kind.SEEN:
        tell(shop=instance.shop, kind=Happening.PAYMENT_SEEN, facts=lambda: _payment(instance.payment, instance))


def _order(order: Order) -> dict[str, Any]:
    return {
        "order_id": order.pk,
        "order_number": order.number,
        "invoice_number": order.bill_number,
        "order_date": order.placed_at,
        "channel": order.channel,
        "customer_id": order.customer_id,
        "total_amount": order.total,
    }


def _bill(order: Order) -> dict[str, Any]:
    taxes = {name: getattr(order, name) for name in ("cgst", "sgst", "igst", "cess")}
    sums = {"discount_amount": order.discount, "tax_amount": order.tax, **taxes, "round_off": order.round_off}
    return _order(order) | sums | {"title": order.title, "place_of_supply": order.place_of_supply}


def _return(event: OrderEvent) -> dict[str, Any]:
    note = event.credit_note
    assert note is not None
    return {
        "order_id": event.order_id,
        "invoice_number": event.order.bill_number,
        "credit_note_id": note.pk,
        "credit_note_number": note.number,
        "total_amount": note.total,
        "reason": note.reason,
    }


def _payment(payment: Payment, event: PaymentEvent) -> dict[str, Any]:
    order = payment.order
    return {
        "payment_id": payment.pk,
        "order_id": payment.order_id,
        "invoice_number": order.bill_number if order else None,
        "customer_id": order.customer_id if order else payment.customer_id,
        "method": payment.method,
        "amount": payment.amount,
        "seen": event.how,
        "seen_at": event.at,
    }
