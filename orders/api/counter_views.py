"""At the counter: what a code costs, goods by name, and what happened there besides the bills: `/counter`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from orders.api.counter_schemas import CodeFilter, FoundOut, LogFilter, LogRowOut, NameFilter, PriceOut, UpiFilter, UpiOut
from orders.counter_selectors import Row, look_up, products_named
from orders.errors import OrderError, UnknownCode
from orders.log_selectors import LogChoice, log_choice, till_events
from orders.till_forms import LogFilter as LogForm
from orders.till_models import TillEvent
from orders.upi import upi_link
from shops.access import Can
from shops.api.declare import operation
from smartkirana.api.lists import page_of
from smartkirana.api.problems import ApiProblem, NotThere

router = Router(tags=["counter"])


@operation(router, "GET", "/price", right=Can.SELL, answer=list[PriceOut], problems={400, 404})
def what_it_costs(request: HttpRequest, asked: Query[CodeFilter]):
    """What a scanned or typed code may be sold as, and for how much."""
    try:
        return [_price(row) for row in look_up(request.auth.shop, asked.code, asked.price_list_id)]
    except UnknownCode as unknown:
        raise ApiProblem(404, unknown.code, unknown.message) from None


@operation(router, "GET", "/search", right=Can.SELL, answer=list[FoundOut])
def goods_by_name(request: HttpRequest, asked: Query[NameFilter]):
    """The few products on sale that fit what was typed, best first."""
    return [
        {"product_id": one.pk, "product_name": one.name}
        | {name: getattr(one, name) for name in ("local_name", "sku", "unit", "mrp", "price")}
        for one in products_named(request.auth.shop, asked.q)
    ]


@operation(router, "GET", "/log", right=Can.CANCEL_BILL, answer=list[LogRowOut], paged=True, problems={400, 404})
def counter_events(request: HttpRequest, response: HttpResponse, asked: Query[LogFilter]):
    """What happened at the counters besides the bills, the newest first; at most 92 days."""
    return [_event(one) for one in page_of(till_events(request.auth.shop, _choice(request, asked)), asked, response)]


def _price(row: Row) -> dict[str, Any]:
    product = row.product
    return {
        "product_id": product.pk,
        "product_name": product.name,
        "local_name": product.local_name,
        "unit": product.unit,
        "mrp": row.choice.mrp,
        "price": row.list_price,
        "quantity": row.quantity,
        "amount": row.amount,
        "in_stock": row.choice.stock,
        "batch": row.choice.batch,
        "expiry": row.choice.expiry,
        "expired": row.expired,
    }


def _choice(request: HttpRequest, asked: LogFilter) -> LogChoice:
    counter = request.auth.shop.counters.filter(pk=asked.counter_id).first() if asked.counter_id else None
    if asked.counter_id and counter is None:
        raise NotThere("counter")
    if asked.kind and asked.kind not in TillEvent.Kind.values:
        raise OrderError("bad_kind", f"Choose a kind: {', '.join(TillEvent.Kind.values)}.", "kind")
    if asked.start and asked.end and not 0 <= (asked.end - asked.start).days < LogForm.MOST_DAYS:
        raise OrderError("bad_days", f"Choose days one after the other, at most {LogForm.MOST_DAYS}.", "to")
    person = str(asked.person_id) if asked.person_id else ""
    return log_choice(most_days=LogForm.MOST_DAYS, start=asked.start, end=asked.end, counter=counter, person=person, kind=asked.kind)


def _event(event: TillEvent) -> dict[str, Any]:
    return {name: getattr(event, name) for name in ("kind", "amount", "reason", "at")} | {
        "id": event.pk,
        "words": event.get_kind_display(),
        "by": event.by.name,
        "signed_in": event.signed_in.name,
        "counter": event.counter.name if event.counter else "",
        "details": {name: str(value) for name, value in event.details.items()},
    }


@operation(router, "GET", "/upi", right=Can.SELL, answer=UpiOut, problems={400})
def upi_to_pay(request: HttpRequest, asked: Query[UpiFilter]):
    """The link that asks for an amount by UPI: shown as a QR code any UPI app pays it."""
    shop = request.auth.shop
    if not shop.upi_id:
        raise OrderError("no_upi_id", "Write the shop's UPI id in its settings first.")
    link = upi_link(
        pa=shop.upi_id, pn=shop.upi_name or shop.name, amount=asked.amount, reference=str(asked.key or ""), note=f"Bill of {shop.name}"
    )
    return {"link": link, "amount": asked.amount, "upi_id": shop.upi_id}
