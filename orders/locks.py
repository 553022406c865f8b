"""How this app locks, and in which order: the open day of the books (`shops.books_days`), an old bill, lots by id (`inventory`), then the
customer, then the new numbers, and last, by the posting of cash, the counter.
"""

from __future__ import annotations

from django.db import connection

from orders.models import Customer, Order, Payment
from shops.models import Shop

PATIENCE = 5  # seconds


def do_not_wait_long(seconds: int = PATIENCE) -> None:
    """Waiting for another counter's lock ends after `seconds`; the act then fails as busy and may be tried again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{seconds}s"])


def lock_customer(shop: Shop, customer_id: int) -> Customer | None:
    """The customer's row, locked, so that two counters cannot both use up one khata limit."""
    return shop.customers.select_for_update(of=("self",), no_key=True).filter(pk=customer_id, is_active=True).first()


def lock_khata(shop: Shop, customer_id: int) -> Customer | None:
    """The same of a customer who may be out of use: what is owed and given back is theirs all the same."""
    return shop.customers.select_for_update(of=("self",), no_key=True).filter(pk=customer_id).first()


def lock_order(shop: Shop, number: str) -> Order | None:
    """The bill's row, locked, so that it is cancelled once."""
    return shop.orders.select_for_update(of=("self",), no_key=True).filter(bill_number=number).first()


def lock_payment(shop: Shop, payment_id: int) -> Payment | None:
    """The payment as it stands once its bill's row, or for a khata its customer's, is locked: the lock that taking it back takes too."""
    payment = shop.payments.filter(pk=payment_id)
    bill = shop.orders.filter(pk__in=payment.values("order_id"))
    khata = shop.customers.filter(pk__in=payment.values("customer_id"))
    if not any(rows.select_for_update(of=("self",), no_key=True).values_list("pk") for rows in (bill, khata)):
        return None
    return shop.payments.select_related("order__customer", "customer").defer("order__printed").get(pk=payment_id)
