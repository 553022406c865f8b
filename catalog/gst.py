"""GST rates by goods and date: loaded from the project's own data file, looked up by HSN prefix.

Nothing in code knows a slab list; the file holds three dated columns (2017-07-01, 2025-09-22, 2026-02-01), and a rate
holds until the next row's date. A platform admin may add dated rows; loading again never overwrites those.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.db.models import OuterRef, QuerySet, Subquery

from catalog.errors import CatalogError
from catalog.models import GstGoods, GstRate, Product
from shops.models import Shop
from smartkirana.money import plain
from smartkirana.text import words

DATA = Path(__file__).parent / "data" / "gst_rates.csv"


def load_gst_rates(*, using: str = "default", path: Path = DATA) -> int:
    """Make the tables agree with the data file; how many goods it names. Safe to run at any time, cheap when nothing changed."""
    with path.open(encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f))
    GstGoods.objects.using(using).bulk_create(
        [_goods(row) for row in rows],
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["hsn", "goods", "packing", "supply_class", "rsp_valuation", "note"],
    )
    ids = dict(GstGoods.objects.using(using).values_list("slug", "id"))
    GstRate.objects.using(using).bulk_create([r for row in rows for r in _rates(row, ids[row["slug"]])], ignore_conflicts=True)
    return len(rows)


def _goods(row: dict[str, str]) -> GstGoods:
    return GstGoods(
        slug=row["slug"],
        hsn=row["hsn"],
        goods=row["goods"],
        packing=row["packing"],
        supply_class=row["supply_class"],
        rsp_valuation=row["rsp"] == "yes",
        note=row["note"],
    )


def _rates(row: dict[str, str], goods_id: int) -> list[GstRate]:
    """A row for each date on which the rate or the cess of these goods was set anew."""
    rates = []
    for column in (c for c in row if c.startswith("rate_")):
        stamp = column.removeprefix("rate_")
        rate, cess = row[column], row[f"cess_{stamp}"]
        if rate or cess:
            before = rates[-1] if rates else None
            rates.append(
                GstRate(
                    goods_id=goods_id,
                    valid_from=date.fromisoformat(stamp.replace("_", "-")),
                    rate=Decimal(rate) if rate else before.rate,
                    cess_rate=Decimal(cess) if cess else before.cess_rate,
                )
            )
    return rates


def rate_on(day: date, goods_id: int | OuterRef | None = None) -> QuerySet[GstRate]:
    """The rate row in force on `day`, newest first: of the goods with that id, or as a subquery of products."""
    return GstRate.objects.filter(goods_id=goods_id or OuterRef("gst_goods_id"), valid_from__lte=day).order_by("-valid_from")


def with_rates(products: QuerySet, day: date) -> QuerySet:
    """Products with `gst_rate` and `cess_rate` (percent) of `day`, and their goods' class at hand."""
    return products.select_related("gst_goods").annotate(
        gst_rate=Subquery(rate_on(day).values("rate")[:1]), cess_rate=Subquery(rate_on(day).values("cess_rate")[:1])
    )


def goods_with_rates(shop: Shop, ids: Iterable[int], day: date) -> dict[int, Product]:
    """The shop's products with these ids and the rates of `day`, on sale or not, without what only the search reads."""
    return with_rates(shop.products.defer("search_text", "search_vector").filter(pk__in=ids), day).in_bulk()


SELLABLE = """
SELECT p.id, p.shop_id, p.sku, p.name, p.local_name, p.search_words, p.shelf, p.category_id, p.subcategory, p.unit, p.hsn, p.gst_goods_id,
       p.mrp, p.price, p.cost, p.min_stock, p.max_stock, p.reorder_quantity,
       p.perishable, p.loose, p.plu, p.is_active, p.changed_by_id, p.created_at, p.updated_at,
       p.request_key, r.rate AS gst_rate, r.cess_rate, g.slug, g.supply_class, g.rsp_valuation
  FROM catalog_product AS p
  JOIN catalog_gstgoods AS g ON g.id = p.gst_goods_id
  LEFT JOIN LATERAL (
       SELECT rate, cess_rate FROM catalog_gstrate WHERE goods_id = g.id AND valid_from <= %s ORDER BY valid_from DESC LIMIT 1
       ) AS r ON true
 WHERE p.shop_id = %s AND p.id = ANY(%s) AND p.is_active
"""


def sellable_goods(shop: Shop, ids: Iterable[int], day: date) -> dict[int, Product]:
    """The shop's products with these ids that are on sale, with the rates of `day`: what `with_rates` gives, written by hand for the bill.

    Their `gst_goods` knows its id, class and valuation only. A test holds `with_rates` against it.
    """
    products = {}
    for product in Product.objects.raw(SELLABLE, [day, shop.pk, list(ids)]):
        product.gst_goods = GstGoods(
            id=product.gst_goods_id, slug=product.slug, supply_class=product.supply_class, rsp_valuation=product.rsp_valuation
        )
        products[product.pk] = product
    return products


def all_goods(day: date) -> list[GstGoods]:
    """Every line of the schedules with its `gst_rate` and `cess_rate` (percent) of `day`."""
    rates = rate_on(day, OuterRef("pk"))
    return list(GstGoods.objects.annotate(gst_rate=Subquery(rates.values("rate")[:1]), cess_rate=Subquery(rates.values("cess_rate")[:1])))


def goods_for(hsn: str, day: date, *, loose: bool | None = None) -> list[GstGoods]:
    """The lines that may fit an HSN: the longest matching prefixes first, then lines under it, with their rates of `day`.

    loose  weighed before the buyer (True) or in labelled packs (False), where the law makes a difference; None: both.
    """
    return fitting(all_goods(day), hsn, loose=loose)


def fitting(goods: Iterable[GstGoods], hsn: str, *, loose: bool | None = None) -> list[GstGoods]:
    """As `goods_for`, of lines read before."""
    if len(hsn) < 2:
        return []
    found = [g for g in goods if g.hsn and (hsn.startswith(g.hsn) or g.hsn.startswith(hsn))]
    found.sort(key=lambda g: (not hsn.startswith(g.hsn), -len(g.hsn) if hsn.startswith(g.hsn) else 0, g.hsn, g.goods))
    if loose is None:
        return found
    other = GstGoods.Packing.PACKED if loose else GstGoods.Packing.LOOSE
    return [g for g in found if g.packing != other] or found


def nearest(found: Sequence[GstGoods], hsn: str) -> list[GstGoods]:
    """Of lines found for `hsn`: those of the longest prefix of it, or all when none is a prefix."""
    lengths = [len(g.hsn) for g in found if hsn.startswith(g.hsn)]
    return [g for g in found if hsn.startswith(g.hsn) and len(g.hsn) == max(lengths)] if lengths else list(found)


def rates_in_force(goods: Iterable[GstGoods]) -> list[Decimal]:
    """The rates that named goods bear on the day the lines were read for, lowest first. What only old bills bear is none."""
    return sorted({g.gst_rate for g in goods if g.hsn and g.gst_rate is not None})


def goods_at_rate(rate: Decimal, hsn: str, day: date, *, loose: bool | None = None) -> GstGoods:
    """The line that is meant by a rate (percent) and an HSN ("": not known), as programs name goods.

    Of the lines of the HSN that bear the rate the only nearest one; where several do or none, or without an HSN, "Other goods" at the
    rate, as the product page lets people choose it. Raises CatalogError "bad_gst_rate" for a rate that is not in force on `day`,
    "bad_hsn", and "which_goods" where lines are taxed otherwise too (cess, tax on the printed price) so that only a person can tell.
    """
    goods = all_goods(day)
    rates = rates_in_force(goods)
    if rate not in rates:
        words = ", ".join(f"{plain(one)}" for one in rates)
        raise CatalogError("bad_gst_rate", f"{plain(rate)} % is not a GST rate in force. In force are {words} %.", "gst_rate")
    if hsn and (len(hsn) not in (4, 6, 8) or not hsn.isascii() or not hsn.isdigit()):
        raise CatalogError("bad_hsn", "An HSN has 4, 6 or 8 digits.", "hsn")
    found = nearest([g for g in fitting(goods, hsn, loose=loose) if g.gst_rate == rate], hsn)
    general = [] if any(g.cess_rate or g.rsp_valuation for g in found) else [g for g in other_goods(goods) if g.gst_rate == rate]
    if len(found) == 1 or (found and not general and len({(g.cess_rate, g.rsp_valuation) for g in found}) == 1):
        return found[0]
    if not general:
        names = "; ".join(f"{g.pk}: {g.goods}" for g in found[:6])
        raise CatalogError("which_goods", f"Name the line of these goods in gst_goods_id. {names}".strip(), "gst_goods_id")
    return general[0]


def only_one(found: Sequence[GstGoods], hsn: str) -> GstGoods | None:
    """The line that must be meant, when only one can be."""
    near = nearest(found, hsn)
    return near[0] if len(near) == 1 else None


def named(goods: Iterable[GstGoods], text: str, *, loose: bool | None = None) -> list[GstGoods]:
    """Lines whose words begin with every word of `text`: for people who know "ghee" and not 0405."""
    asked = words(text)
    other = {True: GstGoods.Packing.PACKED, False: GstGoods.Packing.LOOSE}.get(loose)
    return [g for g in goods if asked and g.packing != other and _has_words(g, asked)]


def _has_words(goods: GstGoods, asked: Sequence[str]) -> bool:
    own = words(goods.goods)
    return all(any(word.startswith(a) for word in own) for a in asked)


def other_goods(goods: Sequence[GstGoods]) -> list[GstGoods]:
    """The lines without an HSN, for what no line names: "Other goods at 5 %", lowest first.

    Only at rates that some named goods bear on the day too: 12 % and 28 % are for old bills.
    """
    in_use = {g.gst_rate for g in goods if g.hsn}
    return sorted((g for g in goods if not g.hsn and g.gst_rate in in_use), key=lambda g: (g.supply_class == "non_gst", g.gst_rate))
