"""The acts on price lists and on prices from a quantity on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.errors import CatalogError
from catalog.list_prices import Slab
from catalog.models import ListPrice, PriceList, Product
from catalog.rules import LARGEST_PRICE, quantity_problem
from shops.models import Shop, User
from smartkirana.db_rules import broken_rule
from smartkirana.money import ZERO, money, quantity
from smartkirana.templatetags.kirana import qty, rupees
from smartkirana.text import clean_name

LONGEST_NAME = 40
MOST_STEPS = 12
AT_ONCE = 500
_WRITTEN = ["price", "changed_by", "changed_at"]
_KEY = ["shop", "product", "price_list", "min_quantity"]


@dataclass(frozen=True)
class Entry:
    """One line of a list of prices: from `least` on (the product's unit) a unit costs `price` rupees; None takes that price off."""

    product: Product
    least: Decimal
    price: Decimal | None


def save_price_list(*, shop: Shop, name: str, price_list: PriceList | None = None) -> PriceList:
    """Make a price list, or rename `price_list`. Raises CatalogError "no_name", "too_long", "name_taken"."""
    price_list = price_list or PriceList(shop=shop)
    price_list.name = clean_name(name)
    if not price_list.name:
        raise CatalogError("no_name", _("Give the price list a name, such as Wholesale."), "name")
    if len(price_list.name) > LONGEST_NAME:
        raise CatalogError("too_long", _("At most {count} letters.").format(count=LONGEST_NAME), "name")
    try:
        with transaction.atomic():
            price_list.save()
    except IntegrityError as error:
        if broken_rule(error) != "catalog_pricelist_name":
            raise
        raise CatalogError("name_taken", _("A price list of this name exists already."), "name") from error
    return price_list


def set_list_in_use(*, price_list: PriceList, in_use: bool) -> None:
    """Take a list out of use, or put it back. Its prices and its customers stay; while out of use, all pay what everybody pays."""
    price_list.is_active = in_use
    price_list.save(update_fields=["is_active"])


def set_prices(*, by: User, product: Product, price_list: PriceList | None, steps: Sequence[Slab]) -> None:
    """Make `steps` the product's prices on a list, or its slabs for everybody (price_list None); what is not among them is taken off.

    steps  (from quantity in the product's unit, rupees a unit); from 0 is any quantity

    Raises CatalogError "too_many", "twice" and as checked_step().
    """
    if len(steps) > MOST_STEPS:
        raise CatalogError("too_many", _("At most {count} prices for a product.").format(count=MOST_STEPS), "price")
    wanted: dict[Decimal, Decimal] = {}
    for least, price in steps:
        least, price = checked_step(product, price_list, least, price)
        if least in wanted:
            raise CatalogError("twice", _("There are two prices from {count} on.").format(count=qty(least)), "least")
        wanted[least] = price
    with _in_words(), transaction.atomic():
        product.shop.products.select_for_update(no_key=True).only("pk").get(pk=product.pk)  # two who change it at once: one by one
        have = dict(_of(product, price_list).values_list("min_quantity", "price"))
        _of(product, price_list).exclude(min_quantity__in=wanted).delete()
        _write(by, [_row(product, price_list, least, price) for least, price in wanted.items() if have.get(least) != price])


def set_price(*, by: User, product: Product, price_list: PriceList, price: Decimal | None) -> None:
    """Set the product's price on a list for any quantity, rupees a unit; None takes it off. Raises CatalogError as checked_step()."""
    enter_prices(by=by, price_list=price_list, entries=[Entry(product, ZERO, price)])


def enter_prices(*, by: User, price_list: PriceList, entries: Sequence[Entry]) -> int:
    """Write many prices of a list, all or none; prices that no entry names stay. Returns how many lines changed something.

    Raises CatalogError "twice" and as checked_step().
    """
    wanted: dict[tuple[int, Decimal], ListPrice | None] = {}
    for one in entries:
        row, key = _entered(price_list, one)
        if key in wanted:
            raise CatalogError("twice", _("{name} stands there twice with the same quantity.").format(name=one.product.name), "text")
        wanted[key] = row
    with _in_words(), transaction.atomic():
        changed = 0
        for keys in _in_parts(list(wanted)):
            changed += _enter(by, price_list, {key: wanted[key] for key in keys})
    return changed


def checked_step(product: Product, price_list: PriceList | None, least: Decimal, price: Decimal) -> Slab:
    """A step as it is stored. Raises CatalogError "bad_quantity", "bad_price", "above_mrp", "not_under_price"."""
    if price_list is not None and price_list.shop_id != product.shop_id:
        raise CatalogError("bad_list", _("Choose a price list of this shop."), "price_list")
    if sentence := quantity_problem(product.unit, least):
        raise CatalogError("bad_quantity", sentence, "least")
    least = stored_least(product, least)
    if not 0 < price <= LARGEST_PRICE:
        raise CatalogError("bad_price", _("Give a price above zero."), "price")
    if price != money(price):
        raise CatalogError("bad_price", _("At most 2 decimals."), "price")
    if product.mrp is not None and price > product.mrp:
        raise CatalogError(
            "above_mrp", _("{price} is above the MRP of {mrp}.").format(price=rupees(price), mrp=rupees(product.mrp)), "price"
        )
    if price_list is None:
        _check_slab(product, least, price)
    return least, money(price)


def stored_least(product: Product, least: Decimal) -> Decimal:
    """A from-quantity as it is stored: from the smallest one that can be sold (1 piece, 1 gram) on is any quantity, 0."""
    smallest = Decimal(1).scaleb(-product.decimals)
    return quantity(0 if least <= smallest else least)


def _check_slab(product: Product, least: Decimal, price: Decimal) -> None:
    """A slab for everybody begins above the smallest quantity and is cheaper than one alone; else it would say nothing."""
    if not least:
        raise CatalogError("bad_quantity", _("For any quantity, change the selling price. Here, begin with a larger quantity."), "least")
    if price >= product.price:
        raise CatalogError(
            "not_under_price", _("One alone costs {price}. From a quantity on, give less.").format(price=rupees(product.price)), "price"
        )


# --- writing --------------------------------------------------------------------------------------------------
@contextmanager
def _in_words() -> Iterator[None]:
    """What the database refuses, as a sentence."""
    try:
        yield
    except IntegrityError as error:
        if broken_rule(error) != "catalog_listprice_within_mrp":
            raise
        raise CatalogError("above_mrp", _("The price is above the MRP. Nobody may sell above MRP."), "price") from error


def _of(product: Product, price_list: PriceList | None) -> QuerySet[ListPrice]:
    return product.shop.list_prices.filter(product=product, price_list=price_list)


def _row(product: Product, price_list: PriceList | None, least: Decimal, price: Decimal) -> ListPrice:
    return ListPrice(shop_id=product.shop_id, product_id=product.pk, price_list=price_list, min_quantity=least, price=price)


def _entered(price_list: PriceList, one: Entry) -> tuple[ListPrice | None, tuple[int, Decimal]]:
    if one.price is None:
        return None, (one.product.pk, stored_least(one.product, one.least))
    least, price = checked_step(one.product, price_list, one.least, one.price)
    return _row(one.product, price_list, least, price), (one.product.pk, least)


def _enter(by: User, price_list: PriceList, wanted: dict[tuple[int, Decimal], ListPrice | None]) -> int:
    """One part of the entries; gives how many of them differ from what is there."""
    ours = ListPrice.objects.filter(shop_id=price_list.shop_id, price_list=price_list, product_id__in={product for product, _ in wanted})
    have = {(product, least): (pk, price) for pk, product, least, price in ours.values_list("pk", "product_id", "min_quantity", "price")}
    new = [row for key, row in wanted.items() if row and (key not in have or have[key][1] != row.price)]
    gone = [have[key][0] for key, row in wanted.items() if row is None and key in have]
    ours.filter(pk__in=gone).delete()
    _write(by, new)
    return len(new) + len(gone)


def _write(by: User, rows: Iterable[ListPrice]) -> None:
    """Insert or update, in one order whoever writes, so that two at the same moment wait for each other and never in a circle."""
    ordered = sorted(rows, key=lambda row: (row.product_id, row.min_quantity))
    for row in ordered:
        row.changed_by, row.changed_at = by, timezone.now()
    ListPrice.objects.bulk_create(ordered, update_conflicts=True, update_fields=_WRITTEN, unique_fields=_KEY)


def _in_parts(keys: list[tuple[int, Decimal]]) -> Iterable[list[tuple[int, Decimal]]]:
    keys.sort()
    return (keys[at : at + AT_ONCE] for at in range(0, len(keys), AT_ONCE))
