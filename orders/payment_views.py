"""Money that was claimed: what nobody has seen yet, and saying that it was seen or never came."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django_htmx.http import trigger_client_event

from orders import payment_selectors as selectors
from orders.bill_forms import CancelForm, ClaimFilter
from orders.bill_views import PER_PAGE, bill_page
from orders.errors import OrderError
from orders.models import Payment, PaymentEvent
from orders.payment_selectors import ClaimChoice
from orders.payments import mark_failed, mark_seen
from orders.tables import ClaimTable
from shops.access import Can, shop_page
from smartkirana.csv_rows import csv_file
from smartkirana.money import rupees
from smartkirana.paging import paginate
from smartkirana.web import go, show

TEMPLATES = {"counter": "orders/counter/_claim.html"}  # the counter's saved panel stands inside a form and has its own shape


# --- the list -------------------------------------------------------------------------------------------------
@shop_page(Can.SEE_BILLS)
def claims(request: HttpRequest) -> HttpResponse:
    """UPI, card and bank money that nobody has seen yet, newest first."""
    form, choice = _asked(request)
    if choice is None:
        return show(request, "orders/claim_list.html", {"form": form}, partial="claim_rows", bad=True)
    table = ClaimTable(selectors.claims(request.shop, choice))
    context = {
        "form": form,
        "table": table,
        "at_the_end": paginate(request, table, PER_PAGE),
        "sums": selectors.claim_sums(request.shop, choice),
    }
    return show(request, "orders/claim_list.html", context, partial="claim_rows")


@shop_page(Can.SEE_BILLS)
def claims_csv(request: HttpRequest) -> HttpResponse:
    """The same as a file for a spreadsheet, to lay beside the bank's."""
    form, choice = _asked(request)
    if choice is None:
        return show(request, "orders/claim_list.html", {"form": form}, bad=True)
    return csv_file(f"not-yet-seen-{request.shop.slug}.csv", selectors.EXPORT_COLUMNS, selectors.exported_claims(request.shop, choice))


def _asked(request: HttpRequest) -> tuple[ClaimFilter, ClaimChoice | None]:
    form = ClaimFilter(request.GET, shop=request.shop)
    return form, ClaimChoice(**form.cleaned_data) if form.is_valid() else None


# --- what is said ---------------------------------------------------------------------------------------------
@shop_page(Can.MARK_SEEN, methods=("POST",))
def payment_seen(request: HttpRequest, payment: int) -> HttpResponse:
    """The money of this claim was seen."""
    try:
        told = mark_seen(shop=request.shop, payment_id=payment, by=request.user, how=_how(request))
    except OrderError as refused:
        return _refused(request, payment, refused)
    return _said(request, told, _("Seen: {what}.").format(what=_words(told)))


@shop_page(Can.CANCEL_BILL, methods=("POST",))
def payment_failed(request: HttpRequest, payment: int) -> HttpResponse:
    """The money of this claim never came; the posted reason says how that is known."""
    reason = request.POST.get("reason", "")
    try:
        told = mark_failed(shop=request.shop, payment_id=payment, by=request.user, how=_how(request), reason=reason)
    except OrderError as refused:
        return _refused(request, payment, refused, reason)
    return _said(request, told, _("Never came: {what}.").format(what=_words(told)))


def _how(request: HttpRequest) -> str:
    """Where it was found out: as posted, else by who says it. Who runs the shop looks at the bank, others stand at the counter."""
    usual = PaymentEvent.How.OWNER if Can.RUN_SHOP in request.can else PaymentEvent.How.CASHIER
    return request.POST.get("how") or usual


def _words(payment: Payment) -> str:
    return f"{payment.get_method_display()} {rupees(payment.amount)}, {payment.what_for}"


def _said(request: HttpRequest, told: Payment, sentence: str) -> HttpResponse:
    """htmx: the payment as it stands now, in place of what was pressed. Else back to where it was pressed."""
    payment = selectors.payment_with_id(request.shop, told.pk)
    if request.htmx:
        return trigger_client_event(_fragment(request, payment), "claims:changed", {"payment": payment.pk, "state": payment.state})
    messages.success(request, sentence)
    return (
        go(request, "orders:claims", request.shop.slug)
        if request.POST.get("back") == "list"
        else go(request, payment.order or payment.customer)
    )


def _refused(request: HttpRequest, pk: int, refusal: OrderError, reason: str = "") -> HttpResponse:
    payment = selectors.payment_with_id(request.shop, pk)
    if payment is None:
        raise Http404("There is no such payment in this shop.")
    if request.htmx:
        return _fragment(request, payment, problem=refusal.message, reason=reason, status=422)
    if payment.order is None:
        messages.error(request, refusal.message)
        return go(request, "orders:khata", request.shop.slug, payment.customer_id)
    return bill_page(request, payment.order, CancelForm(), problem=refusal.message, bad=True)


def _fragment(request: HttpRequest, payment: Payment, *, status: int = 200, **more: str) -> HttpResponse:
    template = TEMPLATES.get(request.POST.get("place", ""), "orders/_claim.html")
    return render(request, template, {"payment": payment, "back": request.POST.get("back", ""), **more}, status=status)
