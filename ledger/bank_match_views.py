"""The pages of a statement that was taken in: what its lines may be, which they are, and one line with all that was said of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ledger import bank_selectors as selectors
from ledger.bank_acts import Confirmed, choose_all, confirm, confirm_sure, set_aside, undo
from ledger.bank_forms import LineFilter, sent_choices, sent_pairs
from ledger.bank_matching import LATE_DAYS
from ledger.bank_models import BankLine, BankStatement
from ledger.errors import LedgerError
from orders.errors import OrderError
from shops.access import Can, shop_page
from smartkirana.paging import at_the_end, page_of
from smartkirana.web import go, show, wants_fragment

PAGE = "ledger/bank/statement.html"


def _statement(request: HttpRequest, pk: int) -> BankStatement:
    return get_object_or_404(request.shop.bank_statements.select_related("shop", "by"), pk=pk)


# --- a statement --------------------------------------------------------------------------------------------------
@shop_page(Can.SEE_BOOKS)
def bank_statement(request: HttpRequest, statement: int) -> HttpResponse:
    """What the open lines of a statement may be: sure, to be decided, no bill found; and claims that are not in it."""
    return _statement_page(request, _statement(request, statement))


def _statement_page(request: HttpRequest, found: BankStatement, *, problems: list[str] | None = None, **more: object) -> HttpResponse:
    context = {
        "statement": found,
        "sums": selectors.line_sums(found),
        "proposed": selectors.proposed(found),
        "late_days": LATE_DAYS,
        "problems": problems or [],
        **more,
    }
    return show(request, PAGE, context, partial="statement_work", bad=bool(problems))


@shop_page(Can.SEE_BOOKS, methods=("POST",))
def confirm_statement(request: HttpRequest, statement: int) -> HttpResponse:
    """Confirm the sure pairs that the page showed, so many at once; for htmx the page then goes on by itself."""
    found = _statement(request, statement)
    try:
        pairs = sent_pairs(request.POST)
    except LedgerError as error:
        return _statement_page(request, found, problems=[error.message])
    told = confirm_sure(statement=found, pairs=pairs, by=request.cashier)
    if told.refused or (told.changed and not told.done):
        return _statement_page(request, found, problems=_words_of(told))
    if told.rest and wants_fragment(request):
        total = max(_number(request.POST.get("total", "")), len(pairs))
        rest = " ".join(f"{line}-{payment}" for line, payment in told.rest)
        context = {"statement": found, "rest": rest, "total": total, "done": total - len(told.rest)}
        return show(request, "ledger/bank/_goes_on.html", context)
    if told.rest:
        messages.info(request, _("{n} are confirmed. Press again for the rest.").format(n=told.done))
    else:
        messages.success(request, _done(_number(request.POST.get("total", "")) or told.done))
    return go(request, "ledger:bank_statement", request.shop.slug, found.pk)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 0


def _done(count: int) -> str:
    return ngettext("{n} payment is seen.", "{n} payments are seen.", count).format(n=count)


def _words_of(told: Confirmed) -> list[str]:
    changed = [_("{n} of them are not the same any more: look at what is proposed now.").format(n=told.changed)] if told.changed else []
    return [*dict.fromkeys(told.refused), *changed]


@shop_page(Can.SEE_BOOKS, methods=("POST",))
def choose_claims(request: HttpRequest, statement: int) -> HttpResponse:
    """Match the doubtful lines with the payments that were chosen for them."""
    found = _statement(request, statement)
    chosen = sent_choices(request.POST)
    if not chosen:
        return _statement_page(request, found, problems=[_("Choose a payment for one line at least.")])
    done, problems = choose_all(statement=found, chosen=chosen, by=request.cashier)
    if problems:
        return _statement_page(request, found, problems=problems)
    messages.success(request, _done(done))
    return go(request, "ledger:bank_statement", request.shop.slug, found.pk)


@shop_page(Can.SEE_BOOKS)
def bank_lines(request: HttpRequest, statement: int) -> HttpResponse:
    """All lines of a statement with what became of them."""
    found = _statement(request, statement)
    form = LineFilter(request.GET)
    context = {"statement": found, "form": form}
    if form.is_valid():
        page = page_of(request, selectors.lines_of(found, **form.cleaned_data))
        context |= {"page": page, "at_the_end": at_the_end(page)}
    return show(request, "ledger/bank/lines.html", context, partial="line_rows", bad=not form.is_valid())


# --- one line -----------------------------------------------------------------------------------------------------
@shop_page(Can.SEE_BOOKS)
def bank_line(request: HttpRequest, line: int) -> HttpResponse:
    """One line: what the file says, what was said of it, and what it may be."""
    return _line_page(request, line)


def _line_page(request: HttpRequest, pk: int, problem: str = "", reason: str = "") -> HttpResponse:
    line = selectors.line_with_id(request.shop, pk)
    if line is None:
        raise Http404("There is no such line in this shop.")
    line.shop = request.shop
    is_open = line.state == BankLine.State.OPEN
    context = {
        "line": line,
        "said": selectors.said_of(line),
        "candidates": selectors.candidates(line) if is_open else [],
        "problem": problem,
        "reason": reason,
    }
    return show(request, "ledger/bank/line.html", context, bad=bool(problem))


@shop_page(Can.SEE_BOOKS, methods=("POST",))
def match_line(request: HttpRequest, line: int) -> HttpResponse:
    """The line is the money of the posted payment."""
    payment = request.POST.get("payment", "")
    if not (payment.isascii() and payment.isdigit() and len(payment) <= 18):
        return _line_page(request, line, _("Choose the payment."))
    try:
        confirm(shop=request.shop, line_id=line, payment_id=int(payment), by=request.cashier)
    except (LedgerError, OrderError) as refusal:
        return _line_page(request, line, refusal.message)
    messages.success(request, _done(1))
    return go(request, "ledger:bank_line", request.shop.slug, line)


@shop_page(Can.SEE_BOOKS, methods=("POST",))
def set_line_aside(request: HttpRequest, line: int) -> HttpResponse:
    """The line is no bill's money."""
    return _with_reason(request, line, set_aside, _("Set aside: nobody looks for a bill of it."))


@shop_page(Can.SEE_BOOKS, methods=("POST",))
def undo_line(request: HttpRequest, line: int) -> HttpResponse:
    """What was said of the line was wrong."""
    return _with_reason(request, line, undo, _("Taken back: the line is open again."))


def _with_reason(request: HttpRequest, line: int, act, sentence: str) -> HttpResponse:
    reason = request.POST.get("reason", "")
    try:
        act(shop=request.shop, line_id=line, by=request.cashier, reason=reason)
    except (LedgerError, OrderError) as refusal:
        return _line_page(request, line, refusal.message, reason[:200])
    messages.success(request, sentence)
    return go(request, "ledger:bank_line", request.shop.slug, line)
