"""A bill going to paper: the first print is the original, every later one a numbered DUPLICATE."""

from __future__ import annotations

from django.db import transaction

from orders import locks
from orders.errors import OrderError
from orders.models import BillPrint, Order
from shops.models import Counter, User

MOST_PRINTS = 999


@transaction.atomic
def record_print(*, order: Order, by: User, paper: str) -> BillPrint:
    """Write down that the bill is printed now; `copy_no` 1 is the original, 2 the first duplicate.

    paper  a value of Counter.Paper. Locks the bill, so that two prints at once get two numbers.
    Raises OrderError "bad_paper", "too_many_prints", "busy".
    """
    if paper not in Counter.Paper.values:
        raise OrderError("bad_paper", "Choose the paper: 80 mm, 58 mm or A4.", "paper")
    locks.lock_order(order.shop, order.bill_number)
    last = order.prints.order_by("-copy_no").values_list("copy_no", flat=True).first() or 0
    if last >= MOST_PRINTS:
        raise OrderError("too_many_prints", f"This bill was printed {MOST_PRINTS} times already.")
    return BillPrint.objects.create(shop=order.shop, order=order, paper=paper, copy_no=last + 1, by=by)


@transaction.atomic
def record_original(*, order: Order, by: User, paper: str) -> BillPrint:
    """The bill's first print, written down now if it has none yet: what the counter does when a bill is paid.

    Doing it twice does it once. Raises as record_print().
    """
    locks.lock_order(order.shop, order.bill_number)
    return order.prints.filter(copy_no=1).first() or record_print(order=order, by=by, paper=paper)
