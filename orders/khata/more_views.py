"""Pages of the whole khata book: reminders to work through, and the old book taken over."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from catalog.importing.files import LARGEST_FILE
from catalog.pasted import cut
from inventory.supplier_forms import RefusableForm
from orders.errors import OrderError
from orders.khata.old_book import lines_of_file, read_old_book, write_old_book
from orders.khata.reminding import is_quiet, remind, to_remind
from orders.khata.sending import private_address, reminder_words, whatsapp
from orders.khata.views import known
from orders.models import Customer
from shops.access import Can, shop_page
from smartkirana.paging import page_of
from smartkirana.web import go, sent, show, wants_fragment

REMINDERS, OLD_BOOK = "orders/khata/reminders.html", "orders/khata/old_book.html"
A_PAGE = 20
MOST_TOLD = 100


# --- reminders --------------------------------------------------------------------------------------------------
@shop_page(Can.SELL)
def reminders(request: HttpRequest) -> HttpResponse:
    """Who is to be reminded, each with the message ready; `customer` shows one alone, even when nothing of it is late."""
    asked = request.GET.get("customer", "")
    if asked.isdecimal() and len(asked) < 19:
        customer = known(request, int(asked))
        customer.reminded_at = customer.reminders.values_list("at", flat=True).first()
        rows, page = [customer] if customer.outstanding > 0 else [], None
    else:
        page = page_of(request, to_remind(request.shop), A_PAGE)
        rows = page.object_list
    context = {"rows": [_ready(request, one) for one in rows], "page": page, "quiet": is_quiet(request.shop)}
    return show(request, REMINDERS, context)


def _ready(request: HttpRequest, customer: Customer) -> dict:
    customer.shop = request.shop
    text = reminder_words(customer, private_address(request, customer))
    return {"customer": customer, "text": text, "whatsapp": whatsapp(customer, text)}


@shop_page(Can.SELL, methods=("POST",))
def send_reminder(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind one customer by `way`; WhatsApp's message was opened by the link, here it is written down."""
    customer = known(request, pk)
    problem = ""
    try:
        done = remind(customer=customer, by=request.cashier, way=request.POST.get("way", ""), address=private_address(request, customer))
    except OrderError as refused:
        done, problem = None, refused.message
    if wants_fragment(request):
        context = {"row": _ready(request, customer), "done": done, "problem": problem, "quiet": is_quiet(request.shop)}
        return show(request, REMINDERS, context, partial="reminder", bad=bool(problem))
    if problem:
        messages.error(request, problem)
    else:
        messages.success(request, _("{name} is reminded.").format(name=customer))
    return go(request, "orders:khata_reminders", request.shop.slug)


# --- the old book -----------------------------------------------------------------------------------------------
class OldBookForm(RefusableForm):
    """Lines pasted, or a file."""

    text = forms.CharField(
        label=_lazy("Lines"),
        required=False,
        max_length=300_000,
        widget=forms.Textarea(attrs={"rows": 8, "class": "input", "spellcheck": "false", "placeholder": "9876543210, Asha Patil, 1250.50"}),
    )
    file = forms.FileField(label=_lazy("Or a file, CSV or Excel"), required=False, widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}))

    def lines(self) -> list:
        """What was pasted, else the file's lines. Raises OrderError."""
        text, file = self.cleaned_data["text"], self.cleaned_data["file"]
        if text.strip():
            return cut(text, OrderError)
        if file is None:
            raise OrderError("nothing", _("Paste the lines, or choose a file."), "text")
        if file.size > LARGEST_FILE:
            raise OrderError("bad_file", _("This file is larger than 10 MB. Save only the sheet with the list."), "file")
        return lines_of_file(file.name, file.read())


@shop_page(Can.CANCEL_BILL, methods=("GET", "POST"))
def old_book(request: HttpRequest) -> HttpResponse:
    """Take over what customers owed in the old book; nothing is written until every line is right."""
    form = OldBookForm(sent(request))
    if request.method == "POST":
        form.files = request.FILES
    wrong: list = []
    if form.is_valid():
        try:
            balances, wrong = read_old_book(request.shop, form.lines())
            if not wrong and not balances:
                raise OrderError("nothing", _("There is no line with a balance."), "text")
            if not wrong:
                count = write_old_book(shop=request.shop, by=request.cashier, balances=balances, key=form.key())
                messages.success(request, _("{count} old balances are written down.").format(count=count))
                return go(request, "orders:khatas", request.shop.slug)
        except OrderError as refused:
            form.refuse(refused)
    context = {"form": form, "wrong": wrong[:MOST_TOLD], "more_wrong": max(len(wrong) - MOST_TOLD, 0), "request_key": form.key()}
    return show(request, OLD_BOOK, context, bad=form.is_bound)
