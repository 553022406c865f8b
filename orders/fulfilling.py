"""An order on its way: confirmed, packed, handed over, one step after the other; or cancelled until it is handed over."""

from __future__ import annotations

from datetime import datetime

from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from orders import locks
from orders.errors import OrderError
from orders.models import Order, OrderEvent
from orders.services import busy, cancel_order
from shops.books_days import books_day
from shops.models import Shop, User

CANCELLED = Order.Status.CANCELLED.value
_Goods, _Kind = Order.Fulfilment, OrderEvent.Kind
NEXT = {
    _Goods.PENDING.value: _Goods.CONFIRMED.value,
    _Goods.CONFIRMED.value: _Goods.PACKED.value,
    _Goods.PACKED.value: _Goods.COMPLETED.value,
}
KINDS = {_Goods.CONFIRMED.value: _Kind.CONFIRMED, _Goods.PACKED.value: _Kind.PACKED, _Goods.COMPLETED.value: _Kind.HANDED_OVER}


def standing(order: Order) -> str:
    """Where an order stands: pending, confirmed, packed, completed or cancelled."""
    return CANCELLED if order.is_cancelled else str(order.fulfilment)


def steps_from(standing: str) -> list[str]:
    """Where an order that stands there may go next."""
    return [NEXT[standing], CANCELLED] if standing in NEXT else []


def move_order(*, shop: Shop, order: Order, to: str, by: User, reason: str = "", at: datetime | None = None) -> Order:
    """Take an order one step on, or cancel it (`reason` is needed then) while its goods are not handed over.

    Runs in its own durable transaction; locks the bill. Raises OrderError "bad_step" naming the steps there are, "busy", and as
    `cancel_order` does. Afterwards one OrderEvent of the step.
    """
    at = at or timezone.now()
    if to == CANCELLED:
        _check_step(order, to)
        return cancel_order(shop=shop, bill_number=order.bill_number, by=by, reason=reason, at=at, while_waiting=True)
    try:
        with transaction.atomic(durable=True):
            return _step(shop, order.bill_number, to, by, at)
    except OperationalError as error:
        raise busy(error) from error


def _step(shop: Shop, bill_number: str, to: str, by: User, at: datetime) -> Order:
    locks.do_not_wait_long()
    day = books_day(shop, timezone.localtime(at).date())
    order = locks.lock_order(shop, bill_number)
    if order is None:
        raise OrderError("unknown_bill", _("There is no bill {number}.").format(number=bill_number))
    _check_step(order, to)
    OrderEvent.objects.create(shop=shop, order=order, kind=KINDS[to], day=day, by=by, at=at)
    order.refresh_from_db(fields=["fulfilment"])
    return order


def _check_step(order: Order, to: str) -> None:
    now = standing(order)
    allowed = steps_from(now)
    if to in allowed:
        return
    if not allowed:
        words = _("Order {number} is {now}: nothing more can become of it here.").format(number=order.number, now=now)
    else:
        words = _("Order {number} is {now}; from there it goes to {steps}.").format(
            number=order.number, now=now, steps=_(" or ").join(allowed)
        )
    raise OrderError("bad_step", words, "new_status")
