"""Taking goods back: one credit note of one bill, and with an exchange the new bill too. One transaction, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.off import NOTHING as NO_DISCOUNT
from inventory.customer_returns import Back, plan_back, sold_lots, write_back
from inventory.locks import lock_lots
from inventory.services import checked_quantity
from orders import locks
from orders.allowance import Allowance
from orders.bill import BillLine, Tender, printed_copy
from orders.counter_selectors import bill_total
from orders.credit_models import CreditNote, CreditNoteLine
from orders.errors import OrderError
from orders.khata.entries import Fact, write_entry
from orders.models import Customer, KhataEntry, Order, OrderEvent, OrderLine, Payment
from orders.refunds import Permit, RefundPlan, check_permit, exchange_tenders, owed_for, plan_refund, standing_of
from orders.returned import Worth, last_day_for_gst, lots_of_next, round_off_of, summed, worth_of
from orders.services import Sale, busy, place_in_act
from orders.till_log import record
from orders.till_models import TillEvent
from orders.titles import COMMERCIAL_NOTE, CREDIT_NOTE
from shops import numbers
from shops.models import Counter, Shop, User
from smartkirana.bulk import insert_row, insert_rows
from smartkirana.dates import financial_year
from smartkirana.db_rules import broken_rule
from smartkirana.money import ZERO, money, plain, rupees
from smartkirana.text import clean_name

Where = CreditNoteLine.Where
AMOUNTS = ("taxable", "cgst", "sgst", "igst", "cess", "after_tax_reduction", "total")
COPIED = ("name", "local_name", "batch", "hsn", "unit", "uqc", "supply_class", "mrp", "unit_price", "rate", "cess_rate")


@dataclass(frozen=True)
class BackLine:
    """`quantity` (product's unit) of line `line_no` of the bill comes back; `where` it goes (CreditNoteLine.Where)."""

    line_no: int
    quantity: Decimal
    where: str = Where.SHELF


@dataclass(frozen=True)
class Exchange:
    """New goods taken at the same time; `rest` pays what the returned ones do not (its amount is worked out)."""

    lines: Sequence[BillLine]
    rest: Tender = Tender(Payment.Method.CASH, None)


@dataclass(frozen=True)
class Ask:
    """What `take_back` was asked for."""

    shop: Shop
    counter: Counter
    by: User
    bill_number: str
    lines: Sequence[BackLine]
    how: str
    request_key: UUID
    reason: str
    customer: Customer | None
    exchange: Exchange | None
    khata_first: bool
    reference: str
    shown_balance: Decimal | None
    permit: Permit
    at: datetime
    signed_in: User

    @property
    def day(self) -> date:
        """The shop's day."""
        return timezone.localtime(self.at).date()


def take_back(
    *,
    shop: Shop,
    counter: Counter,
    by: User,
    bill_number: str,
    lines: Sequence[BackLine],
    how: str,
    request_key: UUID,
    reason: str = "",
    customer: Customer | None = None,
    exchange: Exchange | None = None,
    khata_first: bool = True,
    reference: str = "",
    shown_balance: Decimal | None = None,
    permit: Permit = Permit(),
    at: datetime | None = None,
    signed_in: User | None = None,
) -> CreditNote:
    """Take goods of a bill back: a credit note exists, the goods are in their lots, money, khata and books are put right.

    lines          what comes back; never more than was sold less what came back before
    how            "cash" (from this counter's drawer), "upi" (paid by the shop itself, from the bank) or "khata"
    customer       whose khata it goes to, for a bill without a customer
    exchange       new goods, sold in the same act; the returned ones pay for them first
    khata_first    what is still owed for the bill goes down before money is given
    shown_balance  rupees the cashier saw: to be paid by the customer (+) or given (−)
    request_key    one per opened form; a second call with it answers the first note
    at             when it happened (default now)

    Runs in its own durable transaction. Locks: the bill, lots by id, the customer, then the number series.
    Raises OrderError "unknown_bill", "cancelled", "empty", "no_line", "too_many", "bad_where", "bad_method", "no_customer",
    "total_changed", "bad_counter", "busy", NeedsApproval "return_needs_approval", "more_than_paid", "credit_limit"; StockError
    "bad_quantity", and with an exchange all that `place_order` raises. Afterwards: one credit note, one OrderEvent RETURNED, one
    journal entry, and with an exchange one bill; or nothing at all.
    """
    ask = Ask(
        shop, counter, by, bill_number, lines, how, request_key, clean_name(reason)[:200], customer, exchange, khata_first,
        clean_name(reference)[:40], shown_balance, permit, at or timezone.now(), signed_in or by,
    )  # fmt: skip
    known = shop.credit_notes.filter(request_key=request_key)
    if (done := known.first()) is not None:
        return done
    try:
        with transaction.atomic(durable=True):
            return _take_back(ask)
    except IntegrityError as error:
        rule = broken_rule(error)
        if rule in ("orders_creditnote_request_key", "orders_order_request_key") and (done := known.first()) is not None:
            return done
        if rule == "orders_creditnoteline_no_more_than_sold":
            raise OrderError("too_many", _("More would come back than was sold. Look at the bill again.")) from error
        raise
    except OperationalError as error:
        raise busy(error) from error


def _take_back(ask: Ask) -> CreditNote:
    locks.do_not_wait_long()
    order = _checked_bill(ask)
    if (done := ask.shop.credit_notes.filter(request_key=ask.request_key).first()) is not None:
        return done  # the first press held the bill's lock until now
    back = _worth(order, ask)
    new_goods = ask.exchange.lines if ask.exchange else ()
    products = {one.sold.product_id for one in back} | {line.product_id for line in new_goods}
    lots = {lot.pk: lot for ours in lock_lots(ask.shop, products).values() for lot in ours}
    customer = _customer(order, ask)
    note = _note(order, ask, back, customer)
    plan = _plan(note, order, ask, customer)
    stock = plan_back(_backs(order, back), lots)
    note.cost = stock.cost
    series = series_of(ask.counter, ask.day)
    note.number = f"{series}/{numbers.next_numbers(ask.shop, [f'credit:{series}'])[0]:05d}"
    insert_row(note)
    insert_rows([_line(note, n, one, stock.costs[n]) for n, one in enumerate(back, 1)])
    write_back(shop=ask.shop, plan=stock, credit_note_id=note.pk, by=ask.by, at=ask.at)
    owed_before = customer.outstanding if customer else ZERO
    _give_back(note, ask, plan, customer)
    OrderEvent.objects.create(
        shop=ask.shop, order=order, credit_note=note, kind=OrderEvent.Kind.RETURNED, reason=ask.reason, day=ask.day, by=ask.by, at=ask.at
    )
    if ask.exchange:
        _sell(note, ask, plan, customer, owed_before)
    _log(note, ask)
    return note


# --- what comes back ------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class _Coming:
    """Units of a sold line that come back: `before` came back earlier."""

    sold: OrderLine
    before: Decimal
    quantity: Decimal
    where: str
    worth: Worth


def _checked_bill(ask: Ask) -> Order:
    if ask.counter.shop_id != ask.shop.pk or not ask.counter.is_active:
        raise OrderError("bad_counter", _("This counter is not in use. Choose another one."), "counter")
    order = locks.lock_order(ask.shop, ask.bill_number)
    if order is None:
        raise OrderError("unknown_bill", _("There is no bill {number}.").format(number=ask.bill_number))
    if order.is_cancelled:
        raise OrderError("cancelled", _("Bill {number} is cancelled: everything went back already.").format(number=order.bill_number))
    order.shop = ask.shop
    return order


def is_commercial(order: Order, day: date) -> bool:
    """True when the tax of the bill can't be taken back on `day` any more (CGST section 34(2)); only a regular seller charged any."""
    return order.printed["seller"]["scheme"] == Shop.Scheme.REGULAR and day > last_day_for_gst(order.day)


def returned_before(order: Order) -> dict[int, Decimal]:
    """By line (id), how much of it came back."""
    rows = CreditNoteLine.objects.filter(credit_note__order=order).values("order_line_id").annotate(units=Sum("quantity"))
    return dict(rows.values_list("order_line_id", "units"))


def _worth(order: Order, ask: Ask) -> list[_Coming]:
    sold = {line.line_no: line for line in order.lines.select_related("product")}
    before = returned_before(order)
    coming = []
    for one in ask.lines:
        line = sold.get(one.line_no)
        if line is None:
            raise OrderError("no_line", _("Choose lines of this bill."), f"line-{one.line_no}")
        if one.where not in Where.values:
            raise OrderError("bad_where", _("Say where {name} goes: shelf, damaged or supplier.").format(name=line.name), f"line-{one.line_no}")
        count = checked_quantity(line.product, one.quantity, field=f"line-{one.line_no}")
        gone = before.get(line.pk, Decimal(0))
        if gone + count > line.quantity:
            words = _("Only {still} {unit} of {name} can still come back.")
            still = words.format(still=plain(line.quantity - gone), unit=line.unit, name=line.name)
            raise OrderError("too_many", still, f"line-{one.line_no}")
        coming.append(_Coming(line, gone, count, one.where, worth_of(line, gone, count)))
        before[line.pk] = gone + count
    if not coming:
        raise OrderError("empty", _("Choose what comes back, and how many."), "lines")
    return coming


def _backs(order: Order, coming: Iterable[_Coming]) -> list[Back]:
    gave = sold_lots(order.shop, order.pk)
    return [
        Back(n, share.lot_id, share.quantity, share.cost, damaged=one.where == Where.DAMAGED)
        for n, one in enumerate(coming, 1)
        for share in lots_of_next(gave[one.sold.line_no], one.before, one.quantity)
    ]


# --- whose, and how it is given back ----------------------------------------------------------------------------
def _customer(order: Order, ask: Ask) -> Customer | None:
    """The bill's customer, else the one named, locked."""
    pk = order.customer_id or (ask.customer.pk if ask.customer else None)
    if pk is None:
        return None
    locked = locks.lock_khata(ask.shop, pk)
    if locked is None:
        raise OrderError("bad_customer", _("This customer is not in the shop's list. Type the phone number again."), "customer")
    return locked


def _plan(note: CreditNote, order: Order, ask: Ask, customer: Customer | None) -> RefundPlan:
    new_total = ZERO
    if ask.exchange:
        new_total = bill_total(ask.shop, ask.exchange.lines, customer, NO_DISCOUNT, customer.price_list_id if customer else None)
    standing = standing_of(order)
    plan = plan_refund(note.total, standing, how=ask.how, new_total=new_total, khata_first=ask.khata_first)
    if ask.shown_balance is not None and money(ask.shown_balance) != plan.balance:
        words = _("It comes to {now} now, not {shown}. Look it over and press again.")
        raise OrderError("total_changed", words.format(now=rupees(plan.balance), shown=rupees(ask.shown_balance)), "balance")
    if plan.khata and customer is None:
        raise OrderError("no_customer", _("To keep it as credit, type the customer's phone number first."), "customer")
    check_permit(note.total, plan, standing, ask.permit)
    return plan


def _give_back(note: CreditNote, ask: Ask, plan: RefundPlan, customer: Customer | None) -> None:
    for method, amount in plan.refunds:
        payment = Payment.objects.create(
            shop=ask.shop,
            order=note.order,
            credit_note=note,
            counter=ask.counter,
            method=method,
            amount=-amount,
            reference=ask.reference if method == Payment.Method.UPI else "",
            state=Payment.State.SEEN,
            by=ask.by,
            at=ask.at,
        )
        if method == Payment.Method.KHATA and customer:
            against = owed_for(note.order) if note.order.customer_id else ()
            words = _("Credit note {number}").format(number=note.number)
            fact = Fact(KhataEntry.Kind.RETURNED, -amount, ask.by, ask.at, order=note.order, payment=payment, note=words, against=against)
            write_entry(customer, fact)


# --- the papers -------------------------------------------------------------------------------------------------
def series_of(counter: Counter, day: date) -> str:
    """The series a note's number comes from, one a counter and financial year: CNS1/2627."""
    return f"CN{counter.code}/{financial_year(day).replace('-', '')}"


def _note(order: Order, ask: Ask, coming: Sequence[_Coming], customer: Customer | None) -> CreditNote:
    commercial = is_commercial(order, ask.day)
    worths = [(one, one.worth.without_gst() if commercial else one.worth) for one in coming]
    total = summed([worth for _one, worth in worths])
    exempt = sum((worth.taxable for one, worth in worths if one.sold.supply_class != "taxable"), ZERO)
    before = order.credit_notes.aggregate(goods=Sum("subtotal", default=ZERO) - Sum("discount", default=ZERO))["goods"]
    round_off = round_off_of(order.round_off, order.subtotal - order.discount, before, total.total)
    return CreditNote(
        shop=ask.shop,
        order=order,
        counter=ask.counter,
        customer=customer,
        by=ask.by,
        request_key=ask.request_key,
        day=ask.day,
        at=ask.at,
        title=COMMERCIAL_NOTE if commercial else CREDIT_NOTE,
        commercial=commercial,
        reason=ask.reason,
        place_of_supply=order.place_of_supply,
        inter_state=order.inter_state,
        subtotal=total.gross,
        discount=total.discount + total.bill_discount,
        taxable=total.taxable - exempt,
        exempt=exempt,
        cgst=total.cgst,
        sgst=total.sgst,
        igst=total.igst,
        cess=total.cess,
        after_tax_reduction=total.after_tax_reduction,
        round_off=round_off,
        total=total.total + round_off,
        printed=_printed(order, ask, customer),
    )


def _printed(order: Order, ask: Ask, customer: Customer | None) -> dict:
    """Seller and counter as they are, the buyer as the bill named them, and the bill."""
    copy = printed_copy(shop=ask.shop, counter=ask.counter, cashier=ask.by, customer=customer)
    bill = {"number": order.bill_number, "day": order.day.isoformat(), "title": order.title}
    return copy | {"buyer": order.printed.get("buyer") or copy["buyer"], "bill": bill}


def _line(note: CreditNote, n: int, one: _Coming, cost: Decimal) -> CreditNoteLine:
    worth = one.worth.without_gst() if note.commercial else one.worth
    return CreditNoteLine(
        shop=note.shop,
        credit_note=note,
        order_line=one.sold,
        line_no=n,
        where=one.where,
        quantity=one.quantity,
        gross=worth.gross,
        discount=worth.discount,
        bill_discount=worth.bill_discount,
        cost=cost,
        **{name: getattr(worth, name) for name in AMOUNTS},
        **{name: getattr(one.sold, name) for name in COPIED},
    )


# --- the new goods ------------------------------------------------------------------------------------------------
def _sell(note: CreditNote, ask: Ask, plan: RefundPlan, customer: Customer | None, owed_before: Decimal) -> None:
    """The bill made in exchange, under the same key. A khata that was over its limit may stay where it was."""
    assert ask.exchange is not None  # noqa: S101 - the caller looked
    place_in_act(
        Sale(
            shop=ask.shop,
            counter=ask.counter,
            cashier=ask.by,
            lines=ask.exchange.lines,
            payments=exchange_tenders(plan, ask.exchange.rest),
            request_key=ask.request_key,
            shown_total=plan.credit + plan.khata_again + plan.due,
            customer=customer,
            bill_discount=NO_DISCOUNT,
            price_list_id=customer.price_list_id if customer else None,
            allowance=Allowance(khata=max(ask.permit.khata, owed_before)),
            channel=Order.Channel.COUNTER,
            at=ask.at,
            device_time="",
            member=None,
            exchange_of=note,
        )
    )


def _log(note: CreditNote, ask: Ask) -> None:
    record(
        shop=ask.shop,
        kind=TillEvent.Kind.TOOK_BACK,
        by=ask.by,
        signed_in=ask.signed_in,
        counter=ask.counter,
        request_key=ask.request_key,
        amount=note.total,
        reason=ask.reason,
        details={"note": note.number, "bill": note.order.bill_number},
    )
