"""Reports made of sums: trial balance, profit and loss. Pure: accounts and sums in, rows out; rupees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from ledger import chart
from ledger.models import Account
from smartkirana.dates import Period
from smartkirana.money import ZERO

REVENUE = (chart.SALES, chart.SALES_RETURN)


def tree(accounts: Iterable[Account]) -> list[tuple[Account, int, Account]]:
    """(account, depth, its topmost parent), children under their parents, by code."""
    children: dict[int | None, list[Account]] = {}
    for account in sorted(accounts, key=lambda a: a.code):
        children.setdefault(account.parent_id, []).append(account)
    found: list[tuple[Account, int, Account]] = []

    def walk(parent: int | None, depth: int, top: Account | None) -> None:
        for account in children.get(parent, []):
            found.append((account, depth, top or account))
            walk(account.pk, depth + 1, top or account)

    walk(None, 0, None)
    return found


# --- trial balance --------------------------------------------------------------------------------------------
@dataclass
class BalanceRow:
    """One account: `net` is its own balance, debit minus credit; `together` is that with its children's."""

    account: Account
    depth: int
    net: Decimal
    together: Decimal = ZERO
    is_parent: bool = False

    @property
    def debit(self) -> Decimal:
        return max(self.net, ZERO)

    @property
    def credit(self) -> Decimal:
        return max(-self.net, ZERO)


@dataclass
class BalanceGroup:
    type: str
    label: str
    rows: list[BalanceRow]

    @property
    def debit(self) -> Decimal:
        return sum((row.debit for row in self.rows), ZERO)

    @property
    def credit(self) -> Decimal:
        return sum((row.credit for row in self.rows), ZERO)


@dataclass
class TrialBalance:
    groups: list[BalanceGroup]
    debit: Decimal
    credit: Decimal

    @property
    def agrees(self) -> bool:
        return self.debit == self.credit


GROUP_LABELS = {"asset": "Assets", "liability": "Liabilities", "equity": "Owner's capital", "income": "Income", "expense": "Expenses"}


def trial_balance(accounts: Iterable[Account], nets: Mapping[int, Decimal], *, empty: bool = False) -> TrialBalance:
    """Every balance on its side, grouped by kind; an account stands in its topmost parent's group.

    `empty` also lists accounts that hold nothing. The totals come from the balances themselves, not from the rows shown.
    """
    groups = {kind: BalanceGroup(kind, label, []) for kind, label in GROUP_LABELS.items()}
    placed = tree(accounts)
    rows = {account.pk: BalanceRow(account, depth, nets.get(account.pk, ZERO)) for account, depth, _ in placed}
    shown = set(rows) if empty else set()
    for row in rows.values():
        row.together += row.net
        above = row.account.parent_id
        if row.net:
            shown.add(row.account.pk)
        while above:
            rows[above].is_parent = True
            rows[above].together += row.net
            if row.net:
                shown.add(above)
            above = rows[above].account.parent_id
    for account, _, top in placed:
        if account.pk in shown:
            groups[top.type].rows.append(rows[account.pk])
    debit = sum((net for net in nets.values() if net > 0), ZERO)
    credit = -sum((net for net in nets.values() if net < 0), ZERO)
    return TrialBalance([g for g in groups.values() if g.rows], debit, credit)


# --- profit and loss ------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Figure:
    """Rupees in the period and in the one before."""

    now: Decimal = ZERO
    before: Decimal = ZERO

    def __add__(self, other: Figure) -> Figure:
        return Figure(self.now + other.now, self.before + other.before)

    def __sub__(self, other: Figure) -> Figure:
        return Figure(self.now - other.now, self.before - other.before)

    @property
    def change(self) -> Decimal | None:
        """Percent up (+) or down (−) against the period before; None when there was nothing to compare with."""
        return percent(self.now - self.before, abs(self.before))

    @property
    def nothing(self) -> bool:
        return not (self.now or self.before)


def percent(part: Decimal, whole: Decimal) -> Decimal | None:
    """`part` of `whole` in percent, 1 place; None of nothing."""
    return (part * 100 / whole).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP) if whole else None


@dataclass(frozen=True)
class ProfitRow:
    account: Account
    figure: Figure


@dataclass
class ProfitLoss:
    """The four blocks and what they come to. Income rows are credits minus debits, cost and expense rows debits minus credits."""

    span: Period
    before: Period
    revenue_rows: list[ProfitRow] = field(default_factory=list)
    cost_rows: list[ProfitRow] = field(default_factory=list)
    other_income_rows: list[ProfitRow] = field(default_factory=list)
    expense_rows: list[ProfitRow] = field(default_factory=list)
    bills: Figure = Figure()

    @property
    def revenue(self) -> Figure:
        """Sales before tax, less returns."""
        return _total(self.revenue_rows)

    @property
    def cost(self) -> Figure:
        return _total(self.cost_rows)

    @property
    def gross(self) -> Figure:
        return self.revenue - self.cost

    @property
    def other_income(self) -> Figure:
        return _total(self.other_income_rows)

    @property
    def expenses(self) -> Figure:
        return _total(self.expense_rows)

    @property
    def net(self) -> Figure:
        return self.gross + self.other_income - self.expenses

    @property
    def margin(self) -> Decimal | None:
        """Gross profit in percent of revenue."""
        return percent(self.gross.now, self.revenue.now)

    @property
    def margin_before(self) -> Decimal | None:
        return percent(self.gross.before, self.revenue.before)

    def table(self) -> Iterator[tuple[str, str, Decimal, Decimal]]:
        """(code, words, now, before) line by line, as the page shows them."""
        for rows, words, total in (
            (self.revenue_rows, "Revenue", self.revenue),
            (self.cost_rows, "Cost of goods sold", self.cost),
            ((), "Gross profit", self.gross),
            (self.other_income_rows, "Other income", self.other_income),
            (self.expense_rows, "Expenses", self.expenses),
            ((), "Net profit", self.net),
            ((), "Bills", self.bills),
        ):
            yield from ((row.account.code, row.account.name, row.figure.now, row.figure.before) for row in rows)
            yield ("", words, total.now, total.before)

    @property
    def is_empty(self) -> bool:
        return not (self.revenue_rows or self.cost_rows or self.other_income_rows or self.expense_rows)


def profit_loss(
    accounts: Sequence[Account], nets: Iterable[tuple[int, date, Decimal]], span: Period, before: Period, bills: Figure
) -> ProfitLoss:
    """Sort the daily nets of income and expense accounts into the report; accounts that did not move are left out."""
    now: dict[int, Decimal] = {}
    then: dict[int, Decimal] = {}
    for pk, day, net in nets:
        if span.start <= day <= span.end:
            now[pk] = now.get(pk, ZERO) + net
        elif before.start <= day <= before.end:
            then[pk] = then.get(pk, ZERO) + net
    report = ProfitLoss(span, before, bills=bills)
    for account, _, top in tree(accounts):
        figure = Figure(now.get(account.pk, ZERO), then.get(account.pk, ZERO))
        if figure.nothing or top.type not in (Account.Type.INCOME, Account.Type.EXPENSE):
            continue
        if top.type == Account.Type.INCOME:
            rows = report.revenue_rows if top.code in REVENUE else report.other_income_rows
            rows.append(ProfitRow(account, Figure() - figure))
        else:
            (report.cost_rows if top.code == chart.COST_OF_GOODS else report.expense_rows).append(ProfitRow(account, figure))
    return report


def _total(rows: Iterable[ProfitRow]) -> Figure:
    return sum((row.figure for row in rows), Figure())


def revenue_accounts(accounts: Sequence[Account]) -> set[int]:
    """Ids of the accounts that make up revenue: sales with their children, and returns."""
    return {account.pk for account, _, top in tree(accounts) if top.code in REVENUE}


def result_accounts(accounts: Sequence[Account]) -> list[Account]:
    """Accounts of income and expense: what profit and loss reads."""
    return [account for account, _, top in tree(accounts) if top.type in (Account.Type.INCOME, Account.Type.EXPENSE)]
