"""Reads of bank files: statements with their counts, lines, and what a page shows of a proposal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal, InvalidOperation

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from ledger.bank_models import BankFile, BankLine, BankMatch, BankStatement, Source
from ledger.bank_pool import WAYS, Found, payments_of, proposal
from orders.models import Payment
from orders.selectors import said_of_payments
from shops.models import Shop
from smartkirana.money import ZERO

SURE_SHOWN, DOUBTFUL_SHOWN, REST_SHOWN = 20, 20, 50
PENDING_SHOWN = 10
CANDIDATE_DAYS, CANDIDATES_SHOWN = 30, 20


def statements(shop: Shop) -> QuerySet[BankStatement]:
    """Files that were taken in, the last one first, with how many of their lines are matched and how many found no bill yet."""

    def count(*states: str) -> Coalesce:
        lines = BankLine.objects.filter(statement=OuterRef("pk"), state__in=states).order_by().values("statement")
        return Coalesce(Subquery(lines.annotate(n=Count("pk")).values("n")), Value(0))

    State = BankLine.State
    return shop.bank_statements.select_related("by").annotate(
        matched=count(State.MATCHED), aside=count(State.ASIDE), open=count(State.OPEN)
    )


def pending_files(shop: Shop) -> QuerySet[BankFile]:
    """Files that were brought in and not taken in yet, the newest first."""
    return shop.bank_files.select_related("by").defer("rows", "headings")[:PENDING_SHOWN]


@dataclass
class LineSums:
    """The lines of a statement by what became of them: (count, rupees paid); `charge` and `net` are of all of them."""

    matched: tuple[int, Decimal]
    open: tuple[int, Decimal]
    aside: tuple[int, Decimal]
    charge: Decimal
    net: Decimal


def line_sums(statement: BankStatement) -> LineSums:
    """One query."""
    states = BankLine.State.values
    sums = statement.lines.aggregate(
        charge=Sum("charge", default=ZERO),
        net=Sum("net", default=ZERO),
        **{f"{state}_n": Count("pk", filter=Q(state=state)) for state in states},
        **{f"{state}_sum": Sum("amount", filter=Q(state=state), default=ZERO) for state in states},
    )
    return LineSums(*((sums[f"{state}_n"], sums[f"{state}_sum"]) for state in ("matched", "open", "aside")), sums["charge"], sums["net"])


def lines_of(statement: BankStatement, *, q: str = "", state: str = "") -> QuerySet[BankLine]:
    """Lines of a statement in the order of the file, with the payment and bill they were found to be."""
    found = statement.lines.select_related("payment__order", "payment__customer").defer("payment__order__printed")
    if state:
        found = found.filter(state=state)
    if q.strip():
        found = found.filter(_matching(q.strip()))
    return found.order_by("row", "id")


def _matching(q: str) -> Q:
    found = Q(reference__icontains=q) | Q(text__icontains=q) | Q(payment__order__bill_number__iexact=q)
    try:
        amount = Decimal(q.replace(",", "").removeprefix("₹").strip()) if q.isascii() or q.startswith("₹") else None
    except InvalidOperation:
        return found
    if amount is not None and amount.is_finite() and abs(amount) < 10**10 and "_" not in q:
        found |= Q(amount=amount) | Q(net=amount)
    return found


# --- what is proposed ---------------------------------------------------------------------------------------------
@dataclass
class Proposed:
    """A proposal as the page shows it: rows of the first so many of each kind, and how many there are of all."""

    found: Found
    sure: list[tuple[BankLine, Payment, str]]
    doubtful: list[tuple[BankLine, list[Payment]]]
    lines: list[BankLine]
    claims: list[tuple[Payment, bool]]
    sure_sum: Decimal
    sure_charge: Decimal

    @property
    def pairs(self) -> str:
        """All sure pairs in one box of the form."""
        return " ".join(f"{pair.line}-{pair.claim}" for pair in self.found.sure)

    @property
    def more(self) -> dict[str, int]:
        """How many of each kind are not shown."""
        return {
            "sure": len(self.found.sure) - len(self.sure),
            "doubtful": len(self.found.doubtful) - len(self.doubtful),
            "lines": len(self.found.lines) - len(self.lines),
            "claims": len(self.found.claims) - len(self.claims),
        }


def proposed(statement: BankStatement) -> Proposed:
    """The proposal for a statement's open lines with what a page shows of it; the same number of queries whatever its size."""
    found = proposal(statement)
    sure, doubtful = found.sure[:SURE_SHOWN], dict(list(found.doubtful.items())[:DOUBTFUL_SHOWN])
    rest, waiting = found.lines[:REST_SHOWN], _oldest(found)[:REST_SHOWN]
    lines = {line.pk: line for line in statement.lines.filter(pk__in=[*(p.line for p in sure), *doubtful, *rest])}
    payments = shown_payments(statement.shop, [*(p.claim for p in sure), *(pk for near in doubtful.values() for pk in near), *waiting])
    amounts = statement.lines.filter(pk__in=[pair.line for pair in found.sure]).aggregate(
        paid=Sum("amount", default=ZERO), kept=Sum("charge", default=ZERO)
    )
    return Proposed(
        found,
        [(lines[p.line], payments[p.claim], str(p.why)) for p in sure],
        [(lines[line], [payments[pk] for pk in near]) for line, near in doubtful.items()],
        [lines[pk] for pk in rest],
        [(payments[pk], pk in found.old) for pk in waiting],
        amounts["paid"],
        amounts["kept"],
    )


def _oldest(found: Found) -> list[int]:
    return [*(pk for pk in found.claims if pk in found.old), *(pk for pk in found.claims if pk not in found.old)]


def shown_payments(shop: Shop, ids: Iterable[int]) -> dict[int, Payment]:
    """Payments by id, with bill, counter, customer and what was said of them; 2 queries."""
    rows = shop.payments.select_related("order", "customer", "counter").defer("order__printed").prefetch_related(said_of_payments())
    return {payment.pk: payment for payment in rows.filter(pk__in=list(ids))}


# --- one line -----------------------------------------------------------------------------------------------------
def line_with_id(shop: Shop, pk: int) -> BankLine | None:
    """A line with its statement, payment and bill, or None."""
    found = shop.bank_lines.select_related("statement", "payment__order", "payment__customer", "payment__counter")
    return found.defer("payment__order__printed").filter(pk=pk).first()


def said_of(line: BankLine) -> list[BankMatch]:
    """What was said of a line, oldest first, with the payments and who said it."""
    rows = line.matches.select_related("by", "payment__order", "payment__customer").defer("payment__order__printed")
    return list(rows.order_by("id"))


def candidates(line: BankLine) -> list[Payment]:
    """Payments that an open line may be by its amount and the month before it, the nearest first."""
    first, last = line.day - timedelta(days=CANDIDATE_DAYS), line.day + timedelta(days=1)
    ways = WAYS[Source(line.statement.source)]
    found = [p for p in payments_of(line.shop, first, last, amount=line.amount) if p.method in ways]
    near = sorted(found, key=lambda payment: abs((payment.at.date() - line.day).days))[:CANDIDATES_SHOWN]
    shown = shown_payments(line.shop, [payment.pk for payment in near])
    return [shown[payment.pk] for payment in near]
