"""What the operations on the books answer with."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from smartkirana.api.fields import Moment, Percent, Rupees
from smartkirana.api.shapes import Shape

Kind = Literal["asset", "liability", "equity", "income", "expense"]
SourceKind = Literal["order", "stock", "payment", "khata", "bank", "drawer"]


class PairOut(Shape):
    """One debit and one credit of the same amount. The pairs of an entry add up to it on both sides."""

    id: int
    entry_date: date
    description: str
    debit_account: str = Field(examples=["1001"])
    debit_account_name: str
    debit_amount: Rupees
    credit_account: str = Field(examples=["4010"])
    credit_account_name: str
    credit_amount: Rupees
    reference_type: SourceKind
    reference_id: int = Field(description="Of the bill, the stock paper or the payment; else of the fact that was booked.")


class ProfitLossOut(Shape):
    period_start: date
    period_end: date
    period_days: int
    total_revenue: Rupees = Field(description="Sales before GST, less returns.")
    total_cogs: Rupees = Field(description="What the sold goods cost.")
    gross_profit: Rupees
    other_income: Rupees
    total_expenses: Rupees
    net_profit: Rupees = Field(description="gross_profit + other_income − total_expenses")
    profit_margin_percent: Percent = Field(description="net_profit in percent of total_revenue.")
    order_count: int


class SaleOut(Shape):
    """A bill that stands. subtotal + tax_amount + round_off = total_amount."""

    date: date
    order_number: str
    invoice_number: str
    customer_id: int | None
    subtotal: Rupees = Field(description="After discount, before GST.")
    tax_amount: Rupees
    round_off: Rupees
    total_amount: Rupees
    payment_status: Literal["pending", "completed", "failed", "refunded"]


class AccountBalanceOut(Shape):
    """An account together with those below it."""

    account_code: str
    account_name: str
    account_type: Kind
    debit_total: Rupees
    credit_total: Rupees
    balance: Rupees = Field(description="On the account's own side: debits less credits for assets and expenses, else the other way.")
    as_of_date: date


class MonthlySummaryOut(Shape):
    month: int
    year: int
    total_revenue: Rupees = Field(description="Sales before GST, less returns.")
    total_tax: Rupees = Field(description="GST and cess on them.")
    order_count: int
    unique_customers: int
    avg_order_value: Rupees = Field(description="What a bill came to on average, GST in it.")


class AccountOut(Shape):
    account_code: str
    account_name: str
    account_type: Kind
    description: str
    parent_code: str | None = None
    is_active: bool


# --- beyond the six ---------------------------------------------------------------------------------------------
class BalanceRowOut(Shape):
    account_code: str
    account_name: str
    account_type: Kind
    depth: int = Field(description="0 for an account of its own, 1 for one below another.")
    debit: Rupees
    credit: Rupees
    together: Rupees = Field(description="Debits less credits of the account and all below it.")


class TrialBalanceOut(Shape):
    as_of_date: date
    rows: list[BalanceRowOut]
    debit_total: Rupees
    credit_total: Rupees
    agrees: bool


class AccountLineOut(Shape):
    id: int
    entry_id: int
    date: date
    description: str
    customer: str | None
    debit: Rupees
    credit: Rupees
    balance: Rupees = Field(description="Debits less credits after this line.")


class AccountLedgerOut(Shape):
    account_code: str
    account_name: str
    period_start: date
    period_end: date
    opening: Rupees
    debit_total: Rupees
    credit_total: Rupees
    closing: Rupees
    lines: list[AccountLineOut]


class PostingOut(Shape):
    account_code: str
    account_name: str
    customer: str | None
    debit: Rupees
    credit: Rupees


class JournalEntryOut(Shape):
    id: int
    date: date
    description: str
    reference_type: SourceKind
    reference_id: int
    reverses: int | None = Field(description="The entry that this one takes back.")
    bill_number: str | None
    created_at: Moment
    postings: list[PostingOut]


class ReportRowOut(Shape):
    account_code: str
    account_name: str
    amount: Rupees
    amount_before: Rupees


class ReportPartOut(Shape):
    total: Rupees
    total_before: Rupees
    rows: list[ReportRowOut]


class ProfitLossReportOut(Shape):
    """The whole report, beside the period of the same length before."""

    period_start: date
    period_end: date
    before_start: date
    before_end: date
    revenue: ReportPartOut
    cost_of_goods: ReportPartOut
    other_income: ReportPartOut
    expenses: ReportPartOut
    gross_profit: Rupees
    gross_profit_before: Rupees
    net_profit: Rupees
    net_profit_before: Rupees
    order_count: int
    order_count_before: int
