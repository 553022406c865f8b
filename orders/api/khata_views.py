"""Khatas: who owes what since when, the entries, and what is written into them: `/khata`."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from orders.api.customer_views import known
from orders.api.khata_reading import age_out, entry_out, khata_out, rows_out
from orders.api.khata_schemas import (
    EntryOut,
    GaveIn,
    GotIn,
    KhataFilter,
    KhataOpeningIn,
    KhataOut,
    KhataRowOut,
    KhataStatementOut,
    KhataSummaryOut,
    KhataWriteOffIn,
    ReasonIn,
    StatementFilter,
)
from orders.api.placing import OURS
from orders.errors import OrderError
from orders.khata import acts, selectors
from orders.khata.acts import Act
from orders.khata.entries import Share
from orders.khata.selectors import KhataChoice
from orders.models import Customer, KhataEntry
from shops.access import Can
from shops.api.declare import operation
from shops.models import Counter, Shop
from smartkirana.api.fields import Id
from smartkirana.api.lists import Paging, page_of
from smartkirana.api.problems import NotThere
from smartkirana.dates import Period, period, shop_today
from smartkirana.money import ZERO

router = Router(tags=["khata"])
WRITES = {"moves": True, "answer": EntryOut, "status": 201, "problems": {400, 404}}


# --- reading ----------------------------------------------------------------------------------------------------
@operation(router, "GET", "", right=Can.SEE_BILLS, answer=list[KhataRowOut], paged=True)
def list_khatas(request: HttpRequest, response: HttpResponse, asked: Query[KhataFilter]):
    """Who owes how much since when, the most first."""
    shop = request.auth.shop
    choice = KhataChoice(asked.q, asked.show, asked.group, asked.band)
    return rows_out(shop, page_of(selectors.khatas(shop, choice, shop_today()), asked, response))


@operation(router, "GET", "/summary", right=Can.SEE_BILLS, answer=KhataSummaryOut)
def khata_summary(request: HttpRequest):
    """What the whole shop is owed, by age."""
    shop = request.auth.shop
    sums = selectors.khata_sums(shop)
    return {
        "customers_owing": sums.owing,
        "owed": sums.owed,
        "paid_ahead": sums.ahead,
        "age": age_out(selectors.age_of_all(shop, shop_today())),
        "groups": selectors.groups_of(shop),
        "open_disputes": selectors.open_disputes(shop).count(),
    }


@operation(router, "GET", "/{customer_id}", right=Can.SEE_BILLS, answer=KhataOut, problems={404})
def one_khata(request: HttpRequest, customer_id: Id):
    """One customer's khata: what is owed since when, the limit, the household."""
    shop = request.auth.shop
    found = selectors.khatas(shop, KhataChoice(show=selectors.ALL), shop_today()).filter(pk=customer_id).first()
    if found is None:
        raise NotThere("customer")
    return khata_out(shop, found)


@operation(router, "GET", "/{customer_id}/entries", right=Can.SEE_BILLS, answer=list[EntryOut], paged=True, problems={404})
def list_entries(request: HttpRequest, response: HttpResponse, customer_id: Id, asked: Query[Paging]):
    """A khata's entries with their running balance, the newest first."""
    return [entry_out(entry) for entry in page_of(selectors.entries(known(request, customer_id)), asked, response)]


@operation(router, "GET", "/{customer_id}/entries/{entry_number}", right=Can.SEE_BILLS, answer=EntryOut, problems={404})
def one_entry(request: HttpRequest, customer_id: Id, entry_number: Id):
    """One entry of a khata."""
    return _entry(known(request, customer_id), entry_number)


@operation(router, "GET", "/{customer_id}/statement", right=Can.SEE_BILLS, answer=KhataStatementOut, paged=True, problems={400, 404})
def khata_statement(request: HttpRequest, response: HttpResponse, customer_id: Id, asked: Query[StatementFilter]):
    """What was owed when the days began, what moved it, and what is owed at their end. The entries come in pages, by day."""
    customer, span = known(request, customer_id), span_of(asked)
    sums = selectors.statement_sums(customer, span)
    rows = page_of(selectors.statement_rows(customer, span).select_related("by", "reverses"), asked, response)
    entries = [entry_out(row) | {"balance": sums.opening + row.moved} for row in rows]
    told = {"start": span.start, "end": span.end, "opening": sums.opening, "more": sums.more, "less": sums.less, "closing": sums.closing}
    return told | {"entries": entries}


def span_of(asked: StatementFilter) -> Period:
    """The days asked for. Raises ValueError for an end before the start, as `period` does."""
    year = period("year", asked.start or asked.end or shop_today())
    return period("custom", shop_today(), asked.start or year.start, asked.end or year.end)


# --- writing ----------------------------------------------------------------------------------------------------
@operation(router, "POST", "/{customer_id}/got", right=Can.SELL, **WRITES)
def khata_got(request: HttpRequest, customer_id: Id, body: GotIn):
    """Money that a customer brings, for the oldest entries first unless `shares` says otherwise; UPI, card and bank money waits."""
    customer = known(request, customer_id)
    entry = acts.take_payment(
        _act(request, customer, body.note, drawer_of(request.auth.shop, body.counter_id)),
        amount=body.amount,
        method=OURS.get(body.method, body.method),
        discount=body.discount or ZERO,
        reference=body.reference,
        shares=_shares(customer, body),
    )
    return _entry(customer, entry.number)


@operation(router, "POST", "/{customer_id}/gave", right=Can.CANCEL_BILL, **WRITES)
def khata_gave(request: HttpRequest, customer_id: Id, body: GaveIn):
    """Money lent on the khata. Goods are given with an order."""
    customer = known(request, customer_id)
    act = _act(request, customer, body.note, drawer_of(request.auth.shop, body.counter_id))
    entry = acts.give(act, amount=body.amount, method=OURS.get(body.method, body.method), reference=body.reference)
    return _entry(customer, entry.number)


@operation(router, "POST", "/{customer_id}/opening", right=Can.CANCEL_BILL, **WRITES)
def khata_opening(request: HttpRequest, customer_id: Id, body: KhataOpeningIn):
    """What stood in the old book; once for each customer."""
    customer = known(request, customer_id)
    amount = -body.amount if body.paid_ahead else body.amount
    entry = acts.enter_opening_balance(_act(request, customer, body.note), amount=amount, day=body.day)
    return _entry(customer, entry.number)


@operation(router, "POST", "/{customer_id}/write-off", right=Can.RUN_SHOP, **WRITES)
def khata_write_off(request: HttpRequest, customer_id: Id, body: KhataWriteOffIn):
    """Give up what will not be paid."""
    customer = known(request, customer_id)
    entry = acts.write_off(_act(request, customer, body.note), amount=body.amount)
    return _entry(customer, entry.number)


@operation(router, "POST", "/{customer_id}/entries/{entry_number}/reverse", right=Can.CANCEL_BILL, **WRITES)
def reverse_khata_entry(request: HttpRequest, customer_id: Id, entry_number: Id, body: ReasonIn):
    """Take a wrong entry back by an entry of the opposite amount."""
    customer = known(request, customer_id)
    if selectors.entry_of(customer, entry_number) is None:
        raise NotThere("entry")
    entry = acts.reverse_entry(_act(request, customer, body.note), number=entry_number)
    return _entry(customer, entry.number)


def drawer_of(shop: Shop, counter_id: int | None) -> Counter | None:
    """Whose drawer cash lies in: the counter named, the only one there is, else none. Raises NotThere."""
    counters = list(shop.counters.filter(is_active=True).order_by("pk")[:2]) if counter_id is None else []
    if counter_id is None:
        return counters[0] if len(counters) == 1 else None
    found = shop.counters.filter(pk=counter_id, is_active=True).first()
    if found is None:
        raise NotThere("counter")
    return found


def _act(request: HttpRequest, customer: Customer, note: str, counter: Counter | None = None) -> Act:
    caller = request.auth
    return Act(caller.shop, customer, caller.user, counter=counter, key=request.request_key, note=note)


def _entry(customer: Customer, number: int) -> dict:
    found: KhataEntry | None = selectors.entry_of(customer, number) if number < 2**31 else None
    if found is None:
        raise NotThere("entry")
    return entry_out(found)


def _shares(customer: Customer, body: GotIn) -> list[Share] | None:
    """Which entries are paid, by their numbers. Raises OrderError "bad_share"."""
    if not body.shares:
        return None
    ids = dict(customer.entries.filter(number__in=[one.entry_number for one in body.shares]).values_list("number", "pk"))
    missing = [one.entry_number for one in body.shares if one.entry_number not in ids]
    if missing:
        raise OrderError("bad_share", f"There is no entry {missing[0]} in this khata.", "shares")
    return [Share(ids[one.entry_number], one.amount) for one in body.shares]
