"""Writing an entry with its postings in one statement: the books are part of every bill, so their cost counts.

`tests/ledger/test_writer.py` holds the same thing written with the ORM, and compares row by row.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import connection

from ledger.chart import CASH
from ledger.posting_rules import Line

WRITE = """
WITH entry AS (
    INSERT INTO ledger_journalentry (shop_id, date, narration, source_kind, source_id, reverses_id, created_at)
    VALUES (%(shop)s, %(day)s, %(narration)s, %(source_kind)s, %(source_id)s, %(reverses)s, now())
    RETURNING id
), line AS (
    SELECT * FROM unnest(%(codes)s::text[], %(debits)s::numeric[], %(credits)s::numeric[], %(customers)s::bigint[], %(suppliers)s::bigint[])
        WITH ORDINALITY AS line (code, debit, credit, customer_id, supplier_id, n)
), posted AS (
    INSERT INTO ledger_posting (shop_id, entry_id, date, account_id, customer_id, supplier_id, counter_id, debit, credit)
    SELECT %(shop)s, entry.id, %(day)s, account.id, line.customer_id, line.supplier_id,
           CASE line.code WHEN %(cash)s THEN %(counter)s::bigint END, line.debit, line.credit
      FROM entry, line JOIN ledger_account AS account ON account.shop_id = %(shop)s AND account.code = line.code
     ORDER BY line.n
    RETURNING 1
)
SELECT entry.id, (SELECT count(*) FROM posted) FROM entry
"""


def insert_entry(
    *,
    shop_id: int,
    day: date,
    narration: str,
    source_kind: str,
    source_id: int,
    lines: Sequence[Line],
    reverses_id: int | None,
    counter_id: int | None,
) -> tuple[int, int]:
    """Insert one journal entry and a posting for each line whose account code the shop has; (entry id, postings written).

    counter_id  whose drawer the entry's cash went into or came out of
    """
    with connection.cursor() as cursor:
        cursor.execute(
            WRITE,
            {
                "shop": shop_id,
                "day": day,
                "narration": narration,
                "source_kind": str(source_kind),
                "source_id": source_id,
                "reverses": reverses_id,
                "counter": counter_id,
                "cash": CASH,
                "codes": [line.code for line in lines],
                "debits": [line.debit for line in lines],
                "credits": [line.credit for line in lines],
                "customers": [line.customer_id for line in lines],
                "suppliers": [line.supplier_id for line in lines],
            },
        )
        entry_id, written = cursor.fetchone()
        return entry_id, written
