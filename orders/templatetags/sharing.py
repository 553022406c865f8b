"""`{% load sharing %}{% bill_share order as share %}`: how a bill is sent to its customer."""

from __future__ import annotations

from typing import NamedTuple

from django import template

from orders.models import Order
from orders.public import bill_link, message, whatsapp_link

register = template.Library()


class Share(NamedTuple):
    """The bill's public address, WhatsApp's with the message written, and the message itself (the address is in it)."""

    link: str
    whatsapp: str
    title: str
    text: str


@register.simple_tag(takes_context=True)
def bill_share(context: template.Context, order: Order) -> Share:
    """Everything that sends `order` to its customer, at the host that was asked."""
    link = bill_link(context["request"], order)
    return Share(link, whatsapp_link(order, link), f"{order.printed['seller']['name']} {order.bill_number}", message(order, link))
