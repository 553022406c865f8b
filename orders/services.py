"""The acts on bills. Each is one transaction; its last write is an OrderEvent, from which the ledger posts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import errors as pg

from catalog.gst import sellable_goods
from catalog.off import NOTHING, Off
from catalog.terms import terms_for
from inventory.errors import StockError
from inventory.locks import lock_lots
from inventory.services import Issue, IssuePlan, issue_goods, plan_issue, return_goods
from orders import locks
from orders.allowance import EVERYTHING, Allowance, check_given
from orders.bill import BillLine, PreparedBill, Tender, bill_series, prepare, printed_copy, settle, supply_class
from orders.errors import OrderError
from orders.khata import bills as khata
from orders.models import CreditNote, Customer, KhataMember, Order, OrderEvent, OrderLine, Payment
from orders.shifts import insist_on_shift
from shops import numbers
from shops.books_days import books_day
from shops.models import Counter, Shop, User
from smartkirana.bulk import insert_row, insert_rows
from smartkirana.db_rules import broken_rule
from smartkirana.money import ZERO, money
from smartkirana.text import clean_name

BUSY = "Another counter is selling the same goods just now. Press pay again."
BY_POLICY, REFUSE = "by policy", "refuse"
LONGEST_NOTE = 500


def place_order(
    *,
    shop: Shop,
    counter: Counter,
    cashier: User,
    lines: Sequence[BillLine],
    payments: Sequence[Tender],
    request_key: UUID,
    shown_total: Decimal | None = None,
    customer: Customer | None = None,
    bill_discount: Decimal | Off = NOTHING,
    price_list_id: int | None = None,
    allowance: Allowance = EVERYTHING,
    channel: str = Order.Channel.COUNTER,
    at: datetime | None = None,
    device_time: str = "",
    member: KhataMember | None = None,
    note: str = "",
    due_days: int | None = None,
    fulfilment: str = Order.Fulfilment.COMPLETED,
    short: str = BY_POLICY,
) -> Order:
    """Sell the lines over the counter: stock goes down, a numbered bill exists, the books are posted.

    lines        quantities in each product's unit (kg, l or pieces, 3 decimals); prices are the shop's own, GST in them
    payments     rupees by method; together exactly the total (one of them may be "all that is left")
    shown_total  rupees the cashier saw; must equal the total computed here
    request_key  one per opened bill; a second call with it answers the first bill
    price_list_id  the shop's price list this bill is on; None or one out of use: everybody's prices
    allowance    what the cashier may give away by hand, approvals counted in
    at           when it was sold (default now), for bills that arrive later
    device_time  the time by the device's own clock (ISO), kept on the bill beside ours
    member       who of the customer's household takes the goods on the khata
    note         the customer's or the shop's own words, kept on the order
    due_days     days in which what goes to the khata is to be paid; None: the customer's own
    fulfilment   "pending" when the goods are still to be packed and handed over
    short        when stock is not enough: BY_POLICY, the shop's, or REFUSE, whatever the policy is

    Runs in its own durable transaction. Locks: lots by id, the customer, then the number series.
    Raises OrderError ("empty", "total_changed", "price_changed", "not_paid", "busy" …), NeedsApproval ("needs_approval",
    "credit_limit"), StockError
    ("not_enough_stock", "expired", "bad_quantity") or PricingError. Afterwards: one bill, one OrderEvent PLACED, one
    journal entry; or nothing at all.
    """
    if known := list(shop.orders.filter(request_key=request_key).values_list("pk", flat=True)):
        return shop.orders.get(pk=known[0])
    at = at or timezone.now()
    sale = Sale(
        shop, counter, cashier, lines, payments, request_key, shown_total, customer, bill_discount, price_list_id, allowance, channel,
        at, device_time, member, note=clean_name(note)[:LONGEST_NOTE], due_days=due_days, fulfilment=fulfilment, short=short,
    )  # fmt: skip
    try:
        with transaction.atomic(durable=True):
            return place_in_act(sale)
    except IntegrityError as error:
        if broken_rule(error) == "orders_order_request_key":
            return shop.orders.get(request_key=request_key)
        if broken_rule(error) == "inventory_stocklot_below_zero":
            raise StockError("not_enough_stock", "The stock was sold just now at another counter. Check the shelf.") from error
        raise
    except OperationalError as error:
        raise busy(error) from error


@dataclass(frozen=True)
class Sale:
    """What `place_order` was asked for."""

    shop: Shop
    counter: Counter
    cashier: User
    lines: Sequence[BillLine]
    payments: Sequence[Tender]
    request_key: UUID
    shown_total: Decimal | None
    customer: Customer | None
    bill_discount: Decimal | Off
    price_list_id: int | None
    allowance: Allowance
    channel: str
    at: datetime
    device_time: str
    member: KhataMember | None
    exchange_of: CreditNote | None = None
    note: str = ""
    due_days: int | None = None
    fulfilment: str = Order.Fulfilment.COMPLETED
    short: str = BY_POLICY

    @property
    def day(self) -> date:
        """The shop's day."""
        return timezone.localtime(self.at).date()


def place_in_act(sale: Sale) -> Order:
    """Sell inside an act's own transaction, where lots and customer may be locked already; `place_order` says the rest."""
    shop, day = sale.shop, sale.day
    if sale.counter.shop_id != shop.pk or not sale.counter.is_active:
        raise OrderError("bad_counter", "This counter is not in use. Choose another one.", "counter")
    insist_on_shift(sale.counter)
    in_books = books_day(shop, day, patience=locks.PATIENCE)
    products = sellable_goods(shop, {line.product_id for line in sale.lines}, day)
    lots = lock_lots(shop, products)
    customer = None if sale.customer is None else _customer_of(shop, sale.customer)
    bill = prepare(
        shop=shop,
        lines=sale.lines,
        products=products,
        lots=lots,
        terms=terms_for(shop, products.values(), sale.price_list_id, day),
        customer=customer,
        bill_discount=sale.bill_discount,
        day=day,
    )
    total = bill.totals.total
    if sale.shown_total is not None and money(sale.shown_total) != total:
        raise OrderError("total_changed", f"The bill comes to ₹{total}, not ₹{sale.shown_total}. Look it over and pay again.", "total")
    own_list = customer.price_list_id if customer else None
    check_given(bill.given, sale.allowance, other_list=sale.price_list_id not in (None, own_list))
    exchanged = sale.exchange_of is not None
    payments = settle(payments=sale.payments, total=total, customer=customer, allowance=sale.allowance, exchanged=exchanged)
    member = khata.member_of(customer, sale.member, khata.on_khata(payments), sale.allowance)
    issues = [Issue(one.line_no, one.product, one.quantity, one.mrp, one.lot_id) for one in bill.lines]
    plan = plan_issue(shop=shop, issues=issues, lots=lots, day=day, refuse=sale.short == REFUSE)
    return _write(sale, _order(sale, customer, bill), bill, payments, plan, member, in_books)


def _write(
    sale: Sale,
    order: Order,
    bill: PreparedBill,
    payments: Sequence[Tender],
    plan: IssuePlan,
    member: KhataMember | None,
    in_books: date,
) -> Order:
    """The bill's rows, in the order that locks want: numbers as late as can be, the event last, with its day of the books."""
    shop, day = sale.shop, sale.day
    order.cost = sum(plan.costs.values(), ZERO)
    order_no, bill_no = numbers.next_numbers(shop, [f"order:{day}", f"bill:{bill_series(sale.counter, day)}"])
    order.number = f"ORD-{day:%Y%m%d}-{order_no:04d}"
    order.bill_number = f"{bill_series(sale.counter, day)}/{bill_no:06d}"
    insert_row(order)
    insert_rows(_lines(order, bill, plan.costs))
    issue_goods(shop=shop, plan=plan, order_id=order.pk, by=sale.cashier, at=sale.at)
    paid = _payments(order, payments, sale.cashier, sale.at)
    insert_rows(paid)
    khata.sold(order, member, khata.on_khata(payments), day=in_books, due_days=sale.due_days)
    event = OrderEvent(shop=shop, order=order, kind=OrderEvent.Kind.PLACED, day=in_books, by=sale.cashier, at=sale.at)
    event.with_payments = paid
    event.save(force_insert=True)
    return order


def _customer_of(shop: Shop, customer: Customer) -> Customer:
    locked = locks.lock_customer(shop, customer.pk)
    if locked is None:
        raise OrderError("bad_customer", "This customer is not in the shop's list. Type the phone number again.", "customer")
    return locked


def _order(sale: Sale, customer: Customer | None, bill: PreparedBill) -> Order:
    totals = bill.totals
    return Order(
        shop=sale.shop,
        counter=sale.counter,
        customer=customer,
        cashier=sale.cashier,
        request_key=sale.request_key,
        channel=sale.channel,
        day=sale.day,
        placed_at=sale.at,
        title=bill.title,
        place_of_supply=bill.place_of_supply,
        inter_state=bill.inter_state,
        subtotal=totals.gross,
        discount=totals.discount,
        taxable=totals.taxable - bill.exempt,
        exempt=bill.exempt,
        cgst=totals.cgst,
        sgst=totals.sgst,
        igst=totals.igst,
        cess=totals.cess,
        after_tax_reduction=totals.after_tax_reduction,
        round_off=totals.round_off,
        total=totals.total,
        saved=bill.saved,
        exchange_of=sale.exchange_of,
        fulfilment=sale.fulfilment,
        note=sale.note,
        printed=printed_copy(shop=sale.shop, counter=sale.counter, cashier=sale.cashier, customer=customer)
        | ({"device_time": sale.device_time} if sale.device_time else {}),
    )


def _lines(order: Order, bill: PreparedBill, costs: dict[int, Decimal]) -> list[OrderLine]:
    return [
        OrderLine(
            shop=order.shop,
            order=order,
            line_no=one.line_no,
            product=one.product,
            name=one.product.name,
            local_name=one.product.local_name,
            batch=one.batch,
            hsn=one.product.hsn,
            unit=one.product.unit,
            uqc=one.product.uqc,
            supply_class=supply_class(one.product),
            quantity=one.quantity,
            mrp=one.mrp,
            unit_price=one.price,
            gross=p.gross,
            list_price=one.list_price if one.rate_changed else None,
            discount=p.discount,
            offer=one.offer,
            offer_discount=one.offer_discount,
            bill_discount=p.bill_discount,
            rate=one.rate if one.taxed else ZERO,
            cess_rate=one.cess_rate if one.taxed else ZERO,
            taxable=p.tax.taxable,
            cgst=p.tax.cgst,
            sgst=p.tax.sgst,
            igst=p.tax.igst,
            cess=p.tax.cess,
            after_tax_reduction=p.after_tax_reduction,
            total=p.total,
            cost=costs[one.line_no],
        )
        for one, p in zip(bill.lines, bill.totals.lines, strict=True)
    ]


def _payments(order: Order, payments: Sequence[Tender], cashier: User, at: datetime) -> list[Payment]:
    """UPI and card money is only claimed until bank or owner has seen it; cash and khata are facts at once."""
    return [
        Payment(
            shop=order.shop,
            order=order,
            counter=order.counter,
            method=t.method,
            amount=t.amount,
            tendered=t.tendered,
            reference=clean_name(t.reference)[:40],
            mark=t.mark,
            state=Payment.State.CLAIMED if t.method in Payment.WAITS else Payment.State.SEEN,
            by=cashier,
            at=at,
        )
        for t in payments
    ]


def cancel_order(*, shop: Shop, bill_number: str, by: User, reason: str, at: datetime | None = None, while_waiting: bool = False) -> Order:
    """Cancel a bill: its number stays, its goods go back to their lots, money and books are reversed.

    Cancelling twice does it once. Runs in its own durable transaction; locks the bill, then its lots.
    A bill of which goods came back is not cancelled, nor one made in exchange: take the rest of its goods back.
    `while_waiting` cancels an order only until its goods are handed over.
    Raises OrderError "no_reason", "unknown_bill", "handed_over", "has_returns", "is_exchange", "busy".
    Afterwards: one OrderEvent CANCELLED, one reversing entry.
    """
    reason = clean_name(reason)[:200]
    if not reason:
        raise OrderError("no_reason", "Write why the bill is cancelled.", "reason")
    at = at or timezone.now()
    try:
        with transaction.atomic(durable=True):
            return _cancel(shop, bill_number, by, reason, at, while_waiting)
    except OperationalError as error:
        raise busy(error) from error


def _cancel(shop: Shop, bill_number: str, by: User, reason: str, at: datetime, while_waiting: bool) -> Order:
    locks.do_not_wait_long()
    day = books_day(shop, timezone.localtime(at).date())
    order = locks.lock_order(shop, bill_number)
    if order is None:
        raise OrderError("unknown_bill", f"There is no bill {bill_number}.")
    if order.is_cancelled:
        return order
    _check_cancel(order, while_waiting)
    return_goods(shop=shop, order_id=order.pk, by=by, at=at)
    paid = list(order.payments.filter(reverses=None))
    Payment.objects.bulk_create(
        Payment(shop=shop, order=order, counter_id=p.counter_id, method=p.method, amount=-p.amount, state=p.state, reverses=p, by=by, at=at)
        for p in paid
    )
    khata.cancelled(order, paid, by=by, at=at, day=day, reason=reason)
    OrderEvent.objects.create(shop=shop, order=order, kind=OrderEvent.Kind.CANCELLED, reason=reason, day=day, by=by, at=at)
    order.refresh_from_db(fields=["status"])
    return order


def _check_cancel(order: Order, while_waiting: bool) -> None:
    if while_waiting and not order.is_waiting:
        words = _("The goods of order {number} are handed over. Take them back instead of cancelling.")
        raise OrderError("handed_over", words.format(number=order.number))
    if (note := order.credit_notes.first()) is not None:
        words = _("Goods of this bill came back: credit note {number}. Take the rest back too instead of cancelling.")
        raise OrderError("has_returns", words.format(number=note.number))
    if order.exchange_of_id is not None:
        words = _("This bill was made in exchange for returned goods. Take its goods back instead of cancelling.")
        raise OrderError("is_exchange", words)


def busy(error: OperationalError) -> Exception:
    if isinstance(error.__cause__, pg.LockNotAvailable | pg.DeadlockDetected):
        return OrderError("busy", BUSY)
    return error
