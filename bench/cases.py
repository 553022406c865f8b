"""The budgets, each with its floor."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import cache
from statistics import median
from time import perf_counter
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bench import api, by_hand, clock, counter_browser, server
from bench.clock import Result
from catalog.barcodes import in_store_ean
from inventory.receiving import PaperBill, ReceivedLine, receive_goods
from inventory.services import Opening, enter_opening_stock
from inventory.suppliers import SupplierDetails, save_supplier
from ledger.closing import close_day
from orders.bill import BillLine, Tender
from orders.models import Order
from orders.printing.pdf import write_pdf
from orders.services import place_order
from shops.models import Role, Shop
from shops.services import open_shop
from smartkirana.dates import shop_today


@cache
def owner(shop: Shop):
    return shop.memberships.get(role=Role.OWNER).user


@cache
def some_products(shop: Shop) -> list[int]:
    return list(shop.products.order_by("pk").values_list("pk", flat=True)[:5000])


@cache
def first_counter(shop: Shop):
    return shop.counters.all()[0]


def sell(shop: Shop, lines: int = 5) -> Order:
    ids = random.sample(some_products(shop), lines)
    return place_order(
        shop=shop,
        counter=first_counter(shop),
        cashier=owner(shop),
        lines=[BillLine(pk, Decimal(1)) for pk in ids],
        payments=[Tender("cash", None)],
        request_key=uuid4(),
    )


def signed_in(shop: Shop) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(owner(shop), backend="shops.backends.PhoneBackend")
    return client


def page(shop: Shop, name: str, **query) -> Callable[[], object]:
    """Ask for a page through every middleware, and insist on 200."""
    client, url = signed_in(shop), reverse(name, args=[shop.slug])

    def ask() -> None:
        response = client.get(url, query)
        assert response.status_code == 200, f"{url} {query} answered {response.status_code}"
        b"".join(response) if response.streaming else response.content

    return ask


def asked(sql: str, *params) -> Callable[[], object]:
    """The bare query of a page over the same connection: its floor."""

    def ask() -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            cursor.fetchall()

    return ask


def bill(shop: Shop) -> list[Result]:
    sell(shop)
    with CaptureQueriesContext(connection) as few:
        sell(shop, 1)
    with CaptureQueriesContext(connection) as many:
        sell(shop, 40)
    results = [
        clock.ratio(
            "a bill of 5 lines, service against hand-written SQL", lambda: sell(shop), by_hand.bill(shop, some_products(shop)), most=2.5
        ),
        clock.count("queries for a bill of 1 line", len(few), most=16, unit="queries"),
        clock.count("queries for a bill of 40 lines", len(many), most=16, unit="queries"),
    ]
    return [*results, clock.within("a bill of 40 lines, service", lambda: sell(shop, 40), lambda: sell(shop, 1), most=200, times=30)]


def http(shop: Shop) -> list[Result]:
    """A real granian over a socket: sign-in, CSRF, the receipt fragment."""
    with server.running() as site:
        site.sign_in(shop, owner(shop))
        pay = site.payer(shop, some_products(shop))
        results = [clock.within("a bill of 5 lines over HTTP", pay, lambda: site.get("/health"), most=50, times=60)]
        return [*results, clock.count("memory of one web worker", site.memory_mb(), most=150, unit="MB")]


def counter(shop: Shop) -> list[Result]:
    client = signed_in(shop)
    line, search = (reverse(f"orders:counter_{name}", args=[shop.slug]) for name in ("line", "search"))
    codes = [in_store_ean("21", random.randrange(20_000)) for _ in range(200)]
    beginnings = ["amu", "bis", "sug", "tea", "dal", "oil", "sal", "ric", "sha", "100"]
    by_code = asked(
        "SELECT p.* FROM catalog_barcode b JOIN catalog_product p ON p.id = b.product_id WHERE b.shop_id = %s AND b.code = %s",
        shop.pk,
        codes[0],
    )
    by_word = asked(
        "SELECT id, name FROM catalog_product WHERE shop_id = %s AND search_vector @@ (%s)::tsquery ORDER BY name LIMIT 20",
        shop.pk,
        f"'{shop.pk}:amu':*",
    )

    def scan() -> None:
        assert client.get(line, {"code": random.choice(codes)}).status_code == 200

    def find() -> None:
        assert client.get(search, {"q": random.choice(beginnings)}).status_code == 200

    return [
        clock.within("scan to line fragment, 20,000 products", scan, by_code, most=15, times=150),
        clock.within("search by 3 letters, 20,000 products", find, by_word, most=30, times=100),
    ]


def lists(shop: Shop) -> list[Result]:
    newest = asked("SELECT * FROM orders_order WHERE shop_id = %s ORDER BY id DESC LIMIT 50", shop.pk)
    goods = asked("SELECT * FROM catalog_product WHERE shop_id = %s ORDER BY name LIMIT 50", shop.pk)
    low = asked("SELECT product_id, sum(on_hand) FROM inventory_stocklot WHERE shop_id = %s GROUP BY product_id", shop.pk)
    day = (shop_today() - timedelta(days=30)).isoformat()
    entries = asked("SELECT * FROM ledger_journalentry WHERE shop_id = %s AND date = %s LIMIT 50", shop.pk, day)
    rows = (
        ("bills, newest", page(shop, "orders:bills"), newest),
        ("bills, page 100", page(shop, "orders:bills", page=100), newest),
        ("products", page(shop, "catalog:products"), goods),
        ("products, searched", page(shop, "catalog:products", q="amul bis"), goods),
        ("products out of stock", page(shop, "catalog:products", stock="out"), low),
        ("products by stock", page(shop, "catalog:products", sort="stock"), low),
        ("low stock", page(shop, "inventory:low_stock"), low),
        ("day book", page(shop, "ledger:day_book"), entries),
    )
    return [clock.within(f"list: {what}", work, floor, most=100, times=40) for what, work, floor in rows]


def books(shop: Shop) -> list[Result]:
    year = asked(
        "SELECT account_id, sum(debit), sum(credit) FROM ledger_posting WHERE shop_id = %s AND date >= %s GROUP BY account_id",
        shop.pk,
        shop_today() - timedelta(days=365),
    )
    moved = asked(
        "SELECT product_id, sum(quantity), sum(value) FROM inventory_stockmovement WHERE shop_id = %s GROUP BY product_id", shop.pk
    )
    then = (shop_today() - timedelta(days=182)).isoformat()
    return [
        clock.within("P&L of a year, 1.2 million postings", page(shop, "ledger:profit_loss", period="year"), year, most=300, times=15),
        clock.within("trial balance, 1.2 million postings", page(shop, "ledger:trial_balance"), year, most=300, times=15),
        clock.within("stock value today, 20,000 products", page(shop, "ledger:stock_value"), moved, most=600, times=15),
        clock.within(
            "stock value half a year ago, 1 million movements", page(shop, "ledger:stock_value", on=then), moved, most=2500, times=7
        ),
    ]


def pdf(shop: Shop) -> list[Result]:
    """An invoice of ten lines over HTTP's own path in the process; the floor is WeasyPrint's for an empty page."""
    order = sell(shop, 10)
    client, url = signed_in(shop), reverse("orders:invoice_pdf", args=[shop.slug, order.slug])

    def invoice() -> None:
        assert client.get(url).content[:4] == b"%PDF"

    return [clock.within("invoice PDF, 10 lines, warm", invoice, lambda: write_pdf("<p>·"), most=150, times=15, of=median)]


def receipt(shop: Shop) -> list[Result]:
    """A supplier's bill of 200 lines: prices with tax, a discount on the bill, freight."""
    supplier = save_supplier(shop=shop, details=SupplierDetails(f"Bench Traders {uuid4().hex[:6]}"))
    goods = list(shop.products.filter(pk__in=some_products(shop)).select_related("gst_goods"))

    def receive(lines: int = 200) -> None:
        bought = [ReceivedLine(product, Decimal(12), Decimal(80)) for product in random.sample(goods, lines)]
        paper = PaperBill(supplier, uuid4().hex[:12], shop_today(), other_charges=Decimal("250"))
        receive_goods(shop=shop, by=owner(shop), paper=paper, lines=bought)

    with CaptureQueriesContext(connection) as few:
        receive(2)
    with CaptureQueriesContext(connection) as many:
        receive()
    by_hand_too = by_hand.receipt(shop, some_products(shop), 200)
    return [
        clock.ratio("goods receipt of 200 lines, service, hand-written SQL", receive, by_hand_too, most=8, times=15),
        clock.count("queries more for 200 lines than for 2", len(many) - len(few), most=0, unit="queries"),
    ]


def day_close(shop: Shop) -> list[Result]:
    """A day of 500 bills of a shop of its own, closed and sealed; and the same queries for one bill."""
    small = open_shop(
        owner=owner(shop), name="Bench Corner", slug=f"bench-{uuid4().hex[:8]}", address="2 Loop Lane", city="Pune", pincode="411001",
        state_code="27", scheme=Shop.Scheme.REGULAR, gstin="27AAPFU0939F1ZV",
    )  # fmt: skip
    goods = list(shop.products.filter(pk__in=some_products(shop)[:20]).select_related("gst_goods"))
    for one in goods:
        one.pk, one.shop, one.category, one._state.adding = None, small, None, True
        one.save(force_insert=True)
    enter_opening_stock(
        shop=small,
        by=owner(shop),
        openings=[Opening(product=one, quantity=Decimal(9000), unit_cost=one.cost, mrp=one.mrp) for one in goods],
    )
    took, asked = {}, {}
    for ago, bills in ((2, 1), (1, 500)):
        for _ in range(bills):
            place_order(
                shop=small, counter=small.counters.all()[0], cashier=owner(shop), lines=[BillLine(one.pk, Decimal(1)) for one in goods[:5]],
                payments=[Tender("cash", None)], request_key=uuid4(), at=timezone.now() - timedelta(days=ago),
            )  # fmt: skip
        started = perf_counter()
        with CaptureQueriesContext(connection) as queries:
            close_day(shop=small, day=shop_today() - timedelta(days=ago), by=owner(shop))
        took[bills], asked[bills] = (perf_counter() - started) * 1000, len(queries)
    return [
        clock.count("closing a day of 500 bills", took[500], most=5000, unit="ms"),
        clock.count("queries more for 500 bills than for one", asked[500] - asked[1], most=0, unit="queries"),
    ]


ALL: dict[str, Callable[[Shop], list[Result]]] = {
    "bill": bill,
    "http": http,
    "api": api.measure,
    "counter": counter,
    "browser": counter_browser.measure,
    "lists": lists,
    "receipt": receipt,
    "books": books,
    "pdf": pdf,
    "day": day_close,
}
