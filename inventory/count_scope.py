"""What a stock take is about: its goods, how their lots are told apart without the books, and which entries count."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from catalog.models import Product
from catalog.selectors import search
from inventory.models import CountedLot, CountEntry, Recount, StockLot, StockTake
from smartkirana.templatetags.kirana import rupees, shop_date

Label = tuple[Decimal | None, str, date | None]


def label_of(lot: StockLot) -> Label:
    """What one sees of a lot on the shelf: MRP, batch and best-before. Lots with the same cannot be told apart."""
    return lot.mrp, lot.batch, lot.expiry


def label_words(lot: StockLot) -> str:
    """The label in words; never how much there is."""
    parts = [
        lot.mrp is not None and _("MRP %(mrp)s") % {"mrp": rupees(lot.mrp)},
        lot.batch and _("batch %(batch)s") % {"batch": lot.batch},
        lot.expiry and _("best before %(day)s") % {"day": shop_date(lot.expiry)},
    ]
    return " · ".join([str(part) for part in parts if part] or [_("without MRP, batch and date")])


def choices_of(lots: Iterable[StockLot], most: int = 12) -> list[StockLot]:
    """One lot for each look, those with stock first, then the newest of the empty ones: what a counter may have in the hand."""
    by_label: dict[Label, StockLot] = {}
    for lot in sorted(lots, key=lambda one: (not one.on_hand, -one.pk)):
        by_label.setdefault(label_of(lot), lot)
    return list(by_label.values())[:most]


def in_scope(take: StockTake) -> QuerySet[Product]:
    """The goods that a stock take is about: those on sale, and those that are not but have stock."""
    there = StockLot.objects.filter(shop=take.shop_id).exclude(on_hand=0).filter(product=OuterRef("pk"))
    goods = take.shop.products.filter(Q(is_active=True) | Exists(there))
    if take.category_id:
        return goods.filter(category=take.category_id)
    if take.shelf:
        return goods.filter(shelf=take.shelf)
    return search(goods, take.words, shop=take.shop) if take.words else goods


def standing(take: StockTake) -> QuerySet[CountEntry]:
    """The entries that count: neither taken back nor taking back, and of the newest round of their goods."""
    later = Recount.objects.filter(take=take, product=OuterRef("product"), round__gt=OuterRef("round"))
    return CountEntry.objects.filter(take=take, reverses=None, reversed_by=None).exclude(Exists(later))


def uncounted_lots(take: StockTake) -> QuerySet[StockLot]:
    """Lots with stock of the stock take's goods that no standing entry covers. What came in since it was opened is not among them.

    Asks for the entries at once: as lists they let the database hash them, where nested conditions made it look them up for each lot.
    """
    entries = list(standing(take).values_list("pk", "product", "lot"))
    whole = {product for _, product, lot in entries if lot is None}
    covered = CountedLot.objects.filter(entry__in=[pk for pk, _, lot in entries if lot is not None]).values_list("lot", flat=True)
    lots = take.shop.lots.exclude(on_hand=0).filter(created_at__lt=take.opened_at)
    if take.category_id:
        lots = lots.filter(product__category=take.category_id)
    elif take.shelf:
        lots = lots.filter(product__shelf=take.shelf)
    elif take.words:
        lots = lots.filter(product__in=search(take.shop.products.all(), take.words, shop=take.shop).order_by().values("pk"))
    return lots.exclude(product__in=whole).exclude(pk__in=list(covered))
