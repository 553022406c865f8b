"""The steps of a supplier's file: taken in, its columns matched, its goods matched, forgotten. `receiving` enters the bill itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from catalog.models import Product
from inventory.bill_files.columns import checked_mapping, signature
from inventory.bill_files.layout import sheet_of
from inventory.bill_files.matching import Match, Unmatched
from inventory.errors import StockError
from inventory.models import BillFile, BillFileMapping, Supplier, SupplierItem
from shops.models import Shop, User
from smartkirana.db_rules import broken_rule, made_with_key
from smartkirana.money import quantity
from smartkirana.text import clean_name

KEPT_DAYS = 30
LARGEST_PACK = Decimal(9999999)


def take_in(*, shop: Shop, by: User, supplier: Supplier, filename: str, content: bytes, request_key: UUID | None = None) -> BillFile:
    """Keep a supplier's file until its bill is saved; the columns of a file with the same headings are matched as the last time.

    request_key  one per opened form: a second call with it and the same file answers the first one
    Files that nobody went on with go after 30 days. Raises StockError "unknown_supplier", or (field "file") when it is no such file.
    """
    if supplier.shop_id != shop.pk:
        raise StockError("unknown_supplier", "Choose a supplier of this shop.", "supplier")
    headings, rows, about = sheet_of(filename, content)
    name, kept = clean_name(filename)[-120:] or "bill", [[row.line, row.cells] for row in rows]
    known, key = made_with_key(shop.bill_files, request_key, supplier_id=supplier.pk, filename=name)
    if known and known.rows == kept:
        return known
    last = shop.bill_file_mappings.filter(supplier=supplier, signature=signature(headings)).first()
    file = BillFile(
        shop=shop, supplier=supplier, by=by, headings=headings, about=about, mapping=_still_good(last, headings),
        inclusive=bool(last and last.inclusive), request_key=key,
        filename=name, rows=kept,
    )  # fmt: skip
    try:
        with transaction.atomic():
            shop.bill_files.filter(created_at__lt=timezone.now() - timedelta(days=KEPT_DAYS)).delete()
            file.save(force_insert=True)
    except IntegrityError as error:
        if broken_rule(error) == "inventory_billfile_request_key":
            return shop.bill_files.get(request_key=request_key)
        raise
    return file


def _still_good(last: BillFileMapping | None, headings: list[str]) -> dict[str, int]:
    try:
        return checked_mapping(last.mapping, headings) if last else {}
    except StockError:  # the program knows other columns today than when it was remembered
        return {}


@transaction.atomic
def set_columns(*, file: BillFile, by: User, mapping: Mapping[str, int], inclusive: bool = False) -> None:
    """Say what each column of the file is, and remember it for this supplier's files with the same headings.

    mapping    field → number of the column, from 0; inclusive  the rates have the tax in them
    Raises StockError "bad_column", "column_twice", "no_columns".
    """
    good = checked_mapping(mapping, file.headings)
    _change(file, mapping=good, inclusive=inclusive)
    BillFileMapping.objects.update_or_create(
        shop=file.shop,
        supplier=file.supplier,
        signature=signature(file.headings),
        defaults={"headings": file.headings, "mapping": good, "inclusive": inclusive, "changed_by": by},
    )


@dataclass(frozen=True)
class Choice:
    """What an unmatched item is: goods of ours with `pack` pieces in the supplier's pack, or (None) left out of this bill."""

    product: Product | None
    pack: Decimal = Decimal(1)


@transaction.atomic
def choose_goods(*, file: BillFile, by: User, chosen: Mapping[int, Choice], open_items: Mapping[int, Unmatched]) -> None:
    """Decide about unmatched items, by the line of the first of each. Goods are remembered for the supplier, what is left out is not.

    Raises StockError "unknown_product", "bad_pack"; its field is "goods-<line>" or "pack-<line>".
    """
    new, left = [], list(file.left_out)
    for line, choice in chosen.items():
        item = open_items[line].first
        if choice.product is None:
            left.append(item.key)
            continue
        if choice.product.shop_id != file.shop_id:
            raise StockError("unknown_product", "Choose a product of this shop.", f"goods-{line}")
        if not choice.pack.is_finite() or not 0 < choice.pack <= LARGEST_PACK or choice.pack != quantity(choice.pack):
            raise StockError("bad_pack", "How many pieces does their pack hold? Write a number above zero.", f"pack-{line}")
        new.append(
            SupplierItem(
                shop=file.shop, supplier=file.supplier, kind=item.kind, key=item.key, said=item.said, product=choice.product,
                pack_size=choice.pack, changed_by=by, changed_at=timezone.now(),
            )
        )  # fmt: skip
    SupplierItem.objects.bulk_create(
        new,
        update_conflicts=True,
        unique_fields=["shop", "supplier", "kind", "key"],
        update_fields=["said", "product", "pack_size", "changed_by", "changed_at"],
    )
    _change(file, left_out=list(dict.fromkeys(left)))


def ask_again(*, file: BillFile, match: Match) -> None:
    """Forget what was said of an item, for this supplier's later files too, so that it is asked for again."""
    file.shop.supplier_items.filter(supplier=file.supplier_id, kind=match.item.kind, key=match.item.key).delete()
    _change(file, left_out=[key for key in file.left_out if key != match.item.key])


def _change(file: BillFile, **fields: object) -> None:
    """A file that was entered or forgotten meanwhile is no mistake: there is nothing left to change."""
    for name, value in fields.items():
        setattr(file, name, value)
    BillFile.objects.filter(pk=file.pk).update(**fields)


def drop(*, file: BillFile) -> None:
    """Forget a file; what was remembered of the supplier's columns and items stays."""
    BillFile.objects.filter(pk=file.pk).delete()
