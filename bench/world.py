"""The bench's shop: 20,000 products, 200,000 bills and a million movements over a year, written set-wise and then checked like any books."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from io import StringIO
from pathlib import Path
from time import monotonic

from django.core.management import call_command
from django.db import connection, transaction

from catalog.barcodes import in_store_ean
from catalog.models import Barcode, Category, GstGoods, Product
from inventory.services import Opening, enter_opening_stock
from shops.models import Counter, Role, Shop, User
from shops.services import open_shop
from smartkirana.text import normalise

PRODUCTS, BILLS = 20_000, 200_000
MAKERS = ("Amul", "Tata", "Swarna", "Mauli", "Parle", "Britannia", "Fortune", "Sahyadri", "Anandi", "Peshwai", "Dabur", "Gokul")
GOODS = (
    "Salt",
    "Sugar",
    "Toor",
    "Dal",
    "Basmati",
    "Rice",
    "Sunflower",
    "Oil",
    "Butter",
    "Biscuit",
    "Tea",
    "Coffee",
    "Soap",
    "Shampoo",
    "Atta",
    "Jeera",
)
SIZES = ("50g", "100g", "200g", "250g", "500g", "1kg", "2kg", "5kg", "10kg", "100ml", "200ml", "500ml", "1l", "2l", "5l")
TABLES = (
    "orders_order",
    "orders_orderline",
    "orders_payment",
    "orders_orderevent",
    "inventory_stockmovement",
    "ledger_journalentry",
    "ledger_posting",
)
SQL = Path(__file__).with_name("bills.sql")


def ready() -> Shop:
    """The loaded shop; made at the first run (a few minutes), kept for the next ones."""
    call_command("migrate", verbosity=0)
    shop = Shop.objects.filter(slug="bench").first()
    if shop is None or shop.orders.order_by("-id").values_list("id", flat=True).first() is None:
        started = monotonic()
        print(f"Loading {PRODUCTS:,} products and {BILLS:,} bills, once …", flush=True)
        shop = shop or _shop()
        _bills(shop)
        print(f"Loaded in {monotonic() - started:.0f} s")
        _prove()
    return shop


@transaction.atomic
def _shop() -> Shop:
    owner = User.objects.create_user("+919999999999", "bench-only", name="Bench")
    shop = open_shop(
        owner=owner,
        name="Bench Kirana",
        slug="bench",
        address="1 Loop Lane",
        city="Pune",
        pincode="411001",
        state_code="27",
        scheme=Shop.Scheme.REGULAR,
        gstin="27AAPFU0939F1ZV",
        upi_id="bench@examplebank",
    )
    Counter.objects.create(shop=shop, name="Counter 2", code="S2")
    products = _products(shop)
    codes = [Barcode(shop=shop, product=p, code=in_store_ean("21", n)) for n, p in enumerate(products)]
    Barcode.objects.bulk_create(codes, batch_size=2000)
    openings = [Opening(product=p, quantity=Decimal(100), unit_cost=p.cost, mrp=p.mrp) for p in products]
    enter_opening_stock(shop=shop, by=owner, openings=openings, note="bench")
    return shop


def _products(shop: Shop) -> list[Product]:
    """Every one sells at ₹105 with 5 % in it, so that bills can be written set-wise and still be exact."""
    gst = GstGoods.objects.get(slug="other-5")
    shelves = [Category.objects.create(shop=shop, name=f"Shelf {n:02d}") for n in range(20)]
    products = []
    for n in range(PRODUCTS):
        name = f"{MAKERS[n % 12]} {GOODS[n // 12 % 16]} {GOODS[n // 7 % 16]} {SIZES[n // 192 % 15]} {n}"
        sku = f"P{n + 1:05d}"
        products.append(
            Product(
                shop=shop, sku=sku, name=name, category=shelves[n % 20], hsn="1905", gst_goods=gst, price=Decimal(105), mrp=Decimal(110),
                cost=Decimal(80), min_stock=Decimal(75 if n % 50 == 0 else 5), plu=n + 1 if n < 9000 else None,
                search_text=normalise(f"{name} {sku} {in_store_ean('21', n)}"),
            )
        )  # fmt: skip
    return Product.objects.bulk_create(products, batch_size=2000)


def _bills(shop: Shop) -> None:
    """200,000 bills of five lines by hand-written SQL, with all their movements, payments, events and postings."""
    owner = shop.memberships.get(role=Role.OWNER).user_id
    first, counter = shop.products.order_by("pk").first().pk, shop.counters.get(code="S1").pk
    with transaction.atomic(), connection.cursor() as cursor, unguarded(cursor):
        cursor.execute(
            SQL.read_text(), {"shop": shop.pk, "owner": owner, "counter": counter, "first": first, "products": PRODUCTS, "bills": BILLS}
        )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


@contextmanager
def unguarded(cursor) -> Iterator[None]:
    """Take foreign keys and the journal's row triggers off while millions of rows go in; putting the keys back checks them all at once."""
    cursor.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY(%s::regclass[])",
        [list(TABLES)],
    )
    keys = cursor.fetchall()
    for table, name, _ in keys:
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for table in ("ledger_posting", "ledger_journalentry"):
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    for table in ("ledger_posting", "ledger_journalentry"):
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    for table, name, definition in keys:
        cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')


def _prove() -> None:
    out = StringIO()
    try:
        call_command("check_books", stdout=out)
    except SystemExit:
        print(out.getvalue())
        raise
