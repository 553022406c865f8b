"""The page on which goods come back, as it is posted and as it is shown again. Only shape is checked here; the rules are the services'."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from uuid import UUID, uuid4

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders import counter_forms as forms
from orders.allowance import NeedsApproval
from orders.approvals import Ask as ApprovalAsk
from orders.bill import BillLine, Tender
from orders.counter_selectors import Row, rows_for_lines
from orders.credit_models import CreditNote
from orders.customers import find_customer
from orders.errors import OrderError
from orders.models import Customer, Order, OrderLine, Payment
from orders.refunds import NeedsReturnApproval, Permit, RefundPlan, Standing, check_permit
from orders.return_plan import Ask, BackLine, Exchange, Where, coming_back, draft_note, is_commercial, plan_of, returned_before
from shops.models import Counter, User
from smartkirana.errors import Refusal
from smartkirana.money import ZERO

LONGEST_TEXT, LONGEST_REASON = 20, 200
HOW = (Payment.Method.CASH, Payment.Method.UPI, Payment.Method.CARD, Payment.Method.KHATA)
REASONS = (
    gettext_lazy("Wrong item"),
    gettext_lazy("Damaged or spoiled"),
    gettext_lazy("Past its date"),
    gettext_lazy("Not wanted"),
    gettext_lazy("Price was wrong"),
)
NOTHING_CHANGES = Decimal(0)


@dataclass(frozen=True)
class PostedReturn:
    """What stands on the page, read strictly. `balance`: rupees it showed (+ to be paid, − to be given), None when it showed none yet."""

    key: UUID
    counter_id: int
    back: list[BackLine]
    new: list[BillLine]
    how: str
    phone: str
    reason: str
    khata_first: bool
    tendered: Decimal | None
    reference: str
    balance: Decimal | None


def parse_return(data: QueryDict, lines: Sequence[OrderLine]) -> PostedReturn:
    """Read the posted page. Raises OrderError "bad_key", "bad_form", "bad_quantity", "bad_amount", "not_weighed" …"""
    how = data.get("how", "") or Payment.Method.CASH
    if how not in HOW:
        raise OrderError("bad_method", _("Choose how it is paid or given back."), "how")
    return PostedReturn(
        key=forms.parse_key(data.get("key", "")),
        counter_id=forms.parse_id(data.get("counter", "")),
        back=parse_back(data, lines),
        new=forms.parse_lines(data),
        how=how,
        phone=data.get("phone", "").strip()[:LONGEST_TEXT],
        reason=data.get("reason", "")[:LONGEST_REASON],
        khata_first=data.get("khata-stays") != "on",
        tendered=forms.rupees_or_none(data.get("tendered", ""), _("cash")),
        reference=data.get("reference", "")[: forms.LONGEST_REFERENCE],
        balance=_balance(data.get("balance", "")),
    )


def parse_back(data: QueryDict, lines: Sequence[OrderLine]) -> list[BackLine]:
    """What comes back; a box left empty, or with 0, is nothing. Raises OrderError "bad_quantity"."""
    back = []
    for line in lines:
        text = data.get(f"back-{line.line_no}", "").strip()
        if not text:
            continue
        if not forms.QUANTITY.fullmatch(text):
            sentence = _("{name}: give how much comes back, like 2 or 1.250.").format(name=line.name)
            raise OrderError("bad_quantity", sentence, f"line-{line.line_no}")
        if quantity := Decimal(text):
            back.append(BackLine(line.line_no, quantity, data.get(f"where-{line.line_no}", Where.SHELF)))
    return back


def _balance(text: str) -> Decimal | None:
    amount = forms.rupees_or_none(text.removeprefix("-"), _("balance"))
    return -amount if amount is not None and text.startswith("-") else amount


# --- the page -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class SheetLine:
    """A line of the bill on the page: how much came back already, and what is typed now."""

    line: OrderLine
    came: Decimal
    text: str = ""
    where: str = Where.SHELF
    problem: str = ""

    @property
    def left(self) -> Decimal:
        return self.line.quantity - self.came


@dataclass
class Sheet:
    """The page as it stands: everything typed, and what it comes to as far as it can be worked out."""

    lines: list[SheetLine]
    new: list[Row] = field(default_factory=list)
    key: UUID = field(default_factory=uuid4)
    how: str = Payment.Method.CASH
    phone: str = ""
    reason: str = ""
    khata_stays: bool = False
    tendered: str = ""
    reference: str = ""
    note: CreditNote | None = None
    plan: RefundPlan | None = None
    standing: Standing | None = None
    customer: Customer | None = None
    new_total: Decimal = ZERO
    problem: str = ""
    needs: ApprovalAsk | None = None

    @property
    def change(self) -> Decimal | None:
        """Rupees to hand back of the cash given."""
        given = Decimal(self.tendered) if self.tendered.replace(".", "", 1).isdecimal() and self.tendered.isascii() else None
        return given - self.plan.due if given is not None and self.plan and given > self.plan.due > 0 else None


def sheet_of(order: Order, lines: Sequence[OrderLine], data: QueryDict | None = None) -> Sheet:
    """The page with what was posted, taken leniently: it is only shown again."""
    before = returned_before(order)
    if data is None:
        return Sheet([SheetLine(line, before.get(line.pk, NOTHING_CHANGES)) for line in lines])
    shown = [
        SheetLine(
            line,
            before.get(line.pk, NOTHING_CHANGES),
            text=data.get(f"back-{line.line_no}", "").strip()[:LONGEST_TEXT],
            where=one_of(Where.values, data.get(f"where-{line.line_no}", "")),
        )
        for line in lines
    ]
    sheet = Sheet(shown, how=one_of(HOW, data.get("how", "")), khata_stays=data.get("khata-stays") == "on")
    sheet.phone, sheet.reason = data.get("phone", "").strip()[:LONGEST_TEXT], data.get("reason", "")[:LONGEST_REASON]
    sheet.tendered, sheet.reference = data.get("tendered", "")[:LONGEST_TEXT], data.get("reference", "")[: forms.LONGEST_REFERENCE]
    try:
        sheet.key = forms.parse_key(data.get("key", ""))
        sheet.new = rows_for_lines(order.shop, forms.parse_lines(data), list_of(order.customer))
    except Refusal:
        pass
    return sheet


def one_of(known: Sequence[str], text: str) -> str:
    """The text when it is one of the known ones, else the first of them."""
    return text if text in known else known[0]


def list_of(customer: Customer | None) -> int | None:
    """The price list of the new goods."""
    return customer.price_list_id if customer else None


def work_out(sheet: Sheet, order: Order, posted: PostedReturn, *, counter: Counter, by: User, permit: Permit) -> None:
    """Put on the sheet what it comes to now, or the sentence that says why not. Nothing is written."""
    try:
        ask = ask_of(order, posted, counter=counter, by=by, permit=permit)
        sheet.customer = order.customer or ask.customer
        sheet.note = draft_note(order, ask, coming_back(order, ask.lines), sheet.customer)
        sheet.plan, sheet.standing = plan_of(sheet.note, order, ask, sheet.customer)
        sheet.new_total = sheet.plan.credit + sheet.plan.khata_again + sheet.plan.due
        check_permit(sheet.note.total, sheet.plan, sheet.standing, permit)
    except NeedsApproval as needed:
        sheet.needs = approval_for(needed)
    except Refusal as refusal:
        put_problem(sheet, refusal)


def ask_of(order: Order, posted: PostedReturn, *, counter: Counter, by: User, permit: Permit) -> Ask:
    """What the services are asked for; a phone that nobody has yet names nobody."""
    customer = find_customer(shop=order.shop, phone=posted.phone) if posted.phone and order.customer_id is None else None
    return Ask(
        shop=order.shop, counter=counter, by=by, bill_number=order.bill_number, lines=posted.back, how=posted.how,
        request_key=posted.key, reason=posted.reason, customer=customer, exchange=exchange_of(posted), khata_first=posted.khata_first,
        reference=posted.reference, shown_balance=posted.balance, permit=permit, at=timezone.now(), signed_in=by,
    )  # fmt: skip


def exchange_of(posted: PostedReturn) -> Exchange | None:
    """The new goods with what pays the rest; cash given that is exactly enough, or none, needs no change."""
    if not posted.new:
        return None
    tendered = posted.tendered if posted.how == Payment.Method.CASH and posted.tendered else None
    return Exchange(posted.new, Tender(posted.how, None, tendered=tendered, reference=posted.reference))


def put_problem(sheet: Sheet, refusal: Refusal) -> None:
    """The sentence at its line, else at the top."""
    at = [n for n, one in enumerate(sheet.lines) if refusal.field == f"line-{one.line.line_no}"]
    for n in at:
        sheet.lines[n] = replace(sheet.lines[n], problem=refusal.message)
    sheet.problem = "" if at else refusal.message


def approval_for(needed: NeedsApproval) -> ApprovalAsk:
    """What somebody else has to let pass."""
    if isinstance(needed, NeedsReturnApproval):
        return ApprovalAsk(take_back=needed.take_back, unpaid=needed.unpaid)
    return ApprovalAsk(needed.percent, needed.rate, needed.khata)


def commercial_today(order: Order) -> bool:
    """True when a note made today can't take the tax back."""
    return is_commercial(order, timezone.localdate())
