"""The way through a shop's pages: which links a person's role opens."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shops.access import Can

# (group, label, url name, icon, right)
PAGES = (
    ("", _("Counter"), "orders:counter", "counter", Can.SELL),
    ("", _("Bills"), "orders:bills", "bill", Can.SEE_BILLS),
    ("", _("Returns"), "orders:credit_notes", "return", Can.SEE_BILLS),
    ("", _("UPI not yet seen"), "orders:claims", "upi", Can.SEE_BILLS),
    ("", _("Khata"), "orders:khatas", "khata", Can.SEE_BILLS),
    ("", _("Customers"), "orders:customers", "people", Can.SEE_BILLS),
    ("", _("Drawer"), "orders:drawer", "drawer", Can.SELL),
    ("", _("Day close"), "ledger:day", "lock", Can.SEE_DAY),
    (_("Goods"), _("Products"), "catalog:products", "box", Can.SEE_GOODS),
    (_("Goods"), _("Low stock"), "inventory:low_stock", "low-stock", Can.SEE_GOODS),
    (_("Goods"), _("Stock takes"), "inventory:stock_takes", "check", Can.ADJUST_STOCK),
    (_("Goods"), _("Packing"), "inventory:repacks", "scale", Can.ADJUST_STOCK),
    (_("Goods"), _("Labels"), "inventory:labels", "tag", Can.SEE_GOODS),
    (_("Goods"), _("Price lists"), "catalog:price_lists", "rupee", Can.EDIT_GOODS),
    (_("Goods"), _("Offers"), "catalog:offers", "tag", Can.EDIT_GOODS),
    (_("Buying"), _("Purchases"), "inventory:purchases", "sheet", Can.SEE_COST),
    (_("Buying"), _("Orders"), "inventory:purchase_orders", "truck", Can.SEE_COST),
    (_("Buying"), _("Suppliers"), "inventory:suppliers", "people", Can.SEE_COST),
    (_("Books"), _("Where is my money"), "ledger:money", "cash", Can.SEE_BOOKS),
    (_("Books"), _("Cash book"), "ledger:cash_book", "book", Can.SEE_BOOKS),
    (_("Books"), _("Profit & loss"), "ledger:profit_loss", "chart", Can.SEE_BOOKS),
    (_("Books"), _("Day book"), "ledger:day_book", "book", Can.SEE_BOOKS),
    (_("Books"), _("Trial balance"), "ledger:trial_balance", "percent", Can.SEE_BOOKS),
    (_("Books"), _("Stock value"), "ledger:stock_value", "box", Can.SEE_BOOKS),
    (_("Shop"), _("Counter log"), "orders:counter_log", "history", Can.CANCEL_BILL),
    (_("Shop"), _("People"), "shops:people", "people", Can.RUN_SHOP),
    (_("Shop"), _("Settings"), "shops:settings", "settings", Can.RUN_SHOP),
    (_("Shop"), _("Admin"), "admin:index", "sheet", Can.RUN_SHOP),
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
    groups: dict[str | Promise, list[dict]] = {}
    for item in items:
        groups.setdefault(item["group"], []).append(item)
    tabs = [item for item in items if item["name"] in TABS]
    more = reverse("shops:more", args=[shop.slug])
    tabs.append({"label": _("More"), "url": more, "icon": "menu", "current": request.path == more, "name": "shops:more"})
    return {"nav": [{"label": label, "items": links} for label, links in groups.items()], "tabs": tabs}


def _item(shop, group: str | Promise, label: str | Promise, name: str, icon: str, right: Can) -> dict:
    url = reverse(name, args=[] if name.startswith("admin:") else [shop.slug])
    return {"group": group, "label": label, "name": name, "url": url, "icon": icon}
