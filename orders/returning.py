"""Taking goods back: one credit note of one bill, and with an exchange the new bill too. One transaction, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.off import NOTHING as NO_DISCOUNT
from inventory.customer_returns import Back, plan_back, sold_lots, write_back
from inventory.locks import lock_lots
from orders import locks
from orders.credit_models import CreditNote, CreditNoteLine
from orders.errors import OrderError
from orders.khata.entries import Fact, write_entry
from orders.models import Customer, KhataEntry, Order, OrderEvent, Payment
from orders.refunds import ALONE, Permit, RefundPlan, check_permit, exchange_tenders, owed_for
from orders.return_plan import Ask, BackLine, Coming, Exchange, Where, coming_back, draft_note, plan_of
from orders.returned import lots_of_next
from orders.services import Sale, busy, place_in_act
from orders.till_log import record
from orders.till_models import TillEvent
from shops import numbers
from shops.books_days import books_day
from shops.models import Counter, Shop, User
from smartkirana.bulk import insert_row, insert_rows
from smartkirana.dates import financial_year
from smartkirana.db_rules import broken_rule
from smartkirana.money import ZERO, money, rupees
from smartkirana.text import clean_name

AMOUNTS = ("taxable", "cgst", "sgst", "igst", "cess", "after_tax_reduction", "total")
COPIED = ("name", "local_name", "batch", "hsn", "unit", "uqc", "supply_class", "mrp", "unit_price", "rate", "cess_rate")


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
    permit: Permit = ALONE,
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
    in_books = books_day(ask.shop, ask.day)
    order = _checked_bill(ask)
    if (done := ask.shop.credit_notes.filter(request_key=ask.request_key).first()) is not None:
        return done  # the first press held the bill's lock until now
    back = coming_back(order, ask.lines)
    new_goods = ask.exchange.lines if ask.exchange else ()
    products = {one.sold.product_id for one in back} | {line.product_id for line in new_goods}
    lots = {lot.pk: lot for ours in lock_lots(ask.shop, products).values() for lot in ours}
    customer = _customer(order, ask)
    note = draft_note(order, ask, back, customer)
    plan = _checked_plan(note, order, ask, customer)
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
        shop=ask.shop, order=order, credit_note=note, kind=OrderEvent.Kind.RETURNED, reason=ask.reason, day=in_books, by=ask.by, at=ask.at
    )
    if ask.exchange:
        _sell(note, ask, plan, customer, owed_before)
    _log(note, ask)
    return note


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


def _customer(order: Order, ask: Ask) -> Customer | None:
    """The bill's customer, else the one named, locked."""
    pk = order.customer_id or (ask.customer.pk if ask.customer else None)
    if pk is None:
        return None
    locked = locks.lock_khata(ask.shop, pk)
    if locked is None:
        raise OrderError("bad_customer", _("This customer is not in the shop's list. Type the phone number again."), "customer")
    return locked


def _checked_plan(note: CreditNote, order: Order, ask: Ask, customer: Customer | None) -> RefundPlan:
    plan, standing = plan_of(note, order, ask, customer)
    if ask.shown_balance is not None and money(ask.shown_balance) != plan.balance:
        words = _("It comes to {now} now, not {shown}. Look it over and press again.")
        raise OrderError("total_changed", words.format(now=rupees(plan.balance), shown=rupees(ask.shown_balance)), "balance")
    if plan.khata and customer is None:
        raise OrderError("no_customer", _("To keep it as credit, type the customer's phone number first."), "phone")
    check_permit(note.total, plan, standing, ask.permit)
    return plan


def _backs(order: Order, coming: Iterable[Coming]) -> list[Back]:
    gave = sold_lots(order.shop, order.pk)
    return [
        Back(n, share.lot_id, share.quantity, share.cost, damaged=one.where == Where.DAMAGED)
        for n, one in enumerate(coming, 1)
        for share in lots_of_next(gave[one.sold.line_no], one.before, one.quantity)
    ]


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


def series_of(counter: Counter, day: date) -> str:
    """The series a note's number comes from, one a counter and financial year: CNS1/2627."""
    return f"CN{counter.code}/{financial_year(day).replace('-', '')}"


def _line(note: CreditNote, n: int, one: Coming, cost: Decimal) -> CreditNoteLine:
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
    assert ask.exchange is not None
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
            allowance=replace(ask.permit.gift, khata=max(ask.permit.khata, owed_before)),
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
