"""A product made or changed by single fields, as programs do it: what is given is taken, the rest stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from catalog.errors import CatalogError
from catalog.gst import all_goods, goods_at_rate, with_rates
from catalog.models import GstGoods, Product
from catalog.services import category_named, save_product
from catalog.units import UNITS, unit_named
from shops.models import Shop, User
from smartkirana.dates import shop_today

ONE = Decimal(1)
TAX = ("gst_rate", "hsn", "gst_goods_id")


def new_product(*, shop: Shop, by: User, fields: Mapping[str, Any]) -> Product:
    """A new product of fields of Product; besides them

    category   its name, made when it is new
    gst_rate   percent; with `hsn` it names the line of the GST schedules, unless `gst_goods_id` does
    barcode    one code for one piece; "" for none
    unit       as programs write it: "kg", "pcs"

    Prices in rupees a unit. Raises CatalogError: everything of `save_product` and `goods_at_rate`, and "bad_unit".
    """
    with transaction.atomic():
        return save_product(shop=shop, by=by, **_taken(shop, None, fields))


def change_product(*, shop: Shop, by: User, pk: int, fields: Mapping[str, Any]) -> Product | None:
    """Change only the given fields (as in `new_product`), also to zero and to false; None when the shop has no such product.

    The row is held meanwhile, so that two who change different fields do not undo each other.
    """
    with transaction.atomic():
        held = shop.products.select_for_update(no_key=True, of=("self",)).select_related("category", "gst_goods").filter(pk=pk)
        known = with_rates(held, shop_today()).first()
        if known is None:
            return None
        kept = {"name": known.name, "price": known.price, "gst_goods": known.gst_goods}
        return save_product(shop=shop, by=by, product=known, **kept | _taken(shop, known, fields))


def _taken(shop: Shop, known: Product | None, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of `save_product` for the fields."""
    taken = {name: value for name, value in fields.items() if name not in TAX}
    if "category" in taken:
        taken["category"] = category_named(shop, taken["category"])
    if "unit" in taken:
        taken["unit"] = _unit(taken["unit"])
    if "barcode" in taken:
        taken["barcodes"] = _codes(known, taken.pop("barcode"))
    return taken | _tax(known, fields)


def _unit(text: str) -> str:
    code = unit_named(text)
    if code is None:
        raise CatalogError("bad_unit", f"Goods are sold by {', '.join(unit.code for unit in UNITS)}.", "unit")
    return code


def _codes(known: Product | None, code: str) -> list[tuple[str, Decimal]]:
    """The product's codes with `code` in the place of its first one for a single piece; "" takes that one away."""
    have = [(one.code, one.pack_quantity) for one in known.barcodes.all()] if known else []
    first = next((n for n, (_, pack) in enumerate(have) if pack == ONE), None)
    rest = [one for n, one in enumerate(have) if n != first and one[0] != code.upper()]
    return [(code, ONE), *rest] if code else rest


def _tax(known: Product | None, fields: Mapping[str, Any]) -> dict[str, Any]:
    """HSN and line of the schedules; nothing while what is given says what is there already."""
    hsn = "".join(str(fields.get("hsn", known.hsn if known else "")).split())
    picked = fields.get("gst_goods_id")
    if picked:
        return {"gst_goods": _line(picked), "hsn": hsn}
    rate = fields.get("gst_rate", known.gst_rate if known else None)
    if known and (rate, hsn) == (known.gst_rate, known.hsn):
        return {}
    loose = fields.get("loose", known.loose if known else None)
    return {"gst_goods": goods_at_rate(rate, hsn, shop_today(), loose=loose), "hsn": hsn}


def _line(pk: int) -> GstGoods:
    found = next((goods for goods in all_goods(shop_today()) if goods.pk == pk), None)
    if found is None:
        raise CatalogError("bad_gst_goods", "There is no such line of the GST schedules. Look it up by the HSN.", "gst_goods_id")
    return found
