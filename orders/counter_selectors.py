"""What the counter reads. A line depends on the shop, the code and the price list only, never on the bill it will stand on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from catalog.barcodes import BarcodeError, parse_barcode
from catalog.gst import with_rates
from catalog.labels.reading import LabelError, as_ean13, is_in_store, read_label
from catalog.labels.selectors import formats_of, product_of
from catalog.models import Product
from catalog.off import Off
from catalog.selectors import search
from catalog.terms import Terms, terms_for
from inventory.models import StockLot
from orders.bill import BillLine, list_price, prepare, smallest
from orders.choices import Choice, choice, choices
from orders.counter_labels import labelled, unknown_item
from orders.errors import OrderError, UnknownCode
from orders.models import Customer, KhataMember, Order
from shops.models import Counter, Shop
from smartkirana.dates import shop_today
from smartkirana.money import plain
from smartkirana.text import clean_name

MOST_PLU_DIGITS = 5
MOST_FOUND = 10
NOT_NEEDED = ("search_text", "search_vector")
ONE = Decimal(1)
NO_TERMS = Terms()
# More than this in one line is more often a slip of the finger than a sale; the page asks once.
CEILINGS = {"g": Decimal(50_000), "ml": Decimal(50_000)}
CEILING_PIECES, CEILING_WEIGHT = Decimal(99), Decimal(50)


@dataclass(frozen=True)
class Row:
    """One way to sell a product, ready to be a line: `quantity` in its unit, None while it is still to be weighed.

    pack          what one scan of `code` stands for: 1, a carton's pieces, a label's weight
    asked         the posted line it shows again
    terms         slabs and offers of the day
    amount_given  rupees, where a label sells it by amount: the line's total is this, not price × quantity
    expired       since when a batch that is in stock is past its date, where a good batch is there too
    """

    product: Product
    choice: Choice
    quantity: Decimal | None = ONE
    pack: Decimal = ONE
    code: str = ""
    asked: BillLine | None = None
    terms: Terms = NO_TERMS
    amount_given: Decimal | None = None
    expired: date | None = None

    @property
    def ceiling(self) -> Decimal:
        return CEILINGS.get(self.product.unit, CEILING_WEIGHT if self.product.decimals else CEILING_PIECES)

    @property
    def quantity_text(self) -> str:
        return plain(self.quantity)

    @property
    def pack_text(self) -> str:
        return plain(self.pack)

    @property
    def list_price(self) -> Decimal:
        """Rupees a unit for the quantity the row begins with."""
        by_amount = self.amount_given is not None or self.quantity is None
        return list_price(self.choice, self.terms, smallest(self.product) if by_amount else self.quantity)

    @property
    def slabs_json(self) -> str:
        slabs = self.terms.slabs_data(mrp=self.choice.mrp, own=self.choice.own)
        return json.dumps(slabs) if slabs else ""

    @property
    def offers_json(self) -> str:
        return json.dumps(self.terms.offers_data) if self.terms.offers else ""

    @property
    def cost_text(self) -> str:
        return plain(self.product.cost)

    @property
    def rate_text(self) -> str:
        return plain(self.asked.rate) if self.asked and self.asked.rate is not None else ""

    @property
    def off_text(self) -> str:
        return self.asked.discount.text if self.asked and isinstance(self.asked.discount, Off) else ""

    @property
    def lot_id(self) -> int | None:
        return self.asked.lot_id if self.asked else None

    @property
    def awaited(self) -> bool:
        return self.quantity is None

    @property
    def amount(self) -> Decimal:
        return self.list_price * (self.quantity or 0) if self.amount_given is None else self.amount_given

    @property
    def amount_text(self) -> str:
        return "" if self.amount_given is None else f"{self.amount_given:.2f}"


def counters_in_use(shop: Shop) -> list[Counter]:
    return list(shop.counters.filter(is_active=True))


def look_up(shop: Shop, text: str, price_list_id: int | None = None) -> list[Row]:
    """What a scanned or typed code may be sold as: one row for each MRP in stock, the first-expiring first.

    text  1 to 5 digits are a PLU; anything else is a barcode, its check digit proven, or a label of the shop's own scales.
    Raises OrderError "misread", "not_in_list", "not_on_sale", "expired", and for labels as orders.counter_labels.
    """
    code = clean_name(text)
    if not code:
        raise OrderError("empty_code", _("Scan something, or type a code or a name."), "code")
    if code.isascii() and code.isdigit() and len(code) <= MOST_PLU_DIGITS:
        product = shop.products.filter(plu=int(code)).defer(*NOT_NEEDED).first()
        if product is not None:
            return rows_of(shop, product, price_list_id, code=code)
    try:
        codes = shop.barcodes.select_related("product").defer(*(f"product__{name}" for name in NOT_NEEDED))
        found = codes.filter(code=parse_barcode(code)).first()
    except BarcodeError as error:
        if error.code == "barcode_misread":
            raise OrderError("misread", _("Misread code. Scan again."), "code") from None
        raise _not_in_list(code, "") from None
    if found is not None:
        return rows_of(shop, found.product, price_list_id, code=found.code, pack=found.pack_quantity)
    if rows := _look_up_label(shop, code, price_list_id):
        return rows
    raise _not_in_list(code, code)


def _not_in_list(code: str, unknown: str) -> UnknownCode:
    return UnknownCode("not_in_list", _("Not in list: {code}").format(code=shortened(code)), unknown)


def _look_up_label(shop: Shop, code: str, price_list_id: int | None) -> list[Row]:
    """The rows of a label of the shop's own scales; none when no format takes the code. The list's own barcodes went before."""
    try:
        label = read_label(formats_of(shop), code) if is_in_store(as_ean13(code)) else None
    except LabelError as error:
        raise OrderError(error.code, error.message, "code") from None
    if label is None:
        return []
    product = product_of(shop, label)
    if product is None:
        raise unknown_item(label)
    return labelled(rows_of(shop, product, price_list_id), label)


def look_up_product(shop: Shop, product_id: int, price_list_id: int | None = None) -> list[Row]:
    """The same for a product picked by name. Raises OrderError as look_up()."""
    product = shop.products.filter(pk=product_id).defer(*NOT_NEEDED).first()
    if product is None:
        raise OrderError("not_in_list", _("This product is no longer in the list. Search again."), "code")
    return rows_of(shop, product, price_list_id)


def rows_of(shop: Shop, product: Product, price_list_id: int | None = None, *, code: str = "", pack: Decimal = ONE) -> list[Row]:
    """A row for each MRP of the product in stock today. Raises OrderError "not_on_sale", "expired"."""
    if not product.is_active:
        raise OrderError("not_on_sale", _("{name} is not on sale any more.").format(name=product.name), "code")
    day = shop_today()
    lots = lots_of(shop, [product.pk]).get(product.pk, [])
    expired = _expired(product, lots, day)
    # A loose item is weighed at the counter; a carton or a packet of it has a code that says how much.
    quantity = None if product.loose and pack == 1 else pack
    terms = terms_for(shop, [product], price_list_id, day)[product.pk]
    return [Row(product, one, quantity, pack, code, terms=terms, expired=expired) for one in choices(product, lots, day)]


def _expired(product: Product, lots: Sequence[StockLot], day: date) -> date | None:
    """The last date of goods in stock that are past it, None when there are none. Raises OrderError "expired" when all are."""
    in_stock = [lot for lot in lots if lot.on_hand > 0]
    gone = [lot.expiry for lot in in_stock if lot.expiry is not None and lot.expiry < day]
    if gone and len(gone) == len(in_stock):
        sentence = _("{name} expired {day}. Put aside.")
        raise OrderError("expired", sentence.format(name=product.name, day=date_format(max(gone), "j M")), "code")
    return max(gone, default=None)


def lots_of(shop: Shop, product_ids: Iterable[int]) -> dict[int, list[StockLot]]:
    """Lots by product in selling order (as inventory.locks.lock_lots gives them), without locking."""
    lots: dict[int, list[StockLot]] = {}
    for lot in shop.lots.filter(product_id__in=list(product_ids)):
        lots.setdefault(lot.product_id, []).append(lot)
    for ours in lots.values():
        ours.sort(key=lambda lot: (lot.expiry or date.max, lot.pk))
    return lots


def shortened(code: str) -> str:
    """A code people can compare with the packet at a glance: "8901…890"."""
    return code if len(code) <= 10 else f"{code[:4]}…{code[-3:]}"


def products_named(shop: Shop, text: str) -> list[Product]:
    """The few products that fit what was typed, best first; nothing for less than two letters."""
    asked = clean_name(text)
    if len(asked) < 2:
        return []
    return list(search(shop.products.filter(is_active=True), asked, shop=shop).defer(*NOT_NEEDED)[:MOST_FOUND])


def member_with_id(customer: Customer | None, member_id: int | None) -> KhataMember | None:
    """Who of the customer's household takes the goods. Raises OrderError "bad_member" for one the household does not know."""
    if customer is None or member_id is None:
        return None
    member = customer.members.filter(pk=member_id).first()
    if member is None:
        raise OrderError("bad_member", _("This person does not take goods on this khata any more. Choose again."), "member")
    return member


def customer_with_id(shop: Shop, customer_id: int | None) -> Customer | None:
    """The customer a bill names. Raises OrderError "bad_customer" for one the shop does not know."""
    if customer_id is None:
        return None
    customer = shop.customers.filter(pk=customer_id, is_active=True).first()
    if customer is None:
        raise OrderError("bad_customer", "This customer is not in the shop's list. Type the phone number again.", "customer")
    return customer


def counter_with_id(shop: Shop, counter_id: int) -> Counter:
    """The counter a bill is made at. Raises OrderError "bad_counter"."""
    counter = shop.counters.filter(pk=counter_id, is_active=True).first()
    if counter is None:
        raise OrderError("bad_counter", "This counter is not in use. Load the page again and choose one.", "counter")
    return counter


def bill_with_key(shop: Shop, request_key) -> Order | None:
    return shop.orders.filter(request_key=request_key).first()


def rows_for_lines(shop: Shop, lines: Sequence[BillLine], price_list_id: int | None = None) -> list[Row]:
    """Rows that show posted lines again, for a browser without JavaScript; goods that are gone are left out."""
    ids = {line.product_id for line in lines}
    products = shop.products.filter(is_active=True).in_bulk(ids)
    lots, day = lots_of(shop, ids), shop_today()
    terms = terms_for(shop, products.values(), price_list_id, day)
    rows = []
    for line in lines:
        if product := products.get(line.product_id):
            ours = lots.get(product.pk, [])
            chosen = choices(product, ours, day)[0] if line.mrp == "any" else choice(product, ours, line.mrp, day, line.lot_id)
            rows.append(Row(product, chosen, line.quantity, asked=line, terms=terms[product.pk], amount_given=line.amount))
    return rows


def bill_total(
    shop: Shop, lines: Sequence[BillLine], customer: Customer | None, discount: Off, price_list_id: int | None = None
) -> Decimal:
    """What the lines come to in rupees now, by the bill's own rules. Raises as orders.bill.prepare()."""
    day = shop_today()
    ids = {line.product_id for line in lines}
    products = {p.pk: p for p in with_rates(shop.products.filter(pk__in=ids, is_active=True), day)}
    bill = prepare(
        shop=shop,
        lines=lines,
        products=products,
        lots=lots_of(shop, ids),
        terms=terms_for(shop, products.values(), price_list_id, day),
        customer=customer,
        bill_discount=discount,
        day=day,
    )
    return bill.totals.total
