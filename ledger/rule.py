"""What a rule over the books is: see `ledger/checks.py`."""

from __future__ import annotations

from typing import NamedTuple


class Rule(NamedTuple):
    """`name` for tests and scripts, `words` for people, `sql` for the rows that break it."""

    name: str
    words: str
    sql: str


# What a bill's entries moved, account by account.
BOOKED = """
    SELECT event.shop_id, event.order_id, event.kind, account.code, sum(posting.debit - posting.credit) AS net
      FROM orders_orderevent AS event
      JOIN ledger_journalentry AS entry
        ON entry.shop_id = event.shop_id AND entry.source_kind = 'order' AND entry.source_id = event.id
      JOIN ledger_posting AS posting ON posting.entry_id = entry.id
      JOIN ledger_account AS account ON account.id = posting.account_id
     WHERE event.shop_id = ANY(%(shops)s)
     GROUP BY event.shop_id, event.order_id, event.kind, account.code
"""
MONEY = "('1001', '1002', '1004', '1030', '1035', '2200', '6220')"
