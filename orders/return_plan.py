"""What taking goods back comes to, before it is written: the lines, the note, and how its worth is given back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.off import NOTHING as NO_DISCOUNT
from inventory.services import checked_quantity
from orders.bill import BillLine, Tender, printed_copy
from orders.counter_selectors import bill_total
from orders.credit_models import CreditNote, CreditNoteLine
from orders.errors import OrderError
from orders.models import Customer, Order, OrderLine, Payment
from orders.refunds import Permit, RefundPlan, Standing, plan_refund, standing_of
from orders.returned import Worth, last_day_for_gst, round_off_of, summed, worth_of
from orders.titles import COMMERCIAL_NOTE, CREDIT_NOTE
from shops.models import Counter, Shop, User
from smartkirana.money import ZERO, plain

Where = CreditNoteLine.Where
BY_CASH = Tender(Payment.Method.CASH, None)


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
    rest: Tender = BY_CASH


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


@dataclass(frozen=True)
class Coming:
    """Units of a sold line that come back: `before` came back earlier."""

    sold: OrderLine
    before: Decimal
    quantity: Decimal
    where: str
    worth: Worth


def is_commercial(order: Order, day: date) -> bool:
    """True when the tax of the bill can't be taken back on `day` any more (CGST section 34(2)); only a regular seller charged any."""
    return order.printed["seller"]["scheme"] == Shop.Scheme.REGULAR and day > last_day_for_gst(order.day)


def returned_before(order: Order) -> dict[int, Decimal]:
    """By line (id), how much of it came back."""
    rows = CreditNoteLine.objects.filter(credit_note__order=order).values("order_line_id").annotate(units=Sum("quantity"))
    return dict(rows.values_list("order_line_id", "units"))


def coming_back(order: Order, lines: Sequence[BackLine]) -> list[Coming]:
    """The lines as they come back, each with its worth. Raises OrderError "empty", "no_line", "bad_where", "too_many"; StockError."""
    sold = {line.line_no: line for line in order.lines.select_related("product")}
    before = returned_before(order)
    coming = []
    for one in lines:
        line = sold.get(one.line_no)
        if line is None:
            raise OrderError("no_line", _("Choose lines of this bill."), f"line-{one.line_no}")
        if one.where not in Where.values:
            sentence = _("Say where {name} goes: shelf, damaged or supplier.").format(name=line.name)
            raise OrderError("bad_where", sentence, f"line-{one.line_no}")
        count = checked_quantity(line.product, one.quantity, field=f"line-{one.line_no}")
        gone = before.get(line.pk, Decimal(0))
        if gone + count > line.quantity:
            words = _("Only {still} {unit} of {name} can still come back.")
            still = words.format(still=plain(line.quantity - gone), unit=line.unit, name=line.name)
            raise OrderError("too_many", still, f"line-{one.line_no}")
        coming.append(Coming(line, gone, count, one.where, worth_of(line, gone, count)))
        before[line.pk] = gone + count
    if not coming:
        raise OrderError("empty", _("Choose what comes back, and how many."), "lines")
    return coming


def draft_note(order: Order, ask: Ask, coming: Sequence[Coming], customer: Customer | None) -> CreditNote:
    """The note, but for its number and its cost."""
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


def plan_of(note: CreditNote, order: Order, ask: Ask, customer: Customer | None) -> tuple[RefundPlan, Standing]:
    """Where the note's worth goes, and how the bill's payment stands. Raises OrderError, and with an exchange as `prepare`."""
    new_total = ZERO
    if ask.exchange:
        new_total = bill_total(ask.shop, ask.exchange.lines, customer, NO_DISCOUNT, customer.price_list_id if customer else None)
    standing = standing_of(order)
    return plan_refund(note.total, standing, how=ask.how, new_total=new_total, khata_first=ask.khata_first), standing
