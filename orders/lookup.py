"""Finding old bills by what is typed or scanned, and the batches of goods."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from inventory.allocation import sellable
from orders import counter_selectors as counter
from orders.bill import BillLine
from orders.choices import choice
from orders.errors import OrderError
from orders.models import Order
from orders.public import bill_of_code
from orders.selectors import bill_by_slug
from shops.models import Shop
from smartkirana.dates import financial_year, shop_today

MOST_DIGITS = 6


def bill_numbered(shop: Shop, text: str, counter_code: str = "") -> Order:
    """The bill a person means: "1042" is this counter's 1042 of this financial year, else another counter's, else last year's.

    A full number ("S1/26-27/001042", or with dashes) names itself. Raises OrderError "unknown_bill".
    """
    number = text.strip().upper().lstrip("#")
    found = _short(shop, int(number), counter_code) if _is_short(number) else bill_by_slug(shop, number.replace("/", "-"))
    if found is None:
        raise OrderError("unknown_bill", _("There is no bill {number}.").format(number=number[:20] or "#"), "code")
    return found


def _is_short(number: str) -> bool:
    return number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS


def _short(shop: Shop, number: int, counter_code: str) -> Order | None:
    """Asks by whole numbers, one for each counter and year, so that a million bills make it no slower."""
    today = shop_today()
    years = [financial_year(today), financial_year(today.replace(year=today.year - 1, day=1))]
    codes = sorted(shop.counters.values_list("code", flat=True), key=lambda code: (code != counter_code, code))
    wanted = [f"{code}/{year}/{number:06d}" for year in years for code in codes]
    found = {order.bill_number: order for order in shop.orders.filter(bill_number__in=wanted).select_related("customer", "counter")}
    return next((found[name] for name in wanted if name in found), None)


def bill_scanned(shop: Shop, text: str) -> Order:
    """The bill whose code was scanned. Raises OrderError "unknown_code"."""
    found = bill_of_code(shop, text)
    if found is not None:
        return found
    raise OrderError("unknown_code", _("This code is of no bill of this shop: {code}").format(code=counter.shortened(text[:60])), "code")


def lines_again(order: Order) -> list[BillLine]:
    """What a bill sold, to be sold again: goods, MRP and quantity; rates, discounts and amounts are today's affair."""
    return [BillLine(product_id=line.product_id, quantity=line.quantity, mrp="any") for line in order.lines.all()]


def batch_rows(shop: Shop, product_id: int, mrp: Decimal | None) -> list[counter.Row]:
    """A row for each batch in stock with this MRP, the first-expiring first. Raises OrderError "not_in_list", "one_batch"."""
    product = shop.products.filter(pk=product_id, is_active=True).defer(*counter.NOT_NEEDED).first()
    if product is None:
        raise OrderError("not_in_list", _("This product is no longer in the list. Search again."), "code")
    day = shop_today()
    lots = counter.lots_of(shop, [product.pk]).get(product.pk, [])
    fit = [lot for lot in sellable(lots, mrp=mrp, day=day) if lot.on_hand > 0]
    if len(fit) < 2:
        raise OrderError("one_batch", _("There is only one batch of {name} with this MRP.").format(name=product.name), "code")
    return [
        counter.Row(product, choice(product, [lot], mrp, day), asked=BillLine(product.pk, counter.ONE, mrp, lot_id=lot.pk)) for lot in fit
    ]
