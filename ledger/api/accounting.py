"""Accounting: `/accounting`, for owner and accountant."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from ledger import selectors
from ledger.api.asked import Dates, Days
from ledger.api.schemas import AccountBalanceOut, AccountOut, Kind, MonthlySummaryOut, PairOut, ProfitLossOut, SaleOut
from ledger.models import Account
from ledger.pairs import Pairs, references, with_children
from ledger.reports import percent
from ledger.sales_book import earned_in, month_of_sales, sales_book
from shops.access import Can
from shops.api.declare import operation
from shops.models import Shop
from smartkirana.api.fields import Day
from smartkirana.api.lists import Paging, page_of
from smartkirana.api.problems import NotThere
from smartkirana.api.shapes import Shape
from smartkirana.dates import Period, period, shop_today
from smartkirana.money import ZERO

router = Router(tags=["accounting"])
Code = Annotated[str, Field(pattern=r"^[0-9]{4,8}$", examples=["1001"])]
MOST_DAYS = 3660


class LedgerAsked(Dates):
    account: Code | None = Field(None, description="Only pairs that touch this account or one below it.", examples=["1001"])


def account_of(shop: Shop, code: str) -> Account:
    """An account of the shop. Raises NotThere."""
    found = shop.accounts.filter(code=code).first()
    if found is None:
        raise NotThere("account")
    return found


@operation(router, "GET", "/ledger", right=Can.SEE_BOOKS, answer=list[PairOut], paged=True, problems={400, 404})
def accounting_ledger(request: HttpRequest, response: HttpResponse, asked: Query[LedgerAsked], part: Query[Paging]):
    """The journal in pairs of a debit and a credit, newest first."""
    shop, (first, last) = request.auth.shop, asked.checked()
    accounts = None
    if asked.account is not None:
        account_of(shop, asked.account)
        accounts = with_children(shop.accounts.all(), asked.account)
    pairs = page_of(Pairs(shop, first, last, accounts), part, response)
    speaks_of = references(shop, pairs)
    return [
        {
            "id": pair.id,
            "entry_date": pair.day,
            "description": pair.narration,
            "debit_account": pair.debit.code,
            "debit_account_name": pair.debit.name,
            "debit_amount": pair.amount,
            "credit_account": pair.credit.code,
            "credit_account_name": pair.credit.name,
            "credit_amount": pair.amount,
            "reference_type": pair.kind,
            "reference_id": speaks_of.get((pair.kind, pair.source_id), pair.source_id),
        }
        for pair in pairs
    ]


class ProfitAsked(Days):
    """The last `period_days` days up to today, or `from` and `to`."""

    period_days: int = Field(30, ge=1, le=MOST_DAYS)

    def wanted(self) -> Period:
        if self.first is None and self.last is None:
            today = shop_today()
            return period("custom", today, today - timedelta(days=self.period_days - 1), today)
        return period("custom", shop_today(), self.first, self.last)


@operation(router, "GET", "/profit-loss", right=Can.SEE_BOOKS, answer=ProfitLossOut, problems={400})
def accounting_profit_loss(request: HttpRequest, asked: Query[ProfitAsked]):
    """What was earned in a period."""
    span = asked.wanted()
    earned = earned_in(request.auth.shop, span)
    return {
        "period_start": span.start,
        "period_end": span.end,
        "period_days": span.days,
        "total_revenue": earned.revenue.now,
        "total_cogs": earned.cost.now,
        "gross_profit": earned.gross.now,
        "other_income": earned.other_income.now,
        "total_expenses": earned.expenses.now,
        "net_profit": earned.net.now,
        "profit_margin_percent": percent(earned.net.now, earned.revenue.now) or ZERO,
        "order_count": int(earned.bills.now),
    }


@operation(router, "GET", "/sales-ledger", right=Can.SEE_BOOKS, answer=list[SaleOut], paged=True, problems={400})
def accounting_sales_ledger(request: HttpRequest, response: HttpResponse, asked: Query[Dates], part: Query[Paging]):
    """The bills that stand, newest first, with their tax and how their money stands."""
    bills = page_of(sales_book(request.auth.shop, *asked.checked()).defer("printed"), part, response, dear=True)
    return [
        {
            "date": bill.day,
            "order_number": bill.number,
            "invoice_number": bill.bill_number,
            "customer_id": bill.customer_id,
            "subtotal": bill.before_tax,
            "tax_amount": bill.tax,
            "round_off": bill.round_off,
            "total_amount": bill.total,
            "payment_status": bill.payment_status,
        }
        for bill in bills
    ]


@operation(router, "GET", "/account-balance/{code}", right=Can.SEE_BOOKS, answer=AccountBalanceOut, problems={404})
def accounting_account_balance(request: HttpRequest, code: Code, as_of_date: Day | None = None):
    """What an account held at the end of a day, together with the accounts below it."""
    shop, day = request.auth.shop, as_of_date or shop_today()
    found = account_of(shop, code)
    postings = shop.postings.filter(account_id__in=with_children(shop.accounts.all(), code), date__lte=day)
    sums = postings.aggregate(debit=Sum("debit", default=ZERO), credit=Sum("credit", default=ZERO))
    net = sums["debit"] - sums["credit"]
    return {
        "account_code": found.code,
        "account_name": found.name,
        "account_type": found.type,
        "debit_total": sums["debit"],
        "credit_total": sums["credit"],
        "balance": net if found.debit_normal else -net,
        "as_of_date": day,
    }


class MonthAsked(Shape):
    year: int = Field(ge=2000, le=2099, examples=[2026])
    month: int = Field(ge=1, le=12, examples=[11])


@operation(router, "GET", "/monthly-summary", right=Can.SEE_BOOKS, answer=MonthlySummaryOut)
def accounting_monthly_summary(request: HttpRequest, asked: Query[MonthAsked]):
    """A month of sales in a few figures."""
    found = month_of_sales(request.auth.shop, asked.year, asked.month)
    return {
        "month": asked.month,
        "year": asked.year,
        "total_revenue": found.revenue,
        "total_tax": found.tax,
        "order_count": found.bills,
        "unique_customers": found.customers,
        "avg_order_value": found.average,
    }


@operation(router, "GET", "/chart-of-accounts", right=Can.SEE_BOOKS, answer=list[AccountOut])
def accounting_chart(request: HttpRequest, account_type: Kind | None = None):
    """All accounts of the shop by code."""
    chart = selectors.chart_of(request.auth.shop)
    codes = {account.pk: account.code for account in chart}
    return [
        {
            "account_code": account.code,
            "account_name": account.name,
            "account_type": account.type,
            "description": account.description,
            "parent_code": codes.get(account.parent_id),
            "is_active": account.is_active,
        }
        for account in chart
        if account_type in (None, account.type)
    ]
