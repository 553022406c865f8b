"""Other prices of the demo shop: a price list for a hotel, quantity prices, and offers of all four kinds. They begin today."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from catalog.models import Product
from catalog.offers.services import OfferDetails, save_offer
from catalog.prices.services import Entry, enter_prices, save_price_list, set_prices
from shops.models import Role, Shop, User
from smartkirana.money import ZERO, money

HOTEL = "+919000000273"
LISTED = ("Rice, Atta & Grains", "Dals & Pulses", "Oils & Ghee", "Spices, Salt & Sugar")


def make_prices(shop: Shop, today: date) -> None:
    """The price list Hotels with its customer, slabs on three goods, and what is on offer."""
    owner = shop.memberships.get(role=Role.OWNER).user
    _make_list(shop, owner)
    for name, least, price in (("Tata Salt 1 kg", 6, "28"), ("Maggi Masala Noodles 70 g", 12, "13"), ("Coca-Cola 750 ml", 6, "38")):
        set_prices(by=owner, product=shop.products.get(name=name), price_list=None, steps=[(Decimal(least), Decimal(price))])
    for details in _offers(shop, today):
        save_offer(shop=shop, by=owner, details=details)


def _make_list(shop: Shop, owner: User) -> None:
    hotels = save_price_list(shop=shop, name="Hotels")
    entries = []
    for product in shop.products.filter(category__name__in=LISTED).order_by("pk"):
        some, many = (_between(product, share) for share in ("0.6", "0.4"))
        entries.append(Entry(product, ZERO, some))
        if product.loose and many < some:
            entries.append(Entry(product, Decimal(10), many))
    enter_prices(by=owner, price_list=hotels, entries=entries)
    shop.customers.filter(phone=HOTEL).update(price_list=hotels)


def _between(product: Product, share: str) -> Decimal:
    """A price that leaves this share of what the selling price leaves over the cost."""
    return money(product.cost + (product.price - product.cost) * Decimal(share))


def _offers(shop: Shop, today: date) -> list[OfferDetails]:
    week, month = today + timedelta(days=6), today + timedelta(days=29)
    goods = {name: shop.products.get(name=name) for name in ("Lux Rose Soap 3 x 150 g", "Coca-Cola 250 ml")}
    tea, biscuit = shop.products.get(name="Red Label Tea 250 g"), shop.products.get(name="Parle-G Biscuit 800 g family")
    return [
        OfferDetails("Snack week", "percent", today, week, percent=Decimal(5), category=shop.categories.get(name="Namkeen & Snacks")),
        OfferDetails("Lux ₹ 10 off", "amount", today, month, amount=Decimal(10), product=goods["Lux Rose Soap 3 x 150 g"]),
        OfferDetails("Cola: 5 and 1 free", "buy_get", today, None, buy=Decimal(5), get=Decimal(1), product=goods["Coca-Cola 250 ml"]),
        OfferDetails("Tea time set", "combo", today, month, price=Decimal(220), parts=[(tea, Decimal(1)), (biscuit, Decimal(1))]),
    ]
