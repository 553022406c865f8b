"""An order as the API is asked for it, made into what `place_order` takes. What is allowed is the services' to say."""

from __future__ import annotations

from catalog.off import NOTHING, Off
from orders.api.approving import let_sell
from orders.api.reading import customer_of
from orders.api.schemas import OrderIn, OrderItemIn
from orders.approvals import allowance
from orders.bill import BillLine, Tender
from orders.customers import create_customer
from orders.errors import OrderError
from orders.models import Customer, Order, Payment
from orders.services import REFUSE, place_order
from shops.api.caller import Caller
from shops.models import Counter, Shop
from smartkirana.api.problems import ApiProblem, NotThere

OURS = {"bank_transfer": Payment.Method.BANK, "credit": Payment.Method.KHATA}  # our words for the API's; the others are the same
CUSTOMERS_WAYS = ("upi", "card")


def place(caller: Caller, body: OrderIn, request_key) -> Order:
    """Make the order. Raises what `place_order` raises, NotThere for goods, customers and counters that the shop does not have."""
    if caller.is_customer:
        _check_customers_order(body)
        customer = _known_customer(caller)
    else:
        customer = named_customer(caller.shop, body.customer_id)
    counter = counter_of(caller.shop, body.counter_id)
    cover = let_sell(caller, counter, body.approval, request_key)
    try:
        return place_order(
            shop=caller.shop,
            counter=counter,
            cashier=caller.user,
            lines=[line_of(item) for item in body.items],
            payments=tenders(body),
            request_key=request_key,
            shown_total=body.expected_total,
            customer=customer,
            bill_discount=Off(rupees=body.discount_amount) if body.discount_amount else NOTHING,
            price_list_id=customer.price_list_id if customer else None,
            allowance=allowance(caller.limits, cover),
            channel=Order.Channel.ONLINE if caller.is_customer else body.channel,
            note=body.notes or "",
            due_days=body.credit_duration_days,
            fulfilment=Order.Fulfilment.PENDING,
            short=REFUSE,
        )
    except OrderError as refused:
        if refused.code == "unknown_product":
            _check_goods(caller.shop, body)
        raise


def line_of(item: OrderItemIn) -> BillLine:
    off = Off(rupees=item.discount) if item.discount else NOTHING
    return BillLine(product_id=item.product_id, quantity=item.quantity, rate=item.unit_price, discount=off)


def tenders(body: OrderIn) -> list[Tender]:
    """How it is paid; an amount of None is all that is left."""
    if body.payments:
        paid = [Tender(OURS.get(one.method, one.method), one.amount, reference=one.reference) for one in body.payments]
        return [*paid, Tender(Payment.Method.KHATA, None)] if body.is_credit_sale and not _has_khata(paid) else paid
    whole = Payment.Method.KHATA if body.is_credit_sale else OURS.get(body.payment_method, body.payment_method)
    return [Tender(whole, None)]


def _has_khata(paid: list[Tender]) -> bool:
    return any(tender.method == Payment.Method.KHATA for tender in paid)


def counter_of(shop: Shop, counter_id: int | None) -> Counter:
    """The counter named, else the shop's first one in use. Raises NotThere, OrderError "bad_counter"."""
    counters = shop.counters.filter(is_active=True)
    found = (counters.filter(pk=counter_id) if counter_id else counters.order_by("pk")).first()
    if found is not None:
        return found
    if counter_id:
        raise NotThere("counter")
    raise OrderError("bad_counter", "The shop has no counter in use. Add one in its settings.", "counter_id")


def named_customer(shop: Shop, customer_id: int | None) -> Customer | None:
    """The customer named, None when none is. Raises NotThere."""
    if customer_id is None:
        return None
    customer = shop.customers.filter(pk=customer_id, is_active=True).first()
    if customer is None:
        raise NotThere("customer")
    return customer


def _known_customer(caller: Caller) -> Customer | None:
    """The customer that the account stands for, written down when the shop does not know them yet; None while the phone is not proven."""
    if caller.user.phone_proven_at is None:
        return None
    try:
        return customer_of(caller) or create_customer(shop=caller.shop, phone=caller.user.phone.as_e164, name=caller.user.name)
    except OrderError as taken:  # written down just now, or out of use by the shop's own wish
        if taken.code != "phone_taken":
            raise
        return customer_of(caller)


def _check_customers_order(body: OrderIn) -> None:
    """Customers pay the shop's prices, at once, for themselves."""
    by_hand = body.approval or body.discount_amount or any(item.unit_price is not None or item.discount for item in body.items)
    if by_hand or body.counter_id or body.customer_id:
        raise ApiProblem(403, "not_allowed", "Only the shop sets prices, discounts, counter and customer, and approves. Leave them out.")
    ways = {one.method for one in body.payments} if body.payments else {body.payment_method}
    if body.is_credit_sale or body.credit_duration_days is not None or "credit" in ways:
        raise ApiProblem(403, "not_allowed", "Only the shop writes on a khata. Pay by UPI or card.")
    if ways - set(CUSTOMERS_WAYS):
        raise OrderError("bad_method", "Orders from elsewhere are paid by UPI or card.", "payment_method")


def _check_goods(shop: Shop, body: OrderIn) -> None:
    """Raises NotThere when goods are not the shop's at all; those off sale are refused with their own words."""
    asked = {item.product_id for item in body.items}
    if shop.products.filter(pk__in=asked).count() < len(asked):
        raise NotThere("product")
