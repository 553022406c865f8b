"""Goods coming in on a supplier's bill: lots at their true cost, the supplier's account, new prices; one event, one journal entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError

from catalog.gst import with_rates
from catalog.models import GstGoods, Product
from catalog.off import NOTHING, Off
from inventory.allocation import moves_in
from inventory.errors import StockError
from inventory.locks import lock_lots
from inventory.models import GoodsReceipt, PurchaseOrder, ReceiptLine, StockDocument, StockEvent, StockLot, StockMovement, Supplier
from inventory.new_prices import Arrival, check_new_prices, follow_goods
from inventory.papers import enter_paper, write_movements
from inventory.purchase_sums import BillHead, BoughtLine, CostedLine, PurchaseTotals, add_up
from inventory.services import LARGEST_PRICE, LARGEST_VALUE, checked_quantity
from inventory.suppliers import add_entry, due_day, lock_account, settle_oldest
from shops.gstin import SUCCESSOR_STATES
from shops.models import Shop, User
from smartkirana.bulk import insert_rows
from smartkirana.dates import FIRST_DAY, financial_year, shop_today
from smartkirana.db_rules import broken_rule
from smartkirana.money import ZERO, money, quantity, rupees, unit_cost
from smartkirana.text import clean_name

MOST_LINES = 500
LARGEST_CREDIT_RATE = Decimal("999.999999")
ONE = Decimal(1)
Reason = StockMovement.Reason


@dataclass(frozen=True)
class PaperBill:
    """The head of a supplier's bill as it stands on the paper; rupees. What the fields mean: `purchase_sums.BillHead`.

    inter_state  None: by the states of supplier and shop
    paper_total  what the paper asks for; the round-off makes our total equal it. None: our total as it comes
    """

    supplier: Supplier
    number: str
    date: date
    inter_state: bool | None = None
    reverse_charge: bool = False
    inclusive: bool = False
    discount: Off = NOTHING
    charges: Decimal = ZERO
    other_charges: Decimal = ZERO
    cash_discount: Decimal = ZERO
    paper_total: Decimal | None = None


@dataclass(frozen=True)
class ReceivedLine:
    """A line of the bill: `packs` of `pack_size` pieces charged at `price` rupees a pack, and `free` pieces for nothing.

    gst_rate, cess_rate  percent on the paper; None: the rate of the goods on the bill's date
    blocked              no input credit may be taken (CGST section 17(5))
    sell_at              the new selling price of a piece, rupees; None: as it is
    """

    product: Product
    packs: Decimal
    price: Decimal
    pack_size: Decimal = ONE
    free: Decimal = ZERO
    discount: Off = NOTHING
    gst_rate: Decimal | None = None
    cess_rate: Decimal | None = None
    blocked: bool = False
    batch: str = ""
    mrp: Decimal | None = None
    expiry: date | None = None
    sell_at: Decimal | None = None


@dataclass(frozen=True)
class CostedBill:
    """A bill checked and worked out, not yet written: what the screen shows before anything is saved."""

    paper: PaperBill
    lines: Sequence[ReceivedLine]
    pieces: Sequence[Decimal]
    head: BillHead
    totals: PurchaseTotals


def work_out(shop: Shop, paper: PaperBill, lines: Sequence[ReceivedLine], *, priced: bool = True) -> CostedBill:
    """Check a supplier's bill and cost its goods, without writing anything.

    priced  False leaves MRP and selling prices unchecked: so the screen can show the cost that asks for a new price

    Raises StockError: "unknown_supplier", "bad_bill_number", "bad_bill_date", "no_lines", "too_many", "unknown_product", "bad_quantity",
    "bad_price", "bad_rate", "bad_mrp", "above_mrp", "bad_batch", "expired", "bad_discount", "bad_charges", "total_differs", "too_much",
    "cost_above_price"; its field names the line, from 0: "lines-2-packs".
    """
    paper = _checked_head(shop, paper)
    if not lines:
        raise StockError("no_lines", "Enter at least one line of the bill.")
    if len(lines) > MOST_LINES:
        raise StockError("too_many", f"At most {MOST_LINES} lines in one bill. Enter the rest as a second one.")
    lines = [_with_rates(one, goods, paper) for one, goods in zip(lines, _goods_of(shop, paper, lines), strict=True)]
    pieces = [_pieces(one, n) for n, one in enumerate(lines)]
    head = head_of(shop, paper)
    bought = [_bought(shop, head, one, count) for one, count in zip(lines, pieces, strict=True)]
    totals = add_up(bought, head, paper.paper_total)
    for n, (one, costed) in enumerate(zip(lines, totals.lines, strict=True)):
        if priced:
            check_prices(one, costed, n)
    if totals.total > LARGEST_VALUE:
        raise StockError("too_much", "This bill comes to more than ₹ 99,99,99,999. Check the quantities and prices.")
    return CostedBill(paper, lines, pieces, head, totals)


def receive_goods(
    *,
    shop: Shop,
    by: User,
    paper: PaperBill,
    lines: Sequence[ReceivedLine],
    day: date | None = None,
    at: datetime | None = None,
    note: str = "",
    order: PurchaseOrder | None = None,
    request_key: UUID | None = None,
) -> GoodsReceipt:
    """Take goods in on a supplier's bill: a lot for each line at its cost, what was sold before it came filled first.

    order        the order that these goods come on: the database counts them on its lines, whatever came beyond them too
    request_key  one per opened form: a second call with it answers the first receipt
    Raises StockError as `work_out` does, and "bill_there" for a bill number that this supplier's year has already, "bad_day",
    "other_supplier" and "order_ended" for an order of somebody else, or one that waits for no goods.
    """
    bill = work_out(shop, paper, lines)
    if order is not None and (order.shop_id, order.supplier_id) != (shop.pk, paper.supplier.pk):
        raise StockError("other_supplier", f"Order {order.number} is not with {paper.supplier.name}. Choose its supplier.", "supplier")
    document = StockDocument(
        shop=shop, kind=StockDocument.Kind.RECEIPT, reason=StockDocument.Reason.RECEIPT, by=by, request_key=request_key,
        note=clean_name(note)[:200], day=day or shop_today(),
    )  # fmt: skip
    if document.day < bill.paper.date:
        raise StockError("bad_day", "The goods cannot come before their bill was written. Check both dates.", "day")

    def write(document: StockDocument) -> None:
        _write_receipt(document, bill, at, order)

    try:
        return enter_paper(document, StockEvent.Kind.RECEIVED, write).receipt
    except IntegrityError as error:
        if broken_rule(error) == "inventory_goodsreceipt_bill_once":
            sentence = f"Bill {bill.paper.number} of {bill.paper.supplier.name} is entered already. Look it up under the supplier."
            raise StockError("bill_there", sentence, "number") from None
        if order is not None and broken_rule(error) == "inventory_goodsreceipt_order_expects_goods":
            sentence = f"Order {order.number} waits for no goods: it is a draft, closed or cancelled. Send it first, or leave it out here."
            raise StockError("order_ended", sentence) from None
        raise


def head_of(shop: Shop, paper: PaperBill) -> BillHead:
    """What the paper means for the sums: which tax, and whether any is charged."""
    ours, theirs = (SUCCESSOR_STATES.get(code, code) for code in (shop.state_code, paper.supplier.state_code))
    return BillHead(
        inter_state=ours != theirs if paper.inter_state is None else paper.inter_state,
        taxed=paper.supplier.charges_gst and not paper.reverse_charge,
        reverse_charge=paper.reverse_charge,
        inclusive=paper.inclusive,
        discount=paper.discount,
        charges=paper.charges,
        other_charges=paper.other_charges,
        cash_discount=paper.cash_discount,
    )


# --- checking -------------------------------------------------------------------------------------------------
def _checked_head(shop: Shop, paper: PaperBill) -> PaperBill:
    if paper.supplier.shop_id != shop.pk:
        raise StockError("unknown_supplier", "Choose a supplier of this shop.", "supplier")
    number = clean_name(paper.number)
    if not 0 < len(number) <= 32:
        raise StockError("bad_bill_number", "Write the number of the supplier's bill, at most 32 characters.", "number")
    if not FIRST_DAY <= paper.date <= shop_today():
        raise StockError("bad_bill_date", "Write the date of the supplier's bill, up to today.", "date")
    for field in ("charges", "other_charges", "cash_discount", "paper_total"):
        amount = getattr(paper, field)
        if amount is not None and (not amount.is_finite() or not 0 <= amount <= LARGEST_VALUE or amount != money(amount)):
            raise StockError("bad_charges", "Write rupees and paise, not below zero.", field)
    return replace(paper, number=number)


def _goods_of(shop: Shop, paper: PaperBill, lines: Sequence[ReceivedLine]) -> list[Product]:
    """The lines' products with the rates of the bill's date."""
    known = with_rates(shop.products.filter(pk__in={one.product.pk for one in lines}), paper.date).in_bulk()
    for n, one in enumerate(lines):
        if one.product.pk not in known:
            raise StockError("unknown_product", "Choose a product of this shop.", f"lines-{n}-product")
    return [known[one.product.pk] for one in lines]


def _with_rates(one: ReceivedLine, goods: Product, paper: PaperBill) -> ReceivedLine:
    rate = goods.gst_rate if one.gst_rate is None else one.gst_rate
    cess = goods.cess_rate if one.cess_rate is None else one.cess_rate
    return replace(one, product=goods, gst_rate=rate or ZERO, cess_rate=ZERO if paper.reverse_charge else cess or ZERO)


def _pieces(one: ReceivedLine, n: int) -> Decimal:
    """How many pieces came with a line, those for nothing too."""
    _check_figures(one, n)
    if len(clean_name(one.batch)) > 40:
        raise StockError("bad_batch", "A batch number has at most 40 characters.", f"lines-{n}-batch")
    if one.expiry is not None and one.expiry < shop_today():
        raise StockError("expired", f"{one.product.name} is past its date already. Give it back to the supplier.", f"lines-{n}-expiry")
    return checked_quantity(one.product, one.packs * one.pack_size + one.free, field=f"lines-{n}-packs")


def _check_figures(one: ReceivedLine, n: int) -> None:
    for field, figure, places in (("packs", one.packs, 3), ("pack_size", one.pack_size, 3), ("free", one.free, 3), ("price", one.price, 4)):
        if figure is None or not figure.is_finite() or not 0 <= figure <= LARGEST_PRICE or figure != round(figure, places):
            code = "bad_price" if field == "price" else "bad_quantity"
            raise StockError(code, f"Check this figure of {one.product.name}.", f"lines-{n}-{field}")
    for field, percent in (("gst_rate", one.gst_rate), ("cess_rate", one.cess_rate)):
        if percent is None or not percent.is_finite() or not 0 <= percent <= 400 or percent != round(percent, 2):
            raise StockError("bad_rate", "Write the rate of tax in percent, as on the bill.", f"lines-{n}-{field}")


def _bought(shop: Shop, head: BillHead, one: ReceivedLine, pieces: Decimal) -> BoughtLine:
    """A regular shop takes credit for taxable goods on which tax is charged or owed; nobody else does (CGST sections 16, 10(4), 17)."""
    rate, cess = one.gst_rate or ZERO, one.cess_rate or ZERO
    credit = shop.charges_gst and (head.taxed or head.reverse_charge) and not one.blocked and rate > 0
    return BoughtLine(one.packs, one.price, pieces, one.discount, rate, cess, credit)


def check_prices(one: ReceivedLine, costed: CostedLine, n: int) -> None:
    """MRP ≥ selling price ≥ cost, so that a slip of the finger shows before the goods stand on the shelf. Raises as `work_out`."""
    check_new_prices(mrp=one.mrp, sell_at=one.sell_at, place=f"lines-{n}")
    sells_at = one.sell_at or one.product.price
    if costed.piece > min(sells_at, one.mrp or sells_at):
        sentence = (
            f"A {one.product.get_unit_display()} of {one.product.name} would cost {rupees(costed.piece)}, more than the "
            f"{rupees(min(sells_at, one.mrp or sells_at))} it sells for. Check price and pack, or give a new selling price."
        )
        raise StockError("cost_above_price", sentence, f"lines-{n}-price")


# --- writing --------------------------------------------------------------------------------------------------
def _write_receipt(document: StockDocument, bill: CostedBill, at: datetime | None, order: PurchaseOrder | None) -> None:
    shop, supplier = document.shop, bill.paper.supplier
    lots = lock_lots(shop, {one.product.pk for one in bill.lines})
    lock_account(supplier)
    new = StockLot.objects.bulk_create(
        _new_lot(shop, one, costed, bill.head) for one, costed in zip(bill.lines, bill.totals.lines, strict=True)
    )
    moves = []
    for n, (one, costed, count, lot) in enumerate(zip(bill.lines, bill.totals.lines, bill.pieces, new, strict=True), 1):
        moves += [(*moved, n) for moved in moves_in(lots.get(one.product.pk, []), lot, count, costed.cost)]
    write_movements(moves, reason=Reason.PURCHASE, document=document, at=at)
    receipt = _receipt(document, bill)
    receipt.order = order
    receipt.save(force_insert=True)
    insert_rows([_receipt_line(receipt, n, bill, lot) for n, lot in enumerate(new)])
    came = [Arrival(one.product, costed.piece, one.mrp, one.sell_at) for one, costed in zip(bill.lines, bill.totals.lines, strict=True)]
    follow_goods(shop=document.shop, by=document.by, came=came)
    add_entry(document, supplier, receipt.total, series="GR", due=due_day(supplier, bill.paper.date))
    settle_oldest(document, supplier)


def _new_lot(shop: Shop, one: ReceivedLine, costed: CostedLine, head: BillHead) -> StockLot:
    taken = costed.tax.tax - costed.tax.cess if costed.credit else ZERO
    rate = round(taken * 100 / costed.cost, 6) if costed.cost else ZERO
    return StockLot(
        shop=shop,
        product=one.product,
        batch=clean_name(one.batch),
        mrp=one.mrp if one.mrp is not None else one.product.mrp,
        expiry=one.expiry,
        unit_cost=costed.piece,
        credit_rate=min(rate, LARGEST_CREDIT_RATE),
        credit_igst=bool(taken) and head.inter_state,
    )


def _receipt(document: StockDocument, bill: CostedBill) -> GoodsReceipt:
    sums = ("gross", "discount", "charges", "taxable", "cgst", "sgst", "igst", "cess", "other_charges", "cash_discount", "round_off")
    return GoodsReceipt(
        shop=document.shop,
        document=document,
        supplier=bill.paper.supplier,
        bill_number=bill.paper.number,
        bill_date=bill.paper.date,
        year=financial_year(bill.paper.date),
        supplier_gstin=bill.paper.supplier.gstin,
        inter_state=bill.head.inter_state,
        reverse_charge=bill.head.reverse_charge,
        inclusive=bill.head.inclusive,
        total=bill.totals.total,
        cost=bill.totals.cost,
        **{name: getattr(bill.totals, name) for name in sums},
    )


def _receipt_line(receipt: GoodsReceipt, n: int, bill: CostedBill, lot: StockLot) -> ReceiptLine:
    one, costed, goods = bill.lines[n], bill.totals.lines[n], bill.lines[n].product
    taxed = bill.head.taxed or bill.head.reverse_charge
    shared = ("gross", "discount", "bill_discount", "charge", "other_charge", "cash_discount", "cost", "credit")
    taxes = ("taxable", "cgst", "sgst", "igst", "cess")
    return ReceiptLine(
        shop=receipt.shop,
        receipt=receipt,
        line_no=n + 1,
        product=goods,
        lot=lot,
        name=goods.name,
        hsn=goods.hsn,
        supply_class=GstGoods.SupplyClass(goods.gst_goods.supply_class),
        packs=quantity(one.packs),
        pack_size=quantity(one.pack_size),
        free=quantity(one.free),
        quantity=bill.pieces[n],
        price=unit_cost(one.price),
        gst_rate=one.gst_rate if taxed else ZERO,
        cess_rate=one.cess_rate if taxed else ZERO,
        unit_cost=costed.piece,
        batch=lot.batch,
        mrp=lot.mrp,
        expiry=lot.expiry,
        **{name: getattr(costed, name) for name in shared},
        **{name: getattr(costed.tax, name) for name in taxes},
    )
