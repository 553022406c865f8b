"""The way through a shop's pages: which links a person's role opens."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from shops.access import Can

# (group, label, url name, icon, right)
PAGES = (
    ("", "Counter", "orders:counter", "counter", Can.SELL),
    ("", "Bills", "orders:bills", "bill", Can.SEE_BILLS),
    ("", "Returns", "orders:credit_notes", "return", Can.SEE_BILLS),
    ("", "UPI not yet seen", "orders:claims", "upi", Can.SEE_BILLS),
    ("", "Khata", "orders:khatas", "khata", Can.SEE_BILLS),
    ("", "Customers", "orders:customers", "people", Can.SEE_BILLS),
    ("", "Drawer", "orders:drawer", "drawer", Can.SELL),
    ("", "Day close", "ledger:day", "lock", Can.SEE_DAY),
    ("Goods", "Products", "catalog:products", "box", Can.SEE_GOODS),
    ("Goods", "Low stock", "inventory:low_stock", "low-stock", Can.SEE_GOODS),
    ("Goods", "Stock takes", "inventory:stock_takes", "check", Can.ADJUST_STOCK),
    ("Goods", "Packing", "inventory:repacks", "scale", Can.ADJUST_STOCK),
    ("Goods", "Labels", "inventory:labels", "tag", Can.SEE_GOODS),
    ("Goods", "Price lists", "catalog:price_lists", "rupee", Can.EDIT_GOODS),
    ("Goods", "Offers", "catalog:offers", "tag", Can.EDIT_GOODS),
    ("Buying", "Purchases", "inventory:purchases", "sheet", Can.SEE_COST),
    ("Buying", "Orders", "inventory:purchase_orders", "truck", Can.SEE_COST),
    ("Buying", "Suppliers", "inventory:suppliers", "people", Can.SEE_COST),
    ("Books", "Where is my money", "ledger:money", "cash", Can.SEE_BOOKS),
    ("Books", "Cash book", "ledger:cash_book", "book", Can.SEE_BOOKS),
    ("Books", "Profit & loss", "ledger:profit_loss", "chart", Can.SEE_BOOKS),
    ("Books", "Day book", "ledger:day_book", "book", Can.SEE_BOOKS),
    ("Books", "Trial balance", "ledger:trial_balance", "percent", Can.SEE_BOOKS),
    ("Books", "Stock value", "ledger:stock_value", "box", Can.SEE_BOOKS),
    ("Shop", "Counter log", "orders:counter_log", "history", Can.CANCEL_BILL),
    ("Shop", "People", "shops:people", "people", Can.RUN_SHOP),
    ("Shop", "Settings", "shops:settings", "settings", Can.RUN_SHOP),
    ("Shop", "Admin", "admin:index", "sheet", Can.RUN_SHOP),
)
TABS = ("orders:counter", "orders:bills", "catalog:products", "inventory:low_stock")


def navigation(request: HttpRequest) -> dict:
    """`nav` (groups of links) and `tabs` (at most five, for a phone) of the shop at hand; empty outside a shop."""
    shop = getattr(request, "shop", None)
    if shop is None:
        return {}
    items = [_item(shop, *page) for page in PAGES if page[4] in request.can]
    here = max((item["url"] for item in items if request.path.startswith(item["url"])), key=len, default="")
    for item in items:
        item["current"] = item["url"] == here
    groups: dict[str, list[dict]] = {}
    for item in items:
        groups.setdefault(item["group"], []).append(item)
    tabs = [item for item in items if item["name"] in TABS]
    more = reverse("shops:more", args=[shop.slug])
    tabs.append({"label": "More", "url": more, "icon": "menu", "current": request.path == more, "name": "shops:more"})
    return {"nav": [{"label": label, "items": links} for label, links in groups.items()], "tabs": tabs}


def _item(shop, group: str, label: str, name: str, icon: str, right: Can) -> dict:
    url = reverse(name, args=[] if name.startswith("admin:") else [shop.slug])
    return {"group": group, "label": label, "name": name, "url": url, "icon": icon}
