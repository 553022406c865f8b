"""Journal entries as pairs of one debit and one credit, which a reader can follow line by line.

In each entry the debits are laid end to end in the order they were written, and so are the credits; where a debit and a credit
lie over each other is a pair. So the pairs of an entry add up to it on both sides, and the same entry always gives the same pairs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from ledger.models import Account, JournalEntry, Posting
from ledger.reports import tree
from shops.models import Shop

# A posting ends in one pair only, so the posting that ends in a pair gives it its number; where both end it is the debit.
PAIRS = """
WITH side AS (
    SELECT entry_id, id, account_id, debit > 0 AS is_debit, debit + credit AS amount,
           sum(debit + credit) OVER (PARTITION BY entry_id, debit > 0 ORDER BY id) AS upto
      FROM ledger_posting WHERE shop_id = %s AND entry_id IN ({entries})
)
SELECT CASE WHEN d.upto <= c.upto THEN d.id ELSE c.id END AS id, d.entry_id, d.account_id AS debit_id, c.account_id AS credit_id,
       least(d.upto, c.upto) - greatest(d.upto - d.amount, c.upto - c.amount) AS amount, least(d.upto, c.upto) AS upto
  FROM side AS d
  JOIN side AS c ON c.entry_id = d.entry_id AND NOT c.is_debit AND c.upto > d.upto - d.amount AND d.upto > c.upto - c.amount
 WHERE d.is_debit AND (%s::bigint[] IS NULL OR d.account_id = ANY(%s::bigint[]) OR c.account_id = ANY(%s::bigint[]))
"""
PAGE = """
SELECT pair.id, pair.debit_id, pair.credit_id, pair.amount, entry.date, entry.narration, entry.source_kind, entry.source_id
  FROM ({pairs}) AS pair JOIN ledger_journalentry AS entry ON entry.id = pair.entry_id
 ORDER BY entry.date DESC, entry.id DESC, pair.upto LIMIT %s OFFSET %s
"""
# Every debit or credit that ends somewhere ends a pair, and two that end at one place end the same one.
COUNT = """
SELECT count(*) FROM (
    SELECT DISTINCT entry_id, sum(debit + credit) OVER (PARTITION BY entry_id, debit > 0 ORDER BY id)
      FROM ledger_posting WHERE shop_id = %s AND entry_id IN ({entries})) AS ends
"""


class Pair(NamedTuple):
    """Rupees that went from the credit account to the debit account, and the fact behind it."""

    id: int
    debit: Account
    credit: Account
    amount: Decimal
    day: date
    narration: str
    kind: str
    source_id: int


@dataclass(frozen=True)
class Pairs:
    """The pairs of a shop's books, newest entry first; `accounts` keeps those that touch one of them. To be counted and sliced."""

    shop: Shop
    first: date | None = None
    last: date | None = None
    accounts: tuple[int, ...] | None = None

    def __len__(self) -> int:
        """One query."""
        if self.accounts is None:
            entries, asked = self._rows().values("pk").query.sql_with_params()
            sql, values = COUNT.format(entries=entries), [self.shop.pk, *asked]
        else:
            pairs, values = self._pairs(self._rows())
            sql = f"SELECT count(*) FROM ({pairs}) AS pair"  # noqa: S608 every value is a parameter
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchone()[0]

    def __getitem__(self, part: slice) -> list[Pair]:
        """Two queries. An entry has one pair at least, so the newest `stop` entries hold every pair that can be asked for."""
        rows = self._rows().order_by("-date", "-id")[: part.stop]
        pairs, values = self._pairs(rows)
        chart = {account.pk: account for account in self.shop.accounts.all()}
        with connection.cursor() as cursor:
            cursor.execute(PAGE.format(pairs=pairs), [*values, part.stop - part.start, part.start])
            return [Pair(row[0], chart[row[1]], chart[row[2]], *row[3:]) for row in cursor.fetchall()]

    def _rows(self) -> QuerySet[JournalEntry]:
        rows = self.shop.journal.order_by()
        if self.first:
            rows = rows.filter(date__gte=self.first)
        if self.last:
            rows = rows.filter(date__lte=self.last)
        if self.accounts is not None:
            rows = rows.filter(Exists(Posting.objects.filter(entry=OuterRef("pk"), account__in=self.accounts)))
        return rows

    def _pairs(self, rows: QuerySet[JournalEntry]) -> tuple[str, list[Any]]:
        sql, values = rows.values("pk").query.sql_with_params()
        wanted = None if self.accounts is None else list(self.accounts)
        return PAIRS.format(entries=sql), [self.shop.pk, *values, wanted, wanted, wanted]


def with_children(accounts: Iterable[Account], code: str) -> tuple[int, ...]:
    """Ids of the account `code` and of all below it; empty when there is none."""
    found: set[int] = set()
    for account, _, _ in tree(accounts):
        if account.code == code or account.parent_id in found:
            found.add(account.pk)
    return tuple(sorted(found))


def references(shop: Shop, pairs: Iterable[Pair]) -> dict[tuple[str, int], int]:
    """(kind, event) → the number of what the event speaks of: the bill, the stock paper, the payment. At most 3 queries."""
    asked: dict[str, set[int]] = {}
    for pair in pairs:
        asked.setdefault(pair.kind, set()).add(pair.source_id)
    Source = JournalEntry.Source
    speaks_of = (
        (Source.ORDER_EVENT, shop.order_events, "order_id"),
        (Source.STOCK_EVENT, shop.stock_events, "stock_document_id"),
        (Source.PAYMENT_EVENT, shop.payment_events, "payment_id"),
    )
    found = {}
    for kind, events, column in speaks_of:
        if ids := asked.get(kind):
            found |= {(str(kind), pk): of for pk, of in events.filter(pk__in=ids).values_list("pk", column)}
    return found
