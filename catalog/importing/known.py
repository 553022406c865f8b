"""What the shop has already, by every key a row may name it with; read once for a whole file."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

from django.db.models import Q

from catalog.gst import all_goods, fitting, nearest, other_goods
from catalog.importing.cells import BadCell
from catalog.models import Category, GstGoods, Product
from catalog.services import last_sku
from shops.models import Shop
from smartkirana.templatetags.kirana import percent
from smartkirana.text import normalise


class Known:
    """The shop's goods, codes and categories in memory, and which of them a row of the file has taken already."""

    def __init__(self, shop: Shop, day: date) -> None:
        self.gst = GstBook(all_goods(day))
        self.products = {p.pk: p for p in shop.products.defer("search_text", "search_vector")}
        self.by_sku = {p.sku.upper(): p for p in self.products.values()}
        self.by_plu = {p.plu: p for p in self.products.values() if p.plu}
        self.by_name: dict[str, list[Product]] = defaultdict(list)
        for p in self.products.values():
            p.gst_goods = self.gst.by_id[p.gst_goods_id]
            self.by_name[normalise(p.name)].append(p)
        self.by_code: dict[str, Product] = {}
        self.codes_of: dict[int, dict[str, Decimal]] = defaultdict(dict)
        for code, product_id, holds in shop.barcodes.values_list("code", "product_id", "pack_quantity"):
            self.by_code[code] = self.products[product_id]
            self.codes_of[product_id][code] = holds
        self.categories = {c.name.upper(): c for c in shop.categories.all()}
        self.shop = shop
        self.last_sku = last_sku(shop)
        self.taken: dict[tuple, int] = {}
        self._stocked: set[int] | None = None

    def take(self, key: tuple, line: int) -> int:
        """The line that took `key` before this one, or 0; from now on it is this line's."""
        return 0 if self.taken.setdefault(key, line) == line else self.taken[key]

    def category(self, name: str) -> Category:
        """The category of that name; one that does not exist yet is made when the list is written."""
        key = name.upper()
        if key not in self.categories:
            self.categories[key] = Category(shop=self.shop, name=name)
        return self.categories[key]

    def has_stock(self, product: Product) -> bool:
        if self._stocked is None:
            moved = self.shop.products.filter(Q(lots__on_hand__gt=0) | Q(lots__on_hand__lt=0))
            self._stocked = set(moved.values_list("pk", flat=True).distinct())
        return product.pk in self._stocked


class GstBook:
    """The schedules of one day, asked once for each different HSN, rate and packing of a file."""

    def __init__(self, goods: list[GstGoods]) -> None:
        self.goods = goods
        self.by_id = {g.pk: g for g in goods}
        self.other = {g.gst_rate: g for g in reversed(other_goods(goods))}
        self._answers: dict[tuple, GstGoods | BadCell] = {}

    def choose(self, hsn: str, rate: Decimal | None, loose: bool, now: Product | None) -> GstGoods:
        """The line of the schedules for a row; `now` is the product as it stands. Raises BadCell with the column in `args[1]`."""
        if now and hsn == now.hsn and loose == now.loose and rate in (None, self.by_id[now.gst_goods_id].gst_rate):
            return now.gst_goods
        key = (hsn, rate, loose)
        if key not in self._answers:
            try:
                self._answers[key] = self._choose(hsn, rate, loose)
            except BadCell as bad:
                self._answers[key] = bad
        answer = self._answers[key]
        if isinstance(answer, BadCell):
            raise BadCell(*answer.args)
        return answer

    def _choose(self, hsn: str, rate: Decimal | None, loose: bool) -> GstGoods:
        found = fitting(self.goods, hsn, loose=loose)
        near = nearest(found, hsn)
        if rate is not None:
            return self._with_rate(hsn, rate, near, found)
        if not hsn:
            raise BadCell("Give the HSN or the GST %.", "hsn")
        if not near:
            raise BadCell(f"No GST rate is known for HSN {hsn}. Fill the column GST %.", "hsn")
        if len({(g.gst_rate, g.cess_rate, g.supply_class) for g in near}) > 1:
            raise BadCell(f"HSN {hsn} holds goods at {_rates(near)}. Say which in the column GST %.", "hsn")
        return near[0]

    def _with_rate(self, hsn: str, rate: Decimal, near: list[GstGoods], found: list[GstGoods]) -> GstGoods:
        for goods in (*near, *found):
            if goods.gst_rate == rate:
                return goods
        if found:
            raise BadCell(f"HSN {hsn} bears {_rates(found)} today, not {percent(rate)}.", "gst_rate")
        if rate not in self.other:
            raise BadCell(f"No goods bear {percent(rate)} GST today.", "gst_rate")
        return self.other[rate]


def _rates(goods: list[GstGoods]) -> str:
    rates = sorted({g.gst_rate for g in goods})
    return " or ".join(percent(rate) for rate in rates)
