"""UPI, card and bank money that was claimed: what waits, and saying that it was seen or never came: `/payments`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from orders.api.payment_schemas import ClaimFilter, ClaimSumsOut, NeverCameIn, PaymentOut, SeenIn
from orders.api.placing import OURS
from orders.api.reading import METHODS
from orders.models import Payment, PaymentEvent
from orders.payment_selectors import ClaimChoice, claim_sums, claims, payment_with_id
from orders.payments import mark_failed, mark_seen
from shops.access import Can
from shops.api.caller import Caller
from shops.api.declare import operation
from smartkirana.api.fields import Id
from smartkirana.api.lists import page_of
from smartkirana.api.problems import NotThere

router = Router(tags=["payments"])


@operation(router, "GET", "/claims", right=Can.SEE_BILLS, answer=list[PaymentOut], paged=True, problems={404})
def list_claims(request: HttpRequest, response: HttpResponse, asked: Query[ClaimFilter]):
    """Money of orders and khatas that nobody has seen yet, the newest first."""
    return [payment_out(one) for one in page_of(claims(request.auth.shop, _choice(request, asked)), asked, response)]


@operation(router, "GET", "/claims/summary", right=Can.SEE_BILLS, answer=ClaimSumsOut, problems={404})
def summarise_claims(request: HttpRequest, asked: Query[ClaimFilter]):
    """What waits to be seen, by way of paying."""
    sums = claim_sums(request.auth.shop, _choice(request, asked))
    ways = [{"method": label, "count": count, "amount": rupees} for label, count, rupees in sums.ways]
    return {"count": sums.count, "amount": sums.total, "ways": ways, "more": sums.more}


@operation(router, "GET", "/{payment_id}", right=Can.SEE_BILLS, answer=PaymentOut, problems={404})
def one_payment(request: HttpRequest, payment_id: Id):
    """One payment, with what was said of it."""
    return _payment(request.auth, payment_id)


@operation(router, "POST", "/{payment_id}/seen", right=Can.MARK_SEEN, moves=True, answer=PaymentOut, problems={400, 404})
def payment_was_seen(request: HttpRequest, payment_id: Id, body: SeenIn):
    """The money of a claim was seen; the books move it to the bank. Saying it twice does it once."""
    caller: Caller = request.auth
    _payment(caller, payment_id)
    mark_seen(shop=caller.shop, payment_id=payment_id, by=caller.user, how=_how(caller, body))
    return _payment(caller, payment_id)


@operation(router, "POST", "/{payment_id}/failed", right=Can.CANCEL_BILL, moves=True, answer=PaymentOut, problems={400, 404})
def payment_never_came(request: HttpRequest, payment_id: Id, body: NeverCameIn):
    """The money of a claim never came: the order's customer owes it; with nobody to ask it is the shop's loss."""
    caller: Caller = request.auth
    _payment(caller, payment_id)
    mark_failed(shop=caller.shop, payment_id=payment_id, by=caller.user, how=_how(caller, body), reason=body.reason)
    return _payment(caller, payment_id)


def _choice(request: HttpRequest, asked: ClaimFilter) -> ClaimChoice:
    counter = request.auth.shop.counters.filter(pk=asked.counter_id).first() if asked.counter_id else None
    if asked.counter_id and counter is None:
        raise NotThere("counter")
    method = OURS.get(asked.method, asked.method) if asked.method else ""
    return ClaimChoice(asked.q, asked.start, asked.end, counter, method, asked.late)


def _how(caller: Caller, body: SeenIn) -> str:
    return body.how or (PaymentEvent.How.OWNER if Can.RUN_SHOP in caller.can else PaymentEvent.How.CASHIER)


def _payment(caller: Caller, payment_id: int) -> dict[str, Any]:
    found = payment_with_id(caller.shop, payment_id)
    if found is None:
        raise NotThere("payment")
    return payment_out(found)


def payment_out(payment: Payment) -> dict[str, Any]:
    """A payment whose order and events are read."""
    same = ("amount", "state", "reference", "mark", "at", "order_id", "counter_id")
    return {name: getattr(payment, name) for name in same} | {
        "id": payment.pk,
        "method": METHODS.get(payment.method, payment.method),
        "invoice_number": payment.order.bill_number if payment.order_id else None,
        "khata_customer_id": payment.customer_id,
        "said": [
            {name: getattr(event, name) for name in ("kind", "how", "note", "at")} | {"by": event.by.name} for event in payment.events.all()
        ],
    }
