"""What a list would do to the shop: each row is a new product, a changed one, one that stays as it is, or a bad row with its reasons."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from catalog.importing.cells import BadCell, read_cell
from catalog.importing.columns import BY_FIELD
from catalog.importing.files import Row, Sheet
from catalog.importing.known import Known
from catalog.models import Category, Product
from catalog.rules import level_problems, price_problems
from catalog.services import sku_of
from catalog.units import name_of
from shops.models import Shop
from smartkirana.money import plain
from smartkirana.text import normalise

PLAIN = (
    "sku", "name", "local_name", "subcategory", "unit", "loose", "plu", "hsn", "mrp", "price", "cost",
    "min_stock", "max_stock", "reorder_quantity", "perishable", "search_words", "shelf", "is_active",
)  # fmt: skip
SAMPLE = 8
TICK = 250


@dataclass
class Planned:
    """One row that can be taken: the product as it will be, its category (perhaps not made yet), codes to add or to count anew."""

    line: int
    product: Product
    category: Category | None
    codes: dict[str, Decimal]
    changes: list[tuple[str, str, str]]


@dataclass
class Plan:
    new: list[Planned] = field(default_factory=list)
    changed: list[Planned] = field(default_factory=list)
    same: int = 0
    bad: int = 0
    problems: list[dict] = field(default_factory=list)

    def sample(self) -> list[dict]:
        """The first rows as the preview shows them."""
        rows = [("new", p) for p in self.new[:SAMPLE]] + [("changed", p) for p in self.changed[:SAMPLE]]
        return [{"kind": kind, "line": p.line, "name": p.product.name, "changes": p.changes} for kind, p in rows]


class BadRow(Exception):
    """Sentences of a row that cannot be taken, as (field, value, reason)."""

    def __init__(self, *found: tuple[str, str, str]) -> None:
        super().__init__(found)
        self.found = found


def make_plan(*, shop: Shop, sheet: Sheet, mapping: dict[str, int], day: date, tick: Callable[[int], None] = lambda done: None) -> Plan:
    """Check every row against the rules and the shop as it is now. Reads only; `tick` is told the rows done."""
    known, plan = Known(shop, day), Plan()
    for number, row in enumerate(sheet.rows, 1):
        try:
            _place(plan, known, _planned(known, row, mapping))
        except BadRow as bad:
            plan.bad += 1
            for name, value, reason in bad.found:
                heading = BY_FIELD[name].heading if name in BY_FIELD else ""
                plan.problems.append({"line": row.line, "column": heading, "value": value[:60], "reason": reason})
        if number % TICK == 0:
            tick(number)
    return plan


def _place(plan: Plan, known: Known, planned: Planned) -> None:
    if planned.product.pk is None:
        if not planned.product.sku:
            known.last_sku += 1
            planned.product.sku = sku_of(known.last_sku)
        plan.new.append(planned)
    elif planned.changes:
        plan.changed.append(planned)
    else:
        plan.same += 1


def _planned(known: Known, row: Row, mapping: dict[str, int]) -> Planned:
    cells = {name: row.cells[at] for name, at in mapping.items() if at < len(row.cells) and row.cells[at]}
    values = _values(cells)
    now = _which(known, values, cells)
    _take_keys(known, row.line, now, values, cells)
    product = _overlaid(known, now, values, cells)
    category = known.category(values["category"]) if values.get("category") else None
    codes = dict(values.get("barcode", ()))
    if now:
        codes = {code: holds for code, holds in codes.items() if known.codes_of[now.pk].get(code) != holds}
    changes = _changes(known, now, product, category, codes) if now else []
    return Planned(row.line, product, category, codes, changes)


def _values(cells: dict[str, str]) -> dict:
    values, found = {}, []
    for name, text in cells.items():
        try:
            values[name] = read_cell(name, text)
        except BadCell as bad:
            found.append((name, text, str(bad)))
    if found:
        raise BadRow(*found)
    return values


def _which(known: Known, values: dict, cells: dict[str, str]) -> Product | None:
    """The product a row means: by SKU, else barcode, else PLU and name, else a name only one product has. None: a new one."""
    by_sku = known.by_sku.get(values.get("sku", "").upper())
    by_code = {owner.pk: (owner, code) for code, _ in values.get("barcode", ()) if (owner := known.by_code.get(code))}
    for owner, code in by_code.values():
        if (by_sku and owner is not by_sku) or len(by_code) > 1:
            raise BadRow(("barcode", cells["barcode"], f"{code} is already a barcode of {owner.name}."))
    if by_sku or by_code:
        return by_sku or next(iter(by_code.values()))[0]
    name = normalise(values.get("name", ""))
    if (owner := known.by_plu.get(values.get("plu"))) is not None:
        if normalise(owner.name) != name:
            raise BadRow(("plu", cells["plu"], f"This PLU is already typed for {owner.name}."))
        return owner
    if values.get("sku") or values.get("barcode") or not name:
        return None
    alike = known.by_name.get(name, ())
    if len(alike) > 1:
        raise BadRow(("name", cells["name"], f"{len(alike)} products have this name. Give the SKU or the barcode."))
    return alike[0] if alike else None


def _take_keys(known: Known, line: int, now: Product | None, values: dict, cells: dict[str, str]) -> None:
    """No two rows of a file may mean one product, or claim one code."""
    keys = [("product", "name", now.pk if now else None), ("sku", "sku", values.get("sku", "").upper()), ("plu", "plu", values.get("plu"))]
    keys += [("code", "barcode", code) for code, _ in values.get("barcode", ())]
    if now is None and not (values.get("sku") or values.get("barcode") or values.get("plu")):
        keys.append(("new", "name", normalise(values.get("name", ""))))
    for kind, name, key in keys:
        if key and (other := known.take((kind, key), line)):
            raise BadRow((name, cells.get(name, ""), f"The same as line {other}. Keep one of them, or give each its own SKU."))
    if now is not None and (owner := known.by_plu.get(values.get("plu"))) not in (None, now):
        raise BadRow(("plu", cells["plu"], f"This PLU is already typed for {owner.name}."))


def _overlaid(known: Known, now: Product | None, values: dict, cells: dict[str, str]) -> Product:
    """The product with the row's values on it, checked by the rules."""
    product = copy.copy(now) if now else Product(shop=known.shop, unit="kg" if values.get("loose") else "pc")
    for name in PLAIN:
        if name in values:
            setattr(product, name, values[name])
    if now and product.sku.upper() == now.sku.upper():
        product.sku = now.sku  # "a1" is A1: the product keeps its own spelling
    if product.price is None:
        product.price = product.mrp
    found = []
    if not product.name:
        found.append(("name", "", "A new product needs a name."))
    if product.price is None:
        found.append(("price", "", "Give a selling price or an MRP."))
    if now and now.unit != product.unit and known.has_stock(now):
        found.append(("unit", cells["unit"], f"There is stock of it counted by the {name_of(now.unit)}."))
    levels = {name: getattr(product, name) for name in ("min_stock", "max_stock", "reorder_quantity")}
    problems = price_problems(mrp=product.mrp, price=product.price, cost=product.cost) + level_problems(unit=product.unit, **levels)
    found += [(name, cells.get(name, ""), reason) for name, reason in problems]
    try:
        product.gst_goods = known.gst.choose(product.hsn, values.get("gst_rate"), product.loose, now)
    except BadCell as bad:
        found.append((bad.args[1], cells.get(bad.args[1], ""), bad.args[0]))
    if found:
        raise BadRow(*found)
    own = product.gst_goods.hsn
    product.hsn = product.hsn or (own if len(own) in (4, 6, 8) else "")
    return product


def _changes(known: Known, now: Product, product: Product, category: Category | None, codes: dict[str, Decimal]) -> list:
    """What becomes different, as (heading, before, after) for people."""
    found = [
        (BY_FIELD[name].heading, _said(before), _said(after))
        for name in PLAIN
        if (before := getattr(now, name)) != (after := getattr(product, name))
    ]
    if product.gst_goods_id != now.gst_goods_id:
        found.append(("GST", known.gst.by_id[now.gst_goods_id].goods, product.gst_goods.goods))
    if category and category.pk != now.category_id:
        found.append((BY_FIELD["category"].heading, "", category.name))
    if codes:
        found.append((BY_FIELD["barcode"].heading, "", ", ".join(codes)))
    return found


def _said(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return plain(value) if isinstance(value, Decimal) else str(value)
