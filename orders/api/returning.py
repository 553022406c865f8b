"""Goods that come back, as the API is asked for it and as it shows it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.api.approving import let_take_back
from orders.api.placing import OURS, counter_of, named_customer
from orders.api.reading import METHODS
from orders.api.return_schemas import ReturnAskedIn, ReturnIn
from orders.approvals import permit_of
from orders.bill import BillLine, Tender
from orders.credit_models import CreditNote
from orders.credit_selectors import exchange_of
from orders.errors import OrderError
from orders.models import Order, OrderLine
from orders.refunds import check_permit, standing_of
from orders.return_plan import Ask, BackLine, Exchange, coming_back, draft_note, is_commercial, plan_of, returned_before
from orders.returning import take_back
from shops.api.caller import Caller
from shops.models import Counter
from smartkirana.api.problems import NotThere
from smartkirana.money import ZERO


def order_of(caller: Caller, pk: int) -> Order:
    """The order of the caller's shop. Raises NotThere."""
    order = caller.shop.orders.select_related("customer", "counter").filter(pk=pk).first()
    if order is None:
        raise NotThere("order")
    order.shop = caller.shop
    return order


# --- what may come back -----------------------------------------------------------------------------------------
def returnable_out(order: Order) -> dict[str, Any]:
    before, standing = returned_before(order), standing_of(order)
    return {
        "order_id": order.pk,
        "invoice_number": order.bill_number,
        "without_gst": is_commercial(order, timezone.localdate()),
        "paid_in_money": standing.in_money,
        "open_on_khata": standing.khata_open,
        "not_yet_seen": standing.unseen,
        "items": [_may_come(line, before.get(line.pk, ZERO), order) for line in order.lines.order_by("line_no")],
    }


def _may_come(line: OrderLine, came, order: Order) -> dict[str, Any]:
    left = ZERO if order.is_cancelled else line.quantity - came
    return {
        "item_id": line.pk,
        "product_id": line.product_id,
        "product_name": line.name,
        "unit": line.unit,
        "sold": line.quantity,
        "came_back": came,
        "may_come_back": left,
        "line_total": line.total,
    }


# --- asking -----------------------------------------------------------------------------------------------------
def sums(caller: Caller, body: ReturnAskedIn) -> dict[str, Any]:
    """What it would come to. Raises what `take_back` raises of it; nothing is written."""
    order = order_of(caller, body.order_id)
    if order.is_cancelled:
        raise OrderError("cancelled", _("Bill {number} is cancelled: everything went back already.").format(number=order.bill_number))
    customer = named_customer(caller.shop, body.customer_id)
    permit = permit_of(caller.limits)
    ask = Ask(
        caller.shop, _counter(caller, body, order), caller.user, order.bill_number, back_lines(order, body), _how(body), UUID(int=0), "",
        customer, _exchange(body), body.khata_first, "", None, permit, timezone.now(), caller.user,
    )  # fmt: skip
    whose = order.customer or customer
    note = draft_note(order, ask, coming_back(order, ask.lines), whose)
    plan, standing = plan_of(note, order, ask, whose)
    check_permit(note.total, plan, standing, permit)
    return {
        "total": note.total,
        "off_khata": plan.khata,
        "to_new_goods": plan.credit,
        "money_back": plan.out,
        "new_total": plan.credit + plan.khata_again + plan.due,
        "balance": plan.balance,
        "not_yet_seen": plan.unseen,
    }


def take(caller: Caller, body: ReturnIn, request_key: UUID) -> CreditNote:
    """Take the goods back. Raises as `take_back`, and NotThere for an order, an item, a customer or a counter that is not there."""
    order = order_of(caller, body.order_id)
    counter = _counter(caller, body, order)
    given = let_take_back(caller, counter, body.approval, request_key)
    return take_back(
        shop=caller.shop,
        counter=counter,
        by=caller.user,
        bill_number=order.bill_number,
        lines=back_lines(order, body),
        how=_how(body),
        request_key=request_key,
        reason=body.reason,
        customer=named_customer(caller.shop, body.customer_id),
        exchange=_exchange(body),
        khata_first=body.khata_first,
        reference=body.reference or (body.exchange.reference if body.exchange else ""),
        shown_balance=body.expected_balance,
        permit=permit_of(caller.limits, given),
    )


def back_lines(order: Order, body: ReturnAskedIn) -> list[BackLine]:
    numbers = dict(order.lines.values_list("pk", "line_no"))
    if any(item.item_id not in numbers for item in body.items):
        raise NotThere("item of this order")
    return [BackLine(numbers[item.item_id], item.quantity, item.where) for item in body.items]


def _how(body: ReturnAskedIn) -> str:
    return OURS.get(body.refund_method, body.refund_method)


def _exchange(body: ReturnAskedIn) -> Exchange | None:
    if body.exchange is None:
        return None
    lines = [BillLine(item.product_id, item.quantity) for item in body.exchange.items]
    method = OURS.get(body.exchange.payment_method, body.exchange.payment_method)
    return Exchange(lines, Tender(method, None, reference=body.exchange.reference))


def _counter(caller: Caller, body: ReturnAskedIn, order: Order) -> Counter:
    return order.counter if body.counter_id is None and order.counter.is_active else counter_of(caller.shop, body.counter_id)


# --- notes ------------------------------------------------------------------------------------------------------
def note_row(note: CreditNote) -> dict[str, Any]:
    """A note of `credit_notes`, its refunds read."""
    return {
        "id": note.pk,
        "number": note.number,
        "at": note.at,
        "day": note.day,
        "order_id": note.order_id,
        "invoice_number": note.order.bill_number,
        "customer_name": note.buyer_name or "",
        "total": note.total,
        "without_gst": note.commercial,
        "refunds": [{"method": _refund(one.method), "amount": -one.amount} for one in note.refunds.all()],
    }


def _refund(method: str) -> str:
    return "new_goods" if method == "credit" else METHODS.get(method, method)


def note_with_id(caller: Caller, pk: int) -> CreditNote:
    """One note with everything it shows; 3 queries. Raises NotThere."""
    found = caller.shop.credit_notes.select_related("order").defer("printed", "order__printed").prefetch_related("refunds", "lines")
    note = found.annotate(buyer_name=F("printed__buyer__name")).filter(pk=pk).first()
    if note is None:
        raise NotThere("credit note")
    note.shop = caller.shop
    return note


def note_out(note: CreditNote) -> dict[str, Any]:
    """A note of `note_with_id`."""
    same = ("reason", "title", "subtotal", "cgst", "sgst", "igst", "round_off")
    new = exchange_of(note)
    return (
        note_row(note)
        | {name: getattr(note, name) for name in same}
        | {
            "discount_amount": note.discount,
            "tax_amount": note.tax,
            "exchange_order_id": new.pk if new else None,
            "items": [_note_line(line) for line in note.lines.all()],
        }
    )


def _note_line(line) -> dict[str, Any]:
    return {
        "item_id": line.order_line_id,
        "product_name": line.name,
        "unit": line.unit,
        "quantity": line.quantity,
        "where": line.where,
        "unit_price": line.unit_price,
        "gst_rate": line.rate,
        "gst_amount": line.cgst + line.sgst + line.igst,
        "line_total": line.total,
    }
