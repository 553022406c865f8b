"""Small worlds for tests. Anything with rules is made through the services, so no test starts from a state the program cannot reach."""

from __future__ import annotations

import itertools
from decimal import Decimal
from uuid import uuid4

from catalog.models import GstGoods, Product
from catalog.services import save_product
from inventory.services import Opening, enter_opening_stock
from orders.bill import BillLine, Tender
from orders.models import Customer, Order
from orders.services import place_order
from shops.models import Membership, Role, Shop, User
from shops.pins import set_pin
from shops.services import open_shop

PINS = ("4826", "7391", "6157")  # what tests set: a PIN may be no part of its person's phone
_numbers = (number for number in itertools.count(1) if not any(pin in str(number) for pin in PINS))
PASSWORD = "kirana-2026"
GSTIN = "27AAPFU0939F1ZV"


def make_user(name: str = "Meena", phone: str = "", **extra) -> User:
    """A person with a fresh phone; the password is PASSWORD."""
    return User.objects.create_user(phone or f"+9198{next(_numbers):08d}", PASSWORD, name=name, **extra)


def make_shop(name: str = "Sharma Kirana", owner: User | None = None, scheme: str = Shop.Scheme.REGULAR, **details) -> Shop:
    """An open shop in Maharashtra with one counter S1 and its owner (`shop.owner`)."""
    owner = owner or make_user(f"Owner of {name}")
    shop = open_shop(
        owner=owner,
        name=name,
        slug=details.pop("slug", f"shop-{next(_numbers)}"),
        address="14 Tilak Road",
        city="Pune",
        pincode="411030",
        state_code=details.pop("state_code", "27"),
        scheme=scheme,
        gstin=details.pop("gstin", "" if scheme == Shop.Scheme.UNREGISTERED else GSTIN),
        **details,
    )
    shop.owner = owner
    return shop


def owner_of(shop: Shop) -> User:
    """The shop's first owner."""
    return shop.memberships.filter(role=Role.OWNER).order_by("pk").first().user


def make_member(shop: Shop, role: str = Role.STAFF, user: User | None = None) -> User:
    """A person working in the shop."""
    user = user or make_user(f"{role} of {shop.name}")
    Membership.objects.create(shop=shop, user=user, role=role, added_by=user)
    return user


def goods(slug: str = "other-5") -> GstGoods:
    """A line of the GST schedules by its key."""
    return GstGoods.objects.get(slug=slug)


def make_product(
    shop: Shop, name: str = "Soap", *, price="52.50", mrp="52.50", cost="40.00", gst="other-5", stock=None, **extra
) -> Product:
    """A product on sale; with `stock` (its unit) also an opening lot at its cost and MRP."""
    product = save_product(
        shop=shop,
        by=owner_of(shop),
        name=name,
        price=Decimal(price),
        mrp=Decimal(mrp) if mrp is not None else None,
        cost=Decimal(cost),
        gst_goods=goods(gst),
        **extra,
    )
    if stock is not None:
        stock_up(product, stock)
    return product


def stock_up(product: Product, quantity, **lot) -> None:
    """Opening stock of a product, one lot."""
    shop = product.shop
    opening = Opening(
        product=product,
        quantity=Decimal(quantity),
        unit_cost=lot.pop("unit_cost", product.cost),
        mrp=lot.pop("mrp", product.mrp),
        **lot,
    )
    enter_opening_stock(shop=shop, by=owner_of(shop), openings=[opening])


def make_customer(shop: Shop, name: str = "Asha", phone: str = "", **extra) -> Customer:
    """A customer the shop knows."""
    return Customer.objects.create(shop=shop, name=name, phone=phone or f"+9197{next(_numbers):08d}", **extra)


def make_order(shop: Shop, lines, *, payments=None, key=None, counter=None, cashier=None, **extra) -> Order:
    """A bill: `lines` are (product, quantity) pairs or BillLines; paid in cash unless `payments` says otherwise."""
    return place_order(
        shop=shop,
        counter=counter or shop.counters.first(),
        cashier=cashier or owner_of(shop),
        lines=[li if isinstance(li, BillLine) else BillLine(product_id=li[0].pk, quantity=Decimal(str(li[1]))) for li in lines],
        payments=[Tender("cash", None)] if payments is None else payments,
        request_key=key or uuid4(),
        **extra,
    )


PIN = PINS[0]


def make_seller(shop: Shop, role: str = Role.STAFF, name: str = "", pin: str = PIN) -> Membership:
    """Somebody of the shop with a counter PIN."""
    user = make_member(shop, role, make_user(name) if name else None)
    place = shop.memberships.select_related("user", "shop").get(user=user)
    set_pin(membership=place, pin=pin, by=user)
    return place
