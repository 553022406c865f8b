"""The rules over khatas: what customers owe, the chain of entries, where each came from, and what met what. See `ledger/checks.py`."""

from __future__ import annotations

from ledger.rule import Rule
from orders.khata_models import code

NAMED = "coalesce(nullif(customer.name, ''), 'customer') || ' ' || customer.phone"
OWN_ACTS = "('opening', 'payment', 'discount', 'gave', 'written_off', 'reversal')"

KHATA = Rule(
    "khata",
    "Every customer owes what the postings and the khata's entries say",
    f"""
    SELECT shop.slug, {NAMED} || ': owes ' || customer.outstanding || ', postings ' || coalesce(booked.net, 0)
           || ', entries ' || coalesce(written.amount, 0)
      FROM orders_customer AS customer
      JOIN shops_shop AS shop ON shop.id = customer.shop_id
      LEFT JOIN (SELECT customer_id, sum(debit - credit) AS net FROM ledger_posting
                  WHERE shop_id = ANY(%(shops)s) AND customer_id IS NOT NULL GROUP BY customer_id) AS booked
        ON booked.customer_id = customer.id
      LEFT JOIN (SELECT customer_id, sum(amount) AS amount FROM orders_khataentry
                  WHERE shop_id = ANY(%(shops)s) GROUP BY customer_id) AS written
        ON written.customer_id = customer.id
     WHERE customer.shop_id = ANY(%(shops)s)
       AND (customer.outstanding <> coalesce(booked.net, 0) OR customer.outstanding <> coalesce(written.amount, 0))
    UNION ALL
    SELECT shop.slug, 'entry ' || posting.entry_id || ': account ' || account.code
           || CASE WHEN posting.customer_id IS NULL THEN ' without a customer' ELSE ' with a customer' END
      FROM ledger_posting AS posting
      JOIN ledger_account AS account ON account.id = posting.account_id
      JOIN shops_shop AS shop ON shop.id = posting.shop_id
     WHERE posting.shop_id = ANY(%(shops)s) AND (account.code = '1004') <> (posting.customer_id IS NOT NULL)
    """,  # noqa: S608 - constants of this file
)

KHATA_CHAIN = Rule(
    "khata_chain",
    "Every khata's entries run 1, 2, 3 …, each with the balance and the check code that its facts and the entry before give",
    f"""
    WITH entry AS (
            SELECT *, lag(number, 1, 0) OVER one_khata AS number_before, lag(balance, 1, 0) OVER one_khata AS balance_before,
                   lag(code, 1, '') OVER one_khata AS code_before
              FROM orders_khataentry WHERE shop_id = ANY(%(shops)s) WINDOW one_khata AS (PARTITION BY customer_id ORDER BY number))
    SELECT shop.slug, {NAMED} || ', khata entry ' || entry.number || ': '
           || CASE WHEN entry.number <> entry.number_before + 1 THEN entry.number - entry.number_before - 1 || ' missing before it'
                   WHEN entry.balance <> entry.balance_before + entry.amount THEN 'balance ' || entry.balance || ', should be '
                        || entry.balance_before + entry.amount
                   ELSE 'its check code does not fit: it was changed after it was written' END
      FROM entry
      JOIN orders_customer AS customer ON customer.id = entry.customer_id
      JOIN shops_shop AS shop ON shop.id = entry.shop_id
     WHERE entry.number <> entry.number_before + 1 OR entry.balance <> entry.balance_before + entry.amount
        OR entry.code <> {code("entry", "entry.code_before")}
    UNION ALL
    SELECT shop.slug, {NAMED} || ': the last khata entry is ' || coalesce(head.number, 0) || ', the customer says ' || customer.khata_number
      FROM orders_customer AS customer
      JOIN shops_shop AS shop ON shop.id = customer.shop_id
      LEFT JOIN LATERAL (SELECT number, balance, code FROM orders_khataentry AS entry
                          WHERE entry.customer_id = customer.id ORDER BY number DESC LIMIT 1) AS head ON true
     WHERE customer.shop_id = ANY(%(shops)s)
       AND (customer.khata_number, customer.khata_balance, customer.khata_code)
           IS DISTINCT FROM (coalesce(head.number, 0), coalesce(head.balance, 0), coalesce(head.code, ''))
    """,  # noqa: S608
)

KHATA_SOURCES = Rule(
    "khata_sources",
    "Every khata entry of a bill or a payment has its amount, and each of those has its entry",
    """
    WITH meant AS (
            SELECT bill.shop_id, 'sale' AS kind, bill.customer_id, bill.id AS order_id, NULL::bigint AS payment_id,
                   sum(payment.amount) AS amount
              FROM orders_payment AS payment JOIN orders_order AS bill ON bill.id = payment.order_id
             WHERE payment.shop_id = ANY(%(shops)s) AND payment.method = 'khata' AND payment.amount > 0
             GROUP BY bill.id
            UNION ALL
            SELECT bill.shop_id, 'cancelled', bill.customer_id, bill.id, NULL, sum(payment.amount)
              FROM orders_payment AS payment JOIN orders_order AS bill ON bill.id = payment.order_id
             WHERE payment.shop_id = ANY(%(shops)s) AND payment.reverses_id IS NOT NULL AND bill.customer_id IS NOT NULL
               AND (payment.method = 'khata' OR payment.state = 'failed')
             GROUP BY bill.id
            UNION ALL
            SELECT note.shop_id, 'returned', note.customer_id, note.order_id, payment.id, payment.amount
              FROM orders_payment AS payment JOIN orders_creditnote AS note ON note.id = payment.credit_note_id
             WHERE payment.shop_id = ANY(%(shops)s) AND payment.method = 'khata'
            UNION ALL
            SELECT payment.shop_id, CASE event.kind WHEN 'failed' THEN 'claim_failed' ELSE 'claim_came' END,
                   coalesce(payment.customer_id, bill.customer_id), bill.id, payment.id,
                   CASE event.kind WHEN 'failed' THEN payment.amount ELSE -payment.amount END
              FROM orders_paymentevent AS event
              JOIN orders_payment AS payment ON payment.id = event.payment_id
              LEFT JOIN orders_order AS bill ON bill.id = payment.order_id
             WHERE event.shop_id = ANY(%(shops)s) AND (event.kind = 'failed' OR event.was = 'failed')
               AND coalesce(payment.customer_id, bill.customer_id) IS NOT NULL
            UNION ALL
            SELECT shop_id, CASE WHEN reverses_id IS NOT NULL THEN 'reversal' WHEN amount > 0 THEN 'payment' ELSE 'gave' END,
                   customer_id, NULL, id, -amount
              FROM orders_payment WHERE shop_id = ANY(%(shops)s) AND customer_id IS NOT NULL),
         written AS (
            SELECT * FROM orders_khataentry WHERE shop_id = ANY(%(shops)s)
               AND (kind IN ('sale', 'cancelled', 'returned', 'claim_failed', 'claim_came', 'payment', 'gave')
                    OR kind = 'reversal' AND payment_id IS NOT NULL))
    SELECT shop.slug, coalesce(meant.kind, written.kind) || coalesce(' of bill ' || bill.bill_number, '')
           || coalesce(', khata entry ' || written.number, '') || ': should be ' || coalesce(meant.amount, 0)
           || ', written ' || coalesce(written.amount, 0)
      FROM meant FULL JOIN written
        ON written.customer_id = meant.customer_id AND written.kind = meant.kind
       AND coalesce(written.order_id, 0) = coalesce(meant.order_id, 0) AND coalesce(written.payment_id, 0) = coalesce(meant.payment_id, 0)
      JOIN shops_shop AS shop ON shop.id = coalesce(meant.shop_id, written.shop_id)
      LEFT JOIN orders_order AS bill ON bill.id = coalesce(meant.order_id, written.order_id)
     WHERE meant.amount IS DISTINCT FROM written.amount
    """,
)

KHATA_SETTLED = Rule(
    "khata_settled",
    "What is open of a khata entry is what no settlement has met, and no payment stands unused beside a debt",
    f"""
    SELECT shop.slug, {NAMED} || ', khata entry ' || entry.number || ': open ' || entry.open || ', settlements leave '
           || entry.amount - coalesce(owed.met, 0) + coalesce(paid.met, 0)
      FROM orders_khataentry AS entry
      JOIN orders_customer AS customer ON customer.id = entry.customer_id
      JOIN shops_shop AS shop ON shop.id = entry.shop_id
      LEFT JOIN (SELECT owed_id, sum(amount) AS met FROM orders_khatasettlement
                  WHERE shop_id = ANY(%(shops)s) GROUP BY owed_id) AS owed ON owed.owed_id = entry.id
      LEFT JOIN (SELECT paid_id, sum(amount) AS met FROM orders_khatasettlement
                  WHERE shop_id = ANY(%(shops)s) GROUP BY paid_id) AS paid ON paid.paid_id = entry.id
     WHERE entry.shop_id = ANY(%(shops)s) AND entry.open <> entry.amount - coalesce(owed.met, 0) + coalesce(paid.met, 0)
    UNION ALL
    SELECT shop.slug, {NAMED} || ': ' || sums.owed || ' open and ' || -sums.paid || ' paid ahead stand side by side'
      FROM (SELECT shop_id, customer_id, sum(open) FILTER (WHERE open > 0) AS owed, sum(open) FILTER (WHERE open < 0) AS paid
              FROM orders_khataentry WHERE shop_id = ANY(%(shops)s) AND open <> 0 GROUP BY shop_id, customer_id) AS sums
      JOIN orders_customer AS customer ON customer.id = sums.customer_id
      JOIN shops_shop AS shop ON shop.id = sums.shop_id
     WHERE sums.owed > 0 AND sums.paid < 0
    """,  # noqa: S608
)

KHATA_IS_POSTED = Rule(
    "khata_is_posted",
    "Every act of a khata itself has its journal entry, for that customer and amount",
    f"""
    SELECT shop.slug, {NAMED} || ', khata entry ' || entry.number || ' ' || entry.kind || ': ' || entry.amount || ', posted '
           || coalesce(booked.net, 0)
      FROM orders_khataentry AS entry
      JOIN orders_customer AS customer ON customer.id = entry.customer_id
      JOIN shops_shop AS shop ON shop.id = entry.shop_id
      LEFT JOIN (SELECT journal.source_id, posting.customer_id, sum(posting.debit - posting.credit) AS net
                   FROM ledger_journalentry AS journal JOIN ledger_posting AS posting ON posting.entry_id = journal.id
                  WHERE journal.shop_id = ANY(%(shops)s) AND journal.source_kind = 'khata' AND posting.customer_id IS NOT NULL
                  GROUP BY 1, 2) AS booked ON booked.source_id = entry.id AND booked.customer_id = entry.customer_id
     WHERE entry.shop_id = ANY(%(shops)s) AND entry.kind IN {OWN_ACTS} AND entry.amount <> coalesce(booked.net, 0)
    """,  # noqa: S608
)
