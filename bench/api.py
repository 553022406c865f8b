"""The REST API over a real web server: what a program waits for, beside what the counter waits for."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from uuid import uuid4

from bench import clock, server
from bench.clock import Result
from shops.models import Membership, Rate, Role, Shop, User

TRIES = 25  # wrong passwords from one address before it has to wait: 60 in five minutes, 5 for one phone
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
            clock.alike("sign-in refused: a known phone, an unknown one", *refused(site, shop), by=0.1, times=TRIES),
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


def refused(site: server.Site, shop: Shop) -> tuple[Callable[[], None], Callable[[], None]]:
    """Sign-in with a wrong password: each call with another phone of somebody in the shop, and with another that nobody has."""
    people = [f"98{n:08d}" for n in range(TRIES + clock.WARM)]
    for phone in people:
        if not User.objects.filter(phone=f"+91{phone}").exists():
            person = User.objects.create_user(f"+91{phone}", server.PASSWORD, name="Somebody")
            Membership.objects.create(shop=shop, user=person, role=Role.STAFF)
    Rate.objects.all().delete()
    known, unknown = iter(people), iter(f"97{n:08d}" for n in range(len(people)))

    def trying(phones: Iterator[str]) -> Callable[[], None]:
        def attempt() -> None:
            body = json.dumps({"shop_id": shop.pk, "phone": next(phones), "password": "not this one"})
            site.ask("POST", "/api/v1/auth/login", body, {"Content-Type": "application/json"}, expected=401)

        return attempt

    return trying(known), trying(unknown)
