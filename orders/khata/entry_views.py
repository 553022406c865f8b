"""Pages beside a khata: one entry and its receipt, the statement's files, the household, the private link, disputes."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from inventory.supplier_forms import StatementFilter
from orders.errors import OrderError
from orders.khata import forms, people, selectors
from orders.khata.sending import private_address, receipt_words, whatsapp
from orders.khata.statement import receipt_pdf, statement_file
from orders.khata.views import known
from orders.khata.words import words
from orders.models import Customer, KhataEntry, Payment
from orders.upi import PLAIN_MASK, qr_path
from shops.access import Can, shop_page
from smartkirana.files import file_response
from smartkirana.web import go, sent, show

ENTRY, MEMBERS, LINK, DISPUTES, STATEMENT = (f"orders/khata/{name}.html" for name in ("entry", "members", "link", "disputes", "statement"))
MOST_DISPUTES = 100


@shop_page(Can.SEE_BILLS)
def entry(request: HttpRequest, pk: int, entry_no: int) -> HttpResponse:
    """One entry: what it is, its check code, the bill beside it, its receipt to print or to send, and what was said of it."""
    customer = known(request, pk)
    found = selectors.entry_of(customer, entry_no)
    if found is None:
        raise Http404("There is no such entry in this khata.")
    is_own = found.kind in KhataEntry.OWN_ACTS and (found.payment is None or found.payment.state != Payment.State.FAILED)
    taken_back = request.shop.khata_entries.filter(reverses=found).first()
    context = {
        "customer": customer,
        "entry": found,
        "words": words(found),
        "taken_back": taken_back,
        "may_reverse": is_own and taken_back is None and Can.CANCEL_BILL in request.can,
        "lines": list(found.order.lines.all()[:200]) if found.order_id else [],
        "disputes": found.disputes.select_related("settled_by"),
        "whatsapp": whatsapp(customer, receipt_words(customer, found, private_address(request, customer))),
    }
    return show(request, ENTRY, context)


@shop_page(Can.SEE_BILLS)
def receipt(request: HttpRequest, pk: int, entry_no: int) -> HttpResponse:
    """One entry's receipt for an 80 mm roll."""
    customer = known(request, pk)
    found = selectors.entry_of(customer, entry_no)
    if found is None:
        raise Http404("There is no such entry in this khata.")
    content = receipt_pdf(customer, found, private_address(request, customer))
    return file_response(content, f"khata-{customer.pk}-{entry_no}.pdf", save=False)


# --- the statement ----------------------------------------------------------------------------------------------
@shop_page(Can.SEE_BILLS)
def statement(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """The statement of a period as PDF or XLSX; without dates this financial year."""
    customer = known(request, pk)
    form = StatementFilter(request.GET)
    if not form.is_valid():
        return show(request, STATEMENT, {"customer": customer, "form": form}, bad=True)
    return statement_file(customer, form.span, kind)


# --- the household ----------------------------------------------------------------------------------------------
@shop_page(Can.SELL, methods=("GET", "POST"))
def members(request: HttpRequest, pk: int) -> HttpResponse:
    """Who of the household may take goods on the khata."""
    customer = known(request, pk)
    form = forms.MemberForm(sent(request))
    if form.is_valid():
        try:
            saved = people.save_member(customer=customer, name=form.cleaned_data["name"], limit=form.cleaned_data["limit"])
        except OrderError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("{name} may take goods on this khata.").format(name=saved))
            return go(request, "orders:khata_members", request.shop.slug, customer.pk)
    return _members_page(request, customer, form)


def _members_page(request: HttpRequest, customer: Customer, form: forms.MemberForm) -> HttpResponse:
    context = {"customer": customer, "form": form, "members": customer.members.all()}
    return show(request, MEMBERS, context, bad=form.is_bound)


@shop_page(Can.SELL, methods=("POST",))
def member(request: HttpRequest, pk: int, person: int) -> HttpResponse:
    """Change one of the household: `limit`, or `in_use` "yes" or "no"."""
    customer = known(request, pk)
    found = customer.members.filter(pk=person).first()
    if found is None:
        raise Http404("There is no such person in this household.")
    if wanted := request.POST.get("in_use"):
        people.set_member_active(member=found, active=wanted == "yes")
        said = _("{name} may take goods again.") if wanted == "yes" else _("{name} may not take goods any more.")
        messages.success(request, said.format(name=found))
        return go(request, "orders:khata_members", request.shop.slug, customer.pk)
    form = forms.MemberForm(request.POST)
    if form.is_valid():
        try:
            people.save_member(customer=customer, member=found, name=form.cleaned_data["name"], limit=form.cleaned_data["limit"])
        except OrderError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("{name} is changed.").format(name=form.cleaned_data["name"]))
            return go(request, "orders:khata_members", request.shop.slug, customer.pk)
    return _members_page(request, customer, form)


# --- the private link -------------------------------------------------------------------------------------------
@shop_page(Can.SELL, methods=("GET", "POST"))
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """The address of the customer's private page with its code; a POST with `act` revoke makes the old one show nothing."""
    customer = known(request, pk)
    if request.method == "POST":
        if request.POST.get("act") == "revoke":
            people.revoke_link(customer=customer)
            messages.success(request, _("The old link shows nothing any more."))
        else:
            people.give_link(customer=customer)
        return go(request, "orders:khata_link", request.shop.slug, customer.pk)
    address = private_address(request, customer)
    context = {"customer": customer, "address": address, "qr": qr_path(address, mask=PLAIN_MASK) if address else None}
    if address:
        context["whatsapp"] = whatsapp(customer, _("{shop}: your khata is here: {link}").format(shop=request.shop.name, link=address))
    return show(request, LINK, context)


# --- disputes ---------------------------------------------------------------------------------------------------
@shop_page(Can.SEE_BILLS)
def disputes(request: HttpRequest) -> HttpResponse:
    """What customers do not agree with, until it is settled: the oldest first, with the bill beside it."""
    found = list(selectors.open_disputes(request.shop)[:MOST_DISPUTES])
    return show(request, DISPUTES, {"disputes": found, "form": forms.ReasonForm(None)})


@shop_page(Can.CANCEL_BILL, methods=("POST",))
def settle(request: HttpRequest, dispute: int) -> HttpResponse:
    """Say how a dispute was settled."""
    found = request.shop.khata_disputes.filter(pk=dispute).select_related("customer", "entry").first()
    if found is None:
        raise Http404("There is no such dispute.")
    form = forms.ReasonForm(request.POST)
    if form.is_valid():
        people.settle_dispute(dispute=found, by=request.cashier, answer=form.cleaned_data["note"])
        messages.success(request, _("Settled with {name}.").format(name=found.customer))
        return go(request, "orders:khata_disputes", request.shop.slug)
    listed = list(selectors.open_disputes(request.shop)[:MOST_DISPUTES])
    return show(request, DISPUTES, {"disputes": listed, "form": form, "wrong": found.pk}, bad=True)
