"""The rules over payments: where their money is, what events say of it, and what customers owe. See `ledger/checks.py`."""

from __future__ import annotations

from ledger.rule import BOOKED, MONEY, Rule


def place(state: str) -> str:
    """SQL for the account a payment's money is in, as `posting_rules.place` says it; `state` is an SQL expression.

    Needs the columns `method` and `customer_id`.
    """
    return f"""CASE WHEN method = 'cash' THEN '1001' WHEN method = 'khata' THEN '1004' WHEN method = 'credit' THEN '2200'
                    WHEN {state} = 'claimed' THEN CASE method WHEN 'upi' THEN '1030' WHEN 'card' THEN '1035' ELSE '1002' END
                    WHEN {state} = 'seen' THEN '1002' WHEN customer_id IS NULL THEN '6220' ELSE '1004' END"""


MONEY_BY_METHOD = Rule(
    "money_by_method",
    "Cash, bank, UPI, card and khata from bills are the payments of each kind, and go back from where they are",
    f"""
    WITH booked AS ({BOOKED}),
         paid AS (
            SELECT order_id, kind, {place("CASE kind WHEN 'placed' THEN 'claimed' ELSE state END")} AS code, sum(amount) AS amount
              FROM (SELECT payment.order_id, payment.method, payment.state, payment.amount,
                           coalesce(note.customer_id, bill.customer_id) AS customer_id,
                           CASE WHEN note.id IS NOT NULL THEN 'returned' WHEN payment.reverses_id IS NULL THEN 'placed'
                                ELSE 'cancelled' END AS kind
                      FROM orders_payment AS payment JOIN orders_order AS bill ON bill.id = payment.order_id
                      LEFT JOIN orders_creditnote AS note ON note.id = payment.credit_note_id
                     WHERE payment.shop_id = ANY(%(shops)s)) AS payment
             GROUP BY 1, 2, 3),
         there AS (SELECT * FROM booked WHERE code IN {MONEY})
    SELECT shop.slug, 'bill ' || bill.bill_number || ', account ' || coalesce(paid.code, there.code)
           || CASE coalesce(paid.kind, there.kind) WHEN 'cancelled' THEN ', cancelled' WHEN 'returned' THEN ', returned' ELSE '' END
           || ': payments ' || coalesce(paid.amount, 0) || ', entry ' || coalesce(there.net, 0)
      FROM paid FULL JOIN there ON there.order_id = paid.order_id AND there.kind = paid.kind AND there.code = paid.code
      JOIN orders_order AS bill ON bill.id = coalesce(paid.order_id, there.order_id)
      JOIN shops_shop AS shop ON shop.id = bill.shop_id
     WHERE coalesce(paid.amount, 0) <> coalesce(there.net, 0)
    """,  # noqa: S608
)

PAYMENT_STATES = Rule(
    "payment_states",
    "Every payment is claimed, seen or failed as its events say",
    """
    SELECT shop.slug, coalesce('bill ' || bill.bill_number, 'khata payment ' || payment.id) || ', ' || payment.method || ' '
           || payment.amount || ': ' || payment.state || ', its events say ' || coalesce(last_one.kind, 'claimed')
      FROM orders_payment AS payment
      LEFT JOIN orders_order AS bill ON bill.id = payment.order_id
      JOIN shops_shop AS shop ON shop.id = payment.shop_id
      LEFT JOIN LATERAL (SELECT kind FROM orders_paymentevent AS event WHERE event.payment_id = payment.id
                          ORDER BY event.id DESC LIMIT 1) AS last_one ON true
     WHERE payment.shop_id = ANY(%(shops)s) AND payment.reverses_id IS NULL AND payment.method IN ('upi', 'card', 'bank')
       AND payment.amount > 0 AND payment.state <> coalesce(last_one.kind, 'claimed')
    UNION ALL
    SELECT shop.slug, 'payment event ' || event.id || ': after ' || event.was || ', but the one before is ' || event.before
      FROM (SELECT *, lag(kind, 1, 'claimed') OVER (PARTITION BY payment_id ORDER BY id) AS before
              FROM orders_paymentevent WHERE shop_id = ANY(%(shops)s)) AS event
      JOIN shops_shop AS shop ON shop.id = event.shop_id
     WHERE event.was <> event.before
    """,
)

CLAIMS_ARE_POSTED = Rule(
    "claims_are_posted",
    "Every payment that was seen or failed has moved its money",
    f"""
    WITH said AS (
            SELECT event.id, event.shop_id, coalesce('bill ' || bill.bill_number, 'khata payment ' || payment.id) AS paid_for,
                   payment.method, payment.amount, coalesce(payment.customer_id, bill.customer_id) AS customer_id, event.was, event.kind
              FROM orders_paymentevent AS event
              JOIN orders_payment AS payment ON payment.id = event.payment_id
              LEFT JOIN orders_order AS bill ON bill.id = payment.order_id
             WHERE event.shop_id = ANY(%(shops)s)),
         went AS (SELECT id, amount, {place("was")} AS old, {place("kind")} AS new FROM said),
         meant AS (SELECT id, code, net FROM went, LATERAL (VALUES (new, amount), (old, -amount)) AS head (code, net) WHERE old <> new),
         booked AS (
            SELECT entry.source_id AS id, account.code, sum(posting.debit - posting.credit) AS net
              FROM ledger_journalentry AS entry
              JOIN ledger_posting AS posting ON posting.entry_id = entry.id
              JOIN ledger_account AS account ON account.id = posting.account_id
             WHERE entry.shop_id = ANY(%(shops)s) AND entry.source_kind = 'payment'
             GROUP BY entry.source_id, account.code)
    SELECT shop.slug, said.paid_for || ', ' || said.method || ' ' || said.kind || ', account '
           || coalesce(meant.code, booked.code) || ': payment ' || coalesce(meant.net, 0) || ', entry ' || coalesce(booked.net, 0)
      FROM meant FULL JOIN booked ON booked.id = meant.id AND booked.code = meant.code
      JOIN said ON said.id = coalesce(meant.id, booked.id)
      JOIN shops_shop AS shop ON shop.id = said.shop_id
     WHERE coalesce(meant.net, 0) <> coalesce(booked.net, 0)
    """,  # noqa: S608
)

CLEARING = Rule(
    "clearing",
    "UPI and card clearing hold the payments that are not yet seen",
    """
    SELECT shop.slug, 'account ' || clearing.code || ': ' || coalesce(booked.net, 0) || ', not yet seen ' || coalesce(claims.amount, 0)
      FROM shops_shop AS shop
     CROSS JOIN (VALUES ('1030', 'upi'), ('1035', 'card')) AS clearing (code, method)
      LEFT JOIN (SELECT posting.shop_id, account.code, sum(posting.debit - posting.credit) AS net
                   FROM ledger_posting AS posting JOIN ledger_account AS account ON account.id = posting.account_id
                  WHERE posting.shop_id = ANY(%(shops)s) AND account.code IN ('1030', '1035')
                  GROUP BY posting.shop_id, account.code) AS booked
        ON booked.shop_id = shop.id AND booked.code = clearing.code
      LEFT JOIN (SELECT shop_id, method, sum(amount) AS amount FROM orders_payment
                  WHERE shop_id = ANY(%(shops)s) AND state = 'claimed' GROUP BY shop_id, method) AS claims
        ON claims.shop_id = shop.id AND claims.method = clearing.method
     WHERE shop.id = ANY(%(shops)s) AND coalesce(booked.net, 0) <> coalesce(claims.amount, 0)
    """,
)
