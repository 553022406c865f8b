"""Shops, people, goods, customers and the first stock of the demo, from the files in `demo_data/`."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from catalog.barcodes import in_store_ean
from catalog.labels.presets import preset
from catalog.labels.services import add_format
from catalog.models import Category, GstGoods, Product
from catalog.services import save_product
from inventory.services import Opening, checked_quantity, enter_opening_stock
from orders.models import Customer
from shops.models import Counter, Membership, Role, Shop, User
from shops.services import open_shop
from smartkirana.money import money

DATA = Path(__file__).resolve().parent.parent / "demo_data"
PASSWORD = "demo123"
DAYS = 60
ZONE = ZoneInfo("Asia/Kolkata")

OWNER, STAFF, MANAGER, ACCOUNTANT, NEIGHBOUR = "9876543210", "9876543211", "9876543212", "9876543214", "9876543215"


@dataclass(frozen=True)
class Goods:
    """A product with how fast it sells: `pace` units a day."""

    product: Product
    pace: float
    two_mrps: tuple[Decimal, ...] = ()


def make_person(name: str, phone: str) -> User:
    return User.objects.create_user(f"+91{phone}", PASSWORD, name=name, is_demo=True)


def make_main_shop() -> Shop:
    """Sharma Kirana in Kothrud: regular GST, two counters, four people."""
    owner = make_person("Meena Sharma", OWNER)
    shop = open_shop(
        owner=owner,
        name="Sharma Kirana & General Store",
        local_name="शर्मा किराना एवं जनरल स्टोर",
        slug="sharma-kirana",
        address="14 Paud Road, Kothrud",
        city="Pune",
        pincode="411038",
        state_code="27",
        phone="98765 43210",
        scheme=Shop.Scheme.REGULAR,
        gstin="27AAPFU0939F1ZV",
        fssai="11526012000123",
        upi_id="sharmakirana@examplebank",
        upi_name="Sharma Kirana",
    )
    Counter.objects.create(shop=shop, name="Counter 2", code="S2", paper=Counter.Paper.R58)
    for name, phone, role in (
        ("Sunita Pawar", STAFF, Role.STAFF),
        ("Ramesh Jadhav", MANAGER, Role.MANAGER),
        ("Anil Joshi", ACCOUNTANT, Role.ACCOUNTANT),
    ):
        Membership.objects.create(shop=shop, user=make_person(name, phone), role=role, added_by=owner)
    return shop


def make_small_shop() -> Shop:
    """A dairy next door, not registered for GST: it exists so that one shop can be seen not to see the other."""
    return open_shop(
        owner=make_person("Joseph D'Souza", NEIGHBOUR),
        name="Krishna Dairy & Bakery",
        local_name="कृष्णा डेयरी और बेकरी",
        slug="krishna-dairy",
        address="3 Karve Nagar",
        city="Pune",
        pincode="411052",
        state_code="27",
        phone="98765 43215",
        counter_code="K1",
    )


def make_label_formats(shop: Shop) -> None:
    """The shop's scale prints weights, the sweet counter's prints prices."""
    for key, name in (("grams", "Scale at the counter"), ("paise", "Sweets, priced")):
        add_format(shop=shop, **preset(key).fields() | {"name": name})


def make_goods(shop: Shop, filename: str, code_from: int) -> list[Goods]:
    """The products of a data file; barcodes are in-store numbers from `code_from` on."""
    owner = shop.memberships.get(role=Role.OWNER).user
    gst = {g.slug: g for g in GstGoods.objects.all()}
    categories: dict[str, Category] = {}
    goods = []
    with (DATA / filename).open(encoding="utf-8", newline="") as f:
        for n, row in enumerate(csv.DictReader(f)):
            name = row["category"]
            if name not in categories:
                categories[name] = Category.objects.create(shop=shop, name=name)
            goods.append(_one(shop, owner, row, categories[name], gst, code_from + 2 * n))
    return goods


def _one(shop: Shop, owner: User, row: dict[str, str], category: Category, gst: dict[str, GstGoods], number: int) -> Goods:
    loose = row["loose"] == "1"
    codes = [] if loose else [(in_store_ean("20", number), Decimal(1))]
    if row["pack_barcode_qty"]:
        codes.append((in_store_ean("20", number + 1), Decimal(row["pack_barcode_qty"])))
    product = save_product(
        shop=shop,
        by=owner,
        name=row["name"],
        local_name=row["local_name"],
        search_words=row["search_words"],
        category=category,
        unit=row["unit"],
        loose=loose,
        plu=int(row["plu"]) if row["plu"] else None,
        hsn=row["hsn"],
        gst_goods=gst[row["gst_slug"]],
        mrp=Decimal(row["mrp"]) if row["mrp"] else None,
        price=Decimal(row["price"]),
        cost=Decimal(row["cost"]),
        min_stock=Decimal(row["min_stock"] or 0),
        max_stock=Decimal(row["max_stock"]) if row["max_stock"] else None,
        reorder_quantity=Decimal(row["reorder_quantity"] or 0),
        perishable=row["perishable"] == "1",
        barcodes=codes,
    )
    mrps = tuple(Decimal(m) for m in row["two_mrps"].split("|")) if row["two_mrps"] else ()
    return Goods(product, float(row["daily_sales"]), mrps)


def stock_up(shop: Shop, goods: list[Goods], today: date, random: Random, lasts: int = DAYS) -> None:
    """The opening stock, dated before the first bill: enough for the days it `lasts`, a few goods running out by now."""
    owner = shop.memberships.get(role=Role.OWNER).user
    openings = [o for g in goods for o in _openings(g, today, random, DAYS if g.two_mrps else lasts)]
    day = today - timedelta(days=DAYS + 1)
    at = datetime.combine(day, time(9), ZONE)
    enter_opening_stock(shop=shop, by=owner, openings=openings, day=day, note="counted when the books began", at=at)


def _openings(g: Goods, today: date, random: Random, lasts: int) -> list[Opening]:
    product = g.product
    left = random.choices((0.0, 0.4, 1.0, 2.5), weights=(4, 8, 50, 38))[0] * float(product.min_stock or 5)
    quantity = _whole(product, Decimal(g.pace * lasts * random.uniform(0.95, 1.1) + left))
    lots = g.two_mrps or (product.mrp,)
    share = _whole(product, quantity / len(lots))
    expiry = None if product.loose or product.perishable else today + timedelta(days=random.randrange(20, 400))
    return [
        Opening(
            product=product,
            quantity=max(share, Decimal(1)),
            unit_cost=product.cost,
            mrp=mrp,
            price=None if mrp is None else min(product.price, mrp),
            batch="" if product.loose else f"B{random.randrange(1000, 9999)}",
            expiry=expiry and expiry + timedelta(days=90 * n),
            credit_rate=product.gst_goods.rates.order_by("-valid_from")[0].rate if product.shop.charges_gst else Decimal(0),
        )
        for n, mrp in enumerate(lots)
    ]


def _whole(product: Product, quantity: Decimal) -> Decimal:
    """Rounded to what the unit allows, at least one."""
    step = Decimal(1) if not product.decimals else Decimal("0.5")
    rounded = max((quantity / step).to_integral_value() * step, Decimal(1))
    return checked_quantity(product, rounded)


def make_customers(shop: Shop) -> list[tuple[Customer, float]]:
    """The customers of the data file, each with their visits a week."""
    customers = []
    with (DATA / "customers.csv").open(encoding="utf-8", newline="") as f:
        for row in csv.DictReader(f):
            customer = Customer.objects.create(
                shop=shop,
                name=row["name"],
                local_name=row["local_name"],
                phone=f"+91{row['phone']}",
                gstin=row["gstin"],
                state_code=row["state_code"],
                address=row["address"],
                credit_limit=money(row["credit_limit"] or 0) if row["khata"] == "1" else money(0),
                due_days=int(row["due_days"] or 30),
            )
            customers.append((customer, float(row["habits"] or 1)))
    return customers
