"""Pages of the khata: who owes, one khata, money got and given, what is put right."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from inventory.forms import KeyForm
from orders.bill_views import PER_PAGE
from orders.errors import OrderError
from orders.khata import acts, forms, selectors
from orders.khata.acts import Act
from orders.khata.tables import KhataTable
from orders.khata.words import words
from orders.models import Customer, KhataEntry
from orders.selectors import customer_with_id
from shops.access import Can, shop_page
from smartkirana.dates import shop_today
from smartkirana.money import rupees
from smartkirana.paging import at_the_end, page_of, paginate
from smartkirana.web import go, sent, show, wants_fragment

LIST, ONE, FORM, GOT = (f"orders/khata/{name}.html" for name in ("khata_list", "khata", "khata_form", "got"))
SORTS = ("name", "outstanding", "oldest", "paid_on")
MOST_OPEN = 50  # open entries that can be chosen for a payment
ENTRIES = 40


# --- the list -------------------------------------------------------------------------------------------------
@shop_page(Can.SEE_BILLS)
def khatas(request: HttpRequest) -> HttpResponse:
    """Who owes how much since when."""
    form, today = forms.KhataFilter(request.GET), shop_today()
    context: dict = {"form": form}
    if not form.is_valid():
        return show(request, LIST, context, partial="khata_rows", bad=True)
    table = KhataTable(selectors.khatas(request.shop, form.choice(), today))
    if request.GET.get("sort", "").removeprefix("-") in SORTS:
        table.order_by = request.GET["sort"]
    context |= {"table": table, "at_the_end": paginate(request, table, PER_PAGE)}
    shown = [row.record for row in table.paginated_rows]
    for customer in shown:
        customer.shop = request.shop  # for its address: not a query a row
    table.ages, table.today = selectors.ages(request.shop, shown, today), today
    table.reminded_at = selectors.last_reminded(request.shop, shown)
    if not wants_fragment(request):
        age = selectors.age_of_all(request.shop, today)
        context |= {"sums": selectors.khata_sums(request.shop), "age": age, "groups": selectors.groups_of(request.shop)}
        context["bands"] = list(zip(selectors.BANDS, age.bands, strict=True))
        context["disputes"] = selectors.open_disputes(request.shop).count()
    return show(request, LIST, context, partial="khata_rows")


# --- one khata --------------------------------------------------------------------------------------------------
@shop_page(Can.SEE_BILLS)
def khata(request: HttpRequest, pk: int) -> HttpResponse:
    """One customer's khata: what is owed, the entries with their running balance, and the two big buttons."""
    customer, today = known(request, pk), shop_today()
    page = page_of(request, selectors.entries(customer), ENTRIES)
    said = selectors.disputes(customer, page.object_list)
    rows = [(entry, words(entry), said.get(entry.pk)) for entry in page.object_list]
    context = {"customer": customer, "page": page, "rows": rows, "last_page": at_the_end(page)}
    if not wants_fragment(request):
        age = selectors.ages(request.shop, [customer], today).get(customer.pk)
        context |= {"age": age, "bands": list(zip(selectors.BANDS, age.bands, strict=True)) if age else []}
        context |= {"since": selectors.owing_since(request.shop, [customer]).get(customer.pk), "members": customer.members.all()}
        context["reminded"] = selectors.last_reminded(request.shop, [customer]).get(customer.pk)
        context["may_open"] = not customer.entries.filter(kind=KhataEntry.Kind.OPENING, reversed_by=None).exists()
        context["over"] = customer.credit_limit is not None and customer.outstanding > customer.credit_limit
    return show(request, ONE, context, partial="khata_entries")


def known(request: HttpRequest, pk: int) -> Customer:
    """The customer of the shop at hand, else 404."""
    customer = customer_with_id(request.shop, pk)
    if customer is None:
        raise Http404("There is no such customer in this shop.")
    return customer


# --- money ------------------------------------------------------------------------------------------------------
@shop_page(Can.SELL, methods=("GET", "POST"))
def got(request: HttpRequest, pk: int) -> HttpResponse:
    """You got: money the customer brings, for the oldest entries first unless amounts are written beside them."""
    customer = known(request, pk)
    open_ones = selectors.open_entries(customer, MOST_OPEN, also=forms.GotForm.asked_for(request.POST))
    offered = customer.outstanding if request.GET.get("pay") == "all" and customer.outstanding > 0 else None
    form = forms.GotForm(sent(request), shop=request.shop, open_ones=open_ones, amount=offered)
    if form.is_valid():
        try:
            entry = acts.take_payment(_act(request, customer, form, form.drawer()), **form.payment())
        except OrderError as refused:
            form.refuse(refused)
        else:
            return _written(request, customer, entry, _("You got {amount} from {name}. Receipt {receipt}."))
    context = {"customer": customer, "form": form, "request_key": form.key()}
    return show(request, GOT, context, partial="got_form", bad=form.is_bound)


@shop_page(Can.CANCEL_BILL, methods=("GET", "POST"))
def gave(request: HttpRequest, pk: int) -> HttpResponse:
    """You gave: money lent on the khata. Goods are given with a bill at the counter."""
    customer = known(request, pk)
    form = forms.GaveForm(sent(request), shop=request.shop)

    def write() -> KhataEntry:
        return acts.give(_act(request, customer, form, form.drawer()), **form.gift())

    return _form_page(request, customer, form, write, "gave", _("You gave {amount} to {name}."))


@shop_page(Can.CANCEL_BILL, methods=("GET", "POST"))
def opening(request: HttpRequest, pk: int) -> HttpResponse:
    """What stood in the old book; once."""
    customer = known(request, pk)
    form = forms.OpeningForm(sent(request))

    def write() -> KhataEntry:
        return acts.enter_opening_balance(_act(request, customer, form), **form.balance())

    return _form_page(request, customer, form, write, "opening", _("The old balance of {name} is written down: {amount}."))


@shop_page(Can.RUN_SHOP, methods=("GET", "POST"))
def write_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Give up what will not be paid; the owner's word."""
    customer = known(request, pk)
    form = forms.WriteOffForm(sent(request), customer=customer)

    def write() -> KhataEntry:
        return acts.write_off(_act(request, customer, form), amount=form.cleaned_data["amount"])

    return _form_page(request, customer, form, write, "write_off", _("{amount} of {name} is given up."))


@shop_page(Can.CANCEL_BILL, methods=("GET", "POST"))
def reverse_one(request: HttpRequest, pk: int, entry_no: int) -> HttpResponse:
    """Take back a wrong entry, with a reason."""
    customer = known(request, pk)
    entry = selectors.entry_of(customer, entry_no)
    if entry is None:
        raise Http404("There is no such entry in this khata.")
    form = forms.ReasonForm(sent(request))

    def write() -> KhataEntry:
        return acts.reverse_entry(_act(request, customer, form), number=entry_no)

    more = {"entry": entry, "words": words(entry)}
    return _form_page(request, customer, form, write, "reverse", _("Taken back: {amount}, {name}."), more)


def _form_page(
    request: HttpRequest,
    customer: Customer,
    form: KeyForm,
    write: Callable[[], KhataEntry],
    kind: str,
    sentence: str,
    more: dict | None = None,
) -> HttpResponse:
    """One small form that writes one entry: the page, the refusal at its box, or on to the khata."""
    if form.is_valid():
        try:
            entry = write()
        except OrderError as refused:
            form.refuse(refused)
        else:
            return _written(request, customer, entry, sentence)
    context = {"customer": customer, "form": form, "request_key": form.key(), "kind": kind} | (more or {})
    return show(request, FORM, context, partial="act_form", bad=form.is_bound)


def _act(request: HttpRequest, customer: Customer, form: KeyForm, counter=None) -> Act:
    note = form.cleaned_data.get("note", "")
    return Act(request.shop, customer, request.cashier, counter=counter, key=form.key(), note=note)


def _written(request: HttpRequest, customer: Customer, entry: KhataEntry, sentence: str) -> HttpResponse:
    messages.success(request, sentence.format(amount=rupees(abs(entry.amount)), name=customer, receipt=entry.receipt))
    if entry.kind in (KhataEntry.Kind.PAYMENT, KhataEntry.Kind.GAVE):
        return go(request, "orders:khata_entry", request.shop.slug, customer.pk, entry.number)
    return go(request, "orders:khata", request.shop.slug, customer.pk)
