"""Pages of the books, for owner and accountant. One view, one template; htmx gets the part that changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404

from ledger import reports, selectors
from ledger.forms import MOST_DAYS, BalanceDayForm, DayBookForm, PeriodForm
from ledger.models import Account
from ledger.sales_chart import sales_chart
from shops.access import Can, shop_page
from smartkirana.csv_rows import csv_file
from smartkirana.dates import LAST_DAY, Period, shop_today
from smartkirana.paging import at_the_end, page_of
from smartkirana.web import show


def steps(span: Period) -> dict:
    """Where the picker stands, and days in the period before and after; own dates have no neighbours, and nothing lies after today."""
    is_now = span.start <= shop_today() <= span.end
    if span.name == "custom":
        return {"is_now": is_now}
    after = span.end + timedelta(days=1)
    return {
        "is_now": is_now,
        "earlier": span.before().end.isoformat(),
        "later": after.isoformat() if after <= min(shop_today(), LAST_DAY) else "",
        "still_running": is_now and shop_today() < span.end,
    }


# --- day book -------------------------------------------------------------------------------------------------
@shop_page(Can.SEE_BOOKS)
def day_book(request: HttpRequest) -> HttpResponse:
    """Entries of a day or period with their postings."""
    form = DayBookForm(request.GET, shop=request.shop)
    context = {"form": form, "span": form.span, **steps(form.span)}
    if form.is_valid():
        page = page_of(request, selectors.with_postings(selectors.entries(request.shop, form.span, **form.filters())))
        bills = selectors.bills_of(request.shop, page.object_list)
        context |= {"page": page, "entries": [(entry, bills.get(entry.pk)) for entry in page.object_list], "at_the_end": at_the_end(page)}
    return show(request, "ledger/day_book.html", context, partial="day_book_part", bad=not form.is_valid())


@shop_page(Can.SEE_BOOKS)
def day_book_csv(request: HttpRequest) -> HttpResponseBase:
    """The same entries, all of them, a line for each posting."""
    form = DayBookForm(request.GET, shop=request.shop)
    if not form.is_valid():
        return show(request, "ledger/day_book.html", {"form": form, "span": form.span}, bad=True)
    heads = ("Date", "Entry", "Particulars", "Code", "Account", "Customer", "Debit", "Credit")
    lines = selectors.journal_lines(selectors.entries(request.shop, form.span, **form.filters()))
    return csv_file(f"day-book-{form.span.start}-to-{form.span.end}.csv", heads, lines)


# --- accounts -------------------------------------------------------------------------------------------------
@shop_page(Can.SEE_BOOKS)
def accounts(request: HttpRequest) -> HttpResponse:
    """The chart of accounts."""
    placed = reports.tree(selectors.chart_of(request.shop))
    groups = [(label, [row for row in placed if row[2].type == kind]) for kind, label in reports.GROUP_LABELS.items()]
    return show(request, "ledger/accounts.html", {"groups": groups})


@shop_page(Can.SEE_BOOKS)
def accounts_csv(request: HttpRequest) -> HttpResponseBase:
    """The chart of accounts."""
    placed = reports.tree(selectors.chart_of(request.shop))
    rows = ((a.code, a.name, a.get_type_display(), top.code if depth else "", a.description) for a, depth, top in placed)
    return csv_file("accounts.csv", ("Code", "Account", "Kind", "Under", "What it holds"), rows)


@shop_page(Can.SEE_BOOKS)
def account(request: HttpRequest, code: str) -> HttpResponse:
    """One account: opening balance, every posting with the balance after it, closing balance."""
    found = get_object_or_404(request.shop.accounts, code=code)
    form = PeriodForm(request.GET, longest=MOST_DAYS)
    context = {"form": form, "account": found, "span": form.span, **steps(form.span)}
    if form.is_valid():
        sums = selectors.account_sums(found, form.span)
        page = page_of(request, selectors.account_rows(found, form.span))
        bills = selectors.bills_of(request.shop, [row.entry for row in page.object_list])
        rows = [(row, bills.get(row.entry_id), sums.opening + row.moved) for row in page.object_list]
        brought = rows[0][2] - rows[0][0].debit + rows[0][0].credit if rows else sums.opening
        context |= {"page": page, "rows": rows, "sums": sums, "brought": brought, "at_the_end": at_the_end(page)}
    return show(request, "ledger/account.html", context, partial="account_part", bad=not form.is_valid())


@shop_page(Can.SEE_BOOKS)
def account_csv(request: HttpRequest, code: str) -> HttpResponseBase:
    """The same postings, all of them, between the opening and the closing balance."""
    found = get_object_or_404(request.shop.accounts, code=code)
    form = PeriodForm(request.GET, longest=MOST_DAYS)
    if not form.is_valid():
        return show(request, "ledger/account.html", {"form": form, "account": found, "span": form.span}, bad=True)
    heads = ("Date", "Entry", "Particulars", "Customer", "Debit", "Credit", "Balance")
    return csv_file(f"account-{found.code}-{form.span.start}-to-{form.span.end}.csv", heads, _account_lines(found, form.span))


def _account_lines(found: Account, span: Period) -> Iterator[tuple]:
    sums = selectors.account_sums(found, span)
    yield (span.start, "", "Opening balance", "", "", "", sums.opening)
    for row in selectors.account_rows(found, span).iterator(chunk_size=2000):
        customer = str(row.customer) if row.customer_id else ""
        yield (row.date, row.entry_id, row.entry.narration, customer, row.debit, row.credit, sums.opening + row.moved)
    yield (span.end, "", "Closing balance", "", sums.debit, sums.credit, sums.closing)


# --- trial balance --------------------------------------------------------------------------------------------
@shop_page(Can.SEE_BOOKS)
def trial_balance(request: HttpRequest) -> HttpResponse:
    """Every balance at the end of a day; both columns come to the same."""
    form = BalanceDayForm(request.GET)
    context = {"form": form, "day": form.day, "words": f"At the end of {form.day:%-d %b %Y}."}
    if form.is_valid():
        context["report"] = _balances(request, form)
    return show(request, "ledger/trial_balance.html", context, partial="trial_balance_part", bad=not form.is_valid())


@shop_page(Can.SEE_BOOKS)
def trial_balance_csv(request: HttpRequest) -> HttpResponseBase:
    """The same balances."""
    form = BalanceDayForm(request.GET)
    if not form.is_valid():
        return show(request, "ledger/trial_balance.html", {"form": form, "day": form.day, "words": ""}, bad=True)
    report = _balances(request, form)
    rows = [(r.account.code, r.account.name, g.label, r.debit or "", r.credit or "") for g in report.groups for r in g.rows]
    total = ("", "Total", "", report.debit, report.credit)
    return csv_file(f"trial-balance-{form.day}.csv", ("Code", "Account", "Group", "Debit", "Credit"), [*rows, total])


def _balances(request: HttpRequest, form: BalanceDayForm) -> reports.TrialBalance:
    nets = selectors.balances(request.shop, form.day)
    return reports.trial_balance(selectors.chart_of(request.shop), nets, empty=form.cleaned_data["all"])


# --- profit and loss ------------------------------------------------------------------------------------------
@shop_page(Can.SEE_BOOKS)
def profit_loss(request: HttpRequest) -> HttpResponse:
    """What was earned in a period, against the period before."""
    form = PeriodForm(request.GET)
    context = {"form": form, "span": form.span, "before": form.span.before(), **steps(form.span)}
    if form.is_valid():
        context["report"], context["chart"] = _earned(request, form.span)
    return show(request, "ledger/profit_loss.html", context, partial="profit_loss_part", bad=not form.is_valid())


@shop_page(Can.SEE_BOOKS)
def profit_loss_csv(request: HttpRequest) -> HttpResponseBase:
    """The same report."""
    form = PeriodForm(request.GET)
    if not form.is_valid():
        return show(request, "ledger/profit_loss.html", {"form": form, "span": form.span, "before": form.span.before()}, bad=True)
    report, _ = _earned(request, form.span)
    heads = ("Code", "Account", f"{report.span.start} to {report.span.end}", f"{report.before.start} to {report.before.end}")
    return csv_file(f"profit-loss-{form.span.start}-to-{form.span.end}.csv", heads, report.table())


def _earned(request: HttpRequest, span: Period):
    """The report and its chart, from one read of the daily sums."""
    before = span.before()
    chart = selectors.chart_of(request.shop)
    nets = selectors.daily_nets(request.shop, reports.result_accounts(chart), before.start, span.end)
    bills = reports.Figure(*map(Decimal, selectors.bill_counts(request.shop, span, before)))
    sales = reports.revenue_accounts(chart)
    return (
        reports.profit_loss(chart, nets, span, before, bills),
        sales_chart([(day, -net) for pk, day, net in nets if pk in sales], span, before),
    )
