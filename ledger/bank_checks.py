"""The rules over lines of bank files: what was said of them, the payments they are, and their charges. See `ledger/checks.py`."""

from __future__ import annotations

from ledger.rule import Rule

NAMED = "'line ' || line.row || ' of ' || statement.filename || ' (' || line.amount || ' on ' || line.day || ')'"
FROM = """ledger_bankline AS line
      JOIN ledger_bankstatement AS statement ON statement.id = line.statement_id
      JOIN shops_shop AS shop ON shop.id = line.shop_id"""

BANK_LINES = Rule(
    "bank_lines",
    "Every line of a bank file is what the last word on it says",
    f"""
    SELECT shop.slug, {NAMED} || ': ' || line.state || ', said last ' || coalesce(word.kind, 'nothing')
      FROM {FROM}
      LEFT JOIN LATERAL (SELECT kind, payment_id FROM ledger_bankmatch AS said WHERE said.line_id = line.id
                          ORDER BY id DESC LIMIT 1) AS word ON true
     WHERE line.shop_id = ANY(%(shops)s)
       AND (line.state, line.payment_id) IS DISTINCT FROM
           (CASE word.kind WHEN 'matched' THEN 'matched' WHEN 'aside' THEN 'aside' ELSE 'open' END,
            CASE word.kind WHEN 'matched' THEN word.payment_id END)
    """,  # noqa: S608 - constants of this file
)

BANK_MATCHES = Rule(
    "bank_matches",
    "Every matched line is one payment that was seen, and its charge is what the payment is more",
    f"""
    SELECT shop.slug, {NAMED} || ': '
           || CASE WHEN payment.state <> 'seen' THEN 'its payment is ' || payment.state
                   WHEN payment.reverses_id IS NOT NULL OR payment.method NOT IN ('upi', 'card', 'bank')
                   THEN 'its payment is ' || payment.method
                   ELSE 'payment ' || payment.amount || ', reached the bank ' || line.net || ', charge ' || word.charge END
      FROM {FROM}
      JOIN orders_payment AS payment ON payment.id = line.payment_id
      JOIN LATERAL (SELECT charge FROM ledger_bankmatch AS said WHERE said.line_id = line.id ORDER BY id DESC LIMIT 1) AS word ON true
     WHERE line.shop_id = ANY(%(shops)s)
       AND (payment.state <> 'seen' OR payment.reverses_id IS NOT NULL OR payment.method NOT IN ('upi', 'card', 'bank')
            OR payment.amount <> line.net + word.charge)
    """,  # noqa: S608
)

BANK_CHARGES = Rule(
    "bank_charges",
    "Every charge that a match says went from bank to 6100, and nothing else did",
    f"""
    WITH meant AS (
            SELECT said.id, head.code, head.net
              FROM ledger_bankmatch AS said,
                   LATERAL (SELECT CASE said.kind WHEN 'undone' THEN -said.charge ELSE said.charge END AS kept) AS one,
                   LATERAL (VALUES ('6100', one.kept), ('1002', -one.kept)) AS head (code, net)
             WHERE said.shop_id = ANY(%(shops)s) AND said.charge <> 0),
         booked AS (
            SELECT entry.source_id AS id, account.code, sum(posting.debit - posting.credit) AS net
              FROM ledger_journalentry AS entry
              JOIN ledger_posting AS posting ON posting.entry_id = entry.id
              JOIN ledger_account AS account ON account.id = posting.account_id
             WHERE entry.shop_id = ANY(%(shops)s) AND entry.source_kind = 'bank'
             GROUP BY entry.source_id, account.code)
    SELECT shop.slug, {NAMED} || ', account ' || coalesce(meant.code, booked.code) || ': charge ' || coalesce(meant.net, 0)
           || ', entry ' || coalesce(booked.net, 0)
      FROM meant FULL JOIN booked ON booked.id = meant.id AND booked.code = meant.code
      JOIN ledger_bankmatch AS said ON said.id = coalesce(meant.id, booked.id)
      JOIN ledger_bankline AS line ON line.id = said.line_id
      JOIN ledger_bankstatement AS statement ON statement.id = line.statement_id
      JOIN shops_shop AS shop ON shop.id = line.shop_id
     WHERE coalesce(meant.net, 0) <> coalesce(booked.net, 0)
    """,  # noqa: S608
)

BANK_RULES = (BANK_LINES, BANK_MATCHES, BANK_CHARGES)
