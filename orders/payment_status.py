"""How an order is paid, in one word, and changing that word: the payments, the khata and the books follow by their own acts."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import CharField, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from orders.errors import OrderError
from orders.models import KhataEntry, Order, Payment, PaymentEvent
from orders.payments import mark_failed, mark_seen
from orders.return_plan import BackLine, returned_before
from orders.returning import take_back
from orders.services import cancel_order
from shops.models import Counter, Shop, User

COMPLETED, PENDING, FAILED, REFUNDED = "completed", "pending", "failed", "refunded"
STATUSES = (PENDING, COMPLETED, FAILED, REFUNDED)
_State, _Kind = Payment.State, KhataEntry.Kind
_PAID = (
    "EXISTS (SELECT FROM orders_payment p"
    " WHERE p.order_id = orders_order.id AND p.reverses_id IS NULL AND p.credit_note_id IS NULL AND p.state {})"
)
_OWED = "EXISTS (SELECT FROM orders_khataentry k WHERE k.order_id = orders_order.id AND k.open > 0 AND k.kind = '{}')"
_NEVER_CAME = _PAID.format("= 'failed'")
_STATUS = f"""CASE
    WHEN orders_order.status = 'cancelled' AND {_NEVER_CAME} AND NOT {_PAID.format("<> 'failed'")} THEN 'failed'
    WHEN orders_order.status = 'cancelled' THEN 'refunded'
    WHEN orders_order.total > 0
     AND orders_order.total = (SELECT sum(n.total) FROM orders_creditnote n WHERE n.order_id = orders_order.id) THEN 'refunded'
    WHEN {_NEVER_CAME} AND (orders_order.customer_id IS NULL OR {_OWED.format("claim_failed")}) THEN 'failed'
    WHEN {_PAID.format("= 'claimed'")} OR {_OWED.format("sale")} THEN 'pending'
    ELSE 'completed'
END"""  # noqa: S608  (no input is in it; by hand, since Django takes 4 ms to write it for each query)


def with_payment_status(orders: QuerySet[Order]) -> QuerySet[Order]:
    """The orders with `payment_status`; no query of its own.

    refunded   cancelled with something paid, or all its goods came back
    failed     money that was claimed never came, and is still owed
    pending    money is claimed and nobody has seen it, or a part is open on the khata
    completed  everything is paid
    """
    return orders.annotate(payment_status=RawSQL(_STATUS, (), output_field=CharField()))  # noqa: S611  (the text above)


def moves_from(order: Order, payments: Sequence[Payment]) -> list[str]:
    """To what the payment status of an order may be changed. `order` carries `payment_status`; its payments are those not taken back."""
    claims = [p for p in payments if p.state == _State.CLAIMED]
    failed = [p for p in payments if p.state == _State.FAILED]
    if order.payment_status == REFUNDED or order.is_cancelled:
        return []
    moves = []
    if (claims or failed) and not _on_khata(order):
        moves.append(COMPLETED)
    if claims:
        moves.append(FAILED)
    if order.is_waiting or not claims:
        moves.append(REFUNDED)
    return moves


def set_payment_status(*, shop: Shop, order: Order, to: str, by: User, request_key: UUID, reason: str = "") -> None:
    """Change how an order is paid.

    completed  its claims were seen; failed: they never came; refunded: the order is cancelled, or once it is handed over all its
               goods are taken back and the money goes back the way it came: in cash, from the bank, or off the khata
    order      carries `payment_status` (`with_payment_status`)
    reason     why, in words; needed by none: without one it says that a program did it

    Raises OrderError "bad_payment_status" naming what may be, and what `mark_seen`, `mark_failed`, `cancel_order` and `take_back` raise.
    """
    payments = list(order.payments.filter(reverses=None, credit_note=None).order_by("id"))
    allowed = moves_from(order, payments)
    if to not in allowed:
        raise OrderError("bad_payment_status", _refusal(order, allowed), "new_status")
    words = reason or _("Said through the API")
    if to == REFUNDED:
        _refund(shop, order, payments, by, request_key, words)
        return
    for payment in payments:
        if to == COMPLETED and payment.state in (_State.CLAIMED, _State.FAILED):
            mark_seen(shop=shop, payment_id=payment.pk, by=by, how=PaymentEvent.How.OWNER)
        elif to == FAILED and payment.state == _State.CLAIMED:
            mark_failed(shop=shop, payment_id=payment.pk, by=by, how=PaymentEvent.How.OWNER, reason=words)


def _on_khata(order: Order) -> bool:
    return order.khata_entries.filter(kind=_Kind.SALE, open__gt=0).exists()


def _refusal(order: Order, allowed: Sequence[str]) -> str:
    now = order.payment_status
    if allowed:
        words = _("The payment of order {number} is {now}; from there it goes to {steps}.")
        return words.format(number=order.number, now=now, steps=_(" or ").join(allowed))
    return _("The payment of order {number} is {now}: nothing more can become of it here.").format(number=order.number, now=now)


def _refund(shop: Shop, order: Order, payments: Sequence[Payment], by: User, request_key: UUID, reason: str) -> None:
    if order.is_waiting:
        cancel_order(shop=shop, bill_number=order.bill_number, by=by, reason=reason, while_waiting=True)
        return
    before = returned_before(order)
    left = [(line.line_no, line.quantity - before.get(line.pk, 0)) for line in order.lines.all()]
    take_back(
        shop=shop,
        counter=_counter(shop, order),
        by=by,
        bill_number=order.bill_number,
        lines=[BackLine(line_no, quantity) for line_no, quantity in left if quantity],
        how=_way_back(payments),
        request_key=request_key,
        reason=reason,
    )


def _way_back(payments: Sequence[Payment]) -> str:
    """How the most of the money came: cash goes back in cash, what came over the bank from the bank, the rest to the khata."""
    came = {Payment.Method.CASH: 0, Payment.Method.UPI: 0}
    for payment in payments:
        if payment.state != _State.FAILED and payment.method in (Payment.Method.CASH, *Payment.WAITS):
            came[Payment.Method.CASH if payment.method == Payment.Method.CASH else Payment.Method.UPI] += payment.amount
    way = max(came, key=lambda method: came[method])
    return str(way) if came[way] else str(Payment.Method.KHATA)


def _counter(shop: Shop, order: Order) -> Counter:
    """The counter of the bill, or one that is in use."""
    if order.counter.is_active:
        return order.counter
    return shop.counters.filter(is_active=True).order_by("pk").first() or order.counter
