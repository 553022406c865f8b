"""The pages of the books: trial balance, one account, the day book, the reports, the value of the stock. For owner and accountant."""

from __future__ import annotations

from datetime import date
from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from ledger import reports, selectors
from ledger.api.accounting import Code, account_of
from ledger.api.asked import Days, OnDay
from ledger.api.schemas import AccountLedgerOut, JournalEntryOut, ProfitLossReportOut, TrialBalanceOut
from ledger.models import JournalEntry
from ledger.sales_book import earned_in
from ledger.stock_value import stock_value
from shops.access import Can
from shops.api.declare import operation
from smartkirana.api.fields import Id, Quantity, Rupees, Text, UnitCost
from smartkirana.api.lists import Paging, page_of
from smartkirana.api.shapes import Shape

router = Router(tags=["books"])


class TrialAsked(OnDay):
    all: bool = Field(False, description="Also accounts that hold nothing.")


@operation(router, "GET", "/trial-balance", right=Can.SEE_BOOKS, answer=TrialBalanceOut)
def trial_balance(request: HttpRequest, asked: Query[TrialAsked]):
    """Every balance at the end of a day; both columns come to the same."""
    shop = request.auth.shop
    nets = selectors.balances(shop, asked.day)
    report = reports.trial_balance(selectors.chart_of(shop), nets, empty=asked.all)
    rows = [
        {
            "account_code": row.account.code,
            "account_name": row.account.name,
            "account_type": row.account.type,
            "depth": row.depth,
            "debit": row.debit,
            "credit": row.credit,
            "together": row.together,
        }
        for group in report.groups
        for row in group.rows
    ]
    return {"as_of_date": asked.day, "rows": rows, "debit_total": report.debit, "credit_total": report.credit, "agrees": report.agrees}


@operation(router, "GET", "/accounts/{code}", right=Can.SEE_BOOKS, answer=AccountLedgerOut, paged=True, problems={400, 404})
def account_ledger(request: HttpRequest, response: HttpResponse, code: Code, days: Query[Days], part: Query[Paging]):
    """One account in a period: opening balance, its postings oldest first with the balance after each, closing balance."""
    found, span = account_of(request.auth.shop, code), days.span()
    sums = selectors.account_sums(found, span)
    lines = [
        {
            "id": row.pk,
            "entry_id": row.entry_id,
            "date": row.date,
            "description": row.entry.narration,
            "customer": str(row.customer) if row.customer_id else None,
            "debit": row.debit,
            "credit": row.credit,
            "balance": sums.opening + row.moved,
        }
        for row in page_of(selectors.account_rows(found, span), part, response)
    ]
    return {
        "account_code": found.code,
        "account_name": found.name,
        "period_start": span.start,
        "period_end": span.end,
        "opening": sums.opening,
        "debit_total": sums.debit,
        "credit_total": sums.credit,
        "closing": sums.closing,
        "lines": lines,
    }


class DayBookAsked(Days):
    account: Code | None = Field(None, examples=["1001"])
    kind: Literal["", "bills", "cancelled", "payments", "charges", "stock", "drawer"] = ""
    order: Literal["newest", "oldest"] = "newest"


@operation(router, "GET", "/day-book", right=Can.SEE_BOOKS, answer=list[JournalEntryOut], paged=True, problems={400, 404})
def day_book(request: HttpRequest, response: HttpResponse, asked: Query[DayBookAsked], part: Query[Paging]):
    """Journal entries of a period (left out: today) with their postings."""
    shop = request.auth.shop
    account = account_of(shop, asked.account) if asked.account else None
    rows = selectors.entries(shop, asked.span(default="today"), account=account, kind=asked.kind, newest=asked.order == "newest")
    found = page_of(selectors.with_postings(rows), part, response)
    bills = selectors.bills_of(shop, found)
    return [_entry(entry, bills.get(entry.pk)) for entry in found]


def _entry(entry: JournalEntry, bill) -> dict:
    return {
        "id": entry.pk,
        "date": entry.date,
        "description": entry.narration,
        "reference_type": entry.source_kind,
        "reference_id": entry.source_id,
        "reverses": entry.reverses_id,
        "bill_number": bill.bill_number if bill else None,
        "created_at": entry.created_at,
        "postings": [
            {
                "account_code": posting.account.code,
                "account_name": posting.account.name,
                "customer": str(posting.customer) if posting.customer_id else None,
                "debit": posting.debit,
                "credit": posting.credit,
            }
            for posting in entry.postings.all()
        ],
    }


@operation(router, "GET", "/reports/profit-loss", right=Can.SEE_BOOKS, answer=ProfitLossReportOut, problems={400})
def profit_loss_report(request: HttpRequest, days: Query[Days]):
    """Profit and loss account by account, beside the period before."""
    span = days.span(longest=None)
    report = earned_in(request.auth.shop, span)
    return {
        "period_start": span.start,
        "period_end": span.end,
        "before_start": report.before.start,
        "before_end": report.before.end,
        "revenue": _part(report.revenue_rows, report.revenue),
        "cost_of_goods": _part(report.cost_rows, report.cost),
        "other_income": _part(report.other_income_rows, report.other_income),
        "expenses": _part(report.expense_rows, report.expenses),
        "gross_profit": report.gross.now,
        "gross_profit_before": report.gross.before,
        "net_profit": report.net.now,
        "net_profit_before": report.net.before,
        "order_count": int(report.bills.now),
        "order_count_before": int(report.bills.before),
    }


def _part(rows: list[reports.ProfitRow], total: reports.Figure) -> dict:
    found = [
        {
            "account_code": row.account.code,
            "account_name": row.account.name,
            "amount": row.figure.now,
            "amount_before": row.figure.before,
        }
        for row in rows
    ]
    return {"total": total.now, "total_before": total.before, "rows": found}


# --- stock ------------------------------------------------------------------------------------------------------
class StockValueAsked(OnDay):
    q: Text = Field("", max_length=80, description="Words of the name or the SKU.")
    category: Id | None = None
    sort: Literal["value", "name", "quantity"] = "value"


class WorthOut(Shape):
    product_id: int
    product_name: str
    sku: str
    category: str
    unit: str
    quantity: Quantity
    unit_cost: UnitCost | None
    value: Rupees


class StockValueOut(Shape):
    as_of_date: date
    total: Rupees = Field(description="Of all goods, at what each lot cost.")
    booked: Rupees = Field(description="What account 1003 held at the end of that day.")
    agrees: bool
    shown: Rupees = Field(description="Of the goods that the search leaves.")
    rows: list[WorthOut]


@operation(router, "GET", "/stock-value", right=Can.SEE_BOOKS, answer=StockValueOut, paged=True)
def stock_value_on_a_day(request: HttpRequest, response: HttpResponse, asked: Query[StockValueAsked], part: Query[Paging]):
    """What the stock was worth at the end of a day, product by product, beside account 1003."""
    report = stock_value(request.auth.shop, asked.day, text=asked.q, category=asked.category, sort=asked.sort)
    rows = [
        {
            "product_id": row.product_id,
            "product_name": row.name,
            "sku": row.sku,
            "category": row.category,
            "unit": row.unit,
            "quantity": row.quantity,
            "unit_cost": row.each,
            "value": row.value,
        }
        for row in page_of(report.rows, part, response)
    ]
    return {
        "as_of_date": asked.day,
        "total": report.total,
        "booked": report.booked,
        "agrees": report.agrees,
        "shown": report.shown,
        "rows": rows,
    }
