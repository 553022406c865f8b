"""The seal of a closed day: SHA-256 over the seal before it and over every fact of the day's journal entries and postings.

The text that is hashed, one thing a line: the seal before; the Z number; the day; then for each journal entry by id a JSON list
[id, date, source kind, source id, reversed entry, narration, written at (UTC)], followed by a list for each of its postings by id:
[id, date, account code, customer, supplier, counter, debit, credit]. Dates and amounts are texts. PostgreSQL writes and hashes it;
`tests/ledger/test_seals.py` holds the same in Python. Change nothing here: a seal once given must come out again.
"""

from __future__ import annotations

from datetime import date

from django.db import connection


def seals(spans: str) -> str:
    """SQL for (shop_id, number, entries, seal) of each row of `spans`, SQL that gives (shop_id, number, after, day, previous)."""
    return f"""
    SELECT span.shop_id, span.number, facts.entries,
           encode(sha256(convert_to(concat_ws(E'\\n', span.previous, span.number, to_char(span.day, 'YYYY-MM-DD'), facts.body),
                                    'UTF8')), 'hex') AS seal
      FROM ({spans}) AS span
     CROSS JOIN LATERAL (
            SELECT count(*) AS entries,
                   string_agg(jsonb_build_array(entry.id, to_char(entry.date, 'YYYY-MM-DD'), entry.source_kind, entry.source_id,
                                  entry.reverses_id, entry.narration,
                                  to_char(entry.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text
                              || coalesce(E'\\n' || posted.body, ''), E'\\n' ORDER BY entry.id) AS body
              FROM ledger_journalentry AS entry
             CROSS JOIN LATERAL (
                    SELECT string_agg(jsonb_build_array(posting.id, to_char(posting.date, 'YYYY-MM-DD'), account.code, posting.customer_id,
                                          posting.supplier_id, posting.counter_id, posting.debit::text, posting.credit::text)::text,
                                      E'\\n' ORDER BY posting.id) AS body
                      FROM ledger_posting AS posting JOIN ledger_account AS account ON account.id = posting.account_id
                     WHERE posting.entry_id = entry.id) AS posted
             WHERE entry.shop_id = span.shop_id AND entry.date <= span.day AND (span.after IS NULL OR entry.date > span.after)) AS facts
    """  # noqa: S608 - our own SQL


def seal_of(*, shop_id: int, number: int, after: date | None, day: date, previous: str) -> tuple[int, str]:
    """(journal entries sealed, seal in hex) of the days later than `after` up to `day`; one query."""
    spans = "SELECT %s::bigint AS shop_id, %s::int AS number, %s::date AS after, %s::date AS day, %s::text AS previous"
    with connection.cursor() as cursor:
        cursor.execute(seals(spans), [shop_id, number, after, day, previous])
        _, _, entries, seal = cursor.fetchone()
    return entries, seal
