"""Goods come back: the page of one bill's return or exchange. Its notes are in `credit_views`."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import reswap, retarget

from orders import counter_forms as forms
from orders import counter_selectors as counters
from orders import return_forms as pages
from orders import till_forms
from orders.allowance import NeedsApproval
from orders.approvals import Ask, approve, approvers, permit_of
from orders.bill import ANY, BillLine
from orders.bill_views import order_or_404
from orders.credit_models import CreditNote
from orders.credit_selectors import exchange_of
from orders.customers import create_customer, find_customer
from orders.errors import OrderError
from orders.models import Customer, Order, OrderLine, Payment
from orders.payments import see_as_marked
from orders.returning import take_back
from orders.till_views import till_of, wrong_tries_logged
from shops.access import Can, shop_page
from shops.selectors import people_with_pin
from smartkirana.errors import Refusal
from smartkirana.money import ZERO, rupees
from smartkirana.web import go, show, wants_fragment

PAGE = "orders/returns/return.html"


@shop_page(Can.SELL, methods=("GET", "POST"))
def bill_return(request: HttpRequest, number: str) -> HttpResponse:
    """The page of a return or an exchange. Saving does all of it at once; refused, everything typed stands there again."""
    order, lines = _bill(request, number)
    if request.method == "GET":
        return _page(request, order, pages.sheet_of(order, lines))
    try:
        note = _taken_back(request, order, lines)
    except Refusal as refusal:
        return _refused(request, order, lines, refusal)
    messages.success(request, said(note))
    return go(request, note)


@shop_page(Can.SELL, methods=("POST",))
def return_sums(request: HttpRequest, number: str) -> HttpResponse:
    """What it comes to as far as it is typed; nothing is saved."""
    order, lines = _bill(request, number)
    sheet = _worked_out(request, order, lines)
    if not wants_fragment(request):
        return _page(request, order, sheet)
    return show(request, "orders/returns/_live.html", {"sheet": sheet, "order": order} | _rights(request, sheet))


@shop_page(Can.SELL)
def return_find(request: HttpRequest, number: str) -> HttpResponse:
    """New goods by what is scanned or typed: their row; or goods to choose from, by name or by MRP."""
    order, _lines = _bill(request, number)
    asked = request.GET
    text = asked.get("q", "").strip()[:80]
    context: dict = {"order": order, "q": text}
    try:
        rows = _rows(request, order, text)
    except Refusal as refusal:
        found = counters.products_named(request.shop, text) if not asked.get("product") else []
        return show(request, "orders/returns/_found.html", context | {"found": found, "problem": "" if found else refusal.message})
    if not wants_fragment(request):
        return go(request, reverse("orders:bill_return", args=[request.shop.slug, order.slug]))
    if len(rows) > 1:
        return show(request, "orders/returns/_found.html", context | {"rows": rows})
    answer = show(request, "orders/returns/_new_row.html", {"row": rows[0]})
    return reswap(retarget(answer, "#new-rows"), "beforeend")


def _rows(request: HttpRequest, order: Order, text: str) -> list[counters.Row]:
    """The ways to sell what was asked for; a name that is no code is refused."""
    asked, list_id = request.GET, pages.list_of(order.customer)
    if not asked.get("product"):
        return counters.look_up(request.shop, text, list_id)
    product_id = forms.parse_id(asked["product"])
    if "mrp" not in asked:
        return counters.look_up_product(request.shop, product_id, list_id)
    mrp = asked["mrp"] if asked["mrp"] == ANY else forms.rupees_or_none(asked["mrp"], "MRP")
    return counters.rows_for_lines(request.shop, [BillLine(product_id, counters.ONE, mrp)], list_id)[:1] or counters.look_up_product(
        request.shop, product_id, list_id
    )


# --- doing it -----------------------------------------------------------------------------------------------------
def _taken_back(request: HttpRequest, order: Order, lines: Sequence[OrderLine]) -> CreditNote:
    key = forms.parse_key(request.POST.get("key", ""))
    if (done := request.shop.credit_notes.filter(request_key=key).first()) is not None:
        return done
    posted = pages.parse_return(request.POST, lines)
    if not posted.back:
        raise OrderError("empty", _("Choose what comes back, and how many."), "lines")
    if posted.balance is None:
        raise OrderError("look", _("Look over what it comes to, then press again."))
    given = _approved(request, posted.key)
    note = take_back(
        shop=request.shop,
        counter=counters.counter_with_id(request.shop, posted.counter_id),
        by=request.cashier,
        signed_in=request.user,
        bill_number=order.bill_number,
        lines=posted.back,
        how=posted.how,
        request_key=posted.key,
        reason=posted.reason,
        customer=_named(order, posted),
        exchange=pages.exchange_of(posted),
        khata_first=posted.khata_first,
        reference=posted.reference,
        shown_balance=posted.balance,
        permit=permit_of(request.limits, given),
    )
    if (new := exchange_of(note)) is not None:
        see_as_marked(order=new, by=request.cashier)
    return note


def _named(order: Order, posted: pages.PostedReturn) -> Customer | None:
    """Whose khata it is: found by the phone, or written down by it."""
    if order.customer_id is not None or not posted.phone:
        return None
    return find_customer(shop=order.shop, phone=posted.phone) or create_customer(shop=order.shop, phone=posted.phone)


def _approved(request: HttpRequest, key: UUID) -> Ask | None:
    """What a PIN on the page lets pass; None when none was typed. Raises as orders.approvals.approve()."""
    data = request.POST
    if not data.get("pin"):
        return None
    ask = Ask(
        khata=till_forms.number_or_none(data.get("ask-khata", "")),
        take_back=till_forms.number_or_none(data.get("ask-worth", "")) or ZERO,
        unpaid=data.get("ask-unpaid") == "1",
    )
    who = till_forms.id_or_none(data.get("who", ""))
    place = people_with_pin(request.shop).filter(pk=who).first() if who else None
    if place is None:
        raise OrderError("bad_approver", _("Choose who approves."), "who")
    place.shop = request.shop
    till = counters.counter_with_id(request.shop, forms.parse_id(data.get("counter", "")))
    with wrong_tries_logged(request, place):
        approve(
            shop=request.shop, counter=till, request_key=key, asked_by=request.cashier, signed_in=request.user, approver=place,
            pin=data["pin"], khata_up_to=ask.khata, take_back=ask.take_back, unpaid=ask.unpaid,
            reason=data.get("reason", "") or _("Goods taken back"), client_id=till_forms.uuid_of(data.get("approval", "")),
        )  # fmt: skip
    return ask


def said(note: CreditNote) -> str:
    """What is to be done now, in one sentence."""
    given, taken = (Payment.Method.CASH, Payment.Method.UPI), (Payment.Method.CREDIT, Payment.Method.KHATA)
    out = sum((-p.amount for p in note.refunds.all() if p.method in given), ZERO)
    new = exchange_of(note)
    due = sum((p.amount for p in new.payments.all() if p.method not in taken), ZERO) if new else ZERO
    words = _("Credit note {number}.").format(number=note.number)
    if out:
        return words + " " + _("Give back {amount}.").format(amount=rupees(out))
    return words + (" " + _("Take {amount}.").format(amount=rupees(due)) if due else "")


# --- the page -----------------------------------------------------------------------------------------------------
def _bill(request: HttpRequest, number: str) -> tuple[Order, list[OrderLine]]:
    order = order_or_404(request, number)
    return order, list(order.lines.select_related("product").order_by("line_no"))


def _worked_out(request: HttpRequest, order: Order, lines: Sequence[OrderLine]) -> pages.Sheet:
    sheet = pages.sheet_of(order, lines, request.POST)
    try:
        posted = pages.parse_return(request.POST, lines)
        till = counters.counter_with_id(request.shop, posted.counter_id)
    except Refusal as refusal:
        pages.put_problem(sheet, refusal)
        return sheet
    if posted.back:
        pages.work_out(sheet, order, posted, counter=till, by=request.cashier, permit=permit_of(request.limits))
    return sheet


def _refused(request: HttpRequest, order: Order, lines: Sequence[OrderLine], refusal: Refusal) -> HttpResponse:
    sheet = _worked_out(request, order, lines)
    if isinstance(refusal, NeedsApproval):
        needed = pages.approval_for(refusal)
        worth = sheet.needs.take_back if sheet.needs else needed.take_back
        sheet.needs = Ask(needed.percent, needed.rate, needed.khata, worth, needed.unpaid)
        sheet.problem = refusal.message
    else:
        pages.put_problem(sheet, refusal)
    return _page(request, order, sheet, bad=True)


def _page(request: HttpRequest, order: Order, sheet: pages.Sheet, *, bad: bool = False) -> HttpResponse:
    till = till_of(request)
    context = {
        "order": order,
        "sheet": sheet,
        "till": till,
        "tills": [] if till else counters.counters_in_use(request.shop),
        "notes": order.credit_notes.order_by("id"),
        "commercial": pages.commercial_today(order),
        "bad": bad,
    }
    return show(request, PAGE, context | _rights(request, sheet), partial="return_form", bad=bad)


def _rights(request: HttpRequest, sheet: pages.Sheet) -> dict:
    """What the page says of approval: who may give it, when this cashier may not do it alone."""
    needs = sheet.needs or (None if request.limits.may_take_back else Ask(take_back=ZERO))
    people = approvers(request.shop, needs) if needs else []
    data = request.POST if request.method == "POST" else request.GET
    chosen = till_forms.id_or_none_leniently(data.get("who", "")) or (people[0].pk if len(people) == 1 else None)
    return {
        "needs": needs,
        "people": people,
        "chosen": chosen,
        "methods": [(method.value, method.label) for method in pages.HOW],
        "places": pages.Where.choices,
        "reasons": pages.REASONS,
        "approval": uuid4(),
    }
