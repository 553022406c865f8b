"""The way through a shop's pages: which links a person's role opens."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from shops.access import Can

# (group, label, url name, icon, right)
PAGES = (
    ("", "Counter", "orders:counter", "counter", Can.SELL),
    ("", "Bills", "orders:bills", "bill", Can.SEE_BILLS),
    ("", "Customers", "orders:customers", "people", Can.SEE_BILLS),
    ("Goods", "Products", "catalog:products", "box", Can.SEE_GOODS),
    ("Goods", "Low stock", "inventory:low_stock", "low-stock", Can.SEE_GOODS),
    ("Books", "Profit & loss", "ledger:profit_loss", "chart", Can.SEE_BOOKS),
    ("Books", "Day book", "ledger:day_book", "book", Can.SEE_BOOKS),
    ("Books", "Trial balance", "ledger:trial_balance", "percent", Can.SEE_BOOKS),
    ("Shop", "People", "shops:people", "people", Can.RUN_SHOP),
    ("Shop", "Settings", "shops:settings", "settings", Can.RUN_SHOP),
)
TABS = ("orders:counter", "orders:bills", "catalog:products", "inventory:low_stock")


def navigation(request: HttpRequest) -> dict:
    """`nav` (groups of links) and `tabs` (at most five, for a phone) of the shop at hand; empty outside a shop."""
    shop = getattr(request, "shop", None)
    if shop is None:
        return {}
    items = [_item(request, shop, *page) for page in PAGES if page[4] in request.can and _there(page[2], shop)]
    groups: dict[str, list[dict]] = {}
    for item in items:
        groups.setdefault(item["group"], []).append(item)
    tabs = [item for item in items if item["name"] in TABS]
    if _there("shops:more", shop):
        tabs.append(
            {"label": "More", "url": reverse("shops:more", args=[shop.slug]), "icon": "menu", "current": False, "name": "shops:more"}
        )
    return {"nav": [{"label": label, "items": links} for label, links in groups.items()], "tabs": tabs}


def _there(name: str, shop) -> bool:  # while the house is being built
    try:
        return bool(reverse(name, args=[shop.slug]))
    except NoReverseMatch:
        return False


def _item(request: HttpRequest, shop, group: str, label: str, name: str, icon: str, right: Can) -> dict:
    url = reverse(name, args=[shop.slug])
    return {"group": group, "label": label, "name": name, "url": url, "icon": icon, "current": request.path.startswith(url)}
