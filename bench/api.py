"""The REST API over a real web server: what a program waits for, beside what the counter waits for."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from uuid import uuid4

from bench import clock, server
from bench.clock import Result
from shops.models import Shop

NEVER = "1000000000"  # so many calls a minute: none is refused for being too often


def measure(shop: Shop) -> list[Result]:
    """A bill of five lines by POST /orders against the counter's own; a page of a hundred products of 20,000."""
    from bench.cases import owner, some_products

    with server.running(API_PER_MINUTE=NEVER) as site:
        site.sign_in(shop, owner(shop))
        call = caller(site, shop)
        by_counter = site.payer(shop, some_products(shop))
        return [
            clock.ratio(
                "POST /orders, 5 items, against the counter", seller(call, some_products(shop)), by_counter, most=1.3, of=clock.p95
            ),
            clock.within("GET /products?limit=100, 20,000 products", lambda: call("GET", "/products?limit=100"), health(site), most=50),
            clock.within("GET /orders?limit=100, 200,000 bills", lambda: call("GET", "/orders?limit=100"), health(site), most=50),
        ]


def caller(site: server.Site, shop: Shop) -> Callable[..., object]:
    """A function that calls the API with the owner's token."""
    token = ""

    def call(method: str, path: str, body: object = None) -> object:
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid4())}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return json.loads(site.ask(method, f"/api/v1{path}", json.dumps(body) if body else None, headers))

    phone = {"shop_id": shop.pk, "phone": "9999999999", "password": server.PASSWORD}
    token = call("POST", "/auth/login", phone)["access_token"]
    return call


def seller(call: Callable[..., object], products: list[int], items: int = 5) -> Callable[[], object]:
    def sell() -> object:
        bought = [{"product_id": pk, "quantity": "1"} for pk in random.sample(products, items)]
        return call("POST", "/orders", {"items": bought, "payment_method": "cash"})

    return sell


def health(site: server.Site) -> Callable[[], str]:
    return lambda: site.get("/health")
